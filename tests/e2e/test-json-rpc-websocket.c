/* SPDX-License-Identifier: MIT
 *
 * JSON-RPC by WebSocket over real sockets: what is answered, how much is under way at once, and
 * what becomes of calls whose WebSocket has gone. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"
#include "tests/support/ws-peer.h"

#include "h3/h3.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

#define MAX_LENGTH 1000

#define CALL(method, params, id)                                                                   \
    "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\",\"params\":" params ",\"id\":" id "}"
#define NOTIFICATION(method) "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\"}"
#define RESULT(result, id)   "{\"jsonrpc\":\"2.0\",\"result\":" result ",\"id\":" id "}"
#define ERROR(code, rest, id)                                                                      \
    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" code ",\"message\":" rest "},\"id\":" id "}"

static TestServer server;
static RawClient *client; /* owned */
static H3JsonRpc *rpc;    /* ref */
static Latch held_calls = LATCH_INIT, turned = LATCH_INIT, closed = LATCH_INIT;

/* Calls that the test answers from its own thread, oldest first, and how many there were at most.
 */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static H3JsonRpcCall *held[100]; /* refs */
static guint n_held, most_held;

static void
echo (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_return (call, json_incref (h3_json_rpc_call_get_params (call)));
}

static void
note_turn (H3Timer *timer, gpointer user_data)
{
    latch_raise (&turned);
}

/* What is called in the turn of the first has been called when `turned` is raised. */
static void
hold (H3JsonRpcCall *call, gpointer user_data)
{
    pthread_mutex_lock (&mutex);
    if (most_held == 0)
        h3_timer_unref (h3_timer_start (0, FALSE, note_turn, NULL, NULL));
    held[n_held++] = h3_json_rpc_call_ref (call);
    most_held = MAX (most_held, n_held);
    pthread_mutex_unlock (&mutex);
    latch_raise (&held_calls);
}

/* A word of the server's own, by the WebSocket that asked for it. */
static void
tell (H3JsonRpcCall *call, gpointer user_data)
{
    H3WebSocket *websocket = h3_json_rpc_call_get_websocket (call);

    ck_assert_ptr_null (h3_json_rpc_call_get_event (call));
    ck_assert (h3_websocket_send_text (websocket, NOTIFICATION ("told"), NULL));
    h3_json_rpc_call_return (call, json_true ());
}

static void
leave (H3JsonRpcCall *call, gpointer user_data)
{
    h3_websocket_close (h3_json_rpc_call_get_websocket (call), 4000, "as you wish");
    h3_json_rpc_call_return (call, json_true ());
}

static void
return_much (H3JsonRpcCall *call, gpointer user_data)
{
    g_autofree char *text = g_strnfill (10000, 'a');

    h3_json_rpc_call_return (call, json_string (text));
}

static void
note_closed (H3WebSocket *websocket, guint code, const char *reason, gboolean clean,
             gpointer user_data)
{
    latch_raise (&closed);
}

/* Accepted by the test, so that it learns of the end. */
static void
handle_noted (H3Event *event, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, NULL);

    ck_assert_ptr_nonnull (websocket);
    h3_websocket_on_close (websocket, note_closed, NULL, NULL);
    h3_json_rpc_serve_websocket (rpc, websocket);
}

static void
start (guint max_messages)
{
    test_server_init (&server);
    rpc = h3_json_rpc_new ();
    h3_json_rpc_set_max_length (rpc, MAX_LENGTH);
    h3_json_rpc_set_max_messages (rpc, max_messages);
    h3_json_rpc_add_method (rpc, "echo", echo, NULL, NULL);
    h3_json_rpc_add_method (rpc, "hold", hold, NULL, NULL);
    h3_json_rpc_add_method (rpc, "tell", tell, NULL, NULL);
    h3_json_rpc_add_method (rpc, "leave", leave, NULL, NULL);
    h3_json_rpc_add_method (rpc, "much", return_much, NULL, NULL);
    h3_app_route (server.app, "GET", "/rpc", h3_json_rpc_handle_websocket, h3_json_rpc_ref (rpc),
                  (GDestroyNotify) h3_json_rpc_unref);
    h3_app_get (server.app, "/noted", handle_noted, NULL);
    ck_assert (h3_app_set_limit (server.app, "websocket-close-timeout", 100, NULL));
    ck_assert (h3_app_set_limit (server.app, "drain-timeout", 60000, NULL));
    ck_assert (h3_app_set_limit (server.app, "max-websocket-output", 5000, NULL));
    test_server_start (&server);
}

static void
finish (void)
{
    g_clear_pointer (&client, raw_client_free);
    g_clear_pointer (&rpc, h3_json_rpc_unref);
    test_server_end (&server);
}

static void
connect_to (const char *path)
{
    client = ws_peer_connect (server.address, path, "");
}

static void
ask (const char *text)
{
    ws_peer_send_text (client, PEER_TEXT, text);
}

static void
expect (const char *text)
{
    ws_peer_expect_text (client, PEER_TEXT, text);
}

/* (transfer full) */
static H3JsonRpcCall *
take_held (void)
{
    H3JsonRpcCall *call;

    pthread_mutex_lock (&mutex);
    ck_assert_uint_gt (n_held, 0);
    call = held[0];
    memmove (held, held + 1, --n_held * sizeof held[0]);
    pthread_mutex_unlock (&mutex);
    return call;
}

static void
answer_held (void)
{
    g_autoptr (H3JsonRpcCall) call = take_held ();

    h3_json_rpc_call_return (call, json_integer (7));
}

static const char *const answered[][2] = {
    { CALL ("echo", "[1]", "1"), RESULT ("[1]", "1") },
    { " [" CALL ("echo", "[1]", "1") "," NOTIFICATION ("echo") "," CALL ("echo", "{}", "\"b\"") "]",
      "[" RESULT ("[1]", "1") "," RESULT ("{}", "\"b\"") "]" },
    { CALL ("no", "[]", "2"), ERROR ("-32601", "\"Method not found\"", "2") },
    { "{", ERROR ("-32700", "\"Parse error\",\"data\":\"line 1, column 2: it ends too early\"",
                  "null") },
    { "[]", ERROR ("-32600", "\"Invalid Request\",\"data\":\"a batch has at least one request\"",
                   "null") },
    { CALL ("tell", "[]", "3"), NOTIFICATION ("told") },
};

/* What wants no answer is answered by nothing: the next message is another's. */
START_TEST (a_message_is_answered_by_one)
{
    start (H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/rpc");
    for (guint i = 0; i < G_N_ELEMENTS (answered); i++) {
        ask (NOTIFICATION ("no"));
        ask ("[" NOTIFICATION ("no") "," NOTIFICATION ("no") "]");
        ask (answered[i][0]);
        expect (answered[i][1]);
    }
    expect (RESULT ("true", "3"));
    finish ();
}
END_TEST

START_TEST (a_batch_of_more_than_50_is_refused)
{
    GString *batch = g_string_new ("[1");

    for (guint i = 0; i < 50; i++)
        g_string_append (batch, ",1");
    g_string_append_c (batch, ']');
    start (H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/rpc");
    ask (batch->str);
    expect (ERROR ("-32600", "\"Invalid Request\",\"data\":\"a batch has at most 50 requests\"",
                   "null"));
    g_string_free (batch, TRUE);
    finish ();
}
END_TEST

START_TEST (binary_messages_end_it)
{
    start (H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/rpc");
    ws_peer_send_text (client, PEER_BINARY, CALL ("echo", "[]", "1"));
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_BAD_KIND);
    finish ();
}
END_TEST

START_TEST (longer_messages_than_may_be_end_it)
{
    g_autofree char *text = g_strnfill (MAX_LENGTH + 1, ' ');

    start (H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/rpc");
    ask (text);
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_TOO_BIG);
    finish ();
}
END_TEST

START_TEST (answers_come_as_they_are_done)
{
    start (H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/rpc");
    ask ("[" CALL ("echo", "[1]", "1") "," CALL ("hold", "[]", "2") "]");
    ask (CALL ("echo", "[3]", "3"));
    expect (RESULT ("[3]", "3"));
    answer_held ();
    expect ("[" RESULT ("[1]", "1") "," RESULT ("7", "2") "]");
    finish ();
}
END_TEST

/* All are sent in one piece: without a bound they would be called in one turn. */
static void
send_many (const char *text, guint n)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    for (guint i = 0; i < n; i++)
        ws_peer_add_text (bytes, PEER_TEXT, text);
    ck_assert (raw_client_send_data (client, (const char *) bytes->data, bytes->len));
}

START_TEST (no_more_messages_are_under_way_than_may_be)
{
    const char *texts[] = { CALL ("hold", "[]", "1"), NOTIFICATION ("hold") };

    start (3);
    connect_to ("/rpc");
    send_many (texts[_i], 30);
    latch_wait (&turned, 1, "the turn that calls them");
    for (guint i = 0; i < 30; i++) {
        latch_wait (&held_calls, MIN (i + 3, 30), "the calls that may be under way");
        answer_held ();
    }
    for (guint i = 0; i < 30 && _i == 0; i++)
        expect (RESULT ("7", "1"));
    ask (CALL ("echo", "[]", "1"));
    expect (RESULT ("[]", "1"));
    ck_assert_uint_eq (most_held, 3);
    finish ();
}
END_TEST

/* The second message waits where the WebSocket is paused; nobody is there for any answer. */
START_TEST (answers_to_one_that_has_gone_go_nowhere)
{
    start (_i == 0 ? 1 : H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/noted");
    send_many ("[" CALL ("hold", "[]", "1") "," CALL ("hold", "[]", "2") "]", 2);
    latch_wait (&held_calls, _i == 0 ? 2 : 4, "calls");
    raw_client_reset (client);
    latch_wait (&closed, 1, "the end of the WebSocket");
    while (n_held > 1)
        answer_held ();
    h3_json_rpc_call_unref (take_held ());
    finish ();
}
END_TEST

/* The loop that would take the answer has gone too. */
START_TEST (a_call_may_outlast_its_server)
{
    start (1);
    connect_to ("/rpc");
    send_many (CALL ("hold", "[]", "1"), 2);
    latch_wait (&held_calls, 1, "a call");
    h3_app_stop (server.app);
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_GOING_AWAY);
    g_clear_pointer (&client, raw_client_free);
    ck_assert (h3_server_wait (h3_app_get_server (server.app)));
    answer_held ();
    g_clear_pointer (&rpc, h3_json_rpc_unref);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

START_TEST (a_method_may_end_the_websocket)
{
    start (1);
    connect_to ("/rpc");
    ask ("[" CALL ("leave", "[]", "1") "," CALL ("echo", "[]", "2") "]");
    ws_peer_expect_close (client, 4000);
    finish ();
}
END_TEST

START_TEST (a_reply_without_room_ends_it)
{
    start (H3_JSON_RPC_MAX_MESSAGES);
    connect_to ("/rpc");
    ask (CALL ("much", "[]", "1"));
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_TROUBLE);
    finish ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("json-rpc-websocket");

    tcase_add_test (tcase, a_message_is_answered_by_one);
    tcase_add_test (tcase, a_batch_of_more_than_50_is_refused);
    tcase_add_test (tcase, binary_messages_end_it);
    tcase_add_test (tcase, longer_messages_than_may_be_end_it);
    tcase_add_test (tcase, answers_come_as_they_are_done);
    tcase_add_loop_test (tcase, no_more_messages_are_under_way_than_may_be, 0, 2);
    tcase_add_loop_test (tcase, answers_to_one_that_has_gone_go_nowhere, 0, 2);
    tcase_add_test (tcase, a_call_may_outlast_its_server);
    tcase_add_test (tcase, a_method_may_end_the_websocket);
    tcase_add_test (tcase, a_reply_without_room_ends_it);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/json-rpc-websocket", add_cases);
}
