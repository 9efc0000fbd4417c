/* SPDX-License-Identifier: MIT
 *
 * What the tests of route rules share: rules that say one thing. The test's thread only. */

#pragma once

#include "trace.h"

#include <h3/app/app-rules.h>
#include <h3/base/error.h>

/* (transfer full): a rule that sets one field. */
static inline H3RouteRule *
header (const char *name, const char *value)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_header (rule, name, value);
    return rule;
}

/* (transfer full) */
static inline H3RouteRule *
redirect (guint status, const char *target)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_redirect (rule, status, target);
    return rule;
}

/* (transfer full) */
static inline H3RouteRule *
cache (const char *directives)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_cache (rule, directives);
    return rule;
}

/* (transfer full) */
static inline H3RouteRule *
slot (const char *name, H3Middleware *middleware)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_middleware (rule, name, middleware);
    return rule;
}

/* (transfer full) */
static inline H3RouteRule *
vary (const char *names)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_vary (rule, names);
    return rule;
}

/* Whether the app can be frozen, as by h3_app_start (), which has threads that outlive a test. */
static inline gboolean
can_freeze (H3App *app, GError **error)
{
    g_autoptr (H3Injected) answer = h3_app_inject (app, "GET", "/nowhere", NULL, NULL, error);

    return answer != NULL;
}
