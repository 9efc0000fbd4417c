/* SPDX-License-Identifier: MIT
 *
 * A few methods to be called by JSON-RPC: at once, later, in vain. */

#include "demo-json-rpc.h"

#include "demo-route.h"
#include "demo.h"

#include <jansson.h>

#define MAX_SLEEP 10000

static void
echo (H3JsonRpcCall *call, gpointer user_data)
{
    json_t *params = h3_json_rpc_call_get_params (call);

    h3_json_rpc_call_return (call, params != NULL ? json_incref (params) : json_null ());
}

static void
refuse (H3JsonRpcCall *call, const char *why)
{
    h3_json_rpc_call_fail (call, H3_JSON_RPC_INVALID_PARAMS, NULL, json_string (why));
}

/* A sum that is no integer any more is a real. */
static void
sum (H3JsonRpcCall *call, gpointer user_data)
{
    json_t *numbers = h3_json_rpc_call_get_params (call);
    json_int_t whole = 0;
    double real = 0;
    gboolean is_whole = TRUE;
    json_t *number;
    gsize i;

    if (json_is_object (numbers))
        numbers = json_object_get (numbers, "numbers");
    if (!json_is_array (numbers)) {
        refuse (call, "numbers are missing");
        return;
    }
    json_array_foreach (numbers, i, number)
    {
        if (!json_is_number (number)) {
            refuse (call, "one of them is no number");
            return;
        }
        real += json_number_value (number);
        is_whole = is_whole && json_is_integer (number)
                   && !__builtin_add_overflow (whole, json_integer_value (number), &whole);
    }
    h3_json_rpc_call_return (call, is_whole ? json_integer (whole) : json_real (real));
}

static void
drop_call (gpointer call)
{
    h3_json_rpc_call_unref (call);
}

static void
wake_up (H3JsonRpcCall *call)
{
    h3_json_rpc_call_return (call,
                             json_incref (h3_json_rpc_call_get_param (call, "milliseconds", 0)));
}

static void
on_event_waited (H3Event *event, gpointer call)
{
    wake_up (call);
}

static void
on_timer (H3Timer *timer, gpointer call)
{
    wake_up (call);
}

/* With an event it ends when its client has gone. */
static void
sleep_for (H3JsonRpcCall *call, gpointer user_data)
{
    json_t *number = h3_json_rpc_call_get_param (call, "milliseconds", 0);
    json_int_t milliseconds = json_integer_value (number);
    H3Event *event = h3_json_rpc_call_get_event (call);

    if (!json_is_integer (number) || milliseconds < 0 || milliseconds > MAX_SLEEP)
        refuse (call, "milliseconds are an integer from 0 to 10000");
    else if (event != NULL)
        h3_event_after (event, (guint) milliseconds, on_event_waited, h3_json_rpc_call_ref (call),
                        drop_call);
    else
        h3_timer_unref (h3_timer_start ((guint) milliseconds, FALSE, on_timer,
                                        h3_json_rpc_call_ref (call), drop_call));
}

static void
fail (H3JsonRpcCall *call, gpointer user_data)
{
    h3_json_rpc_call_fail_error (call, h3_http_error_new (409, "As you wished."));
}

H3JsonRpc *
demo_json_rpc_new (void)
{
    H3JsonRpc *rpc = h3_json_rpc_new ();

    h3_json_rpc_add_method (rpc, "echo", echo, NULL, NULL);
    h3_json_rpc_add_method (rpc, "sum", sum, NULL, NULL);
    h3_json_rpc_add_method (rpc, "sleep", sleep_for, NULL, NULL);
    h3_json_rpc_add_method (rpc, "fail", fail, NULL, NULL);
    return rpc;
}

void
demo_add_json_rpc (H3App *app)
{
    H3JsonRpc *rpc = demo_json_rpc_new ();
    H3Route *by_post = h3_app_route (app, "POST", "/json-rpc", h3_json_rpc_handle,
                                     h3_json_rpc_ref (rpc), (GDestroyNotify) h3_json_rpc_unref);
    H3Route *by_websocket =
        h3_app_route (app, "GET", "/websocket/json-rpc", h3_json_rpc_handle_websocket, rpc,
                      (GDestroyNotify) h3_json_rpc_unref);

    h3_route_set_data_full (by_post, "what", (gpointer) "JSON-RPC 2.0: echo, sum, sleep, fail",
                            NULL);
    h3_route_set_data_full (by_websocket, "what", (gpointer) "The same calls, by WebSocket", NULL);
}
