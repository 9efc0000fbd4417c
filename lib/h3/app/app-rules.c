/* SPDX-License-Identifier: MIT */

#include "app-private.h"

void
h3_app_add_rule (H3App *app, const char *pattern, H3RouteRule *rule)
{
    g_autoptr (Pattern) parsed = NULL;
    GError *problem = NULL;
    AppRule *added;

    g_return_if_fail (H3_IS_APP (app) && pattern != NULL && rule != NULL);
    if (!app_can_register (app)) {
        h3_route_rule_unref (rule);
        return;
    }
    parsed = pattern_new (pattern, &problem);
    if (parsed == NULL)
        app_note_problem (app, problem);
    added = g_new0 (AppRule, 1);
    added->pattern = g_strdup (pattern);
    added->rule = rule;
    g_ptr_array_add (app->rules, added);
}

void
app_rule_free (gpointer data)
{
    AppRule *rule = data;

    h3_route_rule_unref (rule->rule);
    g_free (rule->pattern);
    g_free (rule);
}
