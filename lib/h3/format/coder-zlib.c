/* SPDX-License-Identifier: MIT */

#include "h3/format/coder-private.h"

#include <zlib.h>

/* What zlib calls the format, beside the window's bits: negative is bare, 16 more is gzip. */
enum { GZIP_TOO = 16 };

typedef struct {
    z_stream stream;
} Encoder;

/* Where a reader is. NEW and AMID end in an error, where the input ends there.
 *
 *     NEW --choose_format ()--> AMID --Z_STREAM_END--> BEHIND --another member--> AMID
 *
 * Bare messages are AMID from their start on and never BEHIND. */
typedef enum {
    NEW,
    AMID,
    BEHIND,
} Place;

typedef struct {
    z_stream stream;
    Coding coding;
    guint window_bits;
    Place place;
    /* The first byte of what is called deflate, until the second says whether it is wrapped. */
    guint8 head[2];
    guint n_head;
    /* What was read last is the end of a block, at the end of a byte. */
    gboolean is_between_blocks;
} Decoder;

static voidpf
allocate (voidpf opaque, uInt n, uInt size)
{
    return g_malloc_n (n, size);
}

static void
release (voidpf opaque, voidpf block)
{
    g_free (block);
}

/* zlib counts in 32 bits; what is beyond them waits for the next call. */
static void
lend (z_stream *stream, CoderTurn *turn)
{
    stream->next_in = (Bytef *) turn->input;
    stream->avail_in = (uInt) MIN (turn->input_length, G_MAXUINT32);
    stream->next_out = turn->room;
    stream->avail_out = (uInt) MIN (turn->room_length, G_MAXUINT32);
}

static void
take_back (z_stream *stream, CoderTurn *turn)
{
    turn->input_length -= (gsize) (stream->next_in - turn->input);
    turn->input = stream->next_in;
    turn->room_length -= (gsize) (stream->next_out - turn->room);
    turn->room = stream->next_out;
}

static gpointer
open_encoder (Coding coding, int level, guint window_bits)
{
    Encoder *encoder = g_new0 (Encoder, 1);
    int bits = (int) MAX (window_bits, 9);
    int memory = CLAMP ((int) window_bits - 7, 1, 8);
    int status;

    encoder->stream.zalloc = allocate;
    encoder->stream.zfree = release;
    if (coding == CODING_GZIP)
        bits += GZIP_TOO;
    else if (coding == CODING_BARE)
        bits = -bits;
    status = deflateInit2 (&encoder->stream, level, Z_DEFLATED, bits, memory, Z_DEFAULT_STRATEGY);
    g_assert (status == Z_OK);
    return encoder;
}

static CoderResult
encode (gpointer state, CoderTurn *turn)
{
    static const int flushes[] = {
        [CODER_FEED] = Z_NO_FLUSH,
        [CODER_FLUSH] = Z_SYNC_FLUSH,
        [CODER_FINISH] = Z_FINISH,
    };
    Encoder *encoder = state;
    gboolean is_all = turn->input_length <= G_MAXUINT32;
    int status;

    lend (&encoder->stream, turn);
    status = deflate (&encoder->stream, is_all ? flushes[turn->aim] : Z_NO_FLUSH);
    take_back (&encoder->stream, turn);
    g_assert (status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END);
    if (status == Z_STREAM_END)
        return CODER_READY;
    if (turn->aim == CODER_FEED)
        return turn->input_length == 0 ? CODER_READY : CODER_FULL;
    return turn->input_length == 0 && turn->room_length > 0 && is_all ? CODER_READY : CODER_FULL;
}

static void
reset_encoder (gpointer state)
{
    (void) deflateReset (&((Encoder *) state)->stream);
}

static void
close_encoder (gpointer state)
{
    (void) deflateEnd (&((Encoder *) state)->stream);
    g_free (state);
}

static int
get_format (Decoder *decoder)
{
    if (decoder->coding == CODING_GZIP)
        return 15 + GZIP_TOO;
    return decoder->coding == CODING_BARE ? -(int) decoder->window_bits : 15;
}

static gpointer
open_decoder (Coding coding, int level, guint window_bits)
{
    Decoder *decoder = g_new0 (Decoder, 1);
    int status;

    decoder->coding = coding;
    decoder->window_bits = window_bits;
    decoder->place = coding == CODING_DEFLATE ? NEW : AMID;
    decoder->stream.zalloc = allocate;
    decoder->stream.zfree = release;
    status = inflateInit2 (&decoder->stream, get_format (decoder));
    g_assert (status == Z_OK);
    return decoder;
}

static void
reset_decoder (gpointer state)
{
    Decoder *decoder = state;

    decoder->place = decoder->coding == CODING_DEFLATE ? NEW : AMID;
    decoder->n_head = 0;
    decoder->is_between_blocks = FALSE;
    (void) inflateReset2 (&decoder->stream, get_format (decoder));
}

/* RFC 1950 §2.2: method 8, and a check over two bytes. Bare deflate begins so only with a stored
 * block whose padding is not zero, which nobody writes. FALSE where one byte more must be seen. */
static gboolean
choose_format (Decoder *decoder, CoderTurn *turn)
{
    const guint8 *head = decoder->head;
    gboolean is_wrapped;

    while (decoder->n_head < 2 && turn->input_length > 0) {
        decoder->head[decoder->n_head++] = *turn->input++;
        turn->input_length--;
    }
    if (decoder->n_head < 2)
        return FALSE;
    is_wrapped = (head[0] & 0x0f) == Z_DEFLATED && (head[0] << 8 | head[1]) % 31 == 0;
    if (!is_wrapped)
        (void) inflateReset2 (&decoder->stream, -15);
    decoder->place = AMID;
    return TRUE;
}

/* The window stays, as RFC 7692 §7.2.3.4 has it: whoever cannot flush ends a message with a final
 * block, and the next begins another stream. */
static int
inflate_on (Decoder *decoder)
{
    int status = inflate (&decoder->stream, Z_NO_FLUSH);

    while (status == Z_STREAM_END && decoder->coding == CODING_BARE) {
        (void) inflateResetKeep (&decoder->stream);
        status = inflate (&decoder->stream, Z_NO_FLUSH);
    }
    return status;
}

/* zlib tells of a block's end only in the call that reads it. */
static void
note_block_end (Decoder *decoder, gboolean has_moved)
{
    int told = decoder->stream.data_type;

    if (has_moved)
        decoder->is_between_blocks = (told & 128) != 0 && (told & 63) == 0;
}

static CoderResult
inflate_turn (Decoder *decoder, CoderTurn *turn)
{
    gboolean is_all = turn->input_length <= G_MAXUINT32;
    gsize before = turn->input_length + turn->room_length;
    int status;

    lend (&decoder->stream, turn);
    status = inflate_on (decoder);
    take_back (&decoder->stream, turn);
    note_block_end (decoder, turn->input_length + turn->room_length < before);
    if (status == Z_STREAM_END) {
        decoder->place = BEHIND;
        return CODER_READY;
    }
    if (status != Z_OK && status != Z_BUF_ERROR)
        return CODER_BROKEN;
    if (turn->room_length == 0 || !is_all)
        return CODER_FULL;
    if (decoder->coding != CODING_BARE)
        return turn->aim == CODER_FINISH ? CODER_BROKEN : CODER_READY;
    if (turn->aim != CODER_FEED && !decoder->is_between_blocks)
        return CODER_BROKEN;
    return CODER_READY;
}

/* The bytes that were kept are the start of the input, were it in one piece. */
static CoderResult
inflate_head (Decoder *decoder, CoderTurn *turn)
{
    CoderTurn head = { decoder->head, decoder->n_head, turn->room, turn->room_length, CODER_FEED };
    CoderResult result = inflate_turn (decoder, &head);

    turn->room = head.room;
    turn->room_length = head.room_length;
    if (result == CODER_READY && head.input_length > 0)
        return CODER_BROKEN;
    return result;
}

static CoderResult
decode (gpointer state, CoderTurn *turn)
{
    Decoder *decoder = state;
    CoderResult result = CODER_READY;

    if (decoder->place == NEW) {
        if (!choose_format (decoder, turn))
            return turn->aim == CODER_FINISH ? CODER_BROKEN : CODER_READY;
        result = inflate_head (decoder, turn);
    }
    while (result == CODER_READY) {
        if (decoder->place == BEHIND) {
            if (turn->input_length == 0)
                return CODER_READY;
            if (decoder->coding != CODING_GZIP)
                return CODER_BROKEN;
            (void) inflateReset (&decoder->stream);
            decoder->place = AMID;
        }
        result = inflate_turn (decoder, turn);
        if (decoder->place == AMID)
            return result;
    }
    return result;
}

static void
close_decoder (gpointer state)
{
    (void) inflateEnd (&((Decoder *) state)->stream);
    g_free (state);
}

const CoderWay coder_zlib_encoding = { open_encoder, encode, reset_encoder, close_encoder };
const CoderWay coder_zlib_decoding = { open_decoder, decode, reset_decoder, close_decoder };
