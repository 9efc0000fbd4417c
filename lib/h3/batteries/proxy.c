/* SPDX-License-Identifier: MIT
 *
 * What a proxy is set up with, and which requests it hands on. */

#include "proxy.h"

#include <h3/batteries/proxy-names.h>
#include <h3/batteries/proxy-private.h>
#include <h3/format/path.h>
#include <h3/format/url.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>
#include <h3/http/trace-context-inside.h>
#include <h3/route/chain-inside.h>

#define WEBSOCKET_IDLE (60 * 60 * 1000)

/* The path of its URL is what is asked for below. */
static gboolean
add_url (H3Proxy *proxy, const char *url, GError **error)
{
    g_autoptr (GUri) parsed = NULL;
    g_autoptr (GUri) root = NULL;
    g_autofree char *text = NULL;

    if (!g_str_has_prefix (url, "http://") && !g_str_has_prefix (url, "https://"))
        return h3_upstreams_add (proxy->upstreams, url, 1, error);
    parsed = h3_url_parse (url, H3_URL_NONE, NULL);
    if (parsed == NULL || g_uri_get_query (parsed) != NULL || g_uri_get_fragment (parsed) != NULL)
        return h3_upstreams_add (proxy->upstreams, url, 1, error);
    root = h3_url_build (g_uri_get_scheme (parsed), g_uri_get_host (parsed),
                         g_uri_get_port (parsed), "/", NULL, error);
    if (root == NULL)
        return FALSE;
    text = g_uri_to_string (root);
    return h3_upstreams_add (proxy->upstreams, text, 1, error)
           && h3_proxy_set_paths (proxy, "/", g_uri_get_path (parsed), error);
}

H3Proxy *
h3_proxy_new (H3Upstreams *upstreams)
{
    H3Proxy *proxy;

    g_return_val_if_fail (upstreams != NULL, NULL);
    proxy = g_new0 (H3Proxy, 1);
    g_atomic_ref_count_init (&proxy->references);
    proxy->upstreams = h3_upstreams_ref (upstreams);
    /* No secret: it only has to be another than that of others. */
    proxy->name = g_strdup_printf ("h3-%08x%08x", g_random_int (), g_random_int ());
    proxy->from = g_strdup ("");
    proxy->to = g_strdup ("");
    proxy->set = h3_headers_new ();
    proxy->removed = h3_headers_new ();
    proxy->max_body = G_MAXUINT64;
    proxy->websocket_idle = WEBSOCKET_IDLE;
    proxy->rewrite = TRUE;
    (void) pthread_mutex_init (&proxy->lock, NULL);
    return proxy;
}

H3Proxy *
h3_proxy_new_for_url (const char *url, GError **error)
{
    g_autoptr (H3Upstreams) upstreams = NULL;
    g_autoptr (H3Proxy) proxy = NULL;

    g_return_val_if_fail (url != NULL, NULL);
    upstreams = h3_upstreams_new ();
    proxy = h3_proxy_new (upstreams);
    return add_url (proxy, url, error) ? g_steal_pointer (&proxy) : NULL;
}

H3Proxy *
h3_proxy_ref (H3Proxy *proxy)
{
    g_return_val_if_fail (proxy != NULL, NULL);
    g_atomic_ref_count_inc (&proxy->references);
    return proxy;
}

void
h3_proxy_unref (H3Proxy *proxy)
{
    if (proxy == NULL || !g_atomic_ref_count_dec (&proxy->references))
        return;
    (void) pthread_mutex_destroy (&proxy->lock);
    h3_headers_unref (proxy->set);
    h3_headers_unref (proxy->removed);
    h3_upstreams_unref (proxy->upstreams);
    g_free (proxy->name);
    g_free (proxy->from);
    g_free (proxy->to);
    g_free (proxy);
}

H3Upstreams *
h3_proxy_get_upstreams (const H3Proxy *proxy)
{
    g_return_val_if_fail (proxy != NULL, NULL);
    return proxy->upstreams;
}

static gboolean
can_change (const H3Proxy *proxy)
{
    return proxy != NULL && !atomic_load (&((H3Proxy *) proxy)->is_frozen);
}

/* (transfer full): without the slashes at its end. */
static char *
dup_trimmed (const char *path)
{
    gsize length = strlen (path);

    while (length > 0 && path[length - 1] == '/')
        length--;
    return g_strndup (path, length);
}

/* Escaped as it must be, and without dot segments, which a server would resolve away. */
static gboolean
is_escaped_path (const char *path)
{
    g_autofree char *canonical = h3_path_canonicalize_string (path);
    g_autoptr (GString) target = g_string_new (NULL);
    const ProxyPaths same = { H3_VIEW_EMPTY, H3_VIEW_EMPTY };

    return canonical != NULL && proxy_target_is_sound (h3_view_of (canonical))
           && proxy_target_write (&same, h3_view_of (canonical), (H3View){ NULL, 0 }, target)
           && strcmp (target->str, path) == 0;
}

static gboolean
is_canonical_path (const char *path)
{
    g_autofree char *escaped = NULL;
    g_autoptr (GString) target = g_string_new (NULL);
    const ProxyPaths same = { H3_VIEW_EMPTY, H3_VIEW_EMPTY };

    if (*path != '/' || !proxy_target_is_sound (h3_view_of (path)))
        return FALSE;
    (void) proxy_target_write (&same, h3_view_of (path), (H3View){ NULL, 0 }, target);
    escaped = h3_path_canonicalize_string (target->str);
    return escaped != NULL && strcmp (escaped, path) == 0;
}

gboolean
h3_proxy_set_paths (H3Proxy *proxy, const char *from, const char *to, GError **error)
{
    const char *wrong = NULL;

    g_return_val_if_fail (can_change (proxy) && from != NULL && to != NULL, FALSE);
    if (!is_canonical_path (from))
        wrong = from;
    else if (!is_escaped_path (to))
        wrong = to;
    if (wrong != NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "\"%s\" is no path a proxy can hand on: it begins with a slash, and has no "
                     "dot segments nor escapes it does not need",
                     wrong);
        return FALSE;
    }
    g_free (proxy->from);
    g_free (proxy->to);
    proxy->from = dup_trimmed (from);
    proxy->to = dup_trimmed (to);
    return TRUE;
}

gboolean
h3_proxy_set_name (H3Proxy *proxy, const char *name)
{
    g_return_val_if_fail (can_change (proxy) && name != NULL, FALSE);
    if (!h3_headers_is_name (h3_view_of (name)))
        return FALSE;
    g_free (proxy->name);
    proxy->name = g_strdup (name);
    return TRUE;
}

void
h3_proxy_set_keep_host (H3Proxy *proxy, gboolean keep_host)
{
    g_return_if_fail (can_change (proxy));
    proxy->keep_host = keep_host;
}

void
h3_proxy_set_rewrite (H3Proxy *proxy, gboolean rewrite)
{
    g_return_if_fail (can_change (proxy));
    proxy->rewrite = rewrite;
}

gboolean
h3_proxy_set_header (H3Proxy *proxy, const char *name, const char *value)
{
    g_return_val_if_fail (can_change (proxy) && name != NULL, FALSE);
    if (proxy_name_classify (h3_view_of (name)) >= NAME_ANEW
        || proxy_name_is_disguised (h3_view_of (name))) {
        g_critical ("%s is set by the proxy itself", name);
        return FALSE;
    }
    if (!h3_headers_set (value != NULL ? proxy->set : proxy->removed, name,
                         value != NULL ? value : ""))
        return FALSE;
    (void) h3_headers_remove (value != NULL ? proxy->removed : proxy->set, name);
    return TRUE;
}

void
h3_proxy_set_max_body (H3Proxy *proxy, guint64 bytes)
{
    g_return_if_fail (can_change (proxy));
    proxy->max_body = bytes;
}

void
h3_proxy_set_websocket_idle (H3Proxy *proxy, guint milliseconds)
{
    g_return_if_fail (can_change (proxy));
    proxy->websocket_idle = milliseconds;
}

gboolean
proxy_freeze (H3Proxy *proxy, GError **error)
{
    gboolean done = TRUE;

    if (G_LIKELY (atomic_load_explicit (&proxy->is_frozen, memory_order_acquire)))
        return TRUE;
    (void) pthread_mutex_lock (&proxy->lock);
    if (!atomic_load_explicit (&proxy->is_frozen, memory_order_relaxed)) {
        done = upstreams_freeze (proxy->upstreams, error);
        atomic_store_explicit (&proxy->is_frozen, done, memory_order_release);
    }
    (void) pthread_mutex_unlock (&proxy->lock);
    return done;
}

/* Those that are between this server and its client alone. FALSE: the event has been answered. */
static gboolean
can_hand_on (const H3Proxy *proxy, H3Event *event)
{
    const H3Request *request = &event->request;
    H3View hops = request_join_field (request, H3_VIEW ("Max-Forwards"), ",", event->arena);

    if (request->method == H3_METHOD_CONNECT || request->method == H3_METHOD_TRACE
        || request->path[0] != '/') {
        h3_event_fail_status (event, 501, "The server does not know this method.");
        return FALSE;
    }
    /* It asks about whoever is that far on the way. */
    if (request->method == H3_METHOD_OPTIONS && h3_view_equal (hops, H3_VIEW ("0"))) {
        h3_event_send_empty (event, 204);
        return FALSE;
    }
    if (proxy_fields_have_loop (request, h3_view_of (proxy->name), event->arena)) {
        h3_event_fail_status (event, 508, "The request was handed on to here more than once.");
        return FALSE;
    }
    return TRUE;
}

/* (transfer full) (nullable): NULL: the event has been answered. */
static GString *
make_target (const H3Proxy *proxy, H3Event *event)
{
    const H3Request *request = &event->request;
    const ProxyPaths paths = { h3_view_of (proxy->from), h3_view_of (proxy->to) };
    g_autoptr (GString) target = g_string_new (NULL);
    H3View query = { NULL, 0 };

    if (request->query != 0)
        query = h3_view (request->base + request->query, request->query_length);
    if (!proxy_target_is_sound (request_path (request))) {
        h3_event_fail_status (event, 400, "The path could be read in more than one way.");
        return NULL;
    }
    if (!proxy_target_write (&paths, request_path (request), query, target)) {
        h3_event_fail_status (event, 404, "There is nothing at this path.");
        return NULL;
    }
    return g_steal_pointer (&target);
}

static H3Headers *
make_fields (const H3Proxy *proxy, H3Event *event)
{
    const H3Forwarded *client = h3_event_get_client (event);
    H3SocketAddress peer = { 0 };
    gboolean is_secure = FALSE;
    ProxyHop hop = { 0 };
    H3Headers *fields;

    event->carrier->functions->get_peer (event->carrier, &peer, &is_secure);
    hop.name = h3_view_of (proxy->name);
    hop.peer = peer.address;
    hop.trust = event->trusted;
    hop.scheme = is_secure ? H3_VIEW ("https") : H3_VIEW ("http");
    hop.told_scheme = client->scheme;
    hop.told_host = client->host;
    hop.prefix = h3_view_of (strcmp (proxy->from, proxy->to) != 0 ? proxy->from : "");
    hop.set = proxy->set;
    hop.removed = proxy->removed;
    fields = proxy_fields_forward (&event->request, &hop, event->arena);
    trace_add_fields (event, fields);
    trace_set_request_id (event, fields);
    return fields;
}

/* The servers behind have their own deadlines, but where the route has one. */
static void
set_deadline (H3Event *event)
{
    const H3Route *route = h3_event_get_route (event);

    if (route == NULL || h3_route_get_deadline (route) == 0)
        h3_event_set_deadline (event, 0);
}

void
h3_proxy_handle (H3Event *event, gpointer proxy_data)
{
    H3Proxy *proxy = proxy_data;
    g_autoptr (GError) error = NULL;
    GString *target;

    g_return_if_fail (event != NULL && proxy != NULL);
    if (!proxy_freeze (proxy, &error)) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    if (event->carrier == NULL || !can_hand_on (proxy, event))
        return;
    target = make_target (proxy, event);
    if (target == NULL)
        return;
    set_deadline (event);
    passage_begin (proxy, event, make_fields (proxy, event), target);
}

static gboolean
check (gpointer user_data, GError **error)
{
    return proxy_freeze (user_data, error);
}

/* A worker begins: its loop may check how the servers behind are. */
static void
watch (gpointer user_data)
{
    upstreams_watch (((H3Proxy *) user_data)->upstreams);
}

static void
unref_proxy (gpointer data)
{
    h3_proxy_unref (data);
}

H3Middleware *
h3_proxy_to_middleware (H3Proxy *proxy)
{
    H3Middleware *middleware;

    g_return_val_if_fail (proxy != NULL, NULL);
    middleware = h3_middleware_new (h3_proxy_handle, h3_proxy_ref (proxy), unref_proxy);
    h3_middleware_set_early (middleware, TRUE);
    middleware_set_check (middleware, check);
    middleware_set_start (middleware, watch);
    return middleware;
}

G_DEFINE_BOXED_TYPE (H3Proxy, h3_proxy, h3_proxy_ref, h3_proxy_unref)
