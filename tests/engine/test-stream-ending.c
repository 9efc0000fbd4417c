/* SPDX-License-Identifier: MIT */

#include "tests/engine/stream-fixture.h"

START_TEST (stream_is_held_until_its_end_is_told)
{
    start_reading ();
    g_clear_pointer (&stream, h3_stream_unref);
    say ("still read");
    step (2);
    ck_assert_str_eq (heard->str, "still read");
    hang_up ();
    step (2);
    ck_assert_uint_eq (ends, 1);
    ck_assert_uint_eq (destroyed, 1);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), 0);
}
END_TEST

START_TEST (stream_is_closed_by_its_last_unref)
{
    (void) h3_stream_write (stream, "bye", 3);
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    g_clear_pointer (&stream, h3_stream_unref);
    ck_assert_uint_eq (destroyed, 1);
    step (2);
    ck_assert_int_eq (hear (100), 3);
    ck_assert_int_eq (hear (100), 0);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), 0);
    ck_assert_uint_eq (drained, 0);
}
END_TEST

START_TEST (stream_may_be_closed_where_it_is_read)
{
    on_data_do = DO_CLOSE;
    start_reading ();
    say ("x");
    step (3);
    ck_assert_str_eq (heard->str, "x");
    ck_assert_uint_eq (ends, 1);
    ck_assert_int_eq (end_code, H3_ERROR_CANCELLED);
    ck_assert_uint_eq (destroyed, 1);
    ck_assert (!h3_stream_is_open (stream));
    ck_assert (!h3_stream_write (stream, "x", 1));
    h3_stream_pause (stream);
    h3_stream_resume (stream);
    h3_stream_close (stream);
    step (2);
    ck_assert_uint_eq (calls, 2);
}
END_TEST

START_TEST (stream_may_be_dropped_where_its_end_is_told)
{
    on_data_do = DO_NOTHING;
    on_end_do = DO_UNREF;
    start_reading ();
    hang_up ();
    step (3);
    ck_assert_uint_eq (ends, 1);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), 0);
}
END_TEST

START_TEST (stream_tells_its_own_close_never_inline)
{
    start_reading ();
    say ("not read any more");
    h3_stream_close (stream);
    ck_assert_uint_eq (calls, 0);
    step (1);
    ck_assert_uint_eq (calls, 1);
    ck_assert_int_eq (end_code, H3_ERROR_CANCELLED);
}
END_TEST

START_TEST (stream_sends_what_was_written_before_its_close)
{
    gsize got = 0;
    gssize more;

    write_until_full ();
    h3_stream_close (stream);
    while ((more = hear (65536)) != 0) {
        got += (gsize) MAX (more, 0);
        step (1);
    }
    ck_assert_uint_gt (got, H3_STREAM_OUTPUT_MARK);
    ck_assert_uint_eq (got % 30000, 0);
}
END_TEST

START_TEST (stream_reads_the_peer_s_last_bytes_before_it_tells_the_end)
{
    static char many[100000];

    start_reading ();
    step (1);
    ck_assert_int_eq (send (peer, many, sizeof many, 0), sizeof many);
    hang_up ();
    (void) h3_stream_write (stream, "into the void", 13);
    /* Whether the failed write or the peer's end is met first is the system's choice. */
    while (ends == 0)
        (void) loop_step (loop, TRUE);
    ck_assert_uint_eq (heard->len, sizeof many);
    ck_assert_uint_eq (ends, 1);
    ck_assert (!h3_stream_write (stream, "x", 1));
    ck_assert (!h3_stream_is_open (stream));
}
END_TEST

START_TEST (stream_ends_when_nobody_reads_and_the_peer_has_gone)
{
    h3_stream_on_drain (stream, on_drained, &peer, on_destroyed);
    hang_up ();
    (void) h3_stream_write (stream, "into the void", 13);
    step (3);
    ck_assert (!h3_stream_is_open (stream));
    ck_assert_uint_eq (destroyed, 1);
    ck_assert_uint_eq (drained, 0);
}
END_TEST

START_TEST (stream_ends_when_the_peer_takes_too_little)
{
    start_reading ();
    write_until_full ();
    step (1);
    clock_drive (5001);
    step (2);
    ck_assert_uint_eq (ends, 1);
    ck_assert_int_eq (end_code, H3_ERROR_TIMEOUT);
}
END_TEST

START_TEST (streams_end_with_their_server)
{
    H3Stream *second;
    int other;

    start_reading ();
    (void) h3_stream_write (stream, "bye", 3);
    stream_list_end (&list);
    ck_assert_uint_eq (ends, 0);
    step (2);
    ck_assert_uint_eq (ends, 1);
    ck_assert_int_eq (end_code, H3_ERROR_CLOSED);
    ck_assert_int_eq (hear (100), 3);
    ck_assert_int_eq (hear (100), 0);
    second = make ("late", &other);
    ck_assert (h3_stream_is_open (second));
    step (1);
    ck_assert (!h3_stream_is_open (second));
    h3_stream_unref (second);
    (void) close (other);
}
END_TEST

static void *
drop_elsewhere (void *data)
{
    for (guint i = 0; i < 1000; i++)
        h3_stream_unref (h3_stream_ref (data));
    h3_stream_unref (data);
    return NULL;
}

START_TEST (stream_may_be_dropped_by_any_thread)
{
    pthread_t threads[3];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (
            pthread_create (&threads[i], NULL, drop_elsewhere, h3_stream_ref (stream)), 0);
    (void) h3_stream_write (stream, "bye", 3);
    g_clear_pointer (&stream, h3_stream_unref);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        (void) pthread_join (threads[i], NULL);
    step (3);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), 0);
    ck_assert_int_eq (hear (100), 3);
    ck_assert_int_eq (hear (100), 0);
}
END_TEST

START_TEST (stream_outlives_its_loop)
{
    H3Stream *held = h3_stream_ref (stream);
    pthread_t thread;

    kept = 1;
    tear_down ();
    ck_assert (!h3_stream_is_open (held));
    ck_assert_int_eq (pthread_create (&thread, NULL, drop_elsewhere, held), 0);
    (void) pthread_join (thread, NULL);
    ck_assert_int_eq (counters_read (COUNTER_STREAMS_LIVE), 0);
    kept = 0;
    set_up ();
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const ending[] = {
        stream_is_held_until_its_end_is_told,
        stream_is_closed_by_its_last_unref,
        stream_may_be_closed_where_it_is_read,
        stream_may_be_dropped_where_its_end_is_told,
        stream_tells_its_own_close_never_inline,
        stream_sends_what_was_written_before_its_close,
        stream_reads_the_peer_s_last_bytes_before_it_tells_the_end,
        stream_ends_when_nobody_reads_and_the_peer_has_gone,
        stream_ends_when_the_peer_takes_too_little,
        streams_end_with_their_server,
        NULL,
    };
    const TTest *const threads[] = {
        stream_may_be_dropped_by_any_thread,
        stream_outlives_its_loop,
        NULL,
    };

    add_case (suite, "ending", ending);
    add_case (suite, "threads", threads);
}

int
main (void)
{
    return suite_run ("engine/stream-ending", add);
}
