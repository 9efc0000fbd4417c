/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/failure.h>

#include <pthread.h>

#define GET "GET /path HTTP/1.1\r\nHost: h\r\n"

static FakeCarrier *carrier;
static H3Event *held;
static guint n_warnings;

static GLogWriterOutput
count_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL))
        n_warnings++;
    return G_LOG_WRITER_HANDLED;
}

static void
set_up (void)
{
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    carrier = fake_carrier_new ();
    held = NULL;
    n_warnings = 0;
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}

static void
answer_twice (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "first");
    h3_event_send_text (event, "second");
}

START_TEST (second_answer_warns_and_does_no_harm)
{
    fake_carrier_run (carrier, GET, answer_twice, NULL);
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_str_eq (carrier->sent->str, "first");
    ck_assert_uint_eq (n_warnings, 1);
}
END_TEST

static void
do_nothing (H3Event *event, gpointer user_data)
{
}

START_TEST (handler_that_does_nothing_is_answered_500)
{
    fake_carrier_run (carrier, GET, do_nothing, NULL);
    ck_assert_uint_eq (carrier->status, 500);
    ck_assert_str_eq (carrier->type, "application/problem+json");
    ck_assert_uint_eq (n_warnings, 1);
    ck_assert_uint_eq (carrier->n_failed, 1);
}
END_TEST

static void
defer (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

static void
answer_held (gpointer data)
{
    h3_event_set_header (held, "X-Thread", "other");
    h3_event_send_text (held, data);
    h3_event_unref (held);
}

START_TEST (other_thread_answers_a_deferred_event)
{
    fake_carrier_run (carrier, GET, defer, NULL);
    ck_assert_uint_eq (carrier->n_sent, 0);
    fake_carrier_run_elsewhere (answer_held, (gpointer) "from afar");
    ck_assert_uint_eq (carrier->n_sent, 0);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (carrier->sent->str, "from afar");
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Thread"), "other");
}
END_TEST

static void
drop_held (gpointer data)
{
    h3_event_unref (held);
}

START_TEST (deferred_event_that_is_dropped_is_answered_500)
{
    fake_carrier_run (carrier, GET, defer, NULL);
    fake_carrier_run_elsewhere (drop_held, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->status, 500);
    fake_carrier_run (carrier, GET, defer, NULL);
    drop_held (NULL);
    ck_assert_uint_eq (carrier->status, 500);
}
END_TEST

static void
fail_held (gpointer data)
{
    h3_event_fail_status (held, 418, "short and stout");
    h3_event_unref (held);
}

START_TEST (other_thread_fails_a_deferred_event)
{
    fake_carrier_run (carrier, GET, defer, NULL);
    fake_carrier_run_elsewhere (fail_held, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->status, 418);
    ck_assert_ptr_nonnull (strstr (carrier->sent->str, "short and stout"));
}
END_TEST

START_TEST (expired_event_is_answered_503_and_later_answers_are_ignored)
{
    fake_carrier_run (carrier, GET, defer, NULL);
    event_expire (carrier->event);
    ck_assert_uint_eq (carrier->status, 503);
    ck_assert_int_eq (carrier->asks_close, TRUE);
    ck_assert_int_eq (h3_event_is_answered (held), FALSE);
    ck_assert_int_eq (g_cancellable_is_cancelled (h3_event_get_cancellable (held)), TRUE);
    fake_carrier_run_elsewhere (answer_held, (gpointer) "too late");
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_ptr_null (strstr (carrier->sent->str, "too late"));
    ck_assert_uint_eq (n_warnings, 0);
}
END_TEST

static void
count_call (H3Event *event, gpointer user_data)
{
    (*(guint *) user_data)++;
}

/* Its answer waits for the client: what stands behind must not do what was said not to be done. */
START_TEST (expired_event_goes_no_further)
{
    guint n_further = 0;

    carrier->holds = TRUE;
    carrier->handlers[0] = defer;
    carrier->handlers[1] = count_call;
    carrier->user_data = &n_further;
    (void) fake_carrier_begin (carrier, GET);
    fake_carrier_dispatch (carrier);
    event_expire (held);
    ck_assert_uint_eq (carrier->status, 503);
    h3_event_next (held);
    h3_event_unref (held);
    ck_assert_uint_eq (n_further, 0);
    fake_carrier_end (carrier, H3_OUTCOME_SENT);
}
END_TEST

START_TEST (answered_event_does_not_expire)
{
    carrier->holds = TRUE;
    fake_carrier_run (carrier, GET, answer_twice, NULL);
    event_expire (carrier->event);
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_uint_eq (carrier->status, 200);
}
END_TEST

static void *
answer_elsewhere (void *data)
{
    answer_held ((gpointer) "from afar");
    return NULL;
}

/* Both want to answer at the same time: one of them does. */
START_TEST (deadline_and_answer_race_to_one_answer)
{
    for (guint i = 0; i < 200; i++) {
        pthread_t thread;

        fake_carrier_run (carrier, GET, defer, NULL);
        ck_assert_int_eq (pthread_create (&thread, NULL, answer_elsewhere, NULL), 0);
        event_expire (carrier->event);
        ck_assert_int_eq (pthread_join (thread, NULL), 0);
        fake_carrier_pump (carrier);
        ck_assert_uint_eq (carrier->n_sent, 1);
    }
}
END_TEST

static void
fail_twice (H3Event *event, GError *error)
{
    g_error_free (error);
    h3_response_set_header (h3_event_get_response (event), "X-Handler", "ran");
    h3_event_fail (event, g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "in the handler too"));
}

static void
fail_with_fields (H3Event *event, gpointer user_data)
{
    H3Response *response = h3_event_get_response (event);

    h3_response_set_header (response, "X-Plain", "1");
    h3_response_set_header_always (response, "X-Always", "2");
    h3_event_set_status (event, 201);
    if (user_data != NULL)
        h3_event_send_text (event, "prepared");
    h3_event_fail (event, g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "secret"));
}

START_TEST (error_handler_is_called_once)
{
    carrier->on_fail = fail_twice;
    fake_carrier_run (carrier, GET, fail_with_fields, NULL);
    ck_assert_uint_eq (carrier->n_failed, 1);
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_uint_eq (carrier->status, 500);
}
END_TEST

START_TEST (error_drops_what_was_prepared_but_fields_for_errors)
{
    for (guint i = 0; i < 2; i++) {
        fake_carrier_run (carrier, GET, fail_with_fields, i == 0 ? NULL : carrier);
        ck_assert_uint_eq (carrier->status, 500);
        ck_assert_str_eq (fake_carrier_get (carrier, "X-Always"), "2");
        ck_assert_str_eq (fake_carrier_get (carrier, "X-Plain"), "");
        ck_assert_ptr_null (strstr (carrier->sent->str, "secret"));
        ck_assert_ptr_null (strstr (carrier->sent->str, "prepared"));
        ck_assert_str_eq (carrier->sent->str,
                          "{\"type\":\"about:blank\",\"title\":\"Internal Server "
                          "Error\",\"status\":500}");
    }
}
END_TEST

START_TEST (refusal_asks_no_error_handler)
{
    carrier->on_fail = fail_twice;
    fake_carrier_clear (carrier);
    event_refuse (fake_carrier_begin (carrier, GET), 431, NULL);
    ck_assert_uint_eq (carrier->status, 431);
    ck_assert_uint_eq (carrier->n_failed, 0);
    request_init_unread (&fake_carrier_begin (carrier, GET)->request);
    ck_assert_str_eq (h3_request_get_path (&carrier->event->request), "");
    event_refuse (carrier->event, 400, "why");
    ck_assert_ptr_nonnull (strstr (carrier->sent->str, "\"detail\":\"why\""));
}
END_TEST

static void
wrap (H3Event *event, gpointer user_data)
{
    h3_event_next (event);
    ck_assert_int_eq (h3_event_is_answered (event), TRUE);
    ck_assert_uint_eq (carrier->n_sent, 0);
    h3_event_set_header (event, "X-Status", "seen");
}

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "inner");
}

START_TEST (answer_can_be_changed_behind_next)
{
    carrier->handlers[0] = wrap;
    carrier->handlers[1] = answer;
    fake_carrier_begin (carrier, GET);
    fake_carrier_dispatch (carrier);
    ck_assert_str_eq (carrier->sent->str, "inner");
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Status"), "seen");
}
END_TEST

static void
stream_and_look_on (H3Event *event, gpointer user_data)
{
    const char *path = h3_request_get_path (h3_event_get_request (event));

    h3_event_set_data (event, "kept", carrier, NULL);
    ck_assert_int_eq (h3_event_write (event, "one,", 4), TRUE);
    h3_event_write (event, "two", 3);
    h3_event_finish (event);
    ck_assert_ptr_null (carrier->event);
    ck_assert_str_eq (path, "/path");
    ck_assert_ptr_eq (h3_event_get_data (event, "kept"), carrier);
    if (user_data != NULL)
        held = h3_event_defer (event);
}

START_TEST (event_lasts_until_its_handlers_have_returned)
{
    fake_carrier_run (carrier, GET, stream_and_look_on, NULL);
    ck_assert_str_eq (carrier->sent->str, "one,two");
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
    fake_carrier_run (carrier, GET, stream_and_look_on, carrier);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 1);
    h3_event_unref (held);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}
END_TEST

static void
fail_while_streaming (H3Event *event, gpointer user_data)
{
    h3_event_write (event, "begun", 5);
    h3_event_fail_status (event, 404, NULL);
    ck_assert_str_eq (h3_request_get_path (h3_event_get_request (event)), "/path");
    ck_assert_int_eq (h3_event_write (event, "more", 4), FALSE);
}

START_TEST (error_in_a_stream_cuts_it)
{
    fake_carrier_run (carrier, GET, fail_while_streaming, NULL);
    ck_assert_uint_eq (carrier->status, 200);
    ck_assert_uint_eq (carrier->n_cancelled, 1);
    ck_assert_str_eq (carrier->sent->str, "begun");
}
END_TEST

static void
stream_held (gpointer data)
{
    for (guint i = 0; i < 1000; i++)
        h3_event_write (held, "0123456789", 10);
    h3_event_finish (held);
    h3_event_unref (held);
}

START_TEST (other_thread_streams_in_order)
{
    fake_carrier_run (carrier, GET, defer, NULL);
    fake_carrier_run_elsewhere (stream_held, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->sent->len, 10000);
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_uint_eq (carrier->body_kind, BODY_STREAM);
}
END_TEST

static void
defer_stream (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, -1);
    held = h3_event_defer (event);
}

START_TEST (stream_whose_last_holder_goes_is_finished)
{
    fake_carrier_run (carrier, GET, defer_stream, NULL);
    ck_assert_uint_eq (carrier->n_finished, 0);
    fake_carrier_run_elsewhere (drop_held, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->n_finished, 1);
}
END_TEST

START_TEST (event_outlives_its_worker)
{
    fake_carrier_run (carrier, GET, defer, NULL);
    g_clear_pointer (&carrier, fake_carrier_free);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 1);
    ck_assert_str_eq (h3_request_get_path (h3_event_get_request (held)), "/path");
    fake_carrier_run_elsewhere (answer_held, (gpointer) "nobody");
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}
END_TEST

static void *
ask_for_domain (void *data)
{
    pthread_barrier_wait (data);
    return GUINT_TO_POINTER (h3_http_error_quark ());
}

/* Read under ThreadSanitizer: the first errors of a server come on several workers. */
START_TEST (error_domain_is_one_to_all_threads)
{
    pthread_t threads[2];
    pthread_barrier_t barrier;
    void *domain = NULL;

    pthread_barrier_init (&barrier, NULL, G_N_ELEMENTS (threads));
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, ask_for_domain, &barrier), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
        ck_assert_int_eq (pthread_join (threads[i], &domain), 0);
        ck_assert_uint_eq (GPOINTER_TO_UINT (domain), H3_HTTP_ERROR);
    }
    pthread_barrier_destroy (&barrier);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("flow");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, second_answer_warns_and_does_no_harm);
    tcase_add_test (tcase, handler_that_does_nothing_is_answered_500);
    tcase_add_test (tcase, other_thread_answers_a_deferred_event);
    tcase_add_test (tcase, deferred_event_that_is_dropped_is_answered_500);
    tcase_add_test (tcase, other_thread_fails_a_deferred_event);
    tcase_add_test (tcase, expired_event_is_answered_503_and_later_answers_are_ignored);
    tcase_add_test (tcase, expired_event_goes_no_further);
    tcase_add_test (tcase, answered_event_does_not_expire);
    tcase_add_test (tcase, deadline_and_answer_race_to_one_answer);
    tcase_add_test (tcase, error_handler_is_called_once);
    tcase_add_test (tcase, error_drops_what_was_prepared_but_fields_for_errors);
    tcase_add_test (tcase, refusal_asks_no_error_handler);
    tcase_add_test (tcase, answer_can_be_changed_behind_next);
    tcase_add_test (tcase, event_lasts_until_its_handlers_have_returned);
    tcase_add_test (tcase, error_in_a_stream_cuts_it);
    tcase_add_test (tcase, other_thread_streams_in_order);
    tcase_add_test (tcase, stream_whose_last_holder_goes_is_finished);
    tcase_add_test (tcase, event_outlives_its_worker);
    tcase_add_test (tcase, error_domain_is_one_to_all_threads);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    g_log_set_writer_func (count_warning, NULL, NULL);
    return suite_run ("http/event-flow", add_tests);
}
