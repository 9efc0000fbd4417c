/* SPDX-License-Identifier: MIT
 *
 * A table of routes, one "METHODS PATTERN" a line, and behind an empty line what is asked, one
 * "METHOD PATH" a line: the router answers as the plain one does, through its cache as well. */

#include "fuzz.h"
#include "h3/base/error.h"
#include "h3/format/path.h"
#include "h3/route/route-cache.h"
#include "plain-router.h"

#define MAX_LINES 32

/* Parts a line at its last blank: methods may have some between them. */
static gboolean
part_line (H3View line, char **out_first, char **out_last)
{
    const char *blank = NULL;

    for (gsize i = 0; i < line.length; i++) {
        if (line.data[i] == ' ')
            blank = line.data + i;
    }
    if (blank == NULL || h3_view_find (line, '\0') >= 0)
        return FALSE;
    *out_first = g_strndup (line.data, (gsize) (blank - line.data));
    *out_last = g_strndup (blank + 1, (gsize) (line.data + line.length - blank) - 1);
    return TRUE;
}

static gboolean
clashes_with_any (GPtrArray *routes, const PlainRoute *route)
{
    for (guint i = 0; i < routes->len; i++) {
        if (plain_routes_clash (g_ptr_array_index (routes, i), route))
            return TRUE;
    }
    return FALSE;
}

static void
register_route (Router *router, GPtrArray *routes, const char *methods, const char *pattern)
{
    g_autoptr (GError) error = NULL;
    H3Route *route = router_add (router, methods, pattern, NULL, NULL, &error);
    PlainRoute *plain = plain_route_new (methods, pattern);
    gboolean clashes = plain != NULL && clashes_with_any (routes, plain);

    FUZZ_ASSERT (route == NULL || (plain != NULL && !clashes), "'%s %s' is taken", methods,
                 pattern);
    FUZZ_ASSERT (!g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS) || clashes,
                 "'%s %s' is refused: %s", methods, pattern, error->message);
    if (route == NULL) {
        g_clear_pointer (&plain, plain_route_free);
        return;
    }
    plain->route = route;
    g_ptr_array_add (routes, plain);
}

static void
assert_same_match (RouterResult result, const RouterMatch *match, const PlainRoute *expected,
                   gboolean any_method, H3View path)
{
    if (expected == NULL) {
        FUZZ_ASSERT (result == (any_method ? ROUTER_METHOD_NOT_ALLOWED : ROUTER_NOT_FOUND),
                     "%s: %d, but nothing answers", path.data, result);
        return;
    }
    FUZZ_ASSERT (result == ROUTER_FOUND && match->route == expected->route, "%s: %d %s, not %s",
                 path.data, result,
                 result == ROUTER_FOUND ? h3_route_get_pattern (match->route) : "",
                 pattern_get_text (expected->pattern));
    FUZZ_ASSERT (match->n_params == expected->values->len, "%s: %u parameters", path.data,
                 match->n_params);
    for (guint i = 0; i < match->n_params; i++) {
        const char *value = g_ptr_array_index (expected->values, i);

        FUZZ_ASSERT (h3_view_equal (router_match_get_raw (match, path, i), h3_view_of (value)),
                     "%s: parameter %u of %s is not '%s'", path.data, i,
                     pattern_get_text (expected->pattern), value);
    }
}

static void
ask (const Router *router, RouteCache *cache, GPtrArray *routes, const char *method,
     const char *raw)
{
    g_autofree char *path = h3_path_canonicalize_string (raw);
    H3View view = h3_view_of (path);
    gboolean any_method;
    const PlainRoute *expected;
    RouterMatch match;

    /* No request has an empty method. */
    if (path == NULL || *method == '\0')
        return;
    expected = plain_router_match (routes, method, path, &any_method);
    assert_same_match (router_match (router, h3_view_of (method), view, &match), &match, expected,
                       any_method, view);
    for (guint i = 0; i < 2; i++) {
        guint number = router_find_method (router, h3_view_of (method));

        assert_same_match (route_cache_match (cache, number, view, &match), &match, expected,
                           any_method, view);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View rest = h3_view ((const char *) data, size), line;
    FuzzChoice choice = fuzz_choice_of (rest);
    g_autoptr (GPtrArray) routes = g_ptr_array_new_with_free_func (plain_route_free);
    g_autoptr (Router) router = router_new ();
    g_autoptr (RouteCache) cache = NULL;
    H3View asked;

    for (guint n = 0; n < MAX_LINES && fuzz_take_line (&rest, &line) && line.length > 0; n++) {
        g_autofree char *methods = NULL;
        g_autofree char *pattern = NULL;

        if (part_line (line, &methods, &pattern))
            register_route (router, routes, methods, pattern);
    }
    FUZZ_ASSERT (router_freeze (router, NULL), "no names, and two that are equal");
    cache = route_cache_new (router, fuzz_choose (&choice, 4));
    /* The same again, so that some are remembered and some have been forgotten. */
    for (guint round = 0; round < 2; round++) {
        asked = rest;
        for (guint n = 0; n < MAX_LINES && fuzz_take_line (&asked, &line); n++) {
            g_autofree char *method = NULL;
            g_autofree char *path = NULL;

            if (part_line (line, &method, &path))
                ask (router, cache, routes, method, path);
        }
    }
    return 0;
}
