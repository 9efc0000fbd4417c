/* SPDX-License-Identifier: MIT
 *
 * What leaves by a WebSocket, from any thread. */

#include "websocket-private.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/base/utf8.h>

#include <string.h>

/* Payloads up to this are copied behind their head. */
#define SMALL 4096

/* Shorter messages gain nothing by being compressed. */
#define LEAST_COMPRESSED 32

static guint64
get_waiting_here (H3WebSocket *websocket)
{
    guint64 waiting = websocket->stream != NULL ? stream_get_waiting (websocket->stream) : 0;

    atomic_store_explicit (&websocket->known_waiting, waiting, memory_order_relaxed);
    return waiting;
}

static void
tell_drained (H3WebSocket *websocket)
{
    WebSocketCallback told = websocket->on_drain;

    if (told.function != NULL && websocket->state == WEBSOCKET_OPEN)
        ((H3WebSocketDrained) told.function) (websocket, told.user_data);
}

static void on_stream_drained (H3Stream *stream, gpointer user_data);

void
websocket_note_output (H3WebSocket *websocket)
{
    guint64 waiting = get_waiting_here (websocket);

    if (websocket->is_full || waiting <= websocket->output_mark)
        return;
    websocket->is_full = TRUE;
    if (websocket->state == WEBSOCKET_OPEN)
        h3_stream_pause (websocket->stream);
    h3_stream_on_drain (websocket->stream, on_stream_drained, websocket, NULL);
}

/* The peer has taken enough; what was written since may be too much again. */
static void
on_stream_drained (H3Stream *stream, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_websocket_ref (user_data);

    h3_stream_on_drain (stream, NULL, NULL, NULL);
    websocket->is_full = FALSE;
    websocket_note_output (websocket);
    if (websocket->is_full)
        return;
    tell_drained (websocket);
    websocket_go_on (websocket);
}

static void
write_frame (H3WebSocket *websocket, const WsFrameHead *head, const char *data, GBytes *bytes)
{
    char frame[WS_FRAME_MAX_HEAD + SMALL];
    gsize size = ws_frame_write_head (head, (guint8 *) frame);
    gsize length = (gsize) head->length;

    if (length <= SMALL) {
        if (length > 0)
            memcpy (frame + size, data, length);
        (void) h3_stream_write (websocket->stream, frame, size + length);
    } else {
        (void) h3_stream_write (websocket->stream, frame, size);
        if (bytes != NULL)
            (void) h3_stream_write_bytes (websocket->stream, bytes);
        else
            (void) h3_stream_write (websocket->stream, data, length);
    }
    websocket_note_output (websocket);
}

void
websocket_write_frame (H3WebSocket *websocket, WsOpcode opcode, const char *data, gsize length,
                       GBytes *bytes)
{
    const WsFrameHead head = { .opcode = opcode, .is_final = TRUE, .length = length };

    write_frame (websocket, &head, data, bytes);
}

/* A message as permessage-deflate has it (RFC 7692 §7.2.1). */
static void
write_compressed (H3WebSocket *websocket, WsOpcode opcode, const char *data, gsize length)
{
    WsFrameHead head = { .opcode = opcode, .is_final = TRUE, .is_compressed = TRUE };
    g_autoptr (GByteArray) output = g_byte_array_new ();
    g_autoptr (GBytes) bytes = NULL;
    CoderResult result;

    if (websocket->deflater == NULL)
        websocket->deflater =
            coder_new_encoding (CODING_BARE, CODER_LEVEL_DEFAULT, websocket->deflate.server_bits);
    result = coder_append (websocket->deflater, h3_view (data, length), CODER_FLUSH, output);
    g_assert (result == CODER_READY && output->len > CODER_TAIL.length);
    g_byte_array_set_size (output, output->len - (guint) CODER_TAIL.length);
    head.length = output->len;
    bytes = g_byte_array_free_to_bytes (g_steal_pointer (&output));
    write_frame (websocket, &head, g_bytes_get_data (bytes, NULL), bytes);
    if (websocket->deflate.server_keeps_nothing)
        g_clear_pointer (&websocket->deflater, coder_free);
}

void
websocket_write_close (H3WebSocket *websocket, guint code, const char *reason)
{
    char payload[WS_FRAME_MAX_CONTROL] = { (char) (code >> 8), (char) code };
    gsize length = reason != NULL ? MIN (strlen (reason), WS_FRAME_MAX_REASON) : 0;

    if (length > 0)
        memcpy (payload + 2, reason, length);
    websocket_write_frame (websocket, WS_CLOSE, payload, code != 0 ? 2 + length : 0, NULL);
}

/* What another thread wants sent: a message, a ping or, with a code in front of the reason, Close.
 */
typedef struct {
    H3WebSocket *websocket; /* ref */
    WsOpcode opcode;
    guint code;
    gsize length;
    char data[]; /* and a NUL */
} Posted;

static void
free_posted (gpointer data)
{
    Posted *posted = data;

    atomic_fetch_sub_explicit (&posted->websocket->posted, posted->length, memory_order_relaxed);
    h3_websocket_unref (posted->websocket);
    g_free (posted);
}

static void
send_here (H3WebSocket *websocket, WsOpcode opcode, const char *data, gsize length, GBytes *bytes)
{
    if (websocket->state != WEBSOCKET_OPEN)
        return;
    if (!ws_frame_is_control (opcode))
        counters_add (COUNTER_WEBSOCKETS_SENT, 1);
    if (!ws_frame_is_control (opcode) && websocket->deflate.is_on && length >= LEAST_COMPRESSED)
        write_compressed (websocket, opcode, data, length);
    else
        websocket_write_frame (websocket, opcode, data, length, bytes);
}

static void
send_posted (gpointer data)
{
    Posted *posted = data;

    if (posted->opcode == WS_CLOSE)
        websocket_start_closing (posted->websocket, posted->code, posted->data);
    else
        send_here (posted->websocket, posted->opcode, posted->data, posted->length, NULL);
    free_posted (posted);
}

static void
post (H3WebSocket *websocket, WsOpcode opcode, guint code, const char *data, gsize length)
{
    Posted *posted = g_malloc (sizeof *posted + length + 1);

    posted->websocket = h3_websocket_ref (websocket);
    posted->opcode = opcode;
    posted->code = code;
    posted->length = length;
    if (length > 0)
        memcpy (posted->data, data, length);
    posted->data[length] = '\0';
    atomic_fetch_add_explicit (&websocket->posted, length, memory_order_relaxed);
    loop_post (websocket->loop, send_posted, posted, free_posted);
}

gboolean
h3_websocket_is_open (H3WebSocket *websocket)
{
    g_return_val_if_fail (websocket != NULL, FALSE);
    return !atomic_load_explicit (&websocket->is_shut, memory_order_acquire);
}

guint64
h3_websocket_get_waiting (H3WebSocket *websocket)
{
    guint64 waiting;

    g_return_val_if_fail (websocket != NULL, 0);
    waiting = websocket_is_on_worker (websocket)
                  ? get_waiting_here (websocket)
                  : atomic_load_explicit (&websocket->known_waiting, memory_order_relaxed);
    return waiting + atomic_load_explicit (&websocket->posted, memory_order_relaxed);
}

gboolean
h3_websocket_has_room (H3WebSocket *websocket)
{
    g_return_val_if_fail (websocket != NULL, FALSE);
    return h3_websocket_get_waiting (websocket) <= websocket->output_mark;
}

/* Whether so much more may be sent. */
static gboolean
may_send (H3WebSocket *websocket, gsize length, GError **error)
{
    guint64 waiting = h3_websocket_get_waiting (websocket);

    if (!h3_websocket_is_open (websocket)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_CLOSED, "the WebSocket is closed");
        return FALSE;
    }
    if (waiting <= websocket->max_output && length <= websocket->max_output - waiting)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                 "%" G_GUINT64_FORMAT " bytes wait for the WebSocket's peer: no more may", waiting);
    return FALSE;
}

static gboolean
is_text (const char *data, gsize length, GError **error)
{
    Utf8Check utf8 = { 0 };

    if (length == 0 || (utf8_check (&utf8, data, length) && utf8_check_is_whole (&utf8)))
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                         "a text for a WebSocket is not UTF-8: send it as binary");
    return FALSE;
}

static gboolean
send_message (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
              GBytes *bytes, GError **error)
{
    if (!may_send (websocket, length, error))
        return FALSE;
    if (kind == H3_WEBSOCKET_TEXT && !is_text (data, length, error))
        return FALSE;
    if (websocket_is_on_worker (websocket))
        send_here (websocket, (WsOpcode) kind, data, length, bytes);
    else
        post (websocket, (WsOpcode) kind, 0, data, length);
    return TRUE;
}

gboolean
h3_websocket_send (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
                   GError **error)
{
    g_return_val_if_fail (websocket != NULL && (data != NULL || length == 0), FALSE);
    g_return_val_if_fail (kind == H3_WEBSOCKET_TEXT || kind == H3_WEBSOCKET_BINARY, FALSE);
    return send_message (websocket, kind, data, length, NULL, error);
}

gboolean
h3_websocket_send_text (H3WebSocket *websocket, const char *text, GError **error)
{
    g_return_val_if_fail (websocket != NULL && text != NULL, FALSE);
    return send_message (websocket, H3_WEBSOCKET_TEXT, text, strlen (text), NULL, error);
}

gboolean
h3_websocket_send_bytes (H3WebSocket *websocket, H3WebSocketKind kind, GBytes *bytes,
                         GError **error)
{
    const char *data;
    gsize length;

    g_return_val_if_fail (websocket != NULL && bytes != NULL, FALSE);
    g_return_val_if_fail (kind == H3_WEBSOCKET_TEXT || kind == H3_WEBSOCKET_BINARY, FALSE);
    data = g_bytes_get_data (bytes, &length);
    return send_message (websocket, kind, data, length, bytes, error);
}

gboolean
h3_websocket_ping (H3WebSocket *websocket, const char *data, gsize length, GError **error)
{
    g_return_val_if_fail (websocket != NULL && (data != NULL || length == 0), FALSE);
    g_return_val_if_fail (length <= WS_FRAME_MAX_CONTROL, FALSE);
    if (!may_send (websocket, length, error))
        return FALSE;
    if (websocket_is_on_worker (websocket))
        send_here (websocket, WS_PING, data, length, NULL);
    else
        post (websocket, WS_PING, 0, data, length);
    return TRUE;
}

void
h3_websocket_close (H3WebSocket *websocket, guint code, const char *reason)
{
    gsize length = reason != NULL ? strlen (reason) : 0;

    g_return_if_fail (websocket != NULL && ws_frame_is_close_code (code));
    g_return_if_fail (length <= WS_FRAME_MAX_REASON && is_text (reason, length, NULL));
    if (websocket_is_on_worker (websocket))
        websocket_start_closing (websocket, code, reason);
    else
        post (websocket, WS_CLOSE, code, reason, length);
}
