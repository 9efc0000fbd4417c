/* SPDX-License-Identifier: MIT
 *
 * Answers that are written piece by piece, and connections that are taken over. */

#include <h3/engine/stream.h>
#include <h3/http/body.h>

#include "tests/support/backend.h"
#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <sys/socket.h>
#include <unistd.h>

static int left;
static guint n_closed;
static H3Stream *taken;

static void
count_closed (gpointer data, const H3Address *peer)
{
    n_closed++;
}

static void
set_up (void)
{
    fixture_set_up (4);
    fixture.limits.output = 1024;
    fixture_start ();
    fixture.context.on_closed = count_closed;
    fixture.context.streams.on_closed = count_closed;
    left = 3000;
    n_closed = 0;
}

/* Reads until `mark` has come. */
static GString *
receive_until (int peer, const char *mark)
{
    GString *all = g_string_new (NULL);

    for (int i = 0; i < 100000 && strstr (all->str, mark) == NULL; i++) {
        g_autofree char *part = NULL;

        fixture_settle ();
        part = fixture_receive (peer, NULL);
        g_string_append (all, part);
    }
    return all;
}

static void
write_on (H3Event *event, gpointer user_data)
{
    while (left > 0) {
        left--;
        if (!h3_event_write (event, "0123456789", 10)) {
            h3_event_on_drain (event, write_on, NULL, NULL);
            return;
        }
    }
    h3_event_finish (event);
}

START_TEST (stream_goes_on_when_little_may_wait)
{
    g_autoptr (GString) answer = NULL;
    int peer;

    set_up ();
    fixture.handler = write_on;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW ("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    answer = receive_until (peer, "\r\n0\r\n\r\n");
    ck_assert_uint_eq (fixture_count (answer->str, "0123456789"), 3000);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static GBytes *
generate (gpointer user_data, GError **error)
{
    if (left == 0)
        return NULL;
    return --left > 0 ? g_bytes_new_static ("0123456789", 10) : g_bytes_new_static ("the end", 7);
}

static void
send_generated (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, 29997, generate, NULL, NULL);
}

START_TEST (generator_goes_on_when_little_may_wait)
{
    g_autoptr (GString) answer = NULL;
    int peer;

    set_up ();
    fixture.handler = send_generated;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW ("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    answer = receive_until (peer, "the end");
    ck_assert_uint_eq (fixture_count (answer->str, "0123456789"), 2999);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static guint n_failed;

static void
hold_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    h3_event_pause_body (event);
    n_failed += error != NULL;
}

static void
hold (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, hold_piece, NULL, NULL);
}

/* A body that its handler has paused fills what is read ahead, and nothing more is read: the loop
 * rests, and still misses a client that goes. */
START_TEST (paused_body_rests_and_its_client_is_missed)
{
    static char much[200000];
    struct linger now = { 1, 0 };
    int peer;

    if (!backend_is_epoll ())
        return;
    set_up ();
    fixture.handler = hold;
    fixture.wish = H3_BODY_STREAMED;
    fixture.body_bound = G_MAXINT64;
    n_failed = 0;
    peer = fixture_connect_tcp ();
    fixture_send (peer, H3_VIEW ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"));
    fixture_send (peer, h3_view (much, sizeof much));
    fixture_assert_quiet ();
    ck_assert_uint_eq (n_failed, 0);
    ck_assert_int_eq (setsockopt (peer, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    (void) close (peer);
    fixture_settle ();
    ck_assert_uint_eq (n_failed, 1);
    ck_assert_uint_eq (n_closed, 1);
    fixture_tear_down ();
}
END_TEST

static void
take_over (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, 101);
    h3_event_set_header (event, "Upgrade", "test");
    taken = h3_event_take_over (event);
}

START_TEST (connection_taken_over_counts_until_its_stream_ends)
{
    g_autofree char *answer = NULL;
    int peer;

    set_up ();
    fixture.handler = take_over;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW ("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n"
                                 "Upgrade: test\r\n\r\n"));
    answer = fixture_receive (peer, NULL);
    ck_assert (g_str_has_prefix (answer, "HTTP/1.1 101 "));
    ck_assert_uint_eq (fixture_count (answer, "Connection: Upgrade\r\n"), 1);
    ck_assert_uint_eq (n_closed, 0);
    h3_stream_unref (g_steal_pointer (&taken));
    fixture_settle ();
    ck_assert_uint_eq (n_closed, 1);
    (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "pieces", stream_goes_on_when_little_may_wait,
                    generator_goes_on_when_little_may_wait,
                    paused_body_rests_and_its_client_is_missed, NULL);
    suite_add_case (suite, "taken over", connection_taken_over_counts_until_its_stream_ends, NULL);
}

int
main (void)
{
    return suite_run ("engine/connection-stream", add_tests);
}
