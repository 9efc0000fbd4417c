/* SPDX-License-Identifier: MIT
 *
 * What the demo serves, as OpenAPI 3.1, and a page that shows it. */

#include "demo.h"

#include "demo-route.h"

/* What the page of `/` says of a route is its summary, where it has no description of its own. */
static void
describe_all (H3App *app)
{
    H3Route *route;

    for (guint i = 0; (route = h3_app_get_route_at (app, i)) != NULL; i++) {
        const char *what = h3_route_get_data (route, "what");
        g_autoptr (H3Operation) operation = NULL;

        if (what == NULL || h3_operation_is_attached (route))
            continue;
        operation = h3_operation_new (what);
        h3_operation_attach (operation, route);
    }
}

void
demo_add_openapi (H3App *app)
{
    g_autoptr (H3OpenApi) openapi = h3_openapi_new ("h3d demo", "1.0.0");

    h3_openapi_set_description (openapi, "What httpbin answers, and more. This document is made "
                                         "from the routes as they are served.");
    describe_all (app);
    h3_app_add_openapi (app, "/openapi.json", "/openapi", openapi);
}
