/* SPDX-License-Identifier: MIT
 *
 * Route rules: below /rules all of them hold, and what each path comes to is to be seen in the
 * answer. */

#include "demo.h"

#include "demo-inspect.h"
#include "demo-route.h"

#include <jansson.h>

/* Of a body that a rule lets pass. */
#define SMALL 16

static void
show_path (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    GBytes *body = h3_request_get_body (request);

    demo_send_json (event, json_pack ("{s:s, s:I}", "path", h3_request_get_path (request), "body",
                                      (json_int_t) (body != NULL ? g_bytes_get_size (body) : 0)));
}

void
demo_add_rules (H3App *app)
{
    H3RouteRule *all = h3_route_rule_new ();
    H3RouteRule *cached = h3_route_rule_new ();
    H3RouteRule *asset = h3_route_rule_new ();
    H3RouteRule *old = h3_route_rule_new ();
    H3RouteRule *small = h3_route_rule_new ();

    h3_route_rule_set_header (all, "X-Rule", "all");
    h3_route_rule_set_cache (all, "no-store");
    h3_app_add_rule (app, "/rules/**", all);
    h3_route_rule_set_cache (cached, "public, max-age=60, stale-while-revalidate=30");
    h3_route_rule_set_vary (cached, "Accept-Language");
    h3_app_add_rule (app, "/rules/cached/**", cached);
    h3_route_rule_set_header (asset, "X-Rule", "asset");
    h3_route_rule_set_cache (asset, "public, max-age=31536000, immutable");
    h3_app_add_rule (app, "/rules/cached/:name([a-z]+-[0-9a-f]+)", asset);
    h3_route_rule_set_redirect (old, 308, "/rules/new/**:rest");
    h3_app_add_rule (app, "/rules/old/**:rest", old);
    h3_route_rule_set_body_max (small, SMALL);
    h3_app_add_rule (app, "/rules/small", small);
    demo_add (app, "GET POST", "/rules/**", show_path, NULL,
              "What rules make of a path: cached/…, old/…, small");
}
