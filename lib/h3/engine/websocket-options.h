/* SPDX-License-Identifier: MIT
 *
 * On what terms a WebSocket is accepted. Borrowed by h3_event_accept_websocket (). Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3WebSocketFlags:
 * @H3_WEBSOCKET_DEFAULT: none of these
 * @H3_WEBSOCKET_PIECES: messages come in pieces, see h3_websocket_on_piece()
 */
typedef enum { H3_WEBSOCKET_DEFAULT = 0, H3_WEBSOCKET_PIECES = 1 << 0 } H3WebSocketFlags;

/**
 * H3WebSocketOptions: (skip)
 * @protocols: (nullable): subprotocols, the best first, up to a %NULL: the first of them that the
 *   client speaks too is agreed on
 * @origins: (nullable): whose pages may connect ("https://example.com"), up to a %NULL; "*" is
 *   anybody. %NULL: those of this host only, so that no other page has its visitor's cookies speak
 *   for it. Clients that send no Origin are no browsers, and may
 * @max_message: bytes of a message; 0: H3Limits.websocket_message
 * @flags: what else
 *
 * All zero is what most want.
 */
typedef struct {
    const char *const *protocols;
    const char *const *origins;
    guint64 max_message;
    H3WebSocketFlags flags;
} H3WebSocketOptions;

G_END_DECLS
