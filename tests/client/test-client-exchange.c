/* SPDX-License-Identifier: MIT
 *
 * What goes out for a request, and how answers of every form come in, cut anywhere; which
 * connections are used again. */

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

START_TEST (a_get_is_sent_and_its_answer_told)
{
    g_autoptr (Asked) asked = client_fixture_get (&fixture);
    int fd = client_fixture_accept (&fixture);
    g_autofree char *request = client_fixture_read (&fixture, fd, 0);

    ck_assert_str_eq (request, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
    client_fixture_say (&fixture, fd, OK);
    asked_wait (asked);
    asked_expect (asked, 200, "hi");
    ck_assert_str_eq (asked->fields->str, "200|Content-Length=2|");
    (void) close (fd);
}
END_TEST

START_TEST (a_connection_is_used_again)
{
    int fd = -1;

    for (guint i = 0; i < 5; i++) {
        g_autoptr (Asked) asked = client_fixture_get (&fixture);
        g_autofree char *request = NULL;

        if (i == 0)
            fd = client_fixture_accept (&fixture);
        request = client_fixture_read (&fixture, fd, 0);
        client_fixture_say (&fixture, fd, OK);
        asked_wait (asked);
        asked_expect (asked, 200, "hi");
        ck_assert_int_eq (asked->timing.is_reused, i > 0);
        ck_assert_int_eq (asked->timing.connected != 0, i == 0);
        client_fixture_expect_counts (&fixture, 1, 1);
    }
    ck_assert (!client_fixture_has_news (&fixture));
    (void) close (fd);
}
END_TEST

/* One answer, cut in two anywhere, after which the connection is kept or not. */
typedef struct {
    const char *answer;
    const char *method;
    guint status, n_interim;
    const char *body, *trailers;
    gboolean keeps, ends;
} Form;

static const Form forms[] = {
    { OK, "GET", 200, 0, "hi", "", TRUE, FALSE },
    { "HTTP/1.1 204 No Content\r\n\r\n", "GET", 204, 0, "", "", TRUE, FALSE },
    { "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET", 304, 0, "", "", TRUE,
      FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", 200, 0, "", "", TRUE, FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", 200, 0, "", "", TRUE, FALSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n"
      "X-Sum: 1\r\nX-More: 2\r\n\r\n",
      "GET", 200, 0, "abcde", "X-Sum=1|X-More=2|", TRUE, FALSE },
    { "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      "GET", 200, 1, "hi", "", TRUE, FALSE },
    { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", "GET", 200, 0, "hi",
      "", FALSE, FALSE },
    { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "GET", 200, 0, "hi", "", FALSE, FALSE },
    { "HTTP/1.1 200 OK\r\n\r\nto the end", "GET", 200, 0, "to the end", "", FALSE, TRUE },
    /* Whatever comes behind is nobody's. */
    { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n\r\n", "GET", 200, 0, "hi",
      "", FALSE, FALSE },
};

static void
ask_in_two (const Form *form, gsize at)
{
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    int fd;

    call.method = h3_view_of (form->method);
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    client_fixture_say_data (&fixture, fd, form->answer, at);
    client_fixture_say (&fixture, fd, form->answer + at);
    if (form->ends)
        (void) shutdown (fd, SHUT_WR);
    asked_wait (asked);
    asked_expect (asked, form->status, form->body);
    ck_assert_str_eq (asked->trailers->str, form->trailers);
    ck_assert_uint_eq (asked->n_interim, form->n_interim);
    client_fixture_turn (&fixture);
    client_fixture_expect_counts (&fixture, form->keeps, form->keeps);
    if (!form->keeps)
        client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
    client_fixture_turn (&fixture);
    client_fixture_expect_counts (&fixture, 0, 0);
}

START_TEST (an_answer_may_be_cut_anywhere)
{
    const Form *form = &forms[_i];

    for (gsize at = 0; at <= strlen (form->answer); at++)
        ask_in_two (form, at);
}
END_TEST

START_TEST (an_answer_may_come_byte_by_byte)
{
    const Form *form = &forms[_i];
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    int fd;

    call.method = h3_view_of (form->method);
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    for (const char *at = form->answer; *at != '\0'; at++)
        client_fixture_say_data (&fixture, fd, at, 1);
    if (form->ends)
        (void) shutdown (fd, SHUT_WR);
    asked_wait (asked);
    asked_expect (asked, form->status, form->body);
    (void) close (fd);
}
END_TEST

/* The loop reads them with the same tools. */
START_TEST (heads_that_come_in_pieces_do_not_mix)
{
    g_autoptr (Asked) first = client_fixture_get (&fixture), second = NULL;
    int fd = client_fixture_accept (&fixture), other;

    g_free (client_fixture_read (&fixture, fd, 0));
    client_fixture_push (fd, "HTTP/1.1 200 OK\r\nX-First: 1\r\nContent-Length: 2\r\n");
    client_fixture_turn (&fixture);
    second = client_fixture_get (&fixture);
    other = client_fixture_accept (&fixture);
    g_free (client_fixture_read (&fixture, other, 0));
    client_fixture_say (&fixture, other,
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Second-One: 2\r\n\r\nother");
    asked_wait (second);
    asked_expect (second, 200, "other");
    client_fixture_say (&fixture, fd, "X-Last: 3\r\n\r\nhi");
    asked_wait (first);
    asked_expect (first, 200, "hi");
    ck_assert_str_eq (first->fields->str, "200|X-First=1|Content-Length=2|X-Last=3|");
    (void) close (fd);
    (void) close (other);
}
END_TEST

START_TEST (a_connection_rests_no_longer_than_its_server_says)
{
    static const struct {
        const char *answer;
        gint64 milliseconds;
    } table[] = {
        { "HTTP/1.1 204 OK\r\nKeep-Alive: timeout=5, max=100\r\n\r\n", 4500 },
        { "HTTP/1.1 204 OK\r\nkeep-alive: max=3,Timeout=2\r\n\r\n", 1500 },
        { "HTTP/1.1 204 OK\r\nKeep-Alive: timeout=60\r\n\r\n", 10000 },
        { "HTTP/1.1 204 OK\r\nKeep-Alive: timeout=soon\r\n\r\n", 10000 },
    };

    fixture.settings.idle_milliseconds = 10000;
    client_fixture_change_peer (&fixture);
    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        g_autoptr (Asked) asked = client_fixture_get (&fixture);
        int fd = client_fixture_accept (&fixture);

        g_free (client_fixture_read (&fixture, fd, 0));
        client_fixture_say (&fixture, fd, table[i].answer);
        asked_wait (asked);
        client_fixture_pass (&fixture, table[i].milliseconds - 1);
        client_fixture_expect_counts (&fixture, 1, 1);
        client_fixture_pass (&fixture, 1);
        client_fixture_expect_counts (&fixture, 0, 0);
        (void) close (fd);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *requests = tcase_create ("requests"), *answers = tcase_create ("answers");

    tcase_add_checked_fixture (requests, set_up, tear_down);
    tcase_add_test (requests, a_get_is_sent_and_its_answer_told);
    tcase_add_test (requests, a_connection_is_used_again);
    tcase_add_test (requests, a_connection_rests_no_longer_than_its_server_says);
    suite_add_tcase (suite, requests);
    tcase_add_checked_fixture (answers, set_up, tear_down);
    tcase_add_loop_test (answers, an_answer_may_be_cut_anywhere, 0, G_N_ELEMENTS (forms));
    tcase_add_test (answers, heads_that_come_in_pieces_do_not_mix);
    tcase_add_loop_test (answers, an_answer_may_come_byte_by_byte, 0, G_N_ELEMENTS (forms));
    suite_add_tcase (suite, answers);
}

int
main (void)
{
    return suite_run ("client/exchange", add_tests);
}
