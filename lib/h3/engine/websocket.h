/* SPDX-License-Identifier: MIT
 *
 * A connection that has become a WebSocket (RFC 6455): messages both ways. Reference-counted, for
 * any thread; it belongs to the worker it was accepted on, where its functions are called. The
 * library holds it until its end has been told. Since: 0.1 */

#pragma once

#include <h3/engine/channel.h>
#include <h3/engine/websocket-options.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct _H3WebSocket H3WebSocket;

#define H3_TYPE_WEBSOCKET (h3_websocket_get_type ())
GType h3_websocket_get_type (void);

/**
 * H3WebSocketKind:
 * @H3_WEBSOCKET_TEXT: UTF-8
 * @H3_WEBSOCKET_BINARY: any bytes
 */
typedef enum { H3_WEBSOCKET_TEXT = 1, H3_WEBSOCKET_BINARY = 2 } H3WebSocketKind;

/* Codes of RFC 6455 §7.4; programs of their own have those of 4000 to 4999. */
#define H3_WEBSOCKET_CLOSE_NORMAL     1000
#define H3_WEBSOCKET_CLOSE_GOING_AWAY 1001 /* the server ends */
#define H3_WEBSOCKET_CLOSE_PROTOCOL   1002
#define H3_WEBSOCKET_CLOSE_BAD_KIND   1003 /* a text where none is taken, or anything else */
#define H3_WEBSOCKET_CLOSE_NO_CODE    1005 /* never sent: the peer's Close had none */
#define H3_WEBSOCKET_CLOSE_ABNORMAL   1006 /* never sent: there was no Close */
#define H3_WEBSOCKET_CLOSE_BAD_TEXT   1007
#define H3_WEBSOCKET_CLOSE_POLICY     1008
#define H3_WEBSOCKET_CLOSE_TOO_BIG    1009
#define H3_WEBSOCKET_CLOSE_TROUBLE    1011

/**
 * H3WebSocketMessage:
 * @data: (array length=length): the message, with a NUL behind it; borrowed for the call
 */
typedef void (*H3WebSocketMessage) (H3WebSocket *websocket, H3WebSocketKind kind, const char *data,
                                    gsize length, gpointer user_data);

/* A piece of a message, as it comes; a text may be cut within a character. */
typedef void (*H3WebSocketPiece) (H3WebSocket *websocket, H3WebSocketKind kind, const char *data,
                                  gsize length, gboolean is_last, gpointer user_data);

typedef void (*H3WebSocketDrained) (H3WebSocket *websocket, gpointer user_data);

/**
 * H3WebSocketClosed:
 * @code: what the peer's Close said; else what was wrong with what it sent, or
 *   %H3_WEBSOCKET_CLOSE_ABNORMAL
 * @reason: the peer's, or what was wrong; "" where there is none
 * @clean: whether both sides have said Close
 */
typedef void (*H3WebSocketClosed) (H3WebSocket *websocket, guint code, const char *reason,
                                   gboolean clean, gpointer user_data);

/**
 * h3_event_accept_websocket:
 * @event: a GET that asks for the upgrade
 * @options: (nullable): borrowed for the call
 *
 * Answers 101. What is no such request is answered 426 (no upgrade, another version), 400
 * (malformed) or 403 (a page of another origin). The functions below, set before the handler
 * returns, miss nothing. The event's worker.
 *
 * Returns: (transfer full) (nullable): the WebSocket; %NULL: the event has been answered
 */
H3WebSocket *h3_event_accept_websocket (H3Event *event, const H3WebSocketOptions *options);

H3WebSocket *h3_websocket_ref (H3WebSocket *websocket);
void h3_websocket_unref (H3WebSocket *websocket);

/* Returns: (nullable) (transfer none): the subprotocol agreed on. Any thread. */
const char *h3_websocket_get_protocol (const H3WebSocket *websocket);

/* Whether messages can be sent: no Close was sent or received. Any thread. */
gboolean h3_websocket_is_open (H3WebSocket *websocket);

/* Bytes sent that the system has not taken. Any thread; other threads than its worker may see a
 * little more. */
guint64 h3_websocket_get_waiting (H3WebSocket *websocket);

/* Whether not more than H3Limits.output waits: who sends much stops where it does, and goes on when
 * h3_websocket_on_drain () says so. Any thread. */
gboolean h3_websocket_has_room (H3WebSocket *websocket);

/* Calls `function` (scope notified) for each message, for each piece (only with
 * H3_WEBSOCKET_PIECES), when there is room again, and once for the
 * end. Each takes the place of the one before, whose `destroy` is called; so does the end. Worker
 * only. */
void h3_websocket_on_message (H3WebSocket *websocket, H3WebSocketMessage function,
                              gpointer user_data, GDestroyNotify destroy);
void h3_websocket_on_piece (H3WebSocket *websocket, H3WebSocketPiece function, gpointer user_data,
                            GDestroyNotify destroy);
void h3_websocket_on_drain (H3WebSocket *websocket, H3WebSocketDrained function, gpointer user_data,
                            GDestroyNotify destroy);
void h3_websocket_on_close (H3WebSocket *websocket, H3WebSocketClosed function, gpointer user_data,
                            GDestroyNotify destroy);

/* Within an H3WebSocketMessage. Returns: (transfer full): its message, which was not copied. */
GBytes *h3_websocket_take_message (H3WebSocket *websocket);

/* No more messages, and the peer is slowed down, until resumed. Worker only. */
void h3_websocket_pause (H3WebSocket *websocket);
void h3_websocket_resume (H3WebSocket *websocket);

/* Sends a message; `data` is copied. Messages of one thread keep their order. FALSE, and nothing is
 * sent: H3_ERROR_CLOSED where it is not open any more, H3_ERROR_LIMIT where more than
 * H3Limits.websocket_output would wait, H3_ERROR_INVALID for a text that is not UTF-8. Any thread.
 */
gboolean h3_websocket_send (H3WebSocket *websocket, H3WebSocketKind kind, const char *data,
                            gsize length, GError **error);
gboolean h3_websocket_send_text (H3WebSocket *websocket, const char *text, GError **error);
/* The same without a copy on its worker. */
gboolean h3_websocket_send_bytes (H3WebSocket *websocket, H3WebSocketKind kind, GBytes *bytes,
                                  GError **error);

/* A ping, with at most 125 bytes that come back. (Whether the peer is there is asked without it,
 * see H3Limits.websocket_ping.) Any thread. */
gboolean h3_websocket_ping (H3WebSocket *websocket, const char *data, gsize length, GError **error);

/* Sends all that is published on `channel` from now on, as text where it is UTF-8, until the
 * WebSocket or the channel ends: each message is made a frame once for all who hear it, and is not
 * compressed. One that falls behind by more than the channel's bound is let go. Worker only. */
void h3_websocket_subscribe (H3WebSocket *websocket, H3Channel *channel);

/* Says Close, waits H3Limits.websocket_close for the peer's, and ends. `reason` (nullable) has at
 * most 123 bytes. Nothing happens where it is not open any more. Any thread. */
void h3_websocket_close (H3WebSocket *websocket, guint code, const char *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3WebSocket, h3_websocket_unref)

G_END_DECLS
