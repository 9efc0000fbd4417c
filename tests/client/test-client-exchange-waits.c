/* SPDX-License-Identifier: MIT
 *
 * Deadlines, each with its name; who cancels, from where, at which moment; the end of the loop. */

#include "client-fixture.h"

#include "h3/client/client-exchange-private.h"

#include <pthread.h>
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
make_bounded (void)
{
    ClientCall call = client_fixture_make_call ();

    call.connect_milliseconds = 1000;
    call.first_byte_milliseconds = 2000;
    call.idle_milliseconds = 3000;
    call.total_milliseconds = 60000;
    return call;
}

/* Nothing happens one millisecond earlier. */
static void
expect_timeout (Asked *asked, gint64 milliseconds, const char *words)
{
    g_autofree char *length = g_strdup_printf ("%" G_GINT64_FORMAT " ms", milliseconds);

    client_fixture_pass (&fixture, milliseconds - 1);
    ck_assert_uint_eq (asked->n_ended, 0);
    client_fixture_pass (&fixture, 1);
    ck_assert_uint_eq (asked->n_ended, 1);
    asked_expect_error (asked, H3_CLIENT_ERROR_TIMEOUT, words);
    ck_assert_ptr_nonnull (strstr (asked->error, length));
    client_fixture_expect_counts (&fixture, 0, 0);
}

START_TEST (an_answer_has_a_deadline_for_its_first_byte)
{
    ClientCall call = make_bounded ();
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);

    /* Interim answers, or a piece of a head, are none. */
    client_fixture_pass (&fixture, 1000);
    client_fixture_say (&fixture, fd, "HTTP/1.1 102 Processing\r\n\r\nHTTP");
    asked_wait_told (asked, 1);
    ck_assert_uint_eq (asked->n_interim, 1);
    client_fixture_pass (&fixture, 999);
    ck_assert_uint_eq (asked->n_ended, 0);
    client_fixture_pass (&fixture, 1);
    asked_expect_error (asked, H3_CLIENT_ERROR_TIMEOUT,
                        "the first byte took longer than its 2000 ms");
    (void) close (fd);
}
END_TEST

START_TEST (a_body_has_a_deadline_for_each_pause)
{
    ClientCall call = make_bounded ();
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);

    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\n");
    for (guint i = 0; i < 5; i++) {
        client_fixture_pass (&fixture, 2900);
        client_fixture_say (&fixture, fd, "x");
        asked_wait_told (asked, 2 + i);
        ck_assert_uint_eq (asked->body->len, i + 1);
    }
    expect_timeout (asked, 3000, "a pause");
    (void) close (fd);
}
END_TEST

/* Who pauses an answer is slow, not the server. */
START_TEST (a_paused_answer_has_no_deadline_but_the_whole)
{
    ClientCall call = make_bounded ();
    g_autoptr (Asked) asked = client_fixture_ask (&fixture, &call);
    int fd = client_fixture_accept (&fixture);
    G_GNUC_UNUSED g_autofree char *request = client_fixture_read (&fixture, fd, 0);

    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\nx");
    asked_wait_told (asked, 2);
    client_exchange_pause (asked->exchange);
    expect_timeout (asked, 60000, "the whole");
    (void) close (fd);
}
END_TEST

/* A server that sends back what it is sent takes no more of it than is taken of its answer. */
START_TEST (a_request_that_is_stuck_behind_a_paused_answer_has_no_deadline)
{
    g_autoptr (GBytes) body = g_bytes_new_take (g_strnfill (64 << 20, 'x'), 64 << 20);
    ClientCall call = make_bounded ();
    g_autoptr (Asked) asked = NULL;
    int fd;

    call.body = body;
    call.method = H3_VIEW ("POST");
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\nx");
    asked_wait_told (asked, 2);
    client_exchange_pause (asked->exchange);
    for (guint i = 0; i < 10; i++)
        client_fixture_pass (&fixture, 3000);
    ck_assert_uint_eq (asked->n_ended, 0);
    client_exchange_resume (asked->exchange);
    client_fixture_turn (&fixture);
    expect_timeout (asked, 3000, "sending");
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

/* The server has answered before it wanted the body: what is waited for is its answer. */
START_TEST (an_answer_to_a_body_that_was_not_wanted_has_a_deadline)
{
    g_autoptr (GBytes) body = g_bytes_new_static ("abc", 3);

    for (guint i = 0; i < 2; i++) {
        ClientCall call = make_bounded ();
        g_autoptr (Asked) asked = NULL;
        int fd;

        call.method = H3_VIEW ("POST");
        call.length = 3;
        call.body = i == 0 ? body : NULL;
        call.expects_continue = TRUE;
        asked = client_fixture_ask (&fixture, &call);
        fd = client_fixture_accept (&fixture);
        g_free (client_fixture_read (&fixture, fd, 0));
        client_fixture_say (&fixture, fd,
                            "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nn");
        asked_wait_told (asked, 2);
        ck_assert_uint_eq (asked->status, 413);
        expect_timeout (asked, 3000, "a pause");
        (void) close (fd);
    }
}
END_TEST

START_TEST (the_whole_has_a_deadline)
{
    ClientCall call = client_fixture_make_call ();
    g_autoptr (Asked) asked = NULL;
    g_autofree char *request = NULL;
    int fd;

    call.total_milliseconds = 5000;
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    request = client_fixture_read (&fixture, fd, 0);
    expect_timeout (asked, 5000, "the whole");
    (void) close (fd);
}
END_TEST

/* The one connection there may be is another's: that wait is bounded as well. */
START_TEST (a_place_in_line_has_the_deadline_of_the_connection)
{
    ClientCall call = make_bounded ();
    g_autoptr (Asked) first = NULL, second = NULL;
    int fd;

    fixture.settings.max_connections = 1;
    client_fixture_change_peer (&fixture);
    first = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    second = client_fixture_ask (&fixture, &call);
    client_fixture_pass (&fixture, 999);
    ck_assert_uint_eq (second->n_ended, 0);
    client_fixture_pass (&fixture, 1);
    asked_wait (second);
    asked_expect_error (second, H3_CLIENT_ERROR_TIMEOUT, "one of its connections to be free");
    client_fixture_say (&fixture, fd, OK);
    asked_wait (first);
    asked_expect (first, 200, "hi");
    (void) close (fd);
}
END_TEST

/* The kernel takes some, then no more; as long as it takes any, that is no reason to end. */
START_TEST (a_request_has_a_deadline_to_be_taken)
{
    g_autofree char *room = g_malloc (1 << 20);
    g_autoptr (GBytes) body = g_bytes_new_take (g_strnfill (64 << 20, 'x'), 64 << 20);
    ClientCall call = make_bounded ();
    g_autoptr (Asked) asked = NULL;
    int fd;

    call.body = body;
    call.method = H3_VIEW ("POST");
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    client_fixture_turn (&fixture);
    for (guint i = 0; i < 4; i++) {
        const Transport *transport = client_exchange_get_transport (asked->exchange);
        guint64 sent = transport_get_sent (transport);

        client_fixture_pass (&fixture, 2900);
        while (transport_get_sent (transport) == sent) {
            (void) recv (fd, room, 1 << 20, 0);
            client_fixture_turn (&fixture);
        }
        ck_assert_uint_eq (asked->n_ended, 0);
    }
    for (guint i = 0; i < 1000 && asked->n_ended == 0; i++)
        client_fixture_pass (&fixture, 3000);
    asked_expect_error (asked, H3_CLIENT_ERROR_TIMEOUT, "sending took longer than its 3000 ms");
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

static const char story[] = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

/* At its n-th word: on_room, on_interim, on_head, on_body twice, on_end. What it was given to look
 * at is still there. */
START_TEST (a_listener_may_cancel_in_each_of_its_calls)
{
    for (guint at = 1; at <= 6; at++) {
        g_autoptr (Asked) asked = asked_new (&fixture);
        ClientCall call = client_fixture_make_call ();
        int fd;

        call.length = -1;
        asked->cancel_at = at;
        asked->sends = "abc";
        asked_start (asked, &call);
        fd = client_fixture_accept (&fixture);
        g_free (client_fixture_read (&fixture, fd, 0));
        asked_wait_told (asked, 1);
        client_fixture_say (&fixture, fd, story);
        asked_wait_told (asked, at);
        client_fixture_turn (&fixture);
        ck_assert_uint_eq (asked->n_told, at);
        ck_assert_uint_eq (asked->n_ended, at == 6);
        client_fixture_expect_counts (&fixture, at == 6, at == 6);
        if (at != 6)
            client_fixture_expect_end (&fixture, fd);
        (void) close (fd);
        client_fixture_turn (&fixture);
    }
}
END_TEST

/* Within a call of the listener's, and its other handlers with it, or at once, or before it began.
 */
START_TEST (a_cancellable_may_be_cancelled_in_each_call)
{
    for (guint at = 0; at <= 6; at++) {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autoptr (Asked) asked = asked_new (&fixture);
        ClientCall call = client_fixture_make_call ();
        int fd = -1;

        call.length = -1;
        call.cancellable = cancellable;
        asked->cancel_at = at;
        asked->fires = cancellable;
        asked->sends = "abc";
        if (at == 0)
            g_cancellable_cancel (cancellable);
        asked_start (asked, &call);
        if (at > 0) {
            fd = client_fixture_accept (&fixture);
            g_free (client_fixture_read (&fixture, fd, 0));
            asked_wait_told (asked, 1);
            client_fixture_say (&fixture, fd, story);
        }
        asked_wait (asked);
        /* What was told in the same turn as the last words comes after them. */
        if (asked->error != NULL)
            asked_expect_error (asked, H3_CLIENT_ERROR_CANCELLED, "cancelled");
        ck_assert (at > 1 || asked->error != NULL);
        if (fd >= 0)
            (void) close (fd);
        client_fixture_turn (&fixture);
    }
}
END_TEST

static void
cancel_exchange (GCancellable *cancellable, gpointer data)
{
    Asked *asked = data;

    client_exchange_cancel (g_steal_pointer (&asked->exchange));
}

/* GLib waits for handlers that are running before it takes one off: also for this one. */
START_TEST (a_handler_of_the_cancellable_may_cancel_the_exchange)
{
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (Asked) asked = asked_new (&fixture);
    ClientCall call = client_fixture_make_call ();
    int fd;

    call.cancellable = cancellable;
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancel_exchange), asked);
    asked_start (asked, &call);
    fd = client_fixture_accept (&fixture);
    g_cancellable_cancel (cancellable);
    client_fixture_turn (&fixture);
    ck_assert_uint_eq (asked->n_told, 0);
    client_fixture_expect_counts (&fixture, 0, 0);
    client_fixture_expect_end (&fixture, fd);
    (void) close (fd);
}
END_TEST

static void *
cancel_elsewhere (void *data)
{
    g_cancellable_cancel (data);
    return NULL;
}

START_TEST (another_thread_may_cancel)
{
    for (guint i = 0; i < 50; i++) {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autoptr (Asked) asked = NULL;
        ClientCall call = client_fixture_make_call ();
        pthread_t thread;
        int fd = -1;

        call.cancellable = cancellable;
        asked = client_fixture_ask (&fixture, &call);
        if (i % 2 == 0) {
            fd = client_fixture_accept (&fixture);
            g_free (client_fixture_read (&fixture, fd, 0));
        }
        ck_assert_int_eq (pthread_create (&thread, NULL, cancel_elsewhere, cancellable), 0);
        if (fd >= 0)
            client_fixture_say (&fixture, fd, OK);
        asked_wait (asked);
        ck_assert_int_eq (pthread_join (thread, NULL), 0);
        if (asked->error != NULL)
            asked_expect_error (asked, H3_CLIENT_ERROR_CANCELLED, "cancelled");
        else
            asked_expect (asked, 200, "hi");
        if (fd < 0)
            fd = client_fixture_accept (&fixture);
        (void) close (fd);
        client_fixture_turn (&fixture);
    }
}
END_TEST

/* Another thread comes while the exchange is over already, or not begun: the last word is the
 * loop's.
 */
START_TEST (a_cancellable_that_comes_late_does_nothing)
{
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (Asked) asked = NULL;
    ClientCall call = client_fixture_make_call ();
    int fd;

    call.cancellable = cancellable;
    asked = client_fixture_ask (&fixture, &call);
    fd = client_fixture_accept (&fixture);
    client_fixture_say (&fixture, fd, OK);
    asked_wait (asked);
    g_cancellable_cancel (cancellable);
    client_fixture_turn (&fixture);
    asked_expect (asked, 200, "hi");
    client_fixture_expect_counts (&fixture, 1, 1);
    (void) close (fd);
}
END_TEST

static void
ask_again (Asked *asked)
{
    asked->on_end = NULL;
    asked->exchange = NULL;
    ck_assert_ptr_null (client_loop_get (asked->fixture->loop));
}

/* Those in line, connecting, answering and at rest. */
START_TEST (a_loop_that_ends_ends_what_runs)
{
    g_autoptr (Asked) rested = NULL, answering = NULL, connecting = NULL, waiting = NULL;
    int fd, other;

    fixture.settings.max_connections = 2;
    client_fixture_change_peer (&fixture);
    answering = client_fixture_get (&fixture);
    fd = client_fixture_accept (&fixture);
    client_fixture_say (&fixture, fd, "HTTP/1.1 200 OK\r\n\r\nx");
    asked_wait_told (answering, 2);
    rested = client_fixture_get (&fixture);
    other = client_fixture_accept (&fixture);
    client_fixture_say (&fixture, other, OK);
    asked_wait (rested);
    (void) close (other);
    client_fixture_turn (&fixture);
    connecting = client_fixture_get (&fixture);
    waiting = client_fixture_get (&fixture);
    answering->on_end = ask_again;
    client_fixture_close_loop (&fixture);
    asked_expect_error (answering, H3_CLIENT_ERROR_CANCELLED, "loop");
    asked_expect_error (connecting, H3_CLIENT_ERROR_CANCELLED, "loop");
    asked_expect_error (waiting, H3_CLIENT_ERROR_CANCELLED, "loop");
    (void) close (fd);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *deadlines = tcase_create ("deadlines"), *ends = tcase_create ("ends");

    tcase_add_checked_fixture (deadlines, set_up, tear_down);
    tcase_add_test (deadlines, an_answer_has_a_deadline_for_its_first_byte);
    tcase_add_test (deadlines, a_body_has_a_deadline_for_each_pause);
    tcase_add_test (deadlines, a_paused_answer_has_no_deadline_but_the_whole);
    tcase_add_test (deadlines, a_request_that_is_stuck_behind_a_paused_answer_has_no_deadline);
    tcase_add_test (deadlines, an_answer_to_a_body_that_was_not_wanted_has_a_deadline);
    tcase_add_test (deadlines, the_whole_has_a_deadline);
    tcase_add_test (deadlines, a_place_in_line_has_the_deadline_of_the_connection);
    tcase_add_test (deadlines, a_request_has_a_deadline_to_be_taken);
    suite_add_tcase (suite, deadlines);
    tcase_add_checked_fixture (ends, set_up, tear_down);
    tcase_add_test (ends, a_listener_may_cancel_in_each_of_its_calls);
    tcase_add_test (ends, a_cancellable_may_be_cancelled_in_each_call);
    tcase_add_test (ends, a_handler_of_the_cancellable_may_cancel_the_exchange);
    tcase_add_test (ends, another_thread_may_cancel);
    tcase_add_test (ends, a_cancellable_that_comes_late_does_nothing);
    tcase_add_test (ends, a_loop_that_ends_ends_what_runs);
    suite_add_tcase (suite, ends);
}

int
main (void)
{
    return suite_run ("client/exchange-waits", add_tests);
}
