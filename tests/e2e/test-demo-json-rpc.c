/* SPDX-License-Identifier: MIT
 *
 * h3d demo's JSON-RPC over HTTP, and by WebSocket. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"
#include "tests/support/ws-peer.h"

#include <string.h>

/* (transfer full) */
static RawAnswer *
call (const char *body)
{
    g_autofree char *request = g_strdup_printf ("POST /json-rpc HTTP/1.1\r\nHost: a\r\n"
                                                "Content-Type: application/json\r\n"
                                                "Content-Length: %zu\r\n\r\n%s",
                                                strlen (body), body);

    return running_demo_ask (request);
}

#define CALL(method, params, id)                                                                   \
    "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\",\"params\":" params ",\"id\":" id "}"
#define RESULT(result, id) "{\"jsonrpc\":\"2.0\",\"result\":" result ",\"id\":" id "}"
#define INVALID(data, id)                                                                          \
    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"Invalid "                       \
    "params\",\"data\":\"" data "\"},\"id\":" id "}"

static const char *const answered[][2] = {
    { CALL ("echo", "{\"a\":[1,null]}", "1"), RESULT ("{\"a\":[1,null]}", "1") },
    { CALL ("sum", "[1,2,39]", "12345678901234567890"), RESULT ("42", "12345678901234567890") },
    { CALL ("sum", "{\"numbers\":[1,0.5]}", "1"), RESULT ("1.5", "1") },
    { CALL ("sum", "[9223372036854775807,1]", "1"), RESULT ("9.2233720368547758e18", "1") },
    { CALL ("sum", "[\"1\"]", "1"), INVALID ("one of them is no number", "1") },
    { CALL ("sum", "{}", "1"), INVALID ("numbers are missing", "1") },
    { CALL ("sleep", "[20]", "\"s\""), RESULT ("20", "\"s\"") },
    { CALL ("sleep", "{\"milliseconds\":10001}", "1"),
      INVALID ("milliseconds are an integer from 0 to 10000", "1") },
    { CALL ("fail", "[]", "1"), "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":"
                                "\"As you wished.\",\"data\":{\"status\":409}},\"id\":1}" },
    { "[" CALL ("sleep", "[30]", "1") "," CALL ("sleep", "[10]", "2") "," CALL ("sum", "[]",
                                                                                "3") "]",
      "[" RESULT ("30", "1") "," RESULT ("10", "2") "," RESULT ("0", "3") "]" },
};

START_TEST (methods_answer_now_and_later)
{
    for (guint i = 0; i < G_N_ELEMENTS (answered); i++) {
        g_autoptr (RawAnswer) answer = call (answered[i][0]);

        ck_assert_uint_eq (answer->status, 200);
        raw_answer_expect_header (answer, "Content-Type", "application/json");
        ck_assert_str_eq (answer->body->str, answered[i][1]);
    }
}
END_TEST

START_TEST (methods_answer_by_websocket_too)
{
    g_autofree char *request = ws_peer_dup_request ("/websocket/json-rpc", "");
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read_head (client);
    ck_assert_uint_eq (answer->status, 101);
    for (guint i = 0; i < G_N_ELEMENTS (answered); i++) {
        ws_peer_send_text (client, PEER_TEXT, answered[i][0]);
        ws_peer_expect_text (client, PEER_TEXT, answered[i][1]);
    }
}
END_TEST

START_TEST (a_notification_is_a_204)
{
    g_autoptr (RawAnswer) answer = call ("{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}");

    ck_assert_uint_eq (answer->status, 204);
    ck_assert_uint_eq (answer->body->len, 0);
}
END_TEST

/* A call that sleeps ends with its client, so nothing of it is left. */
START_TEST (a_call_does_not_outlive_its_client)
{
    const char *body = "[" CALL ("sleep", "[10000]", "1") "," CALL ("sleep", "[10000]", "2") "]";
    g_autofree char *request = g_strdup_printf ("POST /json-rpc HTTP/1.1\r\nHost: a\r\n"
                                                "Content-Type: application/json\r\n"
                                                "Content-Length: %zu\r\n\r\n%s",
                                                strlen (body), body);
    RawClient *client = running_demo_connect ();

    ck_assert (raw_client_send (client, request));
    running_demo_wait_for ("timers", 2);
    raw_client_reset (client);
    raw_client_free (client);
    running_demo_wait_for ("timers", 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("json-rpc");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, methods_answer_now_and_later);
    tcase_add_test (tcase, methods_answer_by_websocket_too);
    tcase_add_test (tcase, a_notification_is_a_204);
    tcase_add_test (tcase, a_call_does_not_outlive_its_client);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-json-rpc", add_cases);
}
