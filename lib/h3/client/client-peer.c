/* SPDX-License-Identifier: MIT */

#include "client-peer.h"

#include <h3/net/client-tls-context.h>

#include <stdarg.h>
#include <stdatomic.h>

struct _ClientPeer {
    atomic_uint references;
    guint hash;                  /* of the key */
    ClientPeerSettings settings; /* its texts owned, its tls a ref */
    char *key;                   /* owned: all that tells it from others */
    char *name;                  /* owned */
};

/* Whatever is in a text, two different ones are never told alike. */
static void
add_text (GString *key, const char *text)
{
    if (text == NULL)
        g_string_append_c (key, '-');
    else
        g_string_append_printf (key, "%zu:%s", strlen (text), text);
}

static char *
make_key (const ClientPeerSettings *settings)
{
    GString *key = g_string_new (NULL);

    add_text (key, settings->host);
    g_string_append_printf (key, "%u %d ", settings->port, settings->is_secure);
    add_text (key, settings->unix_path);
    add_text (key, settings->proxy_host);
    add_text (key, settings->proxy_authorization);
    g_string_append_printf (key, "%u %p %u %" G_GINT64_FORMAT, settings->proxy_port,
                            (gpointer) settings->tls, settings->max_connections,
                            settings->idle_milliseconds);
    return g_string_free (key, FALSE);
}

static char *
make_name (const ClientPeerSettings *settings)
{
    gboolean is_address = strchr (settings->host, ':') != NULL;
    const char *scheme = settings->is_secure ? "https" : "http";

    if (settings->unix_path != NULL)
        return g_strdup_printf ("%s://%s at unix:%s", scheme, settings->host, settings->unix_path);
    return g_strdup_printf (is_address ? "%s://[%s]:%u" : "%s://%s:%u", scheme, settings->host,
                            settings->port);
}

/* Names are the same in any case, and addresses may be written with letters. */
static void
copy_settings (ClientPeerSettings *to, const ClientPeerSettings *from)
{
    *to = *from;
    to->host = g_ascii_strdown (from->host, -1);
    to->unix_path = g_strdup (from->unix_path);
    to->proxy_host = from->proxy_host != NULL && from->unix_path == NULL
                         ? g_ascii_strdown (from->proxy_host, -1)
                         : NULL;
    to->proxy_port = to->proxy_host != NULL ? from->proxy_port : 0;
    to->proxy_authorization = to->proxy_host != NULL ? g_strdup (from->proxy_authorization) : NULL;
    to->tls = from->is_secure ? client_tls_context_ref (from->tls) : NULL;
    if (to->max_connections == 0)
        to->max_connections = CLIENT_PEER_MAX_CONNECTIONS;
    if (to->idle_milliseconds == 0)
        to->idle_milliseconds = CLIENT_PEER_IDLE_MILLISECONDS;
}

ClientPeer *
client_peer_new (const ClientPeerSettings *settings)
{
    ClientPeer *peer;

    g_return_val_if_fail (settings->host != NULL, NULL);
    g_return_val_if_fail (settings->tls != NULL || !settings->is_secure, NULL);

    peer = g_new0 (ClientPeer, 1);
    atomic_init (&peer->references, 1);
    copy_settings (&peer->settings, settings);
    peer->key = make_key (&peer->settings);
    peer->hash = h3_string_hash (peer->key);
    peer->name = make_name (&peer->settings);
    return peer;
}

ClientPeer *
client_peer_ref (ClientPeer *peer)
{
    atomic_fetch_add_explicit (&peer->references, 1, memory_order_relaxed);
    return peer;
}

void
client_peer_unref (ClientPeer *peer)
{
    ClientPeerSettings *settings;

    if (peer == NULL || atomic_fetch_sub_explicit (&peer->references, 1, memory_order_acq_rel) != 1)
        return;
    settings = &peer->settings;
    g_free ((char *) settings->host);
    g_free ((char *) settings->unix_path);
    g_free ((char *) settings->proxy_host);
    g_free ((char *) settings->proxy_authorization);
    client_tls_context_unref (settings->tls);
    g_free (peer->key);
    g_free (peer->name);
    g_free (peer);
}

const ClientPeerSettings *
client_peer_get_settings (const ClientPeer *peer)
{
    return &peer->settings;
}

const char *
client_peer_get_name (const ClientPeer *peer)
{
    return peer->name;
}

gboolean
client_peer_wants_whole_url (const ClientPeer *peer)
{
    return peer->settings.proxy_host != NULL && !peer->settings.is_secure;
}

guint
client_peer_hash (gconstpointer peer)
{
    return ((const ClientPeer *) peer)->hash;
}

gboolean
client_peer_equal (gconstpointer a, gconstpointer b)
{
    const ClientPeer *one = a, *other = b;

    return one == other || (one->hash == other->hash && strcmp (one->key, other->key) == 0);
}

GError *
client_peer_error (const ClientPeer *peer, H3ClientError code, const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list arguments;

    va_start (arguments, format);
    what = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    return g_error_new (H3_CLIENT_ERROR, (int) code, "%s: %s", peer->name, what);
}
