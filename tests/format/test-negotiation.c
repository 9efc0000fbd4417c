/* SPDX-License-Identifier: MIT */

#include "h3/format/negotiation.h"
#include "tests/support/suite.h"

#include <string.h>

typedef gssize (*Negotiate) (const char *header, const char *const *offers);

/* The offer that wins, of those in a list parted by blanks; "-" if none does. */
static void
assert_best (Negotiate negotiate, const char *header, const char *offers, const char *expected)
{
    g_auto (GStrv) list = g_strsplit (offers, " ", -1);
    gssize best = negotiate (header, (const char *const *) list);

    ck_assert_msg (strcmp (best < 0 ? "-" : list[best], expected) == 0, "\"%s\" of %s is %s",
                   header != NULL ? header : "(absent)", offers, best < 0 ? "-" : list[best]);
}

static void
assert_type (const char *accept, const char *offers, const char *expected)
{
    assert_best (h3_negotiate_type_string, accept, offers, expected);
}

static void
assert_encoding (const char *accept, const char *offers, const char *expected)
{
    assert_best (h3_negotiate_encoding_string, accept, offers, expected);
}

static void
assert_language (const char *accept, const char *offers, const char *expected)
{
    assert_best (h3_negotiate_language_string, accept, offers, expected);
}

START_TEST (type_of_the_greatest_weight_wins)
{
    assert_type ("a/x;q=0.5, a/y;q=0.7", "a/x a/y", "a/y");
    assert_type ("a/x;q=0.501, a/y;q=0.5", "a/y a/x", "a/x");
    assert_type ("a/x;q=0.001", "a/y a/x", "a/x");
    assert_type ("A/X ; Q=1.000 , a/y; q=0.999", "a/y a/x", "a/x");
    assert_type ("a/x;q=0", "a/x", "-");
    assert_type ("a/x;q=0.000", "a/x", "-");
    assert_type ("b/x", "a/x", "-");
}
END_TEST

START_TEST (type_ties_go_to_the_first_offer)
{
    assert_type ("a/x, a/y", "a/y a/x", "a/y");
    assert_type ("*/*", "a/x a/y", "a/x");
    assert_type ("a/y, */*", "a/x a/y", "a/x");
}
END_TEST

START_TEST (type_range_that_is_most_specific_decides)
{
    const char *accept = "text/*;q=0.3, text/html;q=0.7, text/html;level=1, "
                         "text/html;level=2;q=0.4, */*;q=0.5";

    /* The table of RFC 9110 §12.5.1, each against a probe of known weight. */
    assert_type (accept, "text/html;level=3 text/html;level=1", "text/html;level=1");
    assert_type (accept, "image/jpeg text/html", "text/html");
    assert_type (accept, "text/plain image/jpeg", "image/jpeg");
    assert_type (accept, "text/plain text/html;level=2", "text/html;level=2");
    assert_type (accept, "text/html;level=2 text/html;level=3", "text/html;level=3");
    assert_type ("*/*, a/*;q=0, a/x;q=0.1", "a/y a/x", "a/x");
    assert_type ("a/x;q=0, */*", "a/x", "-");
}
END_TEST

START_TEST (type_parameters_of_a_range_must_be_the_offers)
{
    assert_type ("a/x;v=1", "a/x a/x;v=2 a/x;v=1", "a/x;v=1");
    assert_type ("a/x;v=\"1\"", "a/x;v=1", "a/x;v=1");
    assert_type ("a/x;v=\"\\1\"", "a/x;v=1", "a/x;v=1");
    assert_type ("a/x;charset=UTF-8", "a/x;charset=utf-8", "a/x;charset=utf-8");
    assert_type ("a/x", "a/x;v=1", "a/x;v=1");
    assert_type ("a/x;v=1;w=2", "a/x;v=1 a/x;w=2;v=1", "a/x;w=2;v=1");
    assert_type ("a/x;v=\",;\";q=0.5, a/y;q=0.4", "a/y a/x;v=\",;\"", "a/x;v=\",;\"");
    /* Behind the weight nothing counts. */
    assert_type ("a/x;q=0.5;v=1", "a/x", "a/x");
    assert_type ("a/x;;q=0.5;, a/y;q=0.4", "a/y a/x", "a/x");
}
END_TEST

START_TEST (type_elements_that_are_not_well_formed_are_ignored)
{
    static const char *const bad[] = {
        "a",         "a/",          "/x",        "*/x",         "a x",      "a /x",
        "a/x;v",     "a/x;v=",      "a/x;=v",    "a/x;v=\"",    "a/x;v =1", "a/x;v= 1",
        "a/x;q",     "a/x;q=",      "a/x;q=2",   "a/x;q=1.1",   "a/x;q=-1", "a/x;q=0.0001",
        "a/x;q=.5",  "a/x;q=1.001", "a/x;q=1e0", "a/x;q=\"1\"", "a/x;q=01", "a/x;q=0x1",
        "a/x;q=nan", "a/x;q=1;v",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autofree char *accept = g_strconcat ("a/y;q=0.1,, ", bad[i], NULL);

        assert_type (accept, "a/x a/y", "a/y");
    }
    /* Not one range: as if the field were not there. */
    assert_type ("junk", "a/x a/y", "a/x");
    assert_type ("a/x;q=1., a/y;q=0.", "a/y a/x", "a/x");
}
END_TEST

START_TEST (type_is_free_without_the_field)
{
    const char *const none[] = { NULL };

    assert_type (NULL, "a/x a/y", "a/x");
    assert_type ("", "a/x a/y", "a/x");
    assert_type (" , ,", "a/x a/y", "a/x");
    ck_assert_int_eq (h3_negotiate_type (H3_VIEW ("*/*"), none, -1), -1);
    ck_assert_int_eq (h3_negotiate_type (h3_view_of (NULL), none, -1), -1);
    ck_assert_int_eq (h3_negotiate_type (H3_VIEW ("*/*"), NULL, 0), -1);
}
END_TEST

START_TEST (offers_are_counted_or_end_with_null)
{
    const char *const offers[] = { "a/x", "a/y", NULL };

    ck_assert_int_eq (h3_negotiate_type (H3_VIEW ("a/y"), offers, 1), -1);
    ck_assert_int_eq (h3_negotiate_type (H3_VIEW ("a/y"), offers, 2), 1);
    ck_assert_int_eq (h3_negotiate_type (H3_VIEW ("a/y"), offers, -1), 1);
}
END_TEST

START_TEST (elements_behind_the_bound_are_ignored)
{
    for (guint before = H3_NEGOTIATION_MAX_ELEMENTS - 1; before <= H3_NEGOTIATION_MAX_ELEMENTS;
         before++) {
        g_autoptr (GString) accept = g_string_new (NULL);

        for (guint i = 0; i < before; i++)
            g_string_append (accept, "b/b,");
        g_string_append (accept, "a/x");
        assert_type (accept->str, "a/x", before < H3_NEGOTIATION_MAX_ELEMENTS ? "a/x" : "-");
    }
}
END_TEST

START_TEST (encoding_of_the_greatest_weight_wins)
{
    assert_encoding ("gzip, deflate, br, zstd", "br zstd gzip identity", "br");
    assert_encoding ("gzip;q=1.0, identity; q=0.5, *;q=0", "br gzip identity", "gzip");
    assert_encoding ("gzip;q=0.1, br;q=0.2", "gzip br identity", "br");
    assert_encoding ("GZIP", "identity gzip", "gzip");
    assert_encoding ("x-gzip", "br gzip identity", "gzip");
    assert_encoding ("*", "br gzip identity", "br");
    assert_encoding ("*;q=0.5, br;q=0", "br gzip", "gzip");
    assert_encoding ("gzip;q=0.001", "identity gzip", "gzip");
}
END_TEST

START_TEST (encoding_identity_is_the_last_resort_unless_excluded)
{
    assert_encoding ("br", "gzip identity", "identity");
    assert_encoding ("br;q=0", "br identity", "identity");
    assert_encoding ("identity;q=0", "gzip identity", "-");
    assert_encoding ("*;q=0", "gzip identity", "-");
    assert_encoding ("*;q=0, identity;q=0.1", "gzip identity", "identity");
    assert_encoding ("gzip;q=0.5, identity;q=0.8", "gzip identity", "identity");
    assert_encoding ("gzip;level=1", "gzip identity", "identity");
    assert_encoding ("gzip;q=2", "gzip identity", "identity");
}
END_TEST

START_TEST (encoding_tells_an_absent_field_from_an_empty_one)
{
    assert_encoding (NULL, "gzip identity", "identity");
    assert_encoding ("", "gzip identity", "identity");
    assert_encoding (NULL, "gzip", "gzip");
    assert_encoding ("", "gzip", "-");
}
END_TEST

START_TEST (language_range_is_for_all_tags_it_begins)
{
    assert_language ("de", "en de-AT", "de-AT");
    assert_language ("de-de", "de-Latn-DE de-DE-1996", "de-DE-1996");
    assert_language ("de;q=0.5, en;q=0.8", "de en", "en");
    assert_language ("den", "de", "-");
    assert_language ("de", "den", "-");
    assert_language ("de-AT;q=0.1, de", "de-AT de-CH", "de-CH");
    assert_language ("de-AT;q=0, de", "de-AT", "-");
}
END_TEST

START_TEST (language_falls_back_to_what_its_range_begins_with)
{
    assert_language ("en-GB", "de en", "en");
    assert_language ("zh-Hant-TW, *;q=0.1", "ja zh-Hant", "zh-Hant");
    assert_language ("en-GB, fr;q=0.9", "fr en", "en");
    /* What is said of "en" itself goes before. */
    assert_language ("en-GB;q=0.9, en;q=0.2, fr;q=0.5", "en fr", "fr");
    assert_language ("en-GB;q=0, *;q=0.3", "en", "en");
    assert_language ("en-GB", "en-US", "-");
}
END_TEST

START_TEST (language_star_is_for_the_rest)
{
    assert_language ("fr, *;q=0.5", "de en", "de");
    assert_language ("de;q=0, *", "de en", "en");
    assert_language ("*;q=0, en", "de en", "en");
}
END_TEST

START_TEST (language_elements_that_are_not_well_formed_are_ignored)
{
    static const char *const bad[] = { "de_AT",     "de-",      "-de",          "1de",
                                       "abcdefghi", "de--AT",   "de-*",         "*-AT",
                                       "d\xc3\xa9", "de;x=1 2", "de-abcdefghi", "de q=1" };

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autofree char *accept = g_strconcat (bad[i], ", en;q=0.1", NULL);

        assert_language (accept, "de de-AT abcdefghi en", "en");
    }
    assert_language (NULL, "de en", "de");
    assert_language ("", "de en", "de");
    assert_language ("@", "de en", "de");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "type", type_of_the_greatest_weight_wins, type_ties_go_to_the_first_offer,
        type_range_that_is_most_specific_decides, type_parameters_of_a_range_must_be_the_offers,
        type_elements_that_are_not_well_formed_are_ignored, type_is_free_without_the_field,
        offers_are_counted_or_end_with_null, elements_behind_the_bound_are_ignored, NULL);
    suite_add_case (suite, "encoding", encoding_of_the_greatest_weight_wins,
                    encoding_identity_is_the_last_resort_unless_excluded,
                    encoding_tells_an_absent_field_from_an_empty_one, NULL);
    suite_add_case (suite, "language", language_range_is_for_all_tags_it_begins,
                    language_falls_back_to_what_its_range_begins_with,
                    language_star_is_for_the_rest,
                    language_elements_that_are_not_well_formed_are_ignored, NULL);
}

int
main (void)
{
    return suite_run ("format/negotiation", add_tests);
}
