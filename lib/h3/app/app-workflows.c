/* SPDX-License-Identifier: MIT */

#include "app-workflows-inside.h"

#include "app.h"
#include "components.h"

#include <h3/batteries/idempotency.h>
#include <h3/workflow/run-routes.h>
#include <h3/workflow/run-store.h>
#include <h3/workflow/workflows-inside.h>

/* Of a run's input, in bytes: it is kept with the run. */
#define MAX_RUN_INPUT (1024 * 1024)

static gboolean
start (gpointer data, GError **error)
{
    return h3_workflows_start (data, error);
}

static void
stop (gpointer data)
{
    h3_workflows_stop (data);
}

/* What runs print may be more than the disk has room for. */
gboolean
app_check_workflows (H3Workflows *workflows, GError **error)
{
    RunStore *store = workflows_get_store (workflows);
    g_autofree char *why = NULL;

    if (store == NULL || run_store_is_well (store, &why))
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "What runs do cannot be kept: %s",
                 why != NULL ? why : "it is tried again");
    return FALSE;
}

static gboolean
check_health (gpointer data, GError **error)
{
    return app_check_workflows (data, error);
}

void
app_add_workflow_routes (H3App *app, const char *prefix, H3Workflows *workflows,
                         H3Middleware *guard)
{
    static const struct {
        const char *methods;
        const char *pattern;
        H3Handler handler;
    } routes[] = {
        { "GET", "/", h3_workflows_handle_list },
        { "POST", "/:name/runs", h3_workflows_handle_start },
        { "GET", "/runs", h3_workflows_handle_runs },
        { "GET", "/runs/:id", h3_workflows_handle_run },
        { "GET", "/runs/:id/events", h3_workflows_handle_events },
        { "DELETE", "/runs/:id", h3_workflows_handle_cancel },
    };
    g_autoptr (H3Idempotency) idempotency = h3_idempotency_new ();
    H3App *group;

    group = h3_app_group (app, prefix);
    if (guard != NULL)
        h3_app_use (group, "/", guard);
    for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
        H3Route *route = h3_app_route (group, routes[i].methods, routes[i].pattern,
                                       routes[i].handler, workflows, NULL);

        if (route == NULL || routes[i].handler != h3_workflows_handle_start)
            continue;
        h3_route_set_body (route, H3_BODY_BUFFERED, MAX_RUN_INPUT);
        h3_app_use_for (group, route, h3_idempotency_to_middleware (idempotency));
    }
}

void
h3_app_add_workflows (H3App *app, const char *prefix, H3Workflows *workflows, H3Middleware *guard)
{
    static const H3Component component = { "workflows", NULL, start, stop, check_health };

    g_return_if_fail (app != NULL && prefix != NULL && H3_IS_WORKFLOWS (workflows));
    app_add_workflow_routes (app, prefix, workflows, guard);
    h3_app_add_component (app, &component, g_object_ref (workflows), g_object_unref);
}
