/* SPDX-License-Identifier: MIT */

#include "ws-frame.h"

#include <string.h>

enum { BIT_FINAL = 0x80, BIT_COMPRESSED = 0x40, BITS_RESERVED = 0x30, BIT_MASKED = 0x80 };

/* What the seven bits of length say where it does not fit into them. */
enum { LENGTH_16 = 126, LENGTH_64 = 127 };

static gboolean
is_opcode (guint8 opcode)
{
    return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

/* Whether a frame may begin so, as far as it has come: one byte, or two. */
static gboolean
begins_well (const guint8 *data, gsize length)
{
    guint8 opcode = data[0] & 0x0f;

    if ((data[0] & BITS_RESERVED) != 0 || !is_opcode (opcode))
        return FALSE;
    if (!ws_frame_is_control (opcode))
        return TRUE;
    return (data[0] & (BIT_FINAL | BIT_COMPRESSED)) == BIT_FINAL
           && (length < 2 || (data[1] & 0x7f) <= WS_FRAME_MAX_CONTROL);
}

static guint64
read_number (const guint8 *data, gsize length)
{
    guint64 number = 0;

    for (gsize i = 0; i < length; i++)
        number = number << 8 | data[i];
    return number;
}

gssize
ws_frame_read_head (const guint8 *data, gsize length, WsFrameHead *out)
{
    gsize number_length = 0;
    gsize mask_length;

    if (length == 0)
        return 0;
    if (!begins_well (data, length))
        return -1;
    if (length < 2)
        return 0;
    mask_length = (data[1] & BIT_MASKED) != 0 ? 4 : 0;
    out->length = data[1] & 0x7f;
    if (out->length == LENGTH_16)
        number_length = 2;
    else if (out->length == LENGTH_64)
        number_length = 8;
    /* The topmost bit must be 0: told by the first byte of eight. */
    if (number_length == 8 && length > 2 && (data[2] & 0x80) != 0)
        return -1;
    if (length < 2 + number_length)
        return 0;
    if (number_length > 0)
        out->length = read_number (data + 2, number_length);
    if ((number_length == 2 && out->length < LENGTH_16)
        || (number_length == 8 && out->length <= G_MAXUINT16))
        return -1;
    if (length < 2 + number_length + mask_length)
        return 0;
    out->opcode = data[0] & 0x0f;
    out->is_final = (data[0] & BIT_FINAL) != 0;
    out->is_compressed = (data[0] & BIT_COMPRESSED) != 0;
    out->is_masked = mask_length > 0;
    memset (out->mask, 0, sizeof out->mask);
    memcpy (out->mask, data + 2 + number_length, mask_length);
    return (gssize) (2 + number_length + mask_length);
}

gsize
ws_frame_write_head (const WsFrameHead *head, guint8 *out)
{
    guint8 *to = out;
    gsize number_length = 0;

    if (head->length > G_MAXUINT16)
        number_length = 8;
    else if (head->length >= LENGTH_16)
        number_length = 2;
    *to++ = (guint8) ((head->is_final ? BIT_FINAL : 0) | (head->is_compressed ? BIT_COMPRESSED : 0)
                      | head->opcode);
    *to = head->is_masked ? BIT_MASKED : 0;
    if (number_length == 0)
        *to++ |= (guint8) head->length;
    else
        *to++ |= number_length == 2 ? LENGTH_16 : LENGTH_64;
    for (gsize i = number_length; i > 0; i--)
        *to++ = (guint8) (head->length >> 8 * (i - 1));
    if (head->is_masked) {
        memcpy (to, head->mask, sizeof head->mask);
        to += sizeof head->mask;
    }
    return (gsize) (to - out);
}

void
ws_frame_mask (char *to, const char *from, gsize length, const guint8 mask[4], guint64 offset)
{
    guint8 turned[8];
    guint64 key, word;

    for (guint i = 0; i < sizeof turned; i++)
        turned[i] = mask[(offset + i) & 3];
    memcpy (&key, turned, sizeof key);
    for (; length >= 8; length -= 8, to += 8, from += 8) {
        memcpy (&word, from, 8);
        word ^= key;
        memcpy (to, &word, 8);
    }
    for (gsize i = 0; i < length; i++)
        to[i] = (char) ((guint8) from[i] ^ turned[i]);
}

gboolean
ws_frame_is_close_code (guint code)
{
    /* 1004 has no meaning yet; 1005, 1006 and 1015 say what was not sent. */
    if (code >= 1000 && code <= 1014)
        return code != 1004 && code != 1005 && code != 1006;
    return code >= 3000 && code <= 4999;
}
