/* SPDX-License-Identifier: MIT */

#include "../support/codings.h"
#include "../support/suite.h"

#include "h3/client/client-decoder.h"

#define ANY G_MAXUINT64

/* (transfer full): `text` in one more coding. */
static GByteArray *
code (Coding coding, const GByteArray *text)
{
    g_autoptr (Coder) coder = coder_new_encoding (coding, CODER_LEVEL_DEFAULT, 0);
    GByteArray *coded = g_byte_array_new ();

    ck_assert_int_eq (
        coder_append (coder, h3_view ((const char *) text->data, text->len), CODER_FINISH, coded),
        CODER_READY);
    return coded;
}

/* (transfer full): texts that do not become so small that it is suspicious. */
static GByteArray *
make_text (guint length)
{
    GByteArray *text = g_byte_array_new ();
    guint32 state = 12345;

    g_byte_array_set_size (text, length);
    for (guint i = 0; i < length; i++) {
        state = state * 1103515245 + 12345;
        text->data[i] = (guint8) ('a' + (state >> 16) % 16);
    }
    return text;
}

/* Feeds it `cut` bytes at a time, taking `size` at a time. */
static CoderResult
decode (ClientDecoder *decoder, const GByteArray *coded, gsize cut, gsize size, GByteArray *out)
{
    g_autofree char *room = g_malloc (size);
    CoderResult result = CODER_READY;
    gsize at = 0;
    gboolean is_last;

    do {
        H3View input = h3_view ((const char *) coded->data + at, MIN (cut, coded->len - at));
        gsize length;

        is_last = input.length == 0;
        at += input.length;
        do {
            result = client_decoder_step (decoder, &input, is_last, room, size, &length);
            g_byte_array_append (out, (guint8 *) room, (guint) length);
        } while (result == CODER_FULL);
        ck_assert (result != CODER_READY || input.length == 0);
    } while (result == CODER_READY && !is_last);
    return result;
}

static CoderResult
decode_as (const char *codings, const GByteArray *coded, guint64 max_output, GByteArray *out)
{
    const char *problem;
    g_autoptr (ClientDecoder) decoder = client_decoder_new (codings, max_output, &problem);

    ck_assert_msg (decoder != NULL, "%s", problem);
    return decode (decoder, coded, 1000, 4096, out);
}

START_TEST (decoder_undoes_what_was_listed_last_first)
{
    static const char *const lists[] = { "gzip",    "br",       "zstd",
                                         "deflate", "gzip, br", "zstd,gzip , br" };
    static const Coding codings[][3] = {
        { CODING_GZIP },
        { CODING_BROTLI },
        { CODING_ZSTD },
        { CODING_DEFLATE },
        { CODING_GZIP, CODING_BROTLI },
        { CODING_ZSTD, CODING_GZIP, CODING_BROTLI },
    };
    static const guint counts[] = { 1, 1, 1, 1, 2, 3 };
    static const gsize cuts[] = { 1, 7, 1000, 1 << 20 }, sizes[] = { 1, 100, 16384 };
    g_autoptr (GByteArray) text = make_text (20000);
    GByteArray *coded = g_byte_array_ref (text);
    guint count = codings_are_had (lists[_i]) ? counts[_i] : 0;

    for (guint i = 0; i < count; i++) {
        GByteArray *once_more = code (codings[_i][i], coded);

        g_byte_array_unref (coded);
        coded = once_more;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (cuts) * G_N_ELEMENTS (sizes) && count > 0; i++) {
        const char *problem;
        g_autoptr (ClientDecoder) decoder = client_decoder_new (lists[_i], ANY, &problem);
        g_autoptr (GByteArray) out = g_byte_array_new ();

        ck_assert_int_eq (decode (decoder, coded, cuts[i % G_N_ELEMENTS (cuts)],
                                  sizes[i / G_N_ELEMENTS (cuts)], out),
                          CODER_READY);
        ck_assert_uint_eq (out->len, text->len);
        ck_assert_mem_eq (out->data, text->data, text->len);
    }
    g_byte_array_unref (coded);
}
END_TEST

START_TEST (decoder_knows_what_it_cannot_undo)
{
    const char *problem;

    ck_assert_ptr_null (client_decoder_new ("compress", ANY, &problem));
    ck_assert_ptr_nonnull (problem);
    ck_assert_ptr_null (client_decoder_new ("gzip, aes", ANY, &problem));
    ck_assert_ptr_nonnull (problem);
    if (!codings_are_had ("br"))
        ck_assert_ptr_null (client_decoder_new ("br", ANY, &problem));
    ck_assert_ptr_nonnull (problem);
    ck_assert_ptr_null (client_decoder_new ("gzip, gzip, gzip, gzip", ANY, &problem));
    ck_assert_ptr_nonnull (problem);
    ck_assert_ptr_null (client_decoder_new ("identity", ANY, &problem));
    ck_assert_ptr_null (problem);
    ck_assert_ptr_null (client_decoder_new (" , Identity", ANY, &problem));
    ck_assert_ptr_null (problem);
}
END_TEST

START_TEST (decoder_finds_a_body_that_is_cut_or_goes_on_behind_its_end)
{
    static const char *const lists[] = { "gzip", "br", "zstd", "br, gzip" };
    g_autoptr (GByteArray) text = make_text (5000);

    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
        if (!codings_are_had (lists[i]))
            continue;
        static const Coding first[] = { CODING_GZIP, CODING_BROTLI, CODING_ZSTD, CODING_BROTLI };
        g_autoptr (GByteArray) once = code (first[i], text);
        g_autoptr (GByteArray) coded = i < 3 ? g_byte_array_ref (once) : code (CODING_GZIP, once);
        g_autoptr (GByteArray) out = g_byte_array_new ();

        g_byte_array_append (coded, (const guint8 *) "junk", 4);
        ck_assert_int_eq (decode_as (lists[i], coded, ANY, out), CODER_BROKEN);
        g_byte_array_set_size (coded, coded->len - 5);
        g_byte_array_set_size (out, 0);
        ck_assert_int_eq (decode_as (lists[i], coded, ANY, out), CODER_BROKEN);
    }
}
END_TEST

START_TEST (decoder_stops_at_its_bound)
{
    if (!codings_are_had ("br"))
        return;
    g_autoptr (GByteArray) text = make_text (5000);
    g_autoptr (GByteArray) once = code (CODING_GZIP, text);
    g_autoptr (GByteArray) twice = code (CODING_BROTLI, once);
    g_autoptr (GByteArray) out = g_byte_array_new ();

    ck_assert_int_eq (decode_as ("gzip", once, 5000, out), CODER_READY);
    ck_assert_int_eq (decode_as ("gzip", once, 4999, out), CODER_TOO_LARGE);
    ck_assert_int_eq (decode_as ("gzip, br", twice, 5000, out), CODER_READY);
    ck_assert_int_eq (decode_as ("gzip, br", twice, 4999, out), CODER_TOO_LARGE);
}
END_TEST

START_TEST (decoder_stops_at_a_bomb)
{
    static const char *const lists[] = { "gzip", "br", "zstd", "gzip, zstd" };
    static const Coding first[] = { CODING_GZIP, CODING_BROTLI, CODING_ZSTD, CODING_GZIP };
    g_autoptr (GByteArray) zeros = g_byte_array_new ();
    g_autoptr (GByteArray) once = NULL, coded = NULL;
    g_autoptr (GByteArray) out = g_byte_array_new ();

    if (!codings_are_had (lists[_i]))
        return;
    g_byte_array_set_size (zeros, 16 * 1024 * 1024);
    memset (zeros->data, 0, zeros->len);
    once = code (first[_i], zeros);
    coded = _i < 3 ? g_byte_array_ref (once) : code (CODING_ZSTD, once);
    ck_assert_int_eq (decode_as (lists[_i], coded, ANY, out), CODER_TOO_LARGE);
    ck_assert_uint_le (out->len, CODER_RATIO_GRACE + 100 * coded->len + 65536);
}
END_TEST

START_TEST (decoder_takes_no_body_for_an_empty_one)
{
    if (!codings_are_had ("br"))
        return;
    g_autoptr (GByteArray) nothing = g_byte_array_new ();
    g_autoptr (GByteArray) out = g_byte_array_new ();

    ck_assert_int_eq (decode_as ("gzip, br", nothing, ANY, out), CODER_READY);
    ck_assert_uint_eq (out->len, 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *codings = tcase_create ("codings"), *bombs = tcase_create ("bombs");

    tcase_add_loop_test (codings, decoder_undoes_what_was_listed_last_first, 0, 6);
    suite_add_tcase (suite, codings);
    suite_add_case (suite, "problems", decoder_knows_what_it_cannot_undo,
                    decoder_finds_a_body_that_is_cut_or_goes_on_behind_its_end,
                    decoder_stops_at_its_bound, decoder_takes_no_body_for_an_empty_one, NULL);
    tcase_add_loop_test (bombs, decoder_stops_at_a_bomb, 0, 4);
    suite_add_tcase (suite, bombs);
}

int
main (void)
{
    return suite_run ("client/client-decoder", add_tests);
}
