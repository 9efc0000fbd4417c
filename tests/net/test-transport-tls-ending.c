/* SPDX-License-Identifier: MIT
 *
 * How a transport whose bytes go in records ends, and how its peer does. */

#define _GNU_SOURCE /* accept4 */

#include "tls-fixture.h"

/* What waits leaves first. */
START_TEST (end_is_said_behind_all_that_was_written)
{
    gsize length = 4 << 20;
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (length), length);
    g_autoptr (GByteArray) received = g_byte_array_new ();

    open_client (versions[_i]);
    shake (65536, 65536);
    transport_write_bytes (transport, bytes, 0, length);
    transport_close (g_steal_pointer (&transport));
    for (guint i = 0; (SSL_get_shutdown (client) & SSL_RECEIVED_SHUTDOWN) == 0; i++) {
        ck_assert_uint_lt (i, 100000);
        listen_in (received);
        step (1);
    }
    ck_assert_uint_eq (received->len, length);
}
END_TEST

START_TEST (end_that_is_said_is_one)
{
    open_client (versions[_i]);
    shake (65536, 65536);
    say ("hello", 5);
    ck_assert_int_ge (SSL_shutdown (client), 0);
    while (carry_out (65536))
        continue;
    step (3);
    ck_assert_str_eq (heard->str, "hello");
    ck_assert_int_eq (last, RECEIVE_END);
    ck_assert (!transport_is_truncated (transport));
    /* The other direction is open. */
    transport_write (transport, "bye", 3);
    transport_flush (transport);
    {
        g_autoptr (GByteArray) received = g_byte_array_new ();

        listen_in (received);
        ck_assert_uint_eq (received->len, 3);
    }
}
END_TEST

START_TEST (end_that_is_not_said_is_told_apart)
{
    open_client (versions[_i]);
    shake (65536, 65536);
    say ("hello", 5);
    while (carry_out (65536))
        continue;
    ck_assert_int_eq (shutdown (peer, SHUT_WR), 0);
    step (3);
    ck_assert_str_eq (heard->str, "hello");
    ck_assert_int_eq (last, RECEIVE_END);
    ck_assert (transport_is_truncated (transport));
}
END_TEST

START_TEST (record_that_was_changed_ends_all)
{
    char data[65536];
    int n;

    open_client (versions[_i]);
    shake (65536, 65536);
    say ("first", 5);
    while (carry_out (65536))
        continue;
    say ("hello", 5);
    n = BIO_read (SSL_get_wbio (client), data, sizeof data);
    data[n - 1] ^= 1;
    ck_assert_int_eq (send (peer, data, (gsize) n, MSG_NOSIGNAL), n);
    step (3);
    ck_assert_str_eq (heard->str, "first");
    ck_assert_int_eq (last, RECEIVE_FAILED);
}
END_TEST

START_TEST (reset_is_told)
{
    open_client (versions[_i]);
    shake (65536, 65536);
    /* Who closes without having read what came resets. */
    transport_write (transport, "unread", 6);
    transport_flush (transport);
    (void) close (peer);
    peer = -1;
    step (3);
    ck_assert_int_eq (last, RECEIVE_FAILED);
}
END_TEST

/* OpenSSL's list of errors is the thread's, not the session's. */
static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("ending");
    int n = G_N_ELEMENTS (versions);

    tcase_set_timeout (tests, 120);
    tcase_add_checked_fixture (tests, set_up_tls, tear_down_tls);
    tcase_add_loop_test (tests, end_is_said_behind_all_that_was_written, 0, n);
    tcase_add_loop_test (tests, end_that_is_said_is_one, 0, n);
    tcase_add_loop_test (tests, end_that_is_not_said_is_told_apart, 0, n);
    tcase_add_loop_test (tests, record_that_was_changed_ends_all, 0, n);
    tcase_add_loop_test (tests, reset_is_told, 0, n);
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("net/transport-tls-ending", add_tests);
}
