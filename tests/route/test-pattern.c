/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/route/pattern.h"
#include "tests/support/suite.h"

static void
assert_kinds (const char *text, const char *kinds)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Pattern) pattern = pattern_new (text, &error);
    g_autoptr (GString) found = g_string_new (NULL);

    ck_assert_msg (pattern != NULL, "%s", error != NULL ? error->message : "");
    for (guint i = 0; i < pattern_count_segments (pattern); i++)
        g_string_append_c (found, "lcpwor"[pattern_get_segment (pattern, i)->kind]);
    ck_assert_str_eq (found->str, kinds);
    ck_assert_str_eq (pattern_get_text (pattern), text);
}

static void
assert_refused (const char *text, int character, const char *hint)
{
    g_autoptr (GError) error = NULL;
    Pattern *pattern = pattern_new (text, &error);
    g_autofree char *place =
        g_strdup_printf ("route pattern \"%s\", character %d: ", text, character);

    ck_assert_msg (pattern == NULL, "%s was taken", text);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_msg (g_str_has_prefix (error->message, place), "%s", error->message);
    ck_assert_msg (strstr (error->message + strlen (place), hint) != NULL, "%s", error->message);
}

START_TEST (pattern_reads_every_form_of_segment)
{
    assert_kinds ("/", "l");
    assert_kinds ("/a", "l");
    assert_kinds ("/a/", "ll");
    assert_kinds ("/a/:b/c", "lpl");
    assert_kinds ("/:id([0-9]+)/x", "cl");
    assert_kinds ("/*/*:name/**", "wwr");
    assert_kinds ("/**:path", "r");
    assert_kinds ("/a/:b?", "lo");
    assert_kinds ("/:a([^/]+)/:b(a\\)b[()\\]]|[]()][[:alpha:](])", "cc");
    assert_kinds ("/a-b.c~d_e@f!$&'+,;=é€", "l");
}
END_TEST

START_TEST (pattern_names_parameters_from_the_left_and_numbers_the_unnamed)
{
    g_autoptr (Pattern) pattern = pattern_new ("/*/:a/*/*:b/**", NULL);
    const char *const names[] = { "0", "a", "1", "b", "2" };

    ck_assert_uint_eq (pattern_count_params (pattern), G_N_ELEMENTS (names));
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        ck_assert_str_eq (pattern_get_param_name (pattern, i), names[i]);
        ck_assert_int_eq (pattern_find_param (pattern, h3_view_of (names[i])), (int) i);
    }
    ck_assert_int_eq (pattern_find_param (pattern, H3_VIEW ("c")), -1);
}
END_TEST

START_TEST (pattern_literals_are_canonical)
{
    g_autoptr (Pattern) pattern = pattern_new ("/%61%3ab/%2f%5c%25/%C3%A9", NULL);

    ck_assert_str_eq (pattern_get_segment (pattern, 0)->text, "a:b");
    ck_assert_str_eq (pattern_get_segment (pattern, 1)->text, "%2F%5C%25");
    ck_assert_str_eq (pattern_get_segment (pattern, 2)->text, "é");
}
END_TEST

START_TEST (pattern_refusals_name_the_place_and_the_remedy)
{
    assert_refused ("", 1, "begins with a slash");
    assert_refused ("a", 1, "begins with a slash");
    assert_refused ("/a//b", 4, "empty segment");
    assert_refused ("/a/../b", 4, "leave it out");
    assert_refused ("/é:b", 3, "%3A");
    assert_refused ("/{id}", 2, "\":name\"");
    assert_refused ("/a?b", 3, "%3F");
    assert_refused ("/a\\b", 3, "%5C");
    assert_refused ("/a%4", 3, "hexadecimal");
    assert_refused ("/a%00", 3, "control");
    assert_refused ("/a%1f", 3, "control");
    assert_refused ("/a%7F", 3, "control");
    assert_refused ("/a\n", 3, "control");
    assert_refused ("/%C3", 2, "UTF-8");
    assert_refused ("/:1", 3, "letter");
    assert_refused ("/:a.b", 4, "whole segment");
    assert_refused ("/:a/:a", 5, "rename");
    assert_refused ("/:a?/b", 4, "must be last");
    assert_refused ("/:a(b)?", 7, "whole segment");
    assert_refused ("/a/**/b", 4, "must be last");
    assert_refused ("/*a", 3, "%2A");
    assert_refused ("/:a()", 5, "leave the parentheses out");
    assert_refused ("/:a(b", 4, "closing");
    assert_refused ("/:a((b))", 5, "no groups");
    assert_refused ("/:a((?:b))", 5, "no groups");
    assert_refused ("/:a([b)", 5, "class");
    assert_refused ("/:a(*b)", 5, "compile");
    assert_refused ("/:a(\\Qb)", 5, "compile");
}
END_TEST

START_TEST (pattern_that_is_not_utf8_is_refused)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (pattern_new ("/\xff", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

static char *
repeat (const char *format, int n)
{
    GString *text = g_string_new (NULL);

    for (int i = 0; i < n; i++) {
        g_string_append (text, format);
        if (format[1] == ':')
            g_string_append_printf (text, "%d", i);
    }
    return g_string_free (text, FALSE);
}

START_TEST (pattern_is_bounded_in_segments_parameters_and_length)
{
    g_autofree char *segments = repeat ("/a", 128);
    g_autofree char *more_segments = repeat ("/a", 129);
    g_autofree char *params = repeat ("/:p", 32);
    g_autofree char *more_params = repeat ("/:p", 33);
    g_autofree char *rest = g_strnfill (PATTERN_MAX_LENGTH, 'a');
    g_autofree char *longest = g_strdup (rest);
    g_autofree char *longer = g_strconcat ("/", rest, NULL);

    longest[0] = '/';
    g_assert_cmpuint (strlen (longest), ==, PATTERN_MAX_LENGTH);
    pattern_free (pattern_new (longest, NULL));
    assert_refused (longer, 1, "longer than");
    pattern_free (pattern_new (segments, NULL));
    assert_refused (more_segments, 258, "more than 128");
    pattern_free (pattern_new (params, NULL));
    assert_refused (more_params, 32 * 4 + 22 + 2, "more than 32");
}
END_TEST

static gboolean
fits (const char *text, const char *raw)
{
    g_autoptr (Pattern) pattern = pattern_new (text, NULL);

    return pattern_segment_fits (pattern_get_segment (pattern, 0), h3_view_of (raw));
}

START_TEST (pattern_regex_is_anchored_at_both_ends)
{
    ck_assert (fits ("/:a([0-9]+)", "42"));
    ck_assert (!fits ("/:a([0-9]+)", "42x"));
    ck_assert (!fits ("/:a([0-9]+)", "x42"));
    ck_assert (!fits ("/:a([0-9]+)", "42\n"));
    ck_assert (fits ("/:a(b|cd)", "cd"));
    ck_assert (!fits ("/:a(b|cd)", "bcd"));
}
END_TEST

START_TEST (pattern_regex_sees_the_decoded_segment)
{
    ck_assert (fits ("/:a(a/b)", "a%2Fb"));
    ck_assert (fits ("/:a(.)", "%25"));
    ck_assert (fits ("/:a(.)", "é"));
    ck_assert (!fits ("/:a(.*)", "\xff"));
}
END_TEST

/* It would fit, but for the millions of steps to see that. */
START_TEST (pattern_regex_that_takes_too_long_does_not_fit)
{
    g_autofree char *letters = g_strnfill (200, 'a');
    g_autofree char *raw = g_strconcat ("ab", letters, NULL);

    ck_assert (fits ("/:a([ab]*[ab]*[ab]*ba*)", "abaa"));
    ck_assert (!fits ("/:a([ab]*[ab]*[ab]*ba*)", raw));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "reading", pattern_reads_every_form_of_segment,
                    pattern_names_parameters_from_the_left_and_numbers_the_unnamed,
                    pattern_literals_are_canonical, pattern_refusals_name_the_place_and_the_remedy,
                    pattern_that_is_not_utf8_is_refused,
                    pattern_is_bounded_in_segments_parameters_and_length, NULL);
    suite_add_case (suite, "regex", pattern_regex_is_anchored_at_both_ends,
                    pattern_regex_sees_the_decoded_segment,
                    pattern_regex_that_takes_too_long_does_not_fit, NULL);
}

int
main (void)
{
    return suite_run ("route/pattern", add_tests);
}
