/* SPDX-License-Identifier: MIT
 *
 * Who is at the other end of a transport where somebody stands between. The loop's thread only. */

#pragma once

#include <h3/net/transport.h>

G_BEGIN_DECLS

typedef struct {
    H3SocketAddress address;
    gboolean is_secure; /* came by TLS to whoever stands between */
} TransportPeer;

/* Told from now on (transport_get_peer ()) instead of the socket's own peer. */
void transport_set_peer (Transport *transport, const TransportPeer *peer);

/* FALSE where nobody stands between. */
gboolean transport_is_secure (const Transport *transport);

G_END_DECLS
