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

/**
 * H3_JSON_RPC_PARSE_ERROR:
 *
 * The specification's code for a message that is no JSON. The codes of a program lie outside -32768
 * … -32000, or among its server errors, -32099 … -32000.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_PARSE_ERROR (-32700)

/**
 * H3_JSON_RPC_INVALID_REQUEST:
 *
 * The specification's code for a message that is no request.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_INVALID_REQUEST (-32600)

/**
 * H3_JSON_RPC_METHOD_NOT_FOUND:
 *
 * The specification's code for a method that is not there.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_METHOD_NOT_FOUND (-32601)

/**
 * H3_JSON_RPC_INVALID_PARAMS:
 *
 * The specification's code for parameters that a method cannot take.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_INVALID_PARAMS (-32602)

/**
 * H3_JSON_RPC_INTERNAL_ERROR:
 *
 * The specification's code for what went wrong inside.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_INTERNAL_ERROR (-32603)

/**
 * H3_JSON_RPC_SERVER_ERROR:
 *
 * The last of the codes that the specification leaves to servers.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_SERVER_ERROR (-32000)

/**
 * H3_JSON_RPC_MAX_BATCH:
 *
 * How many calls a batch may have where nobody says otherwise.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_MAX_BATCH 50

/**
 * H3_JSON_RPC_MAX_LENGTH:
 *
 * How many bytes a message may have where nobody says otherwise.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_MAX_LENGTH (1 << 20)

/**
 * H3_JSON_RPC_MAX_MESSAGES:
 *
 * How many messages of one WebSocket are under way where nobody says otherwise.
 *
 * Since: 0.1
 */
#define H3_JSON_RPC_MAX_MESSAGES 16

/**
 * H3JsonRpc:
 *
 * Methods by name. Boxed, reference-counted (any thread).
 *
 * Since: 0.1
 */
typedef struct _H3JsonRpc H3JsonRpc;

/**
 * H3JsonRpcCall:
 *
 * One call of a method. Boxed; references (any thread) are held by who answers later.
 *
 * Since: 0.1
 */
typedef struct _H3JsonRpcCall H3JsonRpcCall;

#define H3_TYPE_JSON_RPC (h3_json_rpc_get_type ())
GType h3_json_rpc_get_type (void);
#define H3_TYPE_JSON_RPC_CALL (h3_json_rpc_call_get_type ())
GType h3_json_rpc_call_get_type (void);

/**
 * H3JsonRpcMethod:
 * @call: (transfer none): what to answer
 * @user_data: (nullable) (closure): what was registered with it
 *
 * Returns or fails @call, now or, with a reference to it, later and from any thread. A call that
 * nobody holds any more and nobody answered is answered with an internal error.
 *
 * Since: 0.1
 */
typedef void (*H3JsonRpcMethod) (H3JsonRpcCall *call, gpointer user_data);

/**
 * H3JsonRpcDone:
 * @reply: (nullable) (transfer none): the text to send back; %NULL: nothing is to be sent
 * @user_data: (nullable) (closure): what was given with it
 *
 * Takes the reply to a message, on the thread that gave the message.
 *
 * Since: 0.1
 */
typedef void (*H3JsonRpcDone) (GBytes *reply, gpointer user_data);

/**
 * h3_json_rpc_new:
 *
 * Makes a registry without methods.
 *
 * Returns: (transfer full): a new registry
 *
 * Since: 0.1
 */
H3JsonRpc *h3_json_rpc_new (void);

/**
 * h3_json_rpc_ref:
 * @rpc: a registry
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @rpc
 *
 * Since: 0.1
 */
H3JsonRpc *h3_json_rpc_ref (H3JsonRpc *rpc);

/**
 * h3_json_rpc_unref:
 * @rpc: (nullable) (transfer full): a registry
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_json_rpc_unref (H3JsonRpc *rpc);

/**
 * h3_json_rpc_add_method:
 * @rpc: a registry that has served no message
 * @name: copied; names that begin with "rpc." are the specification's and refused with a critical
 * @method: (scope notified) (closure user_data) (destroy destroy): on the thread of each message
 * @user_data: (nullable): for @method
 * @destroy: (nullable): for @user_data, when another takes its place, or with the end of @rpc
 *
 * Has @method called under @name, in the place of what was.
 *
 * Since: 0.1
 */
void h3_json_rpc_add_method (H3JsonRpc *rpc, const char *name, H3JsonRpcMethod method,
                             gpointer user_data, GDestroyNotify destroy);

/**
 * h3_json_rpc_set_max_batch:
 * @rpc: a registry that has served no message
 * @max_batch: 0: no batches
 *
 * Bounds the calls in a batch. What goes beyond is refused as a whole.
 *
 * Since: 0.1
 */
void h3_json_rpc_set_max_batch (H3JsonRpc *rpc, guint max_batch);

/**
 * h3_json_rpc_set_max_length:
 * @rpc: a registry that has served no message
 * @max_length: in bytes
 *
 * Bounds the length of a message. What goes beyond is refused as a whole.
 *
 * Since: 0.1
 */
void h3_json_rpc_set_max_length (H3JsonRpc *rpc, gsize max_length);

/**
 * h3_json_rpc_set_max_depth:
 * @rpc: a registry that has served no message
 * @max_depth: up to %H3_JSON_DEPTH_LIMIT; 64 where nothing was set
 *
 * Bounds the depth of a message. What goes beyond is refused as a whole.
 *
 * Since: 0.1
 */
void h3_json_rpc_set_max_depth (H3JsonRpc *rpc, guint max_depth);

/**
 * h3_json_rpc_set_max_messages:
 * @rpc: a registry that has served no message
 * @max_messages: at least 1
 *
 * Bounds the messages of one WebSocket under way: until one is over it is not read.
 *
 * Since: 0.1
 */
void h3_json_rpc_set_max_messages (H3JsonRpc *rpc, guint max_messages);

/**
 * h3_json_rpc_handle_message:
 * @rpc: what the message calls
 * @text: (array length=length) (element-type guint8): a request or a batch, whatever a peer sent
 * @length: bytes of @text
 * @event: (nullable): what calls are to know as theirs; held until all are answered
 * @done: (scope notified) (closure user_data) (destroy destroy): called once, at once or later, on
 *   this thread: when every call that wants an answer has one
 * @user_data: (nullable): for @done
 * @destroy: (nullable): for @user_data, behind @done; alone, on whatever thread, where this
 *   thread's loop ended first
 *
 * Runs the calls of a message, all of a batch at once; the reply has their answers in their order.
 * Ids come back letter by letter. Answers from other threads need a worker's thread here; elsewhere
 * all must come from this one.
 *
 * Since: 0.1
 */
void h3_json_rpc_handle_message (H3JsonRpc *rpc, const char *text, gsize length, H3Event *event,
                                 H3JsonRpcDone done, gpointer user_data, GDestroyNotify destroy);

/**
 * h3_json_rpc_handle:
 * @event: an exchange
 * @rpc: (type H3JsonRpc): what its body calls
 *
 * Answers a message over HTTP: an #H3Handler for routes that take POST and keep bodies whole. 200
 * with the reply, 204 where there is none; 400 or 415 where the body is not called
 * application/json.
 *
 * Since: 0.1
 */
void h3_json_rpc_handle (H3Event *event, gpointer rpc);

/**
 * h3_json_rpc_call_ref:
 * @call: a call
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @call
 *
 * Since: 0.1
 */
H3JsonRpcCall *h3_json_rpc_call_ref (H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_unref:
 * @call: (nullable) (transfer full): a call
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_json_rpc_call_unref (H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_get_method:
 * @call: a call
 *
 * Gets the method's name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *h3_json_rpc_call_get_method (const H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_get_event:
 * @call: a call
 *
 * Gets the event that was given with the message.
 *
 * Returns: (transfer none) (nullable): the event; %NULL where there was none
 *
 * Since: 0.1
 */
H3Event *h3_json_rpc_call_get_event (const H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_get_websocket:
 * @call: a call
 *
 * Gets the WebSocket that a call came by. Any thread.
 *
 * Returns: (transfer none) (nullable): the WebSocket; %NULL where it came otherwise
 *
 * Since: 0.1
 */
H3WebSocket *h3_json_rpc_call_get_websocket (const H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_is_notification:
 * @call: a call
 *
 * Says whether nobody waits for an answer: what is answered is dropped.
 *
 * Returns: whether it is a notification
 *
 * Since: 0.1
 */
gboolean h3_json_rpc_call_is_notification (const H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_get_params: (skip)
 * @call: a call
 *
 * Gets the parameters. Bindings have h3_json_rpc_call_dup_params_text().
 *
 * Returns: (transfer none) (nullable): an array or an object; %NULL where there is none
 *
 * Since: 0.1
 */
json_t *h3_json_rpc_call_get_params (const H3JsonRpcCall *call);

/**
 * h3_json_rpc_call_get_param: (skip)
 * @call: a call
 * @name: what it is called where parameters have names
 * @position: its place where they have none, from 0
 *
 * Gets one parameter. Bindings have h3_json_rpc_call_dup_params_text().
 *
 * Returns: (transfer none) (nullable): the parameter; %NULL where there is none
 *
 * Since: 0.1
 */
json_t *h3_json_rpc_call_get_param (const H3JsonRpcCall *call, const char *name, guint position);

/**
 * h3_json_rpc_call_dup_params_text:
 * @call: a call
 *
 * Gets the parameters as JSON.
 *
 * Returns: (transfer full) (nullable): an array or an object; %NULL where there is none
 *
 * Since: 0.1
 */
char *h3_json_rpc_call_dup_params_text (const H3JsonRpcCall *call) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_json_rpc_call_return: (skip)
 * @call: a call
 * @result: (transfer full) (nullable): what comes of it; %NULL, which is what json_pack() gives for
 *   texts that are not UTF-8, is an internal error
 *
 * Answers a call with a result. Any thread that holds @call. Answering twice is a warning and no
 * harm. Bindings have h3_json_rpc_call_return_text().
 *
 * Since: 0.1
 */
void h3_json_rpc_call_return (H3JsonRpcCall *call, json_t *result);

/**
 * h3_json_rpc_call_return_text:
 * @call: a call
 * @result: (nullable): what comes of it, as JSON in UTF-8; what is none is an internal error
 *
 * Answers a call with a result: h3_json_rpc_call_return() of a text.
 *
 * Since: 0.1
 */
void h3_json_rpc_call_return_text (H3JsonRpcCall *call, const char *result);

/**
 * h3_json_rpc_call_fail: (skip)
 * @call: a call
 * @code: of the error
 * @message: (nullable): what is wrong; %NULL: that of the specification
 * @data: (transfer full) (nullable): more for the caller
 *
 * Answers a call with an error, else as h3_json_rpc_call_return(). Bindings have
 * h3_json_rpc_call_fail_text().
 *
 * Since: 0.1
 */
void h3_json_rpc_call_fail (H3JsonRpcCall *call, int code, const char *message, json_t *data);

/**
 * h3_json_rpc_call_fail_text:
 * @call: a call
 * @code: of the error
 * @message: (nullable): what is wrong; %NULL: that of the specification
 * @data: (nullable): more for the caller, as JSON in UTF-8; what is none is left out
 *
 * Answers a call with an error: h3_json_rpc_call_fail() with a text.
 *
 * Since: 0.1
 */
void h3_json_rpc_call_fail_text (H3JsonRpcCall *call, int code, const char *message,
                                 const char *data);

/**
 * h3_json_rpc_call_fail_error:
 * @call: a call
 * @error: (transfer full): why
 *
 * Answers a call with an error, else as h3_json_rpc_call_return(): one of %H3_HTTP_ERROR is a
 * server error with its message, and its status as data; all others are internal errors that tell
 * nothing.
 *
 * Since: 0.1
 */
void h3_json_rpc_call_fail_error (H3JsonRpcCall *call, GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3JsonRpc, h3_json_rpc_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3JsonRpcCall, h3_json_rpc_call_unref)

G_END_DECLS
