/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/base/error.h>
#include <h3/format/cookie.h>

static H3App *
make_app (H3Handler handler, gpointer user_data)
{
    H3App *app = h3_app_new ();

    h3_app_all (app, "/", handler, user_data);
    return app;
}

static void
send_html (H3Event *event, gpointer user_data)
{
    h3_event_send_html (event, user_data);
}

static void
send_data (H3Event *event, gpointer user_data)
{
    h3_event_send_data (event, "application/octet-stream", user_data, 3);
}

static void
send_json_text (H3Event *event, gpointer user_data)
{
    h3_event_send_json_text (event, user_data);
}

static const struct {
    H3Handler handler;
    const char *body, *type;
} kinds[] = {
    { say, "text", "text/plain; charset=utf-8" },
    { send_html, "<p>", "text/html; charset=utf-8" },
    { send_data, "\001\002\003", "application/octet-stream" },
    { send_json_text, "[1]", "application/json" },
};

START_TEST (answers_bear_their_type_and_length)
{
    g_autoptr (H3App) app = make_app (kinds[_i].handler, (gpointer) kinds[_i].body);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    g_autofree char *length = g_strdup_printf ("%zu", strlen (kinds[_i].body));

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_str_eq (h3_injected_get_text (answer), kinds[_i].body);
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"), kinds[_i].type);
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Length"), length);
}
END_TEST

static void
send_empty (H3Event *event, gpointer user_data)
{
    h3_event_send_empty (event, GPOINTER_TO_UINT (user_data));
}

START_TEST (statuses_without_a_body_have_no_length)
{
    g_autoptr (H3App) none = make_app (send_empty, GUINT_TO_POINTER (204));
    g_autoptr (H3App) created = make_app (send_empty, GUINT_TO_POINTER (201));
    g_autoptr (H3Injected) no_content = ask (none, "GET", "/");
    g_autoptr (H3Injected) empty = ask (created, "GET", "/");

    ck_assert_uint_eq (h3_injected_get_status (no_content), 204);
    ck_assert_ptr_null (h3_injected_get_header (no_content, "Content-Length"));
    ck_assert_uint_eq (h3_injected_get_status (empty), 201);
    ck_assert_str_eq (h3_injected_get_header (empty, "Content-Length"), "0");
}
END_TEST

static void
fail_with (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 422, "Say \"please\".");
}

START_TEST (errors_are_problem_json)
{
    g_autoptr (H3App) app = make_app (fail_with, NULL);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");

    ck_assert_uint_eq (h3_injected_get_status (answer), 422);
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"), "application/problem+json");
    ck_assert_str_eq (h3_injected_get_text (answer),
                      "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\","
                      "\"status\":422,\"detail\":\"Say \\\"please\\\".\"}");
}
END_TEST

static void
redirect (H3Event *event, gpointer user_data)
{
    h3_event_redirect (event, 303, user_data);
}

static void
redirect_back (H3Event *event, gpointer user_data)
{
    h3_event_redirect_back (event, "/home");
}

START_TEST (redirects_name_their_place)
{
    g_autoptr (H3App) app = make_app (redirect, (gpointer) "/a b");
    g_autoptr (H3App) split = make_app (redirect, (gpointer) "/a\r\nX-Evil: 1");
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    g_autoptr (H3Injected) refused = ask (split, "GET", "/");

    ck_assert_uint_eq (h3_injected_get_status (answer), 303);
    ck_assert_str_eq (h3_injected_get_header (answer, "Location"), "/a%20b");
    ck_assert_uint_eq (h3_injected_get_status (refused), 500);
    ck_assert_ptr_null (h3_injected_get_header (refused, "X-Evil"));
    ck_assert_ptr_null (h3_injected_get_header (refused, "Location"));
}
END_TEST

START_TEST (redirects_back_stay_on_the_host)
{
    g_autoptr (H3App) app = make_app (redirect_back, NULL);
    g_autoptr (H3Injected) own = ask_field (app, "/", "Referer", "http://localhost/from?x=1");
    g_autoptr (H3Injected) other = ask_field (app, "/", "Referer", "http://evil.example/from");
    g_autoptr (H3Injected) none = ask (app, "GET", "/");

    ck_assert_str_eq (h3_injected_get_header (own, "Location"), "/from?x=1");
    ck_assert_str_eq (h3_injected_get_header (other, "Location"), "/home");
    ck_assert_str_eq (h3_injected_get_header (none, "Location"), "/home");
}
END_TEST

static void
set_cookies (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Cookie) one = h3_cookie_new ("one", "1");
    g_autofree char *large = g_strnfill (6000, 'v');
    g_autoptr (H3Cookie) two = h3_cookie_new ("two", large);

    ck_assert (h3_event_set_cookie (event, one, NULL));
    ck_assert (h3_event_set_cookie (event, two, NULL));
    h3_event_send_empty (event, 204);
}

static gboolean
count_value (const char *name, const char *value, gpointer user_data)
{
    ck_assert_uint_lt (strlen (value), 4097);
    ++*(guint *) user_data;
    return TRUE;
}

START_TEST (cookies_are_set_each_in_a_field)
{
    g_autoptr (H3App) app = make_app (set_cookies, NULL);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");
    guint n = 0;

    h3_headers_foreach_value (h3_injected_get_headers (answer), "Set-Cookie", count_value, &n);
    ck_assert_uint_ge (n, 3);
    ck_assert (g_str_has_prefix (h3_injected_get_header (answer, "Set-Cookie"), "one=1"));
}
END_TEST

static void
send_cached (H3Event *event, gpointer user_data)
{
    h3_event_set_cache_control (event, "public, max-age=60");
    if (!h3_event_check_fresh (event, "\"v1\"", 784111777))
        h3_event_send_text (event, "fresh");
}

START_TEST (what_the_client_has_is_not_sent_again)
{
    g_autoptr (H3App) app = make_app (send_cached, NULL);
    g_autoptr (H3Injected) first = ask (app, "GET", "/");
    g_autoptr (H3Injected) again = ask_field (app, "/", "If-None-Match", "\"v0\", \"v1\"");

    ck_assert_str_eq (h3_injected_get_header (first, "ETag"), "\"v1\"");
    ck_assert_str_eq (h3_injected_get_header (first, "Last-Modified"),
                      "Sun, 06 Nov 1994 08:49:37 GMT");
    ck_assert_str_eq (h3_injected_get_header (first, "Cache-Control"), "public, max-age=60");
    ck_assert_uint_eq (h3_injected_get_status (again), 304);
    ck_assert_str_eq (h3_injected_get_text (again), "");
    ck_assert_str_eq (h3_injected_get_header (again, "ETag"), "\"v1\"");
    assert_status (ask_field (app, "/", "If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"), 304);
    assert_status (ask_field (app, "/", "If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"), 200);
}
END_TEST

static void
set_bad_header (H3Event *event, gpointer user_data)
{
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*");
    ck_assert (!h3_event_set_header (event, "X-Value", user_data));
    g_test_assert_expected_messages ();
    h3_event_send_empty (event, 204);
}

START_TEST (values_that_split_an_answer_are_never_sent)
{
    static const char *const bad[] = { "a\r\nX-Evil: 1", "a\nb", "a\rb", "a\001b", "a\177b" };
    g_autoptr (H3App) app = make_app (set_bad_header, (gpointer) bad[_i]);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");

    ck_assert_ptr_null (h3_injected_get_header (answer, "X-Value"));
    ck_assert_ptr_null (h3_injected_get_header (answer, "X-Evil"));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tables = tcase_create ("tables");

    tcase_add_loop_test (tables, answers_bear_their_type_and_length, 0, G_N_ELEMENTS (kinds));
    tcase_add_loop_test (tables, values_that_split_an_answer_are_never_sent, 0, 5);
    suite_add_tcase (suite, tables);
    suite_add_case (suite, "answers", statuses_without_a_body_have_no_length,
                    errors_are_problem_json, redirects_name_their_place,
                    redirects_back_stay_on_the_host, cookies_are_set_each_in_a_field,
                    what_the_client_has_is_not_sent_again, NULL);
}

int
main (void)
{
    return suite_run ("app/answer", add_cases);
}
