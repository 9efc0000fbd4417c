/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "tests/net/transport-fixture.h"

static int
make_file (const char *data, gsize length)
{
    int fd = memfd_create ("test", MFD_CLOEXEC);

    ck_assert_int_ge (fd, 0);
    ck_assert_int_eq (write (fd, data, length), (gssize) length);
    return fd;
}

static void
expect (const char *text)
{
    char data[100] = "";

    ck_assert_int_eq (recv (peer, data, sizeof data - 1, 0), (gssize) strlen (text));
    ck_assert_str_eq (data, text);
}

START_TEST (transport_sends_all_of_a_turn_at_once_when_flushed)
{
    char *room = transport_reserve (transport, 100);

    memcpy (room, "one ", 4);
    transport_commit (transport, 4);
    transport_write (transport, "two ", 4);
    ck_assert_int_eq (peer_read (NULL, 1), -1);
    ck_assert_uint_eq (transport_get_waiting (transport), 8);
    transport_flush (transport);
    expect ("one two ");
    ck_assert_uint_eq (transport_get_waiting (transport), 0);
    ck_assert_uint_eq (transport_get_sent (transport), 8);
}
END_TEST

START_TEST (transport_flushes_what_was_forgotten_at_the_end_of_the_turn)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (10000), 10000);

    transport_write (transport, "forgotten", 9);
    step (1);
    expect ("forgotten");
    transport_write_bytes (transport, bytes, 0, 10000);
    step (1);
    ck_assert_int_eq (peer_read (NULL, 65536), 10000);
}
END_TEST

START_TEST (transport_keeps_its_bytes_apart_from_another_s)
{
    int ends[2];
    Transport *other;
    char data[10] = "";

    make_tcp_pair (ends);
    other = transport_new (shared, ends[0], &owner_functions, &peer);
    transport_write (transport, "a", 1);
    memcpy (transport_reserve (other, 1), "x", 1);
    transport_commit (other, 1);
    transport_write (other, "y", 1);
    transport_write (transport, "b", 1);
    transport_flush (transport);
    transport_write (other, "z", 1);
    transport_flush (other);
    expect ("ab");
    ck_assert_int_eq (recv (ends[1], data, sizeof data, 0), 3);
    ck_assert_str_eq (data, "xyz");
    transport_reset (other);
    (void) close (ends[1]);
}
END_TEST

static void
write_random (GRand *random, GByteArray *expected)
{
    gsize length = (gsize) g_rand_int_range (random, 0, g_rand_boolean (random) ? 200 : 150000);
    g_autofree char *data = g_malloc (length + 1);
    char *room;

    for (gsize i = 0; i < length; i++)
        data[i] = (char) g_rand_int (random);
    switch (g_rand_int_range (random, 0, 4)) {
    case 0:
        transport_write (transport, data, length);
        break;
    case 1: {
        g_autoptr (GBytes) bytes = g_bytes_new (data, length);

        transport_write_bytes (transport, bytes, 0, length);
        break;
    }
    case 2:
        transport_write_file (transport, make_file (data, length), 0, length);
        break;
    default:
        length = MIN (length, 65536);
        room = transport_reserve (transport, length);
        memcpy (room, data, length);
        transport_commit (transport, length);
    }
    g_byte_array_append (expected, (guint8 *) data, (guint) length);
}

START_TEST (transport_keeps_bytes_and_order_for_a_slow_reader)
{
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (GByteArray) expected = g_byte_array_new ();
    g_autoptr (GByteArray) received = g_byte_array_new ();

    g_print ("seed %u\n", seed);
    for (guint i = 0; i < 200; i++) {
        write_random (random, expected);
        if (g_rand_boolean (random))
            transport_flush (transport);
        ck_assert_uint_eq (transport_get_sent (transport) + transport_get_waiting (transport),
                           expected->len);
        if (g_rand_boolean (random))
            step (1);
        (void) peer_read (received, (gsize) g_rand_int_range (random, 1, 65536));
    }
    while (received->len < expected->len) {
        step (1);
        (void) peer_read (received, 65536);
    }
    ck_assert_mem_eq (received->data, expected->data, expected->len);
    ck_assert_uint_eq (transport_get_sent (transport), expected->len);
    ck_assert_uint_eq (failed, 0);
}
END_TEST

START_TEST (transport_copies_nothing_of_large_bodies_that_wait)
{
    const gsize size = 100000000;
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);
    gint64 held = counters_read (COUNTER_BUFFER_BYTES);
    gsize got = 0;

    transport_write (transport, "head", 4);
    transport_write_bytes (transport, bytes, 0, size);
    transport_flush (transport);
    ck_assert_int_gt (counters_read (COUNTER_QUEUE_BYTES), 50000000);
    while (got < size + 4) {
        gssize length = peer_read (NULL, 65536);

        if (length > 0)
            got += (gsize) length;
        else
            step (1);
        ck_assert_int_le (counters_read (COUNTER_BUFFER_BYTES), held + 1024);
    }
    step (2);
    ck_assert_uint_ge (drained, 1);
    ck_assert_uint_eq (transport_get_waiting (transport), 0);
}
END_TEST

static guint64 waiting_when_relieved;

static void
note_waiting (void)
{
    if (drained == 1)
        waiting_when_relieved = transport_get_waiting (transport);
}

START_TEST (transport_relieves_its_producer_at_half_of_the_mark)
{
    int small = 20000;

    on_drained_call = note_waiting;
    ck_assert_int_eq (setsockopt (peer, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    ck_assert_int_eq (setsockopt (own, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    fill (8000000);
    ck_assert_uint_gt (transport_get_waiting (transport), TRANSPORT_WAIT_MARK);
    while (drained == 0) {
        (void) peer_read (NULL, 20000);
        step (1);
        if (drained == 0)
            ck_assert_uint_gt (transport_get_waiting (transport), TRANSPORT_WAIT_MARK / 2);
    }
    ck_assert_uint_le (waiting_when_relieved, TRANSPORT_WAIT_MARK / 2);
    ck_assert_uint_gt (waiting_when_relieved, 0);
}
END_TEST

static void
produce (void)
{
    transport_write (transport, "x", 1);
    transport_flush (transport);
    transport_want_drained (transport);
}

START_TEST (transport_tells_drained_when_asked_and_lets_others_have_their_turn)
{
    on_drained_call = produce;
    transport_want_drained (transport);
    ck_assert_uint_eq (drained, 0);
    for (guint i = 1; i <= 10; i++) {
        (void) loop_step (loop, TRUE);
        ck_assert_uint_eq (drained, i);
    }
    on_drained_call = NULL;
    step (1);
}
END_TEST

START_TEST (transport_hands_in_bytes_only_while_reading_is_on)
{
    ck_assert_int_eq (send (peer, "x", 1, 0), 1);
    step (3);
    ck_assert_uint_eq (readable, 0);
    transport_set_reading (transport, TRUE);
    step (1);
    ck_assert_uint_eq (readable, 1);
    ck_assert_int_eq (last_received, 1);
    transport_set_reading (transport, FALSE);
    ck_assert_int_eq (send (peer, "x", 1, 0), 1);
    step (3);
    ck_assert_uint_eq (readable, 1);
    transport_set_reading (transport, TRUE);
    step (1);
    ck_assert_uint_eq (readable, 2);
}
END_TEST

START_TEST (transport_is_told_once_of_the_peer_s_end_and_rests)
{
    transport_set_reading (transport, TRUE);
    (void) shutdown (peer, SHUT_WR);
    step (10);
    ck_assert_uint_eq (readable, 1);
    ck_assert_int_eq (last_received, RECEIVE_END);
    transport_set_reading (transport, TRUE);
    step (10);
    ck_assert_uint_eq (readable, 1);
    transport_write (transport, "still", 5);
    transport_flush (transport);
    expect ("still");
}
END_TEST

START_TEST (transport_is_told_once_of_a_reset_and_rests)
{
    struct linger linger = { 1, 0 };

    transport_set_reading (transport, TRUE);
    (void) setsockopt (peer, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    (void) close (peer);
    peer = -1;
    step (10);
    ck_assert_uint_eq (readable, 1);
    ck_assert_int_eq (last_received, RECEIVE_FAILED);
}
END_TEST

START_TEST (transport_fails_once_when_the_peer_has_gone_while_reading_is_off)
{
    fill (10000000);
    (void) close (peer);
    peer = -1;
    step (10);
    ck_assert_uint_eq (failed, 1);
    ck_assert (last_error == EPIPE || last_error == ECONNRESET);
    ck_assert (transport_has_failed (transport));
    ck_assert_ptr_null (transport_reserve (transport, 1));
    transport_write (transport, "x", 1);
    transport_write_file (transport, make_file ("x", 1), 0, 1);
    transport_flush (transport);
    ck_assert_uint_eq (transport_get_waiting (transport), 0);
    step (10);
    ck_assert_uint_eq (failed, 1);
}
END_TEST

static void
reset_peer (void)
{
    struct linger linger = { 1, 0 };

    (void) setsockopt (peer, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    (void) close (peer);
    peer = -1;
}

/* Nothing is written either. _i: something waited before. */
START_TEST (transport_misses_a_peer_that_resets_while_reading_is_off)
{
    transport_set_reading (transport, TRUE);
    transport_set_reading (transport, FALSE);
    ck_assert_int_eq (send (peer, "unread", 6, 0), 6);
    step (3);
    if (_i) {
        fill (10000000);
        while (transport_get_waiting (transport) > 0) {
            (void) peer_read (NULL, 65536);
            step (1);
        }
        step (3);
    }
    ck_assert_int_eq (send (peer, "unread", 6, 0), 6);
    step (3);
    ck_assert_uint_eq (readable + failed, 0);
    reset_peer ();
    step (10);
    ck_assert_uint_eq (readable, 0);
    ck_assert_uint_eq (failed, 1);
    ck_assert_int_eq (last_error, ECONNRESET);
}
END_TEST

START_TEST (transport_fails_when_a_file_shrank)
{
    int file = make_file ("0123456789", 10);

    transport_write (transport, "head", 4);
    transport_write_file (transport, file, 0, 20);
    transport_flush (transport);
    ck_assert_uint_eq (failed, 0);
    step (1);
    ck_assert_uint_eq (failed, 1);
    ck_assert_int_eq (last_error, EIO);
}
END_TEST

START_TEST (transport_times_out_when_the_peer_takes_nothing)
{
    fill (10000000);
    for (guint i = 0; i < 49; i++) {
        clock_drive (100);
        step (2);
    }
    ck_assert_uint_eq (failed, 0);
    /* What the peer's system has acknowledged only after the first look counts for the second. */
    for (guint i = 0; i < 2 && failed == 0; i++) {
        clock_drive (5100);
        step (2);
    }
    ck_assert_uint_eq (failed, 1);
    ck_assert_int_eq (last_error, ETIMEDOUT);
}
END_TEST

START_TEST (transport_waits_for_a_peer_that_takes_a_little)
{
    int small = 20000;

    ck_assert_int_eq (setsockopt (peer, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    fill (10000000);
    for (guint i = 0; i < 20; i++) {
        gsize got = 0;

        /* Much less than what the kernel waits for before it takes more. */
        while (got < 70000) {
            gssize length = peer_read (NULL, 65536);

            if (length > 0)
                got += (gsize) length;
        }
        clock_drive (5001);
        step (2);
        ck_assert_uint_eq (failed, 0);
    }
}
END_TEST

START_TEST (transport_knows_both_addresses)
{
    H3SocketAddress address;

    transport_get_peer (transport, &address);
    ck_assert_int_eq (address.address.family, H3_ADDRESS_IPV4);
    ck_assert_int_eq (h3_address_classify (&address.address), H3_ADDRESS_IS_LOOPBACK);
    ck_assert_uint_ne (address.port, 0);
    transport_get_local (transport, &address);
    ck_assert_int_eq (address.address.family, H3_ADDRESS_IPV4);
}
END_TEST

static void
add_tests (Suite *suite, TCase *tcase)
{
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, transport_sends_all_of_a_turn_at_once_when_flushed);
    tcase_add_test (tcase, transport_flushes_what_was_forgotten_at_the_end_of_the_turn);
    tcase_add_test (tcase, transport_keeps_its_bytes_apart_from_another_s);
    tcase_add_test (tcase, transport_keeps_bytes_and_order_for_a_slow_reader);
    tcase_add_test (tcase, transport_copies_nothing_of_large_bodies_that_wait);
    tcase_add_test (tcase, transport_tells_drained_when_asked_and_lets_others_have_their_turn);
    tcase_add_test (tcase, transport_hands_in_bytes_only_while_reading_is_on);
    tcase_add_test (tcase, transport_is_told_once_of_the_peer_s_end_and_rests);
    tcase_add_test (tcase, transport_fails_once_when_the_peer_has_gone_while_reading_is_off);
    tcase_add_test (tcase, transport_fails_when_a_file_shrank);
    tcase_add_test (tcase, transport_times_out_when_the_peer_takes_nothing);
    suite_add_tcase (suite, tcase);
}

static void
add (Suite *suite)
{
    TCase *tcp = tcase_create ("tcp");
    TCase *local = tcase_create ("unix");

    tcase_add_checked_fixture (tcp, set_up_tcp, tear_down);
    tcase_add_checked_fixture (local, set_up_unix, tear_down);
    tcase_add_test (tcp, transport_relieves_its_producer_at_half_of_the_mark);
    tcase_add_test (tcp, transport_is_told_once_of_a_reset_and_rests);
    tcase_add_loop_test (tcp, transport_misses_a_peer_that_resets_while_reading_is_off, 0, 2);
    tcase_add_test (tcp, transport_waits_for_a_peer_that_takes_a_little);
    tcase_add_test (tcp, transport_knows_both_addresses);
    add_tests (suite, tcp);
    add_tests (suite, local);
}

int
main (void)
{
    return suite_run ("net/transport", add);
}
