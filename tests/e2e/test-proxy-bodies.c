/* SPDX-License-Identifier: MIT
 *
 * Bodies that do not fit into memory, through a proxy: whoever is slow slows down who sends, across
 * both connections, and what waits in between has a bound. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <h3/base/counters.h>

#include <string.h>

#define SIZE      (16 << 20)
#define ECHOED    (4 << 20)
#define PATTERN   65521 /* a prime: no two blocks are alike */
#define MOST_HELD (3 << 20)
#define PIECE     50000

static TestServer server;
static H3App *origin;     /* ref */
static RawClient *client; /* owned */
static char pattern[2 * PATTERN];

static const char *
pattern_at (guint64 offset)
{
    return pattern + offset % PATTERN;
}

static GBytes *
make_piece (gpointer user_data, GError **error)
{
    guint64 *at = user_data;
    gsize length = MIN (PIECE, SIZE - *at);

    if (length == 0)
        return NULL;
    *at += length;
    return g_bytes_new_static (pattern_at (*at - length), length);
}

/* Of known length, or not. */
static void
send_much (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, user_data != NULL ? SIZE : -1, make_piece, g_new0 (guint64, 1),
                             g_free);
}

static void
resume (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

/* One piece a turn of the loop. */
static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    guint64 *at = user_data;
    char text[32];

    ck_assert_ptr_null (error);
    if (data == NULL) {
        g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, *at);
        h3_event_send_text (event, text);
        return;
    }
    for (gsize done = 0; done < length; done += MIN (PATTERN, length - done))
        ck_assert_mem_eq (data + done, pattern_at (*at + done), MIN (PATTERN, length - done));
    *at += length;
    h3_event_pause_body (event);
    h3_event_after (event, 0, resume, NULL, NULL);
}

static void
take_much (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, take_piece, g_new0 (guint64, 1), g_free);
}

static void
echo_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data == NULL && error == NULL) {
        h3_event_finish (event);
    } else if (data != NULL && !h3_event_write (event, data, length)) {
        h3_event_pause_body (event);
        h3_event_on_drain (event, resume, NULL, NULL);
    }
}

static void
echo (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, -1);
    h3_event_read_body (event, echo_piece, NULL, NULL);
}

static void
start_origin (void)
{
    G_GNUC_UNUSED g_auto (GStrv) addresses = NULL;

    origin = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_app_get (origin, "/much", send_much, NULL);
    h3_app_get (origin, "/exact", send_much, GUINT_TO_POINTER (1));
    h3_route_set_body (h3_app_post (origin, "/much", take_much, NULL), H3_BODY_STREAMED, G_MAXSIZE);
    h3_route_set_body (h3_app_post (origin, "/echo", echo, NULL), H3_BODY_STREAMED, G_MAXSIZE);
    ck_assert (h3_app_start (origin, NULL));
}

static void
start (void)
{
    g_autoptr (H3Proxy) proxy = NULL;
    g_autofree char *url = NULL;

    for (gsize i = 0; i < sizeof pattern; i++)
        pattern[i] = (char) ('A' + i % PATTERN * 31 % 26);
    test_server_init (&server);
    start_origin ();
    url = g_strdup_printf ("http://127.0.0.1:%u", h3_server_get_port (h3_app_get_server (origin)));
    proxy = h3_proxy_new_for_url (url, NULL);
    h3_app_use (server.app, "/", h3_proxy_to_middleware (proxy));
    test_server_start (&server);
    client = raw_client_new_small (server.address);
}

static void
finish (void)
{
    g_clear_pointer (&client, raw_client_free);
    h3_app_stop (origin);
    ck_assert (h3_server_wait (h3_app_get_server (origin)));
    g_clear_object (&origin);
    test_server_run_context ();
    test_server_end (&server);
}

static void
expect_little_held (void)
{
    gint64 held = counters_read (COUNTER_QUEUE_BYTES);

    ck_assert_msg (held < MOST_HELD, "%" G_GINT64_FORMAT " bytes are held", held);
}

/* The next `length` bytes are those of the body from `at` on. */
static void
expect_bytes (guint64 at, gsize length)
{
    char data[PATTERN];
    gsize done = 0;

    while (done < length) {
        gsize n = raw_client_receive (client, data, MIN (sizeof data, length - done));

        ck_assert_uint_gt (n, 0);
        ck_assert_mem_eq (data, pattern_at (at + done), n);
        done += n;
    }
}

START_TEST (answer_waits_for_a_client_that_takes_its_time)
{
    g_autoptr (RawAnswer) head = NULL;

    start ();
    raw_client_send (client, "GET /exact HTTP/1.1\r\nHost: a\r\n\r\n");
    head = raw_client_read_head (client);
    raw_answer_expect_header (head, "Content-Length", "16777216");
    for (guint64 at = 0; at < SIZE; at += MIN (PIECE, SIZE - at)) {
        expect_bytes (at, MIN (PIECE, SIZE - at));
        expect_little_held ();
    }
    raw_client_expect (client, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n", 404, NULL);
    finish ();
}
END_TEST

START_TEST (answer_in_chunks_comes_whole)
{
    g_autoptr (RawAnswer) answer = NULL;

    start ();
    raw_client_send (client, "GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
    answer = raw_client_read (client, FALSE);
    ck_assert (answer->is_whole);
    ck_assert_uint_eq (answer->body->len, SIZE);
    for (guint64 at = 0; at < SIZE; at += MIN (PATTERN, SIZE - at))
        ck_assert_mem_eq (answer->body->str + at, pattern_at (at), MIN (PATTERN, SIZE - at));
    ck_assert_int_lt (counters_read_peak (COUNTER_QUEUE_BYTES), MOST_HELD);
    finish ();
}
END_TEST

START_TEST (body_waits_for_a_server_that_takes_its_time)
{
    start ();
    raw_client_send (client, "POST /much HTTP/1.1\r\nHost: a\r\nContent-Length: 16777216\r\n\r\n");
    for (guint64 at = 0; at < SIZE; at += MIN (PIECE, SIZE - at)) {
        ck_assert (raw_client_send_data (client, pattern_at (at), MIN (PIECE, SIZE - at)));
        expect_little_held ();
    }
    raw_client_expect_answer (client, 200, "16777216");
    finish ();
}
END_TEST

START_TEST (bodies_go_both_ways_at_once)
{
    g_autoptr (RawAnswer) answer = NULL;

    start ();
    raw_client_send (client,
                     "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (guint64 at = 0; at < ECHOED; at += MIN (PIECE, ECHOED - at)) {
        g_autofree char *line = g_strdup_printf ("%x\r\n", (guint) MIN (PIECE, ECHOED - at));

        raw_client_send (client, line);
        raw_client_send_data (client, pattern_at (at), MIN (PIECE, ECHOED - at));
        raw_client_send (client, "\r\n");
        expect_little_held ();
    }
    raw_client_send (client, "0\r\n\r\n");
    answer = raw_client_read (client, FALSE);
    ck_assert (answer->is_whole);
    ck_assert_uint_eq (answer->body->len, ECHOED);
    for (guint64 at = 0; at < ECHOED; at += MIN (PATTERN, ECHOED - at))
        ck_assert_mem_eq (answer->body->str + at, pattern_at (at), MIN (PATTERN, ECHOED - at));
    finish ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "bodies", answer_waits_for_a_client_that_takes_its_time,
                    answer_in_chunks_comes_whole, body_waits_for_a_server_that_takes_its_time,
                    bodies_go_both_ways_at_once, NULL);
}

int
main (void)
{
    return suite_run ("e2e/proxy-bodies", add_cases);
}
