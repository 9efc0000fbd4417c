/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "tests/net/transport-fixture.h"

#define count() transport_shared_count (shared)

static void
close_transport (void)
{
    transport_close (g_steal_pointer (&transport));
}

START_TEST (transport_close_sends_what_waits_then_ends)
{
    gsize got = 0;
    gssize length;

    fill (10000000);
    close_transport ();
    for (;;) {
        step (1);
        length = peer_read (NULL, 65536);
        if (length == 0)
            break;
        got += length > 0 ? (gsize) length : 0;
    }
    ck_assert_uint_eq (got, 10000000);
    ck_assert_uint_eq (count (), 1);
    (void) shutdown (peer, SHUT_WR);
    step (2);
    ck_assert_uint_eq (count (), 0);
}
END_TEST

START_TEST (transport_close_sends_what_was_not_flushed)
{
    transport_write (transport, "bye", 3);
    close_transport ();
    ck_assert_int_eq (peer_read (NULL, 100), 3);
    ck_assert_int_eq (peer_read (NULL, 100), 0);
}
END_TEST

START_TEST (transport_lingers_until_its_time_is_up)
{
    close_transport ();
    clock_drive (4900);
    step (3);
    ck_assert_uint_eq (count (), 1);
    clock_drive (200);
    step (3);
    ck_assert_uint_eq (count (), 0);
}
END_TEST

START_TEST (transport_throws_away_so_many_bytes_and_no_more)
{
    static const char data[4096];
    gsize sent = 0;

    close_transport ();
    while (count () > 0) {
        gssize length = send (peer, data, sizeof data, MSG_NOSIGNAL);

        if (length > 0)
            sent += (gsize) length;
        step (1);
        ck_assert_uint_le (sent, TRANSPORT_LINGER_BYTES);
    }
    ck_assert_uint_ge (sent, TRANSPORT_LINGER_BYTES);
}
END_TEST

START_TEST (transport_does_not_linger_when_the_peer_has_ended)
{
    transport_set_reading (transport, TRUE);
    (void) shutdown (peer, SHUT_WR);
    step (1);
    close_transport ();
    step (1);
    ck_assert_uint_eq (count (), 0);
    ck_assert_int_eq (peer_read (NULL, 1), 0);
}
END_TEST

START_TEST (transport_close_ends_when_the_peer_takes_nothing)
{
    fill (10000000);
    close_transport ();
    /* The kernel may take some more for the peer, in its own time; then it has to wait once more.
     */
    for (guint i = 0; i < 1000 && count () > 0; i++) {
        clock_drive (5001);
        step (3);
    }
    ck_assert_uint_eq (count (), 0);
    ck_assert_uint_eq (failed, 0);
}
END_TEST

START_TEST (transport_close_ends_when_the_peer_has_gone)
{
    fill (10000000);
    close_transport ();
    (void) close (peer);
    peer = -1;
    step (3);
    ck_assert_uint_eq (count (), 0);
}
END_TEST

START_TEST (transport_cut_lingering_ends_all_without_an_owner)
{
    int ends[2];
    Transport *other;

    make_tcp_pair (ends);
    other = transport_new (shared, ends[0], &owner_functions, &peer);
    fill (10000000);
    close_transport ();
    transport_close (other);
    ck_assert_uint_eq (count (), 2);
    transport_shared_cut_lingering (shared);
    step (1);
    ck_assert_uint_eq (count (), 0);
    (void) close (ends[1]);
}
END_TEST

START_TEST (transport_reset_throws_away_and_resets)
{
    fill (10000000);
    transport_reset (g_steal_pointer (&transport));
    step (1);
    ck_assert_uint_eq (count (), 0);
    while (peer_read (NULL, 65536) > 0)
        ;
    ck_assert_int_eq (errno, ECONNRESET);
}
END_TEST

static guint empty;

static void
on_empty (gpointer data)
{
    ck_assert_uint_eq (count (), 0);
    empty++;
}

START_TEST (transport_shared_tells_when_the_last_has_gone)
{
    empty = 0;
    transport_shared_on_empty (shared, on_empty, NULL);
    step (1);
    ck_assert_uint_eq (empty, 0);
    transport_reset (g_steal_pointer (&transport));
    ck_assert_uint_eq (empty, 0);
    step (2);
    ck_assert_uint_eq (empty, 1);
    transport_shared_on_empty (shared, on_empty, NULL);
    ck_assert_uint_eq (empty, 1);
    step (1);
    ck_assert_uint_eq (empty, 2);
}
END_TEST

/* _i: whether the owner closes or resets. */
static Reaction
get_reaction (int i)
{
    return i == 0 ? DO_CLOSE : DO_RESET;
}

START_TEST (transport_may_end_in_on_readable)
{
    on_readable_do = get_reaction (_i);
    transport_set_reading (transport, TRUE);
    fill (10000000);
    ck_assert_int_eq (send (peer, "x", 1, 0), 1);
    step (5);
    ck_assert_ptr_null (transport);
    ck_assert_uint_eq (readable, 1);
    ck_assert_uint_eq (count (), _i == 0 ? 1 : 0);
}
END_TEST

START_TEST (transport_may_end_in_on_drained)
{
    on_drained_do = get_reaction (_i);
    transport_write (transport, "x", 1);
    transport_want_drained (transport);
    transport_flush (transport);
    step (5);
    ck_assert_ptr_null (transport);
    ck_assert_uint_eq (drained, 1);
}
END_TEST

START_TEST (transport_may_end_in_on_failed)
{
    on_failed_do = get_reaction (_i);
    transport_want_drained (transport);
    fill (10000000);
    (void) close (peer);
    peer = -1;
    step (5);
    ck_assert_ptr_null (transport);
    ck_assert_uint_eq (failed, 1);
    ck_assert_uint_eq (count (), 0);
}
END_TEST

START_TEST (transport_ended_with_a_failure_not_yet_told_tells_nobody)
{
    fill (10000000);
    (void) close (peer);
    peer = -1;
    transport_write_file (transport, open ("/dev/null", O_RDONLY | O_CLOEXEC), 0, 10);
    clock_drive (5001);
    transport_want_drained (transport);
    deadlines_sweep (deadlines);
    ck_assert (transport_has_failed (transport));
    if (_i == 0)
        close_transport ();
    else
        transport_reset (g_steal_pointer (&transport));
    step (3);
    ck_assert_uint_eq (failed + drained, 0);
    ck_assert_uint_eq (count (), 0);
}
END_TEST

/* The loop waits for nothing: a turn without anything to do calls nobody. */
START_TEST (transport_rests_when_the_peer_ends_while_it_lingers_or_is_paused)
{
    transport_set_reading (transport, TRUE);
    transport_set_reading (transport, FALSE);
    (void) shutdown (peer, SHUT_RDWR);
    step (20);
    ck_assert_uint_eq (readable + drained + failed, 0);
    transport_write (transport, "x", 1);
    transport_flush (transport);
    step (20);
    transport_write (transport, "x", 1);
    transport_flush (transport);
    step (20);
    ck_assert_uint_le (failed, 1);
    ck_assert_uint_eq (readable + drained, 0);
    close_transport ();
    step (3);
    ck_assert_uint_eq (count (), 0);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("ending");

    tcase_add_checked_fixture (tcase, set_up_tcp, tear_down);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, transport_close_sends_what_waits_then_ends);
    tcase_add_test (tcase, transport_close_sends_what_was_not_flushed);
    tcase_add_test (tcase, transport_lingers_until_its_time_is_up);
    tcase_add_test (tcase, transport_throws_away_so_many_bytes_and_no_more);
    tcase_add_test (tcase, transport_does_not_linger_when_the_peer_has_ended);
    tcase_add_test (tcase, transport_close_ends_when_the_peer_takes_nothing);
    tcase_add_test (tcase, transport_close_ends_when_the_peer_has_gone);
    tcase_add_test (tcase, transport_cut_lingering_ends_all_without_an_owner);
    tcase_add_test (tcase, transport_reset_throws_away_and_resets);
    tcase_add_test (tcase, transport_shared_tells_when_the_last_has_gone);
    tcase_add_loop_test (tcase, transport_may_end_in_on_readable, 0, 2);
    tcase_add_loop_test (tcase, transport_may_end_in_on_drained, 0, 2);
    tcase_add_loop_test (tcase, transport_may_end_in_on_failed, 0, 2);
    tcase_add_loop_test (tcase, transport_ended_with_a_failure_not_yet_told_tells_nobody, 0, 2);
    tcase_add_test (tcase, transport_rests_when_the_peer_ends_while_it_lingers_or_is_paused);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/transport-ending", add);
}
