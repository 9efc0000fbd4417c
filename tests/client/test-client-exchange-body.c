/* SPDX-License-Identifier: MIT
 *
 * Bodies out: as long as was promised, in chunks, behind 100 (Continue), slowed down by who takes
 * them. Bodies in: paused, and slowed down. */

#include "client-fixture.h"

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

static ClientCall
make_post (gint64 length)
{
    ClientCall call = client_fixture_make_call ();

    call.method = H3_VIEW ("POST");
    call.length = length;
    return call;
}

/* Everything after the head of `request`. */
static const char *
get_body (const char *request)
{
    return strstr (request, "\r\n\r\n") + 4;
}

START_TEST (a_body_of_bytes_leaves_with_the_head)
{
    g_autoptr (GBytes) body = g_bytes_new_static ("hello", 5);
    ClientCall call = make_post (0);
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    int fd;

    call.body = body;
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 5);
    ck_assert_str_eq (request,
                      "POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello");
    ck_assert_uint_eq (asked->n_room, 0);
    client_fixture_say (&fixture, fd, OK);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fd);
}
END_TEST

/* Written before there is a connection, all at once, and when it is asked for. */
START_TEST (a_body_may_be_written)
{
    static const char *const sent[] = {
        "Content-Length: 6\r\n\r\nabcdef",
        "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n",
        ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n"
         "0\r\n\r\n"),
    };

    for (guint i = 0; i < 4; i++) {
        gboolean is_chunked = (i & 1) != 0, is_early = i < 2;
        ClientCall call = make_post (is_chunked ? -1 : 6);
        g_autoptr (Asked) asked = asked_new (&fixture);
        const char *expected = is_chunked ? sent[is_early ? 1 : 2] : sent[0];
        g_autofree char *request = NULL;
        int fd;

        asked_start (asked, &call);
        if (is_early)
            ck_assert (client_exchange_write (asked->exchange, "abc", 3));
        else
            asked_wait_told (asked, 1);
        ck_assert_uint_eq (asked->n_room, !is_early);
        if (!is_early)
            ck_assert (client_exchange_write (asked->exchange, "abc", 3));
        ck_assert (client_exchange_write (asked->exchange, "def", 3));
        client_exchange_finish (asked->exchange);
        fd = client_fixture_accept (&fixture);
        request = client_fixture_read (&fixture, fd, strlen (get_body (expected)));
        ck_assert_str_eq (strstr (request, "example.com\r\n") + 13, expected);
        client_fixture_say (&fixture, fd, OK);
        asked_wait (asked);
        asked_expect (asked, 200, "hi");
        client_fixture_expect_counts (&fixture, 1, 1);
        (void) close (fd);
        client_fixture_turn (&fixture);
    }
}
END_TEST

/* What is not there, or more than was said, would be taken for the next request's. */
START_TEST (a_body_that_breaks_its_promise_cuts_the_connection)
{
    for (guint i = 0; i < 4; i++) {
        ClientCall call = make_post (6);
        g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
        gboolean is_early = i < 2;
        int fd = -1;

        if (!is_early) {
            fd = client_fixture_accept (&fixture);
            g_free (client_fixture_read (&fixture, fd, 0));
            asked_wait_told (asked, 1);
        }
        ck_assert (client_exchange_write (asked->exchange, "abc", 3));
        if (i % 2 == 0)
            ck_assert (!client_exchange_write (asked->exchange, "defg", 4));
        else
            client_exchange_finish (asked->exchange);
        ck_assert_uint_eq (asked->n_ended, 0);
        asked_wait (asked);
        asked_expect_error (asked, H3_CLIENT_ERROR_CANCELLED, "that were promised");
        client_fixture_expect_counts (&fixture, 0, 0);
        if (fd < 0)
            fd = client_fixture_accept (&fixture);
        client_fixture_expect_end (&fixture, fd);
        (void) close (fd);
    }
}
END_TEST

START_TEST (a_body_waits_for_100)
{
    ClientCall call = make_post (3);
    g_autoptr (Asked) asked = asked_new (&fixture);
    G_GNUC_UNUSED g_autofree char *request = NULL, *body = NULL;
    int fd;

    call.expects_continue = TRUE;
    asked->sends = "abc";
    asked_start (asked, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    ck_assert_ptr_nonnull (strstr (request, "Expect: 100-continue\r\n"));
    client_fixture_pass (&fixture, CLIENT_EXCHANGE_CONTINUE_MILLISECONDS - 1);
    ck_assert_uint_eq (asked->n_room, 0);
    client_fixture_say (&fixture, fd, "HTTP/1.1 100 Continue\r\n\r\n");
    asked_wait_told (asked, 1);
    client_fixture_say (&fixture, fd, OK);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    ck_assert_uint_eq (asked->n_room, 1);
    ck_assert_uint_eq (asked->n_interim, 0);
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fd);
}
END_TEST

START_TEST (a_body_waits_for_100_no_longer_than_a_second)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
    ClientCall call = make_post (0);
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    char byte;
    int fd;

    call.expects_continue = TRUE;
    call.body = bytes;
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    ck_assert_int_lt (recv (fd, &byte, 1, 0), 0);
    client_fixture_pass (&fixture, CLIENT_EXCHANGE_CONTINUE_MILLISECONDS);
    client_fixture_expect_bytes (&fixture, fd, "abc");
    client_fixture_say (&fixture, fd, OK);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fd);
}
END_TEST

/* The connection has been promised a body, and cannot be used again. */
START_TEST (a_final_answer_in_the_place_of_100_spares_the_body)
{
    ClientCall call = make_post (3);
    g_autoptr (Asked) asked = asked_new (&fixture);
    g_autofree char *request = NULL;
    int fd;

    call.expects_continue = TRUE;
    asked->sends = "abc";
    asked_start (asked, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    client_fixture_say (&fixture, fd,
                        "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nn");
    asked_wait_told (asked, 2);
    /* Also when it would have been sent without. */
    client_fixture_pass (&fixture, CLIENT_EXCHANGE_CONTINUE_MILLISECONDS);
    ck_assert_uint_eq (asked->n_room, 0);
    client_fixture_say (&fixture, fd, "o");
    asked_wait (asked);
    asked_expect (asked, 417, "no");
    ck_assert_uint_eq (asked->n_room, 0);
    client_fixture_expect_counts (&fixture, 0, 0);
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

START_TEST (an_answer_may_come_before_the_body_is_sent)
{
    ClientCall call = make_post (-1);
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);

    asked_wait_told (asked, 1);
    client_exchange_write (asked->exchange, "abc", 3);
    client_fixture_say (&fixture, fd, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    asked_wait (asked);
    asked_expect (asked, 413, "no");
    client_fixture_expect_counts (&fixture, 0, 0);
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

/* The other way round: the body goes on while the answer comes, and ends before it. */
START_TEST (both_bodies_may_go_at_once)
{
    ClientCall call = make_post (-1);
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0), *rest = NULL;

    asked_wait_told (asked, 1);
    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    asked_wait_told (asked, 3);
    client_exchange_write (asked->exchange, "xyz", 3);
    client_exchange_finish (asked->exchange);
    client_fixture_turn (&fixture);
    client_fixture_say (&fixture, fd, "def");
    asked_wait (asked);
    asked_expect (asked, 200, "abcdef");
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fd);
}
END_TEST

/* A server that refuses closes while the body is still on its way: its answer counts. */
START_TEST (an_answer_counts_where_the_body_can_no_longer_be_sent)
{
    ClientCall call = make_post (-1);
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);
    g_autofree char *piece = g_strnfill (100000, 'x');

    asked_wait_told (asked, 1);
    client_fixture_push (fd, "HTTP/1.1 413 No\r\nConnection: close\r\n\r\nlater");
    (void) shutdown (fd, SHUT_RDWR);
    client_exchange_write (asked->exchange, piece, 100000);
    asked_wait (asked);
    asked_expect (asked, 413, "later");
    (void) close (fd);
}
END_TEST

/* What the server does not take waits here, until it is told to be enough. */
START_TEST (a_server_that_takes_nothing_slows_the_body_down)
{
    ClientCall call = make_post (-1);
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);
    g_autofree char *piece = g_strnfill (65536, 'x');
    gsize written = 0, taken = 0;

    asked_wait_told (asked, 1);
    while (client_exchange_write (asked->exchange, piece, 65536)) {
        written += 65536;
        client_fixture_turn (&fixture);
        ck_assert_uint_lt (written, 256 << 20);
    }
    client_fixture_turn (&fixture);
    ck_assert_uint_eq (asked->n_room, 1);
    while (asked->n_room == 1) {
        gssize n = recv (fd, piece, 65536, 0);

        taken += (gsize) MAX (n, 0);
        client_fixture_turn (&fixture);
        ck_assert_uint_le (taken, written + (1 << 20));
    }
    ck_assert_uint_gt (taken, 0);
    client_exchange_cancel (g_steal_pointer (&asked->exchange));
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

/* Nobody reads: so the server, in the end, cannot send. */
START_TEST (a_paused_answer_slows_the_server_down)
{
    g_autoptr (Asked) asked = client_fixture_get (&fixture);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);
    g_autofree char *piece = g_strnfill (65536, 'x');
    gsize sent = 0, told;
    gssize n;

    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\nx");
    asked_wait_told (asked, 2);
    client_exchange_pause (asked->exchange);
    told = asked->body->len;
    while ((n = send (fd, piece, 65536, MSG_NOSIGNAL)) > 0) {
        sent += (gsize) n;
        client_fixture_turn (&fixture);
        ck_assert_uint_lt (sent, 256 << 20);
    }
    ck_assert_uint_eq (asked->body->len, told);
    client_exchange_resume (asked->exchange);
    ck_assert_uint_eq (asked->body->len, told);
    while (asked->body->len < told + sent)
        client_fixture_turn (&fixture);
    (void) close (fd);
    asked_wait (asked);
    ck_assert_ptr_null (asked->error);
    ck_assert_uint_eq (asked->body->len, told + sent);
}
END_TEST

/* At each word it is told, and going on after it; nothing is lost, nothing told twice, and the end
 * waits too. */
START_TEST (an_answer_may_be_paused_at_every_word)
{
    static const char answer[] = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                                 "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n"
                                 "X: 1\r\n\r\n";

    for (guint at = 1; at <= 4; at++) {
        g_autoptr (Asked) asked = asked_new (&fixture);
        ClientCall call = client_fixture_make_call ();
        g_autofree char *request = NULL;
        int fd;

        asked->pause_at = at;
        asked_start (asked, &call);
        fd = client_fixture_accept (&fixture);
        request = client_fixture_read (&fixture, fd, 0);
        client_fixture_say (&fixture, fd, answer);
        (void) shutdown (fd, SHUT_WR);
        asked_wait_told (asked, at);
        client_fixture_turn (&fixture);
        ck_assert_uint_eq (asked->n_told, at);
        client_exchange_resume (asked->exchange);
        ck_assert_uint_eq (asked->n_told, at);
        asked_wait (asked);
        asked_expect (asked, 200, "abcde");
        ck_assert_str_eq (asked->trailers->str, "X=1|");
        ck_assert_uint_eq (asked->n_told, 5);
        (void) close (fd);
        client_fixture_turn (&fixture);
    }
}
END_TEST

/* Also in line, behind another, whose connection it then has. */
START_TEST (who_pauses_before_there_is_an_answer_hears_nothing)
{
    g_autoptr (Asked) first = NULL, asked = NULL;
    int fd;

    fixture.settings.max_connections = 1;
    client_fixture_change_peer (&fixture);
    first = client_fixture_get (&fixture);
    asked = client_fixture_get (&fixture);
    client_exchange_pause (asked->exchange);
    client_exchange_pause (first->exchange);
    fd = client_fixture_accept (&fixture);
    g_free (client_fixture_read (&fixture, fd, 0));
    client_fixture_push (fd, OK);
    client_fixture_turn (&fixture);
    ck_assert_uint_eq (first->n_told, 0);
    client_exchange_resume (first->exchange);
    asked_wait (first);
    g_free (client_fixture_read (&fixture, fd, 0));
    client_fixture_push (fd, OK);
    client_fixture_turn (&fixture);
    ck_assert_uint_eq (asked->n_told, 0);
    client_exchange_resume (asked->exchange);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    (void) close (fd);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *out = tcase_create ("out"), *in = tcase_create ("in");

    tcase_add_checked_fixture (out, set_up, tear_down);
    tcase_add_test (out, a_body_of_bytes_leaves_with_the_head);
    tcase_add_test (out, a_body_may_be_written);
    tcase_add_test (out, a_body_that_breaks_its_promise_cuts_the_connection);
    tcase_add_test (out, a_body_waits_for_100);
    tcase_add_test (out, a_body_waits_for_100_no_longer_than_a_second);
    tcase_add_test (out, a_final_answer_in_the_place_of_100_spares_the_body);
    tcase_add_test (out, an_answer_may_come_before_the_body_is_sent);
    tcase_add_test (out, both_bodies_may_go_at_once);
    tcase_add_test (out, an_answer_counts_where_the_body_can_no_longer_be_sent);
    tcase_add_test (out, a_server_that_takes_nothing_slows_the_body_down);
    suite_add_tcase (suite, out);
    tcase_add_checked_fixture (in, set_up, tear_down);
    tcase_add_test (in, a_paused_answer_slows_the_server_down);
    tcase_add_test (in, an_answer_may_be_paused_at_every_word);
    tcase_add_test (in, who_pauses_before_there_is_an_answer_hears_nothing);
    suite_add_tcase (suite, in);
}

int
main (void)
{
    return suite_run ("client/exchange-body", add_tests);
}
