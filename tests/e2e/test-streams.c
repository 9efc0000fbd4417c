/* SPDX-License-Identifier: MIT
 *
 * Bodies that do not fit into memory, over real sockets: whoever is slow slows the other side down,
 * and whoever goes is missed. */

#include "tests/support/backend.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <h3/base/counters.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define SIZE      (64 << 20)
#define PATTERN   65521 /* a prime: no two blocks are alike */
#define MOST_HELD (2 << 20)
#define LONG      86400000

static TestServer server;
static Latch paused = LATCH_INIT, ended = LATCH_INIT, gone = LATCH_INIT, cancelled = LATCH_INIT;
static Latch freed = LATCH_INIT;
static char pattern[2 * PATTERN];

static const char *
pattern_at (guint64 offset)
{
    return pattern + offset % PATTERN;
}

static void
note_freed (gpointer data)
{
    latch_raise (&freed);
}

static void
note_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    if (outcome == H3_OUTCOME_GONE)
        latch_raise (&gone);
}

static void
note_cancelled (GCancellable *cancellable, gpointer user_data)
{
    latch_raise (&cancelled);
}

static void
watch (H3Event *event)
{
    h3_event_on_dispose (event, note_disposed, NULL, NULL);
    g_signal_connect (h3_event_get_cancellable (event), "cancelled", G_CALLBACK (note_cancelled),
                      NULL);
}

static void
resume (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

static void
echo_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data == NULL) {
        latch_raise (&ended);
        if (error == NULL)
            h3_event_finish (event);
    } else if (!h3_event_write (event, data, length)) {
        latch_raise (&paused);
        h3_event_pause_body (event);
        h3_event_on_drain (event, resume, NULL, NULL);
    }
}

static void
echo (H3Event *event, gpointer user_data)
{
    watch (event);
    h3_event_read_body (event, echo_piece, NULL, note_freed);
    h3_event_start_stream (event, h3_request_get_content_length (h3_event_get_request (event)));
}

/* Takes one piece, and then no more. */
static void
hold_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data != NULL) {
        h3_event_pause_body (event);
        latch_raise (&paused);
    } else {
        ck_assert_ptr_nonnull (error);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
        latch_raise (&ended);
    }
}

static void
hold (H3Event *event, gpointer user_data)
{
    watch (event);
    h3_event_read_body (event, hold_piece, NULL, note_freed);
}

typedef struct {
    guint64 at;
} Source;

static GBytes *
make_piece (gpointer user_data, GError **error)
{
    Source *source = user_data;
    gsize length = MIN (SIZE - source->at, 10000);
    GBytes *piece = length > 0 ? g_bytes_new (pattern_at (source->at), length) : NULL;

    source->at += length;
    return piece;
}

static void
free_source (gpointer data)
{
    g_free (data);
    latch_raise (&freed);
}

static void
generate (H3Event *event, gpointer user_data)
{
    watch (event);
    h3_event_send_generator (event, SIZE, make_piece, g_new0 (Source, 1), free_source);
}

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "yes");
}

/* No deadline is short, but for the one that is tried. */
static void
set_up (void)
{
    static const char *const limits[] = { "min-body-rate", "min-write-rate" };
    Latch *const latches[] = { &paused, &ended, &gone, &cancelled, &freed };

    for (guint i = 0; i < sizeof pattern; i++)
        pattern[i] = (char) (i % PATTERN * 7 + i % PATTERN / 251);
    for (guint i = 0; i < G_N_ELEMENTS (latches); i++)
        latches[i]->value = 0;
    test_server_init (&server);
    h3_route_set_body (h3_app_post (server.app, "/echo", echo, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (server.app, "/hold", hold, NULL), H3_BODY_STREAMED, 0);
    h3_app_get (server.app, "/much", generate, NULL);
    h3_app_get (server.app, "/", answer, NULL);
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
        ck_assert (h3_app_set_limit (server.app, limits[i], 0, NULL));
    ck_assert (h3_app_set_limit (server.app, "handler-timeout", LONG, NULL));
}

static void
serve_others (void)
{
    test_server_expect (&server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "yes");
}

/* What the library itself holds. */
static void
assert_little_is_held (void)
{
    gint64 held = counters_read (COUNTER_ARENA_BYTES) + counters_read (COUNTER_BUFFER_BYTES);

    ck_assert_msg (held < MOST_HELD, "%" G_GINT64_FORMAT " bytes are held", held);
}

static RawClient *
ask (const char *request)
{
    RawClient *client = raw_client_new_small (server.address);

    ck_assert (raw_client_send (client, request));
    return client;
}

static RawClient *
post (const char *path)
{
    g_autofree char *request =
        g_strdup_printf ("POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", path, SIZE);

    return ask (request);
}

static void
expect_head (RawClient *client)
{
    g_autoptr (RawAnswer) head = raw_client_read_head (client);

    ck_assert_ptr_nonnull (head);
    ck_assert_uint_eq (head->status, 200);
}

/* As much as is taken at once; how much that was. */
static guint64
send_on (RawClient *client, guint64 from)
{
    guint64 at = from;

    while (at < SIZE) {
        ssize_t n = send (client->fd, pattern_at (at), MIN (PATTERN, SIZE - at),
                          MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0)
            break;
        at += (guint64) n;
    }
    return at - from;
}

/* Until nothing of it is taken any more, though the server has its turns. */
static guint64
send_until_refused (RawClient *client)
{
    guint64 sent = 0;

    for (guint refused = 0; refused < 20; refused++) {
        guint64 n = send_on (client, sent);

        sent += n;
        if (n > 0)
            refused = 0;
        serve_others ();
        assert_little_is_held ();
    }
    ck_assert_uint_lt (sent, SIZE);
    return sent;
}

static void
expect_pattern (RawClient *client, guint64 *at, gsize length)
{
    static char block[PATTERN];

    while (length > 0) {
        gsize n = raw_client_receive (client, block, MIN (sizeof block, length));

        ck_assert_msg (n > 0, "the end came at %" G_GUINT64_FORMAT, *at);
        ck_assert_msg (memcmp (block, pattern_at (*at), n) == 0,
                       "wrong bytes around %" G_GUINT64_FORMAT, *at);
        *at += n;
        length -= n;
    }
}

/* The client sends all that is taken before it reads the next megabyte: both sides stop again and
 * again. */
START_TEST (echo_costs_little_however_long)
{
    RawClient *client;
    guint64 sent = 0, received = 0;

    set_up ();
    test_server_start (&server);
    client = post ("/echo");
    sent = send_until_refused (client);
    ck_assert_uint_gt (latch_get (&paused), 0);
    expect_head (client);
    while (received < SIZE) {
        sent += send_on (client, sent);
        assert_little_is_held ();
        expect_pattern (client, &received, MIN (1 << 20, sent - received));
    }
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "yes");
    ck_assert_uint_eq (latch_get (&ended), 1);
    ck_assert_uint_eq (latch_get (&cancelled), 0);
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&gone), 0);
}
END_TEST

/* The client has nothing more to say, and takes what is left at its own pace. */
START_TEST (half_closed_client_gets_all_of_its_echo)
{
    RawClient *client;
    guint64 sent, received = 0;

    set_up ();
    test_server_start (&server);
    client = post ("/echo");
    sent = send_until_refused (client);
    expect_head (client);
    while (sent < SIZE) {
        expect_pattern (client, &received, MIN (1 << 16, sent - received));
        sent += send_on (client, sent);
    }
    raw_client_half_close (client);
    serve_others ();
    expect_pattern (client, &received, SIZE - received);
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&ended), 1);
    ck_assert_uint_eq (latch_get (&gone), 0);
}
END_TEST

START_TEST (generator_is_asked_as_its_client_takes)
{
    RawClient *client;
    guint64 received = 0;

    set_up ();
    test_server_start (&server);
    client = ask ("GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
    while (counters_read (COUNTER_QUEUE_BYTES) == 0)
        serve_others ();
    assert_little_is_held ();
    expect_head (client);
    while (received < SIZE) {
        expect_pattern (client, &received, MIN (1 << 20, SIZE - received));
        assert_little_is_held ();
        ck_assert_int_lt (counters_read (COUNTER_QUEUE_BYTES), MOST_HELD);
    }
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "yes");
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
expect_missed (void)
{
    latch_wait (&ended, 1, "the end of the body");
    latch_wait (&cancelled, 1, "the cancellable");
    latch_wait (&gone, 1, "the end of the event");
    latch_wait (&freed, 1, "the reader's data");
    serve_others ();
    ck_assert_uint_eq (latch_get (&ended), 1);
    ck_assert_uint_eq (latch_get (&cancelled), 1);
    ck_assert_uint_eq (latch_get (&freed), 1);
}

/* _i: whether it has read a part of the answer before it goes; mostly the server waits for it. */
START_TEST (uploader_that_goes_is_missed)
{
    RawClient *client;
    guint64 received = 0;

    set_up ();
    test_server_start (&server);
    client = post ("/echo");
    (void) send_until_refused (client);
    if (_i) {
        expect_head (client);
        expect_pattern (client, &received, 1 << 20);
    }
    raw_client_reset (client);
    raw_client_free (client);
    expect_missed ();
    test_server_end (&server);
}
END_TEST

/* Nothing is sent to it, and nothing more is read: its end must show all the same. _i: whether so
 * much has come that the server has stopped reading. */
START_TEST (uploader_that_goes_is_missed_while_it_is_paused)
{
    RawClient *client;

    if (_i && !backend_is_epoll ())
        return;
    set_up ();
    test_server_start (&server);
    client = post ("/hold");
    if (_i)
        (void) send_until_refused (client);
    else
        ck_assert (raw_client_send (client, "begun"));
    latch_wait (&paused, 1, "the pause");
    serve_others ();
    raw_client_reset (client);
    raw_client_free (client);
    expect_missed ();
    test_server_end (&server);
}
END_TEST

/* It sends and never reads: its rate as a reader ends it. */
START_TEST (sender_that_never_reads_is_cut_by_the_rate)
{
    RawClient *client;

    set_up ();
    ck_assert (h3_app_set_limit (server.app, "min-write-rate", 1 << 20, NULL));
    ck_assert (h3_app_set_limit (server.app, "rate-grace", 500, NULL));
    test_server_start (&server);
    client = post ("/echo");
    while (latch_get (&gone) == 0 && send_on (client, 0) < SIZE) {
        serve_others ();
        assert_little_is_held ();
    }
    expect_missed ();
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (generator_whose_client_goes_is_freed)
{
    RawClient *client;

    set_up ();
    test_server_start (&server);
    client = ask ("GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
    while (counters_read (COUNTER_QUEUE_BYTES) == 0)
        serve_others ();
    raw_client_reset (client);
    raw_client_free (client);
    latch_wait (&gone, 1, "the end of the event");
    latch_wait (&freed, 1, "the generator's data");
    ck_assert_uint_eq (latch_get (&cancelled), 1);
    test_server_end (&server);
}
END_TEST

static Latch begun = LATCH_INIT, reset = LATCH_INIT, enough = LATCH_INIT;

/* Until it is told that this is enough, as it is where its client has gone meanwhile. */
static void
write_until_enough (H3Event *event, gpointer user_data)
{
    guint n = 0;

    latch_raise (&begun);
    latch_wait (&reset, 1, "the client's reset");
    while (n < 100000 && h3_event_write (event, pattern, PATTERN))
        n++;
    ck_assert_uint_lt (n, 100000);
    latch_raise (&enough);
}

START_TEST (writer_whose_client_goes_is_told_while_it_writes)
{
    RawClient *client;

    test_server_init (&server);
    (void) h3_app_get (server.app, "/endless", write_until_enough, NULL);
    test_server_start (&server);
    client = ask ("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    latch_wait (&begun, 1, "the handler");
    raw_client_reset (client);
    raw_client_free (client);
    latch_raise (&reset);
    latch_wait (&enough, 1, "the end of the writing");
    test_server_end (&server);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("streams");

    tcase_set_timeout (tcase, 240);
    tcase_add_test (tcase, echo_costs_little_however_long);
    tcase_add_test (tcase, half_closed_client_gets_all_of_its_echo);
    tcase_add_test (tcase, generator_is_asked_as_its_client_takes);
    tcase_add_loop_test (tcase, uploader_that_goes_is_missed, 0, 2);
    tcase_add_loop_test (tcase, uploader_that_goes_is_missed_while_it_is_paused, 0, 2);
    tcase_add_test (tcase, sender_that_never_reads_is_cut_by_the_rate);
    tcase_add_test (tcase, generator_whose_client_goes_is_freed);
    tcase_add_test (tcase, writer_whose_client_goes_is_told_while_it_writes);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/streams", add_cases);
}
