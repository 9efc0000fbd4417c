/* SPDX-License-Identifier: MIT
 *
 * A registry as who runs messages sees it: shared by json-rpc.c (methods, messages) and
 * json-rpc-call.c (one call and its answer), json-rpc-websocket.c (who else carries messages).
 * Frozen once a message was handled. */

#pragma once

#include "json-rpc.h"

#include <h3/base/view.h>
#include <h3/engine/websocket.h>
#include <h3/loop/loop.h>

#include <stdatomic.h>

G_BEGIN_DECLS

/* A message under way: the answers that have come, each in the place of its request. */
typedef struct {
    atomic_int refs;        /* of calls, of answers on their way, of who runs the message */
    Loop *loop;             /* ref; NULL: on no loop, and all stays on one thread */
    H3Event *event;         /* ref; NULL: none was given */
    H3WebSocket *websocket; /* ref; NULL: by no WebSocket */
    H3JsonRpcDone done;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    GDestroyNotify on_over; /* told user_data when no call is left, on any thread; NULL: nobody */
    gboolean is_batch;
    guint n_pending;    /* answers that are missing, and one while calls are started */
    GPtrArray *answers; /* owned: texts, owned; NULL where one is missing */
} JsonRpcExchange;

JsonRpcExchange *json_rpc_exchange_new (H3Event *event, H3JsonRpcDone done, gpointer user_data,
                                        GDestroyNotify destroy);
void json_rpc_exchange_unref (JsonRpcExchange *exchange);
/* Room for one more answer, whose place is returned. Its own thread. */
guint json_rpc_exchange_add (JsonRpcExchange *exchange);
/* The answer in this place (transfer full). Any thread, where it is on a loop. */
void json_rpc_exchange_answer (JsonRpcExchange *exchange, guint place, char *text);
/* All calls have been started. Its own thread. */
void json_rpc_exchange_start (JsonRpcExchange *exchange);

/* Runs a message in an exchange (transfer full). */
void json_rpc_run (H3JsonRpc *rpc, JsonRpcExchange *exchange, H3View text);

gsize json_rpc_get_max_length (const H3JsonRpc *rpc);
guint json_rpc_get_max_messages (const H3JsonRpc *rpc);

/* (transfer full): an answer that is an error; `id` is raw, empty where it is not known, `data`
 * (transfer full) (nullable). */
char *json_rpc_dup_error (H3View id, int code, const char *message, json_t *data);

/* What a new call is made of: strings and params are (transfer full); `id` is NULL for a
 * notification. */
H3JsonRpcCall *json_rpc_call_new (JsonRpcExchange *exchange, char *id, char *method,
                                  json_t *params);
/* Calls it, and drops it (transfer full). */
void json_rpc_call_run (H3JsonRpcCall *call, H3JsonRpcMethod method, gpointer user_data);

G_END_DECLS
