/* SPDX-License-Identifier: MIT
 *
 * JSON-RPC 2.0 by WebSocket: each message is a request or a batch, and is answered by one message
 * when all its answers are there; one that wants no answer gets none. Messages that are no texts
 * end the WebSocket (1003). Its worker only. Since: 0.1 */

#pragma once

#include <h3/batteries/json-rpc.h>
#include <h3/engine/websocket.h>

G_BEGIN_DECLS

/**
 * h3_json_rpc_handle_websocket:
 * @event: an exchange
 * @rpc: (type H3JsonRpc): what its messages call
 *
 * Accepts a WebSocket, whose messages are no longer than those of @rpc, and serves it: an
 * #H3Handler for routes that take GET.
 *
 * Since: 0.1
 */
void h3_json_rpc_handle_websocket (H3Event *event, gpointer rpc);

/**
 * h3_json_rpc_serve_websocket:
 * @rpc: what its messages call
 * @websocket: whose messages are calls from now on, in the place of its #H3WebSocketMessage
 *
 * Serves a WebSocket that was accepted on other terms. Messages are answered as they are done, in
 * whatever order: the ids say what is whose. As long as %H3_JSON_RPC_MAX_MESSAGES (see
 * h3_json_rpc_set_max_messages()) are under way, which is until nobody holds a call of theirs, a
 * notification's too, the WebSocket is paused. Calls may outlast it: what they are answered with is
 * dropped. A reply for which the limit `max-websocket-output` has no room ends it (1011).
 *
 * Since: 0.1
 */
void h3_json_rpc_serve_websocket (H3JsonRpc *rpc, H3WebSocket *websocket);

G_END_DECLS
