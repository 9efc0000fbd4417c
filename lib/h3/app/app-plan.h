/* SPDX-License-Identifier: MIT
 *
 * What rules have to say in one chain. Owned by the app's table; made when it is frozen, then read
 * by all workers. */

#pragma once

#include <h3/route/chain-inside.h>
#include <h3/route/rules.h>

G_BEGIN_DECLS

/* A rule and where it stands. */
typedef struct {
    char *pattern;     /* owned */
    H3RouteRule *rule; /* owned */
} AppRule;

void app_rule_free (gpointer rule);

typedef struct _AppPlan AppPlan;

/* Returns: (transfer full): that of a route with the pattern, or (nullable) where no route is
 * found. `rules` outlive it. */
AppPlan *app_plan_new (const Rules *rules, const Pattern *pattern);
void app_plan_free (gpointer plan);

/* Returns: (transfer none) (nullable): what the rules come to at each path of the route; NULL: it
 * depends. */
const RuleOutcome *app_plan_get_fixed (const AppPlan *plan);

/* Links (ChainLink) that stand before all others; before those that may refuse; before the last
 * step. Their middleware is the plan's. */
void app_plan_add_first (AppPlan *plan, GArray *links);
void app_plan_add_slots (AppPlan *plan, GArray *links);
void app_plan_add_redirect (AppPlan *plan, GArray *links);

G_END_DECLS
