/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "h3/format/coder-private.h"

struct _Coder {
    const CoderWay *way; /* borrowed: static */
    gpointer state;      /* owned: the way's */
    gboolean is_decoding;
    gboolean is_flushed; /* nothing was taken since it was flushed */
    CoderResult verdict; /* CODER_BROKEN or CODER_TOO_LARGE for good, else CODER_READY */
    guint64 taken;
    guint64 given;
    guint64 max_output;
    guint max_ratio;
    /* What came out where the caller had less room than a library needs. */
    guint8 spill[CODER_LEAST_ROOM];
    guint spill_at;
    guint spill_end;
    CoderResult spilt; /* what the turn said that spilt */
};

typedef struct {
    const char *name; /* borrowed: static */
    int least;
    int most;
    int usual;
    const CoderWay *encoding; /* borrowed: static; (nullable): the library was built without */
    const CoderWay *decoding; /* likewise */
} CodingFacts;

#ifdef HAVE_BROTLI
#define BROTLI_WAYS  &coder_brotli_encoding, &coder_brotli_decoding
#define BROTLI_TOKEN "br, "
#else
#define BROTLI_WAYS  NULL, NULL
#define BROTLI_TOKEN ""
#endif
#ifdef HAVE_ZSTD
#define ZSTD_WAYS  &coder_zstd_encoding, &coder_zstd_decoding
#define ZSTD_TOKEN "zstd, "
#else
#define ZSTD_WAYS  NULL, NULL
#define ZSTD_TOKEN ""
#endif

static const CodingFacts facts[] = {
    [CODING_GZIP] = { "gzip", 1, 9, 6, &coder_zlib_encoding, &coder_zlib_decoding },
    [CODING_DEFLATE] = { "deflate", 1, 9, 6, &coder_zlib_encoding, &coder_zlib_decoding },
    [CODING_BROTLI] = { "br", 0, 11, 4, BROTLI_WAYS },
    /* From 20 on it is slower than anybody waits. */
    [CODING_ZSTD] = { "zstd", 1, 19, 3, ZSTD_WAYS },
    [CODING_BARE] = { "deflate", 1, 9, 6, &coder_zlib_encoding, &coder_zlib_decoding },
};

gboolean
coding_parse (H3View token, Coding *out_coding)
{
    for (guint i = 0; i < CODING_BARE; i++) {
        if (h3_view_equal_ignore_case (token, h3_view_of (facts[i].name))) {
            *out_coding = (Coding) i;
            return TRUE;
        }
    }
    if (!h3_view_equal_ignore_case (token, H3_VIEW ("x-gzip")))
        return FALSE;
    *out_coding = CODING_GZIP;
    return TRUE;
}

gboolean
coding_is_supported (Coding coding)
{
    return facts[coding].encoding != NULL;
}

const char *
coding_list_supported (void)
{
    return ZSTD_TOKEN BROTLI_TOKEN "gzip, deflate";
}

const char *
coding_get_name (Coding coding)
{
    return facts[coding].name;
}

void
coding_get_levels (Coding coding, int *out_least, int *out_most)
{
    *out_least = facts[coding].least;
    *out_most = facts[coding].most;
}

static Coder *
coder_new (const CoderWay *way, Coding coding, int level, guint window_bits)
{
    Coder *coder = g_new0 (Coder, 1);

    g_assert (way != NULL);
    g_assert (window_bits == 0 || (window_bits >= 8 && window_bits <= 15));
    coder->way = way;
    coder->max_output = G_MAXUINT64;
    coder->state = way->open (coding, level, window_bits != 0 ? window_bits : 15);
    return coder;
}

Coder *
coder_new_encoding (Coding coding, int level, guint window_bits)
{
    if (level == CODER_LEVEL_DEFAULT)
        level = facts[coding].usual;
    g_assert (level >= facts[coding].least && level <= facts[coding].most);
    return coder_new (facts[coding].encoding, coding, level, window_bits);
}

Coder *
coder_new_decoding (Coding coding, guint window_bits)
{
    Coder *coder = coder_new (facts[coding].decoding, coding, facts[coding].usual, window_bits);

    coder->is_decoding = TRUE;
    return coder;
}

void
coder_reset (Coder *coder)
{
    coder->way->reset (coder->state);
    coder->verdict = CODER_READY;
    coder->taken = coder->given = 0;
    coder->spill_at = coder->spill_end = 0;
    coder->is_flushed = FALSE;
}

void
coder_free (Coder *coder)
{
    if (coder == NULL)
        return;
    coder->way->close (coder->state);
    g_free (coder);
}

void
coder_set_bounds (Coder *coder, guint64 max_output, guint max_ratio)
{
    coder->max_output = max_output;
    coder->max_ratio = max_ratio;
    coder->taken = coder->given = 0;
}

guint64
coder_get_taken (Coder *coder)
{
    return coder->taken;
}

guint64
coder_get_given (Coder *coder)
{
    return coder->given;
}

static gboolean
is_beyond (Coder *coder)
{
    if (coder->given > coder->max_output)
        return TRUE;
    return coder->max_ratio != 0 && coder->given > CODER_RATIO_GRACE
           && coder->given / coder->max_ratio > coder->taken;
}

/* One turn of the library, counted and judged. */
static CoderResult
take_turn (Coder *coder, CoderTurn *turn)
{
    gsize input_length = turn->input_length, room_length = turn->room_length;
    CoderResult result = coder->way->turn (coder->state, turn);

    coder->taken += input_length - turn->input_length;
    coder->given += room_length - turn->room_length;
    if (is_beyond (coder))
        result = CODER_TOO_LARGE;
    if (result == CODER_BROKEN || result == CODER_TOO_LARGE)
        coder->verdict = result;
    return result;
}

/* Moves what was spilt; FALSE where some is left. */
static gboolean
drain_spill (Coder *coder, guint8 **room, gsize *size)
{
    gsize n = MIN (coder->spill_end - coder->spill_at, *size);

    if (n > 0)
        memcpy (*room, coder->spill + coder->spill_at, n);
    coder->spill_at += (guint) n;
    *room += n;
    *size -= n;
    return coder->spill_at == coder->spill_end;
}

/* As coder_step () of a coder whose spill is empty. */
static CoderResult
step_on (Coder *coder, H3View *input, CoderAim aim, guint8 **room, gsize *size)
{
    CoderTurn turn = { (const guint8 *) input->data, input->length, *room, *size, aim };
    gboolean is_spilling = *size < CODER_LEAST_ROOM;
    CoderResult result;

    if (is_spilling) {
        turn.room = coder->spill;
        turn.room_length = CODER_LEAST_ROOM;
    }
    result = take_turn (coder, &turn);
    *input = h3_view ((const char *) turn.input, turn.input_length);
    if (!is_spilling) {
        *room = turn.room;
        *size = turn.room_length;
        return result;
    }
    coder->spilt = result;
    coder->spill_at = 0;
    coder->spill_end = result == CODER_TOO_LARGE ? 0 : (guint) (turn.room - coder->spill);
    return result;
}

CoderResult
coder_step (Coder *coder, H3View *input, CoderAim aim, void *room, gsize size, gsize *out_length)
{
    guint8 *at = room;
    CoderResult result;

    if (input->length > 0)
        coder->is_flushed = FALSE;
    if (coder->spill_at < coder->spill_end)
        result = coder->spilt;
    else if (coder->is_flushed && aim == CODER_FLUSH)
        result = CODER_READY;
    else if (coder->verdict != CODER_READY)
        result = coder->verdict;
    else
        result = step_on (coder, input, aim, &at, &size);
    for (;;) {
        if (!drain_spill (coder, &at, &size)) {
            result = CODER_FULL;
            break;
        }
        if (result != CODER_FULL || (size == 0 && at != room))
            break;
        result = step_on (coder, input, aim, &at, &size);
    }
    if (result == CODER_READY && aim == CODER_FLUSH && !coder->is_decoding)
        coder->is_flushed = TRUE;
    *out_length = result == CODER_TOO_LARGE ? 0 : (gsize) (at - (guint8 *) room);
    return result;
}

CoderResult
coder_append (Coder *coder, H3View input, CoderAim aim, GByteArray *output)
{
    gsize size = CLAMP (input.length, 256, 16 * 1024);
    CoderResult result;
    gsize length;

    do {
        guint at = output->len;

        g_byte_array_set_size (output, at + (guint) size);
        result = coder_step (coder, &input, aim, output->data + at, size, &length);
        g_byte_array_set_size (output, at + (guint) length);
        size = MIN (size * 2, 64 * 1024);
    } while (result == CODER_FULL);
    return result;
}
