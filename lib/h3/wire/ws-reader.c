/* SPDX-License-Identifier: MIT */

#include "ws-reader.h"

#include <string.h>

/* What is allocated for a frame before its bytes have come. */
#define MAX_AHEAD ((gsize) 64 * 1024)

/* So much is inflated at a time; it becomes at most some 2 MiB. */
#define INFLATE_PIECE 2048
#define INFLATE_ROOM  ((gsize) 512)

enum { CODE_PROTOCOL = 1002, CODE_INVALID_TEXT = 1007, CODE_TOO_BIG = 1009, CODE_TROUBLE = 1011 };

void
ws_reader_init (WsReader *reader, gboolean is_client, guint64 max_message)
{
    memset (reader, 0, sizeof *reader);
    reader->is_client = is_client != FALSE;
    reader->max_message = max_message;
}

static void
drop_buffer (WsReader *reader)
{
    g_clear_pointer (&reader->buffer, g_free);
    reader->size = reader->room = 0;
}

void
ws_reader_clear (WsReader *reader)
{
    drop_buffer (reader);
    g_clear_pointer (&reader->inflater, coder_free);
}

static WsRead
fail (WsReader *reader, guint16 code, const char *reason)
{
    ws_reader_clear (reader);
    reader->state = WS_READER_ENDED;
    reader->code = code;
    reader->content = h3_view_of (reason);
    return WS_READ_FAILED;
}

/* Room for `length` bytes more and a NUL. FALSE: no memory. */
static gboolean
reserve (WsReader *reader, gsize length)
{
    gsize needed = reader->size + length + 1;
    gsize room = MAX (reader->room, 64);
    char *buffer;

    if (needed <= reader->room)
        return TRUE;
    /* A frame that is small, or all there, needs no more than this. */
    if (reader->frame.length <= MAX_AHEAD && !reader->is_compressed)
        needed = MAX (needed, reader->size + (gsize) (reader->frame.length - reader->done) + 1);
    while (room < needed)
        room *= 2;
    if (reader->room == 0)
        room = needed;
    buffer = g_try_realloc (reader->buffer, room);
    if (buffer == NULL)
        return FALSE;
    reader->buffer = buffer;
    reader->room = room;
    return TRUE;
}

static WsRead
begin_control (WsReader *reader)
{
    reader->state = WS_READER_CONTROL;
    return WS_READ_MORE;
}

static void
begin_message (WsReader *reader)
{
    reader->message_kind = reader->frame.opcode;
    reader->message_size = 0;
    reader->size = 0;
    memset (&reader->utf8, 0, sizeof reader->utf8);
    reader->is_compressed = reader->frame.is_compressed;
    if (!reader->is_compressed)
        return;
    if (reader->inflater == NULL)
        reader->inflater = coder_new_decoding (CODING_BARE, reader->window_bits);
    coder_set_bounds (reader->inflater, reader->max_message, 0);
}

static WsRead
begin_data (WsReader *reader)
{
    const WsFrameHead *frame = &reader->frame;

    /* The first frame says it for all of the message (RFC 7692 §6.1). */
    if (frame->is_compressed && (!reader->may_inflate || frame->opcode == WS_CONTINUATION))
        return fail (reader, CODE_PROTOCOL, "a reserved bit");
    if ((frame->opcode == WS_CONTINUATION) != (reader->message_kind != WS_CONTINUATION))
        return fail (reader, CODE_PROTOCOL, "a fragment out of order");
    if (frame->opcode != WS_CONTINUATION)
        begin_message (reader);
    reader->state = WS_READER_DATA;
    if (reader->is_compressed)
        return WS_READ_MORE;
    if (frame->length > reader->max_message - reader->message_size)
        return fail (reader, CODE_TOO_BIG, "the message is too big");
    reader->message_size += frame->length;
    return WS_READ_MORE;
}

static WsRead
step_head (WsReader *reader, const char **data, gsize *length)
{
    gsize before = reader->head_length;
    gsize part = MIN (*length, sizeof reader->head - before);
    gssize head_length;

    memcpy (reader->head + before, *data, part);
    head_length = ws_frame_read_head (reader->head, before + part, &reader->frame);
    if (head_length < 0)
        return fail (reader, CODE_PROTOCOL, "a malformed frame");
    /* The mask's bit is told by the second byte already. */
    if (before + part >= 2 && ((reader->head[1] & 0x80) == 0) != reader->is_client)
        return fail (reader, CODE_PROTOCOL,
                     reader->is_client ? "a server masks nothing" : "a client masks all frames");
    if (head_length == 0) {
        reader->head_length = (guint8) (before + part);
        *data += part;
        *length -= part;
        return WS_READ_MORE;
    }
    *data += (gsize) head_length - before;
    *length -= (gsize) head_length - before;
    reader->head_length = 0;
    reader->done = 0;
    return ws_frame_is_control (reader->frame.opcode) ? begin_control (reader)
                                                      : begin_data (reader);
}

static gsize
take_part (WsReader *reader, char *to, const char **data, gsize *length)
{
    gsize part = (gsize) MIN ((guint64) *length, reader->frame.length - reader->done);

    ws_frame_mask (to, *data, part, reader->frame.mask, reader->done);
    reader->done += part;
    *data += part;
    *length -= part;
    return part;
}

static WsRead
read_close (WsReader *reader)
{
    const guint8 *bytes = (const guint8 *) reader->control;
    Utf8Check utf8 = { 0 };

    reader->code = 0;
    if (reader->content.length == 1)
        return fail (reader, CODE_PROTOCOL, "half a close code");
    if (reader->content.length >= 2) {
        reader->code = (guint16) (bytes[0] << 8 | bytes[1]);
        reader->content = h3_view (reader->content.data + 2, reader->content.length - 2);
        if (!ws_frame_is_close_code (reader->code))
            return fail (reader, CODE_PROTOCOL, "no such close code");
        if (!utf8_check (&utf8, reader->content.data, reader->content.length)
            || !utf8_check_is_whole (&utf8))
            return fail (reader, CODE_INVALID_TEXT, "the reason is not UTF-8");
    }
    ws_reader_clear (reader);
    reader->state = WS_READER_ENDED;
    return WS_READ_CLOSE;
}

static WsRead
step_control (WsReader *reader, const char **data, gsize *length)
{
    (void) take_part (reader, reader->control + reader->done, data, length);
    if (reader->done < reader->frame.length)
        return WS_READ_MORE;
    reader->state = WS_READER_HEAD;
    reader->content = h3_view (reader->control, (gsize) reader->done);
    switch (reader->frame.opcode) {
    case WS_PING:
        return WS_READ_PING;
    case WS_PONG:
        return WS_READ_PONG;
    default:
        return read_close (reader);
    }
}

/* `length` bytes behind those in the buffer: checked, and no others. FALSE: no text. */
static gboolean
add_content (WsReader *reader, gsize length)
{
    gboolean is_good = reader->message_kind != WS_TEXT
                       || utf8_check (&reader->utf8, reader->buffer + reader->size, length);

    reader->size += length;
    reader->buffer[reader->size] = '\0';
    return is_good;
}

static WsRead
fail_inflating (WsReader *reader, CoderResult result)
{
    if (result == CODER_TOO_LARGE)
        return fail (reader, CODE_TOO_BIG, "the message is too big");
    return fail (reader, CODE_INVALID_TEXT, "the message cannot be inflated");
}

static WsRead
inflate (WsReader *reader, H3View input, CoderAim aim)
{
    CoderResult result;
    gsize length;

    do {
        if (!reserve (reader, MAX (INFLATE_ROOM, input.length)))
            return fail (reader, CODE_TROUBLE, "no memory for the message");
        result = coder_step (reader->inflater, &input, aim, reader->buffer + reader->size,
                             reader->room - reader->size - 1, &length);
        if (result != CODER_READY && result != CODER_FULL)
            return fail_inflating (reader, result);
        if (!add_content (reader, length))
            return fail (reader, CODE_INVALID_TEXT, "the text is not UTF-8");
    } while (result == CODER_FULL);
    return WS_READ_MORE;
}

/* The end of the message, which the sender has cut off (RFC 7692 §7.2.2). */
static WsRead
end_inflating (WsReader *reader)
{
    WsRead read = inflate (reader, CODER_TAIL, CODER_FLUSH);

    if (reader->forgets)
        g_clear_pointer (&reader->inflater, coder_free);
    return read;
}

static WsRead
take_compressed (WsReader *reader, const char **data, gsize *length)
{
    char plain[INFLATE_PIECE];
    gsize available = MIN (*length, sizeof plain);
    gsize rest = *length - available;
    gsize part = take_part (reader, plain, data, &available);

    *length = rest + available;
    return part > 0 ? inflate (reader, h3_view (plain, part), CODER_FEED) : WS_READ_MORE;
}

static WsRead
take_plain (WsReader *reader, const char **data, gsize *length)
{
    if (!reserve (reader, (gsize) MIN ((guint64) *length, reader->frame.length - reader->done)))
        return fail (reader, CODE_TROUBLE, "no memory for the message");
    if (!add_content (reader, take_part (reader, reader->buffer + reader->size, data, length)))
        return fail (reader, CODE_INVALID_TEXT, "the text is not UTF-8");
    return WS_READ_MORE;
}

static WsRead
end_message (WsReader *reader)
{
    reader->message_kind = WS_CONTINUATION;
    if (reader->kind == WS_TEXT && !utf8_check_is_whole (&reader->utf8))
        return fail (reader, CODE_INVALID_TEXT, "the text is not UTF-8");
    reader->is_last = TRUE;
    return reader->in_pieces ? WS_READ_PIECE : WS_READ_MESSAGE;
}

static WsRead
step_data (WsReader *reader, const char **data, gsize *length)
{
    gboolean is_last;
    WsRead read;

    if (reader->in_pieces)
        reader->size = 0;
    read = reader->is_compressed ? take_compressed (reader, data, length)
                                 : take_plain (reader, data, length);
    is_last = reader->done == reader->frame.length && reader->frame.is_final;
    if (read == WS_READ_MORE && is_last && reader->is_compressed)
        read = end_inflating (reader);
    if (read != WS_READ_MORE)
        return read;
    reader->kind = reader->message_kind;
    reader->is_last = FALSE;
    reader->content = h3_view (reader->buffer, reader->size);
    if (reader->done == reader->frame.length)
        reader->state = WS_READER_HEAD;
    if (is_last)
        return end_message (reader);
    return reader->in_pieces && reader->size > 0 ? WS_READ_PIECE : WS_READ_MORE;
}

/* Whether the frame under way has nothing to wait for. */
static gboolean
is_due (const WsReader *reader)
{
    return (reader->state == WS_READER_DATA || reader->state == WS_READER_CONTROL)
           && reader->done == reader->frame.length;
}

WsRead
ws_reader_read (WsReader *reader, const char **data, gsize *length)
{
    WsRead read = WS_READ_MORE;

    while (read == WS_READ_MORE && (*length > 0 || is_due (reader))) {
        switch ((WsReaderState) reader->state) {
        case WS_READER_HEAD:
            read = step_head (reader, data, length);
            break;
        case WS_READER_DATA:
            read = step_data (reader, data, length);
            break;
        case WS_READER_CONTROL:
            read = step_control (reader, data, length);
            break;
        case WS_READER_ENDED:
            *data += *length;
            *length = 0;
            break;
        }
    }
    return read;
}

GBytes *
ws_reader_take_message (WsReader *reader)
{
    gsize size = reader->size;
    char *buffer = g_steal_pointer (&reader->buffer);

    reader->size = reader->room = 0;
    /* A buffer that grew by doubling would be held half empty. */
    return g_bytes_new_take (g_realloc (buffer, size + 1), size);
}

void
ws_reader_rest (WsReader *reader)
{
    if (reader->message_kind == WS_CONTINUATION || reader->in_pieces)
        drop_buffer (reader);
}
