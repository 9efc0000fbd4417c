/* SPDX-License-Identifier: MIT */

#include "h3/format/coder-private.h"

#include <brotli/decode.h>
#include <brotli/encode.h>

/* 256 KiB: a usual answer is smaller, and the memory of an encoder grows with its window. */
enum { WINDOW_BITS = 18 };

typedef struct {
    BrotliEncoderState *brotli; /* owned */
    int level;
} Encoder;

static void *
allocate (void *opaque, size_t size)
{
    return g_malloc (size);
}

static void
release (void *opaque, void *block)
{
    g_free (block);
}

static void
begin_encoder (Encoder *encoder)
{
    encoder->brotli = BrotliEncoderCreateInstance (allocate, release, NULL);
    (void) BrotliEncoderSetParameter (encoder->brotli, BROTLI_PARAM_QUALITY,
                                      (guint32) encoder->level);
    (void) BrotliEncoderSetParameter (encoder->brotli, BROTLI_PARAM_LGWIN, WINDOW_BITS);
}

static gpointer
open_encoder (Coding coding, int level, guint window_bits)
{
    Encoder *encoder = g_new0 (Encoder, 1);

    encoder->level = level;
    begin_encoder (encoder);
    return encoder;
}

static CoderResult
encode (gpointer state, CoderTurn *turn)
{
    static const BrotliEncoderOperation operations[] = {
        [CODER_FEED] = BROTLI_OPERATION_PROCESS,
        [CODER_FLUSH] = BROTLI_OPERATION_FLUSH,
        [CODER_FINISH] = BROTLI_OPERATION_FINISH,
    };
    BrotliEncoderState *brotli = ((Encoder *) state)->brotli;
    BROTLI_BOOL is_done =
        BrotliEncoderCompressStream (brotli, operations[turn->aim], &turn->input_length,
                                     &turn->input, &turn->room_length, &turn->room, NULL);

    g_assert (is_done);
    if (turn->input_length > 0 || BrotliEncoderHasMoreOutput (brotli))
        return CODER_FULL;
    if (turn->aim == CODER_FINISH && !BrotliEncoderIsFinished (brotli))
        return CODER_FULL;
    return CODER_READY;
}

/* Neither of brotli's states can begin anew. */
static void
reset_encoder (gpointer state)
{
    Encoder *encoder = state;

    BrotliEncoderDestroyInstance (encoder->brotli);
    begin_encoder (encoder);
}

static void
close_encoder (gpointer state)
{
    BrotliEncoderDestroyInstance (((Encoder *) state)->brotli);
    g_free (state);
}

typedef struct {
    BrotliDecoderState *brotli; /* owned */
} Decoder;

static gpointer
open_decoder (Coding coding, int level, guint window_bits)
{
    Decoder *decoder = g_new0 (Decoder, 1);

    decoder->brotli = BrotliDecoderCreateInstance (allocate, release, NULL);
    return decoder;
}

static CoderResult
decode (gpointer state, CoderTurn *turn)
{
    BrotliDecoderState *brotli = ((Decoder *) state)->brotli;
    BrotliDecoderResult result;

    /* What was read to its end says that it was, but not that there is more behind it. */
    if (BrotliDecoderIsFinished (brotli))
        return turn->input_length == 0 ? CODER_READY : CODER_BROKEN;
    result = BrotliDecoderDecompressStream (brotli, &turn->input_length, &turn->input,
                                            &turn->room_length, &turn->room, NULL);
    switch (result) {
    case BROTLI_DECODER_RESULT_SUCCESS:
        return turn->input_length == 0 ? CODER_READY : CODER_BROKEN;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        return CODER_FULL;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return turn->aim == CODER_FINISH ? CODER_BROKEN : CODER_READY;
    default:
        return CODER_BROKEN;
    }
}

static void
reset_decoder (gpointer state)
{
    Decoder *decoder = state;

    BrotliDecoderDestroyInstance (decoder->brotli);
    decoder->brotli = BrotliDecoderCreateInstance (allocate, release, NULL);
}

static void
close_decoder (gpointer state)
{
    BrotliDecoderDestroyInstance (((Decoder *) state)->brotli);
    g_free (state);
}

const CoderWay coder_brotli_encoding = { open_encoder, encode, reset_encoder, close_encoder };
const CoderWay coder_brotli_decoding = { open_decoder, decode, reset_decoder, close_decoder };
