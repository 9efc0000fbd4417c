/* SPDX-License-Identifier: MIT */

#include "websocket-private.h"

#include <h3/base/counters.h>
#include <h3/loop/clock.h>

#include <string.h>

/* Bytes of messages in a turn; then others have theirs. What is compressed comes a thousandfold out
 * of what is received in one go. */
#define TOLD_A_TURN ((gsize) 1024 * 1024)

G_DEFINE_BOXED_TYPE (H3WebSocket, h3_websocket, h3_websocket_ref, h3_websocket_unref)

gboolean
websocket_is_on_worker (const H3WebSocket *websocket)
{
    return loop_get_current () == websocket->loop;
}

H3WebSocket *
h3_websocket_ref (H3WebSocket *websocket)
{
    g_return_val_if_fail (websocket != NULL, NULL);
    atomic_fetch_add_explicit (&websocket->refs, 1, memory_order_relaxed);
    return websocket;
}

/* Until the end has been told the library holds it, so nothing of the worker's is left here. */
void
h3_websocket_unref (H3WebSocket *websocket)
{
    if (websocket == NULL
        || atomic_fetch_sub_explicit (&websocket->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_assert (websocket->state == WEBSOCKET_CLOSED);
    loop_unref (websocket->loop);
    g_free (websocket->protocol);
    g_free (websocket->reason);
    g_free (websocket);
    counters_add (COUNTER_WEBSOCKETS_LIVE, -1);
}

static void
set_state (H3WebSocket *websocket, WebSocketState state)
{
    static const char *const names[] = { "open", "closing", "ending", "closed" };

    g_debug ("websocket %p: %s to %s", (gpointer) websocket, names[websocket->state], names[state]);
    websocket->state = state;
    atomic_store_explicit (&websocket->is_shut, TRUE, memory_order_release);
}

static void
drop_callback (WebSocketCallback *callback)
{
    WebSocketCallback old = *callback;

    memset (callback, 0, sizeof *callback);
    if (old.destroy != NULL)
        old.destroy (old.user_data);
}

void
websocket_set_callback (H3WebSocket *websocket, WebSocketCallback *callback, GCallback function,
                        gpointer user_data, GDestroyNotify destroy)
{
    /* It may be on the stack: its data lasts until the turn is over. */
    if (callback->destroy != NULL)
        loop_defer (websocket->loop, callback->destroy, callback->user_data);
    memset (callback, 0, sizeof *callback);
    if (websocket->state == WEBSOCKET_CLOSED) {
        if (destroy != NULL)
            loop_defer (websocket->loop, destroy, user_data);
        return;
    }
    *callback = (WebSocketCallback){ function, user_data, destroy };
}

static void
set_end (H3WebSocket *websocket, guint code, H3View reason, gboolean is_clean)
{
    if (websocket->code != 0)
        return;
    websocket->code = (guint16) code;
    websocket->reason = g_strndup (reason.data, reason.length);
    websocket->is_clean = is_clean != FALSE;
}

/* The stream's end, which tells ours, comes when this turn is over. */
static void
start_ending (H3WebSocket *websocket)
{
    set_state (websocket, WEBSOCKET_ENDING);
    h3_stream_close (websocket->stream);
}

void
websocket_fail (H3WebSocket *websocket, guint code, const char *reason)
{
    if (websocket->state == WEBSOCKET_OPEN)
        websocket_write_close (websocket, code, reason);
    set_end (websocket, code, h3_view_of (reason), FALSE);
    start_ending (websocket);
}

void
websocket_drop (H3WebSocket *websocket, const char *reason)
{
    set_end (websocket, H3_WEBSOCKET_CLOSE_ABNORMAL, h3_view_of (reason), FALSE);
    start_ending (websocket);
}

static void
arm (H3WebSocket *websocket, gint64 when)
{
    Alarms *alarms = loop_get_alarms (websocket->loop);

    if (alarms != NULL)
        alarms_set (alarms, &websocket->alarm, when);
}

void
websocket_start_closing (H3WebSocket *websocket, guint code, const char *reason)
{
    if (websocket->state != WEBSOCKET_OPEN)
        return;
    websocket_write_close (websocket, code, reason);
    set_state (websocket, WEBSOCKET_CLOSING);
    websocket->gate_state = GATE_OPEN; /* what waits there is not told any more */
    alarms_clear (loop_get_alarms (websocket->loop), &websocket->alarm);
    if (websocket->close_time > 0)
        arm (websocket, clock_get_now () + websocket->close_time);
    /* The answer stands behind all that the peer has sent, wanted or not. */
    websocket_go_on (websocket);
}

static gboolean
wants_messages (const H3WebSocket *websocket)
{
    return websocket->state == WEBSOCKET_OPEN && !websocket->is_paused && !websocket->is_full;
}

static gboolean
wants_input (const H3WebSocket *websocket)
{
    if (websocket->state == WEBSOCKET_CLOSING)
        return TRUE;
    return wants_messages (websocket) && websocket->gate_state == GATE_OPEN;
}

/* A message that has passed the gate is told before anything else is read. */
static gboolean
has_message_ready (const H3WebSocket *websocket)
{
    return wants_messages (websocket) && websocket->gate_state == GATE_READY;
}

static void
on_close_read (H3WebSocket *websocket)
{
    const WsReader *reader = &websocket->reader;

    if (websocket->state == WEBSOCKET_OPEN)
        websocket_write_close (websocket, reader->code, NULL);
    set_end (websocket, reader->code != 0 ? reader->code : H3_WEBSOCKET_CLOSE_NO_CODE,
             reader->content, TRUE);
    start_ending (websocket);
}

static void
take_read (H3WebSocket *websocket, WsRead read)
{
    const WsReader *reader = &websocket->reader;
    gboolean is_open = websocket->state == WEBSOCKET_OPEN;

    switch (read) {
    case WS_READ_MESSAGE:
    case WS_READ_PIECE:
        if (is_open)
            websocket_tell (websocket);
        break;
    case WS_READ_PING:
        if (is_open)
            websocket_write_frame (websocket, WS_PONG, reader->content.data, reader->content.length,
                                   NULL);
        break;
    case WS_READ_CLOSE:
        on_close_read (websocket);
        break;
    case WS_READ_FAILED:
        websocket_fail (websocket, reader->code, reader->content.data);
        break;
    case WS_READ_PONG:
    case WS_READ_MORE:
        break;
    }
}

static void
keep_unread (H3WebSocket *websocket, const char *data, gsize length)
{
    if (length == 0)
        return;
    if (websocket->unread == NULL)
        websocket->unread = g_byte_array_new ();
    g_byte_array_append (websocket->unread, (const guint8 *) data, (guint) length);
}

static void on_go_on (gpointer data);

/* Held by the caller. */
static void
read_on (H3WebSocket *websocket, const char *data, gsize length)
{
    WsRead read = WS_READ_PING;
    gsize told = 0;

    while (read != WS_READ_MORE && wants_input (websocket) && told < TOLD_A_TURN) {
        read = ws_reader_read (&websocket->reader, &data, &length);
        take_read (websocket, read);
        if (read == WS_READ_MESSAGE || read == WS_READ_PIECE)
            told += websocket->reader.content.length;
    }
    if (websocket->state <= WEBSOCKET_CLOSING)
        keep_unread (websocket, data, length);
    if (websocket->gate_state == GATE_OPEN)
        ws_reader_rest (&websocket->reader);
    if (websocket->unread != NULL && wants_input (websocket))
        loop_post (websocket->loop, on_go_on, h3_websocket_ref (websocket),
                   (GDestroyNotify) h3_websocket_unref);
}

static void
on_go_on (gpointer data)
{
    g_autoptr (H3WebSocket) websocket = data;
    g_autoptr (GByteArray) unread = NULL;

    if (has_message_ready (websocket)) {
        websocket_tell_waiting (websocket);
        ws_reader_rest (&websocket->reader);
    }
    if (!wants_input (websocket))
        return;
    unread = g_steal_pointer (&websocket->unread);
    if (unread != NULL)
        read_on (websocket, (const char *) unread->data, unread->len);
    if (wants_input (websocket) && websocket->unread == NULL)
        h3_stream_resume (websocket->stream);
}

void
websocket_go_on (H3WebSocket *websocket)
{
    if (wants_input (websocket) || has_message_ready (websocket))
        loop_defer (websocket->loop, on_go_on, h3_websocket_ref (websocket));
}

static void
end (H3WebSocket *websocket)
{
    g_autoptr (H3Stream) stream = g_steal_pointer (&websocket->stream);
    H3WebSocketClosed function = (H3WebSocketClosed) websocket->on_close.function;

    set_end (websocket, H3_WEBSOCKET_CLOSE_ABNORMAL, H3_VIEW_EMPTY, FALSE);
    set_state (websocket, WEBSOCKET_CLOSED);
    atomic_store_explicit (&websocket->known_waiting, 0, memory_order_relaxed);
    alarms_clear (loop_get_alarms (websocket->loop), &websocket->alarm);
    g_clear_pointer (&websocket->unread, g_byte_array_unref);
    ws_reader_clear (&websocket->reader);
    g_clear_pointer (&websocket->deflater, coder_free);
    websocket_stop_listening (websocket);
    h3_stream_on_drain (stream, NULL, NULL, NULL);
    h3_stream_close (stream);
    if (function != NULL)
        function (websocket, websocket->code, websocket->reason, websocket->is_clean,
                  websocket->on_close.user_data);
    drop_callback (&websocket->on_message);
    drop_callback (&websocket->on_piece);
    drop_callback (&websocket->on_drain);
    drop_callback (&websocket->on_close);
    drop_callback (&websocket->gate);
    h3_websocket_unref (websocket);
}

static void
on_stream (H3Stream *stream, const char *data, gsize length, const GError *error,
           gpointer user_data)
{
    H3WebSocket *websocket = user_data;

    if (data == NULL) {
        end (websocket);
        return;
    }
    websocket->heard = clock_get_now ();
    websocket->is_pinged = FALSE;
    h3_websocket_ref (websocket);
    /* What waits to be read comes first. */
    if (websocket->unread != NULL)
        keep_unread (websocket, data, length);
    else
        read_on (websocket, data, length);
    if (websocket->state <= WEBSOCKET_CLOSING
        && (!wants_input (websocket) || websocket->unread != NULL))
        h3_stream_pause (stream);
    h3_websocket_unref (websocket);
}

/* The peer has said nothing for long: it is asked, or, where it was, it is no more. */
static void
on_silence (H3WebSocket *websocket)
{
    gint64 now = clock_get_now ();
    gint64 silent = now - websocket->heard;

    /* Who is not read cannot be heard: what it takes is bounded by the stream. */
    if (!wants_input (websocket)) {
        arm (websocket, now + websocket->ping_time);
    } else if (silent < websocket->ping_time) {
        arm (websocket, websocket->heard + websocket->ping_time);
    } else if (websocket->is_pinged) {
        websocket_drop (websocket, "no answer to a ping");
    } else {
        websocket->is_pinged = TRUE;
        arm (websocket, now + websocket->ping_time);
        websocket_write_frame (websocket, WS_PING, NULL, 0, NULL);
    }
}

static void
on_alarm (Alarm *alarm)
{
    H3WebSocket *websocket =
        (H3WebSocket *) ((char *) alarm - G_STRUCT_OFFSET (H3WebSocket, alarm));

    if (websocket->state == WEBSOCKET_OPEN)
        on_silence (websocket);
    else if (websocket->state == WEBSOCKET_CLOSING)
        start_ending (websocket);
}

static void
on_server_drain (gpointer data)
{
    websocket_start_closing (data, H3_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
}

H3WebSocket *
websocket_new (H3Stream *stream, Loop *loop, const H3Limits *limits,
               const H3WebSocketOptions *options, const WsHandshake *handshake)
{
    H3WebSocket *websocket = g_new0 (H3WebSocket, 1);
    guint64 max_message =
        options->max_message > 0 ? options->max_message : (guint64) limits->websocket_message;

    counters_add (COUNTER_WEBSOCKETS_LIVE, 1);
    /* One is the library's, until the end was told. */
    atomic_init (&websocket->refs, 2);
    websocket->loop = loop_ref (loop);
    websocket->stream = stream;
    websocket->protocol = g_strdup (handshake->protocol);
    websocket->output_mark = (guint64) limits->output;
    websocket->max_output = (guint64) limits->websocket_output;
    websocket->ping_time = limits->websocket_ping;
    websocket->close_time = limits->websocket_close;
    websocket->heard = clock_get_now ();
    websocket->alarm.on_due = on_alarm;
    ws_reader_init (&websocket->reader, FALSE, max_message);
    websocket->reader.in_pieces = (options->flags & H3_WEBSOCKET_PIECES) != 0;
    websocket->deflate = handshake->deflate;
    websocket->reader.may_inflate = handshake->deflate.is_on;
    websocket->reader.forgets = handshake->deflate.client_keeps_nothing;
    websocket->reader.window_bits = handshake->deflate.client_bits;
    if (websocket->ping_time > 0)
        arm (websocket, websocket->heard + websocket->ping_time);
    stream_on_server_drain (stream, on_server_drain, websocket);
    h3_stream_read (stream, on_stream, websocket, NULL);
    return websocket;
}

const char *
h3_websocket_get_protocol (const H3WebSocket *websocket)
{
    g_return_val_if_fail (websocket != NULL, NULL);
    return websocket->protocol;
}

void
h3_websocket_on_message (H3WebSocket *websocket, H3WebSocketMessage function, gpointer user_data,
                         GDestroyNotify destroy)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket_set_callback (websocket, &websocket->on_message, G_CALLBACK (function), user_data,
                            destroy);
}

void
h3_websocket_on_piece (H3WebSocket *websocket, H3WebSocketPiece function, gpointer user_data,
                       GDestroyNotify destroy)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket_set_callback (websocket, &websocket->on_piece, G_CALLBACK (function), user_data,
                            destroy);
}

void
h3_websocket_on_drain (H3WebSocket *websocket, H3WebSocketDrained function, gpointer user_data,
                       GDestroyNotify destroy)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket_set_callback (websocket, &websocket->on_drain, G_CALLBACK (function), user_data,
                            destroy);
}

void
h3_websocket_on_close (H3WebSocket *websocket, H3WebSocketClosed function, gpointer user_data,
                       GDestroyNotify destroy)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket_set_callback (websocket, &websocket->on_close, G_CALLBACK (function), user_data,
                            destroy);
}

GBytes *
h3_websocket_take_message (H3WebSocket *websocket)
{
    g_return_val_if_fail (websocket != NULL && websocket_is_on_worker (websocket), NULL);
    g_return_val_if_fail (websocket->has_message, NULL);
    websocket->has_message = FALSE;
    return ws_reader_take_message (&websocket->reader);
}

void
h3_websocket_pause (H3WebSocket *websocket)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket->is_paused = TRUE;
    if (websocket->stream != NULL && !wants_input (websocket))
        h3_stream_pause (websocket->stream);
}

void
h3_websocket_resume (H3WebSocket *websocket)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket->is_paused = FALSE;
    websocket_go_on (websocket);
}
