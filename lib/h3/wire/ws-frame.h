/* SPDX-License-Identifier: MIT
 *
 * Frames of WebSocket (RFC 6455 §5.2): their heads to and from bytes, the mask, which close codes
 * may be sent. Functions only; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10,
} WsOpcode;

/* A head is two bytes, up to eight of length, four of mask. */
#define WS_FRAME_MAX_HEAD 14
/* The payload of a control frame (§5.5). */
#define WS_FRAME_MAX_CONTROL 125
/* The reason of a Close stands behind two bytes of code. */
#define WS_FRAME_MAX_REASON (WS_FRAME_MAX_CONTROL - 2)

typedef struct {
    guint64 length; /* of the payload; below 2^63 */
    guint8 opcode;
    guint8 is_final;
    guint8 is_compressed; /* RSV1: permessage-deflate (RFC 7692 §6), where it was agreed on */
    guint8 is_masked;
    guint8 mask[4]; /* zeros where it is not masked */
} WsFrameHead;

/* Reads a head: its length; 0 where more bytes are needed; -1 where there can be none, which is
 * told by the first byte that is wrong: reserved bits and opcodes, a control frame that is long or
 * in fragments, a length that is not written in the fewest bytes. */
gssize ws_frame_read_head (const guint8 *data, gsize length, WsFrameHead *out);

/* Writes a head, at most WS_FRAME_MAX_HEAD bytes: its length. Without `is_masked` no mask. */
gsize ws_frame_write_head (const WsFrameHead *head, guint8 *out);

/* Masks or unmasks `length` bytes, `offset` bytes into the payload, from `from` to `to`, which may
 * be the same. */
void ws_frame_mask (char *to, const char *from, gsize length, const guint8 mask[4], guint64 offset);

/* Whether a Close may have this code (§7.4): not those that only programs tell one another. */
gboolean ws_frame_is_close_code (guint code);

static inline gboolean
ws_frame_is_control (guint8 opcode)
{
    return opcode >= WS_CLOSE;
}

G_END_DECLS
