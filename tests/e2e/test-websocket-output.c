/* SPDX-License-Identifier: MIT
 *
 * WebSockets over real sockets: what waits for a client, what waits for the program, channels. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"
#include "tests/support/ws-peer.h"

#include "h3/format/coder.h"
#include "h3/h3.h"
#include "h3/loop/loop.h"

#include <string.h>

#define OUTPUT 200000
#define PIECE  10000

static TestServer server;
static Latch full = LATCH_INIT, drained = LATCH_INIT, opened = LATCH_INIT, closed = LATCH_INIT;
/* Set before `full`, `closed` are raised. */
static guint64 n_sent;
static char closed_reason[100];
static H3Channel *channel; /* ref */

static void
on_drain (H3WebSocket *websocket, gpointer user_data)
{
    ck_assert (h3_websocket_has_room (websocket));
    latch_raise (&drained);
}

static void
on_close (H3WebSocket *websocket, guint code, const char *reason, gboolean clean, gpointer unused)
{
    (void) g_strlcpy (closed_reason, reason, sizeof closed_reason);
    latch_raise (&closed);
}

/* Sends until no more may wait, however little the client takes. */
static void
flood (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
       gpointer unused)
{
    g_autofree char *piece = g_strnfill (PIECE, 'x');
    g_autoptr (GError) error = NULL;
    gboolean had_room = TRUE;

    while (h3_websocket_send (websocket, H3_WEBSOCKET_BINARY, piece, PIECE, &error)) {
        n_sent++;
        had_room = had_room && h3_websocket_has_room (websocket);
    }
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT));
    ck_assert (!had_room);
    ck_assert_uint_le (h3_websocket_get_waiting (websocket), OUTPUT + 1000);
    latch_raise (&full);
}

static void
handle_flood (H3Event *event, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, NULL);

    h3_websocket_on_message (websocket, flood, NULL, NULL);
    h3_websocket_on_drain (websocket, on_drain, NULL, NULL);
}

static void
go_on (H3Timer *timer, gpointer user_data)
{
    h3_websocket_resume (user_data);
}

static void
rest_first (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
            gpointer unused)
{
    ck_assert (h3_websocket_send (websocket, kind, data, length, NULL));
    h3_websocket_pause (websocket);
    h3_timer_unref (h3_timer_start (1, FALSE, go_on, h3_websocket_ref (websocket),
                                    (GDestroyNotify) h3_websocket_unref));
}

static void
handle_rest (H3Event *event, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, NULL);

    h3_websocket_on_message (websocket, rest_first, NULL, NULL);
}

static void
add_piece (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
           gboolean is_last, gpointer user_data)
{
    guint64 *sum = user_data;
    g_autofree char *text = NULL;

    ck_assert_uint_le (length, 65536);
    *sum += length;
    if (!is_last)
        return;
    text = g_strdup_printf ("%" G_GUINT64_FORMAT, *sum);
    *sum = 0;
    ck_assert (h3_websocket_send_text (websocket, text, NULL));
}

static void
handle_pieces (H3Event *event, gpointer user_data)
{
    const H3WebSocketOptions options = { .max_message = G_MAXINT64, .flags = H3_WEBSOCKET_PIECES };
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, &options);

    h3_websocket_on_piece (websocket, add_piece, g_new0 (guint64, 1), g_free);
}

static void
handle_listen (H3Event *event, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, NULL);

    h3_websocket_on_close (websocket, on_close, NULL, NULL);
    h3_websocket_subscribe (websocket, channel);
    latch_raise (&opened);
}

/* Turns that others had of the worker's loop; its own. */
static guint n_turns, n_large;
#define LARGE   (1 << 20)
#define N_LARGE 4

static void
count_turn (gpointer loop)
{
    n_turns++;
    if (n_large < N_LARGE)
        loop_post (loop, count_turn, loop, NULL);
}

static void
note_large (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
            gpointer unused)
{
    static guint before;

    ck_assert_uint_eq (length, LARGE);
    if (n_large++ == 0)
        count_turn (loop_get_current ());
    ck_assert_uint_gt (n_turns, before);
    before = n_turns;
    if (n_large == N_LARGE)
        ck_assert (h3_websocket_send_text (websocket, "all", NULL));
}

static void
handle_large (H3Event *event, gpointer user_data)
{
    const H3WebSocketOptions options = { .flags = H3_WEBSOCKET_DEFLATE };
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, &options);

    h3_websocket_on_message (websocket, note_large, NULL, NULL);
}

#define BURST 30

/* On the worker: all of it is handed out in one turn. */
static void
handle_burst (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (1000, 'z');

    for (guint i = 0; i < BURST; i++)
        ck_assert (h3_channel_publish_text (channel, NULL, text));
    h3_event_send_empty (event, 204);
}

static void
run (void)
{
    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    channel = h3_channel_new ();
    h3_app_get (server.app, "/flood", handle_flood, NULL);
    h3_app_get (server.app, "/rest", handle_rest, NULL);
    h3_app_get (server.app, "/pieces", handle_pieces, NULL);
    h3_app_get (server.app, "/listen", handle_listen, NULL);
    h3_app_get (server.app, "/large", handle_large, NULL);
    h3_app_get (server.app, "/burst", handle_burst, NULL);
    ck_assert (h3_app_set_limit (server.app, "max-output", 2 * PIECE, NULL));
    ck_assert (h3_app_set_limit (server.app, "max-websocket-output", OUTPUT, NULL));
    test_server_start (&server);
}

static void
finish (void)
{
    h3_channel_unref (g_steal_pointer (&channel));
    test_server_end (&server);
}

/* (transfer full): one for whom the kernel keeps little. */
static RawClient *
connect_small (const char *path)
{
    g_autofree char *request = ws_peer_dup_request (path, "");
    RawClient *client = raw_client_new_small (server.address);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    return client;
}

START_TEST (client_that_does_not_read_is_sent_so_much_and_no_more)
{
    g_autofree char *piece = g_strnfill (PIECE, 'x');
    RawClient *client;

    run ();
    client = connect_small ("/flood");
    ws_peer_send_text (client, PEER_TEXT, "go");
    latch_wait (&full, 1, "the bound of what may wait");
    ck_assert_uint_eq (latch_get (&drained), 0);
    for (guint64 i = 0; i < n_sent; i++)
        ws_peer_expect (client, PEER_BINARY, piece, PIECE);
    latch_wait (&drained, 1, "room");
    /* It is read again. */
    ws_peer_send_text (client, PEER_PING, "?");
    ws_peer_expect_text (client, PEER_PONG, "?");
    raw_client_free (client);
    finish ();
}
END_TEST

START_TEST (nobody_is_told_of_a_message_while_the_program_rests)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    RawClient *client;

    run ();
    client = ws_peer_connect (server.address, "/rest", "");
    for (guint i = 0; i < 20; i++)
        ws_peer_add_text (bytes, PEER_TEXT, "one of many");
    ck_assert (raw_client_send_data (client, (const char *) bytes->data, bytes->len));
    ws_peer_send_close (client, 1000, "");
    for (guint i = 0; i < 20; i++)
        ws_peer_expect_text (client, PEER_TEXT, "one of many");
    ws_peer_expect_close (client, 1000);
    raw_client_free (client);
    finish ();
}
END_TEST

START_TEST (pieces_of_a_large_message_come_as_they_are_sent)
{
    g_autofree char *data = g_strnfill (1000000, 'x');
    RawClient *client;

    run ();
    client = ws_peer_connect (server.address, "/pieces", "");
    ws_peer_send (client, PEER_BEGIN_TEXT, data, 1000000);
    ws_peer_send (client, PEER_LAST, data, 234567);
    ws_peer_expect_text (client, PEER_TEXT, "1234567");
    ws_peer_send (client, PEER_BINARY, "", 0);
    ws_peer_expect_text (client, PEER_TEXT, "0");
    raw_client_free (client);
    finish ();
}
END_TEST

/* All of them come in one go, so small are they. */
START_TEST (worker_has_a_turn_for_others_between_large_messages)
{
    g_autoptr (Coder) coder = coder_new_encoding (CODING_BARE, CODER_LEVEL_DEFAULT, 0);
    g_autofree char *data = g_strnfill (LARGE, 'x');
    g_autoptr (GByteArray) frames = g_byte_array_new ();
    RawClient *client;

    for (guint i = 0; i < N_LARGE; i++) {
        g_autoptr (GByteArray) message = g_byte_array_new ();

        ck_assert_int_eq (coder_append (coder, h3_view (data, LARGE), CODER_FLUSH, message),
                          CODER_READY);
        ws_peer_add (frames, PEER_BINARY | 0x40, TRUE, (const char *) message->data,
                     message->len - CODER_TAIL.length);
    }
    run ();
    client = ws_peer_connect (server.address, "/large",
                              "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    ck_assert (raw_client_send_data (client, (const char *) frames->data, frames->len));
    ws_peer_expect_text (client, PEER_TEXT, "all");
    ws_peer_send (client, PEER_PING, "still", 5);
    ws_peer_expect_text (client, PEER_PONG, "still");
    raw_client_free (client);
    finish ();
}
END_TEST

START_TEST (all_who_listen_hear_what_is_published)
{
    static const guint8 latin[] = { 0xe4, 0xf6 };
    g_autoptr (GBytes) binary = g_bytes_new_static (latin, sizeof latin);
    g_autofree char *large = g_strnfill (50000, 'y');
    RawClient *clients[5];

    run ();
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        clients[i] = ws_peer_connect (server.address, "/listen", "");
    latch_wait (&opened, G_N_ELEMENTS (clients), "WebSockets");
    ck_assert (h3_channel_publish_text (channel, NULL, "news"));
    ck_assert (h3_channel_publish (channel, NULL, NULL, binary));
    ck_assert (h3_channel_publish_text (channel, NULL, large));
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        ws_peer_expect_text (clients[i], PEER_TEXT, "news");
        ws_peer_expect (clients[i], PEER_BINARY, (const char *) latin, sizeof latin);
        ws_peer_expect_text (clients[i], PEER_TEXT, large);
        raw_client_free (clients[i]);
    }
    finish ();
}
END_TEST

/* What has not been offered to the system yet is not what a client is slow to take. */
START_TEST (who_keeps_up_with_a_channel_is_not_let_go_for_a_burst)
{
    g_autofree char *text = g_strnfill (1000, 'z');
    RawClient *listener, *asking;

    run ();
    h3_channel_set_bound (channel, BURST * 1000 * 2 / 3);
    listener = ws_peer_connect (server.address, "/listen", "");
    latch_wait (&opened, 1, "a WebSocket");
    asking = test_server_connect (&server);
    ck_assert (raw_client_send (asking, "GET /burst HTTP/1.1\r\nHost: a\r\n\r\n"));
    for (guint i = 0; i < BURST; i++)
        ws_peer_expect_text (listener, PEER_TEXT, text);
    ck_assert (h3_channel_publish_text (channel, NULL, "still there"));
    ws_peer_expect_text (listener, PEER_TEXT, "still there");
    raw_client_free (asking);
    raw_client_free (listener);
    finish ();
}
END_TEST

START_TEST (who_does_not_keep_up_with_a_channel_is_let_go)
{
    g_autofree char *large = g_strnfill (60000, 'y');
    RawClient *slow, *quick;

    run ();
    slow = connect_small ("/listen");
    quick = ws_peer_connect (server.address, "/listen", "");
    latch_wait (&opened, 2, "WebSockets");
    while (latch_get (&closed) == 0) {
        ck_assert (h3_channel_publish_text (channel, NULL, large));
        ws_peer_expect_text (quick, PEER_TEXT, large);
    }
    ck_assert_str_eq (closed_reason, "too slow for its channel");
    raw_client_free (slow);
    ck_assert (h3_channel_publish_text (channel, NULL, "still there"));
    ws_peer_expect_text (quick, PEER_TEXT, "still there");
    raw_client_free (quick);
    finish ();
}
END_TEST

START_TEST (who_has_gone_is_no_subscriber_any_more)
{
    H3ChannelStatistics now;
    RawClient *client;

    run ();
    client = ws_peer_connect (server.address, "/listen", "");
    latch_wait (&opened, 1, "a WebSocket");
    raw_client_reset (client);
    raw_client_free (client);
    latch_wait (&closed, 1, "its end");
    h3_channel_get_statistics (channel, &now);
    ck_assert_uint_eq (now.subscribers, 0);
    ck_assert (h3_channel_publish_text (channel, NULL, "nobody hears"));
    finish ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "output", client_that_does_not_read_is_sent_so_much_and_no_more, NULL);
    suite_add_case (suite, "input", nobody_is_told_of_a_message_while_the_program_rests,
                    pieces_of_a_large_message_come_as_they_are_sent,
                    worker_has_a_turn_for_others_between_large_messages, NULL);
    suite_add_case (suite, "channels", all_who_listen_hear_what_is_published,
                    who_keeps_up_with_a_channel_is_not_let_go_for_a_burst,
                    who_does_not_keep_up_with_a_channel_is_let_go,
                    who_has_gone_is_no_subscriber_any_more, NULL);
}

int
main (void)
{
    return suite_run ("e2e/websocket-output", add_tests);
}
