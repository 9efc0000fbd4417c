/* SPDX-License-Identifier: MIT
 *
 * Servers that answer with what is no answer, or with half of one, or with more: which error says
 * so, and that nothing of it reaches the next request. */

#include "client-fixture.h"

#include <arpa/inet.h>
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

typedef struct {
    const char *answer;
    H3ClientError code;
    const char *words;
    gboolean ends; /* the server does, behind it */
} Fault;

static const Fault faults[] = {
    { "", H3_CLIENT_ERROR_CLOSED, "before it answered", TRUE },
    { "H", H3_CLIENT_ERROR_CLOSED, "in the middle of its head", TRUE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", H3_CLIENT_ERROR_CLOSED,
      "in the middle of the body", TRUE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", H3_CLIENT_ERROR_CLOSED,
      "in the middle of the body", TRUE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n",
      H3_CLIENT_ERROR_CLOSED, "in the middle of the body", TRUE },
    { "HTTP/1.1 103 Early Hints\r\n\r\n", H3_CLIENT_ERROR_CLOSED, "before it answered", TRUE },
    { "SSH-2.0-OpenSSH_9.2\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "\r\nHTTP/1.1 200 OK\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/2.0 200 OK\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 20 OK\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
      H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
      "\r\n",
      H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP",
      FALSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", H3_CLIENT_ERROR_PROTOCOL, "not HTTP",
      FALSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", H3_CLIENT_ERROR_PROTOCOL,
      "chunks", FALSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiX", H3_CLIENT_ERROR_PROTOCOL,
      "chunks", FALSE },
    { "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      H3_CLIENT_ERROR_PROTOCOL, "not HTTP", FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", H3_CLIENT_ERROR_TOO_LARGE, "1000 bytes",
      FALSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n", H3_CLIENT_ERROR_TOO_LARGE,
      "1000 bytes", FALSE },
};

START_TEST (what_is_no_answer_is_an_error)
{
    const Fault *fault = &faults[_i];
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    int fd;

    call.max_body = 1000;
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    client_fixture_say (&fixture, fd, fault->answer);
    if (fault->ends)
        (void) shutdown (fd, SHUT_WR);
    asked_wait (asked);
    asked_expect_error (asked, fault->code, fault->words);
    ck_assert_ptr_nonnull (strstr (asked->error, "http://127.0.0.1:"));
    client_fixture_expect_counts (&fixture, 0, 0);
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

START_TEST (a_body_until_the_end_is_bounded)
{
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    int fd;

    call.max_body = 3;
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\nabcd");
    asked_wait (asked);
    asked_expect_error (asked, H3_CLIENT_ERROR_TOO_LARGE, "3 bytes");
    (void) close (fd);
}
END_TEST

START_TEST (interim_answers_are_bounded)
{
    g_autoptr (Asked) asked = client_fixture_get (&fixture);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);

    for (guint i = 0; i < 100; i++)
        client_fixture_say (&fixture, fd, "HTTP/1.1 102 Processing\r\n\r\n");
    asked_wait_told (asked, 100);
    ck_assert_uint_eq (asked->n_interim, 100);
    ck_assert_uint_eq (asked->n_ended, 0);
    client_fixture_say (&fixture, fd, "HTTP/1.1 102 Processing\r\n\r\n");
    asked_wait (asked);
    asked_expect_error (asked, H3_CLIENT_ERROR_PROTOCOL, "interim");
    (void) close (fd);
}
END_TEST

START_TEST (a_head_is_bounded)
{
    g_autoptr (Asked) asked = client_fixture_get (&fixture);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);
    g_autofree char *field = g_strnfill (20000, 'x');

    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n");
    for (guint i = 0; i < 4 && asked->n_ended == 0; i++) {
        client_fixture_say (&fixture, fd, "X: ");
        client_fixture_say (&fixture, fd, field);
        client_fixture_say (&fixture, fd, "\r\n");
    }
    asked_wait (asked);
    asked_expect_error (asked, H3_CLIENT_ERROR_PROTOCOL, "than are taken");
    (void) close (fd);
}
END_TEST

/* What comes behind an answer, in one piece with it or later, is never the next one's. */
START_TEST (bytes_behind_an_answer_are_nobodys)
{
    for (guint i = 0; i < 2; i++) {
        g_autoptr (Asked) first = client_fixture_get (&fixture), second = NULL;
        int fd = client_fixture_accept (&fixture), other;
        G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0),
                                      *next = NULL;

        if (i == 0)
            client_fixture_say (&fixture, fd, OK "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
        else
            client_fixture_say (&fixture, fd, OK);
        asked_wait (first);
        asked_expect (first, 200, "hi");
        /* The loop does not see it before the next request is begun. */
        if (i == 1) {
            client_fixture_expect_counts (&fixture, 1, 1);
            client_fixture_push (fd, "HTTP/1.1 200 OK\r\n");
        }
        second = client_fixture_get (&fixture);
        other = client_fixture_accept (&fixture);
        next = client_fixture_read (&fixture, other, 0);
        client_fixture_say (&fixture, other, OK);
        asked_wait (second);
        asked_expect (second, 200, "hi");
        client_fixture_expect_end (&fixture, fd);
        (void) close (fd);
        (void) close (other);
        client_fixture_turn (&fixture);
    }
}
END_TEST

/* Nobody listens there any more. */
START_TEST (a_refused_connection_is_an_error)
{
    g_autoptr (Asked) asked = NULL;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (getsockname (fd, (struct sockaddr *) &address, &length), 0);
    fixture.settings.port = ntohs (address.sin_port);
    client_fixture_change_peer (&fixture);
    asked = client_fixture_get (&fixture);
    asked_wait (asked);
    asked_expect_error (asked, H3_CLIENT_ERROR_CONNECT, "refused");
    client_fixture_expect_counts (&fixture, 0, 0);
    (void) close (fd);
}
END_TEST

START_TEST (a_name_that_is_none_is_an_error)
{
    g_autoptr (Asked) asked = NULL;

    fixture.settings.host = "nothing.invalid";
    client_fixture_change_peer (&fixture);
    asked = client_fixture_get (&fixture);
    asked_wait (asked);
    asked_expect_error (asked, H3_CLIENT_ERROR_NAME, "nothing.invalid");
}
END_TEST

START_TEST (what_cannot_be_sent_is_an_error)
{
    static const struct {
        H3View method, target, host;
    } bad[] = {
        { H3_VIEW ("G T"), H3_VIEW ("/"), H3_VIEW ("a") },
        { H3_VIEW ("CONNECT"), H3_VIEW ("a:1"), H3_VIEW ("a:1") },
        { H3_VIEW ("GET"), H3_VIEW ("/ HTTP/1.1\r\nA: b"), H3_VIEW ("a") },
        { H3_VIEW ("GET"), H3_VIEW ("/"), H3_VIEW ("a\r\nB: c") },
        { H3_VIEW ("GET"), H3_VIEW (""), H3_VIEW ("a") },
    };

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        ClientCall call = client_fixture_make_call ();
        g_autoptr (Asked) asked = NULL;

        call.method = bad[i].method;
        call.target = bad[i].target;
        call.host = bad[i].host;
        asked = client_fixture_ask (&fixture, &call);
        asked_wait (asked);
        asked_expect_error (asked, H3_CLIENT_ERROR_INVALID_URL, "cannot be sent");
    }
    ck_assert (!client_fixture_has_news (&fixture));
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *answers = tcase_create ("answers"), *others = tcase_create ("others");

    tcase_add_checked_fixture (answers, set_up, tear_down);
    tcase_add_loop_test (answers, what_is_no_answer_is_an_error, 0, G_N_ELEMENTS (faults));
    tcase_add_test (answers, a_body_until_the_end_is_bounded);
    tcase_add_test (answers, interim_answers_are_bounded);
    tcase_add_test (answers, a_head_is_bounded);
    tcase_add_test (answers, bytes_behind_an_answer_are_nobodys);
    suite_add_tcase (suite, answers);
    tcase_add_checked_fixture (others, set_up, tear_down);
    tcase_add_test (others, a_refused_connection_is_an_error);
    tcase_add_test (others, a_name_that_is_none_is_an_error);
    tcase_add_test (others, what_cannot_be_sent_is_an_error);
    suite_add_tcase (suite, others);
}

int
main (void)
{
    return suite_run ("client/exchange-faults", add_tests);
}
