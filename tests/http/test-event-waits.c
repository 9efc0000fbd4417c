/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/http/answer.h"
#include "h3/http/event-waits.h"
#include "h3/loop/clock.h"
#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#define GET "GET / HTTP/1.1\r\nHost: h\r\n"

static FakeCarrier *carrier;
static GString *heard; /* what was called, in order */

static void
set_up (void)
{
    clock_take_control ();
    carrier = fake_carrier_new ();
    heard = g_string_new (NULL);
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
    ck_assert_int_eq (counters_read (COUNTER_TIMERS_LIVE), 0);
    g_string_free (heard, TRUE);
}

static void
pass (gint64 milliseconds)
{
    clock_drive (milliseconds);
    fake_carrier_pump (carrier);
}

static void
note_freed (gpointer data)
{
    g_string_append_printf (heard, "-%s", (const char *) data);
}

static void
note (H3Event *event, gpointer user_data)
{
    g_string_append (heard, user_data);
}

static void
answer (H3Event *event, gpointer user_data)
{
    note (event, user_data);
    h3_event_send_text (event, user_data);
    ck_assert_uint_eq (carrier->n_sent, 0);
}

static void
wait_twice (H3Event *event, gpointer user_data)
{
    h3_event_after (event, 200, answer, (gpointer) "b", note_freed);
    h3_event_after (event, 100, note, (gpointer) "a", note_freed);
}

START_TEST (event_is_held_until_its_time_is_up)
{
    fake_carrier_run (carrier, GET, wait_twice, NULL);
    pass (99);
    ck_assert_str_eq (heard->str, "");
    pass (1);
    ck_assert_str_eq (heard->str, "a-a");
    ck_assert_ptr_nonnull (carrier->event);
    pass (100);
    ck_assert_str_eq (heard->str, "a-ab-b");
    ck_assert_str_eq (carrier->sent->str, "b");
    ck_assert_ptr_null (carrier->event);
}
END_TEST

START_TEST (wait_of_an_exchange_that_ends_is_never_due)
{
    fake_carrier_run (carrier, GET, wait_twice, NULL);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    ck_assert_int_eq (counters_read (COUNTER_TIMERS_LIVE), 0);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
    pass (1000);
    ck_assert_str_eq (heard->str, "-a-b");
}
END_TEST

START_TEST (cancelled_event_waits_no_longer)
{
    fake_carrier_run (carrier, GET, wait_twice, NULL);
    event_cancel (carrier->event);
    ck_assert_str_eq (heard->str, "");
    fake_carrier_pump (carrier);
    ck_assert_str_eq (carrier->sent->str, "b");
    ck_assert_ptr_nonnull (strstr (heard->str, "a-a"));
    ck_assert_ptr_nonnull (strstr (heard->str, "b-b"));
}
END_TEST

static void
cancel_itself (H3Event *event, gpointer user_data)
{
    note (event, user_data);
    event_cancel (event);
    h3_event_after (event, 5000, answer, (gpointer) "now", note_freed);
}

static void
wait_and_cancel (H3Event *event, gpointer user_data)
{
    h3_event_after (event, 0, cancel_itself, (gpointer) "c", note_freed);
    ck_assert_str_eq (heard->str, "");
}

static void
wait_for_cancel (H3Event *event, gpointer user_data)
{
    event_wait_for_cancel (event, answer, (gpointer) "c", note_freed);
    note (event, user_data);
}

START_TEST (wait_for_the_cancellable_is_due_with_it_alone)
{
    fake_carrier_run (carrier, GET, wait_for_cancel, (gpointer) "a");
    pass (G_MAXINT32);
    ck_assert_str_eq (heard->str, "a");
    event_cancel (carrier->event);
    ck_assert_str_eq (heard->str, "a");
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "ac-c");
    ck_assert_uint_eq (carrier->n_sent, 1);
    /* Cancelled before: at the next turn; ended before: never. */
    g_string_truncate (heard, 0);
    fake_carrier_clear (carrier);
    fake_carrier_begin (carrier, GET);
    event_cancel (carrier->event);
    carrier->handlers[0] = wait_for_cancel;
    carrier->user_data = (gpointer) "a";
    fake_carrier_dispatch (carrier);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "ac-c");
    g_string_truncate (heard, 0);
    fake_carrier_run (carrier, GET, wait_for_cancel, (gpointer) "a");
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "a-c");
}
END_TEST

START_TEST (wait_of_a_cancelled_event_is_due_at_once_but_never_inline)
{
    fake_carrier_run (carrier, GET, wait_and_cancel, NULL);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "c-cnow-now");
}
END_TEST

static void
end_itself (H3Event *event, gpointer user_data)
{
    note (event, user_data);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    h3_event_after (event, 1, note, (gpointer) "never", note_freed);
    ck_assert_ptr_nonnull (h3_event_get_arena (event));
}

static void
wait_and_end (H3Event *event, gpointer user_data)
{
    h3_event_after (event, 1, end_itself, (gpointer) "e", note_freed);
    h3_event_after (event, 2, note, (gpointer) "late", note_freed);
}

START_TEST (exchange_that_ends_in_its_wait_is_whole_until_it_returns)
{
    fake_carrier_run (carrier, GET, wait_and_end, NULL);
    pass (1);
    pass (1);
    ck_assert_str_eq (heard->str, "e-late-never-e");
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}
END_TEST

static GLogWriterOutput
drop_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    return G_LOG_WRITER_HANDLED;
}

static void
wait_for_nothing (H3Event *event, gpointer user_data)
{
    h3_event_after (event, 1, note, (gpointer) "n", NULL);
}

START_TEST (wait_that_answers_nothing_is_500)
{
    g_log_set_writer_func (drop_warning, NULL, NULL);
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    fake_carrier_run (carrier, GET, wait_for_nothing, NULL);
    pass (1);
    ck_assert_str_eq (heard->str, "n");
    ck_assert_uint_eq (carrier->status, 500);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("waits");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, event_is_held_until_its_time_is_up);
    tcase_add_test (tcase, wait_of_an_exchange_that_ends_is_never_due);
    tcase_add_test (tcase, cancelled_event_waits_no_longer);
    tcase_add_test (tcase, wait_for_the_cancellable_is_due_with_it_alone);
    tcase_add_test (tcase, wait_of_a_cancelled_event_is_due_at_once_but_never_inline);
    tcase_add_test (tcase, exchange_that_ends_in_its_wait_is_whole_until_it_returns);
    tcase_add_test (tcase, wait_that_answers_nothing_is_500);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/event-waits", add_cases);
}
