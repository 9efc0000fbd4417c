/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

#define GET "GET / HTTP/1.1\r\nHost: h\r\n"

static FakeCarrier *carrier;
static H3Event *held;
static gboolean was_held;

static void
set_up (void)
{
    carrier = fake_carrier_new ();
}

static void
tear_down (void)
{
    g_clear_pointer (&held, h3_event_unref);
    g_clear_pointer (&carrier, fake_carrier_free);
}

static void
release (GError *error)
{
    event_release (held, error);
    g_clear_pointer (&held, h3_event_unref);
    fake_carrier_pump (carrier);
}

static void
add_letter (H3Event *event, gpointer user_data)
{
    const char *before = h3_response_get_header (h3_event_get_response (event), "X-Order");
    g_autofree char *now = g_strconcat (before != NULL ? before : "", user_data, NULL);

    h3_event_set_header (event, "X-Order", now);
}

static void
hold (H3Event *event, gpointer user_data)
{
    add_letter (event, user_data);
    was_held = event_hold (event);
    if (was_held)
        held = h3_event_defer (event);
}

static void
register_three (H3Event *event)
{
    h3_event_on_send (event, add_letter, (gpointer) "c", NULL);
    h3_event_on_send (event, hold, (gpointer) "b", NULL);
    h3_event_on_send (event, add_letter, (gpointer) "a", NULL);
}

static void
answer (H3Event *event, gpointer user_data)
{
    register_three (event);
    h3_event_send_text (event, "held");
}

START_TEST (a_held_answer_leaves_when_it_is_released_and_the_hooks_behind_run_then)
{
    fake_carrier_run (carrier, GET, answer, NULL);
    ck_assert (was_held);
    ck_assert_uint_eq (carrier->n_sent, 0);
    ck_assert_str_eq (h3_response_get_header (h3_event_get_response (held), "X-Order"), "ab");
    h3_event_set_header (held, "X-Late", "yes");
    release (NULL);
    ck_assert_uint_eq (carrier->status, 200);
    ck_assert_str_eq (carrier->sent->str, "held");
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Order"), "abc");
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Late"), "yes");
}
END_TEST

START_TEST (an_error_takes_the_place_of_a_held_answer)
{
    fake_carrier_run (carrier, GET, answer, NULL);
    release (h3_http_error_new (503, "the store is away"));
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_uint_eq (carrier->status, 503);
    ck_assert_ptr_nonnull (strstr (carrier->sent->str, "the store is away"));
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Order"), "c");
}
END_TEST

static void
answer_twice_held (H3Event *event, gpointer user_data)
{
    h3_event_on_send (event, hold, (gpointer) "2", NULL);
    h3_event_on_send (event, hold, (gpointer) "1", NULL);
    h3_event_send_text (event, "held");
}

START_TEST (hooks_hold_one_after_the_other)
{
    g_autoptr (H3Event) first = NULL;

    fake_carrier_run (carrier, GET, answer_twice_held, NULL);
    first = g_steal_pointer (&held);
    event_release (first, NULL);
    ck_assert_ptr_nonnull (held);
    ck_assert_uint_eq (carrier->n_sent, 0);
    release (NULL);
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Order"), "12");
}
END_TEST

static void
do_nothing (H3Event *event, gpointer user_data)
{
}

START_TEST (what_else_goes_on_with_the_event_does_not_let_a_held_answer_go)
{
    fake_carrier_run (carrier, GET, answer, NULL);
    event_enter (held);
    event_leave (held);
    h3_event_after (held, 0, do_nothing, NULL, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->n_sent, 0);
    release (NULL);
    ck_assert_uint_eq (carrier->n_sent, 1);
}
END_TEST

START_TEST (a_failure_meanwhile_is_held_too)
{
    fake_carrier_run (carrier, GET, answer, NULL);
    h3_event_fail_status (held, 418, NULL);
    fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->n_sent, 0);
    release (NULL);
    ck_assert_uint_eq (carrier->n_sent, 1);
    ck_assert_uint_eq (carrier->status, 418);
}
END_TEST

START_TEST (a_release_after_the_end_does_nothing)
{
    fake_carrier_run (carrier, GET, answer, NULL);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    release (h3_http_error_new (503, NULL));
    ck_assert_uint_eq (carrier->n_sent, 0);
}
END_TEST

static void
write_pieces (H3Event *event, gpointer user_data)
{
    register_three (event);
    (void) h3_event_write (event, "piece", 5);
    h3_event_finish (event);
}

START_TEST (of_what_is_written_in_pieces_the_end_is_held)
{
    fake_carrier_run (carrier, GET, write_pieces, NULL);
    ck_assert (was_held);
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Order"), "abc");
    ck_assert_str_eq (carrier->sent->str, "piece");
    ck_assert_uint_eq (carrier->n_finished, 0);
    release (NULL);
    ck_assert_uint_eq (carrier->n_finished, 1);
    fake_carrier_run (carrier, GET, write_pieces, NULL);
    release (h3_http_error_new (503, NULL));
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_uint_eq (carrier->n_cancelled, 1);
}
END_TEST

static void
write_longer (H3Event *event, gpointer user_data)
{
    register_three (event);
    (void) h3_event_write (event, "piece", 5);
}

START_TEST (pieces_that_come_after_the_release_end_when_they_end)
{
    g_autoptr (H3Event) event = NULL;

    fake_carrier_run (carrier, GET, write_longer, NULL);
    event = h3_event_ref (held);
    release (NULL);
    ck_assert_uint_eq (carrier->n_finished, 0);
    (void) h3_event_write (event, "s", 1);
    h3_event_finish (event);
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_str_eq (carrier->sent->str, "pieces");
}
END_TEST

static void
write_twice_held (H3Event *event, gpointer user_data)
{
    h3_event_on_send (event, hold, (gpointer) "2", NULL);
    h3_event_on_send (event, hold, (gpointer) "1", NULL);
    (void) h3_event_write (event, "piece", 5);
}

START_TEST (a_stream_that_is_held_twice_ends_with_the_last_release)
{
    H3Event *event;

    fake_carrier_run (carrier, GET, write_twice_held, NULL);
    event = held;
    h3_event_unref (event); /* there were two */
    h3_event_finish (event);
    event_release (event, NULL);
    ck_assert_uint_eq (carrier->n_finished, 0);
    release (NULL);
    ck_assert_uint_eq (carrier->n_finished, 1);
}
END_TEST

static void
take_it_over (H3Event *event, gpointer user_data)
{
    register_three (event);
    h3_event_set_status (event, 200);
    (void) h3_event_take_over (event);
}

START_TEST (a_connection_that_is_taken_over_is_not_held)
{
    was_held = TRUE;
    fake_carrier_run (carrier, GET, take_it_over, NULL);
    ck_assert (!was_held);
}
END_TEST

static void
fail_in_pieces (H3Event *event, GError *error)
{
    (void) h3_event_write (event, "error", 5);
    h3_event_finish (event);
    g_error_free (error);
}

START_TEST (an_error_in_pieces_in_the_place_of_a_held_answer_ends_with_its_release)
{
    carrier->on_fail = fail_in_pieces;
    fake_carrier_run (carrier, GET, answer, NULL);
    h3_event_fail_status (held, 500, NULL);
    ck_assert_str_eq (carrier->sent->str, "error");
    ck_assert_str_eq (fake_carrier_get (carrier, "X-Order"), "c");
    ck_assert_uint_eq (carrier->n_finished, 0);
    release (NULL);
    ck_assert_uint_eq (carrier->n_finished, 1);
    ck_assert_uint_eq (carrier->n_sent, 1);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("hold");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_add_test (tcase, a_held_answer_leaves_when_it_is_released_and_the_hooks_behind_run_then);
    tcase_add_test (tcase, an_error_takes_the_place_of_a_held_answer);
    tcase_add_test (tcase, hooks_hold_one_after_the_other);
    tcase_add_test (tcase, what_else_goes_on_with_the_event_does_not_let_a_held_answer_go);
    tcase_add_test (tcase, a_failure_meanwhile_is_held_too);
    tcase_add_test (tcase, a_release_after_the_end_does_nothing);
    tcase_add_test (tcase, of_what_is_written_in_pieces_the_end_is_held);
    tcase_add_test (tcase, pieces_that_come_after_the_release_end_when_they_end);
    tcase_add_test (tcase, a_stream_that_is_held_twice_ends_with_the_last_release);
    tcase_add_test (tcase, a_connection_that_is_taken_over_is_not_held);
    tcase_add_test (tcase, an_error_in_pieces_in_the_place_of_a_held_answer_ends_with_its_release);
}

int
main (void)
{
    return suite_run ("http/event-hold", add_tests);
}
