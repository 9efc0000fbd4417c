/* SPDX-License-Identifier: MIT
 *
 * JSON-RPC 2.0 by WebSocket: each message is a request or a batch, and is answered by one message
 * when all its answers are there; one that wants no answer gets none. Messages that are no texts
 * end the WebSocket (1003). Its worker only. Since: 0.1 */

#pragma once

#include <h3/batteries/json-rpc.h>
#include <h3/engine/websocket.h>

G_BEGIN_DECLS

/* An H3Handler, for routes that take GET: accepts a WebSocket, whose messages are no longer than
 * those of `rpc`, which is an H3JsonRpc, and serves it. */
void h3_json_rpc_handle_websocket (H3Event *event, gpointer rpc);

/**
 * h3_json_rpc_serve_websocket:
 * @websocket: whose messages are calls from now on, in the place of its H3WebSocketMessage
 *
 * For WebSockets that were accepted on other terms. Messages are answered as they are done, in
 * whatever order: the ids say what is whose. As long as H3_JSON_RPC_MAX_MESSAGES (see
 * h3_json_rpc_set_max_messages()) are under way, which is until nobody holds a call of theirs, a
 * notification's too, the WebSocket is paused. Calls may outlast it: what they are answered with is
 * dropped. A reply for which H3Limits.websocket_output has no room ends it (1011).
 */
void h3_json_rpc_serve_websocket (H3JsonRpc *rpc, H3WebSocket *websocket);

G_END_DECLS
