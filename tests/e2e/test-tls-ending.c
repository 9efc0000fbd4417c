/* SPDX-License-Identifier: MIT
 *
 * How connections with TLS end, by either side, and those that were taken over: what was said, and
 * what may have been cut short. */

#include "tls-fixture.h"

#include "tests/support/ws-peer.h"

#include <string.h>

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
static Latch ended = LATCH_INIT, began = LATCH_INIT;
static GString *heard;     /* by the stream's reader: behind `ended` */
static gboolean was_clean; /* … and whether its end was one */

static void
on_read (H3Stream *stream, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data != NULL) {
        g_string_append_len (heard, data, (gssize) length);
        h3_stream_write (stream, data, length);
        latch_raise (&began);
        return;
    }
    was_clean = error == NULL;
    h3_stream_unref (user_data);
    latch_raise (&ended);
}

static void
take_over (H3Event *event, gpointer user_data)
{
    H3Stream *stream;

    h3_event_set_status (event, 101);
    h3_event_set_header (event, "Upgrade", "echo");
    stream = h3_event_take_over (event);
    ck_assert_ptr_nonnull (stream);
    h3_stream_read (stream, on_read, stream, NULL);
}

static void
echo_message (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
              gpointer user_data)
{
    ck_assert (h3_websocket_send (websocket, kind, data, length, NULL));
}

static void
accept_websocket (H3Event *event, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, NULL);

    h3_websocket_on_message (websocket, echo_message, NULL, NULL);
}

static void
send_events (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    for (guint i = 0; i < 3; i++)
        ck_assert_int_eq (h3_sse_send (sse, NULL, "one"), H3_SSE_SENT);
}

static void
set_up_own (void)
{
    ended = began = (Latch) LATCH_INIT;
    heard = g_string_new (NULL);
    set_up ();
    use_certificate ("first");
    h3_app_get (server.app, "/stream", take_over, NULL);
    h3_app_get (server.app, "/websocket", accept_websocket, NULL);
    h3_app_get (server.app, "/events", send_events, NULL);
    start ();
}

static void
tear_down_own (void)
{
    tear_down ();
    g_string_free (heard, TRUE);
}

static RawClient *
connect_by (int version)
{
    return tls_client_new (server.address, &(TlsWishes){ .version = version });
}

START_TEST (server_says_that_no_more_comes)
{
    g_autoptr (RawClient) client = connect_by (versions[_i]);

    raw_client_expect (client, "GET /scheme HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200,
                       "https");
    raw_client_expect_end (client);
    ck_assert (tls_client_was_told_end (client));
}
END_TEST

START_TEST (idle_client_is_told_when_the_server_stops)
{
    RawClient *client = connect_by (versions[_i]);

    raw_client_expect (client, GET ("/scheme"), 200, "https");
    h3_app_stop (server.app);
    raw_client_expect_end (client);
    ck_assert (tls_client_was_told_end (client));
    raw_client_free (client);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

/* Who says that it sends no more still gets what it asked for. */
START_TEST (client_that_has_ended_is_answered)
{
    g_autoptr (RawClient) client = connect_by (versions[_i]);

    ck_assert (raw_client_send (client, GET ("/scheme") GET ("/tls")));
    tls_client_say_end (client);
    raw_client_expect_answer (client, 200, "https");
    raw_client_expect_answer (client, 200, NULL);
    raw_client_expect_end (client);
}
END_TEST

/* A body whose end does not come is none, whether somebody says that it ends there or not. */
START_TEST (body_that_is_cut_short_is_not_taken)
{
    for (guint i = 0; i < 2; i++) {
        g_autoptr (RawClient) client = connect_by (versions[_i]);
        char data[1024];
        gsize n;

        ck_assert (raw_client_send (
            client, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"));
        if (i == 0)
            tls_client_say_end (client);
        else
            raw_client_half_close (client);
        n = raw_client_receive (client, data, sizeof data);
        ck_assert (n == 0 || memcmp (data, "HTTP/1.1 4", 10) == 0);
    }
}
END_TEST

static RawClient *
open_stream (int version)
{
    RawClient *client = connect_by (version);
    char echoed[6];

    ck_assert (raw_client_send (
        client,
        "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst"));
    raw_answer_free (raw_client_read_head (client));
    for (gsize n = 0; n < 5;)
        n += raw_client_receive (client, echoed + n, 5 - n);
    ck_assert_int_eq (memcmp (echoed, "first", 5), 0);
    return client;
}

START_TEST (stream_ends_well_where_its_peer_says_so)
{
    g_autoptr (RawClient) client = open_stream (versions[_i]);

    tls_client_say_end (client);
    latch_wait (&ended, 1, "the stream's end");
    ck_assert (was_clean);
    ck_assert_str_eq (heard->str, "first");
    raw_client_expect_end (client);
}
END_TEST

START_TEST (stream_that_may_be_cut_short_ends_in_an_error)
{
    g_autoptr (RawClient) client = open_stream (versions[_i]);

    raw_client_half_close (client);
    latch_wait (&ended, 1, "the stream's end");
    ck_assert (!was_clean);
    raw_client_expect_end (client);
}
END_TEST

START_TEST (websockets_speak_inside)
{
    g_autoptr (RawClient) client = connect_by (versions[_i]);
    g_autofree char *request = ws_peer_dup_request ("/websocket", "Origin: https://localhost\r\n");
    g_autofree char *long_text = g_strnfill (60000, 'x');

    ck_assert (raw_client_send (client, request));
    raw_answer_free (raw_client_read_head (client));
    ws_peer_send_text (client, PEER_TEXT, "hello");
    ws_peer_expect_text (client, PEER_TEXT, "hello");
    ws_peer_send_text (client, PEER_TEXT, long_text);
    ws_peer_expect_text (client, PEER_TEXT, long_text);
    ws_peer_send_close (client, 1000, "");
    ws_peer_expect_close (client, 1000);
    ck_assert (tls_client_was_told_end (client));
}
END_TEST

START_TEST (event_streams_flow_inside)
{
    g_autoptr (RawClient) client = connect_by (versions[_i]);

    raw_client_expect (client, GET ("/events"), 200, "data: one\n\ndata: one\n\ndata: one\n\n");
    raw_client_expect (client, GET ("/scheme"), 200, "https");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("ending");

    tcase_add_checked_fixture (tests, set_up_own, tear_down_own);
    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, server_says_that_no_more_comes, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, idle_client_is_told_when_the_server_stops, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, client_that_has_ended_is_answered, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, body_that_is_cut_short_is_not_taken, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, stream_ends_well_where_its_peer_says_so, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, stream_that_may_be_cut_short_ends_in_an_error, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, websockets_speak_inside, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, event_streams_flow_inside, 0, G_N_ELEMENTS (versions));
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("e2e/tls-ending", add_tests);
}
