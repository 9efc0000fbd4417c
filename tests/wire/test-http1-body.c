/* SPDX-License-Identifier: MIT */

#include "tests/support/body-cuts.h"
#include "tests/support/suite.h"

START_TEST (chunked_bodies_are_read_the_same_however_cut)
{
    assert_read (H3_VIEW ("0\r\n\r\n"), "", "");
    assert_read (H3_VIEW ("5\r\nhello\r\n0\r\n\r\n"), "hello", "");
    assert_read (H3_VIEW ("5\r\nhello\r\n00000000000000Ab\r\n"
                          "0123456789012345678901234567890123456789012345678901234567890123456789"
                          "0123456789012345678901234567890123456789012345678901234567890123456789"
                          "0123456789012345678901234567890\r\n1\r\n\n\r\n000\r\n\r\n"),
                 "hello"
                 "0123456789012345678901234567890123456789012345678901234567890123456789"
                 "0123456789012345678901234567890123456789012345678901234567890123456789"
                 "0123456789012345678901234567890\n",
                 "");
    assert_read (H3_VIEW ("2\r\n\r\n\r\n0000000000000000\r\n\r\n"), "\r\n", "");
}
END_TEST

START_TEST (chunked_body_leaves_what_follows_it)
{
    g_auto (Outcome) outcome = outcome_read_all_ways (
        &wide_limits, CHUNKED, H3_VIEW ("1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\n"));

    ck_assert_int_eq (outcome.result, HTTP1_BODY_END);
    ck_assert_uint_eq (outcome.used, 11);
}
END_TEST

START_TEST (chunked_body_cut_short_needs_more_at_every_byte)
{
    H3View whole = H3_VIEW ("3;a=\"\\\"\"\r\nabc\r\n0;b\r\nT: v\r\n\r\n");

    for (gsize length = 0; length < whole.length; length++)
        assert_chunked (&wide_limits, h3_view (whole.data, length), HTTP1_BODY_NEEDS_MORE, 0, NULL,
                        "");
    assert_read (whole, "abc", "T=v;");
}
END_TEST

START_TEST (chunk_sizes_are_hex_digits_only)
{
    static const char *const lines[] = {
        "\r\n",     " 1\r\n",    "1 \r\n",   "\t1\r\n", "1\t\r\n", "+1\r\n",    "-1\r\n",
        "0x1\r\n",  "1_0\r\n",   "x\r\n",    "g\r\n",   "1g\r\n",  "1h\r\n",    "1,\r\n",
        "1.0\r\n",  "1\n",       "1\r1",     "1\r\r\n", "\n1\r\n", "\r\n1\r\n", "1\v\r\n",
        "\x80\r\n", "1\x7f\r\n", "1 ;a\r\n", "@1\r\n",  "`\r\n",   "/\r\n",     ":\r\n"
    };

    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *second = g_strconcat ("1\r\nx\r\n", lines[i], NULL);

        assert_refused (h3_view_of (lines[i]), 400);
        assert_refused (h3_view_of (second), 400);
    }
    assert_refused (h3_view ("1\0\r\n", 4), 400);
    assert_refused (h3_view ("\0", 1), 400);
}
END_TEST

START_TEST (chunk_size_of_sixteen_digits_is_taken_and_of_seventeen_refused)
{
    assert_read (H3_VIEW ("0000000000000001\r\nx\r\n0\r\n\r\n"), "x", "");
    assert_refused (H3_VIEW ("00000000000000001\r\nx\r\n0\r\n\r\n"), 400);
    assert_refused (H3_VIEW ("00000000000000000\r\n\r\n"), 400);
    assert_refused (H3_VIEW ("10000000000000000\r\n"), 400);
    assert_refused (H3_VIEW ("10000000000000005\r\nhello\r\n"), 400);
    assert_refused (H3_VIEW ("100000005hello00000000000"), 400);
}
END_TEST

START_TEST (chunk_sizes_of_2_to_the_63_and_more_are_refused)
{
    Http1BodyLimits limits = wide_limits;

    assert_refused (H3_VIEW ("8000000000000000\r\n"), 400);
    assert_refused (H3_VIEW ("ffffffffffffffff\r\n"), 400);
    assert_refused (H3_VIEW ("FFFFFFFFFFFFFFFE\r\n"), 400);
    limits.max_body = G_MAXUINT64;
    assert_chunked (&limits, H3_VIEW ("8000000000000000\r\n"), HTTP1_BODY_REFUSED, 400, "", "");
    assert_chunked (&limits, H3_VIEW ("7fffffffffffffff\r\n"), HTTP1_BODY_NEEDS_MORE, 0, "", "");
    assert_chunked (&limits, H3_VIEW ("7fffffffffffffff\r\nab"), HTTP1_BODY_NEEDS_MORE, 0, "ab",
                    "");
    assert_chunked (&limits, H3_VIEW ("80000000\r\nab"), HTTP1_BODY_NEEDS_MORE, 0, "ab", "");
    assert_chunked (&limits, H3_VIEW ("100000000\r\nab"), HTTP1_BODY_NEEDS_MORE, 0, "ab", "");
}
END_TEST

START_TEST (chunk_data_is_followed_by_exactly_crlf)
{
    static const char *const ends[] = { "\n0\r\n\r\n",   "0\r\n\r\n",        "xx0\r\n\r\n",
                                        "\r0\r\n\r\n",   " \r\n0\r\n\r\n",   "\r\r\n0\r\n\r\n",
                                        "\n\r0\r\n\r\n", "\r\n\r\n0\r\n\r\n" };

    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *bytes = g_strconcat ("3\r\nabc", ends[i], NULL);

        assert_refused (h3_view_of (bytes), 400);
    }
}
END_TEST

START_TEST (chunk_extensions_that_are_well_formed_are_read_over)
{
    static const char *const taken[] = { ";a",
                                         ";a=b",
                                         ";a;b=c;d",
                                         ";a=\"\"",
                                         ";a=\"b;c\"",
                                         ";a=\"\\\"\"",
                                         ";a=\"\\\\\";b",
                                         ";!#$%&'*+-.^_`|~=1",
                                         ";a=\"\t \xff{}[]\"",
                                         ";0x=0x" };

    for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
        g_autofree char *bytes =
            g_strconcat ("1", taken[i], "\r\nx\r\n0", taken[i], "\r\n\r\n", NULL);

        assert_read (h3_view_of (bytes), "x", "");
    }
}
END_TEST

START_TEST (chunk_extensions_that_are_malformed_are_refused)
{
    static const char *const refused[] = {
        ";",           ";;a",     ";a;",        "; a",       ";a =b",       ";a= b",
        ";a=",         ";=b",     ";a=b=c",     ";a=\"",     ";a=\"b\"c",   ";a=\"b\" ",
        ";a=b ",       ";a,b",    ";a=\"\n\"",  ";a=\"\r\"", ";a=\"\\\n\"", ";a=\"\\\"",
        ";a=\"\x7f\"", ";a=\xff", ";a\n",       ";a=b\n",    ";a=\"b\"\n",  " ;a",
        ";a=b\"",      ";a=(b)",  ";a=\"b\"\"", ";a=\"b\"=", "x;a",         ";a\t"
    };

    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *bytes = g_strconcat ("1", refused[i], "\r\nx\r\n0\r\n\r\n", NULL);

        assert_refused (h3_view_of (bytes), 400);
    }
    assert_refused (h3_view ("1;a=\"\0\"\r\n", 9), 400);
}
END_TEST

/* A message of `lines` chunks of one byte, each with an extension of `length` bytes. */
static char *
dup_extended (guint lines, guint length)
{
    g_autofree char *name = g_strnfill (length - 1, 'e');
    GString *bytes = g_string_new (NULL);

    for (guint i = 0; i < lines; i++)
        g_string_append_printf (bytes, "1;%s\r\nx\r\n", name);
    g_string_append (bytes, "0\r\n\r\n");
    return g_string_free (bytes, FALSE);
}

START_TEST (chunk_extensions_of_a_line_are_bounded)
{
    for (guint length = 255; length <= 257; length++) {
        g_autofree char *bytes = dup_extended (2, length);

        if (length <= 256)
            assert_read (h3_view_of (bytes), "xx", "");
        else
            assert_refused (h3_view_of (bytes), 400);
    }
}
END_TEST

START_TEST (chunk_extensions_of_a_message_are_bounded)
{
    Http1BodyLimits limits = wide_limits;

    for (guint32 most = 39; most <= 41; most++) {
        g_autofree char *bytes = dup_extended (4, 10);

        limits.max_extensions = most;
        assert_chunked (&limits, h3_view_of (bytes),
                        most >= 40 ? HTTP1_BODY_END : HTTP1_BODY_REFUSED, most >= 40 ? 0 : 400,
                        NULL, "");
    }
}
END_TEST

START_TEST (chunks_of_one_byte_with_the_longest_extensions_end_at_the_bound)
{
    g_autofree char *most = dup_extended (32, 256);
    g_autofree char *over = dup_extended (1000, 256);
    g_auto (Outcome) read = outcome_read_cut (&wide_limits, CHUNKED, h3_view_of (most), NULL, 0);
    g_auto (Outcome) refused = outcome_read_cut (&wide_limits, CHUNKED, h3_view_of (over), NULL, 0);

    ck_assert_int_eq (read.result, HTTP1_BODY_END);
    ck_assert_uint_eq (read.data->len, 32);
    ck_assert_int_eq (refused.result, HTTP1_BODY_REFUSED);
    ck_assert_uint_eq (refused.status, 400);
    ck_assert_uint_eq (refused.data->len, 32);
}
END_TEST

START_TEST (chunked_body_over_the_limit_is_refused_before_its_data)
{
    Http1BodyLimits limits = wide_limits;

    for (guint64 most = 9; most <= 11; most++) {
        gboolean fits = most >= 10;

        limits.max_body = most;
        assert_chunked (&limits, H3_VIEW ("4\r\nabcd\r\n6\r\nefghij\r\n0\r\n\r\n"),
                        fits ? HTTP1_BODY_END : HTTP1_BODY_REFUSED, fits ? 0 : 413,
                        fits ? "abcdefghij" : "abcd", "");
        assert_chunked (&limits, H3_VIEW ("a\r\n"),
                        fits ? HTTP1_BODY_NEEDS_MORE : HTTP1_BODY_REFUSED, fits ? 0 : 413, "", "");
        assert_chunked (&limits, H3_VIEW ("4\r\nabcd\r\n7fffffffffffffff\r\n"), HTTP1_BODY_REFUSED,
                        413, "abcd", "");
    }
    limits.max_body = 0;
    assert_chunked (&limits, H3_VIEW ("0\r\n\r\n"), HTTP1_BODY_END, 0, "", "");
    assert_chunked (&limits, H3_VIEW ("1\r\n"), HTTP1_BODY_REFUSED, 413, "", "");
    limits.max_body = G_MAXUINT64; /* 1 + 2 × (2^63 − 1): all that fits before it would wrap */
    assert_chunked (&limits, H3_VIEW ("1\r\nx\r\n7fffffffffffffff\r\n"), HTTP1_BODY_NEEDS_MORE, 0,
                    "x", "");
}
END_TEST

START_TEST (trailers_are_given_trimmed_and_in_order)
{
    assert_read (H3_VIEW ("1\r\nx\r\n0\r\nX-Sum: 1\r\nx-sum:2\r\nEmpty:\r\nBlank: \t \r\n"
                          "Inner:\t a:b\t c \r\n~: \xff\r\n\r\n"),
                 "x", "X-Sum=1;x-sum=2;Empty=;Blank=;Inner=a:b\t c;~=\xff;");
}
END_TEST

START_TEST (trailers_that_are_malformed_are_refused)
{
    static const char *const refused[] = {
        "X-Sum: 1\n",    "X-Sum : 1\r\n",     " X-Sum: 1\r\n",
        ": 1\r\n",       "X-Sum\r\n",         "X-Sum: 1\r\n 2\r\n",
        "\tX: 1\r\n",    "X: a\rb\r\n",       "X: a\r\r\n",
        "X: \x01\r\n",   "X:\x7f\r\n",        "X\x80: 1\r\n",
        "X(: 1\r\n",     "X-Sum: 1\r\n\n",    "\n",
        "\rX",           "X: 1\r\n\rX",       "X: 1\r\n\r\r\n",
        "X: 1\r\nY\r\n", "GET / HTTP/1.1\r\n"
    };

    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *bytes = g_strconcat ("0\r\n", refused[i], "\r\n", NULL);

        assert_refused (h3_view_of (bytes), 400);
    }
    assert_refused (h3_view ("0\r\nX: \0\r\n\r\n", 11), 400);
}
END_TEST

START_TEST (trailers_of_framing_routing_and_control_are_dropped)
{
    assert_read (H3_VIEW ("0\r\nContent-Length: 5\r\ntransfer-ENCODING: chunked\r\nHost: evil\r\n"
                          "Authorization: Basic eDp5\r\nproxy-Authorization: x\r\nCookie: a\r\n"
                          "Set-Cookie: a=b\r\nX-Sum: 1\r\nCache-Control: x\r\nTE: x\r\n"
                          "If-None-Match: *\r\nIf-Anything: x\r\nConnection: close\r\n"
                          "Trailer: x\r\nUpgrade: h2c\r\nX-Forwarded-For: ::1\r\nETags: 2\r\n"
                          "\r\n"),
                 "", "X-Sum=1;ETags=2;");
    assert_read (H3_VIEW ("0\r\nExpect: x\r\nMax-Forwards: 1\r\nPragma: x\r\nRange: x\r\nAge: 1\r\n"
                          "Expires: x\r\nDate: x\r\nLocation: x\r\nRetry-After: 1\r\nVary: x\r\n"
                          "Warning: x\r\nContent-Encoding: br\r\nContent-Type: x\r\n"
                          "Content-Range: x\r\nKeep-Alive: x\r\nForwarded: x\r\nVia: x\r\n"
                          "WWW-Authenticate: x\r\nAges: 3\r\nTEs: 4\r\nIf: 5\r\nProxy: 6\r\n\r\n"),
                 "", "Ages=3;TEs=4;If=5;Proxy=6;");
}
END_TEST

START_TEST (trailers_are_bounded_in_bytes)
{
    Http1BodyLimits limits = wide_limits;

    for (guint32 most = 14; most <= 16; most++) { /* two fields of 15 bytes with their line ends */
        gboolean fits = most >= 15;

        limits.max_trailer_bytes = most;
        assert_chunked (&limits, H3_VIEW ("0\r\nA: 123\r\nB: 45\r\n\r\n"),
                        fits ? HTTP1_BODY_END : HTTP1_BODY_REFUSED, fits ? 0 : 431, "",
                        fits ? "A=123;B=45;" : "");
    }
}
END_TEST

START_TEST (trailers_are_bounded_in_number)
{
    for (guint n = 31; n <= 33; n++) {
        g_autoptr (GString) bytes = g_string_new ("0\r\n");
        g_autoptr (GString) trailers = g_string_new (NULL);

        for (guint i = 0; i < n; i++) {
            g_string_append_printf (bytes, "T: %u\r\n", i);
            g_string_append_printf (trailers, "T=%u;", i);
        }
        g_string_append (bytes, "\r\n");
        assert_chunked (&wide_limits, h3_view (bytes->str, bytes->len),
                        n <= 32 ? HTTP1_BODY_END : HTTP1_BODY_REFUSED, n <= 32 ? 0 : 431, "",
                        n <= 32 ? trailers->str : "");
    }
}
END_TEST

START_TEST (exact_bodies_end_at_their_length)
{
    H3View bytes = H3_VIEW ("helloGET /");

    for (guint64 length = 0; length <= bytes.length; length++) {
        g_auto (Outcome) outcome = outcome_read_all_ways (&wide_limits, length, bytes);

        ck_assert_int_eq (outcome.result, HTTP1_BODY_END);
        ck_assert_uint_eq (outcome.used, length);
        ck_assert_uint_eq (outcome.data->len, length);
        ck_assert_int_eq (strncmp (outcome.data->str, bytes.data, length), 0);
    }
    g_auto (Outcome) outcome = outcome_read_all_ways (&wide_limits, bytes.length + 1, bytes);
    ck_assert_int_eq (outcome.result, HTTP1_BODY_NEEDS_MORE);
    ck_assert_uint_eq (outcome.data->len, bytes.length);
}
END_TEST

START_TEST (exact_body_over_the_limit_is_refused_at_once)
{
    Http1BodyLimits limits = wide_limits;

    for (guint64 most = 4; most <= 6; most++) {
        limits.max_body = most;
        g_auto (Outcome) outcome = outcome_read_all_ways (&limits, 5, H3_VIEW ("hello"));

        ck_assert_int_eq (outcome.result, most >= 5 ? HTTP1_BODY_END : HTTP1_BODY_REFUSED);
        ck_assert_uint_eq (outcome.status, most >= 5 ? 0 : 413);
        ck_assert_uint_eq (outcome.data->len, most >= 5 ? 5 : 0);
    }
}
END_TEST

START_TEST (chunk_data_is_given_in_one_piece_where_it_lies)
{
    enum { SIZE = 16384 };
    g_autofree char *data = g_strnfill (SIZE, 'd');
    g_autofree char *bytes = g_strconcat ("4000\r\n", data, "\r\n0\r\n\r\n", NULL);
    H3View input = h3_view_of (bytes), piece;
    Http1Body body;

    http1_body_init_chunked (&body, &wide_limits);
    ck_assert_int_eq (http1_body_step (&body, &input, &piece), HTTP1_BODY_DATA);
    ck_assert_ptr_eq (piece.data, bytes + 6);
    ck_assert_uint_eq (piece.length, SIZE);
    ck_assert_int_eq (http1_body_step (&body, &input, &piece), HTTP1_BODY_END);
    ck_assert_uint_eq (body.received, SIZE);
    http1_body_clear (&body);
}
END_TEST

/* Whatever comes, all ways of cutting it agree, and nothing is read that is not there. */
START_TEST (chunked_noise_is_read_the_same_however_cut)
{
    static const char alphabet[] = "0013af;;=\"\\\r\n\r\n\r\n\t :Xx\x01";
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    Http1BodyLimits limits = { 20, 6, 9, 12, 2 };

    g_print ("seed %u\n", seed);
    for (guint turn = 0; turn < 3000; turn++) {
        char bytes[24];

        for (guint i = 0; i < sizeof bytes; i++) {
            static const char head[] = "1\r\nx\r\n0\r\nX:1\r\n\r\n";
            guint keep = turn % sizeof head;

            bytes[i] = i < keep && i + 1 < sizeof head
                           ? head[i]
                           : alphabet[g_rand_int_range (random, 0, sizeof alphabet)];
        }
        g_auto (Outcome) outcome =
            outcome_read_all_ways (&limits, CHUNKED, h3_view (bytes, sizeof bytes));
        ck_assert_uint_le (outcome.data->len, limits.max_body);
        ck_assert_int_eq (outcome.status != 0, outcome.result == HTTP1_BODY_REFUSED);
    }
}
END_TEST

START_TEST (body_until_the_close_is_all_that_comes)
{
    static const char *const texts[] = { "", "a", "5\r\nhello\r\n0\r\n\r\n", "\r\n\r\n" };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_auto (Outcome) outcome =
            outcome_read_all_ways (&wide_limits, UNTIL_CLOSE, h3_view_of (texts[i]));

        ck_assert_int_eq (outcome.result, HTTP1_BODY_NEEDS_MORE);
        ck_assert_str_eq (outcome.data->str, texts[i]);
        ck_assert_uint_eq (outcome.received, strlen (texts[i]));
        ck_assert (outcome.is_whole);
    }
}
END_TEST

START_TEST (body_until_the_close_is_refused_at_the_first_byte_over_the_limit)
{
    for (guint bound = 0; bound <= 4; bound++) {
        Http1BodyLimits limits = wide_limits;

        limits.max_body = bound;
        g_auto (Outcome) outcome = outcome_read_all_ways (&limits, UNTIL_CLOSE, H3_VIEW ("abc"));
        ck_assert_int_eq (outcome.result, bound < 3 ? HTTP1_BODY_REFUSED : HTTP1_BODY_NEEDS_MORE);
        ck_assert_uint_eq (outcome.status, bound < 3 ? 413 : 0);
        ck_assert_int_eq (outcome.is_whole, bound >= 3);
        ck_assert_uint_eq (outcome.data->len, MIN (bound, 3));
    }
}
END_TEST

START_TEST (body_cut_short_is_not_whole)
{
    H3View chunks = H3_VIEW ("3\r\nabc\r\n0\r\nT: v\r\n\r\n");

    for (gsize length = 0; length <= chunks.length; length++) {
        g_auto (Outcome) chunked =
            outcome_read_all_ways (&wide_limits, CHUNKED, h3_view (chunks.data, length));
        g_auto (Outcome) exact =
            outcome_read_all_ways (&wide_limits, chunks.length, h3_view (chunks.data, length));

        ck_assert_int_eq (chunked.is_whole, length == chunks.length);
        ck_assert_int_eq (exact.is_whole, length == chunks.length);
    }
    g_auto (Outcome) refused = outcome_read_all_ways (&wide_limits, CHUNKED, H3_VIEW ("x"));
    ck_assert (!refused.is_whole);
    g_auto (Outcome) empty = outcome_read_all_ways (&wide_limits, 0, H3_VIEW (""));
    ck_assert (empty.is_whole);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "chunks", chunked_bodies_are_read_the_same_however_cut,
        chunked_body_leaves_what_follows_it, chunked_body_cut_short_needs_more_at_every_byte,
        chunk_sizes_are_hex_digits_only,
        chunk_size_of_sixteen_digits_is_taken_and_of_seventeen_refused,
        chunk_sizes_of_2_to_the_63_and_more_are_refused, chunk_data_is_followed_by_exactly_crlf,
        chunked_body_over_the_limit_is_refused_before_its_data,
        chunk_data_is_given_in_one_piece_where_it_lies, chunked_noise_is_read_the_same_however_cut,
        NULL);
    suite_add_case (suite, "extensions", chunk_extensions_that_are_well_formed_are_read_over,
                    chunk_extensions_that_are_malformed_are_refused,
                    chunk_extensions_of_a_line_are_bounded,
                    chunk_extensions_of_a_message_are_bounded,
                    chunks_of_one_byte_with_the_longest_extensions_end_at_the_bound, NULL);
    suite_add_case (suite, "trailers", trailers_are_given_trimmed_and_in_order,
                    trailers_that_are_malformed_are_refused,
                    trailers_of_framing_routing_and_control_are_dropped,
                    trailers_are_bounded_in_bytes, trailers_are_bounded_in_number, NULL);
    suite_add_case (suite, "exact", exact_bodies_end_at_their_length,
                    exact_body_over_the_limit_is_refused_at_once, NULL);
    suite_add_case (suite, "end", body_until_the_close_is_all_that_comes,
                    body_until_the_close_is_refused_at_the_first_byte_over_the_limit,
                    body_cut_short_is_not_whole, NULL);
}

int
main (void)
{
    return suite_run ("wire/http1-body", add_tests);
}
