/* SPDX-License-Identifier: MIT
 *
 * WebSockets through a proxy: agreed on by both ends, then bytes both ways until both have ended.
 */

#include "proxy-fixture.h"

#include "tests/support/ws-peer.h"

#define GRANTED                                                                                    \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"            \
    "Sec-WebSocket-Accept: " PEER_ACCEPT "\r\nSec-WebSocket-Protocol: chat\r\nX-A: b\r\n\r\n"

static H3App *origin; /* ref */

static void
echo (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
      gpointer user_data)
{
    ck_assert (h3_websocket_send (websocket, kind, data, length, NULL));
}

static void
accept_echo (H3Event *event, gpointer user_data)
{
    H3WebSocket *websocket = h3_event_accept_websocket (event, NULL);

    if (websocket != NULL)
        h3_websocket_on_message (websocket, echo, NULL, NULL);
    h3_websocket_unref (websocket);
}

static void
start_with_origin (void)
{
    g_autofree char *url = NULL;

    test_server_init (&server);
    origin = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_app_get (origin, "/echo", accept_echo, NULL);
    ck_assert (h3_app_start (origin, NULL));
    url = g_strdup_printf ("http://127.0.0.1:%u", h3_server_get_port (h3_app_get_server (origin)));
    proxy = h3_proxy_new_for_url (url, NULL);
    h3_app_use (server.app, "/", h3_proxy_to_middleware (proxy));
    test_server_start (&server);
    client = ws_peer_connect (server.address, "/echo", "");
}

/* The origin has been stopped. */
static void
finish_with_origin (void)
{
    g_clear_pointer (&client, raw_client_free);
    ck_assert (h3_server_wait (h3_app_get_server (origin)));
    g_clear_object (&origin);
    g_clear_pointer (&proxy, h3_proxy_unref);
    test_server_run_context ();
    test_server_end (&server);
}

START_TEST (messages_go_both_ways)
{
    g_autofree char *much = g_strnfill (3 << 20, 'm');

    start_with_origin ();
    ws_peer_send_text (client, PEER_TEXT, "hello");
    ws_peer_expect_text (client, PEER_TEXT, "hello");
    ws_peer_send (client, PEER_BINARY, much, 3 << 20);
    ws_peer_expect (client, PEER_BINARY, much, 3 << 20);
    ws_peer_send_text (client, PEER_PING, "p");
    ws_peer_expect_text (client, PEER_PONG, "p");
    ws_peer_send_close (client, 1000, "");
    ws_peer_expect_close (client, 1000);
    h3_app_stop (origin);
    finish_with_origin ();
}
END_TEST

START_TEST (websocket_ends_with_its_server)
{
    guint8 first;
    g_autoptr (GByteArray) payload = NULL;

    start_with_origin ();
    ws_peer_send_text (client, PEER_TEXT, "hello");
    ws_peer_expect_text (client, PEER_TEXT, "hello");
    h3_app_stop (origin);
    payload = ws_peer_read (client, &first);
    ck_assert_ptr_nonnull (payload);
    ck_assert_uint_eq (first, PEER_CLOSE);
    ws_peer_send_close (client, 1001, "");
    raw_client_expect_end (client);
    finish_with_origin ();
}
END_TEST

/* Asks for a WebSocket with this line and more fields. */
static void
ask (const char *fields)
{
    g_autofree char *request = ws_peer_dup_request ("/chat?a", fields);

    raw_client_send (client, request);
}

START_TEST (handshake_is_what_both_ends_make_of_it)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_SEND (GRANTED "first"),
                                         SCRIPT_BODY (4), SCRIPT_SEND ("last"), SCRIPT_CLOSE };
    g_autoptr (RawAnswer) answer = NULL;
    char data[9];

    start (script);
    ask ("Sec-WebSocket-Protocol: chat, x\r\nOrigin: http://a\r\n");
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    raw_answer_expect_header (answer, "Upgrade", "websocket");
    raw_answer_expect_header (answer, "Connection", "Upgrade");
    raw_answer_expect_header (answer, "Sec-WebSocket-Accept", PEER_ACCEPT);
    raw_answer_expect_header (answer, "Sec-WebSocket-Protocol", "chat");
    raw_answer_expect_header (answer, "X-A", "b");
    scripted_server_expect_line (&behind, 0, "GET /chat?a HTTP/1.1");
    scripted_server_expect_header (&behind, 0, "Upgrade", "websocket");
    scripted_server_expect_header (&behind, 0, "Connection", "Upgrade");
    scripted_server_expect_header (&behind, 0, "Sec-WebSocket-Key", PEER_KEY);
    scripted_server_expect_header (&behind, 0, "Sec-WebSocket-Version", "13");
    scripted_server_expect_header (&behind, 0, "Origin", "http://a");
    raw_client_send (client, "ping");
    for (gsize done = 0; done < sizeof data;)
        done += raw_client_receive (client, data + done, sizeof data - done);
    ck_assert_mem_eq (data, "firstlast", sizeof data);
    raw_client_expect_end (client);
    finish ();
}
END_TEST

START_TEST (client_that_has_said_all_still_hears)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_SEND (GRANTED), SCRIPT_ALL,
                                         SCRIPT_SEND ("bye"), SCRIPT_CLOSE };
    g_autoptr (RawAnswer) answer = NULL;
    char data[3];

    start (script);
    ask ("");
    answer = raw_client_read_head (client);
    raw_client_send (client, "all of it");
    raw_client_half_close (client);
    for (gsize done = 0; done < sizeof data;)
        done += raw_client_receive (client, data + done, sizeof data - done);
    ck_assert_mem_eq (data, "bye", sizeof data);
    raw_client_expect_end (client);
    finish ();
}
END_TEST

START_TEST (client_that_goes_ends_the_websocket_behind)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_SEND (GRANTED), SCRIPT_ALL,
                                         SCRIPT_CLOSE };
    g_autoptr (RawAnswer) answer = NULL;

    start (script);
    ask ("");
    answer = raw_client_read_head (client);
    raw_client_reset (client);
    scripted_server_wait_ended (&behind, 1);
    finish ();
}
END_TEST

START_TEST (quiet_websocket_ends_after_its_time)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_SEND (GRANTED), SCRIPT_HANG,
                                         SCRIPT_CLOSE };
    g_autoptr (RawAnswer) answer = NULL;

    prepare (script);
    h3_proxy_set_websocket_idle (proxy, 20);
    begin ();
    ask ("");
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    raw_client_expect_end (client);
    finish ();
}
END_TEST

/* As servers do with what is no frame. */
START_TEST (server_that_breaks_a_websocket_off_is_not_shut_out)
{
    static const ScriptStep breaking[] = { SCRIPT_HEAD, SCRIPT_SEND (GRANTED), SCRIPT_WAIT,
                                           SCRIPT_RESET };
    static const ScriptStep well[] = {
        SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell"),
        SCRIPT_AGAIN
    };
    g_autoptr (RawAnswer) answer = NULL;
    char byte;

    prepare (breaking);
    h3_upstreams_set_breaker (h3_proxy_get_upstreams (proxy), 1, 0, 60000);
    begin ();
    scripted_server_add (&behind, well);
    ask ("");
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    scripted_server_permit (&behind);
    ck_assert_int_le (raw_client_receive (client, &byte, 1), 0);
    raw_client_free (client);
    client = test_server_connect (&server);
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", 200, "well");
    finish ();
}
END_TEST

/* Asked to, and at once; with a client that has ended its side, and one that has not. */
START_TEST (websocket_ends_with_the_proxy)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_SEND (GRANTED), SCRIPT_HANG,
                                         SCRIPT_CLOSE };

    for (guint i = 0; i < 4; i++) {
        g_autoptr (RawAnswer) answer = NULL;

        start (script);
        ask ("");
        answer = raw_client_read_head (client);
        ck_assert_uint_eq (answer->status, 101);
        raw_client_send (client, "some");
        if ((i & 1) != 0)
            raw_client_half_close (client);
        h3_app_stop (server.app);
        if ((i & 2) != 0)
            h3_app_stop (server.app);
        raw_client_expect_end (client);
        g_clear_pointer (&client, raw_client_free);
        scripted_server_clear (&behind);
        g_clear_pointer (&proxy, h3_proxy_unref);
        (void) h3_server_wait (h3_app_get_server (server.app));
        test_server_end_stopped (&server, h3_server_wait (h3_app_get_server (server.app)));
    }
}
END_TEST

START_TEST (websocket_that_nobody_asked_for_is_a_502)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,
        SCRIPT_SEND ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"),
        SCRIPT_CLOSE,
    };

    start (script);
    ask ("");
    raw_client_expect_answer (client, 502, NULL);
    finish ();
}
END_TEST

START_TEST (refusal_of_the_server_behind_is_told)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,
        SCRIPT_SEND ("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"),
        SCRIPT_AGAIN,
    };

    start (script);
    ask ("");
    raw_client_expect_answer (client, 403, "no");
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 403, "no");
    finish ();
}
END_TEST

/* What could be a tunnel for one server and a request for the next is never begun. */
START_TEST (upgrade_that_is_not_sound_is_an_ordinary_request)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,
        SCRIPT_SEND ("HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Content-Length: 2\r\n\r\nno"),
        SCRIPT_AGAIN,
    };
    static const char *const fields[] = {
        "Upgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: " PEER_KEY "\r\n",
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n",
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
        "Upgrade: h2c\r\nHTTP2-Settings: AAAA\r\n",
    };

    start (script);
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
        g_autoptr (RawClient) other = test_server_connect (&server);
        g_autofree char *request = g_strdup_printf (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n%s\r\n", fields[i]);
        g_autoptr (RawAnswer) answer = NULL;

        raw_client_send (other, request);
        answer = raw_client_read (other, FALSE);
        ck_assert_uint_eq (answer->status, 426);
        raw_answer_expect_header (answer, "Upgrade", "websocket");
        scripted_server_expect_header (&behind, i, "Upgrade", NULL);
    }
    finish ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "websocket", messages_go_both_ways, websocket_ends_with_its_server,
                    handshake_is_what_both_ends_make_of_it, client_that_has_said_all_still_hears,
                    client_that_goes_ends_the_websocket_behind, quiet_websocket_ends_after_its_time,
                    server_that_breaks_a_websocket_off_is_not_shut_out,
                    websocket_ends_with_the_proxy, NULL);
    suite_add_case (suite, "refused", websocket_that_nobody_asked_for_is_a_502,
                    refusal_of_the_server_behind_is_told,
                    upgrade_that_is_not_sound_is_an_ordinary_request, NULL);
}

int
main (void)
{
    return suite_run ("e2e/proxy-websocket", add_cases);
}
