/* SPDX-License-Identifier: MIT
 *
 * From a method and a canonical path to a route. Owned by an app. Filled on one thread, then
 * frozen; from then on any number of threads match at once, without a lock and, regexes apart,
 * without allocating.
 *
 * At each segment a literal goes before `:name(regex)`, that before `:name`, `*`, `:name?` and
 * `**`; where that leads nowhere, the next is tried. Only routes that take the method count. Two
 * regexes in one place are tried in the order of their texts. The order of registration never
 * matters. Where patterns are alike, a named method goes before `*`, and for HEAD a GET too. */

#pragma once

#include <h3/base/arena.h>
#include <h3/base/view.h>
#include <h3/route/methods.h>
#include <h3/route/route.h>
#include <h3/route/router-match.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Router Router;

typedef enum {
    ROUTER_FOUND,
    ROUTER_NOT_FOUND,
    ROUTER_METHOD_NOT_ALLOWED, /* there are routes for other methods: router_format_allow () */
} RouterResult;

Router *router_new (void);
void router_free (Router *router);

/* Returns: (transfer none): a new route for `methods` (names with blanks between, or `*`) that
 * leads to `target`, which the route owns through `destroy` (nullable). NULL, with `target` left to
 * the caller: H3_ERROR_INVALID for a method or pattern that cannot be, H3_ERROR_EXISTS where a
 * route has the method and the same pattern (parameters may be called otherwise), H3_ERROR_LIMIT.
 * Not after router_freeze (). */
H3Route *router_add (Router *router, const char *methods, const char *pattern, gpointer target,
                     GDestroyNotify destroy, GError **error);

/* Ends registration, for good; calling it again changes nothing. FALSE with H3_ERROR_EXISTS, and
 * not frozen, when two routes have one name. */
gboolean router_freeze (Router *router, GError **error);

/* Routes in the order of registration. */
guint router_count_routes (const Router *router);
H3Route *router_get_route (const Router *router, guint index);

/* Returns: (transfer none) (nullable): the route called `name`. */
H3Route *router_find_by_name (const Router *router, const char *name);

/* The number of a method for router_match_method (): its H3Method, or one of the router's own, the
 * same for the router's life once frozen. H3_METHOD_OTHER where no route names it: only `*` takes
 * it, and where that does not, the answer is 501 (RFC 9110 §15.6.2). */
guint router_find_method (const Router *router, H3View name);

/* `path` is canonical: it begins with a slash, dot segments are resolved, and all is decoded but
 * %2F, %5C and %25. `out_match` is written when ROUTER_FOUND, else unspecified. A path of more than
 * 128 segments is not found. */
RouterResult router_match (const Router *router, H3View method, H3View path,
                           RouterMatch *out_match);
RouterResult router_match_method (const Router *router, guint method, H3View path,
                                  RouterMatch *out_match);

/* The two halves of router_match_method (), for who does something between them. The first finds
 * the routes of literals and those with one parameter behind them, without a regex. */
gboolean router_match_plain (const Router *router, guint method, H3View path,
                             RouterMatch *out_match);
RouterResult router_match_tree (const Router *router, guint method, H3View path,
                                RouterMatch *out_match);

/* Whether a match of `path` may ask a regex, and so is worth remembering: anything else is found as
 * quickly as a memory of it would be. Of a frozen router. */
gboolean router_is_costly (const Router *router, H3View path);

/* Returns: (transfer none) (nullable): the value of Allow for `path`, until the arena's next reset:
 * HEAD wherever there is GET, and always OPTIONS. NULL where no route fits the path. */
const char *router_format_allow (const Router *router, H3View path, H3Arena *arena);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Router, router_free)

G_END_DECLS
