/* SPDX-License-Identifier: MIT
 *
 * Which connections requests get: so many a peer, who comes later in line; the last that rested
 * first; none that is dead, or has been kept too long, or too many in all. */

#include "client-fixture.h"
#include "h3/client/client-pool.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static ClientFixture fixture;

static void
set_up (void)
{
    client_fixture_init (&fixture);
}

static void
tear_down (void)
{
    client_fixture_end (&fixture);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static void
answer (int fd)
{
    g_free (client_fixture_read (&fixture, fd, 0));
    client_fixture_say (&fixture, fd, OK);
}

static void
bound_peer (guint most)
{
    fixture.settings.max_connections = most;
    client_fixture_change_peer (&fixture);
}

/* (array): so many connections at rest. */
static void
make_idle (int *fds, guint n)
{
    Asked *asked[8];

    for (guint i = 0; i < n; i++) {
        asked[i] = client_fixture_get (&fixture);
        fds[i] = client_fixture_accept (&fixture);
    }
    for (guint i = 0; i < n; i++) {
        answer (fds[i]);
        asked_wait (asked[i]);
        asked_expect (asked[i], 200, "hi");
        asked_free (asked[i]);
    }
    client_fixture_expect_counts (&fixture, n, n);
}

START_TEST (there_are_no_more_connections_than_may_be)
{
    Asked *asked[5];
    ClientLoopCounts counts;
    int fds[2];

    bound_peer (2);
    for (guint i = 0; i < 5; i++)
        asked[i] = client_fixture_get (&fixture);
    for (guint i = 0; i < 2; i++)
        fds[i] = client_fixture_accept (&fixture);
    client_loop_count (fixture.client, &counts);
    ck_assert_uint_eq (counts.connections, 2);
    ck_assert_uint_eq (counts.waiting, 3);
    ck_assert (!client_fixture_has_news (&fixture));
    /* The first in line has the first that is free. */
    answer (fds[1]);
    asked_wait (asked[1]);
    answer (fds[1]);
    asked_wait (asked[2]);
    ck_assert_uint_eq (asked[3]->n_ended, 0);
    ck_assert (asked[2]->timing.is_reused);
    answer (fds[0]);
    asked_wait (asked[0]);
    answer (fds[1]);
    asked_wait (asked[3]);
    answer (fds[0]);
    asked_wait (asked[4]);
    ck_assert (!client_fixture_has_news (&fixture));
    client_fixture_expect_counts (&fixture, 2, 2);
    for (guint i = 0; i < 5; i++) {
        asked_expect (asked[i], 200, "hi");
        asked_free (asked[i]);
    }
    (void) close (fds[0]);
    (void) close (fds[1]);
}
END_TEST

/* Whatever became of who had it. */
START_TEST (a_connection_that_ends_makes_room_for_the_next_in_line)
{
    for (guint i = 0; i < 3; i++) {
        g_autoptr (Asked) first = NULL, second = NULL;
        int fd, other;

        bound_peer (1);
        first = client_fixture_get (&fixture);
        second = client_fixture_get (&fixture);
        fd = client_fixture_accept (&fixture);
        if (i == 0)
            client_exchange_cancel (g_steal_pointer (&first->exchange));
        else if (i == 1)
            client_fixture_say (&fixture, fd, "nonsense\r\n");
        else
            client_fixture_say (
                &fixture, fd, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        other = client_fixture_accept (&fixture);
        answer (other);
        asked_wait (second);
        asked_expect (second, 200, "hi");
        (void) close (fd);
        (void) close (other);
        client_fixture_expect_counts (&fixture, 0, 0);
    }
}
END_TEST

/* Bytes that nobody asked for would be taken for the answer to what the next asks. */
static void
say_too_much (GCancellable *cancellable, gpointer fd)
{
    client_fixture_push (*(int *) fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
}

START_TEST (one_that_has_more_to_say_is_not_for_the_next_in_line)
{
    ClientCall call = client_fixture_make_call ();
    g_autoptr (GCancellable) between = g_cancellable_new ();
    g_autoptr (Asked) first = asked_new (&fixture), second = NULL;
    int fd, other;

    bound_peer (1);
    /* When the body is told, and the end not yet. */
    (void) g_cancellable_connect (between, G_CALLBACK (say_too_much), &fd, NULL);
    first->fires = between;
    first->cancel_at = 2;
    asked_start (first, &call);
    second = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    answer (fd);
    asked_wait (first);
    asked_expect (first, 200, "hi");
    client_fixture_turn (&fixture);
    ck_assert_uint_eq (second->n_told, 0);
    other = client_fixture_accept (&fixture);
    answer (other);
    asked_wait (second);
    asked_expect (second, 200, "hi");
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
    (void) close (other);
}
END_TEST

/* The connection it is given is one that was read from. */
START_TEST (who_pauses_in_line_slows_the_server_down)
{
    g_autoptr (Asked) first = NULL, second = NULL;
    g_autofree char *request = NULL, *piece = g_strnfill (65536, 'x');
    gsize sent = 0;
    gssize n;
    int fd;

    bound_peer (1);
    first = client_fixture_get (&fixture);
    second = client_fixture_get (&fixture);
    client_exchange_pause (second->exchange);
    fd = client_fixture_accept (&fixture);
    answer (fd);
    asked_wait (first);
    request = client_fixture_read (&fixture, fd, 0);
    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\n");
    while ((n = send (fd, piece, 65536, MSG_NOSIGNAL | MSG_DONTWAIT)) > 0) {
        sent += (gsize) n;
        client_fixture_turn (&fixture);
        ck_assert_uint_lt (sent, 256 << 20);
    }
    ck_assert_uint_eq (second->n_told, 0);
    client_exchange_resume (second->exchange);
    while (second->body->len < sent)
        client_fixture_turn (&fixture);
    (void) close (fd);
    asked_wait (second);
    ck_assert_uint_eq (second->body->len, sent);
}
END_TEST

/* Who had it before paused, and had all there was to read when it went on. */
START_TEST (a_connection_of_one_that_paused_is_read_from_by_the_next)
{
    g_autoptr (Asked) first = asked_new (&fixture), second = NULL;
    ClientCall call = client_fixture_make_call ();
    int fd;

    bound_peer (1);
    first->pause_at = 2;
    asked_start (first, &call);
    second = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    g_free (client_fixture_read (&fixture, fd, 0));
    client_fixture_say (&fixture, fd,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "2\r\nhi\r\n0\r\n\r\n");
    asked_wait_told (first, 2);
    client_exchange_resume (first->exchange);
    asked_wait (first);
    asked_expect (first, 200, "hi");
    answer (fd);
    asked_wait (second);
    asked_expect (second, 200, "hi");
    ck_assert (second->timing.is_reused);
    (void) close (fd);
}
END_TEST

START_TEST (who_waits_in_line_may_go)
{
    g_autoptr (Asked) first = NULL, second = NULL, third = NULL;
    ClientLoopCounts counts;
    int fd;

    bound_peer (1);
    first = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    second = client_fixture_get (&fixture);
    third = client_fixture_get (&fixture);
    client_exchange_cancel (g_steal_pointer (&second->exchange));
    client_loop_count (fixture.client, &counts);
    ck_assert_uint_eq (counts.waiting, 1);
    answer (fd);
    asked_wait (first);
    answer (fd);
    asked_wait (third);
    asked_expect (third, 200, "hi");
    ck_assert_uint_eq (second->n_told, 0);
    (void) close (fd);
}
END_TEST

START_TEST (the_last_that_rested_is_used_first)
{
    int fds[3];
    g_autoptr (Asked) asked = NULL;

    make_idle (fds, 3);
    asked = client_fixture_get (&fixture);
    answer (fds[2]);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    for (guint i = 0; i < 3; i++)
        (void) close (fds[i]);
}
END_TEST

START_TEST (one_that_rests_too_long_is_closed)
{
    int fds[2];
    g_autoptr (Asked) asked = NULL;

    fixture.settings.idle_milliseconds = 10000;
    client_fixture_change_peer (&fixture);
    make_idle (fds, 2);
    client_fixture_pass (&fixture, 6000);
    asked = client_fixture_get (&fixture);
    answer (fds[1]);
    asked_wait (asked);
    client_fixture_pass (&fixture, 3999);
    client_fixture_expect_counts (&fixture, 2, 2);
    client_fixture_pass (&fixture, 1);
    client_fixture_expect_counts (&fixture, 1, 1);
    client_fixture_expect_end (&fixture, fds[0]);
    client_fixture_pass (&fixture, 6000);
    client_fixture_expect_counts (&fixture, 0, 0);
    (void) close (fds[0]);
    (void) close (fds[1]);
}
END_TEST

/* Its end, a reset, and bytes that nobody asked for. */
START_TEST (one_that_the_server_ends_or_writes_to_is_closed)
{
    static const struct linger reset = { 1, 0 };
    int fds[3];

    make_idle (fds, 3);
    (void) shutdown (fds[0], SHUT_WR);
    client_fixture_expect_counts (&fixture, 2, 2);
    client_fixture_say (&fixture, fds[1], "HTTP/1.1 408 Request Timeout\r\n\r\n");
    client_fixture_expect_counts (&fixture, 1, 1);
    ck_assert_int_eq (setsockopt (fds[2], SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    (void) close (fds[2]);
    client_fixture_expect_counts (&fixture, 0, 0);
    (void) close (fds[0]);
    (void) close (fds[1]);
}
END_TEST

/* Peers of the same settings have the same connections; of others, others. */
START_TEST (peers_that_are_alike_share_connections)
{
    int fd, other;
    g_autoptr (Asked) second = NULL, third = NULL;

    make_idle (&fd, 1);
    client_fixture_change_peer (&fixture);
    second = client_fixture_get (&fixture);
    answer (fd);
    asked_wait (second);
    ck_assert (second->timing.is_reused);
    bound_peer (7);
    third = client_fixture_get (&fixture);
    other = client_fixture_accept (&fixture);
    answer (other);
    asked_wait (third);
    ck_assert (!third->timing.is_reused);
    client_fixture_expect_counts (&fixture, 2, 2);
    (void) close (fd);
    (void) close (other);
}
END_TEST

/* The server has gone when the request comes, and says so only then. */
START_TEST (a_kept_connection_that_is_dead_is_replaced_once)
{
    static const struct linger reset = { 1, 0 };

    for (guint i = 0; i < 3; i++) {
        g_autoptr (GBytes) body = g_bytes_new_static ("abc", 3);
        ClientCall call = client_fixture_make_call ();
        g_autoptr (Asked) asked = NULL;
        g_autofree char *request = NULL;
        int fd, other;

        make_idle (&fd, 1);
        call.method = H3_VIEW ("PUT");
        call.body = i > 0 ? body : NULL;
        asked = client_fixture_ask (&fixture, &call);
        g_free (client_fixture_read (&fixture, fd, i > 0 ? 3 : 0));
        if (i == 2)
            (void) setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        (void) close (fd);
        other = client_fixture_accept (&fixture);
        request = client_fixture_read (&fixture, other, i > 0 ? 3 : 0);
        ck_assert (i == 0 || g_str_has_suffix (request, "\r\n\r\nabc"));
        ck_assert_uint_eq (asked->n_told, 0);
        if (i == 1) {
            /* Once: the new one is no reason for another. */
            (void) close (other);
            asked_wait (asked);
            asked_expect_error (asked, H3_CLIENT_ERROR_CLOSED, "before it answered");
            continue;
        }
        client_fixture_say (&fixture, other, OK);
        asked_wait (asked);
        asked_expect (asked, 200, "hi");
        ck_assert (!asked->timing.is_reused);
        (void) close (other);
        client_fixture_expect_counts (&fixture, 0, 0);
    }
}
END_TEST

/* A request that may have been done, one whose body is gone, one that was half answered. */
START_TEST (what_may_not_be_repeated_is_not)
{
    for (guint i = 0; i < 3; i++) {
        ClientCall call = client_fixture_make_call ();
        g_autoptr (Asked) asked = asked_new (&fixture);
        int fd;

        make_idle (&fd, 1);
        call.is_safe_to_repeat = i != 0;
        call.length = i == 1 ? 3 : 0;
        asked->sends = "abc";
        asked_start (asked, &call);
        g_free (client_fixture_read (&fixture, fd, i == 1 ? 3 : 0));
        if (i == 2)
            client_fixture_push (fd, "H");
        (void) shutdown (fd, SHUT_WR);
        asked_wait (asked);
        asked_expect_error (asked, H3_CLIENT_ERROR_CLOSED, "the server ended the connection");
        ck_assert (!client_fixture_has_news (&fixture));
        (void) close (fd);
        client_fixture_expect_counts (&fixture, 0, 0);
    }
}
END_TEST

/* The loop has not heard of its end yet: who asks finds out. */
START_TEST (one_that_has_ended_is_not_given_out)
{
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    int fds[2], other;

    call.is_safe_to_repeat = FALSE;
    make_idle (fds, 2);
    (void) close (fds[0]);
    client_fixture_push (fds[1], "x");
    asked = client_fixture_ask (&fixture, &call);
    other = client_fixture_accept (&fixture);
    answer (other);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fds[1]);
    (void) close (other);
}
END_TEST

/* Each of a peer of its own. */
START_TEST (only_so_many_rest_in_all)
{
    int fds[CLIENT_POOL_MAX_IDLE + 2];
    char none;

    for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
        g_autoptr (Asked) asked = NULL;

        bound_peer (1 + i);
        asked = client_fixture_get (&fixture);
        fds[i] = client_fixture_accept (&fixture);
        answer (fds[i]);
        asked_wait (asked);
    }
    client_fixture_expect_counts (&fixture, CLIENT_POOL_MAX_IDLE, CLIENT_POOL_MAX_IDLE);
    client_fixture_expect_end (&fixture, fds[0]);
    client_fixture_expect_end (&fixture, fds[1]);
    ck_assert_int_lt (recv (fds[2], &none, 1, 0), 0);
    for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
        (void) close (fds[i]);
    client_fixture_expect_counts (&fixture, 0, 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *line = tcase_create ("line"), *rest = tcase_create ("rest");

    tcase_add_checked_fixture (line, set_up, tear_down);
    tcase_add_test (line, there_are_no_more_connections_than_may_be);
    tcase_add_test (line, a_connection_that_ends_makes_room_for_the_next_in_line);
    tcase_add_test (line, one_that_has_more_to_say_is_not_for_the_next_in_line);
    tcase_add_test (line, who_pauses_in_line_slows_the_server_down);
    tcase_add_test (line, a_connection_of_one_that_paused_is_read_from_by_the_next);
    tcase_add_test (line, who_waits_in_line_may_go);
    suite_add_tcase (suite, line);
    tcase_add_checked_fixture (rest, set_up, tear_down);
    tcase_add_test (rest, the_last_that_rested_is_used_first);
    tcase_add_test (rest, one_that_rests_too_long_is_closed);
    tcase_add_test (rest, one_that_the_server_ends_or_writes_to_is_closed);
    tcase_add_test (rest, peers_that_are_alike_share_connections);
    tcase_add_test (rest, a_kept_connection_that_is_dead_is_replaced_once);
    tcase_add_test (rest, what_may_not_be_repeated_is_not);
    tcase_add_test (rest, one_that_has_ended_is_not_given_out);
    tcase_add_test (rest, only_so_many_rest_in_all);
    suite_add_tcase (suite, rest);
}

int
main (void)
{
    return suite_run ("client/pool", add_tests);
}
