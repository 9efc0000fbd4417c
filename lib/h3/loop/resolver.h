/* SPDX-License-Identifier: MIT
 *
 * Where a host is, asked of the system off the loop, since that may take long. One is one question.
 * It belongs to the loop that asks; its thread only. */

#pragma once

#include <h3/loop/offload.h>

#include <netdb.h>

G_BEGIN_DECLS

typedef struct _Resolver Resolver;

/* Once, on the loop, unless it is cancelled: `addresses` are (transfer full), for freeaddrinfo ();
 * NULL: there are none, and `reason` (static) says why. The resolver is over. */
typedef void (*ResolverDone) (gpointer data, struct addrinfo *addresses, const char *reason);

/* (transfer none): until it is over, or cancelled. */
Resolver *resolver_start (Loop *loop, Offload *offload, const char *host, guint16 port,
                          ResolverDone done, gpointer data);
/* NULL is allowed. */
void resolver_cancel (Resolver *resolver);

/* At once: the addresses of a host that is one; NULL: it is a name. */
struct addrinfo *resolver_numeric (const char *host, guint16 port);

G_END_DECLS
