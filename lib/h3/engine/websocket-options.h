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
 * @H3_WEBSOCKET_DEFLATE: messages are compressed both ways where the client can
 *   (permessage-deflate, RFC 7692). It takes up to 300 KiB a connection that sends and receives
 * @H3_WEBSOCKET_FORGET_SENT: each message sent is compressed by itself: less is gained, and nothing
 *   is held between messages
 * @H3_WEBSOCKET_FORGET_RECEIVED: the client is asked to do the same
 *
 * How a WebSocket is to be.
 *
 * Since: 0.1
 */
typedef enum {
    H3_WEBSOCKET_DEFAULT = 0,
    H3_WEBSOCKET_PIECES = 1 << 0,
    H3_WEBSOCKET_DEFLATE = 1 << 1,
    H3_WEBSOCKET_FORGET_SENT = 1 << 2,
    H3_WEBSOCKET_FORGET_RECEIVED = 1 << 3,
} H3WebSocketFlags;

/**
 * H3WebSocketOptions: (skip)
 * @protocols: (nullable): subprotocols, the best first, up to a %NULL: the first of them that the
 *   client speaks too is agreed on
 * @origins: (nullable): whose pages may connect ("https://example.com"), up to a %NULL; `*` is
 *   anybody. %NULL: those of this host only, so that no other page has its visitor's cookies speak
 *   for it. Clients that send no Origin are no browsers, and may
 * @max_message: bytes of a message; 0: H3Limits.websocket_message
 * @flags: what else
 * @window_bits: with H3_WEBSOCKET_DEFLATE, how far compressed messages refer back, 8 … 15; 0: 15.
 *   Below that it is agreed on only with clients that let themselves be told
 *
 * On what terms a WebSocket is accepted. All zero is what most want. Bindings, which cannot fill in
 * arrays of strings, have h3_event_accept_websocket_full().
 *
 * Since: 0.1
 */
typedef struct {
    const char *const *protocols;
    const char *const *origins;
    guint64 max_message;
    H3WebSocketFlags flags;
    guint window_bits;
} H3WebSocketOptions;

G_END_DECLS
