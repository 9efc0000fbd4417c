/* SPDX-License-Identifier: MIT
 *
 * JSON-RPC as an app serves it. */

#include "tests/app/ask.h"

#include <h3/batteries/json-rpc.h>
#include <h3/loop/clock.h>

#include <jansson.h>

#define CALL(method) "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\",\"params\":[7],\"id\":1}"
#define TELL(method) "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\"}"
#define ANSWER       "{\"jsonrpc\":\"2.0\",\"result\":[7],\"id\":1}"

static void
work (gpointer data, GCancellable *cancellable)
{
}

static void
answer_worked (H3Event *event, gpointer data)
{
    H3JsonRpcCall *call = data;

    ck_assert_ptr_eq (h3_json_rpc_call_get_event (call), event);
    h3_json_rpc_call_return (call, json_incref (h3_json_rpc_call_get_params (call)));
}

static void
drop_call (gpointer call)
{
    h3_json_rpc_call_unref (call);
}

static void
echo_later (H3JsonRpcCall *call, gpointer user_data)
{
    h3_event_offload (h3_json_rpc_call_get_event (call), work, answer_worked,
                      h3_json_rpc_call_ref (call), drop_call);
}

static void
echo (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_return (call, json_incref (h3_json_rpc_call_get_params (call)));
}

static H3JsonRpcCall *kept; /* ref */

/* Time is up as soon as it was called. */
static void
never (H3JsonRpcCall *call, gpointer user_data)
{
    kept = h3_json_rpc_call_ref (call);
    clock_drive (1000);
}

/* (transfer full) */
static H3App *
make_app (void)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);
    H3JsonRpc *rpc = h3_json_rpc_new ();
    H3Route *route;

    h3_json_rpc_add_method (rpc, "echo", echo, NULL, NULL);
    h3_json_rpc_add_method (rpc, "later", echo_later, NULL, NULL);
    h3_json_rpc_add_method (rpc, "never", never, NULL, NULL);
    route = h3_app_route (app, "POST", "/", h3_json_rpc_handle, rpc,
                          (GDestroyNotify) h3_json_rpc_unref);
    h3_route_set_body (route, H3_BODY_BUFFERED, 200);
    return app;
}

static H3Injected *
call (H3App *app, const char *body)
{
    return ask_body (app, "POST", "/", "application/json; charset=utf-8", body);
}

START_TEST (a_reply_is_a_200_of_json)
{
    g_autoptr (H3App) app = make_app ();
    g_autoptr (H3Injected) answer = call (app, CALL ("echo"));

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"), "application/json");
    ck_assert_str_eq (h3_injected_get_text (answer), ANSWER);
    assert_answer (call (app, CALL ("later")), 200, ANSWER);
    assert_answer (call (app, "[" CALL ("later") "," CALL ("echo") "]"), 200,
                   "[" ANSWER "," ANSWER "]");
}
END_TEST

START_TEST (nothing_to_reply_is_a_204)
{
    g_autoptr (H3App) app = make_app ();

    assert_answer (call (app, TELL ("none")), 204, "");
    assert_answer (call (app, "[" TELL ("none") "," TELL ("none") "]"), 204, "");
}
END_TEST

START_TEST (what_http_refuses_reaches_no_method)
{
    g_autoptr (H3App) app = make_app ();
    g_autofree char *large = g_strnfill (201, ' ');

    assert_status (ask (app, "GET", "/"), 405);
    assert_status (ask_body (app, "POST", "/", "text/plain", CALL ("echo")), 415);
    assert_status (ask_body (app, "POST", "/", "application/problem+json", CALL ("echo")), 415);
    assert_status (ask_body (app, "POST", "/", NULL, CALL ("echo")), 400);
    assert_status (call (app, large), 413);
    assert_answer (call (app, "{"), 200,
                   "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"Parse error\","
                   "\"data\":\"line 1, column 2: it ends too early\"},\"id\":null}");
}
END_TEST

/* The event is over when the call is answered. */
START_TEST (a_method_that_does_not_answer_in_time_is_a_503)
{
    g_autoptr (H3App) app = make_app ();

    clock_take_control ();
    ck_assert (h3_app_set_limit (app, "handler-timeout", 1000, NULL));
    kept = NULL;
    assert_status (call (app, CALL ("never")), 503);
    ck_assert_ptr_nonnull (kept);
    h3_json_rpc_call_return (kept, json_true ());
    g_clear_pointer (&kept, h3_json_rpc_call_unref);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "http", a_reply_is_a_200_of_json, nothing_to_reply_is_a_204,
                    what_http_refuses_reaches_no_method,
                    a_method_that_does_not_answer_in_time_is_a_503, NULL);
}

int
main (void)
{
    return suite_run ("batteries/json-rpc-http", add_tests);
}
