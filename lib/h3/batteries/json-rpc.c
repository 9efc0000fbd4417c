/* SPDX-License-Identifier: MIT */

#include "json-rpc-private.h"

#include <h3/batteries/json-rpc-message.h>
#include <h3/format/json.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>

typedef struct {
    H3JsonRpcMethod function;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
} Method;

struct _H3JsonRpc {
    atomic_int refs;
    atomic_uchar is_frozen; /* a message was handled */
    guint max_batch;
    guint max_depth;
    gsize max_length;
    guint max_messages;
    GHashTable *methods; /* owned: names, owned, to Method, owned */
};

G_DEFINE_BOXED_TYPE (H3JsonRpc, h3_json_rpc, h3_json_rpc_ref, h3_json_rpc_unref)

static void
free_method (gpointer data)
{
    Method *method = data;

    if (method->destroy != NULL)
        method->destroy (method->user_data);
    g_free (method);
}

H3JsonRpc *
h3_json_rpc_new (void)
{
    H3JsonRpc *rpc = g_new0 (H3JsonRpc, 1);

    atomic_init (&rpc->refs, 1);
    atomic_init (&rpc->is_frozen, FALSE);
    rpc->max_batch = H3_JSON_RPC_MAX_BATCH;
    rpc->max_depth = H3_JSON_MAX_DEPTH;
    rpc->max_length = H3_JSON_RPC_MAX_LENGTH;
    rpc->max_messages = H3_JSON_RPC_MAX_MESSAGES;
    rpc->methods = g_hash_table_new_full (h3_string_hash, g_str_equal, g_free, free_method);
    return rpc;
}

H3JsonRpc *
h3_json_rpc_ref (H3JsonRpc *rpc)
{
    g_return_val_if_fail (rpc != NULL, NULL);
    atomic_fetch_add_explicit (&rpc->refs, 1, memory_order_relaxed);
    return rpc;
}

void
h3_json_rpc_unref (H3JsonRpc *rpc)
{
    if (rpc == NULL || atomic_fetch_sub_explicit (&rpc->refs, 1, memory_order_acq_rel) > 1)
        return;
    g_hash_table_unref (rpc->methods);
    g_free (rpc);
}

static gboolean
is_open (const H3JsonRpc *rpc)
{
    return rpc != NULL
           && !atomic_load_explicit (&((H3JsonRpc *) rpc)->is_frozen, memory_order_relaxed);
}

void
h3_json_rpc_add_method (H3JsonRpc *rpc, const char *name, H3JsonRpcMethod method,
                        gpointer user_data, GDestroyNotify destroy)
{
    Method *added;

    g_return_if_fail (is_open (rpc) && name != NULL && method != NULL);
    g_return_if_fail (!g_str_has_prefix (name, "rpc."));
    added = g_new (Method, 1);
    *added = (Method){ method, user_data, destroy };
    g_hash_table_replace (rpc->methods, g_strdup (name), added);
}

void
h3_json_rpc_set_max_batch (H3JsonRpc *rpc, guint max_batch)
{
    g_return_if_fail (is_open (rpc) && max_batch < G_MAXUINT);
    rpc->max_batch = max_batch;
}

void
h3_json_rpc_set_max_length (H3JsonRpc *rpc, gsize max_length)
{
    g_return_if_fail (is_open (rpc));
    rpc->max_length = max_length;
}

void
h3_json_rpc_set_max_depth (H3JsonRpc *rpc, guint max_depth)
{
    g_return_if_fail (is_open (rpc) && max_depth >= 1 && max_depth <= H3_JSON_DEPTH_LIMIT);
    rpc->max_depth = max_depth;
}

void
h3_json_rpc_set_max_messages (H3JsonRpc *rpc, guint max_messages)
{
    g_return_if_fail (is_open (rpc) && max_messages >= 1);
    rpc->max_messages = max_messages;
}

gsize
json_rpc_get_max_length (const H3JsonRpc *rpc)
{
    return rpc->max_length;
}

guint
json_rpc_get_max_messages (const H3JsonRpc *rpc)
{
    return rpc->max_messages;
}

static void
refuse (JsonRpcExchange *exchange, H3View id, int code, const char *why)
{
    guint place = json_rpc_exchange_add (exchange);

    json_rpc_exchange_answer (
        exchange, place,
        json_rpc_dup_error (id, code, NULL, why != NULL ? json_string (why) : NULL));
}

/* Why the message cannot be looked at; (transfer full) (nullable). */
static char *
find_fault (const H3JsonRpc *rpc, H3View text, int *out_code)
{
    H3JsonProblem problem;

    *out_code = H3_JSON_RPC_INVALID_REQUEST;
    if (text.length > rpc->max_length)
        return g_strdup_printf ("a message has at most %" G_GSIZE_FORMAT " bytes", rpc->max_length);
    if (h3_json_scan (text, rpc->max_depth, &problem))
        return NULL;
    *out_code = H3_JSON_RPC_PARSE_ERROR;
    return g_strdup_printf ("line %u, column %u: %s", problem.line, problem.column, problem.reason);
}

/* FALSE where they are more than a scan can tell of: names twice, numbers too big. */
static gboolean
read_params (H3View text, json_t **out_params, char **out_why)
{
    g_autoptr (GError) error = NULL;

    *out_params = NULL;
    *out_why = NULL;
    if (h3_view_is_empty (text))
        return TRUE;
    *out_params = h3_json_parse (text, H3_JSON_DEPTH_LIMIT, &error);
    if (*out_params == NULL) /* the place is not one of the message */
        *out_why = g_strdup (strstr (error->message, ": ") + 2);
    return *out_params != NULL;
}

static void
run_request (H3JsonRpc *rpc, JsonRpcExchange *exchange, const JsonRpcRequest *request)
{
    gboolean is_notification = h3_view_is_empty (request->id);
    g_autoptr (json_t) name = NULL;
    g_autofree char *why = NULL;
    const Method *method;
    json_t *params;

    if (request->problem != NULL) {
        refuse (exchange, request->id, H3_JSON_RPC_INVALID_REQUEST, request->problem);
        return;
    }
    name = h3_json_parse (request->method, 1, NULL);
    method = g_hash_table_lookup (rpc->methods, json_string_value (name));
    if (method == NULL) {
        if (!is_notification)
            refuse (exchange, request->id, H3_JSON_RPC_METHOD_NOT_FOUND, NULL);
        return;
    }
    if (!read_params (request->params, &params, &why)) {
        if (!is_notification)
            refuse (exchange, request->id, H3_JSON_RPC_INVALID_PARAMS, why);
        return;
    }
    json_rpc_call_run (json_rpc_call_new (exchange,
                                          is_notification ? NULL : h3_view_dup (request->id),
                                          g_strdup (json_string_value (name)), params),
                       method->function, method->user_data);
}

static void
run_message (H3JsonRpc *rpc, JsonRpcExchange *exchange, H3View text)
{
    JsonRpcMessage message;
    JsonRpcRequest request;
    guint n;

    json_rpc_message_init (&message, text);
    n = json_rpc_message_count (&message, rpc->max_batch);
    if (message.is_batch && (n == 0 || n > rpc->max_batch)) {
        g_autofree char *why =
            n == 0 ? g_strdup ("a batch has at least one request")
                   : g_strdup_printf ("a batch has at most %u requests", rpc->max_batch);

        refuse (exchange, H3_VIEW_EMPTY, H3_JSON_RPC_INVALID_REQUEST, why);
        return;
    }
    exchange->is_batch = message.is_batch;
    while (json_rpc_message_take (&message, &request))
        run_request (rpc, exchange, &request);
}

void
json_rpc_run (H3JsonRpc *rpc, JsonRpcExchange *exchange, H3View text)
{
    g_autofree char *why = NULL;
    int code;

    atomic_store_explicit (&rpc->is_frozen, TRUE, memory_order_relaxed);
    why = find_fault (rpc, text, &code);
    if (why != NULL)
        refuse (exchange, H3_VIEW_EMPTY, code, why);
    else
        run_message (rpc, exchange, text);
    json_rpc_exchange_start (exchange);
    json_rpc_exchange_unref (exchange);
}

void
h3_json_rpc_handle_message (H3JsonRpc *rpc, const char *text, gsize length, H3Event *event,
                            H3JsonRpcDone done, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (rpc != NULL && (text != NULL || length == 0) && done != NULL);
    json_rpc_run (rpc, json_rpc_exchange_new (event, done, user_data, destroy),
                  h3_view (text, length));
}

static void
send_reply (GBytes *reply, gpointer user_data)
{
    H3Event *event = user_data;

    if (reply != NULL)
        h3_event_send_bytes (event, "application/json", reply);
    else
        h3_event_send_empty (event, 204);
}

void
h3_json_rpc_handle (H3Event *event, gpointer rpc)
{
    GBytes *body;
    const char *text = NULL;
    gsize length = 0;

    g_return_if_fail (event != NULL && rpc != NULL);
    if (!h3_event_require_content_type (event, "application/json", NULL))
        return;
    body = h3_request_get_body (h3_event_get_request (event));
    if (body != NULL)
        text = g_bytes_get_data (body, &length);
    h3_json_rpc_handle_message (rpc, text, length, event, send_reply, h3_event_defer (event),
                                (GDestroyNotify) h3_event_unref);
}
