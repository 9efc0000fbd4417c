/* SPDX-License-Identifier: MIT */

#include "trace.h"

static void
refuse (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-Prepared", "yes");
    h3_response_set_header_always (h3_event_get_response (event), "X-Always", "yes");
    h3_event_fail_status (event, GPOINTER_TO_UINT (user_data), "as asked");
}

static void
handle_error (H3Event *event, const GError *error, gpointer user_data)
{
    note (user_data);
    h3_event_send_text (event, error->message);
}

START_TEST (errors_reach_the_handler_once)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_app_on_error (app, handle_error, (gpointer) "e", NULL);
    h3_app_use (app, "/", wrapper ("a"));
    h3_app_use (app, "/early", h3_middleware_new (refuse, GUINT_TO_POINTER (401), NULL));
    h3_app_get (app, "/late", refuse, GUINT_TO_POINTER (418));
    answer = ask (app, "GET", "/late");
    ck_assert_uint_eq (h3_injected_get_status (answer), 418);
    ck_assert_str_eq (h3_injected_get_text (answer), "as asked");
    ck_assert_ptr_null (h3_injected_get_header (answer, "X-Prepared"));
    ck_assert_str_eq (h3_injected_get_header (answer, "X-Always"), "yes");
    assert_trace ("aeA");
    assert_answer (ask (app, "GET", "/early"), 401, "as asked");
    assert_answer (ask (app, "GET", "/none"), 404, "There is nothing at this path.");
    assert_trace ("aeAaeAaeA");
    assert_status (ask (app, "GET", "/none?%"), 400);
}
END_TEST

static void
fail_hook (H3Event *event, gpointer user_data)
{
    refuse (event, user_data);
}

START_TEST (errors_of_hooks_reach_the_handler_once)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3App) late = h3_app_new ();

    h3_app_on_error (app, handle_error, (gpointer) "e", NULL);
    h3_app_on_request (app, fail_hook, GUINT_TO_POINTER (403), NULL);
    h3_app_get (app, "/", say_h, NULL);
    assert_answer (ask (app, "GET", "/"), 403, "as asked");
    assert_trace ("e");
    h3_app_on_error (late, handle_error, (gpointer) "l", NULL);
    h3_app_on_send (late, fail_hook, GUINT_TO_POINTER (409), NULL);
    h3_app_get (late, "/", say_h, NULL);
    assert_answer (ask (late, "GET", "/"), 409, "as asked");
    assert_trace ("ehl");
}
END_TEST

static void
start_stream (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, -1);
    g_test_expect_message ("h3", G_LOG_LEVEL_WARNING, "*not streamed*");
    (void) h3_event_write (event, "piece", 5);
    g_test_assert_expected_messages ();
    h3_event_finish (event);
}

START_TEST (a_send_hook_may_fail_a_stream)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_app_on_send (app, fail_hook, GUINT_TO_POINTER (409), NULL);
    h3_app_get (app, "/", start_stream, NULL);
    answer = ask (app, "GET", "/");
    ck_assert_uint_eq (h3_injected_get_status (answer), 409);
    ck_assert_ptr_null (strstr (h3_injected_get_text (answer), "piece"));
}
END_TEST

static void
decline (H3Event *event, const GError *error, gpointer user_data)
{
    note ("e");
    h3_event_set_header (event, "X-Declined", "yes");
}

static gpointer
fail_elsewhere (gpointer data)
{
    h3_event_fail_status (data, 404, "not here");
    h3_event_unref (data);
    return NULL;
}

static void
hand_over (H3Event *event, gpointer user_data)
{
    g_thread_unref (g_thread_new ("failing", fail_elsewhere, h3_event_defer (event)));
}

static gboolean
fail_and_keep (gpointer data)
{
    h3_event_fail_status (data, 409, "mine");
    return G_SOURCE_REMOVE;
}

static void
fail_later (H3Event *event, gpointer user_data)
{
    GSource *source = g_timeout_source_new (1);

    g_source_set_callback (source, fail_and_keep, h3_event_defer (event),
                           (GDestroyNotify) h3_event_unref);
    g_source_attach (source, g_main_context_get_thread_default ());
    g_source_unref (source);
}

START_TEST (errors_nobody_answers_are_answered)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_on_error (app, decline, NULL, NULL);
    h3_app_get (app, "/here", refuse, GUINT_TO_POINTER (418));
    h3_app_get (app, "/thread", hand_over, NULL);
    h3_app_get (app, "/later", fail_later, NULL);
    assert_status (ask (app, "GET", "/here"), 418);
    assert_status (ask (app, "GET", "/thread"), 404);
    assert_status (ask (app, "GET", "/later"), 409);
    assert_trace ("eee");
}
END_TEST

static void
defer_error (H3Event *event, const GError *error, gpointer user_data)
{
    slow (event, NULL);
}

START_TEST (an_error_handler_may_defer)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_on_error (app, defer_error, NULL, NULL);
    assert_answer (ask (app, "GET", "/none"), 202, "late");
}
END_TEST

static void
fail_again (H3Event *event, const GError *error, gpointer user_data)
{
    note ("e");
    h3_event_fail_status (event, 502, "again");
}

START_TEST (errors_of_error_handlers_are_answered_by_default)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_app_on_error (app, fail_again, NULL, NULL);
    answer = ask (app, "GET", "/none");
    ck_assert_uint_eq (h3_injected_get_status (answer), 502);
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"), "application/problem+json");
    assert_trace ("e");
}
END_TEST

START_TEST (the_innermost_error_handler_is_asked)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *deep = h3_app_group (app, "/a/b");
    H3App *group = h3_app_group (app, "/a");

    h3_app_on_error (app, handle_error, (gpointer) "o", NULL);
    h3_app_on_error (group, handle_error, (gpointer) "i", NULL);
    h3_app_on_error (deep, handle_error, (gpointer) "d", NULL);
    assert_status (ask (app, "GET", "/x"), 404);
    assert_status (ask (app, "GET", "/a/x"), 404);
    assert_status (ask (app, "GET", "/a/b/x"), 404);
    assert_status (ask (app, "GET", "/ab"), 404);
    assert_trace ("oido");
}
END_TEST

static void
do_nothing (H3Event *event, gpointer user_data)
{
}

START_TEST (a_handler_that_does_nothing_is_answered_500)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/", do_nothing, NULL);
    g_test_expect_message ("h3", G_LOG_LEVEL_WARNING, "*GET / returned without answering*");
    assert_status (ask (app, "GET", "/"), 500);
    g_test_assert_expected_messages ();
}
END_TEST

static void
answer_twice (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "first");
    h3_event_send_text (event, "second");
}

START_TEST (a_second_answer_is_dropped)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/", answer_twice, NULL);
    g_test_expect_message ("h3", G_LOG_LEVEL_WARNING, "*answered already*");
    assert_gets (app, "/", "first");
    g_test_assert_expected_messages ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    const TTest *tests[] = {
        errors_reach_the_handler_once,        errors_of_hooks_reach_the_handler_once,
        a_send_hook_may_fail_a_stream,        errors_nobody_answers_are_answered,
        an_error_handler_may_defer,           errors_of_error_handlers_are_answered_by_default,
        the_innermost_error_handler_is_asked, a_handler_that_does_nothing_is_answered_500,
        a_second_answer_is_dropped,           NULL
    };

    add_traced (suite, "errors", tests);
}

int
main (void)
{
    return suite_run ("app/errors", add_cases);
}
