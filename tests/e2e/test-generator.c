/* SPDX-License-Identifier: MIT
 *
 * Generators that have nothing yet, over real sockets: fed by a thread, and forsaken by their
 * clients. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>

#define N_PIECES  20000
#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;
static Latch asked = LATCH_INIT;
static Latch freed = LATCH_INIT;

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

static void
start (void)
{
    test_server_init (&server);
    h3_app_get (server.app, "/fed", send_fed, NULL);
    h3_app_get (server.app, "/nothing", send_nothing, NULL);
    test_server_start (&server);
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
    test_server_end (&server);
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
    test_server_end (&server);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "generators", generator_sends_what_another_thread_makes,
                    generator_with_nothing_waits_and_goes_with_its_client, NULL);
}

int
main (void)
{
    return suite_run ("e2e/generator", add_cases);
}
