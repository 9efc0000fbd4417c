/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/failure.h>

#include <pthread.h>

#define POST "POST /path HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n"

static FakeCarrier *carrier;
static H3Event *held;
static GString *heard;
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
    heard = g_string_new (NULL);
    n_warnings = 0;
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
    g_string_free (heard, TRUE);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}

static void
note_freed (gpointer user_data)
{
    g_string_append_c (heard, '.');
}

static void
hear (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data != NULL)
        g_string_append_len (heard, data, (gssize) length);
    else if (error != NULL)
        g_string_append_printf (heard, "!%s%d", g_quark_to_string (error->domain), error->code);
    else
        g_string_append_c (heard, '$');
    if (data == NULL && error == NULL)
        h3_event_send_text (event, "heard");
}

static void
read_body (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, hear, NULL, note_freed);
    ck_assert_str_eq (heard->str, "");
}

static void
begin_streamed (H3Handler handler)
{
    H3Event *event;

    carrier->handlers[0] = handler;
    carrier->handlers[1] = NULL;
    fake_carrier_clear (carrier);
    event = fake_carrier_begin (carrier, POST);
    event->wish = H3_BODY_STREAMED;
    fake_carrier_dispatch (carrier);
}

START_TEST (streamed_body_comes_in_pieces_then_its_end)
{
    begin_streamed (read_body);
    ck_assert_uint_eq (carrier->n_reads, 1);
    event_body_data (carrier->event, "one,", 4);
    h3_event_pause_body (carrier->event);
    h3_event_resume_body (carrier->event);
    event_body_data (carrier->event, "two", 3);
    ck_assert_uint_eq (carrier->n_sent, 0);
    event_body_end (carrier->event);
    ck_assert_str_eq (heard->str, "one,two$.");
    ck_assert_str_eq (carrier->sent->str, "heard");
    ck_assert_uint_eq (carrier->n_paused, 1);
    ck_assert_uint_eq (carrier->n_resumed, 1);
}
END_TEST

START_TEST (whole_body_comes_as_one_piece_and_never_inline)
{
    carrier->body = "the whole";
    fake_carrier_run (carrier, "POST / HTTP/1.1\r\nHost: h", read_body, NULL);
    ck_assert_str_eq (heard->str, "the whole$.");
    g_string_truncate (heard, 0);
    carrier->body = NULL;
    fake_carrier_run (carrier, "POST / HTTP/1.1\r\nHost: h", read_body, NULL);
    ck_assert_str_eq (heard->str, "$.");
    ck_assert_str_eq (carrier->sent->str, "heard");
}
END_TEST

START_TEST (failed_body_is_told_and_fails_what_nobody_answered)
{
    g_autofree char *expected = NULL;

    begin_streamed (read_body);
    event_body_data (carrier->event, "one", 3);
    event_body_failed (carrier->event, 413, "too large");
    expected = g_strdup_printf ("one!%s413.", g_quark_to_string (H3_HTTP_ERROR));
    ck_assert_str_eq (heard->str, expected);
    ck_assert_uint_eq (carrier->status, 413);
    ck_assert_ptr_nonnull (strstr (carrier->sent->str, "too large"));
}
END_TEST

static void
write_piece (H3Event *event, const char *data, gsize length, const GError *error,
             gpointer user_data)
{
    if (data != NULL)
        (void) h3_event_write (event, data, length);
    else if (user_data != NULL)
        h3_event_finish (event);
}

static void
write_back (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, write_piece, NULL, NULL);
    h3_event_start_stream (event, -1);
}

static void
write_back_and_finish (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, write_piece, event, NULL);
    h3_event_start_stream (event, -1);
}

/* A part must not look like the whole, unless the program says that it is. */
START_TEST (answer_made_of_a_body_that_failed_is_cut)
{
    begin_streamed (write_back);
    event_body_data (carrier->event, "part", 4);
    event_body_failed (carrier->event, 408, "too slow");
    ck_assert_str_eq (carrier->sent->str, "part");
    ck_assert_uint_eq (carrier->n_finished, 0);
    ck_assert_uint_eq (carrier->n_cancelled, 1);
    begin_streamed (write_back_and_finish);
    event_body_failed (carrier->event, 408, "too slow");
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_uint_eq (carrier->n_cancelled, 1);
}
END_TEST

static void
read_and_defer (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, hear, NULL, note_freed);
    held = h3_event_defer (event);
}

static void *
set_up_answer (void *data)
{
    for (guint i = 0; i < 1000; i++)
        h3_event_set_header (held, "X-Name", "value");
    h3_event_send_text (held, "answered");
    h3_event_unref (held);
    return NULL;
}

/* The body may fail at any time: what another thread is setting up is not touched. */
START_TEST (failed_body_leaves_the_response_to_who_holds_it)
{
    for (guint i = 0; i < 50; i++) {
        pthread_t thread;

        begin_streamed (read_and_defer);
        ck_assert_int_eq (pthread_create (&thread, NULL, set_up_answer, NULL), 0);
        event_body_failed (carrier->event, 408, "too slow");
        ck_assert_int_eq (pthread_join (thread, NULL), 0);
        fake_carrier_pump (carrier);
        ck_assert_uint_eq (carrier->n_sent, 1);
        ck_assert_uint_eq (n_warnings, 0);
    }
}
END_TEST

START_TEST (reader_learns_that_its_client_has_gone)
{
    g_autofree char *expected = NULL;

    begin_streamed (read_body);
    event_body_data (carrier->event, "one", 3);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    expected = g_strdup_printf ("one!%s%d.", g_quark_to_string (H3_ERROR), H3_ERROR_CLOSED);
    ck_assert_str_eq (heard->str, expected);
    ck_assert_uint_eq (carrier->n_sent, 0);
}
END_TEST

static void
defer (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

static void
write_more (H3Event *event, gpointer user_data)
{
    ck_assert_int_eq (h3_event_write (event, "more", 4), TRUE);
    h3_event_finish (event);
}

START_TEST (writer_is_told_to_wait_and_when_to_go_on)
{
    fake_carrier_run (carrier, POST, defer, NULL);
    h3_event_start_stream (held, -1);
    carrier->waiting = (guint64) carrier->limits.output + 1;
    ck_assert_int_eq (h3_event_write (held, "much,", 5), FALSE);
    h3_event_on_drain (held, write_more, NULL, note_freed);
    h3_event_unref (held);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (carrier->sent->str, "much,");
    carrier->waiting = 0;
    event_drained (carrier->event);
    ck_assert_str_eq (carrier->sent->str, "much,more");
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_str_eq (heard->str, ".");
}
END_TEST

static void
wait_for_room (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, 4);
    h3_event_on_drain (event, write_more, NULL, NULL);
    ck_assert_str_eq (carrier->sent->str, "");
}

START_TEST (drain_that_is_there_already_is_told_but_not_inline)
{
    fake_carrier_run (carrier, POST, wait_for_room, NULL);
    ck_assert_str_eq (carrier->sent->str, "more");
    ck_assert_int_eq (carrier->length, 4);
}
END_TEST

static void
fill (gpointer data)
{
    g_autofree char *piece = g_strnfill (65536, 'x');
    guint64 bound = (guint64) carrier->limits.output;
    guint64 given = 0;

    do
        given += 65536;
    while (h3_event_write (held, piece, 65536));
    ck_assert_uint_gt (given, bound);
    ck_assert_uint_le (given, bound + 65536);
    h3_event_unref (held);
}

START_TEST (other_thread_is_slowed_by_what_it_posted)
{
    fake_carrier_run (carrier, POST, defer, NULL);
    fake_carrier_run_elsewhere (fill, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_gt (carrier->sent->len, (gsize) carrier->limits.output);
}
END_TEST

static void
write_after_answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "whole");
    ck_assert_int_eq (h3_event_write (event, "piece", 5), FALSE);
}

START_TEST (piece_behind_a_whole_answer_is_dropped)
{
    fake_carrier_run (carrier, POST, write_after_answer, NULL);
    ck_assert_str_eq (carrier->sent->str, "whole");
    ck_assert_uint_eq (carrier->n_writes, 0);
    ck_assert_uint_eq (n_warnings, 1);
}
END_TEST

static GBytes *
generate (gpointer user_data, GError **error)
{
    guint *left = user_data;

    return *left == 0 ? NULL : g_bytes_new (&"4321"[4 - (*left)--], 1);
}

static void
send_generated (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, -1, generate, user_data, note_freed);
}

static void
answer_then_generate (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "text");
    send_generated (event, user_data);
}

START_TEST (generator_is_asked_to_its_end_and_freed)
{
    guint left = 4;

    fake_carrier_run (carrier, POST, send_generated, &left);
    ck_assert_str_eq (carrier->sent->str, "4321");
    ck_assert_str_eq (heard->str, ".");
    fake_carrier_run (carrier, POST, answer_then_generate, &left);
    ck_assert_str_eq (carrier->sent->str, "text");
    ck_assert_str_eq (heard->str, "..");
}
END_TEST

/* A letter, nothing, a letter, nothing, the end. */
static GBytes *
generate_by_halves (gpointer user_data, GError **error)
{
    guint *left = user_data;

    if (*left == 0)
        return NULL;
    (*left)--;
    return g_bytes_new_static ("x", *left % 2 == 1 ? 1 : 0);
}

static void
send_halves (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, -1, generate_by_halves, user_data, note_freed);
    h3_event_resume_generator (event);
}

static void
resume_held (gpointer data)
{
    h3_event_resume_generator (held);
}

START_TEST (generator_with_nothing_yet_is_asked_when_it_is_resumed)
{
    guint left = 4;

    carrier->holds = TRUE;
    fake_carrier_run (carrier, POST, send_halves, &left);
    ck_assert_str_eq (carrier->sent->str, "xx");
    ck_assert_uint_eq (left, 0);
    held = h3_event_ref (carrier->event);
    fake_carrier_run_elsewhere (resume_held, NULL);
    ck_assert_ptr_nonnull (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_ptr_null (carrier->event);
    h3_event_resume_generator (held);
    fake_carrier_pump (carrier);
    h3_event_unref (held);
    ck_assert_str_eq (heard->str, ".");
}
END_TEST

static void
hint (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "Link", "</a.css>; rel=preload");
    h3_event_send_early_hints (event, headers);
    h3_event_send_text (event, "x");
    h3_event_send_early_hints (event, headers);
}

START_TEST (early_hints_go_before_the_answer_only)
{
    fake_carrier_run (carrier, POST, hint, NULL);
    ck_assert_uint_eq (carrier->n_interim, 1);
}
END_TEST

static void
hint_framing (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "content-length", "5");
    h3_event_send_early_hints (event, headers);
    ck_assert_uint_eq (n_warnings, 1);
    h3_event_send_text (event, "x");
}

START_TEST (early_hints_never_tell_of_framing)
{
    fake_carrier_run (carrier, POST, hint_framing, NULL);
    ck_assert_uint_eq (carrier->n_interim, 0);
}
END_TEST

static void
set_refused (H3Event *event, gpointer user_data)
{
    H3Response *response = h3_event_get_response (event);

    ck_assert (!h3_response_set_header (response, "Content-Length", "1"));
    ck_assert (!h3_response_set_header (response, "transfer-encoding", "chunked"));
    ck_assert (!h3_response_add_header (response, "X", "a\r\nb"));
    ck_assert (!h3_response_set_header_always (response, "X y", "a"));
    h3_response_set_status (response, 99);
    h3_event_send_text (event, "x");
}

static void
change_too_late (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, 0);
    h3_event_set_status (event, 500);
    ck_assert (!h3_event_set_header (event, "X", "y"));
    h3_event_finish (event);
}

START_TEST (response_refuses_what_would_harm_it)
{
    fake_carrier_run (carrier, POST, set_refused, NULL);
    ck_assert_uint_eq (carrier->status, 200);
    ck_assert_uint_eq (h3_headers_get_size (carrier->headers), 0);
    ck_assert_uint_eq (n_warnings, 5);
    n_warnings = 0;
    fake_carrier_run (carrier, POST, change_too_late, NULL);
    ck_assert_uint_eq (carrier->status, 200);
    ck_assert_uint_eq (n_warnings, 2);
}
END_TEST

START_TEST (errors_have_their_status)
{
    g_autoptr (GError) teapot = h3_http_error_new (418, "%s %d", "pot", 1);
    g_autoptr (GError) world = g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "inner");
    g_autoptr (GError) odd = g_error_new_literal (H3_HTTP_ERROR, 200, "fine");

    ck_assert_uint_eq (h3_http_error_get_status (teapot), 418);
    ck_assert_str_eq (teapot->message, "pot 1");
    ck_assert_uint_eq (h3_http_error_get_status (world), 500);
    ck_assert_uint_eq (h3_http_error_get_status (odd), 500);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("body");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, streamed_body_comes_in_pieces_then_its_end);
    tcase_add_test (tcase, whole_body_comes_as_one_piece_and_never_inline);
    tcase_add_test (tcase, failed_body_is_told_and_fails_what_nobody_answered);
    tcase_add_test (tcase, answer_made_of_a_body_that_failed_is_cut);
    tcase_add_test (tcase, failed_body_leaves_the_response_to_who_holds_it);
    tcase_add_test (tcase, reader_learns_that_its_client_has_gone);
    tcase_add_test (tcase, writer_is_told_to_wait_and_when_to_go_on);
    tcase_add_test (tcase, drain_that_is_there_already_is_told_but_not_inline);
    tcase_add_test (tcase, other_thread_is_slowed_by_what_it_posted);
    tcase_add_test (tcase, piece_behind_a_whole_answer_is_dropped);
    tcase_add_test (tcase, generator_is_asked_to_its_end_and_freed);
    tcase_add_test (tcase, generator_with_nothing_yet_is_asked_when_it_is_resumed);
    tcase_add_test (tcase, early_hints_go_before_the_answer_only);
    tcase_add_test (tcase, early_hints_never_tell_of_framing);
    tcase_add_test (tcase, response_refuses_what_would_harm_it);
    tcase_add_test (tcase, errors_have_their_status);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    g_log_set_writer_func (count_warning, NULL, NULL);
    return suite_run ("http/body", add_tests);
}
