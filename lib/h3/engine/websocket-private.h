/* SPDX-License-Identifier: MIT
 *
 * What the files of websocket share. The worker's thread, but where a function says otherwise. */

#pragma once

#include <h3/engine/stream-inside.h>
#include <h3/engine/websocket.h>
#include <h3/http/limits.h>
#include <h3/loop/alarms.h>
#include <h3/loop/loop.h>
#include <h3/wire/ws-handshake.h>
#include <h3/wire/ws-reader.h>

#include <stdatomic.h>

G_BEGIN_DECLS

/*   OPEN ── h3_websocket_close (), the server's drain ──▶ CLOSING
 *    │                                                      │ the peer's Close
 *    ├── the peer's Close, answered; a fault, told ───▶ ENDING ◀┘ or the deadline
 *    │                                                      │ the stream's end
 *    └── the stream's end ──────────────────────────▶ CLOSED ◀┘
 *
 *   OPEN     messages go both ways
 *   CLOSING  Close was sent; messages that come are dropped
 *   ENDING   nothing is read or sent any more; the stream's end is on its way
 *   CLOSED   the stream is let go, the end was told */
typedef enum {
    WEBSOCKET_OPEN,
    WEBSOCKET_CLOSING,
    WEBSOCKET_ENDING,
    WEBSOCKET_CLOSED,
} WebSocketState;

/* Where a message that was read stands. While it is not OPEN nothing is read, and the reader keeps
 * the message as it is.
 *
 *   OPEN   nothing waits
 *   ASKED  the gate's function runs
 *   SHUT   it waits for websocket_open_gate ()
 *   READY  it may be told as soon as the program reads */
typedef enum { GATE_OPEN, GATE_ASKED, GATE_SHUT, GATE_READY } GateState;

/* A function of the program's. */
typedef struct {
    GCallback function;     /* NULL: none */
    gpointer user_data;     /* owned, by way of destroy */
    GDestroyNotify destroy; /* (nullable) */
} WebSocketCallback;

struct _H3WebSocket {
    atomic_int refs;
    atomic_bool is_shut;           /* not OPEN: for any thread */
    _Atomic guint64 posted;        /* bytes on their way from other threads */
    _Atomic guint64 known_waiting; /* in the stream, when last looked: for other threads */
    Loop *loop;                    /* ref */
    char *protocol;                /* owned; NULL: none */
    guint64 output_mark, max_output;
    gint64 ping_time, close_time; /* milliseconds; 0: never */

    WebSocketState state;
    H3Stream *stream; /* ref; NULL: CLOSED */
    WsReader reader;
    WsDeflateTerms deflate;
    Coder *deflater;       /* owned; NULL: nothing was compressed, or each message stands alone */
    GSList *listening;     /* owned: of H3Subscription (ref): the channels it hears */
    GByteArray *unread;    /* owned; NULL: nothing. What came while nothing was wanted */
    Alarm alarm;           /* OPEN: the peer's silence; CLOSING: the deadline */
    gint64 heard;          /* when something came last */
    guint is_pinged : 1;   /* and has not been heard since */
    guint is_paused : 1;   /* by the program */
    guint is_full : 1;     /* more waits than should: nothing is read until it has left */
    guint has_message : 1; /* one is being told */
    guint is_within : 1;   /* … of which pieces were told, and not the last */
    guint is_clean : 1;
    guint gate_state : 2; /* GateState */
    guint16 code;         /* of the end; 0: none known yet */
    char *reason;         /* owned; NULL: none */
    WebSocketCallback on_message, on_piece, on_drain, on_close;
    WebSocketCallback gate; /* asked before a message is told */
};

/* Takes the stream (transfer full) and reads it. */
H3WebSocket *websocket_new (H3Stream *stream, Loop *loop, const H3Limits *limits,
                            const H3WebSocketOptions *options, const WsHandshake *handshake);

gboolean websocket_is_on_worker (const H3WebSocket *websocket);

/* One frame, now. `bytes` is what holds `data`, or NULL: then it is copied. */
void websocket_write_frame (H3WebSocket *websocket, WsOpcode opcode, const char *data, gsize length,
                            GBytes *bytes);
/* Close, now, and nothing is sent behind it. Code 0: an empty one. */
void websocket_write_close (H3WebSocket *websocket, guint code, const char *reason);
/* Of the channels it hears: none any more. */
void websocket_stop_listening (H3WebSocket *websocket);
/* More waits than should, or nothing does: reading rests, or goes on. */
void websocket_note_output (H3WebSocket *websocket);

/* What was read is told, unless the gate has it wait. */
void websocket_tell (H3WebSocket *websocket);
/* What is READY is told. */
void websocket_tell_waiting (H3WebSocket *websocket);
/* A function in the place of another, which may be on the stack. */
void websocket_set_callback (H3WebSocket *websocket, WebSocketCallback *callback,
                             GCallback function, gpointer user_data, GDestroyNotify destroy);

/* Closes with `code`, and ends. */
void websocket_fail (H3WebSocket *websocket, guint code, const char *reason);
/* Ends without Close. */
void websocket_drop (H3WebSocket *websocket, const char *reason);
/* Says Close and waits for the peer's. */
void websocket_start_closing (H3WebSocket *websocket, guint code, const char *reason);
/* Reading goes on, where nothing keeps it, in the turn that comes. */
void websocket_go_on (H3WebSocket *websocket);

G_END_DECLS
