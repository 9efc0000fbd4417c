/* SPDX-License-Identifier: MIT
 *
 * Where a Redis server is, asked of the system off the loop, since that may take long. Belongs to
 * the loop that asks; its thread only. */

#pragma once

#include <h3/loop/offload.h>

#include <netdb.h>

G_BEGIN_DECLS

typedef struct _RedisLookup RedisLookup;

/* Once, on the loop, unless it is cancelled: `addresses` are (transfer full), for freeaddrinfo ();
 * NULL: there are none, and `result` is the reason, for gai_strerror (). The lookup is over. */
typedef void (*RedisLookedUp) (gpointer data, struct addrinfo *addresses, int result);

/* (transfer none): until it is over, or cancelled. */
RedisLookup *redis_lookup_start (Loop *loop, Offload *offload, const char *host, guint16 port,
                                 RedisLookedUp looked_up, gpointer data);
/* NULL is allowed. */
void redis_lookup_cancel (RedisLookup *lookup);

/* At once: the addresses of a host that is one; NULL: it is a name. */
struct addrinfo *redis_lookup_numeric (const char *host, guint16 port);

G_END_DECLS
