/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/route/router.h"
#include "tests/support/suite.h"

static H3Route *
add (Router *router, const char *pattern)
{
    g_autoptr (GError) error = NULL;
    H3Route *route = router_add (router, "GET", pattern, NULL, NULL, &error);

    ck_assert_msg (route != NULL, "%s", error != NULL ? error->message : "");
    return route;
}

static void
count (gpointer data)
{
    (*(int *) data)++;
}

START_TEST (route_tells_what_it_was_registered_with)
{
    g_autoptr (Router) router = router_new ();
    H3Route *route = router_add (router, "GET  POST", "/a/:b", NULL, NULL, NULL);

    ck_assert_str_eq (h3_route_get_methods (route), "GET  POST");
    ck_assert_str_eq (h3_route_get_pattern (route), "/a/:b");
    ck_assert_str_eq (h3_route_get_param_name (route, 0), "b");
    ck_assert_ptr_null (h3_route_get_param_name (route, 1));
    ck_assert_ptr_null (h3_route_get_name (route));
    ck_assert_int_eq (h3_route_get_body_mode (route), H3_BODY_BUFFERED);
    ck_assert_uint_eq (h3_route_get_body_max (route), 0);
    ck_assert_uint_eq (h3_route_get_deadline (route), 0);
}
END_TEST

START_TEST (route_keeps_its_wishes)
{
    g_autoptr (Router) router = router_new ();
    H3Route *route = add (router, "/a");

    h3_route_set_name (route, "first");
    h3_route_set_name (route, "second");
    h3_route_set_body (route, H3_BODY_STREAMED, 12345);
    h3_route_set_deadline (route, 250);
    ck_assert_str_eq (h3_route_get_name (route), "second");
    ck_assert_int_eq (h3_route_get_body_mode (route), H3_BODY_STREAMED);
    ck_assert_uint_eq (h3_route_get_body_max (route), 12345);
    ck_assert_uint_eq (h3_route_get_deadline (route), 250);
    ck_assert_ptr_eq (router_find_by_name (router, "second"), route);
    ck_assert (router_freeze (router, NULL));
    ck_assert_ptr_eq (router_find_by_name (router, "second"), route);
    ck_assert_ptr_null (router_find_by_name (router, "first"));
}
END_TEST

START_TEST (route_destroys_data_once_when_replaced_removed_or_freed)
{
    g_autoptr (Router) router = router_new ();
    H3Route *route = add (router, "/a");
    int n[3] = { 0 };

    h3_route_set_data_full (route, "k", &n[0], count);
    h3_route_set_data_full (route, "k", &n[1], count);
    ck_assert_ptr_eq (h3_route_get_data (route, "k"), &n[1]);
    ck_assert_int_eq (n[0], 1);
    h3_route_set_data_full (route, "l", &n[2], count);
    h3_route_set_data_full (route, "l", NULL, NULL);
    ck_assert_ptr_null (h3_route_get_data (route, "l"));
    ck_assert_int_eq (n[2], 1);
    ck_assert_int_eq (n[1], 0);
    g_clear_pointer (&router, router_free);
    ck_assert_int_eq (n[0], 1);
    ck_assert_int_eq (n[1], 1);
}
END_TEST

START_TEST (route_outlives_its_router_while_referenced)
{
    Router *router = router_new ();
    int n = 0;
    g_autoptr (H3Route) route = h3_route_ref (router_add (router, "*", "/a", &n, count, NULL));

    router_free (router);
    ck_assert_int_eq (n, 0);
    ck_assert_str_eq (h3_route_get_pattern (route), "/a");
    g_clear_pointer (&route, h3_route_unref);
    ck_assert_int_eq (n, 1);
}
END_TEST

static guint n_criticals;

static GLogWriterOutput
count_critical (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    if (level & G_LOG_LEVEL_CRITICAL)
        n_criticals++;
    return G_LOG_WRITER_HANDLED;
}

START_TEST (route_refuses_changes_once_frozen)
{
    g_autoptr (Router) router = router_new ();
    H3Route *route = add (router, "/a");

    ck_assert (router_freeze (router, NULL));
    ck_assert (router_freeze (router, NULL));
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    g_log_set_writer_func (count_critical, NULL, NULL);
    h3_route_set_name (route, "n");
    h3_route_set_data_full (route, "k", route, NULL);
    h3_route_set_body (route, H3_BODY_NONE, 0);
    h3_route_set_deadline (route, 1);
    ck_assert_ptr_null (router_add (router, "GET", "/b", NULL, NULL, NULL));
    ck_assert_uint_eq (n_criticals, 5);
    ck_assert_ptr_null (h3_route_get_name (route));
    ck_assert_ptr_null (h3_route_get_data (route, "k"));
    ck_assert_int_eq (h3_route_get_body_mode (route), H3_BODY_BUFFERED);
    ck_assert_uint_eq (h3_route_get_deadline (route), 0);
    ck_assert_uint_eq (router_count_routes (router), 1);
}
END_TEST

START_TEST (route_names_are_unique_in_a_router)
{
    g_autoptr (Router) router = router_new ();
    g_autoptr (GError) error = NULL;

    h3_route_set_name (add (router, "/a"), "same");
    h3_route_set_name (add (router, "/b"), "same");
    ck_assert (!router_freeze (router, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS));
    ck_assert_ptr_nonnull (strstr (error->message, "GET /a"));
    ck_assert_ptr_nonnull (strstr (error->message, "GET /b"));
    h3_route_set_name (router_get_route (router, 1), "other");
    ck_assert (router_freeze (router, NULL));
}
END_TEST

#define assert_path(route, expected, ...)                                                          \
    do {                                                                                           \
        g_autoptr (GError) fault = NULL;                                                           \
        g_autofree char *path = h3_route_build_path (route, &fault, __VA_ARGS__, NULL);            \
                                                                                                   \
        ck_assert_msg (path != NULL, "%s", fault != NULL ? fault->message : "");                   \
        ck_assert_str_eq (path, expected);                                                         \
    } while (0)

#define assert_no_path(route, hint, ...)                                                           \
    do {                                                                                           \
        g_autoptr (GError) fault = NULL;                                                           \
        g_autofree char *path = h3_route_build_path (route, &fault, __VA_ARGS__, NULL);            \
                                                                                                   \
        ck_assert_msg (path == NULL, "built %s", path);                                            \
        ck_assert (g_error_matches (fault, H3_ERROR, H3_ERROR_INVALID));                           \
        ck_assert_msg (strstr (fault->message, hint) != NULL, "%s", fault->message);               \
    } while (0)

START_TEST (route_builds_paths_with_values_encoded_as_segments)
{
    g_autoptr (Router) router = router_new ();
    H3Route *route = add (router, "/ü%2F/:a/:b([0-9]+)/*");

    assert_path (route, "/%C3%BC%2F/x%2Fy%20%25%3F%5C/7/..%2F", "a", "x/y %?\\", "b", "7", "0",
                 "../");
    assert_path (route, "/%C3%BC%2F/-._~!$&'()*+,;=:@/7/%C3%A9", "0", "é", "b", "7", "a",
                 "-._~!$&'()*+,;=:@");
}
END_TEST

START_TEST (route_leaves_out_what_may_be_absent)
{
    g_autoptr (Router) router = router_new ();

    assert_path (add (router, "/"), "/", NULL);
    assert_path (add (router, "/a/"), "/a/", NULL);
    assert_path (add (router, "/a/:b?"), "/a", NULL);
    assert_path (add (router, "/b/:b?"), "/b/x", "b", "x");
    assert_path (add (router, "/:b?"), "/", "b", "");
    assert_path (add (router, "/**"), "/", NULL);
    assert_path (add (router, "/c/**:r"), "/c", "r", "");
    assert_path (add (router, "/d/**:r"), "/d/x/y%20z//", "r", "x/y z//");
}
END_TEST

START_TEST (route_refuses_values_that_would_lead_elsewhere)
{
    g_autoptr (Router) router = router_new ();
    H3Route *param = add (router, "/a/:p");
    H3Route *rest = add (router, "/**:r");
    H3Route *digits = add (router, "/c/:d([0-9]+)");

    assert_no_path (param, "no value", NULL);
    assert_no_path (param, "empty", "p", "");
    assert_no_path (param, "dot segment", "p", "..");
    assert_no_path (param, "dot segment", "p", ".");
    assert_no_path (param, "UTF-8", "p", "\xff");
    assert_no_path (param, "no parameter \"q\"", "p", "x", "q", "y");
    assert_no_path (rest, "dot segment", "r", "a/../b");
    assert_no_path (rest, "begins with a slash", "r", "/evil.example");
    assert_no_path (digits, "regex", "d", "x");
}
END_TEST

START_TEST (route_builds_paths_from_a_table_too)
{
    g_autoptr (Router) router = router_new ();
    g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GError) error = NULL;
    H3Route *route = add (router, "/a/:p");
    g_autofree char *path = NULL;

    ck_assert_ptr_null (h3_route_build_path_from_table (route, NULL, NULL));
    g_hash_table_insert (values, (char *) "p", (char *) "x y");
    path = h3_route_build_path_from_table (route, values, NULL);
    ck_assert_str_eq (path, "/a/x%20y");
    g_hash_table_insert (values, (char *) "q", (char *) "z");
    ck_assert_ptr_null (h3_route_build_path_from_table (route, values, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "meta", route_tells_what_it_was_registered_with, route_keeps_its_wishes,
                    route_destroys_data_once_when_replaced_removed_or_freed,
                    route_outlives_its_router_while_referenced, route_refuses_changes_once_frozen,
                    route_names_are_unique_in_a_router, NULL);
    suite_add_case (suite, "reverse", route_builds_paths_with_values_encoded_as_segments,
                    route_leaves_out_what_may_be_absent,
                    route_refuses_values_that_would_lead_elsewhere,
                    route_builds_paths_from_a_table_too, NULL);
}

int
main (void)
{
    return suite_run ("route/route", add_tests);
}
