/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/base/error.h>
#include <h3/route/chain.h>

#include <glib-object.h>

static void
say_param (H3Event *event, gpointer user_data)
{
    const char *value = h3_event_get_param (event, user_data);

    h3_event_send_text (event, value != NULL ? value : "(none)");
}

START_TEST (mounted_routes_stand_below_their_prefix)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3App) child = h3_app_new ();
    H3App *deep = h3_app_group (child, "/deep/er");

    h3_app_get (child, "/", say, (gpointer) "child");
    h3_app_get (child, "/x", say, (gpointer) "x");
    h3_app_get (deep, "/:id", say_param, (gpointer) "id");
    h3_app_get (app, "/apiv2", say, (gpointer) "v2");
    h3_app_mount (app, "/api/", child);
    assert_gets (app, "/api", "child");
    assert_gets (app, "/api/x", "x");
    assert_gets (app, "/api/deep/er/7", "7");
    assert_gets (app, "/apiv2", "v2");
    ck_assert_uint_eq (ask_status (app, "GET", "/x"), 404);
    ck_assert_uint_eq (ask_status (app, "GET", "/apix"), 404);
    ck_assert_uint_eq (ask_status (app, "GET", "/deep/er/7"), 404);
}
END_TEST

START_TEST (apps_mounted_at_the_root_stand_beside)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/");

    h3_app_get (group, "/", say, (gpointer) "root");
    h3_app_get (group, "/x", say, (gpointer) "x");
    assert_gets (app, "/", "root");
    assert_gets (app, "/x", "x");
}
END_TEST

START_TEST (prefixes_are_canonical)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/caf%C3%A9");

    h3_app_get (group, "/x", say, (gpointer) "x");
    h3_app_use (group, "/", h3_middleware_new (say, (gpointer) "seen", NULL));
    assert_gets (app, "/caf%c3%a9/x", "seen");
    assert_gets (app, "/caf%C3%A9/none", "seen");
}
END_TEST

static const char *const bad_prefixes[] = { "api", "", "/:id", "/a/*", "/a?b", "/**", "/#" };

START_TEST (prefixes_that_cannot_be_are_told)
{
    const char *prefix = bad_prefixes[_i];
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3App) other = h3_app_new ();
    g_autoptr (H3App) child = h3_app_new ();
    g_autoptr (GError) error = NULL;

    h3_app_use (app, prefix, h3_middleware_new (say, NULL, NULL));
    ck_assert_ptr_null (h3_app_inject (app, "GET", "/", NULL, NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_nonnull (strstr (error->message, "prefix"));
    g_clear_error (&error);
    h3_app_mount (other, prefix, child);
    ck_assert (!h3_app_start (other, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (an_app_is_never_mounted_in_itself)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/a");

    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*can_mount*");
    h3_app_mount (group, "/b", app);
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*can_mount*");
    h3_app_mount (app, "/b", app);
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*can_mount*");
    h3_app_mount (app, "/b", group);
    g_test_assert_expected_messages ();
    ck_assert_uint_eq (ask_status (app, "GET", "/"), 404);
}
END_TEST

START_TEST (missing_routes_are_told_apart)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) wrong = NULL;
    g_autoptr (H3Injected) options = NULL;
    g_autoptr (H3Injected) server = NULL;

    h3_app_get (app, "/x", say, (gpointer) "x");
    h3_app_put (app, "/x", say, (gpointer) "put");
    ck_assert_uint_eq (ask_status (app, "GET", "/y"), 404);
    ck_assert_uint_eq (ask_status (app, "BREW", "/x"), 501);
    wrong = ask (app, "POST", "/x");
    ck_assert_uint_eq (h3_injected_get_status (wrong), 405);
    ck_assert_str_eq (h3_injected_get_header (wrong, "Allow"), "GET, HEAD, PUT, OPTIONS");
    ck_assert_str_eq (h3_injected_get_header (wrong, "Content-Type"), "application/problem+json");
    options = ask (app, "OPTIONS", "/x");
    ck_assert_uint_eq (h3_injected_get_status (options), 204);
    ck_assert_str_eq (h3_injected_get_header (options, "Allow"), "GET, HEAD, PUT, OPTIONS");
    ck_assert_uint_eq (ask_status (app, "OPTIONS", "/y"), 404);
    server = ask (app, "OPTIONS", "*");
    ck_assert_uint_eq (h3_injected_get_status (server), 204);
    ck_assert_ptr_nonnull (h3_injected_get_header (server, "Allow"));
}
END_TEST

START_TEST (routes_for_any_method_take_unknown_ones)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_all (app, "/any", say, (gpointer) "any");
    h3_app_route (app, "BREW WHEN", "/pot", say, (gpointer) "tea", NULL);
    assert_answer (ask (app, "PROPFIND", "/any"), 200, "any");
    assert_answer (ask (app, "WHEN", "/pot"), 200, "tea");
    ck_assert_uint_eq (ask_status (app, "BREW", "/none"), 404);
    ck_assert_uint_eq (ask_status (app, "GET", "/pot"), 405);
}
END_TEST

START_TEST (head_is_a_get_without_its_body)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) head = NULL;
    g_autoptr (H3Injected) own = NULL;

    h3_app_get (app, "/x", say, (gpointer) "twelve bytes");
    h3_app_get (app, "/own", say, (gpointer) "get");
    h3_app_head (app, "/own", say, (gpointer) "head!");
    head = ask (app, "HEAD", "/x");
    ck_assert_uint_eq (h3_injected_get_status (head), 200);
    ck_assert_str_eq (h3_injected_get_header (head, "Content-Length"), "12");
    ck_assert_str_eq (h3_injected_get_text (head), "");
    own = ask (app, "HEAD", "/own");
    ck_assert_str_eq (h3_injected_get_header (own, "Content-Length"), "5");
}
END_TEST

static void
echo_query (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));

    h3_event_send_bytes (event, "text/plain", body);
}

START_TEST (query_is_a_method)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_route (app, "QUERY", "/search", echo_query, NULL, NULL);
    assert_answer (ask_body (app, "QUERY", "/search", "text/plain", "what"), 200, "what");
    ck_assert_uint_eq (ask_status (app, "GET", "/search"), 405);
}
END_TEST

static void
say_path (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_request_get_path (h3_event_get_request (event)));
}

static const struct {
    const char *target, *path;
} paths[] = {
    { "/a/../b", "/b" },    { "/../../b", "/b" },        { "/%61%2e", "/a." },
    { "/a%2Fb", "/a%2Fb" }, { "/%2e%2e/b", "/b" },       { "//b", "/b" },
    { "/%5c", "/%5C" },     { "/a/./b/", "/a/b/" },      { "/%2525", "/%2525" },
    { "/a?x=/../y", "/a" }, { "http://localhost", "/" },
};

START_TEST (all_see_one_canonical_path)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_use (app, "/", h3_middleware_new (say_path, NULL, NULL));
    assert_gets (app, paths[_i].target, paths[_i].path);
}
END_TEST

START_TEST (dot_segments_do_not_get_around_middleware)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/**", say, (gpointer) "open");
    h3_app_use (app, "/admin", h3_middleware_new (say, (gpointer) "guarded", NULL));
    assert_gets (app, "/x", "open");
    assert_gets (app, "/administrator", "open");
    assert_gets (app, "/x/../admin/y", "guarded");
    assert_gets (app, "//admin", "guarded");
    assert_gets (app, "/%61dmin/", "guarded");
}
END_TEST

START_TEST (parameters_are_decoded_once)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/p/:id", say_param, (gpointer) "id");
    h3_app_get (app, "/n/:n(\\d+)", say_param, (gpointer) "n");
    h3_app_get (app, "/o/:o?", say_param, (gpointer) "o");
    h3_app_get (app, "/w/*", say_param, (gpointer) "0");
    h3_app_get (app, "/r/**:rest", say_param, (gpointer) "rest");
    assert_gets (app, "/p/a%2Fb%20c", "a/b c");
    assert_gets (app, "/p/%2541", "%41");
    assert_gets (app, "/n/12", "12");
    ck_assert_uint_eq (ask_status (app, "GET", "/n/x"), 404);
    assert_gets (app, "/o", "");
    assert_gets (app, "/o/1", "1");
    assert_gets (app, "/w/any", "any");
    assert_gets (app, "/r/a/b", "a/b");
    ck_assert_uint_eq (ask_status (app, "GET", "/p/%ff"), 400);
}
END_TEST

static void
say_route (H3Event *event, gpointer user_data)
{
    const H3Route *route = h3_event_get_route (event);
    g_autofree char *text = g_strdup_printf ("%s %s %s", h3_route_get_name (route),
                                             (const char *) h3_route_get_data (route, "role"),
                                             h3_event_get_route_label (event));

    h3_event_send_text (event, text);
}

START_TEST (routes_show_names_and_data)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/api");
    H3Route *route = h3_app_get (group, "/users/:id", say_route, NULL);
    g_autofree char *path = NULL;

    h3_route_set_name (route, "user");
    h3_route_set_data_full (route, "role", g_strdup ("admin"), g_free);
    assert_gets (app, "/api/users/7", "user admin /api/users/:id");
    path = h3_route_build_path (h3_app_find_route (app, "user"), NULL, "id", "a/b", NULL);
    ck_assert_str_eq (path, "/api/users/a%2Fb");
    ck_assert_ptr_null (h3_app_find_route (app, "nobody"));
    ck_assert_str_eq (h3_route_get_pattern (h3_app_get_route_at (app, 0)), "/api/users/:id");
    ck_assert_ptr_null (h3_app_get_route_at (app, 1));
}
END_TEST

START_TEST (nothing_changes_after_the_start)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/api");
    H3Route *route = h3_app_get (group, "/x", say, (gpointer) "x");

    assert_gets (app, "/api/x", "x");
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*has started*");
    ck_assert_ptr_null (h3_app_get (app, "/y", say, NULL));
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*has started*");
    ck_assert_ptr_null (h3_app_get (group, "/y", say, NULL));
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*");
    h3_route_set_name (route, "late");
    g_test_assert_expected_messages ();
    ck_assert_uint_eq (ask_status (app, "GET", "/y"), 404);
}
END_TEST

static void
count_free (gpointer data)
{
    ++*(guint *) data;
}

static void
assert_does_not_start (H3App *app, H3Error code, const char *names)
{
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_start (app, &error));
    ck_assert_msg (g_error_matches (error, H3_ERROR, (int) code), "%s", error->message);
    ck_assert_msg (strstr (error->message, names) != NULL, "%s", error->message);
    ck_assert (!h3_server_is_running (h3_app_get_server (app)));
    ck_assert_uint_eq (h3_server_get_port (h3_app_get_server (app)), 0);
}

START_TEST (duplicates_keep_an_app_from_starting)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3App) over = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3App) named = h3_app_new_with_preset (H3_PRESET_TESTING);
    guint n_freed = 0;

    h3_app_get (app, "/a/:x", say, NULL);
    ck_assert_ptr_null (h3_app_route (app, "POST GET", "/a/:y", say, &n_freed, count_free));
    assert_does_not_start (app, H3_ERROR_EXISTS, "/a/:");
    ck_assert_uint_eq (n_freed, 0);
    h3_app_get (over, "/g/x", say, NULL);
    h3_app_get (h3_app_group (over, "/g"), "/x", say, NULL);
    assert_does_not_start (over, H3_ERROR_EXISTS, "/g/x");
    h3_route_set_name (h3_app_get (named, "/1", say, NULL), "same");
    h3_route_set_name (h3_app_get (h3_app_group (named, "/g"), "/2", say, NULL), "same");
    assert_does_not_start (named, H3_ERROR_EXISTS, "same");
    g_clear_object (&app);
    ck_assert_uint_eq (n_freed, 1);
}
END_TEST

START_TEST (bad_patterns_keep_an_app_from_starting)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3App) outer = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3App) methods = h3_app_new_with_preset (H3_PRESET_TESTING);

    ck_assert_ptr_null (h3_app_get (app, "/a/:b(", say, NULL));
    h3_app_get (app, "not this one", say, NULL);
    assert_does_not_start (app, H3_ERROR_INVALID, "/a/:b(");
    ck_assert_ptr_null (h3_app_get (h3_app_group (outer, "/g"), "no-slash", say, NULL));
    assert_does_not_start (outer, H3_ERROR_INVALID, "no-slash");
    ck_assert_ptr_null (h3_app_route (methods, "G(T", "/", say, NULL, NULL));
    assert_does_not_start (methods, H3_ERROR_INVALID, "G(T");
}
END_TEST

/* What a route's data was used for. */
typedef struct {
    guint n_asked, n_freed;
} Owned;

static void
count_freed (gpointer data)
{
    ((Owned *) data)->n_freed++;
}

static void
say_method (H3Event *event, gpointer user_data)
{
    ((Owned *) user_data)->n_asked++;
    h3_event_send_text (event, h3_request_get_method_name (h3_event_get_request (event)));
}

START_TEST (routes_of_one_method_may_own_their_data)
{
    static const struct {
        H3Route *(*add) (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                         GDestroyNotify destroy);
        const char *method;
    } verbs[] = { { h3_app_get_full, "GET" },         { h3_app_head_full, "HEAD" },
                  { h3_app_post_full, "POST" },       { h3_app_put_full, "PUT" },
                  { h3_app_patch_full, "PATCH" },     { h3_app_delete_full, "DELETE" },
                  { h3_app_options_full, "OPTIONS" }, { h3_app_all_full, "REPORT" } };
    H3App *app = h3_app_new ();
    Owned owned = { 0, 0 };

    for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
        g_autofree char *path = g_strdup_printf ("/%u", i);

        ck_assert_ptr_nonnull (verbs[i].add (app, path, say_method, &owned, count_freed));
    }
    for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
        g_autofree char *path = g_strdup_printf ("/%u", i);

        ck_assert_uint_eq (ask_status (app, verbs[i].method, path), 200);
    }
    ck_assert_uint_eq (owned.n_asked, G_N_ELEMENTS (verbs));
    ck_assert_uint_eq (owned.n_freed, 0);
    g_object_unref (app);
    ck_assert_uint_eq (owned.n_freed, G_N_ELEMENTS (verbs));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tables = tcase_create ("tables");

    tcase_add_loop_test (tables, all_see_one_canonical_path, 0, G_N_ELEMENTS (paths));
    tcase_add_loop_test (tables, prefixes_that_cannot_be_are_told, 0, G_N_ELEMENTS (bad_prefixes));
    suite_add_tcase (suite, tables);
    suite_add_case (suite, "mount", mounted_routes_stand_below_their_prefix,
                    apps_mounted_at_the_root_stand_beside, prefixes_are_canonical,
                    an_app_is_never_mounted_in_itself, NULL);
    suite_add_case (suite, "methods", missing_routes_are_told_apart,
                    routes_for_any_method_take_unknown_ones, head_is_a_get_without_its_body,
                    query_is_a_method, NULL);
    suite_add_case (suite, "paths", dot_segments_do_not_get_around_middleware,
                    parameters_are_decoded_once, NULL);
    suite_add_case (suite, "registration", routes_show_names_and_data,
                    nothing_changes_after_the_start, duplicates_keep_an_app_from_starting,
                    bad_patterns_keep_an_app_from_starting, routes_of_one_method_may_own_their_data,
                    NULL);
}

int
main (void)
{
    return suite_run ("app/routes", add_cases);
}
