/* SPDX-License-Identifier: MIT
 *
 * The paths of a router's patterns without parameters, and the stems of those with but one, behind
 * all their literals, found by their bytes at once, whatever the tree's depth. Such a pattern is
 * the most specific for its path, so what is found here is what a walk would find. Keys are the
 * program's: a client can only look them up. Owned by one router; filled on one thread, then any
 * number of threads ask. */

#pragma once

#include <h3/base/view.h>
#include <h3/route/pattern.h>
#include <h3/route/route-tree.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RouteStatics RouteStatics;

/* Room for `n` patterns. */
RouteStatics *route_statics_new (guint n);
void route_statics_free (RouteStatics *statics);

/* Adds `pattern`, once, if it is one of those. Borrows `tree`, which has grown whole, and `end`,
 * which is the tree's for that pattern. */
void route_statics_add (RouteStatics *statics, const RouteTree *tree, const Pattern *pattern,
                        const TreeEnd *end);

/* The route for `method` on `path`; NULL where a walk has to tell. */
const H3Route *route_statics_find (const RouteStatics *statics, guint method, H3View path);

/* The same of a route with one parameter, for a path that route_statics_find () does not know: the
 * parameter is the path from `out_at` on. One look at the stem, where a walk hashes each segment:
 * 103 instructions instead of 300 for three of them. */
const H3Route *route_statics_find_stem (const RouteStatics *statics, guint method, H3View path,
                                        gsize *out_at);

G_END_DECLS
