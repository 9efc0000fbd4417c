/* SPDX-License-Identifier: MIT */

#include "app-openapi.h"

#include "app-private.h"

#include <h3/batteries/openapi-page.h>
#include <h3/format/json.h>
#include <h3/http/answer.h>
#include <h3/http/conditional.h>

#include <pthread.h>
#include <string.h>

/* A document and its page; both are made once, for routes are frozen. Shared by the routes that
 * serve them. */
typedef struct {
    atomic_uint references;
    H3App *app;                  /* borrowed: it holds the routes that hold this */
    H3OpenApi *openapi;          /* ref */
    char *document_url, *folder; /* owned: as seen from the page */
    pthread_mutex_t lock;
    /* Under the lock until they are there, then read by any thread. */
    GBytes *document, *shown;       /* owned */
    char *document_tag, *shown_tag; /* owned */
} Served;

static void
unref_served (gpointer data)
{
    Served *served = data;

    if (atomic_fetch_sub_explicit (&served->references, 1, memory_order_acq_rel) != 1)
        return;
    h3_openapi_unref (served->openapi);
    g_free (served->document_url);
    g_free (served->folder);
    g_clear_pointer (&served->document, g_bytes_unref);
    g_clear_pointer (&served->shown, g_bytes_unref);
    g_free (served->document_tag);
    g_free (served->shown_tag);
    pthread_mutex_destroy (&served->lock);
    g_free (served);
}

/* (transfer full): the routes that are served are those of the outermost app. */
static json_t *
describe (const Served *served)
{
    g_autoptr (GPtrArray) routes = g_ptr_array_new ();
    H3App *app = served->app;
    H3Route *route;

    while (app->parent != NULL)
        app = app->parent;
    for (guint i = 0; (route = h3_app_get_route_at (app, i)) != NULL; i++)
        g_ptr_array_add (routes, route);
    return h3_openapi_describe (served->openapi, (H3Route *const *) routes->pdata, routes->len);
}

static void
write_both (Served *served)
{
    g_autoptr (json_t) document = describe (served);
    char *text = json_dumps (document, JSON_INDENT (2));
    char *page = openapi_page_write (document, served->document_url, served->folder);

    served->document = g_bytes_new_take (text, strlen (text));
    served->shown = g_bytes_new_take (page, strlen (page));
    served->document_tag = h3_etag_for_bytes (served->document);
    served->shown_tag = h3_etag_for_bytes (served->shown);
}

static void
ensure (Served *served)
{
    pthread_mutex_lock (&served->lock);
    if (served->document == NULL)
        write_both (served);
    pthread_mutex_unlock (&served->lock);
}

static void
send_fresh (H3Event *event, const char *type, GBytes *bytes, const char *tag)
{
    (void) h3_event_set_cache_control (event, "no-cache");
    if (!h3_event_check_fresh (event, tag, -1))
        h3_event_send_bytes (event, type, bytes);
}

static void
send_document (H3Event *event, gpointer user_data)
{
    Served *served = user_data;

    ensure (served);
    send_fresh (event, "application/json", served->document, served->document_tag);
}

static void
send_page (H3Event *event, gpointer user_data)
{
    Served *served = user_data;

    ensure (served);
    send_fresh (event, "text/html; charset=utf-8", served->shown, served->shown_tag);
}

static void
send_style (H3Event *event, gpointer user_data)
{
    (void) h3_event_set_cache_control (event, "max-age=3600");
    h3_event_send_data (event, "text/css; charset=utf-8", openapi_page_style,
                        strlen (openapi_page_style));
}

/* (transfer full): `path` as seen from `page`, wherever the app is mounted. */
static char *
dup_relative (const char *page, const char *path)
{
    g_autoptr (GString) url = g_string_new (NULL);

    for (const char *at = strchr (page + 1, '/'); at != NULL; at = strchr (at + 1, '/'))
        g_string_append (url, "../");
    g_string_append (url, path + 1);
    return g_string_free (g_steal_pointer (&url), FALSE);
}

/* A route that is not in the document. */
static void
add_hidden (H3App *app, const char *pattern, H3Handler handler, Served *served)
{
    g_autoptr (H3Operation) operation = h3_operation_new ("");
    H3Route *route;

    atomic_fetch_add_explicit (&served->references, 1, memory_order_relaxed);
    route = h3_app_route (app, "GET", pattern, handler, served, unref_served);
    if (route == NULL)
        return;
    h3_operation_set_hidden (operation, TRUE);
    h3_operation_attach (operation, route);
}

void
h3_app_add_openapi (H3App *app, const char *path, const char *page, H3OpenApi *openapi)
{
    g_autofree char *style = page != NULL ? g_strconcat (page, "/style.css", NULL) : NULL;
    Served *served;

    g_return_if_fail (H3_IS_APP (app) && app_can_register (app) && openapi != NULL);
    g_return_if_fail (path != NULL && *path == '/');
    g_return_if_fail (page == NULL || (*page == '/' && !g_str_has_suffix (page, "/")));
    served = g_new0 (Served, 1);
    atomic_init (&served->references, 1);
    pthread_mutex_init (&served->lock, NULL);
    served->app = app;
    served->openapi = h3_openapi_ref (openapi);
    served->document_url = page != NULL ? dup_relative (page, path) : g_strdup ("");
    served->folder = page != NULL ? g_strdup (strrchr (page, '/') + 1) : g_strdup ("");
    add_hidden (app, path, send_document, served);
    if (page != NULL) {
        add_hidden (app, page, send_page, served);
        add_hidden (app, style, send_style, served);
    }
    unref_served (served);
}

void
h3_app_describe (H3App *app, H3Route *route, H3Operation *operation)
{
    H3Middleware *middleware;

    g_return_if_fail (H3_IS_APP (app) && operation != NULL);
    if (route == NULL || !app_can_register (app))
        return;
    h3_operation_attach (operation, route);
    middleware = h3_operation_new_middleware (operation);
    if (middleware != NULL)
        h3_app_use_for (app, route, middleware);
}
