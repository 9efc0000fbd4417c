/* SPDX-License-Identifier: MIT */

#include "h3/route/route-statics.h"
#include "h3/route/router.h"
#include "tests/support/suite.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RouteTree, route_tree_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RouteStatics, route_statics_free)

static const H3Route *
match (const Router *router, const char *method, const char *path)
{
    RouterMatch found;

    if (router_match (router, h3_view_of (method), h3_view_of (path), &found) != ROUTER_FOUND)
        return NULL;
    return found.route;
}

static H3Route *
add (Router *router, const char *method, const char *pattern)
{
    H3Route *route = router_add (router, method, pattern, NULL, NULL, NULL);

    ck_assert_ptr_nonnull (route);
    return route;
}

START_TEST (statics_find_what_was_added_and_nothing_else)
{
    g_autoptr (RouteTree) tree = route_tree_new ();
    g_autoptr (RouteStatics) statics = route_statics_new (100);

    for (guint i = 0; i < 100; i++) {
        g_autofree char *text =
            g_strdup_printf ("/p%.*s/%u", (int) (i % 20), "abcdefghijklmnopqrst", i);
        g_autoptr (Pattern) pattern = pattern_new (text, NULL);
        TreeEnd *end = route_tree_reach (tree, pattern);

        tree_end_add (end, H3_METHOD_GET, GUINT_TO_POINTER (i + 1));
        route_statics_add (statics, tree, pattern, end);
        route_statics_add (statics, tree, pattern, end);
    }
    for (guint i = 0; i < 200; i++) {
        g_autofree char *text =
            g_strdup_printf ("/p%.*s/%u", (int) (i % 20), "abcdefghijklmnopqrst", i);
        const H3Route *route = route_statics_find (statics, H3_METHOD_GET, h3_view_of (text));

        ck_assert_ptr_eq (route, i < 100 ? GUINT_TO_POINTER (i + 1) : NULL);
        ck_assert_ptr_null (route_statics_find (statics, H3_METHOD_POST, h3_view_of (text)));
    }
}
END_TEST

START_TEST (statics_leave_patterns_with_parameters_out)
{
    g_autoptr (RouteTree) tree = route_tree_new ();
    g_autoptr (Pattern) pattern = pattern_new ("/a/:id", NULL);
    TreeEnd *end = route_tree_reach (tree, pattern);
    g_autoptr (RouteStatics) statics = route_statics_new (1);

    tree_end_add (end, H3_METHOD_GET, GUINT_TO_POINTER (1));
    route_statics_add (statics, tree, pattern, end);
    ck_assert_ptr_null (route_statics_find (statics, H3_METHOD_GET, H3_VIEW ("/a/:id")));
}
END_TEST

static const H3Route *
find_stem (const RouteStatics *statics, const char *path, gsize expected_at)
{
    gsize at = 0;
    const H3Route *route = route_statics_find_stem (statics, H3_METHOD_GET, h3_view_of (path), &at);

    if (route != NULL)
        ck_assert_uint_eq (at, expected_at);
    return route;
}

START_TEST (statics_find_the_stem_of_one_parameter_behind_literals)
{
    /* Numbered from one. A regex goes before the parameter of its place, a literal before both. */
    static const char *const patterns[] = {
        "/a/:id",        "/a/b",          "/c/:id",
        "/c/:n([0-9]+)", "/d/:id/:other", "/e/:o?",
        "/f/**",         "/:any",         "/a-stem-of-more-than-16-bytes/:id"
    };
    g_autoptr (RouteTree) tree = route_tree_new ();
    g_autoptr (RouteStatics) statics = route_statics_new (G_N_ELEMENTS (patterns));
    g_autoptr (GPtrArray) parsed = g_ptr_array_new_with_free_func ((GDestroyNotify) pattern_free);

    for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
        g_ptr_array_add (parsed, pattern_new (patterns[i], NULL));
        tree_end_add (route_tree_reach (tree, parsed->pdata[i]), H3_METHOD_GET,
                      GUINT_TO_POINTER (i + 1));
    }
    for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
        route_statics_add (statics, tree, parsed->pdata[i],
                           route_tree_reach (tree, parsed->pdata[i]));
    ck_assert_ptr_eq (find_stem (statics, "/a/x", 3), GUINT_TO_POINTER (1));
    ck_assert_ptr_null (find_stem (statics, "/a/b", 0));
    ck_assert_ptr_null (find_stem (statics, "/a/", 0));
    ck_assert_ptr_null (find_stem (statics, "/c/x", 0));
    ck_assert_ptr_null (find_stem (statics, "/d/x/y", 0));
    ck_assert_ptr_null (find_stem (statics, "/e/x", 0));
    ck_assert_ptr_null (find_stem (statics, "/f/x", 0));
    ck_assert_ptr_eq (find_stem (statics, "/x", 1), GUINT_TO_POINTER (8));
    ck_assert_ptr_null (find_stem (statics, "/a", 0));
    ck_assert_ptr_null (find_stem (statics, "/", 0));
    ck_assert_ptr_null (find_stem (statics, "*", 0));
    ck_assert_ptr_eq (find_stem (statics, "/a-stem-of-more-than-16-bytes/x", 30),
                      GUINT_TO_POINTER (9));
    ck_assert_ptr_null (find_stem (statics, "/a-stem-of-less-than-16-bytes/x", 0));
}
END_TEST

START_TEST (router_answers_the_same_for_static_paths_once_it_is_frozen)
{
    static const char *const paths[] = { "/",  "/a",  "/a/",  "/a/b",     "/a/c",
                                         "/b", "/ab", "/%2F", "/a/b/c/d", "/only-post" };
    static const char *const methods[] = { "GET", "HEAD", "POST", "OPTIONS", "BREW" };
    const H3Route *before[G_N_ELEMENTS (paths)][G_N_ELEMENTS (methods)];
    g_autoptr (Router) router = router_new ();

    add (router, "GET", "/");
    add (router, "GET", "/a");
    add (router, "HEAD", "/a/**");
    add (router, "POST", "/a/:x?");
    add (router, "*", "/a/b");
    add (router, "GET BREW", "/%2F");
    add (router, "POST", "/only-post");
    add (router, "GET", "/:any");
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        for (guint m = 0; m < G_N_ELEMENTS (methods); m++)
            before[i][m] = match (router, methods[m], paths[i]);
    }
    ck_assert_ptr_nonnull (before[3][0]);
    ck_assert (router_freeze (router, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        for (guint m = 0; m < G_N_ELEMENTS (methods); m++)
            ck_assert_ptr_eq (match (router, methods[m], paths[i]), before[i][m]);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "statics", statics_find_what_was_added_and_nothing_else,
                    statics_leave_patterns_with_parameters_out,
                    statics_find_the_stem_of_one_parameter_behind_literals, NULL);
    suite_add_case (suite, "router", router_answers_the_same_for_static_paths_once_it_is_frozen,
                    NULL);
}

int
main (void)
{
    return suite_run ("route/route-statics", add_tests);
}
