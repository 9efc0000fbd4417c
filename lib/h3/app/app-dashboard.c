/* SPDX-License-Identifier: MIT */

#include "app-dashboard.h"

#include "app-private.h"

#include <h3/http/answer.h>
#include <h3/monitor/dashboard-inside.h>

#include <jansson.h>

/* An app may end while its dashboard is looked at on another one. */
typedef struct {
    GWeakRef app;
} Host;

static void
free_host (gpointer data)
{
    Host *host = data;

    g_weak_ref_clear (&host->app);
    g_free (host);
}

/* (transfer full) (nullable) */
static H3App *
get_app (gpointer data)
{
    return g_weak_ref_get (&((Host *) data)->app);
}

/* What is mounted has the server of the outermost. */
static H3App *
get_outermost (H3App *app)
{
    while (app->parent != NULL)
        app = app->parent;
    return app;
}

static json_t *
describe_limits (H3Server *server)
{
    const H3Limits *limits = h3_server_get_limits (server);
    json_t *array = json_array ();
    guint n;
    const H3LimitInfo *rows = h3_limits_list (&n);

    for (guint i = 0; i < n; i++) {
        gint64 value = *(const gint64 *) ((const char *) limits + rows[i].offset);

        json_array_append_new (array, json_pack ("{s:s, s:I, s:s, s:b}", "name", rows[i].option,
                                                 "value", (json_int_t) value, "what", rows[i].what,
                                                 "changed", value != rows[i].default_value));
    }
    return array;
}

static json_t *
describe_app (gpointer data)
{
    g_autoptr (H3App) app = get_app (data);
    json_t *addresses = json_array ();
    g_auto (GStrv) bound = NULL;
    H3Server *server;

    if (app == NULL)
        return NULL;
    server = get_outermost (app)->server;
    bound = h3_server_dup_addresses (server);
    for (guint i = 0; bound != NULL && bound[i] != NULL; i++)
        json_array_append_new (addresses, json_string (bound[i]));
    return json_pack ("{s:o, s:o}", "addresses", addresses, "limits", describe_limits (server));
}

static json_t *
read_route_cache (H3App *app)
{
    H3RouteCacheStatistics now;

    h3_app_get_route_cache_statistics (app, &now);
    return json_pack ("{s:I, s:I, s:I, s:I}", "hits", (json_int_t) now.hits, "misses",
                      (json_int_t) now.misses, "entries", (json_int_t) now.n_entries, "capacity",
                      (json_int_t) now.capacity);
}

static void
set_readiness (json_t *object, H3Server *server)
{
    static const char *const names[] = { "starting", "ready", "draining", "shedding" };
    const char *reason;
    ServerReadiness readiness = server_get_readiness (server, &reason);

    json_object_set_new (object, "readiness", json_string (names[readiness]));
    if (reason != NULL)
        json_object_set_new (object, "reason", json_string (reason));
}

static json_t *
read_app (gpointer data)
{
    g_autoptr (H3App) app = get_app (data);
    g_autoptr (GArray) connections = NULL;
    json_t *workers = json_array ();
    json_t *now;
    H3App *outermost;

    if (app == NULL)
        return NULL;
    outermost = get_outermost (app);
    connections = server_list_connections (outermost->server);
    for (guint i = 0; i < connections->len; i++)
        json_array_append_new (workers, json_integer (g_array_index (connections, guint, i)));
    now = json_pack ("{s:o, s:o}", "workers", workers, "route_cache", read_route_cache (outermost));
    set_readiness (now, outermost->server);
    return now;
}

/* What belongs to the page is asked for beneath it. */
static void
lead_to_page (H3Event *event, gpointer user_data)
{
    const char *path = h3_request_get_path (h3_event_get_request (event));
    g_autofree char *location = g_strconcat (path, "/", NULL);

    h3_event_redirect (event, 308, location);
}

static void
unref_dashboard (gpointer data)
{
    h3_dashboard_unref (data);
}

static void
add_route (H3App *app, const char *prefix, const char *rest, H3Handler handler,
           H3Dashboard *dashboard, H3Middleware *guard)
{
    g_autofree char *pattern = g_strconcat (prefix, rest, NULL);
    H3Route *route =
        h3_app_route (app, "GET", pattern, handler, h3_dashboard_ref (dashboard), unref_dashboard);

    h3_metrics_leave_out (route);
    if (route != NULL)
        h3_route_set_essential (route, TRUE);
    if (guard != NULL)
        h3_app_use_for (app, route, h3_middleware_ref (guard));
}

void
h3_app_add_dashboard (H3App *app, const char *prefix, H3Dashboard *dashboard, H3Middleware *guard)
{
    DashboardHost host = { describe_app, read_app, NULL, free_host };
    Host *data;

    g_return_if_fail (H3_IS_APP (app) && prefix != NULL && dashboard != NULL);
    data = g_new (Host, 1);
    g_weak_ref_init (&data->app, app);
    host.data = data;
    dashboard_set_host (dashboard, &host);
    if (strcmp (prefix, "/") == 0)
        prefix = "";
    else
        add_route (app, prefix, "", lead_to_page, dashboard, guard);
    add_route (app, prefix, "/", h3_dashboard_handle_page, dashboard, guard);
    add_route (app, prefix, "/events", h3_dashboard_handle_events, dashboard, guard);
    add_route (app, prefix, "/:file", h3_dashboard_handle_file, dashboard, guard);
    h3_middleware_unref (guard);
}
