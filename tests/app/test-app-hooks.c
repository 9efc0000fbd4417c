/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <h3/batteries/access-log.h>
#include <h3/route/chain.h>

#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

/* Each test runs in a process of its own: what happened, in order. */
static GString *trace;

static void
begin_trace (void)
{
    trace = g_string_new (NULL);
}

static void
end_trace (void)
{
    g_string_free (trace, TRUE);
}

#define assert_trace(text) ck_assert_str_eq (trace->str, text)

static void
note (H3Event *event, gpointer user_data)
{
    g_string_append (trace, user_data);
}

static void
note_end (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    static const char *const names[] = { "sent", "gone", "failed" };

    g_string_append_printf (trace, "%s%s", (char *) user_data, names[outcome]);
}

static void
add_hooks (H3App *app, const char *request, const char *send, const char *response)
{
    h3_app_on_request (app, note, (gpointer) request, NULL);
    h3_app_on_send (app, note, (gpointer) send, NULL);
    h3_app_on_response (app, note_end, (gpointer) response, NULL);
}

static void
say_h (H3Event *event, gpointer user_data)
{
    g_string_append (trace, "h");
    h3_event_send_text (event, "h");
}

START_TEST (hooks_run_in_order)
{
    g_autoptr (H3App) app = h3_app_new ();

    add_hooks (app, "1", "s", " 1");
    add_hooks (app, "2", "t", " 2");
    h3_app_get (app, "/", say_h, NULL);
    assert_status (ask (app, "GET", "/"), 200);
    assert_trace ("12hts 2sent 1sent");
}
END_TEST

START_TEST (hooks_of_mounted_apps_run_below_their_prefix)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/g");

    add_hooks (group, "g", "G", " g");
    add_hooks (app, "a", "A", " a");
    h3_app_get (group, "/x", say_h, NULL);
    h3_app_get (app, "/gg", say_h, NULL);
    assert_status (ask (app, "GET", "/g/x"), 200);
    assert_trace ("aghGA gsent asent");
    g_string_truncate (trace, 0);
    assert_status (ask (app, "GET", "/gg"), 200);
    assert_trace ("ahA asent");
    g_string_truncate (trace, 0);
    assert_status (ask (app, "GET", "/g/none"), 404);
    assert_trace ("agGA gsent asent");
}
END_TEST

static void
turn_away (H3Event *event, gpointer user_data)
{
    ck_assert_ptr_null (h3_request_get_body (h3_event_get_request (event)));
    ck_assert_ptr_null (h3_event_get_route (event));
    h3_event_send_empty (event, 403);
}

START_TEST (a_request_hook_answers_before_the_body_is_read)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_app_on_request (app, turn_away, NULL, NULL);
    h3_app_on_request (app, note, (gpointer) "never", NULL);
    h3_app_on_response (app, note_end, (gpointer) "", NULL);
    h3_app_post (app, "/", say_h, NULL);
    h3_headers_set (headers, "Expect", "100-continue");
    answer = ask_with (app, "POST", "/", headers, "body");
    ck_assert_uint_eq (h3_injected_get_status (answer), 403);
    ck_assert_uint_eq (h3_injected_count_interim (answer), 0);
    assert_trace ("sent");
}
END_TEST

START_TEST (what_a_request_hook_answers_is_in_the_access_log)
{
    H3App *app = h3_app_new ();
    char line[512] = "";
    int ends[2];

    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    h3_app_use (app, "/", h3_access_log_new_for_fd (H3_ACCESS_LOG_COMMON, ends[1], NULL));
    h3_app_on_request (app, turn_away, NULL, NULL);
    assert_status (ask (app, "GET", "/hooked"), 403);
    g_object_unref (app);
    (void) close (ends[1]);
    ck_assert_int_gt (read (ends[0], line, sizeof line - 1), 0);
    ck_assert_msg (strstr (line, "\"GET /hooked HTTP/1.1\" 403") != NULL, "%s", line);
    ck_assert_ptr_eq (strchr (line, '\n'), strrchr (line, '\n'));
    (void) close (ends[0]);
}
END_TEST

static void
call_next (H3Event *event, gpointer user_data)
{
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*step*");
    h3_event_next (event);
    g_test_assert_expected_messages ();
}

START_TEST (a_request_hook_has_nothing_behind_it)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_on_request (app, call_next, NULL, NULL);
    h3_app_get (app, "/", say_h, NULL);
    assert_status (ask (app, "GET", "/"), 200);
}
END_TEST

static void
set_header (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, user_data, "yes");
    if (h3_response_get_status (h3_event_get_response (event)) == 404)
        h3_event_set_status (event, 410);
}

START_TEST (a_send_hook_may_change_the_answer)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) answer = NULL;
    g_autoptr (H3Injected) none = NULL;

    h3_app_on_send (app, set_header, (gpointer) "X-Sent", NULL);
    h3_app_get (app, "/", say_h, NULL);
    answer = ask (app, "GET", "/");
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_str_eq (h3_injected_get_header (answer, "X-Sent"), "yes");
    none = ask (app, "GET", "/none");
    ck_assert_uint_eq (h3_injected_get_status (none), 410);
    ck_assert_str_eq (h3_injected_get_header (none, "X-Sent"), "yes");
}
END_TEST

static void
write_too_little (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, 10);
    (void) h3_event_write (event, "short", 5);
    h3_event_finish (event);
}

START_TEST (the_response_hook_is_told_of_failures)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_on_response (app, note_end, (gpointer) "", NULL);
    h3_app_get (app, "/", write_too_little, NULL);
    assert_status (ask (app, "GET", "/"), 200);
    assert_trace ("failed");
}
END_TEST

static void
register_late (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    g_string_append (trace, "1");
    h3_event_on_dispose (event, note_end, (gpointer) "late ", NULL);
    g_string_append (trace, "2");
}

START_TEST (a_dispose_hook_registered_late_runs_at_once)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_on_response (app, register_late, NULL, NULL);
    h3_app_get (app, "/", say_h, NULL);
    assert_status (ask (app, "GET", "/"), 200);
    assert_trace ("h1late sent2");
}
END_TEST

static void
count_free (gpointer data)
{
    ++*(guint *) data;
}

static void
ignore_error (H3Event *event, const GError *error, gpointer user_data)
{
}

START_TEST (what_hooks_were_given_is_freed_with_the_app)
{
    H3App *app = h3_app_new ();
    guint n = 0;

    h3_app_on_request (app, note, &n, count_free);
    h3_app_on_send (app, note, &n, count_free);
    h3_app_on_response (app, note_end, &n, count_free);
    h3_app_on_error (app, ignore_error, &n, count_free);
    h3_app_use (app, "/", h3_middleware_new (note, &n, count_free));
    h3_app_route (app, "GET", "/", note, &n, count_free);
    ck_assert_uint_eq (n, 0);
    g_object_unref (app);
    ck_assert_uint_eq (n, 6);
}
END_TEST

static void
add_cases (Suite *suite)
{
    const TTest *tests[] = { hooks_run_in_order,
                             hooks_of_mounted_apps_run_below_their_prefix,
                             a_request_hook_answers_before_the_body_is_read,
                             a_request_hook_has_nothing_behind_it,
                             what_a_request_hook_answers_is_in_the_access_log,
                             a_send_hook_may_change_the_answer,
                             the_response_hook_is_told_of_failures,
                             a_dispose_hook_registered_late_runs_at_once,
                             what_hooks_were_given_is_freed_with_the_app };
    TCase *tcase = tcase_create ("hooks");

    tcase_add_checked_fixture (tcase, begin_trace, end_trace);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("app/hooks", add_cases);
}
