/* SPDX-License-Identifier: MIT
 *
 * Which address of a name is tried when: in what order, beside one that never answers, until when.
 */

#define _GNU_SOURCE /* RTLD_NEXT, accept4 */

#include "connector-fixture.h"

#include <netinet/tcp.h>
#include <stddef.h>

/* An address of no machine, and of no way to one: the system says so at once. */
START_TEST (all_addresses_are_tried_and_told_by_turns)
{
    static const char *const all[] = { "127.0.0.1", "127.0.0.2", "127.0.0.3", "::1", NULL };
    g_autofree char *text = NULL;
    guint16 port = 0;
    int held = hold ("::", &port);

    answer = all;
    start ("many.test", port);
    text = g_strdup_printf ("cannot connect to many.test:%u: 127.0.0.1, ::1, 127.0.0.2, "
                            "127.0.0.3: Connection refused",
                            port);
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
    (void) close (held);
}
END_TEST

START_TEST (reasons_are_told_apart)
{
    static const char *const all[] = { "255.255.255.255", "127.0.0.1", NULL };
    g_autofree char *text = NULL;
    guint16 port = 0;
    int held = hold ("127.0.0.1", &port);

    answer = all;
    start ("many.test", port);
    text = g_strdup_printf ("cannot connect to many.test:%u: 255.255.255.255: %s; 127.0.0.1: "
                            "Connection refused",
                            port, g_strerror (ENETUNREACH));
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
    (void) close (held);
}
END_TEST

START_TEST (no_more_than_so_many_addresses_are_tried)
{
    g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
    guint16 port = 0;
    int held = hold ("0.0.0.0", &port);

    for (guint i = 1; i <= 40; i++)
        g_ptr_array_add (all, g_strdup_printf ("127.0.1.%u", i));
    g_ptr_array_add (all, NULL);
    answer = (const char *const *) all->pdata;
    start ("many.test", port);
    wait_told ();
    ck_assert_ptr_nonnull (strstr (why->message, "127.0.1.16: Connection refused"));
    ck_assert_ptr_null (strstr (why->message, "127.0.1.17"));
    (void) close (held);
}
END_TEST

/* One connection waits to be accepted, and there is no room for a second: nobody answers it. */
static int
fill (int listener, const char *address, guint16 port)
{
    struct tcp_info info = { 0 };
    socklen_t length = sizeof info;
    int waiting;

    ck_assert_int_eq (listen (listener, 0), 0);
    start (address, port);
    wait_told ();
    ck_assert_int_ge (connected, 0);
    waiting = connected;
    told = 0;
    connected = -1;
    do
        ck_assert_int_eq (getsockopt (listener, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    /* qemu-user hands on the beginning alone. */
    while (length > offsetof (struct tcp_info, tcpi_unacked) && info.tcpi_unacked == 0);
    return waiting;
}

/* Looked up, and begun. */
static void
wait_begun (void)
{
    while (counters_read (COUNTER_JOBS_LIVE) != before.values[COUNTER_JOBS_LIVE])
        ck_assert (loop_step (loop, TRUE));
    turn (2);
}

START_TEST (next_address_is_tried_beside_one_that_does_not_answer)
{
    int sockets[2], waiting;
    guint16 port = hold_both (loopbacks[_i], loopbacks[1 - _i], &sockets[0], &sockets[1]);
    const char *const order[] = { loopbacks[_i], loopbacks[1 - _i], NULL };

    waiting = fill (sockets[0], loopbacks[_i], port);
    ck_assert_int_eq (listen (sockets[1], 5), 0);
    answer = order;
    clock_take_control ();
    start ("many.test", port);
    wait_begun ();
    clock_drive (CONNECTOR_STAGGER_MILLISECONDS - 1);
    turn (5);
    ck_assert_uint_eq (told, 0);
    clock_drive (1);
    wait_told ();
    take_in (sockets[1]);
    (void) close (waiting);
    (void) close (sockets[0]);
    (void) close (sockets[1]);
}
END_TEST

/* The clock stands still. */
START_TEST (next_address_is_tried_at_once_behind_one_that_refuses)
{
    int sockets[2];
    guint16 port = hold_both ("127.0.0.1", "::1", &sockets[0], &sockets[1]);

    ck_assert_int_eq (listen (sockets[1], 5), 0);
    answer = loopbacks;
    clock_take_control ();
    start ("many.test", port);
    wait_told ();
    take_in (sockets[1]);
    (void) close (sockets[0]);
    (void) close (sockets[1]);
}
END_TEST

/* The first that was begun may be the first that answers after all. */
START_TEST (first_to_answer_wins)
{
    static const char *const order[] = { "127.0.0.1", "127.0.0.2", "127.0.0.3", NULL };
    int sockets[2], waiting, other, fd;
    guint16 port = hold_both ("127.0.0.1", "127.0.0.2", &sockets[0], &sockets[1]);

    waiting = fill (sockets[0], "127.0.0.1", port);
    other = fill (sockets[1], "127.0.0.2", port);
    answer = order;
    clock_take_control ();
    start ("many.test", port);
    wait_begun ();
    clock_drive (CONNECTOR_STAGGER_MILLISECONDS);
    turn (5);
    /* The third, on which nobody listens, changes nothing. */
    clock_drive (CONNECTOR_STAGGER_MILLISECONDS);
    turn (5);
    ck_assert_uint_eq (told, 0);
    fd = accept4 (sockets[1], NULL, NULL, SOCK_CLOEXEC);
    ck_assert_int_ge (fd, 0);
    (void) close (other);
    (void) close (fd);
    wait_told ();
    take_in (sockets[1]);
    (void) close (waiting);
    (void) close (sockets[0]);
    (void) close (sockets[1]);
}
END_TEST

typedef enum { WHILE_LOOKED_UP, WHILE_BEGUN, WHILE_TWO_ARE, WHEN_CONNECTED, WHEN_REFUSED } Stage;

static void
come_to (Stage stage, guint16 port, int full, int open)
{
    static const char *const order[] = { "127.0.0.1", "127.0.0.2", NULL };

    clock_take_control ();
    answer = order;
    switch (stage) {
    case WHILE_LOOKED_UP:
        start ("many.test", port);
        break;
    case WHILE_BEGUN:
        start ("127.0.0.1", port);
        turn (2);
        break;
    case WHILE_TWO_ARE:
        start ("many.test", port);
        wait_begun ();
        clock_drive (CONNECTOR_STAGGER_MILLISECONDS);
        break;
    case WHEN_CONNECTED:
        ck_assert_int_eq (listen (open, 5), 0);
        start ("127.0.0.2", port);
        break;
    case WHEN_REFUSED:
        start_unix ("/nonexistent/socket");
        break;
    }
}

START_TEST (may_be_cancelled_at_any_time)
{
    int sockets[2], waiting;
    guint16 port = hold_both ("127.0.0.1", "127.0.0.2", &sockets[0], &sockets[1]);

    waiting = fill (sockets[0], "127.0.0.1", port);
    come_to ((Stage) _i, port, sockets[0], sockets[1]);
    ck_assert_ptr_nonnull (connector);
    connector_cancel (g_steal_pointer (&connector));
    while (counters_read (COUNTER_JOBS_LIVE) != before.values[COUNTER_JOBS_LIVE])
        ck_assert (loop_step (loop, TRUE));
    clock_drive (CONNECTOR_STAGGER_MILLISECONDS * 4);
    turn (5);
    ck_assert_uint_eq (told, 0);
    (void) close (waiting);
    (void) close (sockets[0]);
    (void) close (sockets[1]);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("order");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, all_addresses_are_tried_and_told_by_turns);
    tcase_add_test (tcase, reasons_are_told_apart);
    tcase_add_test (tcase, no_more_than_so_many_addresses_are_tried);
    tcase_add_loop_test (tcase, next_address_is_tried_beside_one_that_does_not_answer, 0, 2);
    tcase_add_test (tcase, next_address_is_tried_at_once_behind_one_that_refuses);
    tcase_add_test (tcase, first_to_answer_wins);
    tcase_add_loop_test (tcase, may_be_cancelled_at_any_time, WHILE_LOOKED_UP, WHEN_REFUSED + 1);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/connector-order", add_cases);
}
