/* SPDX-License-Identifier: MIT */

#include "tests/engine/stream-fixture.h"

START_TEST (stream_gives_what_came_behind_the_head_first_and_never_inline)
{
    int other;

    g_clear_pointer (&stream, h3_stream_unref);
    hang_up ();
    stream = make ("behind", &other);
    peer = other;
    say (" and after");
    start_reading ();
    ck_assert_uint_eq (calls, 0);
    step (1);
    ck_assert_str_eq (heard->str, "behind and after");
    ck_assert_uint_eq (ends, 0);
}
END_TEST

START_TEST (stream_tells_the_end_once_when_the_peer_ended_before)
{
    int other;

    g_clear_pointer (&stream, h3_stream_unref);
    hang_up ();
    stream = make ("behind", &other);
    peer = other;
    hang_up ();
    start_reading ();
    step (3);
    ck_assert_str_eq (heard->str, "behind");
    ck_assert_uint_eq (ends, 1);
    ck_assert_int_eq (end_code, -1);
    ck_assert_uint_eq (destroyed, 1);
}
END_TEST

START_TEST (stream_writes_after_the_peer_s_end)
{
    start_reading ();
    say ("question");
    ck_assert_int_eq (shutdown (peer, SHUT_WR), 0);
    step (3);
    ck_assert_uint_eq (ends, 1);
    ck_assert_int_eq (end_code, -1);
    ck_assert (h3_stream_is_open (stream));
    ck_assert (h3_stream_write (stream, "answer", 6));
    step (1);
    ck_assert_int_eq (hear (100), 6);
    h3_stream_close (stream);
    step (1);
    ck_assert_int_eq (hear (100), 0);
    ck_assert_uint_eq (ends, 1);
}
END_TEST

START_TEST (stream_tells_a_reader_that_comes_after_the_end)
{
    h3_stream_close (stream);
    step (1);
    start_reading ();
    ck_assert_uint_eq (ends, 0);
    step (1);
    ck_assert_uint_eq (ends, 1);
    ck_assert_uint_eq (destroyed, 1);
}
END_TEST

START_TEST (stream_rests_while_paused_and_slows_the_peer_down)
{
    static char many[65536];
    gssize taken = 0, more;

    on_data_do = DO_PAUSE;
    start_reading ();
    say ("one");
    step (2);
    ck_assert_str_eq (heard->str, "one");
    say ("two");
    step (3);
    ck_assert_str_eq (heard->str, "one");
    do {
        more = send (peer, many, sizeof many, 0);
        taken += MAX (more, 0);
        step (1);
    } while (more > 0);
    ck_assert_int_eq (errno, EAGAIN);
    ck_assert_uint_eq (calls, 1);
    on_data_do = DO_NOTHING;
    h3_stream_resume (stream);
    ck_assert_uint_eq (calls, 1);
    while (heard->len < 6 + (gsize) taken)
        step (1);
    ck_assert_int_eq (strncmp (heard->str, "onetwo", 6), 0);
}
END_TEST

START_TEST (stream_keeps_what_came_behind_the_head_while_paused)
{
    int other;

    g_clear_pointer (&stream, h3_stream_unref);
    hang_up ();
    stream = make ("behind", &other);
    peer = other;
    h3_stream_pause (stream);
    start_reading ();
    say ("x");
    step (2);
    ck_assert_uint_eq (calls, 0);
    h3_stream_resume (stream);
    step (1);
    ck_assert_str_eq (heard->str, "behindx");
}
END_TEST

START_TEST (stream_sends_small_writes_of_a_turn_together)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("three", 5);

    ck_assert (h3_stream_write (stream, "one", 3));
    ck_assert (h3_stream_write (stream, "two", 3));
    ck_assert (h3_stream_write_bytes (stream, bytes));
    ck_assert_int_eq (hear (100), -1);
    step (1);
    ck_assert_int_eq (hear (100), 11);
}
END_TEST

/* Writes until it is too much. */
START_TEST (stream_bounds_what_waits_and_tells_when_it_has_left)
{
    guint before;

    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    write_until_full ();
    ck_assert_int_lt (counters_read (COUNTER_QUEUE_BYTES), H3_STREAM_OUTPUT_MARK + 65536);
    step (3);
    ck_assert_uint_eq (drained, 0);
    while (drained == 0) {
        ck_assert_int_gt (hear (65536), 0);
        step (1);
    }
    before = drained;
    while (hear (65536) > 0)
        step (1);
    step (3);
    ck_assert_uint_eq (drained, before);
    ck_assert (h3_stream_write (stream, "x", 1));
    ck_assert_uint_eq (drained, before);
    step (2);
    ck_assert_uint_eq (drained, before + 1);
    ck_assert_uint_eq (destroyed, 0);
}
END_TEST

/* Runs before the producer is told that nothing waits. */
static void
write_where_nothing_waits (gpointer data)
{
    if (drained == 0 && stream_get_waiting (stream) == 0)
        write_until_full ();
}

static void
ask_again (void)
{
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
}

START_TEST (stream_tells_who_asks_while_something_waits)
{
    on_drained_call = ask_again;
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    write_until_full ();
    while (drained == 0) {
        ck_assert_int_gt (hear (65536), 0);
        loop_defer (loop, write_where_nothing_waits, NULL);
        step (1);
    }
    ck_assert_uint_gt (stream_get_waiting (stream), 0);
    while (drained == 1) {
        ck_assert_int_gt (hear (65536), 0);
        step (1);
    }
}
END_TEST

START_TEST (stream_tells_a_producer_that_comes_late)
{
    write_until_full ();
    while (hear (65536) > 0)
        step (1);
    step (2);
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    ck_assert_uint_eq (drained, 0);
    step (2);
    ck_assert_uint_eq (drained, 1);
}
END_TEST

static void
become_nobody (void)
{
    h3_stream_on_drain (stream, NULL, NULL, NULL);
    ck_assert_uint_eq (destroyed, 0);
}

START_TEST (stream_s_producer_may_be_replaced_where_it_is_told)
{
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    on_drained_call = become_nobody;
    (void) h3_stream_write (stream, "x", 1);
    step (3);
    ck_assert_uint_eq (drained, 1);
    ck_assert_uint_eq (destroyed, 1);
    (void) h3_stream_write (stream, "x", 1);
    step (3);
    ck_assert_uint_eq (drained, 1);
}
END_TEST

static void
close_and_drop (void)
{
    h3_stream_close (stream);
    g_clear_pointer (&stream, h3_stream_unref);
    ck_assert_uint_eq (destroyed, 0);
}

START_TEST (stream_may_be_closed_and_dropped_where_its_producer_is_told)
{
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    on_drained_call = close_and_drop;
    (void) h3_stream_write (stream, "x", 1);
    step (3);
    ck_assert_uint_eq (drained, 1);
    ck_assert_uint_eq (destroyed, 1);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), 0);
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const reading[] = {
        stream_gives_what_came_behind_the_head_first_and_never_inline,
        stream_tells_the_end_once_when_the_peer_ended_before,
        stream_rests_while_paused_and_slows_the_peer_down,
        stream_keeps_what_came_behind_the_head_while_paused,
        stream_tells_a_reader_that_comes_after_the_end,
        NULL,
    };
    const TTest *const writing[] = {
        stream_writes_after_the_peer_s_end,
        stream_sends_small_writes_of_a_turn_together,
        stream_bounds_what_waits_and_tells_when_it_has_left,
        stream_tells_who_asks_while_something_waits,
        stream_tells_a_producer_that_comes_late,
        stream_s_producer_may_be_replaced_where_it_is_told,
        stream_may_be_closed_and_dropped_where_its_producer_is_told,
        NULL,
    };

    add_case (suite, "reading", reading);
    add_case (suite, "writing", writing);
}

int
main (void)
{
    return suite_run ("engine/stream", add);
}
