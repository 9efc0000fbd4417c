/* SPDX-License-Identifier: MIT
 *
 * Handles that outlive what they stand for: deferred events whose client has gone, events used
 * after their answer, timers cancelled at every point. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define ROUNDS    200

static TestServer server;
static Latch deferred = LATCH_INIT, disposed = LATCH_INIT, gone = LATCH_INIT,
             cancelled = LATCH_INIT, warnings = LATCH_INIT, fired = LATCH_INIT,
             timers_ended = LATCH_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static GQueue held = G_QUEUE_INIT; /* of H3Event (ref), behind the mutex */

static GLogWriterOutput
count_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    if ((level & G_LOG_LEVEL_MASK) <= G_LOG_LEVEL_WARNING)
        latch_raise (&warnings);
    return G_LOG_WRITER_HANDLED;
}

static void
note_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    if (outcome == H3_OUTCOME_GONE)
        latch_raise (&gone);
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
    pthread_mutex_lock (&mutex);
    g_queue_push_tail (&held, h3_event_defer (event));
    pthread_mutex_unlock (&mutex);
    latch_raise (&deferred);
}

/* (transfer full) */
static H3Event *
take_held (void)
{
    H3Event *event;

    pthread_mutex_lock (&mutex);
    event = g_queue_pop_head (&held);
    pthread_mutex_unlock (&mutex);
    ck_assert_ptr_nonnull (event);
    return event;
}

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "yes");
}

static void
start (gboolean pooled)
{
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    g_log_set_writer_func (count_warning, NULL, NULL);
    test_server_init (&server);
    h3_app_get (server.app, "/hold", hold, NULL);
    h3_app_get (server.app, "/", answer, NULL);
    if (!pooled)
        h3_server_set_pooled_events (h3_app_get_server (server.app), 0);
}

/* _i: whether events are pooled. */
START_TEST (pending_answer_outlives_its_connection)
{
    start (_i);
    test_server_start (&server);
    for (guint i = 0; i < ROUNDS; i++) {
        RawClient *client = test_server_connect (&server);
        H3Event *event;

        ck_assert (raw_client_send (client, i % 2 ? GET ("/hold") : GET ("/hold") GET ("/")));
        latch_wait (&deferred, i + 1, "the handler");
        raw_client_reset (client);
        raw_client_free (client);
        latch_wait (&gone, i + 1, "the news that the client has gone");
        latch_wait (&cancelled, i + 1, "the cancellable");
        event = take_held ();
        test_server_expect (&server, GET ("/"), 200, "yes");
        h3_event_set_header (event, "X-Late", "late");
        h3_event_send_text (event, "to nobody");
        h3_event_unref (event);
    }
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&disposed), ROUNDS);
}
END_TEST

/* The answer comes from another thread while the reset is on its way. */
START_TEST (answer_and_reset_may_meet)
{
    start (_i);
    test_server_start (&server);
    for (guint i = 0; i < ROUNDS; i++) {
        RawClient *client = test_server_connect (&server);
        H3Event *event;

        ck_assert (raw_client_send (client, GET ("/hold")));
        latch_wait (&deferred, i + 1, "the handler");
        event = take_held ();
        if (i % 2 == 0)
            h3_event_send_text (event, "perhaps");
        raw_client_reset (client);
        raw_client_free (client);
        if (i % 2 == 1)
            h3_event_send_text (event, "perhaps");
        h3_event_unref (event);
    }
    test_server_expect (&server, GET ("/"), 200, "yes");
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&disposed), ROUNDS);
}
END_TEST

/* Every use of an event that has been answered is told, or refused, and the next answer of the
 * connection is right. */
START_TEST (event_used_after_its_answer_is_no_harm)
{
    RawClient *client;
    H3Event *event;

    start (_i);
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/hold")));
    latch_wait (&deferred, 1, "the handler");
    event = take_held ();
    h3_event_send_text (event, "once");
    raw_client_expect_answer (client, 200, "once");
    latch_wait (&disposed, 1, "the end of the event");
    ck_assert (h3_event_is_answered (event));
    ck_assert_uint_eq (latch_get (&warnings), 0);
    h3_event_send_text (event, "twice");
    ck_assert_uint_ge (latch_get (&warnings), 1);
    h3_event_send_empty (event, 204);
    h3_event_set_header (event, "X-Late", "late");
    h3_event_fail (event, h3_http_error_new (500, "late"));
    ck_assert (!h3_event_write (event, "late", 4));
    h3_event_finish (event);
    ck_assert_str_eq (h3_request_get_target (h3_event_get_request (event)), "/hold");
    raw_client_expect (client, GET ("/"), 200, "yes");
    h3_event_unref (event);
    raw_client_expect (client, GET ("/"), 200, "yes");
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
note_timer_ended (gpointer data)
{
    latch_raise (&timers_ended);
}

static void
count_firing (H3Timer *timer, gpointer user_data)
{
    latch_raise (&fired);
}

static void
cancel_itself (H3Timer *timer, gpointer user_data)
{
    latch_raise (&fired);
    h3_timer_cancel (timer);
    h3_timer_cancel (timer);
}

static void
cancel_other (H3Timer *timer, gpointer user_data)
{
    latch_raise (&fired);
    h3_timer_cancel (user_data);
}

static void
unref_timer (gpointer data)
{
    h3_timer_unref (data);
    latch_raise (&timers_ended);
}

typedef struct {
    H3Event *event;  /* ref */
    H3Timer *before; /* ref: fired long ago */
} Last;

/* All others were due before: their handles are still good for a cancel. */
static void
answer_last (H3Timer *timer, gpointer user_data)
{
    Last *last = user_data;

    ck_assert (!h3_timer_is_active (last->before));
    h3_timer_cancel (last->before);
    h3_event_send_text (last->event, "timers done");
}

static void
free_last (gpointer data)
{
    Last *last = data;

    h3_event_unref (last->event);
    h3_timer_unref (last->before);
    g_free (last);
}

/* Fires: one of the two that cancel each other, the two that cancel themselves, the one that is
 * left alone. */
static void
use_timers (H3Event *event, gpointer user_data)
{
    H3Timer *timer, *other;
    Last *last = g_new (Last, 1);

    timer = h3_timer_start (0, FALSE, count_firing, NULL, note_timer_ended);
    h3_timer_cancel (timer);
    h3_timer_cancel (timer);
    h3_timer_unref (timer);
    timer = h3_timer_start (0, FALSE, count_firing, NULL, note_timer_ended);
    h3_timer_unref (h3_timer_start (0, FALSE, cancel_itself, NULL, note_timer_ended));
    h3_timer_unref (h3_timer_start (1, TRUE, cancel_itself, NULL, note_timer_ended));
    /* Not due within this test, however slow the machine is. */
    other = h3_timer_start (1000000, TRUE, count_firing, NULL, note_timer_ended);
    h3_timer_unref (h3_timer_start (0, FALSE, cancel_other, other, unref_timer));
    last->event = h3_event_defer (event);
    last->before = timer;
    h3_timer_unref (h3_timer_start (2, FALSE, answer_last, last, free_last));
}

static void
leave_timers (H3Event *event, gpointer user_data)
{
    for (guint i = 0; i < 10; i++)
        h3_timer_unref (h3_timer_start (1000000, i % 2 == 0, count_firing, NULL, note_timer_ended));
    h3_event_send_text (event, "left");
}

START_TEST (timers_may_be_cancelled_at_any_time)
{
    RawClient *client;

    start (_i);
    h3_app_get (server.app, "/timers", use_timers, NULL);
    test_server_start (&server);
    client = test_server_connect (&server);
    for (guint i = 0; i < 50; i++)
        raw_client_expect (client, GET ("/timers"), 200, "timers done");
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&fired), 50 * 4);
    ck_assert_uint_eq (latch_get (&timers_ended), 50 * 6);
}
END_TEST

START_TEST (timers_under_way_end_with_the_server)
{
    start (_i);
    h3_app_get (server.app, "/leave", leave_timers, NULL);
    test_server_start (&server);
    test_server_expect (&server, GET ("/leave"), 200, "left");
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&fired), 0);
    ck_assert_uint_eq (latch_get (&timers_ended), 10);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("handles");

    tcase_set_timeout (tcase, 60);
    tcase_add_loop_test (tcase, pending_answer_outlives_its_connection, 0, 2);
    tcase_add_loop_test (tcase, answer_and_reset_may_meet, 0, 2);
    tcase_add_loop_test (tcase, event_used_after_its_answer_is_no_harm, 0, 2);
    tcase_add_loop_test (tcase, timers_may_be_cancelled_at_any_time, 0, 2);
    tcase_add_loop_test (tcase, timers_under_way_end_with_the_server, 0, 2);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/lifetimes-handles", add_cases);
}
