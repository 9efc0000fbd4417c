/* SPDX-License-Identifier: MIT
 *
 * The page on which the server is watched. */

#include "demo.h"

#include "demo-route.h"

#include <string.h>

/* For the page of `/`, which lists all routes. */
static void
explain (H3App *app)
{
    static const char *const texts[][2] = {
        { "/_h3", "Leads to the dashboard" },
        { "/_h3/", "The dashboard: what this server does, live" },
        { "/_h3/events", "Its numbers, as events, once a second" },
        { "/_h3/:file", "What belongs to its page" },
    };
    H3Route *route;

    for (guint i = 0; (route = h3_app_get_route_at (app, i)) != NULL; i++) {
        for (guint j = 0; j < G_N_ELEMENTS (texts); j++) {
            if (strcmp (h3_route_get_pattern (route), texts[j][0]) == 0)
                h3_route_set_data_full (route, "what", (gpointer) texts[j][1], NULL);
        }
    }
}

void
demo_add_dashboard (H3App *app)
{
    g_autoptr (H3Dashboard) dashboard = h3_dashboard_new (demo_get_metrics ());

    h3_dashboard_add_trend (dashboard, demo_get_trend ());
    h3_app_dashboard_add_workflows (dashboard, demo_get_workflows ());
    h3_app_add_dashboard (app, "/_h3", dashboard, NULL);
    explain (app);
}
