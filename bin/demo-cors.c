/* SPDX-License-Identifier: MIT
 *
 * Pages of all origins may ask anything here and read the answers, with cookies: this server has
 * nothing to hide, and is there to be asked. Nobody should do that on one that has. One path is
 * for pages of this machine alone. */

#include "demo.h"

#include "demo-inspect.h"
#include "demo-route.h"

#include <jansson.h>

static gboolean
allow_everybody (H3Event *event, const char *origin, gpointer user_data)
{
    return TRUE;
}

static void
add_slot (H3App *app, const char *pattern, H3Middleware *middleware)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_middleware (rule, "cors", middleware);
    h3_app_add_rule (app, pattern, rule);
}

static void
show_request (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-Told", "yes");
    h3_event_set_header (event, "X-Kept-Back", "yes");
    demo_send_json (event, demo_describe_request (event, DEMO_SHOW_METHOD));
}

static void
add_local (H3App *app)
{
    g_autoptr (H3CorsPolicy) policy = h3_cors_policy_new ();

    h3_cors_policy_allow_origin (policy, "http://127.0.0.1:*");
    h3_cors_policy_allow_origin (policy, "http://[::1]:*");
    h3_cors_policy_allow_origin (policy, "http://localhost:*");
    h3_cors_policy_set_methods (policy, "GET PUT");
    h3_cors_policy_set_request_fields (policy, "X-Own");
    h3_cors_policy_set_response_fields (policy, "X-Told");
    h3_cors_policy_set_credentials (policy, TRUE);
    add_slot (app, "/cors/local", h3_cors_new (policy));
    demo_add (app, "GET PUT DELETE", "/cors/local", show_request, NULL,
              "What only pages of this machine may read");
}

/* What is measured goes without: rules say so when the server starts, and cost it nothing. So does
 * what a client has to itself: a page that may read the answers has its tokens, and by /fetch it
 * would read what only this machine reaches. */
void
demo_add_cors (H3App *app)
{
    static const char *const own[] = { "/session/**", "/csrf", "/auth/**", "/fetch" };
    g_autoptr (H3CorsPolicy) policy = h3_cors_policy_new ();

    h3_cors_policy_set_function (policy, allow_everybody, NULL, NULL);
    h3_cors_policy_set_methods (policy, "GET POST PUT DELETE PATCH OPTIONS");
    h3_cors_policy_set_request_fields (policy, "*");
    h3_cors_policy_set_credentials (policy, TRUE);
    h3_cors_policy_set_max_age (policy, 3600);
    add_slot (app, "/**", h3_cors_new (policy));
    add_slot (app, "/plaintext", NULL);
    add_slot (app, "/bench/**", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (own); i++)
        add_slot (app, own[i], NULL);
    add_local (app);
}
