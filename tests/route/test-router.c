/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/route/route-inside.h"
#include "h3/route/router.h"
#include "tests/support/suite.h"

#include <pthread.h>

static H3Route *
add (Router *router, const char *methods, const char *pattern)
{
    g_autoptr (GError) error = NULL;
    H3Route *route = router_add (router, methods, pattern, NULL, NULL, &error);

    ck_assert_msg (route != NULL, "%s", error != NULL ? error->message : "");
    return route;
}

static RouterResult
match (const Router *router, const char *method, const char *path, RouterMatch *out_match)
{
    return router_match (router, h3_view_of (method), h3_view_of (path), out_match);
}

/* The path leads to `methods pattern` with the parameters `values`, each followed by a semicolon;
 * to none when `route` is NULL. */
static void
assert_leads (const Router *router, const char *method, const char *path, const char *route,
              const char *values)
{
    RouterMatch found;
    g_autofree char *label = NULL;
    g_autoptr (GString) text = g_string_new (NULL);

    if (route == NULL) {
        ck_assert_msg (match (router, method, path, &found) != ROUTER_FOUND, "%s %s", method, path);
        return;
    }
    ck_assert_msg (match (router, method, path, &found) == ROUTER_FOUND, "%s %s", method, path);
    label = g_strconcat (h3_route_get_methods (found.route), " ",
                         h3_route_get_pattern (found.route), NULL);
    ck_assert_str_eq (label, route);
    for (guint i = 0; i < found.n_params; i++) {
        H3View raw = router_match_get_raw (&found, h3_view_of (path), i);

        ck_assert_uint_le (found.params[i].offset + found.params[i].length, strlen (path));
        g_string_append_printf (text, "%.*s;", H3_VIEW_ARGS (raw));
    }
    ck_assert_str_eq (text->str, values);
}

START_TEST (router_prefers_literal_regex_parameter_wildcard_optional_rest)
{
    static const char *const patterns[] = { "/a/lit", "/a/:n([0-9]+)", "/a/:p",
                                            "/a/*",   "/a/:o?",        "/a/**" };
    g_autoptr (Router) router = router_new ();

    for (int i = G_N_ELEMENTS (patterns) - 1; i >= 0; i--) {
        g_autofree char *label = g_strconcat ("GET ", patterns[i], NULL);

        add (router, "GET", patterns[i]);
        assert_leads (router, "GET", i == 0 ? "/a/lit" : "/a/7", label, i == 0 ? "" : "7;");
    }
    assert_leads (router, "GET", "/a/x", "GET /a/:p", "x;");
    assert_leads (router, "GET", "/a", "GET /a/:o?", ";");
    assert_leads (router, "GET", "/a/", "GET /a/**", ";");
    assert_leads (router, "GET", "/a/x/y", "GET /a/**", "x/y;");
}
END_TEST

START_TEST (router_turns_back_where_a_more_specific_way_leads_nowhere)
{
    g_autoptr (Router) router = router_new ();

    add (router, "GET", "/users/new/form");
    add (router, "GET", "/users/:id/posts");
    add (router, "GET", "/:any/news/:b/c");
    add (router, "GET", "/**:rest");
    assert_leads (router, "GET", "/users/new/posts", "GET /users/:id/posts", "new;");
    assert_leads (router, "GET", "/users/newer/posts", "GET /users/:id/posts", "newer;");
    assert_leads (router, "GET", "/users/news/x/c", "GET /:any/news/:b/c", "users;x;");
    assert_leads (router, "GET", "/users/news/x/d", "GET /**:rest", "users/news/x/d;");
    assert_leads (router, "GET", "/", "GET /**:rest", ";");
}
END_TEST

START_TEST (router_lets_parameters_of_one_place_have_different_names)
{
    g_autoptr (Router) router = router_new ();
    RouterMatch found;

    add (router, "GET", "/u/:id");
    add (router, "PUT", "/u/:name");
    add (router, "GET", "/u/:other/x");
    assert_leads (router, "PUT", "/u/1", "PUT /u/:name", "1;");
    assert_leads (router, "GET", "/u/1/x", "GET /u/:other/x", "1;");
    ck_assert_int_eq (match (router, "PUT", "/u/1", &found), ROUTER_FOUND);
    ck_assert_str_eq (h3_route_get_param_name (found.route, 0), "name");
}
END_TEST

START_TEST (router_trailing_slash_counts)
{
    g_autoptr (Router) router = router_new ();

    add (router, "GET", "/a");
    add (router, "GET", "/b/");
    add (router, "GET", "/c/:x?");
    add (router, "GET", "/d/:x");
    add (router, "GET", "/e/*");
    assert_leads (router, "GET", "/a/", NULL, NULL);
    assert_leads (router, "GET", "/b", NULL, NULL);
    assert_leads (router, "GET", "/c/", NULL, NULL);
    assert_leads (router, "GET", "/c/x/", NULL, NULL);
    assert_leads (router, "GET", "/d/", NULL, NULL);
    assert_leads (router, "GET", "/d/x/", NULL, NULL);
    assert_leads (router, "GET", "/e/", NULL, NULL);
    assert_leads (router, "GET", "/e//", NULL, NULL);
}
END_TEST

START_TEST (router_escaped_slash_stays_in_its_segment_and_is_decoded_once)
{
    g_autoptr (Router) router = router_new ();
    H3View path = H3_VIEW ("/f/a%2Fb%5C%252F");
    char decoded[sizeof "/f/a%2Fb%5C%252F"];
    RouterMatch found;

    add (router, "GET", "/f/:name");
    ck_assert_int_eq (router_match (router, H3_VIEW ("GET"), path, &found), ROUTER_FOUND);
    decoded[pattern_decode (router_match_get_raw (&found, path, 0), decoded)] = '\0';
    ck_assert_str_eq (decoded, "a/b\\%2F");
}
END_TEST

START_TEST (router_refuses_a_twin_and_names_both)
{
    static const char *const twins[][2] = {
        { "/a/:x", "/a/:y" },   { "/b/:x(1)", "/b/:y(1)" }, { "/c/*", "/c/*:n" },
        { "/d/**", "/d/**:n" }, { "/e/:x?", "/e/:y?" },     { "/", "/" },
        { "/f%2fg", "/f%2Fg" }, { "/**", "/**:rest" },      { "/:o?", "/:p?" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (twins); i++) {
        g_autoptr (Router) router = router_new ();
        g_autoptr (GError) error = NULL;
        g_autofree char *first = g_strconcat ("GET POST ", twins[i][0], NULL);
        g_autofree char *second = g_strconcat ("POST ", twins[i][1], NULL);

        add (router, "GET POST", twins[i][0]);
        ck_assert_ptr_null (router_add (router, "POST PUT", twins[i][1], NULL, NULL, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS));
        ck_assert_ptr_nonnull (strstr (error->message, first));
        ck_assert_ptr_nonnull (strstr (error->message, second));
        ck_assert_uint_eq (router_count_routes (router), 1);
        add (router, "PUT", twins[i][1]);
        add (router, "*", twins[i][1]);
        ck_assert_ptr_null (router_add (router, "*", twins[i][0], NULL, NULL, NULL));
    }
}
END_TEST

START_TEST (router_takes_patterns_that_only_look_alike)
{
    g_autoptr (Router) router = router_new ();

    add (router, "GET", "/a/:x");
    add (router, "GET", "/a/*");
    add (router, "GET", "/a/:x?");
    add (router, "GET", "/a/**");
    add (router, "GET", "/a");
    add (router, "GET", "/a/");
    add (router, "GET", "/a/:x([0-9]+)");
    add (router, "GET", "/a/:x([a-z]+)");
    ck_assert_uint_eq (router_count_routes (router), 8);
    ck_assert_str_eq (h3_route_get_pattern (router_get_route (router, 7)), "/a/:x([a-z]+)");
    ck_assert_uint_eq (route_get_index (router_get_route (router, 7)), 7);
}
END_TEST

START_TEST (router_prefers_a_named_method_to_any_at_one_pattern)
{
    g_autoptr (Router) router = router_new ();

    add (router, "*", "/a");
    add (router, "GET", "/a");
    add (router, "GET", "/:p");
    add (router, "*", "/b");
    assert_leads (router, "GET", "/a", "GET /a", "");
    assert_leads (router, "POST", "/a", "* /a", "");
    assert_leads (router, "BREW", "/a", "* /a", "");
    assert_leads (router, "GET", "/b", "* /b", "");
}
END_TEST

START_TEST (router_turns_back_for_the_method_too)
{
    g_autoptr (Router) router = router_new ();

    add (router, "GET", "/users/me");
    add (router, "POST", "/users/:id");
    assert_leads (router, "POST", "/users/me", "POST /users/:id", "me;");
}
END_TEST

START_TEST (router_head_falls_back_to_get_and_an_explicit_one_wins)
{
    g_autoptr (Router) router = router_new ();

    add (router, "GET", "/a");
    add (router, "*", "/a");
    add (router, "HEAD", "/b");
    add (router, "GET", "/b");
    add (router, "POST", "/c");
    assert_leads (router, "HEAD", "/a", "GET /a", "");
    assert_leads (router, "HEAD", "/b", "HEAD /b", "");
    assert_leads (router, "HEAD", "/c", NULL, NULL);
}
END_TEST

START_TEST (router_knows_custom_methods_by_name_and_case)
{
    g_autoptr (Router) router = router_new ();

    add (router, "BREW QUERY", "/a");
    assert_leads (router, "BREW", "/a", "BREW QUERY /a", "");
    assert_leads (router, "QUERY", "/a", "BREW QUERY /a", "");
    assert_leads (router, "brew", "/a", NULL, NULL);
    ck_assert_uint_eq (router_find_method (router, H3_VIEW ("WHEN")), H3_METHOD_OTHER);
    ck_assert_uint_ne (router_find_method (router, H3_VIEW ("BREW")), H3_METHOD_OTHER);
    ck_assert_uint_eq (router_find_method (router, H3_VIEW ("DELETE")), H3_METHOD_DELETE);
}
END_TEST

START_TEST (router_refuses_methods_that_cannot_be)
{
    static const char *const lists[] = { "",
                                         " ",
                                         "get",
                                         "GET post",
                                         "G\xc3\x89T",
                                         "GET,POST",
                                         "* GET",
                                         "GET *",
                                         "A/B",
                                         "GET\tPOST",
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG" };
    g_autoptr (Router) router = router_new ();

    for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (router_add (router, lists[i], "/", NULL, NULL, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
    add (router, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF", "/");
}
END_TEST

START_TEST (router_bounds_its_methods)
{
    g_autoptr (Router) router = router_new ();
    g_autoptr (GError) error = NULL;

    for (int i = H3_N_METHODS; i < METHODS_MAX_OF_ROUTER; i++) {
        g_autofree char *method = g_strdup_printf ("M%d", i);

        add (router, method, "/a");
    }
    ck_assert_ptr_null (router_add (router, "M64", "/a", NULL, NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT));
    assert_leads (router, "M63", "/a", "M63 /a", "");
    assert_leads (router, "M64", "/a", NULL, NULL);
}
END_TEST

START_TEST (router_tells_a_wrong_method_from_a_wrong_path)
{
    g_autoptr (Router) router = router_new ();
    RouterMatch found;

    add (router, "GET", "/a/:x");
    add (router, "PUT", "/a/*");
    ck_assert_int_eq (match (router, "POST", "/a/1", &found), ROUTER_METHOD_NOT_ALLOWED);
    ck_assert_int_eq (match (router, "BREW", "/a/1", &found), ROUTER_METHOD_NOT_ALLOWED);
    ck_assert_int_eq (match (router, "OPTIONS", "/a/1", &found), ROUTER_METHOD_NOT_ALLOWED);
    ck_assert_int_eq (match (router, "POST", "/b/1", &found), ROUTER_NOT_FOUND);
    ck_assert_int_eq (match (router, "OPTIONS", "*", &found), ROUTER_NOT_FOUND);
    ck_assert_int_eq (match (router, "GET", "", &found), ROUTER_NOT_FOUND);
}
END_TEST

START_TEST (router_allow_lists_the_methods_of_all_routes_that_fit)
{
    g_autoptr (Router) router = router_new ();
    g_autoptr (H3Arena) arena = h3_arena_new ();

    add (router, "ZAP GET BREW", "/a/:x");
    add (router, "PUT", "/a/**");
    add (router, "DELETE", "/a/:x/y");
    add (router, "*", "/b");
    add (router, "TRACE", "/b");
    ck_assert_str_eq (router_format_allow (router, H3_VIEW ("/a/1"), arena),
                      "GET, HEAD, PUT, OPTIONS, BREW, ZAP");
    ck_assert_str_eq (router_format_allow (router, H3_VIEW ("/a"), arena), "PUT, OPTIONS");
    ck_assert_str_eq (router_format_allow (router, H3_VIEW ("/b"), arena),
                      "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY, TRACE");
    ck_assert_ptr_null (router_format_allow (router, H3_VIEW ("/c"), arena));
}
END_TEST

static char *
repeat (const char *text, guint n)
{
    GString *all = g_string_new (NULL);

    while (n-- > 0)
        g_string_append (all, text);
    return g_string_free (all, FALSE);
}

START_TEST (router_finds_no_path_of_more_than_128_segments)
{
    g_autoptr (Router) router = router_new ();
    g_autofree char *longer = repeat ("/a", 129);
    g_autofree char *slashes = repeat ("/", 129);
    g_autofree char *rest = g_strconcat (longer + 3, ";", NULL);

    add (router, "GET", "/**");
    assert_leads (router, "GET", longer + 2, "GET /**", rest);
    assert_leads (router, "GET", longer, NULL, NULL);
    assert_leads (router, "GET", slashes, NULL, NULL);
    ck_assert_int_eq (match (router, "GET", slashes + 1, &(RouterMatch){ 0 }), ROUTER_FOUND);
}
END_TEST

/* Every sequence of "a" and a parameter, ten segments deep, with a tail that only the last of them
 * to be tried can have: all of the tree is walked, and no more than that. */
START_TEST (router_walks_each_branch_once_at_most)
{
    g_autoptr (Router) router = router_new ();
    g_autofree char *head = repeat ("/a", 10);
    g_autofree char *tail = repeat ("/a", 117);
    g_autofree char *path = g_strconcat (head, tail, "/z", NULL);
    RouterMatch found;

    for (guint bits = 0; bits < 1024; bits++) {
        g_autoptr (GString) pattern = g_string_new (NULL);

        for (guint i = 0; i < 10; i++)
            g_string_append_printf (pattern, (bits >> i) & 1 ? "/:p%u" : "/a", i);
        g_string_append_printf (pattern, "%s/%s", tail, bits == 1023 ? "z" : "y");
        add (router, "GET", pattern->str);
    }
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq (match (router, "GET", path, &found), ROUTER_FOUND);
        ck_assert_uint_eq (found.n_params, 10);
        path[strlen (path) - 1] = 'x';
        ck_assert_int_eq (match (router, "GET", path, &found), ROUTER_NOT_FOUND);
        path[strlen (path) - 1] = 'z';
    }
}
END_TEST

START_TEST (router_captures_32_parameters_on_the_way_to_128_segments)
{
    g_autoptr (Router) router = router_new ();
    g_autoptr (GString) pattern = g_string_new (NULL);
    g_autofree char *path = repeat ("/a/a/a/a", 32);
    RouterMatch found;

    for (guint i = 0; i < 32; i++)
        g_string_append_printf (pattern, "/a/:p%u/a/a", i);
    add (router, "GET", pattern->str);
    ck_assert_int_eq (match (router, "GET", path, &found), ROUTER_FOUND);
    ck_assert_uint_eq (found.n_params, 32);
    for (guint i = 0; i < 32; i++)
        ck_assert_uint_eq (found.params[i].offset, i * 8 + 3);
}
END_TEST

START_TEST (router_tells_literals_of_common_beginnings_apart)
{
    static const char *const paths[] = { "/romane", "/romanus", "/romulus",    "/rubens",
                                         "/ruber",  "/rubicon", "/rubicundus", "/r",
                                         "/",       "/rom",     "/é",          "/ê" };
    g_autoptr (Router) router = router_new ();

    for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
        add (router, "GET", paths[i]);
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autofree char *label = g_strconcat ("GET ", paths[i], NULL);

        assert_leads (router, "GET", paths[i], label, "");
    }
    assert_leads (router, "GET", "/ro", NULL, NULL);
    assert_leads (router, "GET", "/romanes", NULL, NULL);
    assert_leads (router, "GET", "/\xc3", NULL, NULL);
}
END_TEST

static void
count (gpointer data)
{
    (*(int *) data)++;
}

START_TEST (router_owns_targets_of_routes_it_took_only)
{
    g_autoptr (Router) router = router_new ();
    int n_taken = 0, n_refused = 0;
    H3Route *route = router_add (router, "GET", "/a", &n_taken, count, NULL);

    ck_assert_ptr_eq (route_get_target (route), &n_taken);
    ck_assert_ptr_null (router_add (router, "GET", "/a", &n_refused, count, NULL));
    ck_assert_ptr_null (router_add (router, "GET", "a", &n_refused, count, NULL));
    ck_assert_ptr_null (router_add (router, "get", "/b", &n_refused, count, NULL));
    g_clear_pointer (&router, router_free);
    ck_assert_int_eq (n_taken, 1);
    ck_assert_int_eq (n_refused, 0);
}
END_TEST

static void *
match_often (void *data)
{
    const Router *router = data;
    RouterMatch found;

    for (int i = 0; i < 500; i++) {
        if (match (router, "GET", "/a/42/x", &found) != ROUTER_FOUND || found.n_params != 1
            || match (router, "HEAD", "/a/b/c", &found) != ROUTER_FOUND
            || match (router, "PUT", "/a/b/c", &found) != ROUTER_METHOD_NOT_ALLOWED
            || router_find_by_name (router, "n") == NULL)
            return data;
    }
    return NULL;
}

START_TEST (router_matches_on_many_threads_once_frozen)
{
    g_autoptr (Router) router = router_new ();
    pthread_t threads[4];
    void *failed;

    h3_route_set_name (add (router, "GET", "/a/:n([0-9]+)/x"), "n");
    add (router, "GET", "/a/:p/:q");
    ck_assert (router_freeze (router, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, match_often, router), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
        ck_assert_int_eq (pthread_join (threads[i], &failed), 0);
        ck_assert_ptr_null (failed);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "paths", router_prefers_literal_regex_parameter_wildcard_optional_rest,
                    router_turns_back_where_a_more_specific_way_leads_nowhere,
                    router_lets_parameters_of_one_place_have_different_names,
                    router_trailing_slash_counts,
                    router_escaped_slash_stays_in_its_segment_and_is_decoded_once,
                    router_tells_literals_of_common_beginnings_apart, NULL);
    suite_add_case (suite, "registration", router_refuses_a_twin_and_names_both,
                    router_takes_patterns_that_only_look_alike,
                    router_refuses_methods_that_cannot_be, router_bounds_its_methods,
                    router_owns_targets_of_routes_it_took_only, NULL);
    suite_add_case (suite, "methods", router_prefers_a_named_method_to_any_at_one_pattern,
                    router_turns_back_for_the_method_too,
                    router_head_falls_back_to_get_and_an_explicit_one_wins,
                    router_knows_custom_methods_by_name_and_case,
                    router_tells_a_wrong_method_from_a_wrong_path,
                    router_allow_lists_the_methods_of_all_routes_that_fit, NULL);
    suite_add_case (suite, "bounds", router_finds_no_path_of_more_than_128_segments,
                    router_walks_each_branch_once_at_most,
                    router_captures_32_parameters_on_the_way_to_128_segments, NULL);
    suite_add_case (suite, "threads", router_matches_on_many_threads_once_frozen, NULL);
}

int
main (void)
{
    return suite_run ("route/router", add_tests);
}
