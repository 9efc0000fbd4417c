/* SPDX-License-Identifier: MIT
 *
 * WebSockets over real sockets: who may have one, and what both sides say. */

#include "websocket-fixture.h"

START_TEST (messages_of_every_class_come_back)
{
    static const gsize lengths[] = { 0, 1, 125, 126, 127, 4095, 4096, 4097, 65535, 65536, LIMIT };
    g_autofree char *data = g_malloc (LIMIT);

    for (gsize i = 0; i < LIMIT; i++)
        data[i] = (char) (i * 7);
    run ();
    client = connect_to ("/ws");
    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
        ws_peer_send (client, PEER_BINARY, data, lengths[i]);
        ws_peer_expect (client, PEER_BINARY, data, lengths[i]);
    }
    ws_peer_send_text (client, PEER_BEGIN_TEXT, "sm\xc3");
    ws_peer_send_text (client, PEER_PING, "?");
    ws_peer_send_text (client, PEER_LAST,
                       "\xb8rrebr\xc3\xb8"
                       "d");
    ws_peer_expect_text (client, PEER_PONG, "?");
    ws_peer_expect_text (client, PEER_TEXT,
                         "sm\xc3\xb8rrebr\xc3\xb8"
                         "d");
    finish ();
}
END_TEST

START_TEST (what_comes_with_the_handshake_is_heard)
{
    g_autofree char *request = ws_peer_dup_request ("/ws", "");
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (RawAnswer) answer = NULL;

    run ();
    g_byte_array_append (bytes, (const guint8 *) request, (guint) strlen (request));
    ws_peer_add_text (bytes, PEER_TEXT, "early");
    client = test_server_connect (&server);
    ck_assert (raw_client_send_data (client, (const char *) bytes->data, bytes->len));
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    ws_peer_expect_text (client, PEER_TEXT, "early");
    finish ();
}
END_TEST

/* The client of the test below, for the worker. */
static _Atomic (RawClient *) let_in;
static Latch looked = LATCH_INIT;
static gboolean knew;

static void
handle_slowly (H3Event *event, gpointer user_data)
{
    accept_with (event, NULL);
    knew = raw_client_has_news (let_in);
    ck_assert (h3_websocket_send_text (accepted, "welcome", NULL));
    latch_raise (&looked);
}

/* Who is let in hears what is published from then on: its handler has subscribed it by then. */
START_TEST (client_is_let_in_when_its_handler_is_done)
{
    g_autofree char *request = ws_peer_dup_request ("/slowly", "");
    g_autoptr (RawAnswer) answer = NULL;

    start ();
    h3_app_get (server.app, "/slowly", handle_slowly, NULL);
    test_server_start (&server);
    let_in = client = test_server_connect (&server);
    ck_assert (raw_client_send (client, request));
    latch_wait (&looked, 1, "the handler");
    ck_assert (!knew);
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    ws_peer_expect_text (client, PEER_TEXT, "welcome");
    finish ();
}
END_TEST

/* The fields that make a request for a WebSocket, one of them left out or another. */
static const struct {
    const char *line, *upgrade, *connection, *key, *version, *more;
    guint status;
} handshakes[] = {
#define LINE       "GET /ws HTTP/1.1\r\nHost: a\r\n"
#define UPGRADE    "Upgrade: websocket\r\n"
#define CONNECTION "Connection: Upgrade\r\n"
#define KEY        "Sec-WebSocket-Key: " PEER_KEY "\r\n"
#define VERSION    "Sec-WebSocket-Version: 13\r\n"
    { LINE, UPGRADE, CONNECTION, KEY, VERSION, "", 101 },
    { LINE, "Upgrade: foo, WebSocket\r\n", "Connection: keep-alive, upgrade\r\n", KEY, VERSION, "",
      101 },
    { LINE, "Upgrade: foo\r\nUpgrade: websocket\r\n", CONNECTION, KEY, VERSION, "", 101 },
    { LINE, "", CONNECTION, KEY, VERSION, "", 426 },
    { LINE, UPGRADE, "", KEY, VERSION, "", 426 },
    { LINE, "", "", "", "", "", 426 },
    { LINE, "Upgrade: h2c\r\n", CONNECTION, KEY, VERSION, "", 426 },
    { LINE, UPGRADE, CONNECTION, KEY, "Sec-WebSocket-Version: 8\r\n", "", 426 },
    { LINE, UPGRADE, CONNECTION, KEY, "Sec-WebSocket-Version: 13\r\n" VERSION, "", 426 },
    { LINE, UPGRADE, CONNECTION, KEY, "", "", 400 },
    { LINE, UPGRADE, CONNECTION, "", VERSION, "", 400 },
    { LINE, UPGRADE, CONNECTION, KEY KEY, VERSION, "", 400 },
    { LINE, UPGRADE, CONNECTION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n", VERSION, "",
      400 },
    { LINE, UPGRADE, CONNECTION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n", VERSION, "",
      400 },
    { LINE, UPGRADE, CONNECTION, "Sec-WebSocket-Key: c2hvcnQ=\r\n", VERSION, "", 400 },
    { LINE, UPGRADE, CONNECTION, KEY, VERSION, "Sec-WebSocket-Protocol: a b\r\n", 400 },
    { LINE, UPGRADE, CONNECTION, KEY, VERSION, "Sec-WebSocket-Extensions: ;\r\n", 400 },
    { LINE, UPGRADE, CONNECTION, KEY, VERSION, "Origin: http://a\r\n", 101 },
    { LINE, UPGRADE, CONNECTION, KEY, VERSION, "Origin: http://b\r\n", 403 },
    { LINE, UPGRADE, CONNECTION, KEY, VERSION, "Origin: http://a\r\nOrigin: http://b\r\n", 403 },
    { "GET /named HTTP/1.1\r\nHost: a\r\n", UPGRADE, CONNECTION, KEY, VERSION,
      "Origin: https://friend.example\r\n", 101 },
    { "GET /named HTTP/1.1\r\nHost: a\r\n", UPGRADE, CONNECTION, KEY, VERSION,
      "Origin: http://a\r\n", 403 },
    { "GET /any HTTP/1.1\r\nHost: a\r\n", UPGRADE, CONNECTION, KEY, VERSION, "Origin: http://b\r\n",
      101 },
    { "GET /ws HTTP/1.0\r\nHost: a\r\n", UPGRADE, CONNECTION, KEY, VERSION, "", 426 },
    { "POST /ws HTTP/1.1\r\nHost: a\r\n", UPGRADE, CONNECTION, KEY, VERSION,
      "Content-Length: 0\r\n", 400 },
};

START_TEST (only_a_whole_handshake_is_answered_101)
{
    run ();
    for (gsize i = 0; i < G_N_ELEMENTS (handshakes); i++) {
        g_autofree char *request = g_strconcat (
            handshakes[i].line, handshakes[i].upgrade, handshakes[i].connection, handshakes[i].key,
            handshakes[i].version, handshakes[i].more, "\r\n", NULL);
        g_autoptr (RawClient) one = test_server_connect (&server);
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (one, request));
        answer = raw_client_read_head (one);
        ck_assert_msg (answer->status == handshakes[i].status, "%zu: %s%s", i, request,
                       answer->head);
        if (answer->status == 426) {
            raw_answer_expect_header (answer, "Upgrade", "websocket");
            raw_answer_expect_header (answer, "Sec-WebSocket-Version", "13");
            raw_answer_expect_header (answer, "Connection", "Upgrade, close");
        }
    }
    finish ();
}
END_TEST

START_TEST (subprotocol_is_the_servers_first)
{
    static const struct {
        const char *offered, *chosen;
    } offers[] = {
        { "Sec-WebSocket-Protocol: first, second\r\n", "second" },
        { "Sec-WebSocket-Protocol: first\r\nSec-WebSocket-Protocol: third\r\n", "first" },
        { "Sec-WebSocket-Protocol: First\r\n", NULL },
        { "", NULL },
    };

    run ();
    for (gsize i = 0; i < G_N_ELEMENTS (offers); i++) {
        g_autofree char *request = ws_peer_dup_request ("/ws", offers[i].offered);
        g_autoptr (RawClient) one = test_server_connect (&server);
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (one, request));
        answer = raw_client_read_head (one);
        ck_assert_uint_eq (answer->status, 101);
        raw_answer_expect_header (answer, "Sec-WebSocket-Protocol", offers[i].chosen);
        latch_wait (&opened, (guint) i + 1, "a WebSocket");
        ck_assert_int_eq (g_strcmp0 (h3_websocket_get_protocol (accepted), offers[i].chosen), 0);
    }
    finish ();
}
END_TEST

START_TEST (message_beyond_the_limit_is_1009)
{
    g_autofree char *data = g_strnfill (LIMIT + 1, 'x');

    run ();
    client = connect_to ("/ws");
    ws_peer_send (client, PEER_BEGIN_TEXT, data, LIMIT);
    ws_peer_send (client, PEER_LAST, data, 1);
    ws_peer_expect_close (client, 1009);
    assert_told (1009, "the message is too big", FALSE);
    finish ();
}
END_TEST

START_TEST (ping_is_sent_and_its_answer_taken)
{
    run ();
    client = connect_to ("/ws");
    ws_peer_send_text (client, PEER_TEXT, "ping");
    ws_peer_expect_text (client, PEER_PING, "are you there");
    ws_peer_send_text (client, PEER_PONG, "are you there");
    ws_peer_send_text (client, PEER_TEXT, "drop");
    ws_peer_send_text (client, PEER_TEXT, "still here");
    ws_peer_expect_text (client, PEER_TEXT, "still here");
    finish ();
}
END_TEST

/* Asks for a WebSocket as a page of this origin does. */
static guint
ask_as_page_of (const char *origin)
{
    g_autofree char *field = g_strdup_printf ("Origin: %s\r\n", origin);
    g_autofree char *request = ws_peer_dup_request ("/arguments", field);
    g_autoptr (RawClient) one = test_server_connect (&server);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (one, request));
    answer = raw_client_read_head (one);
    return answer->status;
}

static void
accept_by_arguments (H3Event *event, gpointer user_data)
{
    static const char *const protocols[] = { "chat", NULL };
    static const char *const origins[] = { "https://friend.example", NULL };
    H3WebSocket *websocket =
        h3_event_accept_websocket_full (event, protocols, origins, 4, H3_WEBSOCKET_PIECES);

    if (websocket == NULL)
        return;
    h3_websocket_on_close (websocket, note_closed, NULL, NULL);
    h3_websocket_unref (accepted);
    accepted = websocket;
    latch_raise (&opened);
}

START_TEST (terms_may_be_arguments)
{
    start ();
    h3_app_get (server.app, "/arguments", accept_by_arguments, NULL);
    test_server_start (&server);
    ck_assert_uint_eq (ask_as_page_of ("http://b"), 403);
    client = ws_peer_connect (server.address, "/arguments",
                              "Origin: https://friend.example\r\n"
                              "Sec-WebSocket-Protocol: chat\r\n");
    latch_wait (&opened, 1, "a WebSocket");
    ck_assert_str_eq (h3_websocket_get_protocol (accepted), "chat");
    ws_peer_send_text (client, PEER_TEXT, "12345");
    ws_peer_expect_close (client, 1009);
    latch_wait (&closed, 1, "the end of a WebSocket");
    ck_assert_uint_eq (closed_code, 1009);
    finish ();
}
END_TEST

static gpointer
send_many (gpointer data)
{
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *text = g_strdup_printf ("%s %u", (const char *) data, i);

        ck_assert (h3_websocket_send_text (accepted, text, NULL));
    }
    return NULL;
}

START_TEST (threads_send_in_their_order)
{
    GThread *a, *b;
    guint next_a = 0, next_b = 0;

    run ();
    client = connect_to ("/ws");
    latch_wait (&opened, 1, "a WebSocket");
    a = g_thread_new ("a", send_many, (gpointer) "a");
    b = g_thread_new ("b", send_many, (gpointer) "b");
    while (next_a < 1000 || next_b < 1000) {
        guint8 first;
        g_autoptr (GByteArray) payload = ws_peer_read (client, &first);
        g_autofree char *text = NULL;
        guint *next;

        ck_assert_ptr_nonnull (payload);
        text = g_strndup ((const char *) payload->data, payload->len);
        next = text[0] == 'a' ? &next_a : &next_b;
        ck_assert_uint_eq (g_ascii_strtoull (text + 2, NULL, 10), (*next)++);
    }
    g_thread_join (a);
    g_thread_join (b);
    h3_websocket_close (accepted, 1000, "done");
    ws_peer_send_close (client, 1000, "");
    ws_peer_expect_close (client, 1000);
    assert_told (1000, "", TRUE);
    finish ();
}
END_TEST

START_TEST (text_that_is_none_is_not_sent)
{
    g_autoptr (GError) error = NULL;

    run ();
    client = connect_to ("/ws");
    latch_wait (&opened, 1, "a WebSocket");
    ck_assert (!h3_websocket_send_text (accepted, "\xff", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (h3_websocket_send (accepted, H3_WEBSOCKET_BINARY, "\xff", 1, NULL));
    ws_peer_expect (client, PEER_BINARY, "\xff", 1);
    finish ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "handshake", what_comes_with_the_handshake_is_heard,
                    client_is_let_in_when_its_handler_is_done,
                    only_a_whole_handshake_is_answered_101, subprotocol_is_the_servers_first,
                    terms_may_be_arguments, NULL);
    suite_add_case (suite, "messages", messages_of_every_class_come_back,
                    message_beyond_the_limit_is_1009, ping_is_sent_and_its_answer_taken,
                    threads_send_in_their_order, text_that_is_none_is_not_sent, NULL);
}

int
main (void)
{
    return suite_run ("e2e/websocket", add_tests);
}
