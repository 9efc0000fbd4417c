/* SPDX-License-Identifier: MIT
 *
 * The tree under a router: an edge is a segment, a literal found by its hash or one of the other
 * patterns, the most specific first. Owned by one router; grows on one thread, then any number of
 * threads match at once.
 *
 * A pattern is made of whole segments, so the tree is, too: a path of four segments takes four
 * steps, where a radix tree over bytes takes one for each place at which literals part. */

#pragma once

#include <h3/route/pattern.h>
#include <h3/route/route.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RouteTree RouteTree;

/* The routes of one shape, by method. */
typedef struct _TreeEnd TreeEnd;

RouteTree *route_tree_new (void);
void route_tree_free (RouteTree *tree);

/* Returns: (transfer none): the end of all patterns of the shape of `pattern`, made if there is
 * none. The tree borrows the regexes of the pattern whose end is new. */
TreeEnd *route_tree_reach (RouteTree *tree, const Pattern *pattern);

/* The route at `end` for exactly this method, NULL for none. */
const H3Route *tree_end_get (const TreeEnd *end, guint method);
const H3Route *tree_end_get_any (const TreeEnd *end);

/* Borrows the route. */
void tree_end_add (TreeEnd *end, guint method, const H3Route *route);
void tree_end_set_any (TreeEnd *end, const H3Route *route);

G_END_DECLS
