/* SPDX-License-Identifier: MIT
 *
 * JSON-RPC 2.0: methods under names, called by messages; what carries the messages (HTTP here,
 * WebSockets in json-rpc-websocket.h, anything that has texts) is not its business. A registry is
 * shared by all workers: filled on one thread before the first message, then frozen. Since: 0.1 */

#pragma once

#include <h3/engine/websocket.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/* The codes of the specification. Those of a program lie outside -32768 … -32000, or among its
 * server errors, -32099 … -32000. */
#define H3_JSON_RPC_PARSE_ERROR      (-32700)
#define H3_JSON_RPC_INVALID_REQUEST  (-32600)
#define H3_JSON_RPC_METHOD_NOT_FOUND (-32601)
#define H3_JSON_RPC_INVALID_PARAMS   (-32602)
#define H3_JSON_RPC_INTERNAL_ERROR   (-32603)
#define H3_JSON_RPC_SERVER_ERROR     (-32000)

/* Where nobody says otherwise: how many calls a batch may have, how long a message may be, and how
 * many messages of one WebSocket are under way. */
#define H3_JSON_RPC_MAX_BATCH    50
#define H3_JSON_RPC_MAX_LENGTH   (1 << 20)
#define H3_JSON_RPC_MAX_MESSAGES 16

/**
 * H3JsonRpc:
 *
 * Methods by name. Boxed, reference-counted (any thread).
 */
typedef struct _H3JsonRpc H3JsonRpc;

/**
 * H3JsonRpcCall:
 *
 * One call of a method. Boxed; references (any thread) are held by who answers later.
 */
typedef struct _H3JsonRpcCall H3JsonRpcCall;

#define H3_TYPE_JSON_RPC (h3_json_rpc_get_type ())
GType h3_json_rpc_get_type (void);
#define H3_TYPE_JSON_RPC_CALL (h3_json_rpc_call_get_type ())
GType h3_json_rpc_call_get_type (void);

/**
 * H3JsonRpcMethod:
 * @call: (transfer none): what to answer
 *
 * Returns or fails @call, now or, with a reference to it, later and from any thread. A call that
 * nobody holds any more and nobody answered is answered with an internal error.
 */
typedef void (*H3JsonRpcMethod) (H3JsonRpcCall *call, gpointer user_data);

/**
 * H3JsonRpcDone:
 * @reply: (nullable) (transfer none): the text to send back; %NULL: nothing is to be sent
 */
typedef void (*H3JsonRpcDone) (GBytes *reply, gpointer user_data);

/* Returns: (transfer full): a registry without methods. */
H3JsonRpc *h3_json_rpc_new (void);
H3JsonRpc *h3_json_rpc_ref (H3JsonRpc *rpc);
/* NULL is allowed. */
void h3_json_rpc_unref (H3JsonRpc *rpc);

/* Has `method` (scope notified) called under `name` (copied), in the place of what was. Names that
 * begin with "rpc." are the specification's and refused with a critical. */
void h3_json_rpc_add_method (H3JsonRpc *rpc, const char *name, H3JsonRpcMethod method,
                             gpointer user_data, GDestroyNotify destroy);

/* Bounds: calls in a batch (0: no batches), bytes of a message, and its depth, up to
 * H3_JSON_DEPTH_LIMIT; 64 where nothing was set. What goes beyond is refused as a whole. */
void h3_json_rpc_set_max_batch (H3JsonRpc *rpc, guint max_batch);
void h3_json_rpc_set_max_length (H3JsonRpc *rpc, gsize max_length);
void h3_json_rpc_set_max_depth (H3JsonRpc *rpc, guint max_depth);

/* Messages of one WebSocket under way, at least 1: until one is over it is not read. */
void h3_json_rpc_set_max_messages (H3JsonRpc *rpc, guint max_messages);

/**
 * h3_json_rpc_handle_message:
 * @text: (array length=length): a request or a batch, whatever a peer sent
 * @event: (nullable): what calls are to know as theirs; held until all are answered
 * @done: (scope notified): called once, at once or later, on this thread: when every call that
 *   wants an answer has one
 * @destroy: (nullable): for @user_data, behind @done; alone, on whatever thread, where this
 *   thread's loop ended first
 *
 * Runs the calls of a message, all of a batch at once; the reply has their answers in their order.
 * Ids come back letter by letter. Answers from other threads need a worker's thread here; elsewhere
 * all must come from this one.
 */
void h3_json_rpc_handle_message (H3JsonRpc *rpc, const char *text, gsize length, H3Event *event,
                                 H3JsonRpcDone done, gpointer user_data, GDestroyNotify destroy);

/* An H3Handler, for routes that take POST and keep bodies whole: `rpc` is an H3JsonRpc. 200 with
 * the reply, 204 where there is none; 400 or 415 where the body is not called application/json. */
void h3_json_rpc_handle (H3Event *event, gpointer rpc);

H3JsonRpcCall *h3_json_rpc_call_ref (H3JsonRpcCall *call);
/* NULL is allowed. */
void h3_json_rpc_call_unref (H3JsonRpcCall *call);

/* Returns: (transfer none): the method's name. */
const char *h3_json_rpc_call_get_method (const H3JsonRpcCall *call);

/* Returns: (transfer none) (nullable): the event that was given with the message. */
H3Event *h3_json_rpc_call_get_event (const H3JsonRpcCall *call);

/* Returns: (transfer none) (nullable): the WebSocket that the call came by; any thread. */
H3WebSocket *h3_json_rpc_call_get_websocket (const H3JsonRpcCall *call);

/* Whether nobody waits for an answer: what is answered is dropped. */
gboolean h3_json_rpc_call_is_notification (const H3JsonRpcCall *call);

/* (skip) Returns: (transfer none) (nullable): an array or an object; NULL where there is none. */
json_t *h3_json_rpc_call_get_params (const H3JsonRpcCall *call);

/* (skip) Returns: (transfer none) (nullable): the parameter called `name` where they have names,
 * else that at `position`; NULL where there is none. */
json_t *h3_json_rpc_call_get_param (const H3JsonRpcCall *call, const char *name, guint position);

/* (skip) The result; `result` is (transfer full) (nullable): NULL, which is what json_pack () gives
 * for texts that are not UTF-8, is an internal error. Any thread that holds the call. Answering
 * twice is a warning and no harm; so for the next two. */
void h3_json_rpc_call_return (H3JsonRpcCall *call, json_t *result);

/* (skip) An error. `message` is (nullable), that of the specification then; `data` is (transfer
 * full) (nullable), more for the caller. */
void h3_json_rpc_call_fail (H3JsonRpcCall *call, int code, const char *message, json_t *data);

/* An error (transfer full): one of H3_HTTP_ERROR is a server error with its message, and its status
 * as data; all others are internal errors that tell nothing. */
void h3_json_rpc_call_fail_error (H3JsonRpcCall *call, GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3JsonRpc, h3_json_rpc_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3JsonRpcCall, h3_json_rpc_call_unref)

G_END_DECLS
