/* SPDX-License-Identifier: MIT
 *
 * Requests handed on to other servers, those of --proxy; without it, to this one itself, where the
 * path begins behind /proxy. */

#include "demo.h"

#include "demo-route.h"

#include <pthread.h>
#include <string.h>

typedef struct {
    H3App *app;             /* borrowed: it has the route that has this */
    H3Proxy *proxy;         /* ref */
    H3Upstreams *upstreams; /* borrowed: the proxy's */
    pthread_mutex_t lock;   /* of `is_ready` */
    gboolean is_ready;      /* there is a server to hand on to */
} Handing;

static Handing *handing; /* borrowed: the route's; for the option */

static void
free_handing (gpointer data)
{
    Handing *old = data;

    h3_proxy_unref (old->proxy);
    (void) pthread_mutex_destroy (&old->lock);
    g_free (old);
    handing = NULL;
}

/* (transfer full): an address as it was bound, as a URL for who is on the same machine. */
static char *
dup_url (const char *address, gboolean is_secure)
{
    static const char *const any[][2] = { { "0.0.0.0:", "127.0.0.1:" }, { "[::]:", "[::1]:" } };

    if (g_str_has_prefix (address, "unix:"))
        return g_strconcat ("http+", address, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (any); i++) {
        if (g_str_has_prefix (address, any[i][0]))
            return g_strconcat (is_secure ? "https://" : "http://", any[i][1],
                                address + strlen (any[i][0]), NULL);
    }
    return g_strconcat (is_secure ? "https://" : "http://", address, NULL);
}

/* Nobody named another: what comes goes to this server. */
static gboolean
add_itself (const Handing *to, GError **error)
{
    H3Server *server = h3_app_get_server (to->app);
    g_auto (GStrv) addresses = h3_server_dup_addresses (server);
    gboolean is_secure = h3_server_is_address_secure (server, 0);
    g_autofree char *url = addresses[0] != NULL ? dup_url (addresses[0], is_secure) : g_strdup ("");
    g_autoptr (H3ClientTls) tls = h3_client_tls_new ();

    /* Its certificate need not be for an address. */
    h3_client_tls_set_unverified (tls, TRUE);
    h3_upstreams_set_tls (to->upstreams, tls);
    h3_proxy_set_keep_host (to->proxy, TRUE);
    return h3_upstreams_add (to->upstreams, url, 1, error);
}

static void
hand_on (H3Event *event, gpointer user_data)
{
    Handing *to = user_data;
    GError *error = NULL;

    (void) pthread_mutex_lock (&to->lock);
    if (!to->is_ready)
        to->is_ready = h3_upstreams_count (to->upstreams) > 0 || add_itself (to, &error);
    (void) pthread_mutex_unlock (&to->lock);
    if (error != NULL)
        h3_event_fail (event, error);
    else
        h3_proxy_handle (event, to->proxy);
}

gboolean
demo_take_proxy (const char *name, const char *value, gpointer data, GError **error)
{
    return h3_upstreams_add (handing->upstreams, value, 1, error);
}

void
demo_add_proxy (H3App *app)
{
    Handing *to = g_new0 (Handing, 1);
    H3Route *route;

    to->app = app;
    to->upstreams = h3_upstreams_new ();
    to->proxy = h3_proxy_new (to->upstreams);
    h3_upstreams_unref (to->upstreams);
    (void) pthread_mutex_init (&to->lock, NULL);
    (void) h3_proxy_set_paths (to->proxy, "/proxy", "/", NULL);
    handing = to;
    route = h3_app_route (app, "*", "/proxy/**", hand_on, to, free_handing);
    h3_route_set_body (route, H3_BODY_STREAMED, G_MAXSIZE);
    h3_route_set_data_full (
        route, "what", (gpointer) "What the servers of --proxy answer, or this one itself", NULL);
}
