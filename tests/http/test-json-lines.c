/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/http/answer.h>
#include <h3/http/failure.h>
#include <h3/http/json-lines.h>

#define POST "POST /path HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n"

static FakeCarrier *carrier;
static GString *heard;
static gboolean wants_more; /* behind the next document */

static void
set_up (void)
{
    carrier = fake_carrier_new ();
    heard = g_string_new (NULL);
    wants_more = TRUE;
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

static gboolean
hear (H3Event *event, json_t *document, const GError *error, gpointer user_data)
{
    if (document != NULL) {
        g_autofree char *text = h3_json_to_text (document, H3_JSON_COMPACT);

        g_string_append_printf (heard, "%s ", text);
        return wants_more;
    }
    if (error == NULL) {
        h3_event_send_text (event, heard->str);
        return TRUE;
    }
    g_string_append_printf (heard, "!%d %s", error->code, error->message);
    if (error->domain == H3_HTTP_ERROR)
        h3_event_fail (event, g_error_copy (error));
    return TRUE;
}

static void
read_lines (H3Event *event, gpointer user_data)
{
    h3_event_read_json_lines (event, hear, NULL, note_freed);
}

static void
begin (void)
{
    H3Event *event = fake_carrier_begin (carrier, POST);

    event->wish = H3_BODY_STREAMED;
    carrier->handlers[0] = read_lines;
    fake_carrier_dispatch (carrier);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->n_reads, 1);
}

static void
feed (const char *text)
{
    event_body_data (carrier->event, text, strlen (text));
    fake_carrier_pump (carrier);
}

START_TEST (documents_are_given_as_they_come)
{
    begin ();
    feed ("{\"a\":1}\n[2");
    ck_assert_str_eq (heard->str, "{\"a\":1} ");
    feed (",3]\n\n4");
    ck_assert_str_eq (heard->str, "{\"a\":1} [2,3] ");
    event_body_end (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (carrier->sent->str, "{\"a\":1} [2,3] 4 ");
    ck_assert_str_eq (heard->str, "{\"a\":1} [2,3] 4 .");
    ck_assert_uint_eq (carrier->n_paused, 0);
}
END_TEST

START_TEST (who_wants_no_more_slows_the_client_down)
{
    wants_more = FALSE;
    begin ();
    feed ("1\n2\n3\n");
    ck_assert_str_eq (heard->str, "1 ");
    ck_assert_uint_eq (carrier->n_paused, 1);
    h3_event_resume_json_lines (carrier->event);
    h3_event_resume_json_lines (carrier->event);
    ck_assert_str_eq (heard->str, "1 ");
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "1 2 ");
    ck_assert_uint_eq (carrier->n_resumed, 0);
    wants_more = TRUE;
    h3_event_resume_json_lines (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "1 2 3 ");
    ck_assert_uint_eq (carrier->n_resumed, 1);
    event_body_end (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (carrier->sent->str, "1 2 3 ");
}
END_TEST

START_TEST (documents_wait_behind_the_end_of_the_body)
{
    wants_more = FALSE;
    begin ();
    feed ("1\n2");
    event_body_end (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "1 ");
    h3_event_resume_json_lines (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "1 2 ");
    ck_assert_uint_eq (carrier->n_sent, 0);
    h3_event_resume_json_lines (carrier->event);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (carrier->sent->str, "1 2 ");
}
END_TEST

START_TEST (a_client_that_goes_is_told_once)
{
    wants_more = FALSE;
    begin ();
    feed ("1\n2\n");
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    ck_assert_str_eq (heard->str, "1 !6 the client has gone.");
}
END_TEST

START_TEST (a_client_that_goes_behind_its_body_is_told_once)
{
    wants_more = FALSE;
    begin ();
    feed ("1\n2\n");
    event_body_end (carrier->event);
    fake_carrier_pump (carrier);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "1 !6 the exchange is over.");
}
END_TEST

START_TEST (a_line_that_is_no_json_is_a_400)
{
    begin ();
    feed ("1\n2 3\n4\n");
    ck_assert_uint_eq (carrier->status, 400);
    ck_assert_str_eq (
        heard->str,
        "1 !400 The body is no NDJSON: line 2, column 3: nothing may follow the value..");
}
END_TEST

START_TEST (a_line_that_is_too_long_is_a_413)
{
    carrier->limits.json_line = 16;
    begin ();
    feed ("1\n12345678901234567");
    ck_assert_uint_eq (carrier->status, 413);
    ck_assert_str_eq (heard->str,
                      "1 !413 The body cannot be taken: line 2: it has more than 16 bytes..");
}
END_TEST

START_TEST (a_body_that_breaks_off_is_told)
{
    begin ();
    feed ("1\n2");
    event_body_failed (carrier->event, 400, "A chunk is malformed.");
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "1 !400 A chunk is malformed..");
    ck_assert_uint_eq (carrier->status, 400);
}
END_TEST

START_TEST (a_body_that_was_kept_is_read_likewise)
{
    carrier->body = "1\n2";
    fake_carrier_run (carrier, POST, read_lines, NULL);
    ck_assert_str_eq (carrier->sent->str, "1 2 ");
}
END_TEST

static void
write_lines (H3Event *event, gpointer user_data)
{
    ck_assert (h3_event_write_json_line (event, json_pack ("{s:s}", "a", "b\nc")));
    ck_assert (h3_event_write_json_line (event, json_null ()));
    carrier->waiting = (guint64) carrier->limits.output + 1;
    ck_assert (!h3_event_write_json_line (event, json_integer (1)));
    h3_event_finish (event);
}

START_TEST (documents_are_written_one_a_line)
{
    fake_carrier_run (carrier, POST, write_lines, NULL);
    ck_assert_str_eq (carrier->sent->str, "{\"a\":\"b\\nc\"}\nnull\n1\n");
    ck_assert_str_eq (carrier->type, "application/x-ndjson");
    ck_assert_uint_eq (carrier->n_finished, 1);
}
END_TEST

static void
write_nothing (H3Event *event, gpointer user_data)
{
    if (user_data != NULL)
        ck_assert (h3_event_write_json_line (event, json_null ()));
    ck_assert (!h3_event_write_json_line (event, json_pack ("s", "\xff")));
}

START_TEST (what_is_no_document_fails_the_event)
{
    fake_carrier_run (carrier, POST, write_nothing, NULL);
    ck_assert_uint_eq (carrier->status, 500);
    fake_carrier_clear (carrier);
    fake_carrier_run (carrier, POST, write_nothing, carrier);
    ck_assert_uint_eq (carrier->n_cancelled, 1);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("lines");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, documents_are_given_as_they_come);
    tcase_add_test (tcase, who_wants_no_more_slows_the_client_down);
    tcase_add_test (tcase, documents_wait_behind_the_end_of_the_body);
    tcase_add_test (tcase, a_client_that_goes_is_told_once);
    tcase_add_test (tcase, a_client_that_goes_behind_its_body_is_told_once);
    tcase_add_test (tcase, a_line_that_is_no_json_is_a_400);
    tcase_add_test (tcase, a_line_that_is_too_long_is_a_413);
    tcase_add_test (tcase, a_body_that_breaks_off_is_told);
    tcase_add_test (tcase, a_body_that_was_kept_is_read_likewise);
    tcase_add_test (tcase, documents_are_written_one_a_line);
    tcase_add_test (tcase, what_is_no_document_fails_the_event);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/json-lines", add_tests);
}
