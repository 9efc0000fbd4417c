/* SPDX-License-Identifier: MIT */

#include "h3/format/coder-private.h"

#include <zstd.h>
#include <zstd_errors.h>

/* RFC 9659 §3: 8 MiB for who reads. Who writes takes 512 KiB: more costs memory for each answer
 * that is under way, and would find little in answers as they are. */
enum { MOST_WINDOW_BITS = 23, WINDOW_BITS = 19 };

typedef struct {
    ZSTD_DCtx *zstd;    /* owned */
    gboolean is_behind; /* a frame has ended, and no other has begun */
    gboolean has_more;  /* what it gave last filled the room */
} Decoder;

/* As everywhere, who has no memory ends; the library itself would tell. */
static gboolean
is_fine (gsize result)
{
    g_assert (ZSTD_getErrorCode (result) != ZSTD_error_memory_allocation);
    return !ZSTD_isError (result);
}

static gpointer
open_encoder (Coding coding, int level, guint window_bits)
{
    ZSTD_CCtx *zstd = ZSTD_createCCtx ();
    gboolean is_set;

    g_assert (zstd != NULL);
    is_set = is_fine (ZSTD_CCtx_setParameter (zstd, ZSTD_c_compressionLevel, level))
             && is_fine (ZSTD_CCtx_setParameter (zstd, ZSTD_c_windowLog, WINDOW_BITS));
    g_assert (is_set);
    return zstd;
}

static CoderResult
encode (gpointer state, CoderTurn *turn)
{
    static const ZSTD_EndDirective directives[] = {
        [CODER_FEED] = ZSTD_e_continue,
        [CODER_FLUSH] = ZSTD_e_flush,
        [CODER_FINISH] = ZSTD_e_end,
    };
    ZSTD_inBuffer in = { turn->input, turn->input_length, 0 };
    ZSTD_outBuffer out = { turn->room, turn->room_length, 0 };
    gsize left = ZSTD_compressStream2 (state, &out, &in, directives[turn->aim]);
    gboolean was_fine = is_fine (left);

    g_assert (was_fine);
    turn->input += in.pos;
    turn->input_length -= in.pos;
    turn->room += out.pos;
    turn->room_length -= out.pos;
    if (turn->input_length > 0 || (turn->aim != CODER_FEED && left > 0))
        return CODER_FULL;
    return CODER_READY;
}

static void
reset_encoder (gpointer state)
{
    (void) ZSTD_CCtx_reset (state, ZSTD_reset_session_only);
}

static void
close_encoder (gpointer state)
{
    (void) ZSTD_freeCCtx (state);
}

static gpointer
open_decoder (Coding coding, int level, guint window_bits)
{
    Decoder *decoder = g_new0 (Decoder, 1);
    gboolean is_set;

    decoder->zstd = ZSTD_createDCtx ();
    g_assert (decoder->zstd != NULL);
    is_set =
        is_fine (ZSTD_DCtx_setParameter (decoder->zstd, ZSTD_d_windowLogMax, MOST_WINDOW_BITS));
    g_assert (is_set);
    return decoder;
}

/* What comes out of one call: it stops at the end of a frame. */
static gboolean
decode_some (Decoder *decoder, CoderTurn *turn)
{
    ZSTD_inBuffer in = { turn->input, turn->input_length, 0 };
    ZSTD_outBuffer out = { turn->room, turn->room_length, 0 };
    gsize left = ZSTD_decompressStream (decoder->zstd, &out, &in);

    turn->input += in.pos;
    turn->input_length -= in.pos;
    turn->room += out.pos;
    turn->room_length -= out.pos;
    if (!is_fine (left))
        return FALSE;
    decoder->is_behind = left == 0;
    decoder->has_more = left > 0 && turn->room_length == 0;
    return TRUE;
}

static CoderResult
decode (gpointer state, CoderTurn *turn)
{
    Decoder *decoder = state;

    /* Without anything to read it would count calls that lead nowhere, and take a frame that has
     * ended for one that begins. */
    while (turn->input_length > 0 || decoder->has_more) {
        if (turn->room_length == 0)
            return CODER_FULL;
        if (!decode_some (decoder, turn))
            return CODER_BROKEN;
    }
    return turn->aim == CODER_FINISH && !decoder->is_behind ? CODER_BROKEN : CODER_READY;
}

static void
reset_decoder (gpointer state)
{
    Decoder *decoder = state;

    (void) ZSTD_DCtx_reset (decoder->zstd, ZSTD_reset_session_only);
    decoder->is_behind = decoder->has_more = FALSE;
}

static void
close_decoder (gpointer state)
{
    (void) ZSTD_freeDCtx (((Decoder *) state)->zstd);
    g_free (state);
}

const CoderWay coder_zstd_encoding = { open_encoder, encode, reset_encoder, close_encoder };
const CoderWay coder_zstd_decoding = { open_decoder, decode, reset_decoder, close_decoder };
