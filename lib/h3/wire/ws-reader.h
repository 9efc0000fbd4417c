/* SPDX-License-Identifier: MIT
 *
 * WebSocket messages out of bytes (RFC 6455 §5, §8.1): frames joined, control frames between them,
 * everything checked as soon as its byte is there. It holds what has come, never what a frame only
 * announces. Embedded in a connection; its worker only. */

#pragma once

#include <h3/base/utf8.h>
#include <h3/base/view.h>
#include <h3/format/coder.h>
#include <h3/wire/ws-frame.h>

G_BEGIN_DECLS

/* What there is: see the fields of the reader. */
typedef enum {
    WS_READ_MORE,    /* all bytes are taken, and more are needed */
    WS_READ_MESSAGE, /* a whole message: `kind`, `content` (a NUL behind it) */
    WS_READ_PIECE,   /* instead, where pieces are wanted: `is_last` where the message ends */
    WS_READ_PING,    /* `content` */
    WS_READ_PONG,    /* `content` */
    WS_READ_CLOSE,   /* `code` (0: none), `content`: the reason. Nothing is read behind it */
    WS_READ_FAILED,  /* `code`: what to close with; `content`: why. Nothing is read behind it */
} WsRead;

/*   HEAD ── the head of a data frame ──▶ DATA ── its last byte ──▶ HEAD
 *    ├───── the head of a control frame ─▶ CONTROL ─ its last byte ─▶ HEAD
 *    └── Close, or a fault ──▶ ENDED ◀── a fault ── DATA, CONTROL
 *
 *   HEAD     `head` has the bytes of a head so far
 *   DATA     `done` of the frame's bytes are in `buffer`, or have been inflated into it
 *   CONTROL  `done` of them are in `control`
 *   ENDED    what comes is thrown away */
typedef enum { WS_READER_HEAD, WS_READER_DATA, WS_READER_CONTROL, WS_READER_ENDED } WsReaderState;

typedef struct {
    /* What it is set up with. */
    guint64 max_message; /* bytes of a message, of whole ones and of those in pieces */
    guint8 is_client;    /* the peer is a server: its frames are not masked, a client's all are */
    guint8 in_pieces;    /* may change between messages */
    guint8 may_inflate;  /* permessage-deflate was agreed on (RFC 7692) */
    guint8 forgets;      /* … without context takeover: each message stands alone */
    guint8 window_bits;  /* … how far the peer's references go back; 0: the most */

    guint8 state;
    guint8 message_kind; /* of the message under way; WS_CONTINUATION: none */
    guint8 is_compressed;
    guint8 head_length;
    guint8 head[WS_FRAME_MAX_HEAD];
    WsFrameHead frame;
    guint64 done;         /* bytes of the frame's payload */
    guint64 message_size; /* bytes of the message so far, those to come of this frame too; of one
                           * that is not compressed */
    Coder *inflater;      /* owned; NULL: no compressed message has come, or each stands alone */
    Utf8Check utf8;
    char *buffer;     /* owned; NULL: nothing has come */
    gsize size, room; /* of the buffer: in use, allocated */
    char control[WS_FRAME_MAX_CONTROL];

    /* What was read last. */
    guint8 kind;    /* WS_TEXT, WS_BINARY */
    guint8 is_last; /* a piece */
    guint16 code;
    H3View content; /* borrowed: this reader; until the next call */
} WsReader;

void ws_reader_init (WsReader *reader, gboolean is_client, guint64 max_message);
void ws_reader_clear (WsReader *reader);

/* Reads on, and moves `*data` behind what was taken. */
WsRead ws_reader_read (WsReader *reader, const char **data, gsize *length);

/* Of the message that was just read. Returns: (transfer full): its bytes, never copied. */
GBytes *ws_reader_take_message (WsReader *reader);

/* Nothing of `content` is needed any more: a buffer without a message under way is freed. */
void ws_reader_rest (WsReader *reader);

G_END_DECLS
