/* SPDX-License-Identifier: MIT */

#include "router.h"

#include "route-inside.h"
#include "route-statics.h"
#include "route-tree.h"
#include "route-walk.h"

#include <h3/base/error.h>

struct _Router {
    Methods methods;
    RouteTree *tree;       /* owned */
    GPtrArray *routes;     /* owned; one ref each */
    RouteStatics *statics; /* owned; NULL until frozen */
    GHashTable *by_name;   /* owned; name to route, both the routes'; NULL until frozen */
    guint64 costly;        /* bits of the first segments behind which a regex may be asked */
};

/* All paths, where a regex may be asked before the first segment is known. */
#define COSTLY_ALL G_MAXUINT64

/* Of its first two bytes: another segment that begins alike is only looked for in vain where a
 * match is remembered, and to read and hash a segment costs 53 instructions. */
static inline guint64
get_cost_bit (H3View segment)
{
    guint first = segment.length > 0 ? (guchar) segment.data[0] : '/';
    guint second = segment.length > 1 && first != '/' ? (guchar) segment.data[1] : '/';

    return G_GUINT64_CONSTANT (1) << ((first * 7 + second) & 63);
}

Router *
router_new (void)
{
    Router *router = g_new0 (Router, 1);

    router->tree = route_tree_new ();
    router->routes = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_route_unref);
    return router;
}

void
router_free (Router *router)
{
    if (router == NULL)
        return;
    g_clear_pointer (&router->by_name, g_hash_table_unref);
    route_statics_free (router->statics);
    route_tree_free (router->tree);
    g_ptr_array_unref (router->routes);
    methods_clear (&router->methods);
    g_free (router);
}

guint
router_count_routes (const Router *router)
{
    return router->routes->len;
}

H3Route *
router_get_route (const Router *router, guint index)
{
    return g_ptr_array_index (router->routes, index);
}

static gboolean
refuse_twin (const H3Route *twin, const char *method, const char *pattern, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_EXISTS,
                 "route \"%s %s\" is there already, as \"%s %s\": remove one, or change its "
                 "method or pattern",
                 method, pattern, h3_route_get_methods (twin), h3_route_get_pattern (twin));
    return FALSE;
}

/* Whether no route at `end` has one of the methods. */
static gboolean
check_free (const Router *router, const TreeEnd *end, guint64 set, gboolean any,
            const char *pattern, GError **error)
{
    const H3Route *twin = any ? tree_end_get_any (end) : NULL;

    if (twin != NULL)
        return refuse_twin (twin, "*", pattern, error);
    for (guint i = H3_METHOD_OTHER + 1; i < METHODS_MAX_OF_ROUTER; i++) {
        twin = (set & METHOD_BIT (i)) != 0 ? tree_end_get (end, i) : NULL;
        if (twin != NULL)
            return refuse_twin (twin, methods_get_name (&router->methods, i), pattern, error);
    }
    return TRUE;
}

H3Route *
router_add (Router *router, const char *methods, const char *pattern, gpointer target,
            GDestroyNotify destroy, GError **error)
{
    g_autoptr (Pattern) parsed = NULL;
    guint64 set = 0;
    gboolean any = FALSE;
    TreeEnd *end;
    H3Route *route;

    g_return_val_if_fail (router->by_name == NULL, NULL);
    parsed = pattern_new (pattern, error);
    if (parsed == NULL || !methods_read (&router->methods, methods, &set, &any, error))
        return NULL;
    /* A refused pattern leaves nothing of its own behind: its twin has made the same nodes. */
    end = route_tree_reach (router->tree, parsed);
    if (!check_free (router, end, set, any, pattern, error))
        return NULL;
    route = route_new (methods, g_steal_pointer (&parsed), router->routes->len, target, destroy);
    g_ptr_array_add (router->routes, route);
    if (any)
        tree_end_set_any (end, route);
    for (guint i = H3_METHOD_OTHER + 1; i < METHODS_MAX_OF_ROUTER; i++) {
        if (set & METHOD_BIT (i))
            tree_end_add (end, i, route);
    }
    return route;
}

/* Reaching a pattern again makes nothing new. */
static RouteStatics *
collect_statics (Router *router)
{
    RouteStatics *statics = route_statics_new (router->routes->len);

    for (guint i = 0; i < router->routes->len; i++) {
        const Pattern *pattern = route_get_parsed (router_get_route (router, i));

        route_statics_add (statics, router->tree, pattern,
                           route_tree_reach (router->tree, pattern));
    }
    return statics;
}

static void
note_cost (Router *router, const Pattern *pattern)
{
    const PatternSegment *first = pattern_get_segment (pattern, 0);

    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        if (pattern_get_segment (pattern, i)->kind != PATTERN_CONSTRAINED)
            continue;
        if (first->kind == PATTERN_LITERAL)
            router->costly |= get_cost_bit (h3_view_of (first->text));
        else
            router->costly = COSTLY_ALL;
    }
}

gboolean
router_freeze (Router *router, GError **error)
{
    g_autoptr (GHashTable) by_name = NULL;

    if (router->by_name != NULL)
        return TRUE;
    by_name = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = 0; i < router->routes->len; i++) {
        H3Route *route = router_get_route (router, i);
        char *name = (char *) h3_route_get_name (route);
        const H3Route *twin = name != NULL ? g_hash_table_lookup (by_name, name) : NULL;

        if (twin != NULL) {
            g_set_error (error, H3_ERROR, H3_ERROR_EXISTS,
                         "routes \"%s %s\" and \"%s %s\" are both called \"%s\": rename one",
                         h3_route_get_methods (twin), h3_route_get_pattern (twin),
                         h3_route_get_methods (route), h3_route_get_pattern (route), name);
            return FALSE;
        }
        if (name != NULL)
            g_hash_table_insert (by_name, name, route);
    }
    router->by_name = g_steal_pointer (&by_name);
    router->statics = collect_statics (router);
    for (guint i = 0; i < router->routes->len; i++) {
        H3Route *route = router_get_route (router, i);

        note_cost (router, route_get_parsed (route));
        route_freeze (route);
    }
    return TRUE;
}

H3Route *
router_find_by_name (const Router *router, const char *name)
{
    if (router->by_name != NULL)
        return g_hash_table_lookup (router->by_name, name);
    for (guint i = 0; i < router->routes->len; i++) {
        H3Route *route = router_get_route (router, i);

        if (g_strcmp0 (h3_route_get_name (route), name) == 0)
            return route;
    }
    return NULL;
}

gboolean
router_is_costly (const Router *router, H3View path)
{
    if (router->costly == 0 || path.length == 0)
        return FALSE;
    return (router->costly & get_cost_bit (h3_view (path.data + 1, path.length - 1))) != 0;
}

guint
router_find_method (const Router *router, H3View name)
{
    return methods_find (&router->methods, name);
}

gboolean
router_match_plain (const Router *router, guint method, H3View path, RouterMatch *out_match)
{
    const RouteStatics *statics = router->statics;
    const H3Route *route;
    gsize at;

    if (statics == NULL)
        return FALSE;
    out_match->n_params = 0;
    route = route_statics_find (statics, method, path);
    if (route == NULL) {
        route = route_statics_find_stem (statics, method, path, &at);
        if (route == NULL)
            return FALSE;
        out_match->n_params = 1;
        out_match->params[0].offset = (guint32) at;
        out_match->params[0].length = (guint32) (path.length - at);
    }
    out_match->route = route;
    return TRUE;
}

RouterResult
router_match_tree (const Router *router, guint method, H3View path, RouterMatch *out_match)
{
    guint64 allowed;

    if (route_walk_match (router->tree, method, path, out_match, &allowed))
        return ROUTER_FOUND;
    return allowed != 0 ? ROUTER_METHOD_NOT_ALLOWED : ROUTER_NOT_FOUND;
}

RouterResult
router_match_method (const Router *router, guint method, H3View path, RouterMatch *out_match)
{
    if (router_match_plain (router, method, path, out_match))
        return ROUTER_FOUND;
    return router_match_tree (router, method, path, out_match);
}

RouterResult
router_match (const Router *router, H3View method, H3View path, RouterMatch *out_match)
{
    return router_match_method (router, router_find_method (router, method), path, out_match);
}

const char *
router_format_allow (const Router *router, H3View path, H3Arena *arena)
{
    guint64 set = route_walk_get_allowed (router->tree, path);

    return set != 0 ? methods_format (&router->methods, set | METHOD_BIT (H3_METHOD_OPTIONS), arena)
                    : NULL;
}
