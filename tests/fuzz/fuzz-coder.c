/* SPDX-License-Identifier: MIT
 *
 * Codings of content: what is written reads as what it was, however both are cut and flushed;
 * whatever is read, in pieces or whole, is taken or refused alike; and no bound is exceeded. */

#include "fuzz.h"
#include "h3/format/coder.h"

/* More is not read: a short input may ask for very much. */
#define MOST_OUTPUT (1 << 20)

static const Coding codings[] = { CODING_GZIP, CODING_DEFLATE, CODING_BROTLI, CODING_ZSTD,
                                  CODING_BARE };

static H3View
view_of (GByteArray *bytes)
{
    return h3_view ((const char *) bytes->data, bytes->len);
}

/* Bytes of `coding` have no end of their own where it is bare: a message has one. */
static CoderAim
last_aim (Coding coding)
{
    return coding == CODING_BARE ? CODER_FLUSH : CODER_FINISH;
}

/* Runs all of `input` through rooms and pieces that the input chooses. */
static CoderResult
run_cut (Coder *coder, H3View input, CoderAim last, gboolean may_flush, GByteArray *output)
{
    FuzzCuts cuts;
    gsize start = 0, end = 0;
    CoderResult result;

    fuzz_cuts_init (&cuts, input);
    do {
        gboolean is_on = fuzz_cuts_next (&cuts, &end);
        CoderAim aim = end == input.length                               ? last
                       : may_flush && fuzz_choose (&cuts.choice, 4) == 0 ? CODER_FLUSH
                                                                         : CODER_FEED;
        H3View part = h3_view (input.data + start, end - start);
        guint8 room[300];
        gsize length;

        FUZZ_ASSERT (is_on || input.length == 0, "cut at %zu of %zu", end, input.length);
        do {
            gsize size = 1 + fuzz_choose (&cuts.choice, (guint) sizeof room);

            result = coder_step (coder, &part, aim, room, size, &length);
            FUZZ_ASSERT (length <= size, "%zu bytes in a room of %zu", length, size);
            g_byte_array_append (output, room, (guint) length);
        } while (result == CODER_FULL);
        FUZZ_ASSERT (result != CODER_READY || part.length == 0, "%zu bytes left", part.length);
        start = end;
    } while (result == CODER_READY && end < input.length);
    return result;
}

static void
check_identity (Coding coding, H3View text, FuzzChoice *choice)
{
    guint bits = coding == CODING_BARE ? 8 + fuzz_choose (choice, 8) : 0;
    int least, most;
    g_autoptr (Coder) encoder = NULL;
    g_autoptr (Coder) decoder = coder_new_decoding (coding, bits);
    g_autoptr (GByteArray) coded = g_byte_array_new ();
    g_autoptr (GByteArray) found = g_byte_array_new ();
    CoderResult result;

    coding_get_levels (coding, &least, &most);
    /* The smallest of brotli and zstd take long. */
    encoder = coder_new_encoding (
        coding, least + (int) fuzz_choose (choice, (guint) MIN (most, 9) - (guint) least + 1),
        bits);
    result = run_cut (encoder, text, last_aim (coding), TRUE, coded);
    FUZZ_ASSERT (result == CODER_READY, "%s: written: %d", coding_get_name (coding), result);
    if (coding == CODING_BARE && text.length == 0)
        return;
    result = run_cut (decoder, view_of (coded), last_aim (coding), FALSE, found);
    FUZZ_ASSERT (result == CODER_READY, "%s, window %u: read: %d", coding_get_name (coding), bits,
                 result);
    FUZZ_ASSERT (h3_view_equal (view_of (found), text), "%s: another text",
                 coding_get_name (coding));
}

static void
check_bound (Coding coding, H3View coded, guint64 bound, CoderResult wanted)
{
    g_autoptr (Coder) coder = coder_new_decoding (coding, 0);
    g_autoptr (GByteArray) found = g_byte_array_new ();
    CoderResult result;

    coder_set_bounds (coder, bound, 0);
    result = run_cut (coder, coded, last_aim (coding), FALSE, found);
    FUZZ_ASSERT (result == wanted && found->len <= bound, "%s: bound %" G_GUINT64_FORMAT ": %d",
                 coding_get_name (coding), bound, result);
}

static void
check_reading (Coding coding, H3View coded)
{
    g_autoptr (Coder) whole = coder_new_decoding (coding, 0);
    g_autoptr (Coder) cut = coder_new_decoding (coding, 0);
    g_autoptr (GByteArray) found = g_byte_array_new ();
    g_autoptr (GByteArray) found_cut = g_byte_array_new ();
    CoderResult result, result_cut;

    coder_set_bounds (whole, MOST_OUTPUT, 0);
    coder_set_bounds (cut, MOST_OUTPUT, 0);
    result = coder_append (whole, coded, last_aim (coding), found);
    result_cut = run_cut (cut, coded, last_aim (coding), FALSE, found_cut);
    FUZZ_ASSERT ((result == CODER_READY) == (result_cut == CODER_READY), "%s: %d whole, %d cut",
                 coding_get_name (coding), result, result_cut);
    if (result != CODER_READY)
        return;
    FUZZ_ASSERT (h3_view_equal (view_of (found), view_of (found_cut)), "%s: another text",
                 coding_get_name (coding));
    check_bound (coding, coded, found->len, CODER_READY);
    if (found->len > 0)
        check_bound (coding, coded, found->len - 1, CODER_TOO_LARGE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View input = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (input);

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++)
        check_reading (codings[i], input);
    check_identity (codings[fuzz_choose (&choice, G_N_ELEMENTS (codings))], input, &choice);
    return 0;
}
