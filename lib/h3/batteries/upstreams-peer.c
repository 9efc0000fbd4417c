/* SPDX-License-Identifier: MIT */

#include "upstreams-private.h"

#include <h3/client/client-peer.h>
#include <h3/net/client-tls-context.h>

static gboolean
needs_tls (const H3Upstreams *upstreams)
{
    for (guint i = 0; i < upstreams->servers->len; i++) {
        if (upstreams_get (upstreams, i)->is_secure)
            return TRUE;
    }
    return FALSE;
}

/* Checks have connections of their own, and each a new one: a server that is busy with all that it
 * is given is not down, and one that takes no new connections is. */
static void
make_peers (Upstream *upstream, ClientTlsContext *tls)
{
    const H3Upstreams *upstreams = upstream->set;
    ClientPeerSettings settings = {
        .host = upstream->name,
        .port = upstream->port,
        .is_secure = upstream->is_secure,
        .unix_path = upstream->unix_path,
        .tls = upstream->is_secure ? tls : NULL,
        .max_connections = upstreams->max_connections,
        .idle_milliseconds = upstreams->idle_connections,
    };

    upstream->peer = client_peer_new (&settings);
    settings.max_connections = 1;
    settings.idle_milliseconds = 1;
    upstream->check_peer = client_peer_new (&settings);
}

gboolean
upstreams_make_peers (H3Upstreams *upstreams, GError **error)
{
    g_autoptr (H3ClientTls) settings = NULL;
    g_autoptr (ClientTlsContext) tls = NULL;

    if (needs_tls (upstreams)) {
        settings =
            upstreams->tls != NULL ? h3_client_tls_copy (upstreams->tls) : h3_client_tls_new ();
        tls = client_tls_context_new (settings, error);
        if (tls == NULL)
            return FALSE;
    }
    for (guint i = 0; i < upstreams->servers->len; i++)
        make_peers (upstreams_get (upstreams, i), tls);
    return TRUE;
}
