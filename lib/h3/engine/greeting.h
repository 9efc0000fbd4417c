/* SPDX-License-Identifier: MIT
 *
 * Those that are no connections yet: proxies that have not said who their client is (the PROXY
 * protocol), and clients whose TLS handshake is not done. They become connections then, or are
 * closed. Owned by a worker; its thread only, but for greeting_admit (). */

#pragma once

#include <h3/engine/connection-bound.h>
#include <h3/engine/connection.h>
#include <h3/http/forwarded.h>
#include <h3/net/tls.h>

G_BEGIN_DECLS

typedef struct _Greetings Greetings;

/* What a client's bytes come in, or behind; none: a plain connection. */
typedef enum {
    GREETING_PROXY = 1 << 0, /* first a header of the PROXY protocol */
    GREETING_TLS = 1 << 1,   /* then TLS */
} GreetingWays;

/* Whether the peer of `fd` is one of the proxies. Of whoever is not, no header is believed, and
 * without one nobody is served here: it is closed. Any thread. */
gboolean greeting_admit (const H3TrustedProxies *proxies, int fd);

/* Borrows all; made where the context is. `tls` (nullable): nobody speaks it. */
Greetings *greetings_new (ConnectionContext *context, ConnectionBound *bound, Tls *tls,
                          Deadlines *deadlines);
/* None is left. NULL is allowed. */
void greetings_free (Greetings *greetings);

/* Takes `fd` over, which the bound counts already, by the address of `peer`: of a proxy by none,
 * that of its client is counted when it is known. FALSE where the system refuses; the descriptor is
 * closed then. */
gboolean greetings_accept (Greetings *greetings, int fd, GreetingWays ways,
                           const H3SocketAddress *peer);
/* Closes the one that is silent longest, if it is so for a while. */
gboolean greetings_make_room (Greetings *greetings);
/* Closes all. */
void greetings_end (Greetings *greetings);

G_END_DECLS
