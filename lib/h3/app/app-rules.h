/* SPDX-License-Identifier: MIT
 *
 * Route rules: what an app says of paths by patterns, beside their routes. Part of
 * <h3/app/app.h>. Since: 0.1 */

#pragma once

#include <h3/route/rule.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * h3_app_add_rule:
 * @app: an app that has not started
 * @pattern: of the paths it holds for, as patterns of routes are; `/` of a mounted app is the
 *   prefix itself
 * @rule: (transfer full): what holds there
 *
 * Adds a rule, which holds for all requests to these paths, whatever their method and whether a
 * route is found or not. All rules that take a path are merged: of each thing they speak of, the
 * most specific pattern has the word, by the precedence of routes. The order of registration never
 * matters. Two rules with the same pattern that speak of the same are an error when the app starts.
 *
 * Since: 0.1
 */
void h3_app_add_rule (H3App *app, const char *pattern, H3RouteRule *rule);

G_END_DECLS
