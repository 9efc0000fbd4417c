/* SPDX-License-Identifier: MIT
 *
 * A transport whose bytes go in records: what comes in whatever pieces, what the kernel refuses.
 * Random pieces print their seed. */

#define _GNU_SOURCE /* accept4, memfd_create */

#include "tls-fixture.h"

#include <time.h>

/* Whatever the first segment has of what the client says first. */
START_TEST (handshake_may_be_cut_anywhere)
{
    gsize cut = 0, length;

    do {
        set_up_tls ();
        open_client (versions[_i]);
        (void) SSL_do_handshake (client);
        length = (gsize) BIO_pending (SSL_get_wbio (client));
        shake (++cut, 65536);
        say ("hello", 5);
        (void) carry_out (65536);
        step (2);
        ck_assert_str_eq (heard->str, "hello");
        tear_down_tls ();
    } while (cut < length);
}
END_TEST

START_TEST (bytes_may_come_one_by_one)
{
    open_client (versions[_i]);
    shake (1, 1);
    say ("hello", 5);
    while (carry_out (1))
        step (1);
    step (2);
    ck_assert_str_eq (heard->str, "hello");
}
END_TEST

/* The socket tells once, the owner is told until there is nothing more. */
START_TEST (what_has_come_is_told_until_it_is_read)
{
    g_autofree char *text = g_strnfill (100000, 'a');

    open_client (versions[_i]);
    shake (65536, 65536);
    say (text, 100000);
    while (carry_out (65536))
        continue;
    room = 77;
    readable = 0;
    while (heard->len < 100000) {
        gsize before = heard->len;

        step (1);
        ck_assert_uint_gt (heard->len, before);
    }
    ck_assert_uint_ge (readable, 100000 / 77);
    ck_assert (!transport_has_unread (transport));
    ck_assert_int_eq (strspn (heard->str, "a"), 100000);
}
END_TEST

START_TEST (what_has_come_waits_while_nobody_reads)
{
    open_client (versions[_i]);
    shake (65536, 65536);
    room = pause_at = 2;
    say ("hello", 5);
    while (carry_out (65536))
        continue;
    step (5);
    ck_assert_str_eq (heard->str, "he");
    ck_assert (transport_has_unread (transport));
    pause_at = 0;
    transport_set_reading (transport, TRUE);
    step (5);
    ck_assert_str_eq (heard->str, "hello");
}
END_TEST

static int
make_file (const char *data, gsize length)
{
    int fd = memfd_create ("test", MFD_CLOEXEC);

    ck_assert_int_ge (fd, 0);
    ck_assert_int_eq (write (fd, data, length), (gssize) length);
    return fd;
}

/* Pieces of all kinds and lengths, while the client takes what it likes. */
static void
write_randomly (const char *data, gsize length, GByteArray *received)
{
    gsize done = 0;

    while (done < length) {
        gsize wanted = (gsize) g_random_int_range (1, 70000);
        gsize n = MIN (length - done, wanted);
        g_autoptr (GBytes) bytes = g_bytes_new_static (data + done, n);

        switch (g_random_int_range (0, 3)) {
        case 0:
            transport_write (transport, data + done, n);
            break;
        case 1:
            transport_write_bytes (transport, bytes, 0, n);
            break;
        default:
            transport_write_file (transport, make_file (data + done, n), 0, n);
            break;
        }
        done += n;
        if (g_random_int_range (0, 2) == 0)
            transport_flush (transport);
        if (g_random_int_range (0, 4) == 0)
            listen_in (received);
        step (1);
    }
}

START_TEST (what_the_kernel_refuses_comes_whole)
{
    gsize length = 3 << 20;
    g_autofree char *data = g_malloc (length);
    g_autoptr (GByteArray) received = g_byte_array_new ();
    guint32 seed = (guint32) time (NULL) + (guint32) _i;

    g_print ("seed %u\n", seed);
    g_random_set_seed (seed);
    for (gsize i = 0; i < length; i++)
        data[i] = (char) (i % 251);
    open_client (versions[_i]);
    shake (65536, 65536);
    write_randomly (data, length, received);
    for (guint i = 0; received->len < length; i++) {
        ck_assert_uint_lt (i, 100000);
        listen_in (received);
        step (1);
    }
    ck_assert_uint_eq (received->len, length);
    ck_assert_int_eq (memcmp (received->data, data, length), 0);
    ck_assert_uint_eq (transport_get_waiting (transport), 0);
    ck_assert_uint_eq (transport_get_sent (transport), length);
}
END_TEST

/* New keys are asked for while the socket is full both ways: what is said of them waits its turn.
 */
START_TEST (new_keys_may_be_asked_for_at_any_time)
{
    gsize length = 8 << 20;
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (length), length);
    g_autoptr (GByteArray) received = g_byte_array_new ();

    open_client (TLS1_3_VERSION);
    shake (65536, 65536);
    transport_write_bytes (transport, bytes, 0, length);
    transport_flush (transport);
    ck_assert_uint_gt (transport_get_waiting (transport), 0);
    for (guint i = 0; i < 5; i++) {
        ck_assert_int_eq (SSL_key_update (client, SSL_KEY_UPDATE_REQUESTED), 1);
        say ("hello", 5);
        while (carry_out (65536))
            step (1);
    }
    for (guint i = 0; received->len < length || heard->len < 25; i++) {
        ck_assert_uint_lt (i, 100000);
        listen_in (received);
        step (1);
    }
    ck_assert_uint_eq (received->len, length);
    ck_assert_str_eq (heard->str, "hellohellohellohellohello");
}
END_TEST

/* Who asks on and on, and takes none of the answers, is not read on; and is, once it takes them. */
START_TEST (answers_to_such_questions_do_not_pile_up)
{
    g_autoptr (GByteArray) received = g_byte_array_new ();
    guint n = 0;

    open_client (TLS1_3_VERSION);
    shake (65536, 65536);
    for (gboolean taken = TRUE; taken; n++) {
        char data[1024];
        int length;

        ck_assert_uint_lt (n, 100000);
        ck_assert_int_eq (SSL_key_update (client, SSL_KEY_UPDATE_REQUESTED), 1);
        ck_assert_int_eq (SSL_do_handshake (client), 1);
        length = BIO_read (SSL_get_wbio (client), data, sizeof data);
        ck_assert_int_gt (length, 0);
        while (send (peer, data, (gsize) length, MSG_NOSIGNAL) < 0) {
            gsize before = heard->len;

            ck_assert_int_eq (errno, EAGAIN);
            taken = FALSE;
            step (10);
            (void) carry_in ();
            ck_assert_uint_eq (heard->len, before);
        }
        step (1);
    }
    say ("hello", 5);
    while (heard->len < 5) {
        (void) carry_out (65536);
        listen_in (received);
        step (1);
    }
    ck_assert_str_eq (heard->str, "hello");
    ck_assert_uint_eq (received->len, 0);
}
END_TEST

/* Questions without end keep nobody in one read: others want their turn. */
START_TEST (a_flood_of_such_questions_is_read_in_parts)
{
    g_autoptr (GByteArray) received = g_byte_array_new ();
    char data[65536];

    open_client (TLS1_3_VERSION);
    shake (65536, 65536);
    while (BIO_pending (SSL_get_wbio (client)) < 130000) {
        ck_assert_int_eq (SSL_key_update (client, SSL_KEY_UPDATE_REQUESTED), 1);
        ck_assert_int_eq (SSL_do_handshake (client), 1);
    }
    say ("hello", 5);
    while (carry_out (65536))
        continue;
    ck_assert_int_eq (transport_receive (transport, data, sizeof data), RECEIVE_WAIT);
    ck_assert_uint_gt (transport_get_arrived (transport), 0);
    for (guint i = 0; heard->len < 5; i++) {
        ck_assert_uint_lt (i, 1000);
        listen_in (received);
        step (1);
    }
    ck_assert_str_eq (heard->str, "hello");
}
END_TEST

/* Of what is no data OpenSSL would read as much as comes, within one call. */
START_TEST (who_sends_no_data_leaves_the_worker_to_others)
{
    g_autofree char *data = g_malloc (1 << 20);
    gsize sent = 0;
    int length, n = 1 << 20;

    ck_assert_int_eq (setsockopt (peer, SOL_SOCKET, SO_SNDBUF, &n, sizeof n), 0);
    open_client (TLS1_3_VERSION);
    shake (65536, 65536);
    for (guint i = 0; i < 5000; i++) {
        ck_assert_int_eq (SSL_key_update (client, SSL_KEY_UPDATE_NOT_REQUESTED), 1);
        ck_assert_int_eq (SSL_do_handshake (client), 1);
    }
    say ("hello", 5);
    length = BIO_read (SSL_get_wbio (client), data, 1 << 20);
    ck_assert_int_gt (length, 128 * 1024);
    while (sent < (gsize) length) {
        gssize some = send (peer, data + sent, MIN ((gsize) length - sent, 4096), MSG_NOSIGNAL);

        ck_assert_int_gt (some, 0);
        sent += (gsize) some;
    }
    room = 1024;
    readable = 0;
    for (guint i = 0; heard->len < 5; i++) {
        ck_assert_uint_lt (i, 1000);
        step (1);
    }
    ck_assert_str_eq (heard->str, "hello");
    /* Others had their turns between. */
    ck_assert_uint_gt (readable, 2);
}
END_TEST

START_TEST (errors_of_others_do_not_count)
{
    g_autoptr (GByteArray) received = g_byte_array_new ();

    open_client (versions[_i]);
    ERR_raise (ERR_LIB_USER, 1);
    shake (65536, 65536);
    say ("hello", 5);
    while (carry_out (65536))
        continue;
    ERR_raise (ERR_LIB_USER, 1);
    step (2);
    ck_assert_str_eq (heard->str, "hello");
    ERR_raise (ERR_LIB_USER, 1);
    step (1);
    transport_write (transport, "bye", 3);
    transport_flush (transport);
    listen_in (received);
    ck_assert_uint_eq (received->len, 3);
    ck_assert_uint_eq (failed, 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *cuts = tcase_create ("cuts");
    TCase *tests = tcase_create ("records");
    int n = G_N_ELEMENTS (versions);

    tcase_set_timeout (cuts, 120);
    tcase_add_loop_test (cuts, handshake_may_be_cut_anywhere, 0, n);
    suite_add_tcase (suite, cuts);
    tcase_set_timeout (tests, 120);
    tcase_add_checked_fixture (tests, set_up_tls, tear_down_tls);
    tcase_add_loop_test (tests, bytes_may_come_one_by_one, 0, n);
    tcase_add_loop_test (tests, what_has_come_is_told_until_it_is_read, 0, n);
    tcase_add_loop_test (tests, what_has_come_waits_while_nobody_reads, 0, n);
    tcase_add_loop_test (tests, what_the_kernel_refuses_comes_whole, 0, n);
    tcase_add_test (tests, new_keys_may_be_asked_for_at_any_time);
    tcase_add_test (tests, answers_to_such_questions_do_not_pile_up);
    tcase_add_test (tests, a_flood_of_such_questions_is_read_in_parts);
    tcase_add_test (tests, who_sends_no_data_leaves_the_worker_to_others);
    tcase_add_loop_test (tests, errors_of_others_do_not_count, 0, n);
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("net/transport-tls", add_tests);
}
