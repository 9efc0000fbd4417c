/* SPDX-License-Identifier: MIT */

#include "h3/format/percent.h"
#include "tests/support/suite.h"

#include <jansson.h>

static void
assert_escapes (const char *text, H3PercentSet set, const char *expected)
{
    g_autofree char *escaped = h3_percent_escape (text, set);
    g_autofree char *back = NULL;

    ck_assert_str_eq (escaped, expected);
    if (set == H3_PERCENT_FORM)
        return;
    back = h3_percent_unescape (escaped);
    ck_assert_str_eq (back, text);
}

START_TEST (percent_decode_takes_escapes_in_either_case)
{
    g_autofree char *text = h3_percent_unescape ("%41%c3%A9+%2B%25%32%35");

    ck_assert_str_eq (text, "A\xc3\xa9++%25");
}
END_TEST

START_TEST (percent_decode_refuses_malformed_escapes_and_nul)
{
    static const char *const refused[] = { "%",    "a%",  "a%4",   "%4",  "%g0", "%0g",   "%%41",
                                           "% 41", "%00", "a%00b", "%-1", "%+1", "%u0041" };
    char out[16];
    gsize length = 99;

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        ck_assert_msg (!h3_percent_decode (h3_view_of (refused[i]), out, &length), "%s",
                       refused[i]);
        ck_assert_msg (!h3_percent_decode_form (h3_view_of (refused[i]), out, &length), "%s",
                       refused[i]);
        ck_assert_ptr_null (h3_percent_unescape (refused[i]));
    }
    ck_assert (!h3_percent_decode (h3_view ("a\0b", 3), out, &length));
    /* The digits of an escape do not lie beyond the view. */
    ck_assert (!h3_percent_decode (h3_view ("%41", 2), out, &length));
    ck_assert_uint_eq (length, 99);
}
END_TEST

START_TEST (percent_decode_of_a_form_turns_plus_to_blank)
{
    char out[16];
    gsize length;

    ck_assert (h3_percent_decode_form (H3_VIEW ("a+b%2Bc"), out, &length));
    ck_assert_str_eq (out, "a b+c");
    ck_assert_uint_eq (length, 5);
    ck_assert (h3_percent_decode (h3_view (NULL, 0), out, &length));
    ck_assert_uint_eq (length, 0);
    ck_assert_str_eq (out, "");
}
END_TEST

START_TEST (percent_decode_works_in_place)
{
    char text[] = "%41%42c";
    gsize length;

    ck_assert (h3_percent_decode (h3_view (text, strlen (text)), text, &length));
    ck_assert_str_eq (text, "ABc");
}
END_TEST

START_TEST (percent_encode_knows_where_the_text_goes)
{
    assert_escapes ("az-AZ.09_~", H3_PERCENT_SEGMENT, "az-AZ.09_~");
    assert_escapes ("!$&'()*+,;=:@", H3_PERCENT_SEGMENT, "!$&'()*+,;=:@");
    assert_escapes ("a/b?c#d%e f", H3_PERCENT_SEGMENT, "a%2Fb%3Fc%23d%25e%20f");
    assert_escapes ("a=b&c+d e;f", H3_PERCENT_QUERY, "a%3Db%26c%2Bd%20e%3Bf");
    assert_escapes ("!'()*~", H3_PERCENT_QUERY, "!'()*~");
    assert_escapes ("a=b&c+d e~*-._", H3_PERCENT_FORM, "a%3Db%26c%2Bd+e%7E*-._");
    assert_escapes ("\xc3\xa9\r\n\x7f", H3_PERCENT_QUERY, "%C3%A9%0D%0A%7F");
}
END_TEST

START_TEST (percent_decode_undoes_encode_for_every_byte)
{
    char all[255], escaped[3 * 255 + 1], back[256];
    gsize length;

    for (int i = 0; i < 255; i++)
        all[i] = (char) (i + 1);
    for (int set = H3_PERCENT_SEGMENT; set <= H3_PERCENT_FORM; set++) {
        gsize size = h3_percent_encode (h3_view (all, 255), (H3PercentSet) set, escaped);

        for (gsize i = 0; i < size; i++)
            ck_assert (g_ascii_isgraph (escaped[i]));
        /* A plain `+` of a segment is no blank. */
        ck_assert (set == H3_PERCENT_SEGMENT
                       ? h3_percent_decode (h3_view (escaped, size), back, &length)
                       : h3_percent_decode_form (h3_view (escaped, size), back, &length));
        ck_assert_uint_eq (length, 255);
        ck_assert_mem_eq (back, all, 255);
    }
}
END_TEST

/* Published for browsers' queries, which leave `\` and `|` plain. We escape them, because a reader
 * as strict as ours refuses both in a target (http-rules). The encodings beside UTF-8 are not ours.
 */
static gboolean
is_escaped_by_us (const char *expected)
{
    return strpbrk (expected, "\\|") != NULL;
}

START_TEST (percent_encode_agrees_with_the_published_cases)
{
    g_autofree char *path = suite_dup_vector_path ("urlencoded/percent-encoding.json");
    guint run = 0, stricter = 0;
    json_t *cases, *one;
    size_t i;

    if (path == NULL)
        return;
    cases = json_load_file (path, 0, NULL);
    ck_assert_ptr_nonnull (cases);
    json_array_foreach (cases, i, one)
    {
        const char *input = json_string_value (json_object_get (one, "input"));
        const char *expected =
            json_string_value (json_object_get (json_object_get (one, "output"), "utf-8"));
        g_autofree char *escaped = NULL;

        if (input == NULL)
            continue;
        escaped = h3_percent_escape (input, H3_PERCENT_QUERY);
        run++;
        if (is_escaped_by_us (expected)) {
            g_autofree char *back = h3_percent_unescape (escaped);

            ck_assert_ptr_null (strpbrk (escaped, "\\|"));
            ck_assert_str_eq (back, input);
            stricter++;
            continue;
        }
        ck_assert_str_eq (escaped, expected);
    }
    ck_assert_uint_eq (run, 7);
    ck_assert_uint_eq (stricter, 2);
    json_decref (cases);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "decode", percent_decode_takes_escapes_in_either_case,
                    percent_decode_refuses_malformed_escapes_and_nul,
                    percent_decode_of_a_form_turns_plus_to_blank, percent_decode_works_in_place,
                    NULL);
    suite_add_case (suite, "encode", percent_encode_knows_where_the_text_goes,
                    percent_decode_undoes_encode_for_every_byte,
                    percent_encode_agrees_with_the_published_cases, NULL);
}

int
main (void)
{
    return suite_run ("format/percent", add_tests);
}
