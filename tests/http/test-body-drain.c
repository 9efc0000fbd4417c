/* SPDX-License-Identifier: MIT
 *
 * Who waits for the client to take enough, and what becomes of the wait. */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/counters.h>
#include <h3/http/body.h>

#define GET "GET / HTTP/1.1\r\nHost: h\r\n"

static FakeCarrier *carrier;
static H3Event *held;
static GString *heard;

static void
set_up (void)
{
    carrier = fake_carrier_new ();
    heard = g_string_new (NULL);
}

static void
tear_down (void)
{
    fake_carrier_free (carrier);
    g_string_free (heard, TRUE);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
}

static void
note_room (H3Event *event, gpointer user_data)
{
    g_string_append (heard, "room");
}

static void
note_freed (gpointer user_data)
{
    g_string_append_c (heard, '.');
}

/* Begins an answer of which more waits than should. */
static void
fill (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
    h3_event_start_stream (event, -1);
    carrier->waiting = (guint64) carrier->limits.output + 1;
    ck_assert (!h3_event_write (event, "much", 4));
}

static void
wait_for_room (gpointer data)
{
    h3_event_on_drain (held, note_room, NULL, note_freed);
}

static void
wait_anywhere (gboolean elsewhere)
{
    if (elsewhere)
        fake_carrier_run_elsewhere (wait_for_room, NULL);
    else
        wait_for_room (NULL);
    ck_assert_str_eq (heard->str, "");
    fake_carrier_pump (carrier);
}

/* _i: from another thread. */
START_TEST (room_is_told_once_whoever_asks)
{
    fake_carrier_run (carrier, GET, fill, NULL);
    wait_anywhere (_i);
    ck_assert_str_eq (heard->str, "");
    carrier->waiting = 0;
    event_drained (held);
    event_drained (held);
    ck_assert_str_eq (heard->str, "room.");
    h3_event_finish (held);
    h3_event_unref (held);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "room.");
}
END_TEST

START_TEST (wait_ends_with_the_exchange)
{
    fake_carrier_run (carrier, GET, fill, NULL);
    wait_anywhere (_i);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    ck_assert_str_eq (heard->str, ".");
    h3_event_unref (held);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, ".");
}
END_TEST

/* Who writes until there is no room would do so for ever. */
START_TEST (wait_behind_the_end_is_freed_and_not_told)
{
    fake_carrier_run (carrier, GET, fill, NULL);
    fake_carrier_end (carrier, H3_OUTCOME_GONE);
    ck_assert (!h3_event_write (held, "more", 4));
    wait_anywhere (_i);
    ck_assert_str_eq (heard->str, ".");
    h3_event_unref (held);
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, ".");
}
END_TEST

/* There was room when it was asked for; what is written in the same turn fills it. */
START_TEST (room_that_is_gone_at_the_end_of_the_turn_is_told_when_it_is_there_again)
{
    fake_carrier_run (carrier, GET, fill, NULL);
    carrier->waiting = 0;
    wait_for_room (NULL);
    carrier->waiting = (guint64) carrier->limits.output + 1;
    fake_carrier_pump (carrier);
    ck_assert_str_eq (heard->str, "");
    ck_assert_uint_eq (carrier->n_wants, 1);
    carrier->waiting = 0;
    event_drained (held);
    ck_assert_str_eq (heard->str, "room.");
    h3_event_finish (held);
    h3_event_unref (held);
}
END_TEST

static void
write_little (gpointer has_room)
{
    *(gboolean *) has_room = h3_event_write (held, "little", 6);
}

static gboolean
write_elsewhere (void)
{
    gboolean has_room;

    fake_carrier_run_elsewhere (write_little, &has_room);
    fake_carrier_pump (carrier);
    return has_room;
}

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
    h3_event_start_stream (event, -1);
}

/* However little it writes at a time, and however quickly the worker takes that. */
START_TEST (thread_hears_of_what_waits_for_the_client)
{
    fake_carrier_run (carrier, GET, hold, NULL);
    ck_assert (write_elsewhere ());
    carrier->waiting = (guint64) carrier->limits.output + 1;
    (void) write_elsewhere ();
    ck_assert (!write_elsewhere ());
    fake_carrier_run_elsewhere (wait_for_room, NULL);
    fake_carrier_pump (carrier);
    carrier->waiting = 0;
    event_drained (held);
    ck_assert_str_eq (heard->str, "room.");
    ck_assert (write_elsewhere ());
    /* The next exchange begins with room. */
    carrier->waiting = (guint64) carrier->limits.output + 1;
    (void) write_elsewhere ();
    h3_event_finish (held);
    h3_event_unref (held);
    fake_carrier_pump (carrier);
    carrier->waiting = 0;
    fake_carrier_run (carrier, GET, hold, NULL);
    ck_assert (write_elsewhere ());
    h3_event_finish (held);
    h3_event_unref (held);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("drain");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_loop_test (tcase, room_is_told_once_whoever_asks, 0, 2);
    tcase_add_loop_test (tcase, wait_ends_with_the_exchange, 0, 2);
    tcase_add_loop_test (tcase, wait_behind_the_end_is_freed_and_not_told, 0, 2);
    tcase_add_test (tcase, room_that_is_gone_at_the_end_of_the_turn_is_told_when_it_is_there_again);
    tcase_add_test (tcase, thread_hears_of_what_waits_for_the_client);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/body-drain", add_tests);
}
