/* SPDX-License-Identifier: MIT
 *
 * The way of a path through a router's tree. Keeps nothing between calls: any number of threads may
 * walk one tree that no longer grows. Allocates for regexes only. */

#pragma once

#include <h3/base/view.h>
#include <h3/route/methods.h>
#include <h3/route/route-tree.h>
#include <h3/route/router-match.h>

#include <glib.h>

G_BEGIN_DECLS

/* Finds the most specific route for `method` on `path`; FALSE, with the match unspecified, for
 * none. `out_allowed` (written then) gets the methods of all routes that fit the path. */
gboolean route_walk_match (const RouteTree *tree, guint method, H3View path, RouterMatch *out_match,
                           guint64 *out_allowed);

/* The methods of all routes that fit the path: HEAD wherever there is GET, and for any method all
 * that are known but CONNECT and TRACE. */
guint64 route_walk_get_allowed (const RouteTree *tree, H3View path);

G_END_DECLS
