/* SPDX-License-Identifier: MIT */

#include "h3/base/version.h"
#include "h3/format/coder.h"
#include "tests/support/suite.h"

static const Coding codings[] = { CODING_GZIP, CODING_DEFLATE, CODING_BROTLI, CODING_ZSTD };

/* A text as answers are, with repetitions far apart and bytes that do not shrink. */
static GByteArray *
make_text (gsize length)
{
    GByteArray *text = g_byte_array_new ();
    guint32 state = 12345;

    while (text->len < length) {
        char line[64];
        int n = g_snprintf (line, sizeof line, "{\"id\": %u, \"name\": \"n%u\"}\n", text->len % 977,
                            state % 31);

        g_byte_array_append (text, (const guint8 *) line, (guint) n);
        for (guint i = 0; i < state % 5; i++) {
            guint8 byte = (guint8) (state >> 16);

            g_byte_array_append (text, &byte, 1);
            state = state * 1664525 + 1013904223;
        }
        state = state * 1664525 + 1013904223;
    }
    g_byte_array_set_size (text, (guint) length);
    return text;
}

static H3View
view_of (GByteArray *bytes)
{
    return h3_view ((const char *) bytes->data, bytes->len);
}

static GByteArray *
encode (Coding coding, int level, H3View text)
{
    g_autoptr (Coder) coder = coder_new_encoding (coding, level, 0);
    GByteArray *coded = g_byte_array_new ();

    ck_assert_int_eq (coder_append (coder, text, CODER_FINISH, coded), CODER_READY);
    return coded;
}

/* The result of reading `coded` whole with a fresh coder; `*out_text` is what came out. */
static CoderResult
decode (Coding coding, H3View coded, GByteArray **out_text)
{
    g_autoptr (Coder) coder = coder_new_decoding (coding, 0);

    *out_text = g_byte_array_new ();
    return coder_append (coder, coded, CODER_FINISH, *out_text);
}

static void
assert_decodes (Coding coding, H3View coded, H3View text)
{
    g_autoptr (GByteArray) found = NULL;

    ck_assert_int_eq (decode (coding, coded, &found), CODER_READY);
    ck_assert_uint_eq (found->len, text.length);
    ck_assert (h3_view_equal (view_of (found), text));
}

static void
assert_broken (Coding coding, H3View coded)
{
    g_autoptr (GByteArray) found = NULL;

    ck_assert_int_eq (decode (coding, coded, &found), CODER_BROKEN);
}

/* All of `input`, in pieces and rooms of so many bytes; the last piece has `aim`. */
static CoderResult
run_in_pieces (Coder *coder, H3View input, CoderAim aim, gsize piece, gsize size, GByteArray *out)
{
    g_autofree guint8 *room = g_malloc (size);
    CoderResult result;

    do {
        H3View part = h3_view (input.data, MIN (piece, input.length));
        CoderAim now = part.length == input.length ? aim : CODER_FEED;
        gsize length;

        input = h3_view (input.data + part.length, input.length - part.length);
        do {
            result = coder_step (coder, &part, now, room, size, &length);
            ck_assert_uint_le (length, size);
            g_byte_array_append (out, room, (guint) length);
            ck_assert (result != CODER_READY || part.length == 0);
        } while (result == CODER_FULL);
        if (now == aim)
            return result;
    } while (result == CODER_READY);
    return result;
}

START_TEST (coder_reads_what_it_wrote_at_every_level)
{
    g_autoptr (GByteArray) text = make_text (40000);

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        int least, most;

        coding_get_levels (codings[i], &least, &most);
        for (int level = CODER_LEVEL_DEFAULT; level <= most; level++) {
            g_autoptr (GByteArray) coded = NULL;

            if (level >= least || level == CODER_LEVEL_DEFAULT) {
                coded = encode (codings[i], level, view_of (text));
                ck_assert_uint_lt (coded->len, text->len / 2);
                assert_decodes (codings[i], view_of (coded), view_of (text));
            }
        }
    }
}
END_TEST

START_TEST (coder_gives_the_same_in_pieces_of_any_size)
{
    static const gsize sizes[] = { 1, 2, 7, 63, 64, 65, 1000, 100000 };
    g_autoptr (GByteArray) text = make_text (3000);

    for (guint i = 0; i < G_N_ELEMENTS (codings) * G_N_ELEMENTS (sizes); i++) {
        Coding coding = codings[i / G_N_ELEMENTS (sizes)];
        gsize size = sizes[i % G_N_ELEMENTS (sizes)];

        if (!coding_is_supported (coding))
            continue;
        for (guint j = 0; j < G_N_ELEMENTS (sizes); j++) {
            g_autoptr (Coder) encoder = coder_new_encoding (coding, CODER_LEVEL_DEFAULT, 0);
            g_autoptr (Coder) decoder = coder_new_decoding (coding, 0);
            g_autoptr (GByteArray) coded = g_byte_array_new ();
            g_autoptr (GByteArray) found = g_byte_array_new ();

            ck_assert_int_eq (
                run_in_pieces (encoder, view_of (text), CODER_FINISH, size, sizes[j], coded),
                CODER_READY);
            assert_decodes (coding, view_of (coded), view_of (text));
            ck_assert_int_eq (
                run_in_pieces (decoder, view_of (coded), CODER_FINISH, sizes[j], size, found),
                CODER_READY);
            ck_assert (h3_view_equal (view_of (found), view_of (text)));
            ck_assert_uint_eq (coder_get_taken (decoder), coded->len);
            ck_assert_uint_eq (coder_get_given (decoder), text->len);
        }
    }
}
END_TEST

START_TEST (coder_writes_and_reads_nothing)
{
    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (GByteArray) coded = encode (codings[i], CODER_LEVEL_DEFAULT, H3_VIEW_EMPTY);

        ck_assert_uint_gt (coded->len, 0);
        assert_decodes (codings[i], view_of (coded), H3_VIEW_EMPTY);
    }
}
END_TEST

START_TEST (coder_refuses_what_ends_early)
{
    g_autoptr (GByteArray) text = make_text (300);

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (GByteArray) coded = encode (codings[i], CODER_LEVEL_DEFAULT, view_of (text));

        for (guint length = 0; length < coded->len; length++)
            assert_broken (codings[i], h3_view ((const char *) coded->data, length));
    }
}
END_TEST

START_TEST (coder_refuses_what_stands_behind_the_end)
{
    g_autoptr (GByteArray) text = make_text (300);

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (GByteArray) coded = encode (codings[i], CODER_LEVEL_DEFAULT, view_of (text));
        g_autoptr (Coder) coder = coder_new_decoding (codings[i], 0);
        g_autoptr (GByteArray) found = g_byte_array_new ();
        H3View whole = view_of (coded);

        /* In a piece of its own, too. */
        ck_assert_int_eq (coder_append (coder, whole, CODER_FEED, found), CODER_READY);
        ck_assert_uint_eq (found->len, text->len);
        ck_assert_int_eq (coder_append (coder, H3_VIEW ("\0\0\0\0\0"), CODER_FINISH, found),
                          CODER_BROKEN);
        ck_assert_int_eq (coder_append (coder, H3_VIEW_EMPTY, CODER_FINISH, found), CODER_BROKEN);
        g_byte_array_append (coded, (const guint8 *) "x", 1);
        assert_broken (codings[i], view_of (coded));
    }
}
END_TEST

START_TEST (coder_refuses_what_is_in_no_coding)
{
    static const Coding most[] = { CODING_GZIP, CODING_DEFLATE, CODING_ZSTD };

    for (guint i = 0; i < G_N_ELEMENTS (most); i++) {
        if (coding_is_supported (most[i]))
            assert_broken (most[i], H3_VIEW ("This is a plain text, and a long one."));
    }
    if (coding_is_supported (CODING_BROTLI))
        assert_broken (CODING_BROTLI, H3_VIEW ("\xff\xff\xff\xff\xff\xff\xff\xff"));
}
END_TEST

START_TEST (coder_reads_several_members_and_frames)
{
    static const Coding several[] = { CODING_GZIP, CODING_ZSTD };

    for (guint i = 0; i < G_N_ELEMENTS (several); i++) {
        if (!coding_is_supported (several[i]))
            continue;
        g_autoptr (GByteArray) coded = encode (several[i], CODER_LEVEL_DEFAULT, H3_VIEW ("one "));
        g_autoptr (GByteArray) more = encode (several[i], CODER_LEVEL_DEFAULT, H3_VIEW ("two"));

        g_byte_array_append (coded, more->data, more->len);
        assert_decodes (several[i], view_of (coded), H3_VIEW ("one two"));
        g_byte_array_set_size (coded, coded->len - 1);
        assert_broken (several[i], view_of (coded));
    }
}
END_TEST

START_TEST (coder_reads_what_others_wrote)
{
    assert_decodes (CODING_GZIP,
                    H3_VIEW ("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00"
                             "\x86\xa6\x10\x36\x05\x00\x00\x00"),
                    H3_VIEW ("hello"));
    assert_decodes (CODING_DEFLATE,
                    H3_VIEW ("\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15"),
                    H3_VIEW ("hello"));
    if (coding_is_supported (CODING_BROTLI))
        assert_decodes (CODING_BROTLI, H3_VIEW ("\x0f\x02\x80hello\x03"), H3_VIEW ("hello"));
    if (coding_is_supported (CODING_ZSTD))
        assert_decodes (
            CODING_ZSTD,
            H3_VIEW ("\x50\x2a\x4d\x18\x03\x00\x00\x00...\x28\xb5\x2f\xfd\x00\x68\x29\x00"
                     "\x00hello"),
            H3_VIEW ("hello"));
}
END_TEST

START_TEST (coder_reads_deflate_without_its_wrapper)
{
    assert_decodes (CODING_DEFLATE, H3_VIEW ("\xcb\x48\xcd\xc9\xc9\x07\x00"), H3_VIEW ("hello"));
    assert_decodes (CODING_DEFLATE, H3_VIEW ("\x03\x00"), H3_VIEW_EMPTY);
    assert_broken (CODING_DEFLATE, H3_VIEW ("\x03\x00\x00"));
    /* A wrapper whose check is wrong is none, and is no deflate either. */
    assert_broken (CODING_DEFLATE,
                   H3_VIEW ("\x78\x9d\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15"));
    /* One that wants a dictionary. */
    assert_broken (CODING_DEFLATE, H3_VIEW ("\x78\xbb\x06\x2c\x02\x15\xcb\x48\x05\x00"));
}
END_TEST

START_TEST (coder_refuses_a_zstd_window_above_8_MiB)
{
    static const char frame[] = "\x28\xb5\x2f\xfd\x00\x70\x29\x00\x00hello";

    if (coding_is_supported (CODING_ZSTD))
        assert_broken (CODING_ZSTD, h3_view (frame, sizeof frame - 1));
}
END_TEST

START_TEST (coder_shows_all_that_was_flushed)
{
    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (Coder) encoder = coder_new_encoding (codings[i], CODER_LEVEL_DEFAULT, 0);
        g_autoptr (Coder) decoder = coder_new_decoding (codings[i], 0);
        g_autoptr (GByteArray) coded = g_byte_array_new ();
        g_autoptr (GByteArray) found = g_byte_array_new ();

        for (guint8 n = 'a'; n <= 'z'; n++) {
            H3View piece = h3_view ((const char *) &n, 1);

            g_byte_array_set_size (coded, 0);
            ck_assert_int_eq (run_in_pieces (encoder, piece, CODER_FLUSH, 1, 1, coded),
                              CODER_READY);
            ck_assert_int_eq (coder_append (decoder, view_of (coded), CODER_FEED, found),
                              CODER_READY);
            ck_assert_uint_eq (found->len, n - 'a' + 1);
        }
        g_byte_array_set_size (coded, 0);
        ck_assert_int_eq (coder_append (encoder, H3_VIEW_EMPTY, CODER_FINISH, coded), CODER_READY);
        ck_assert_int_eq (coder_append (decoder, view_of (coded), CODER_FINISH, found),
                          CODER_READY);
        ck_assert (h3_view_equal (view_of (found), H3_VIEW ("abcdefghijklmnopqrstuvwxyz")));
    }
}
END_TEST

START_TEST (coder_writes_nothing_where_nothing_came_since_it_was_flushed)
{
    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (Coder) coder = coder_new_encoding (codings[i], CODER_LEVEL_DEFAULT, 0);
        g_autoptr (GByteArray) coded = g_byte_array_new ();
        guint length;

        (void) coder_append (coder, H3_VIEW ("text"), CODER_FLUSH, coded);
        length = coded->len;
        for (guint n = 0; n < 3; n++)
            ck_assert_int_eq (run_in_pieces (coder, H3_VIEW_EMPTY, CODER_FLUSH, 1, 1, coded),
                              CODER_READY);
        ck_assert_uint_eq (coded->len, length);
        (void) coder_append (coder, H3_VIEW (" more"), CODER_FLUSH, coded);
        ck_assert_uint_gt (coded->len, length);
        (void) coder_append (coder, H3_VIEW_EMPTY, CODER_FINISH, coded);
        assert_decodes (codings[i], view_of (coded), H3_VIEW ("text more"));
    }
}
END_TEST

START_TEST (coder_begins_anew_when_it_is_reset)
{
    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (Coder) encoder = coder_new_encoding (codings[i], CODER_LEVEL_DEFAULT, 0);
        g_autoptr (Coder) decoder = coder_new_decoding (codings[i], 0);

        for (guint n = 0; n < 3; n++) {
            g_autoptr (GByteArray) coded = g_byte_array_new ();
            g_autoptr (GByteArray) found = g_byte_array_new ();

            (void) coder_append (encoder, H3_VIEW ("left behind"), CODER_FLUSH, coded);
            (void) coder_append (decoder, H3_VIEW ("\xff\xff\xff\xff"), CODER_FEED, found);
            coder_reset (encoder);
            coder_reset (decoder);
            g_byte_array_set_size (coded, 0);
            g_byte_array_set_size (found, 0);
            (void) coder_append (encoder, H3_VIEW ("hello"), CODER_FINISH, coded);
            ck_assert_int_eq (coder_append (decoder, view_of (coded), CODER_FINISH, found),
                              CODER_READY);
            ck_assert (h3_view_equal (view_of (found), H3_VIEW ("hello")));
            coder_reset (encoder);
            coder_reset (decoder);
        }
    }
}
END_TEST

START_TEST (coder_lets_out_no_more_than_its_bound)
{
    g_autoptr (GByteArray) text = make_text (5000);

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (GByteArray) coded = encode (codings[i], CODER_LEVEL_DEFAULT, view_of (text));
        g_autoptr (Coder) coder = coder_new_decoding (codings[i], 0);

        for (guint64 bound = text->len - 1; bound <= text->len; bound++) {
            g_autoptr (GByteArray) found = g_byte_array_new ();
            CoderResult wanted = bound < text->len ? CODER_TOO_LARGE : CODER_READY;

            coder_reset (coder);
            coder_set_bounds (coder, bound, 0);
            ck_assert_int_eq (run_in_pieces (coder, view_of (coded), CODER_FINISH, 100, 100, found),
                              wanted);
            ck_assert_uint_le (found->len, bound);
            ck_assert_int_eq (coder_append (coder, H3_VIEW_EMPTY, CODER_FINISH, found), wanted);
        }
    }
}
END_TEST

START_TEST (coder_refuses_a_ratio_above_its_bound)
{
    g_autofree char *zeros = g_malloc0 (1 << 20);

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        if (!coding_is_supported (codings[i]))
            continue;
        g_autoptr (GByteArray) coded =
            encode (codings[i], CODER_LEVEL_DEFAULT, h3_view (zeros, 1 << 20));
        g_autoptr (GByteArray) few =
            encode (codings[i], CODER_LEVEL_DEFAULT, h3_view (zeros, CODER_RATIO_GRACE));
        g_autoptr (Coder) coder = coder_new_decoding (codings[i], 0);
        g_autoptr (GByteArray) found = g_byte_array_new ();

        coder_set_bounds (coder, G_MAXUINT64, 100);
        ck_assert_int_eq (coder_append (coder, view_of (coded), CODER_FINISH, found),
                          CODER_TOO_LARGE);
        ck_assert_uint_lt (found->len, 4 * CODER_RATIO_GRACE);
        coder_reset (coder);
        ck_assert_int_eq (coder_append (coder, view_of (few), CODER_FINISH, found), CODER_READY);
    }
}
END_TEST

START_TEST (codings_that_the_library_was_built_without_are_not_listed)
{
    g_auto (GStrv) listed = g_strsplit (coding_list_supported (), ", ", -1);
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
        gboolean is_there =
            g_strv_contains ((const char *const *) listed, coding_get_name (codings[i]));

        ck_assert_int_eq (is_there, coding_is_supported (codings[i]));
        n += is_there ? 1 : 0;
    }
    ck_assert_uint_eq (g_strv_length (listed), n);
    ck_assert_int_eq (coding_is_supported (CODING_BROTLI), h3_has_feature ("brotli"));
    ck_assert_int_eq (coding_is_supported (CODING_ZSTD), h3_has_feature ("zstd"));
    ck_assert (coding_is_supported (CODING_GZIP) && coding_is_supported (CODING_BARE));
}
END_TEST

START_TEST (coding_is_known_by_its_token)
{
    static const char *const tokens[] = { "gzip", "x-gzip", "GZip", "deflate", "br", "zstd" };
    static const Coding wanted[] = { CODING_GZIP,    CODING_GZIP,   CODING_GZIP,
                                     CODING_DEFLATE, CODING_BROTLI, CODING_ZSTD };
    Coding coding = CODING_BARE;

    for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
        ck_assert (coding_parse (h3_view_of (tokens[i]), &coding));
        ck_assert_int_eq (coding, wanted[i]);
    }
    coding = CODING_BARE;
    ck_assert (!coding_parse (H3_VIEW ("identity"), &coding));
    ck_assert (!coding_parse (H3_VIEW (""), &coding));
    ck_assert_int_eq (coding, CODING_BARE);
    ck_assert_str_eq (coding_get_name (CODING_BROTLI), "br");
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "both ways", coder_reads_what_it_wrote_at_every_level,
                    coder_gives_the_same_in_pieces_of_any_size, coder_writes_and_reads_nothing,
                    coder_shows_all_that_was_flushed,
                    coder_writes_nothing_where_nothing_came_since_it_was_flushed,
                    coder_begins_anew_when_it_is_reset, NULL);
    suite_add_case (suite, "reading", coder_refuses_what_ends_early,
                    coder_refuses_what_stands_behind_the_end, coder_refuses_what_is_in_no_coding,
                    coder_reads_several_members_and_frames, coder_reads_what_others_wrote,
                    coder_reads_deflate_without_its_wrapper,
                    coder_refuses_a_zstd_window_above_8_MiB, NULL);
    suite_add_case (suite, "bounds", coder_lets_out_no_more_than_its_bound,
                    coder_refuses_a_ratio_above_its_bound, NULL);
    suite_add_case (suite, "names", coding_is_known_by_its_token,
                    codings_that_the_library_was_built_without_are_not_listed, NULL);
}

int
main (void)
{
    return suite_run ("format/coder", add_cases);
}
