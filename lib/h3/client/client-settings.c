/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "client-settings.h"

#include "client-proxies.h"

#include <h3/format/url.h>

#include <pthread.h>
#include <stdlib.h>

#define USER_AGENT "h3-glib/" PACKAGE_VERSION

struct _ClientSettings {
    atomic_int references;
    ClientOptions options;  /* owned */
    ClientProxies *proxies; /* owned; NULL: straight */
    ClientCookies *cookies; /* owned; NULL: none are kept */
    GError *problem;        /* owned; NULL: they can be */
    pthread_mutex_t lock;
    ClientTlsContext *tls; /* ref; under the lock; NULL: not needed yet */
    ClientPeer *last; /* ref; under the lock; NULL: none. Most requests go where the last went */
};

void
client_options_init (ClientOptions *options)
{
    static const guint waits[N_CLIENT_WAITS] = { 10000, 30000, 30000, 0 };

    memset (options, 0, sizeof *options);
    options->user_agent = g_strdup (USER_AGENT);
    options->decode = TRUE;
    options->max_redirects = 10;
    options->max_body = 16 * 1024 * 1024;
    options->max_connections = CLIENT_PEER_MAX_CONNECTIONS;
    memcpy (options->waits, waits, sizeof waits);
}

void
client_options_clear (ClientOptions *options)
{
    g_clear_pointer (&options->tls, h3_client_tls_free);
    g_clear_pointer (&options->proxy, g_free);
    g_clear_pointer (&options->unix_path, g_free);
    g_clear_pointer (&options->user_agent, g_free);
}

static void
read_proxies (ClientSettings *settings)
{
    const char *proxy = settings->options.proxy;

    if (proxy == NULL)
        return;
    if (settings->options.unix_path != NULL)
        g_set_error (&settings->problem, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL,
                     "a client of a Unix socket cannot go through a proxy");
    else if (strcmp (proxy, "environment") == 0)
        settings->proxies = client_proxies_new_from_environment (g_getenv, &settings->problem);
    else
        settings->proxies = client_proxies_new (proxy, "the client", &settings->problem);
}

ClientSettings *
client_settings_new (ClientOptions *options)
{
    ClientSettings *settings = g_new0 (ClientSettings, 1);

    atomic_init (&settings->references, 1);
    pthread_mutex_init (&settings->lock, NULL);
    settings->options = *options;
    memset (options, 0, sizeof *options);
    if (settings->options.cookies)
        settings->cookies = client_cookies_new ();
    read_proxies (settings);
    return settings;
}

ClientSettings *
client_settings_ref (ClientSettings *settings)
{
    atomic_fetch_add_explicit (&settings->references, 1, memory_order_relaxed);
    return settings;
}

void
client_settings_unref (ClientSettings *settings)
{
    if (settings == NULL
        || atomic_fetch_sub_explicit (&settings->references, 1, memory_order_acq_rel) != 1)
        return;
    g_clear_pointer (&settings->last, client_peer_unref);
    g_clear_pointer (&settings->tls, client_tls_context_unref);
    pthread_mutex_destroy (&settings->lock);
    g_clear_error (&settings->problem);
    client_cookies_free (settings->cookies);
    client_proxies_free (settings->proxies);
    client_options_clear (&settings->options);
    g_free (settings);
}

const ClientOptions *
client_settings_get_options (const ClientSettings *settings)
{
    return &settings->options;
}

ClientCookies *
client_settings_get_cookies (const ClientSettings *settings)
{
    return settings->cookies;
}

/* (transfer full) (nullable) */
static ClientTlsContext *
make_tls (const ClientOptions *options, GError **error)
{
    g_autoptr (H3ClientTls) usual = options->tls == NULL ? h3_client_tls_new () : NULL;
    g_autoptr (GError) problem = NULL;
    ClientTlsContext *context =
        client_tls_context_new (usual != NULL ? usual : options->tls, &problem);

    if (context == NULL)
        g_set_error_literal (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TLS, problem->message);
    return context;
}

/* (transfer full) (nullable): one for all fetches, which is made when it is needed. */
static ClientTlsContext *
dup_tls (ClientSettings *settings, GError **error)
{
    ClientTlsContext *context = NULL;

    pthread_mutex_lock (&settings->lock);
    if (settings->tls == NULL)
        settings->tls = make_tls (&settings->options, error);
    if (settings->tls != NULL)
        context = client_tls_context_ref (settings->tls);
    pthread_mutex_unlock (&settings->lock);
    return context;
}

static gboolean
is_for (const ClientPeer *peer, GUri *url)
{
    const ClientPeerSettings *settings = client_peer_get_settings (peer);

    return settings->port == h3_url_get_port (url)
           && settings->is_secure == (strcmp (g_uri_get_scheme (url), "https") == 0)
           && g_ascii_strcasecmp (settings->host, g_uri_get_host (url)) == 0;
}

/* (transfer full) (nullable): the last, where it is for this URL. */
static ClientPeer *
dup_last (ClientSettings *settings, GUri *url)
{
    ClientPeer *peer = NULL;

    pthread_mutex_lock (&settings->lock);
    if (settings->last != NULL && is_for (settings->last, url))
        peer = client_peer_ref (settings->last);
    pthread_mutex_unlock (&settings->lock);
    return peer;
}

static void
keep_last (ClientSettings *settings, ClientPeer *peer)
{
    pthread_mutex_lock (&settings->lock);
    g_clear_pointer (&settings->last, client_peer_unref);
    settings->last = client_peer_ref (peer);
    pthread_mutex_unlock (&settings->lock);
}

/* (transfer full) (nullable) */
static ClientPeer *
make_peer (ClientSettings *settings, GUri *url, GError **error)
{
    const ClientProxy *proxy = client_proxies_find (settings->proxies, url);
    ClientPeerSettings peer = { 0 };
    ClientPeer *made;

    peer.host = g_uri_get_host (url);
    peer.port = h3_url_get_port (url);
    peer.is_secure = strcmp (g_uri_get_scheme (url), "https") == 0;
    peer.unix_path = settings->options.unix_path;
    peer.max_connections = settings->options.max_connections;
    if (proxy != NULL) {
        peer.proxy_host = proxy->host;
        peer.proxy_port = proxy->port;
        peer.proxy_authorization = proxy->authorization;
    }
    if (peer.is_secure) {
        peer.tls = dup_tls (settings, error);
        if (peer.tls == NULL)
            return NULL;
    }
    made = client_peer_new (&peer);
    g_clear_pointer (&peer.tls, client_tls_context_unref);
    return made;
}

ClientPeer *
client_settings_make_peer (ClientSettings *settings, GUri *url, GError **error)
{
    ClientPeer *peer = dup_last (settings, url);

    if (peer != NULL)
        return peer;
    if (settings->problem != NULL) {
        g_propagate_error (error, g_error_copy (settings->problem));
        return NULL;
    }
    peer = make_peer (settings, url, error);
    if (peer != NULL)
        keep_last (settings, peer);
    return peer;
}
