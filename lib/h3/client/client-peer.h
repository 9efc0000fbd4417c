/* SPDX-License-Identifier: MIT
 *
 * Where connections of a client lead, and how: whose connections may be shared follows from it.
 * Never changed once made; reference-counted; any thread. */

#pragma once

#include <h3/base/error.h>
#include <h3/base/view.h>

G_BEGIN_DECLS

typedef struct _ClientPeer ClientPeer;
typedef struct _ClientTlsContext ClientTlsContext;

#define CLIENT_PEER_MAX_CONNECTIONS   64
#define CLIENT_PEER_IDLE_MILLISECONDS 30000 /* below the 60 s that servers usually wait */

typedef struct {
    const char *host; /* a name, or an address without brackets */
    guint16 port;
    gboolean is_secure;
    /* (nullable): the socket to connect to; '@' first: an abstract one. `host` is then what TLS and
     * the request see, and there is no proxy. */
    const char *unix_path;
    /* (nullable): an HTTP proxy: told whole URLs for http, asked for a tunnel for https. */
    const char *proxy_host;
    guint16 proxy_port;
    /* (nullable): "Basic …", said to nobody but the proxy. */
    const char *proxy_authorization;
    ClientTlsContext *tls;    /* (nullable): needed where is_secure */
    guint max_connections;    /* of each loop; others wait in line. 0: the default */
    gint64 idle_milliseconds; /* kept so long; 0: the default */
} ClientPeerSettings;

/* (transfer full): copies all, and takes a reference to settings->tls. */
ClientPeer *client_peer_new (const ClientPeerSettings *settings);
ClientPeer *client_peer_ref (ClientPeer *peer);
void client_peer_unref (ClientPeer *peer);

/* Borrowed, as all that it points to. */
const ClientPeerSettings *client_peer_get_settings (const ClientPeer *peer);
/* "https://example.com:443", for people: no secrets. */
const char *client_peer_get_name (const ClientPeer *peer);
/* Whether requests tell it whole URLs: http through a proxy. */
gboolean client_peer_wants_whole_url (const ClientPeer *peer);

/* GHashFunc and GEqualFunc: peers are equal that were made with the same settings, the same TLS
 * context among them. They share connections. */
guint client_peer_hash (gconstpointer peer);
gboolean client_peer_equal (gconstpointer a, gconstpointer b);

/* (transfer full): an H3_CLIENT_ERROR whose message begins with the peer's name. */
GError *client_peer_error (const ClientPeer *peer, H3ClientError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientPeer, client_peer_unref)

G_END_DECLS
