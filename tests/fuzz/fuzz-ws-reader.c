/* SPDX-License-Identifier: MIT
 *
 * The bytes of a WebSocket's client: whole and cut into pieces the reader finds the same messages,
 * and what a plain reading finds that takes one frame after the other and looks at each message as
 * a whole. Where a message is broken, the reader, which tells at the first byte, may only be
 * earlier. */

#include "fuzz.h"
#include "h3/wire/ws-reader.h"

#include <string.h>

typedef struct {
    GString *text; /* owned: what was read, in order */
    guint code;    /* of the fault; 0: none */
} Outcome;

static guint64
choose_limit (FuzzChoice *choice)
{
    return fuzz_choose (choice, 2) == 0 ? 1 << 20 : fuzz_choose (choice, 200);
}

static void
note (Outcome *outcome, char what, H3View content)
{
    g_string_append_printf (outcome->text, "%c%zu:", what, content.length);
    g_string_append_len (outcome->text, content.data, (gssize) content.length);
}

static void
take (Outcome *outcome, const WsReader *reader, WsRead read)
{
    switch (read) {
    case WS_READ_MESSAGE:
        FUZZ_ASSERT (reader->content.data[reader->content.length] == '\0', "no NUL behind it");
        FUZZ_ASSERT (reader->content.length <= reader->max_message, "beyond the limit");
        note (outcome, reader->kind == WS_TEXT ? 't' : 'b', reader->content);
        break;
    case WS_READ_PING:
        note (outcome, 'i', reader->content);
        break;
    case WS_READ_PONG:
        note (outcome, 'o', reader->content);
        break;
    case WS_READ_CLOSE:
        g_string_append_printf (outcome->text, "%u", reader->code);
        note (outcome, 'c', reader->content);
        break;
    case WS_READ_FAILED:
        outcome->code = reader->code;
        break;
    case WS_READ_PIECE:
        fuzz_fail (G_STRLOC, "a piece that nobody wanted");
    case WS_READ_MORE:
        break;
    }
}

static void
feed (Outcome *outcome, WsReader *reader, H3View piece)
{
    g_autofree char *copy = fuzz_copy (piece.data, piece.length);
    const char *at = copy;
    gsize length = piece.length;
    WsRead read;

    do {
        read = ws_reader_read (reader, &at, &length);
        take (outcome, reader, read);
    } while (read != WS_READ_MORE);
    FUZZ_ASSERT (length == 0, "%zu bytes are left", length);
    FUZZ_ASSERT (reader->room <= 2 * (reader->size + 65536), "%zu for %zu", reader->room,
                 reader->size);
    ws_reader_rest (reader);
}

static Outcome
read_cut (H3View bytes, guint64 limit, gboolean whole, gboolean may_inflate)
{
    Outcome outcome = { g_string_new (NULL), 0 };
    WsReader reader;
    FuzzCuts cuts;
    gsize at = 0, end = bytes.length;

    ws_reader_init (&reader, FALSE, limit);
    reader.may_inflate = may_inflate != FALSE;
    fuzz_cuts_init (&cuts, bytes);
    while (whole ? at < end : fuzz_cuts_next (&cuts, &end)) {
        feed (&outcome, &reader, h3_view (bytes.data + at, end - at));
        at = end;
    }
    ws_reader_clear (&reader);
    return outcome;
}

/* One frame of the plain reading. */
typedef struct {
    guint first, opcode;
    guint64 length;
    H3View payload; /* borrowed: the caller's copy */
} PlainFrame;

/* FALSE: not all of it has come. A fault of the head alone is in `*out_code`. */
static gboolean
take_frame (H3View *rest, GByteArray *copy, PlainFrame *frame, guint *out_code)
{
    const guint8 *bytes = (const guint8 *) rest->data;
    gsize n_length, head;
    guint small;

    if (rest->length < 2)
        return FALSE;
    frame->first = bytes[0];
    frame->opcode = bytes[0] & 15;
    small = bytes[1] & 127;
    n_length = small == 126 ? 2 : small == 127 ? 8 : 0;
    head = 2 + n_length + 4;
    if (rest->length < head)
        return FALSE;
    frame->length = n_length == 0 ? small : 0;
    for (gsize i = 0; i < n_length; i++)
        frame->length = frame->length << 8 | bytes[2 + i];
    if ((bytes[0] & 0x70) != 0 || (bytes[1] & 0x80) == 0
        || strchr ("\1\2\3\11\12\13", (int) frame->opcode + 1) == NULL
        || (n_length == 2 && frame->length < 126) || (n_length == 8 && frame->length < 65536)
        || frame->length >> 63 != 0
        || (frame->opcode > 7 && ((bytes[0] & 0x80) == 0 || small > 125))) {
        *out_code = 1002;
        return TRUE;
    }
    if (frame->length > rest->length - head)
        return FALSE;
    g_byte_array_set_size (copy, 0);
    for (gsize i = 0; i < frame->length; i++) {
        guint8 byte = bytes[head + i] ^ bytes[head - 4 + i % 4];

        g_byte_array_append (copy, &byte, 1);
    }
    frame->payload = h3_view ((const char *) copy->data, copy->len);
    *rest =
        h3_view (rest->data + head + frame->length, rest->length - head - (gsize) frame->length);
    return TRUE;
}

/* NULs are characters. */
static gboolean
is_text (H3View view)
{
    g_autofree char *copy = g_strndup ("", 0);

    copy = g_realloc (copy, view.length + 1);
    for (gsize i = 0; i < view.length; i++)
        copy[i] = view.data[i] != '\0' ? view.data[i] : 'x';
    return g_utf8_validate_len (copy, view.length, NULL);
}

static guint
judge_close (H3View payload, guint *out_code)
{
    guint code;

    *out_code = 0;
    if (payload.length == 0)
        return 0;
    if (payload.length == 1)
        return 1002;
    code = (guint) (guint8) payload.data[0] << 8 | (guint8) payload.data[1];
    *out_code = code;
    if (code < 1000 || (code > 1003 && code < 1007) || (code > 1014 && code < 3000) || code > 4999)
        return 1002;
    return is_text (h3_view (payload.data + 2, payload.length - 2)) ? 0 : 1007;
}

typedef struct {
    GString *message; /* owned */
    guint kind;       /* 0: none under way */
    gboolean is_over;
} PlainState;

static void
take_control (Outcome *outcome, PlainState *state, const PlainFrame *frame)
{
    guint code;

    if (frame->opcode != 8) {
        note (outcome, frame->opcode == 9 ? 'i' : 'o', frame->payload);
        return;
    }
    state->is_over = TRUE;
    outcome->code = judge_close (frame->payload, &code);
    if (outcome->code != 0)
        return;
    g_string_append_printf (outcome->text, "%u", code);
    note (outcome, 'c',
          frame->payload.length < 2 ? frame->payload
                                    : h3_view (frame->payload.data + 2, frame->payload.length - 2));
}

static void
take_data (Outcome *outcome, PlainState *state, const PlainFrame *frame, guint64 limit)
{
    H3View whole;

    if ((frame->opcode == 0) != (state->kind != 0)) {
        outcome->code = 1002;
        return;
    }
    if (frame->opcode != 0) {
        state->kind = frame->opcode;
        g_string_truncate (state->message, 0);
    }
    g_string_append_len (state->message, frame->payload.data, (gssize) frame->payload.length);
    whole = h3_view (state->message->str, state->message->len);
    if (whole.length > limit)
        outcome->code = 1009;
    else if ((frame->first & 0x80) != 0 && state->kind == 1 && !is_text (whole))
        outcome->code = 1007;
    if (outcome->code != 0 || (frame->first & 0x80) == 0)
        return;
    note (outcome, state->kind == 1 ? 't' : 'b', whole);
    state->kind = 0;
}

static Outcome
read_plainly (H3View bytes, guint64 limit)
{
    Outcome outcome = { g_string_new (NULL), 0 };
    PlainState state = { g_string_new (NULL), 0, FALSE };
    g_autoptr (GByteArray) copy = g_byte_array_new ();
    PlainFrame frame;

    while (!state.is_over && outcome.code == 0
           && take_frame (&bytes, copy, &frame, &outcome.code)) {
        if (outcome.code != 0)
            break;
        if (frame.opcode > 7)
            take_control (&outcome, &state, &frame);
        else
            take_data (&outcome, &state, &frame, limit);
    }
    g_string_free (state.message, TRUE);
    return outcome;
}

/* A compressed message may be no text and too large: how much of it comes out at a time then says
 * which is seen first. */
static void
compare (const Outcome *whole, const Outcome *cut, gboolean may_inflate)
{
    FUZZ_ASSERT (may_inflate ? (whole->code != 0) == (cut->code != 0) : whole->code == cut->code,
                 "%u whole, %u cut", whole->code, cut->code);
    FUZZ_ASSERT (g_string_equal (whole->text, cut->text), "the pieces differ");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View bytes = h3_view ((const char *) data, size);
    FuzzChoice choice = fuzz_choice_of (bytes);
    guint64 limit = choose_limit (&choice);
    Outcome plain = read_plainly (bytes, limit);

    for (guint may_inflate = 0; may_inflate < 2; may_inflate++) {
        Outcome whole = read_cut (bytes, limit, TRUE, may_inflate != 0);
        Outcome cut = read_cut (bytes, limit, FALSE, may_inflate != 0);

        compare (&whole, &cut, may_inflate != 0);
        if (may_inflate == 0) {
            /* Who is told earlier has read less. */
            FUZZ_ASSERT (whole.code != 0 ? g_str_has_prefix (plain.text->str, whole.text->str)
                                         : g_string_equal (whole.text, plain.text),
                         "%s, plainly %s", whole.text->str, plain.text->str);
            FUZZ_ASSERT (plain.code == 0 || whole.code != 0, "plainly it is %u", plain.code);
        }
        g_string_free (whole.text, TRUE);
        g_string_free (cut.text, TRUE);
    }
    g_string_free (plain.text, TRUE);
    return 0;
}
