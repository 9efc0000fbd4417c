/* SPDX-License-Identifier: MIT */

#include "h3/base/view.h"
#include "tests/support/suite.h"

START_TEST (view_trim_takes_blanks_off_both_ends)
{
    ck_assert (h3_view_equal (h3_view_trim (H3_VIEW (" \t a b\t ")), H3_VIEW ("a b")));
    ck_assert (h3_view_is_empty (h3_view_trim (H3_VIEW (" \t "))));
}
END_TEST

START_TEST (view_split_keeps_empty_parts)
{
    H3View rest = H3_VIEW ("a,,b");
    H3View part;

    ck_assert (h3_view_split (&rest, ',', &part));
    ck_assert (h3_view_equal (part, H3_VIEW ("a")));
    ck_assert (h3_view_split (&rest, ',', &part));
    ck_assert (h3_view_is_empty (part));
    ck_assert (h3_view_split (&rest, ',', &part));
    ck_assert (h3_view_equal (part, H3_VIEW ("b")));
    ck_assert (!h3_view_split (&rest, ',', &part));
}
END_TEST

START_TEST (view_equal_ignores_case_of_letters_only)
{
    ck_assert (h3_view_equal_ignore_case (H3_VIEW ("Host"), H3_VIEW ("hOST")));
    ck_assert (!h3_view_equal_ignore_case (H3_VIEW ("a@"), H3_VIEW ("a`")));
    ck_assert (!h3_view_equal_ignore_case (H3_VIEW ("a[b"), H3_VIEW ("a{b")));
    ck_assert (!h3_view_equal_ignore_case (H3_VIEW ("a\0b"), H3_VIEW ("a\0c")));
    ck_assert (!h3_view_equal_ignore_case (H3_VIEW ("a\xe4"), H3_VIEW ("a\xc4")));
}
END_TEST

START_TEST (view_list_has_finds_a_token_in_any_case_and_place)
{
    ck_assert (h3_view_list_has (H3_VIEW ("a, Close ,b"), H3_VIEW ("close")));
    ck_assert (h3_view_list_has (H3_VIEW ("close"), H3_VIEW ("close")));
    ck_assert (!h3_view_list_has (H3_VIEW ("closed, x-close"), H3_VIEW ("close")));
}
END_TEST

START_TEST (view_parse_uint_takes_digits_up_to_the_maximum)
{
    guint64 value = 7;

    ck_assert (h3_view_parse_uint (H3_VIEW ("18446744073709551615"), G_MAXUINT64, &value));
    ck_assert_uint_eq (value, G_MAXUINT64);
    ck_assert (!h3_view_parse_uint (H3_VIEW ("18446744073709551616"), G_MAXUINT64, &value));
    ck_assert (h3_view_parse_uint (H3_VIEW ("65535"), 65535, &value));
    ck_assert (!h3_view_parse_uint (H3_VIEW ("65536"), 65535, &value));
    ck_assert (h3_view_parse_uint (H3_VIEW ("5"), 5, &value));
    ck_assert (!h3_view_parse_uint (H3_VIEW ("6"), 5, &value));
    ck_assert_uint_eq (value, 5);
    ck_assert (!h3_view_parse_uint (H3_VIEW (""), 5, &value));
    ck_assert (!h3_view_parse_uint (H3_VIEW ("+1"), 5, &value));
    ck_assert (!h3_view_parse_uint (H3_VIEW (" 1"), 5, &value));
}
END_TEST

START_TEST (view_hash_of_names_ignores_case_and_that_of_text_does_not)
{
    ck_assert_uint_eq (h3_name_hash ("Content-Type-Long"), h3_name_hash ("cONTENT-tYPE-lONG"));
    ck_assert_uint_ne (h3_string_hash ("Content-Type-Long"), h3_string_hash ("content-type-long"));
    ck_assert_uint_ne (h3_name_hash ("a@"), h3_name_hash ("a`"));
    ck_assert_uint_eq (h3_view_hash (H3_VIEW ("abc")), h3_string_hash ("abc"));
}
END_TEST

START_TEST (view_hash_folds_every_letter_at_every_place)
{
    for (int letter = 'A'; letter <= 'Z'; letter++) {
        for (int at = 0; at < 11; at++) {
            char upper[] = "-----------", lower[] = "-----------";

            upper[at] = (char) letter;
            lower[at] = (char) (letter + 32);
            ck_assert_uint_eq (h3_name_hash (upper), h3_name_hash (lower));
        }
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "parts", view_trim_takes_blanks_off_both_ends,
                    view_split_keeps_empty_parts, view_equal_ignores_case_of_letters_only,
                    view_list_has_finds_a_token_in_any_case_and_place,
                    view_parse_uint_takes_digits_up_to_the_maximum, NULL);
    suite_add_case (suite, "hash", view_hash_of_names_ignores_case_and_that_of_text_does_not,
                    view_hash_folds_every_letter_at_every_place, NULL);
}

int
main (void)
{
    return suite_run ("base/view", add_tests);
}
