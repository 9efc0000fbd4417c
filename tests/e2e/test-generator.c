/* SPDX-License-Identifier: MIT
 *
 * Answers that a thread makes, over real sockets: generators that have nothing yet, pieces that the
 * thread itself writes; and clients that forsake them. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <h3/base/counters.h>

#include <string.h>

#define N_PIECES  20000
#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;
static Latch asked = LATCH_INIT;
static Latch freed = LATCH_INIT, room = LATCH_INIT;
static Latch left = LATCH_INIT; /* threads that hold nothing any more */

/* What a thread makes and the worker takes. */
typedef struct {
    pthread_mutex_t mutex;
    GString *made;  /* owned; under the mutex */
    gboolean ended; /* under the mutex */
    H3Event *event; /* ref: the thread's */
} Feed;

static void
free_feed (gpointer data)
{
    Feed *feed = data;

    g_string_free (feed->made, TRUE);
    g_free (feed);
}

static GBytes *
take_made (gpointer user_data, GError **error)
{
    Feed *feed = user_data;
    GBytes *bytes = NULL;

    pthread_mutex_lock (&feed->mutex);
    if (feed->made->len > 0 || !feed->ended)
        bytes = g_bytes_new (feed->made->str, feed->made->len);
    g_string_truncate (feed->made, 0);
    pthread_mutex_unlock (&feed->mutex);
    return bytes;
}

static void *
feed_all (void *data)
{
    Feed *feed = data;
    H3Event *event = feed->event;

    for (guint i = 0; i <= N_PIECES; i++) {
        pthread_mutex_lock (&feed->mutex);
        if (i < N_PIECES)
            g_string_append_printf (feed->made, "%u,", i);
        else
            feed->ended = TRUE;
        pthread_mutex_unlock (&feed->mutex);
        if (i % 7 == 0 || i == N_PIECES)
            h3_event_resume_generator (event);
    }
    h3_event_unref (event);
    latch_raise (&left);
    return NULL;
}

static void
send_fed (H3Event *event, gpointer user_data)
{
    Feed *feed = g_new0 (Feed, 1);
    pthread_t thread;

    pthread_mutex_init (&feed->mutex, NULL);
    feed->made = g_string_new (NULL);
    feed->event = h3_event_defer (event);
    h3_event_send_generator (event, -1, take_made, feed, free_feed);
    ck_assert_int_eq (pthread_create (&thread, NULL, feed_all, feed), 0);
    ck_assert_int_eq (pthread_detach (thread), 0);
}

static GBytes *
make_nothing (gpointer user_data, GError **error)
{
    latch_raise (&asked);
    return g_bytes_new_static ("", 0);
}

static void
note_freed (gpointer data)
{
    latch_raise (&freed);
}

static void
send_nothing (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, -1, make_nothing, NULL, note_freed);
}

/* Whoever makes the body finds, while it does, that there will be none: all that a generator may
 * return then. */
static GBytes *
fail_within (gpointer user_data, GError **error)
{
    h3_event_fail (user_data, h3_http_error_new (500, NULL));
    ck_assert_uint_eq (latch_get (&freed), latch_get (&asked));
    switch (latch_get (&asked)) {
    case 0:
        return NULL;
    case 1:
        return g_bytes_new_static ("", 0);
    case 2:
        return g_bytes_new_static ("too late", 8);
    default:
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "too late");
        return NULL;
    }
}

static void
send_failing (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, -1, fail_within, event, note_freed);
}

#define WRITTEN        400
#define WRITTEN_LENGTH 65521

static Latch stopped = LATCH_INIT;

static void
go_on (H3Event *event, gpointer user_data)
{
}

/* There is room, or there never will be. */
static void
tell_room (gpointer data)
{
    latch_raise (&room);
}

/* Stops at each FALSE until there is room again; what it knows only then stands behind the body. */
static void *
write_all (void *data)
{
    H3Event *event = data;
    g_autofree char *text = g_malloc (WRITTEN_LENGTH);
    guint stops = 0;

    for (int i = 0; i < WRITTEN; i++) {
        memset (text, 'a' + i % 26, WRITTEN_LENGTH);
        if (!h3_event_write (event, text, WRITTEN_LENGTH)) {
            h3_event_on_drain (event, go_on, NULL, tell_room);
            latch_raise (&stopped);
            latch_wait (&room, ++stops, "room");
        }
    }
    ck_assert (h3_event_set_trailer (event, "X-Pieces", G_STRINGIFY (WRITTEN)));
    h3_event_finish (event);
    h3_event_unref (event);
    latch_raise (&left);
    return NULL;
}

static void
send_written (H3Event *event, gpointer user_data)
{
    pthread_t thread;

    ck_assert (h3_event_declare_trailer (event, "X-Pieces"));
    ck_assert_int_eq (pthread_create (&thread, NULL, write_all, h3_event_defer (event)), 0);
    ck_assert_int_eq (pthread_detach (thread), 0);
}

static void
start (void)
{
    asked.value = freed.value = room.value = stopped.value = left.value = 0;
    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    h3_app_get (server.app, "/fed", send_fed, NULL);
    h3_app_get (server.app, "/nothing", send_nothing, NULL);
    h3_app_get (server.app, "/failing", send_failing, NULL);
    h3_app_get (server.app, "/written", send_written, NULL);
    test_server_start (&server);
}

/* So many threads have let go of their events, which may last longer than their answers. */
static void
end (guint n)
{
    latch_wait (&left, n, "the threads");
    test_server_end (&server);
}

START_TEST (generator_sends_what_another_thread_makes)
{
    g_autoptr (GString) expected = g_string_new (NULL);
    RawClient *client;

    for (guint i = 0; i < N_PIECES; i++)
        g_string_append_printf (expected, "%u,", i);
    start ();
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/fed") GET ("/fed")));
    raw_client_expect_answer (client, 200, expected->str);
    raw_client_expect_answer (client, 200, expected->str);
    raw_client_free (client);
    end (2);
}
END_TEST

/* It is asked once, and not again until somebody says so: nothing spins. */
START_TEST (generator_with_nothing_waits_and_goes_with_its_client)
{
    RawClient *client;
    RawAnswer *head;

    start ();
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/nothing")));
    head = raw_client_read_head (client);
    ck_assert_ptr_nonnull (head);
    raw_answer_free (head);
    test_server_expect (&server, GET ("/fed"), 200, NULL);
    ck_assert_uint_eq (latch_get (&asked), 1);
    raw_client_reset (client);
    raw_client_free (client);
    latch_wait (&freed, 1, "the generator");
    ck_assert_uint_eq (latch_get (&asked), 1);
    end (1);
}
END_TEST

START_TEST (generator_may_fail_its_event)
{
    start ();
    for (guint i = 0; i < 4; i++) {
        RawClient *client = test_server_connect (&server);

        ck_assert (raw_client_send (client, GET ("/failing")));
        raw_client_expect_end (client);
        raw_client_free (client);
        latch_wait (&freed, i + 1, "the generator");
        latch_raise (&asked);
    }
    test_server_expect (&server, GET ("/fed"), 200, NULL);
    end (1);
}
END_TEST

/* A thread is slowed down by its client as a worker's program is. */
START_TEST (thread_writes_as_its_client_takes)
{
    g_autoptr (RawAnswer) answer = NULL;
    RawClient *client;
    gsize wrong = 0;

    start ();
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, GET ("/written")));
    latch_wait (&stopped, 1, "a thread that waits for its client");
    ck_assert_int_lt (counters_read (COUNTER_BUFFER_BYTES), 2 << 20);
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert (answer->is_whole);
    raw_answer_expect_header (answer, "Trailer", "X-Pieces");
    ck_assert_str_eq (answer->trailers->str, "X-Pieces: " G_STRINGIFY (WRITTEN) "\r\n");
    ck_assert_uint_eq (answer->body->len, WRITTEN * WRITTEN_LENGTH);
    for (gsize i = 0; i < answer->body->len; i++)
        wrong += answer->body->str[i] != (char) ('a' + i / WRITTEN_LENGTH % 26);
    ck_assert_uint_eq (wrong, 0);
    raw_client_expect (client, GET ("/fed"), 200, NULL);
    raw_client_free (client);
    end (2);
    ck_assert_uint_eq (latch_get (&room), latch_get (&stopped));
}
END_TEST

/* Until the thread waits for good: the worker has had its turns, and found no room. */
static void
wait_until_stopped (void)
{
    guint turns = 0, last = 0;

    while (turns < 20) {
        guint now = latch_get (&stopped);

        turns = now > 0 && now == last && latch_get (&room) < now ? turns + 1 : 0;
        last = now;
        test_server_expect (&server, GET ("/nowhere"), 404, NULL);
    }
}

/* Who waits for room hears that there will be none. */
START_TEST (thread_is_told_of_a_client_that_goes)
{
    RawClient *client;

    start ();
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, GET ("/written")));
    wait_until_stopped ();
    raw_client_reset (client);
    raw_client_free (client);
    while (counters_read (COUNTER_EVENTS_LIVE) > 0)
        test_server_expect (&server, GET ("/nowhere"), 404, NULL);
    end (1);
    ck_assert_uint_eq (latch_get (&room), latch_get (&stopped));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "generators", generator_sends_what_another_thread_makes,
                    generator_with_nothing_waits_and_goes_with_its_client,
                    generator_may_fail_its_event, NULL);
    suite_add_case (suite, "writers", thread_writes_as_its_client_takes,
                    thread_is_told_of_a_client_that_goes, NULL);
}

int
main (void)
{
    return suite_run ("e2e/generator", add_cases);
}
