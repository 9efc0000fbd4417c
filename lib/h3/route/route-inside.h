/* SPDX-License-Identifier: MIT
 *
 * What only the router, and who gave it a target, may do with a route. */

#pragma once

#include <h3/route/pattern.h>
#include <h3/route/route.h>

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a route that owns `pattern` (transfer full) and `target`, which is
 * given to `destroy` at the last unref. `index` counts a router's routes from 0, in the order of
 * registration. */
H3Route *route_new (const char *methods, Pattern *pattern, guint index, gpointer target,
                    GDestroyNotify destroy);

void route_freeze (H3Route *route);

/* `to` shows what was attached to `from`, until now. */
void route_share_data (H3Route *to, const H3Route *from);

/* Returns: (transfer none): what the route leads to. */
gpointer route_get_target (const H3Route *route);

guint route_get_index (const H3Route *route);

/* A number that no other route of the process has had; never 0. Those of an app follow one another.
 */
guint64 route_get_serial (const H3Route *route);

/* Returns: (transfer none): */
const Pattern *route_get_parsed (const H3Route *route);

G_END_DECLS
