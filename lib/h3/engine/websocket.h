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

/**
 * H3WebSocket:
 *
 * A connection that has become a WebSocket (RFC 6455): messages both ways.
 *
 * Boxed and reference-counted, for any thread; it belongs to the worker it was accepted on, where
 * its functions are called. The library holds it until its end has been told.
 *
 * Since: 0.1
 */
typedef struct _H3WebSocket H3WebSocket;

#define H3_TYPE_WEBSOCKET (h3_websocket_get_type ())
GType h3_websocket_get_type (void);

/**
 * H3WebSocketKind:
 * @H3_WEBSOCKET_TEXT: UTF-8
 * @H3_WEBSOCKET_BINARY: any bytes
 *
 * What a message is (RFC 6455 §5.6).
 *
 * Since: 0.1
 */
typedef enum { H3_WEBSOCKET_TEXT = 1, H3_WEBSOCKET_BINARY = 2 } H3WebSocketKind;

/**
 * H3_WEBSOCKET_CLOSE_NORMAL:
 *
 * What was to be done is done. One of the codes of RFC 6455 §7.4; programs of their own have those
 * of 4000 to 4999.
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_NORMAL 1000

/**
 * H3_WEBSOCKET_CLOSE_GOING_AWAY:
 *
 * The server ends (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_GOING_AWAY 1001

/**
 * H3_WEBSOCKET_CLOSE_PROTOCOL:
 *
 * What was received is no WebSocket as it must be (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_PROTOCOL 1002

/**
 * H3_WEBSOCKET_CLOSE_BAD_KIND:
 *
 * There was a text where none is taken, or anything else (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_BAD_KIND 1003

/**
 * H3_WEBSOCKET_CLOSE_NO_CODE:
 *
 * The peer's Close had no code: never sent (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_NO_CODE 1005

/**
 * H3_WEBSOCKET_CLOSE_ABNORMAL:
 *
 * There was no Close: never sent (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_ABNORMAL 1006

/**
 * H3_WEBSOCKET_CLOSE_BAD_TEXT:
 *
 * A text was not UTF-8 (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_BAD_TEXT 1007

/**
 * H3_WEBSOCKET_CLOSE_POLICY:
 *
 * What was received is against a rule of the program (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_POLICY 1008

/**
 * H3_WEBSOCKET_CLOSE_TOO_BIG:
 *
 * A message was longer than what is taken (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_TOO_BIG 1009

/**
 * H3_WEBSOCKET_CLOSE_TROUBLE:
 *
 * The server has met with an error of its own (RFC 6455 §7.4.1).
 *
 * Since: 0.1
 */
#define H3_WEBSOCKET_CLOSE_TROUBLE 1011

/**
 * H3WebSocketMessage:
 * @websocket: (transfer none): the WebSocket
 * @kind: what it is
 * @data: (array length=length) (element-type guint8): the message, with a NUL behind it; borrowed
 *   for the call
 * @length: of @data, in bytes
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is given a message, on the WebSocket's worker.
 *
 * Since: 0.1
 */
typedef void (*H3WebSocketMessage) (H3WebSocket *websocket, H3WebSocketKind kind, const char *data,
                                    gsize length, gpointer user_data);

/**
 * H3WebSocketPiece:
 * @websocket: (transfer none): the WebSocket
 * @kind: what the message is
 * @data: (array length=length) (element-type guint8): the piece; borrowed for the call
 * @length: of @data, in bytes
 * @is_last: whether the message ends with it
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is given a piece of a message, as it comes, on the WebSocket's worker; a text may be cut within a
 * character.
 *
 * Since: 0.1
 */
typedef void (*H3WebSocketPiece) (H3WebSocket *websocket, H3WebSocketKind kind, const char *data,
                                  gsize length, gboolean is_last, gpointer user_data);

/**
 * H3WebSocketDrained:
 * @websocket: (transfer none): the WebSocket
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is told that there is room again, on the WebSocket's worker.
 *
 * Since: 0.1
 */
typedef void (*H3WebSocketDrained) (H3WebSocket *websocket, gpointer user_data);

/**
 * H3WebSocketClosed:
 * @websocket: (transfer none): the WebSocket
 * @code: what the peer's Close said; else what was wrong with what it sent, or
 *   %H3_WEBSOCKET_CLOSE_ABNORMAL
 * @reason: the peer's, or what was wrong; "" where there is none
 * @clean: whether both sides have said Close
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is told of a WebSocket's end, on its worker.
 *
 * Since: 0.1
 */
typedef void (*H3WebSocketClosed) (H3WebSocket *websocket, guint code, const char *reason,
                                   gboolean clean, gpointer user_data);

/**
 * h3_event_accept_websocket: (skip)
 * @event: a GET that asks for the upgrade
 * @options: (nullable): borrowed for the call; %NULL: what most want
 *
 * Has the connection become a WebSocket (RFC 6455 §4.2): answers 101. Its twin for bindings is
 * h3_event_accept_websocket_full().
 *
 * What is no such request is answered 426 (no upgrade, another version), 400 (malformed) or 403 (a
 * page of another origin). The functions below, set before the handler returns, miss nothing. The
 * event's worker.
 *
 * Returns: (transfer full) (nullable): the WebSocket; %NULL: the event has been answered
 *
 * Since: 0.1
 */
H3WebSocket *h3_event_accept_websocket (H3Event *event, const H3WebSocketOptions *options);

/**
 * h3_event_accept_websocket_full: (rename-to h3_event_accept_websocket)
 * @event: a GET that asks for the upgrade
 * @protocols: (nullable) (array zero-terminated=1): subprotocols, the best first: the first of them
 *   that the client speaks too is agreed on
 * @origins: (nullable) (array zero-terminated=1): whose pages may connect ("https://example.com");
 *   `*` is anybody; %NULL: those of this host only
 * @max_message: bytes of a message; 0: H3Limits.websocket_message
 * @flags: what else
 *
 * Has the connection become a WebSocket, as h3_event_accept_websocket() does, with the fields of
 * #H3WebSocketOptions, which tells more, as arguments. The event's worker.
 *
 * Returns: (transfer full) (nullable): the WebSocket; %NULL: the event has been answered
 *
 * Since: 0.1
 */
H3WebSocket *h3_event_accept_websocket_full (H3Event *event, const char *const *protocols,
                                             const char *const *origins, guint64 max_message,
                                             H3WebSocketFlags flags);

/**
 * h3_websocket_ref:
 * @websocket: a WebSocket
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @websocket
 *
 * Since: 0.1
 */
H3WebSocket *h3_websocket_ref (H3WebSocket *websocket);

/**
 * h3_websocket_unref:
 * @websocket: (transfer full) (nullable): a WebSocket; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_websocket_unref (H3WebSocket *websocket);

/**
 * h3_websocket_get_protocol:
 * @websocket: a WebSocket
 *
 * Tells the subprotocol agreed on. Any thread.
 *
 * Returns: (transfer none) (nullable): the subprotocol, as long as the WebSocket; %NULL: none
 *
 * Since: 0.1
 */
const char *h3_websocket_get_protocol (const H3WebSocket *websocket);

/**
 * h3_websocket_is_open:
 * @websocket: a WebSocket
 *
 * Tells whether messages can be sent. Any thread.
 *
 * Returns: %TRUE where no Close was sent or received
 *
 * Since: 0.1
 */
gboolean h3_websocket_is_open (H3WebSocket *websocket);

/**
 * h3_websocket_get_waiting:
 * @websocket: a WebSocket
 *
 * Tells how much was sent that the system has not taken. Any thread; other threads than its worker
 * may see a little more.
 *
 * Returns: how many bytes wait
 *
 * Since: 0.1
 */
guint64 h3_websocket_get_waiting (H3WebSocket *websocket);

/**
 * h3_websocket_has_room:
 * @websocket: a WebSocket
 *
 * Tells whether not more than H3Limits.output waits: who sends much stops where it does, and goes
 * on when h3_websocket_on_drain() says so. Any thread.
 *
 * Returns: %FALSE where more waits
 *
 * Since: 0.1
 */
gboolean h3_websocket_has_room (H3WebSocket *websocket);

/**
 * h3_websocket_on_message:
 * @websocket: a WebSocket
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call;
 *   %NULL: nobody
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another takes its place, or behind the WebSocket's end
 *
 * Has @function called for each message. It takes the place of the one before. Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_on_message (H3WebSocket *websocket, H3WebSocketMessage function,
                              gpointer user_data, GDestroyNotify destroy);

/**
 * h3_websocket_on_piece:
 * @websocket: a WebSocket
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call;
 *   %NULL: nobody
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another takes its place, or behind the WebSocket's end
 *
 * Has @function called for each piece of a message, in the place of whole ones: only with
 * %H3_WEBSOCKET_PIECES. It takes the place of the one before. Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_on_piece (H3WebSocket *websocket, H3WebSocketPiece function, gpointer user_data,
                            GDestroyNotify destroy);

/**
 * h3_websocket_on_drain:
 * @websocket: a WebSocket
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call;
 *   %NULL: nobody
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another takes its place, or behind the WebSocket's end
 *
 * Has @function called when there is room again. It takes the place of the one before. Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_on_drain (H3WebSocket *websocket, H3WebSocketDrained function, gpointer user_data,
                            GDestroyNotify destroy);

/**
 * h3_websocket_on_close:
 * @websocket: a WebSocket
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call;
 *   %NULL: nobody
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another takes its place, or behind the WebSocket's end
 *
 * Has @function called once for the end. It takes the place of the one before. Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_on_close (H3WebSocket *websocket, H3WebSocketClosed function, gpointer user_data,
                            GDestroyNotify destroy);

/**
 * h3_websocket_take_message:
 * @websocket: a WebSocket whose #H3WebSocketMessage runs
 *
 * Takes the message that is being told, without copying it. Only within an #H3WebSocketMessage.
 *
 * Returns: (transfer full): the message
 *
 * Since: 0.1
 */
GBytes *h3_websocket_take_message (H3WebSocket *websocket);

/**
 * h3_websocket_pause:
 * @websocket: a WebSocket
 *
 * Has no more messages come until resumed: the peer is slowed down. Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_pause (H3WebSocket *websocket);

/**
 * h3_websocket_resume:
 * @websocket: a WebSocket
 *
 * Has messages come again after h3_websocket_pause(). Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_resume (H3WebSocket *websocket);

/**
 * h3_websocket_send:
 * @websocket: a WebSocket
 * @kind: what the message is
 * @data: (nullable) (array length=length) (element-type guint8): the message; copied. %NULL where
 *   @length is 0
 * @length: of @data, in bytes
 * @error: %H3_ERROR_CLOSED where it is not open any more, %H3_ERROR_LIMIT where more than
 *   H3Limits.websocket_output would wait, %H3_ERROR_INVALID for a text that is not UTF-8
 *
 * Sends a message. Messages of one thread keep their order. Any thread.
 *
 * Returns: %FALSE with @error set, and nothing is sent
 *
 * Since: 0.1
 */
gboolean h3_websocket_send (H3WebSocket *websocket, H3WebSocketKind kind, const char *data,
                            gsize length, GError **error);

/**
 * h3_websocket_send_text:
 * @websocket: a WebSocket
 * @text: the message, in UTF-8; copied
 * @error: as of h3_websocket_send()
 *
 * Sends a text. Messages of one thread keep their order. Any thread.
 *
 * Returns: %FALSE with @error set, and nothing is sent
 *
 * Since: 0.1
 */
gboolean h3_websocket_send_text (H3WebSocket *websocket, const char *text, GError **error);

/**
 * h3_websocket_send_bytes:
 * @websocket: a WebSocket
 * @kind: what the message is
 * @bytes: (transfer none): the message; not copied on the worker
 * @error: as of h3_websocket_send()
 *
 * Sends a message. Messages of one thread keep their order. Any thread.
 *
 * Returns: %FALSE with @error set, and nothing is sent
 *
 * Since: 0.1
 */
gboolean h3_websocket_send_bytes (H3WebSocket *websocket, H3WebSocketKind kind, GBytes *bytes,
                                  GError **error);

/**
 * h3_websocket_ping:
 * @websocket: a WebSocket
 * @data: (nullable) (array length=length) (element-type guint8): what comes back; copied
 * @length: of @data, in bytes: at most 125
 * @error: as of h3_websocket_send()
 *
 * Sends a ping (RFC 6455 §5.5.2). Whether the peer is there is asked without it, see
 * H3Limits.websocket_ping. Any thread.
 *
 * Returns: %FALSE with @error set, and nothing is sent
 *
 * Since: 0.1
 */
gboolean h3_websocket_ping (H3WebSocket *websocket, const char *data, gsize length, GError **error);

/**
 * h3_websocket_subscribe:
 * @websocket: a WebSocket
 * @channel: (transfer none): what to send
 *
 * Sends all that is published on @channel from now on, as text where it is UTF-8, until the
 * WebSocket or the channel ends.
 *
 * Each message is made a frame once for all who hear it, and is not compressed. One that falls
 * behind by more than the channel's bound is let go. Worker only.
 *
 * Since: 0.1
 */
void h3_websocket_subscribe (H3WebSocket *websocket, H3Channel *channel);

/**
 * h3_websocket_close:
 * @websocket: a WebSocket
 * @code: of RFC 6455 §7.4, such as %H3_WEBSOCKET_CLOSE_NORMAL, or of the program's own, 4000 to
 *   4999
 * @reason: (nullable): why, in UTF-8, at most 123 bytes
 *
 * Says Close, waits H3Limits.websocket_close for the peer's, and ends. Nothing happens where it is
 * not open any more. Any thread.
 *
 * Since: 0.1
 */
void h3_websocket_close (H3WebSocket *websocket, guint code, const char *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3WebSocket, h3_websocket_unref)

G_END_DECLS
