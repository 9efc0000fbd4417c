/* SPDX-License-Identifier: MIT
 *
 * How a server ends: who may stop it, what is finished, what is cut. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <errno.h>
#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;
static Latch held_events = LATCH_INIT, cancelled = LATCH_INIT, disposed = LATCH_INIT;
static H3Event *held; /* behind held_events */
static H3Outcome outcome;

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "yes");
}

static void
note_disposed (H3Event *event, H3Outcome result, gpointer user_data)
{
    outcome = result;
    latch_raise (&disposed);
}

static void
note_cancelled (GCancellable *cancellable, gpointer user_data)
{
    latch_raise (&cancelled);
}

static void
hold (H3Event *event, gpointer user_data)
{
    g_signal_connect (h3_event_get_cancellable (event), "cancelled", G_CALLBACK (note_cancelled),
                      NULL);
    h3_event_on_dispose (event, note_disposed, NULL, NULL);
    held = h3_event_defer (event);
    latch_raise (&held_events);
}

static void
answer_held (const char *text)
{
    h3_event_send_text (held, text);
    g_clear_pointer (&held, h3_event_unref);
}

static void
stop_then_answer (H3Event *event, gpointer user_data)
{
    h3_app_stop (server.app);
    h3_event_send_text (event, "stopping");
}

static void
stop_in_timer (H3Timer *timer, gpointer user_data)
{
    h3_app_stop (server.app);
    h3_event_send_text (user_data, "stopping");
}

static void
stop_by_timer (H3Event *event, gpointer user_data)
{
    h3_timer_unref (h3_timer_start (0, FALSE, stop_in_timer, h3_event_defer (event),
                                    (GDestroyNotify) h3_event_unref));
}

static void
stop_in_work (gpointer data, GCancellable *cancellable)
{
    h3_app_stop (server.app);
}

static void
answer_work (H3Event *event, gpointer data)
{
    h3_event_send_text (event, "stopping");
}

static void
stop_by_work (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, stop_in_work, answer_work, NULL, NULL);
}

static void
start (guint n_workers)
{
    held_events = cancelled = disposed = (Latch) LATCH_INIT;
    test_server_init (&server);
    h3_app_get (server.app, "/", answer, NULL);
    h3_app_get (server.app, "/hold", hold, NULL);
    h3_app_get (server.app, "/stop", stop_then_answer, NULL);
    h3_app_get (server.app, "/stop-timer", stop_by_timer, NULL);
    h3_app_get (server.app, "/stop-work", stop_by_work, NULL);
    h3_server_set_workers (h3_app_get_server (server.app), n_workers);
    h3_server_get_limits (h3_app_get_server (server.app))->drain_time = 30000;
    test_server_start (&server);
}

static void
check_stop_from (const char *request)
{
    RawClient *client;

    start (2);
    client = test_server_connect (&server);
    raw_client_expect (client, request, 200, "stopping");
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end_stopped (&server, TRUE);
}

START_TEST (stop_in_a_handler_answers_first)
{
    check_stop_from (GET ("/stop"));
}
END_TEST

START_TEST (stop_in_a_timer_answers_first)
{
    check_stop_from (GET ("/stop-timer"));
}
END_TEST

/* The answer may leave just before the drain comes to its connection, which then has no more to do:
 * it must be closed all the same. */
START_TEST (stop_in_offloaded_work_answers_first)
{
    for (guint i = 0; i < 50; i++)
        check_stop_from (GET ("/stop-work"));
}
END_TEST

static void *
stop_on_thread (void *data)
{
    h3_app_stop (server.app);
    return NULL;
}

static void
stop_from_thread (void)
{
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, stop_on_thread, NULL), 0);
    pthread_join (thread, NULL);
}

START_TEST (stop_on_any_thread_ends_the_server)
{
    start (2);
    test_server_expect (&server, GET ("/"), 200, "yes");
    stop_from_thread ();
    test_server_end_stopped (&server, TRUE);
}
END_TEST

/* Before its workers have begun to listen, or while they do. */
START_TEST (stop_right_behind_the_start_ends_the_server)
{
    for (guint i = 0; i < 50; i++) {
        test_server_init (&server);
        for (guint k = 0; k < 8; k++)
            ck_assert (h3_app_listen (server.app, "127.0.0.1:0", NULL));
        h3_server_set_workers (h3_app_get_server (server.app), 2);
        test_server_start (&server);
        if (i % 2 == 0)
            h3_app_stop (server.app);
        else
            stop_from_thread ();
        test_server_end_stopped (&server, TRUE);
    }
}
END_TEST

static void *
stop_when_running (void *data)
{
    H3Server *of_app = h3_app_get_server (server.app);

    while (!h3_server_is_running (of_app))
        continue;
    h3_server_stop (of_app);
    return NULL;
}

START_TEST (stop_during_the_start_ends_the_server)
{
    for (guint i = 0; i < 50; i++) {
        pthread_t thread;

        test_server_init (&server);
        for (guint k = 0; k < 8; k++)
            ck_assert (h3_app_listen (server.app, "127.0.0.1:0", NULL));
        h3_server_set_workers (h3_app_get_server (server.app), 2);
        ck_assert_int_eq (pthread_create (&thread, NULL, stop_when_running, NULL), 0);
        ck_assert (h3_app_start (server.app, NULL));
        pthread_join (thread, NULL);
        test_server_end_stopped (&server, TRUE);
    }
}
END_TEST

START_TEST (drain_closes_who_idles_and_answers_who_waits)
{
    RawClient *idle, *silent, *waiting, *late;
    RawAnswer *last;

    start (1);
    idle = test_server_connect (&server);
    raw_client_expect (idle, GET ("/"), 200, "yes");
    silent = test_server_connect (&server);
    waiting = test_server_connect (&server);
    ck_assert (raw_client_send (waiting, GET ("/hold")));
    latch_wait (&held_events, 1, "the handler");
    h3_app_stop (server.app);
    raw_client_expect_end (idle);
    raw_client_expect_end (silent);
    late = raw_client_try (server.address);
    ck_assert_msg (late == NULL, "a stopped server still accepts");
    ck_assert_uint_eq (latch_get (&cancelled), 0);
    answer_held ("late but whole");
    last = raw_client_read (waiting, FALSE);
    ck_assert_ptr_nonnull (last);
    ck_assert_uint_eq (last->status, 200);
    ck_assert_str_eq (last->body->str, "late but whole");
    raw_answer_expect_header (last, "Connection", "close");
    raw_client_expect_end (waiting);
    latch_wait (&disposed, 1, "the end of the event");
    ck_assert_int_eq (outcome, H3_OUTCOME_SENT);
    raw_answer_free (last);
    raw_client_free (idle);
    raw_client_free (silent);
    raw_client_free (waiting);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

/* Requests pipelined behind the one that runs are not begun. */
START_TEST (drain_begins_no_more_requests)
{
    RawClient *client, *idle;

    start (1);
    idle = test_server_connect (&server);
    raw_client_expect (idle, GET ("/"), 200, "yes");
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/hold") GET ("/hold") GET ("/")));
    latch_wait (&held_events, 1, "the handler");
    h3_app_stop (server.app);
    raw_client_expect_end (idle);
    raw_client_free (idle);
    answer_held ("the last");
    raw_client_expect_answer (client, 200, "the last");
    raw_client_expect_end (client);
    ck_assert_uint_eq (latch_get (&held_events), 1);
    raw_client_free (client);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

/* (transfer full): a client whose request is held. */
static RawClient *
connect_held (void)
{
    RawClient *client = test_server_connect (&server);

    ck_assert (raw_client_send (client, GET ("/hold")));
    latch_wait (&held_events, 1, "the handler");
    return client;
}

static void
expect_cut (RawClient *client)
{
    raw_client_expect_end (client);
    latch_wait (&cancelled, 1, "the cancellable");
    latch_wait (&disposed, 1, "the end of the event");
    ck_assert_int_ne (outcome, H3_OUTCOME_SENT);
    answer_held ("in vain");
    raw_client_free (client);
}

START_TEST (stop_twice_cuts)
{
    RawClient *client;

    start (1);
    client = connect_held ();
    h3_app_stop (server.app);
    h3_app_stop (server.app);
    expect_cut (client);
    test_server_end_stopped (&server, FALSE);
}
END_TEST

START_TEST (deadline_of_the_drain_cuts)
{
    RawClient *client;

    start (1);
    h3_server_get_limits (h3_app_get_server (server.app))->drain_time = 50;
    client = connect_held ();
    h3_app_stop (server.app);
    expect_cut (client);
    test_server_end_stopped (&server, FALSE);
}
END_TEST

/* Who only waits for the cancellable may answer at its signal: it is too late, and no harm. */
START_TEST (event_that_is_never_let_go_does_not_hold_the_server)
{
    RawClient *client;
    H3Server *of_app;

    start (1);
    client = connect_held ();
    of_app = h3_app_get_server (server.app);
    h3_app_stop (server.app);
    h3_app_stop (server.app);
    raw_client_expect_end (client);
    ck_assert (!h3_server_wait (of_app));
    answer_held ("in vain");
    raw_client_free (client);
    test_server_end_stopped (&server, FALSE);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "who", stop_in_a_handler_answers_first, stop_in_a_timer_answers_first,
                    stop_in_offloaded_work_answers_first, stop_on_any_thread_ends_the_server, NULL);
    suite_add_case (suite, "early", stop_right_behind_the_start_ends_the_server,
                    stop_during_the_start_ends_the_server, NULL);
    suite_add_case (suite, "drain", drain_closes_who_idles_and_answers_who_waits,
                    drain_begins_no_more_requests, NULL);
    suite_add_case (suite, "cut", stop_twice_cuts, deadline_of_the_drain_cuts,
                    event_that_is_never_let_go_does_not_hold_the_server, NULL);
}

int
main (void)
{
    return suite_run ("e2e/shutdown", add_cases);
}
