/* SPDX-License-Identifier: MIT
 *
 * The paths of a router's patterns without parameters, found by their bytes at once, whatever the
 * tree's depth. Such a pattern is the most specific for its path, so what is found here is what a
 * walk would find. Keys are the program's: a client can only look them up. Owned by one router;
 * filled on one thread, then any number of threads ask. */

#pragma once

#include <h3/base/view.h>
#include <h3/route/pattern.h>
#include <h3/route/route-tree.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RouteStatics RouteStatics;

/* Room for `n` paths. */
RouteStatics *route_statics_new (guint n);
void route_statics_free (RouteStatics *statics);

/* Adds the path of `pattern`, once, if it has no parameters. Borrows `end`, which is the tree's for
 * that pattern. */
void route_statics_add (RouteStatics *statics, const Pattern *pattern, const TreeEnd *end);

/* The route for `method` on `path`; NULL where a walk has to tell. */
const H3Route *route_statics_find (const RouteStatics *statics, guint method, H3View path);

G_END_DECLS
