/* SPDX-License-Identifier: MIT
 *
 * Who is asked before a program is told of a message. Belongs to its WebSocket; its worker only. */

#pragma once

#include <h3/engine/websocket.h>

G_BEGIN_DECLS

/* A message has come, of which, with H3_WEBSOCKET_PIECES, this is the first piece. It waits, and
 * nothing behind it is read, until websocket_open_gate (), which may be called within, or never. */
typedef void (*WebSocketGate) (H3WebSocket *websocket, gpointer user_data);

/* In the place of the one before, whose `destroy` is called; so does the end. */
void websocket_set_gate (H3WebSocket *websocket, WebSocketGate function, gpointer user_data,
                         GDestroyNotify destroy);

/* What waits is told, when the program reads; nothing where nothing does, or it has closed. */
void websocket_open_gate (H3WebSocket *websocket);

G_END_DECLS
