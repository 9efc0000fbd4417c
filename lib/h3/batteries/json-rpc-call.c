/* SPDX-License-Identifier: MIT
 *
 * One call and its answer. */

#include "json-rpc-private.h"

#include <h3/format/json.h>
#include <h3/http/failure.h>

struct _H3JsonRpcCall {
    atomic_int refs;
    atomic_uchar is_answered;
    JsonRpcExchange *exchange; /* ref */
    guint place;               /* of its answer */
    char *id;                  /* owned: as it was written; NULL: a notification */
    char *method;              /* owned */
    json_t *params;            /* owned; NULL: none */
};

G_DEFINE_BOXED_TYPE (H3JsonRpcCall, h3_json_rpc_call, h3_json_rpc_call_ref, h3_json_rpc_call_unref)

static const char *
get_standard_message (int code)
{
    switch (code) {
    case H3_JSON_RPC_PARSE_ERROR:
        return "Parse error";
    case H3_JSON_RPC_INVALID_REQUEST:
        return "Invalid Request";
    case H3_JSON_RPC_METHOD_NOT_FOUND:
        return "Method not found";
    case H3_JSON_RPC_INVALID_PARAMS:
        return "Invalid params";
    case H3_JSON_RPC_INTERNAL_ERROR:
        return "Internal error";
    default:
        return "Server error";
    }
}

/* (transfer full) (nullable): `member` is a literal; NULL where `value` (transfer full) is no JSON.
 */
static char *
dup_answer (H3View id, const char *member, json_t *value)
{
    g_autofree char *text = value != NULL ? h3_json_to_text (value, H3_JSON_COMPACT) : NULL;

    json_decref (value);
    if (h3_view_is_empty (id))
        id = H3_VIEW ("null");
    return text != NULL ? g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"%s\":%s,\"id\":%.*s}", member,
                                           text, H3_VIEW_ARGS (id))
                        : NULL;
}

char *
json_rpc_dup_error (H3View id, int code, const char *message, json_t *data)
{
    json_t *error = json_object ();
    char *text;

    if (message == NULL || !g_utf8_validate (message, -1, NULL))
        message = get_standard_message (code);
    json_object_set_new (error, "code", json_integer (code));
    json_object_set_new (error, "message", json_string (message));
    if (data != NULL)
        json_object_set_new (error, "data", data);
    text = dup_answer (id, "error", error);
    return text != NULL ? text : json_rpc_dup_error (id, H3_JSON_RPC_INTERNAL_ERROR, NULL, NULL);
}

H3JsonRpcCall *
json_rpc_call_new (JsonRpcExchange *exchange, char *id, char *method, json_t *params)
{
    H3JsonRpcCall *call = g_new0 (H3JsonRpcCall, 1);

    atomic_init (&call->refs, 1);
    atomic_init (&call->is_answered, FALSE);
    atomic_fetch_add_explicit (&exchange->refs, 1, memory_order_relaxed);
    call->exchange = exchange;
    call->id = id;
    call->method = method;
    call->params = params;
    if (id != NULL)
        call->place = json_rpc_exchange_add (exchange);
    return call;
}

H3JsonRpcCall *
h3_json_rpc_call_ref (H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, NULL);
    atomic_fetch_add_explicit (&call->refs, 1, memory_order_relaxed);
    return call;
}

/* Once; what comes after it is told to the program. */
static gboolean
claim (H3JsonRpcCall *call)
{
    if (!atomic_exchange (&call->is_answered, TRUE))
        return TRUE;
    g_warning ("the call of %s is answered already: the second answer is dropped", call->method);
    return FALSE;
}

/* `text` is (transfer full) (nullable). */
static void
answer (H3JsonRpcCall *call, char *text)
{
    if (text == NULL)
        text = json_rpc_dup_error (h3_view_of (call->id), H3_JSON_RPC_INTERNAL_ERROR, NULL, NULL);
    json_rpc_exchange_answer (call->exchange, call->place, text);
}

void
h3_json_rpc_call_unref (H3JsonRpcCall *call)
{
    if (call == NULL || atomic_fetch_sub_explicit (&call->refs, 1, memory_order_acq_rel) > 1)
        return;
    if (call->id != NULL && !atomic_load (&call->is_answered))
        answer (call, NULL);
    json_rpc_exchange_unref (call->exchange);
    g_free (call->id);
    g_free (call->method);
    json_decref (call->params);
    g_free (call);
}

void
json_rpc_call_run (H3JsonRpcCall *call, H3JsonRpcMethod method, gpointer user_data)
{
    method (call, user_data);
    if (call->id != NULL && atomic_load (&call->refs) == 1 && !atomic_load (&call->is_answered))
        g_warning ("the method %s neither answered its call nor kept it", call->method);
    h3_json_rpc_call_unref (call);
}

const char *
h3_json_rpc_call_get_method (const H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, NULL);
    return call->method;
}

H3Event *
h3_json_rpc_call_get_event (const H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, NULL);
    return call->exchange->event;
}

H3WebSocket *
h3_json_rpc_call_get_websocket (const H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, NULL);
    return call->exchange->websocket;
}

gboolean
h3_json_rpc_call_is_notification (const H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, FALSE);
    return call->id == NULL;
}

json_t *
h3_json_rpc_call_get_params (const H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, NULL);
    return call->params;
}

json_t *
h3_json_rpc_call_get_param (const H3JsonRpcCall *call, const char *name, guint position)
{
    g_return_val_if_fail (call != NULL && name != NULL, NULL);
    return json_is_array (call->params) ? json_array_get (call->params, position)
                                        : json_object_get (call->params, name);
}

void
h3_json_rpc_call_return (H3JsonRpcCall *call, json_t *result)
{
    g_autoptr (json_t) owned = result;

    g_return_if_fail (call != NULL);
    if (claim (call) && call->id != NULL)
        answer (call, dup_answer (h3_view_of (call->id), "result", g_steal_pointer (&owned)));
}

void
h3_json_rpc_call_fail (H3JsonRpcCall *call, int code, const char *message, json_t *data)
{
    g_autoptr (json_t) owned = data;

    g_return_if_fail (call != NULL);
    if (claim (call) && call->id != NULL)
        answer (call, json_rpc_dup_error (h3_view_of (call->id), code, message,
                                          g_steal_pointer (&owned)));
}

char *
h3_json_rpc_call_dup_params_text (const H3JsonRpcCall *call)
{
    g_return_val_if_fail (call != NULL, NULL);
    return call->params != NULL ? h3_json_to_text (call->params, H3_JSON_COMPACT) : NULL;
}

/* (transfer full) (nullable): what a program gives is its own, and may be as deep as JSON goes. */
static json_t *
read_text (const char *text)
{
    return text != NULL ? h3_json_parse (h3_view_of (text), H3_JSON_DEPTH_LIMIT, NULL) : NULL;
}

void
h3_json_rpc_call_return_text (H3JsonRpcCall *call, const char *result)
{
    h3_json_rpc_call_return (call, read_text (result));
}

void
h3_json_rpc_call_fail_text (H3JsonRpcCall *call, int code, const char *message, const char *data)
{
    h3_json_rpc_call_fail (call, code, message, read_text (data));
}

void
h3_json_rpc_call_fail_error (H3JsonRpcCall *call, GError *error)
{
    g_return_if_fail (call != NULL && error != NULL);
    if (error->domain == H3_HTTP_ERROR)
        h3_json_rpc_call_fail (call, H3_JSON_RPC_SERVER_ERROR, error->message,
                               json_pack ("{s:i}", "status", error->code));
    else
        h3_json_rpc_call_fail (call, H3_JSON_RPC_INTERNAL_ERROR, NULL, NULL);
    g_error_free (error);
}
