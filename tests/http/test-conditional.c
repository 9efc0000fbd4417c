/* SPDX-License-Identifier: MIT */

#include "h3/http/conditional.h"
#include "tests/support/suite.h"

#define DATE        "Sun, 06 Nov 1994 08:49:37 GMT"
#define BEFORE      "Sun, 06 Nov 1994 08:49:36 GMT"
#define AFTER       "Sun, 06 Nov 1994 08:49:38 GMT"
#define DATE_NUMBER 784111777

static const H3Validators both = { "\"x\"", DATE_NUMBER };
static const H3Validators weak = { "W/\"x\"", DATE_NUMBER };
static const H3Validators undated = { "\"x\"", -1 };

static H3Precondition
evaluate (const char *method, const char *name, const char *value, const H3Validators *validators)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    ck_assert (h3_headers_set (headers, name, value));
    return h3_precondition_evaluate_headers (method, headers, validators);
}

START_TEST (precondition_without_fields_proceeds)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    ck_assert_int_eq (h3_precondition_evaluate_headers ("GET", headers, &both), 0);
    ck_assert_int_eq (h3_precondition_evaluate_headers ("PUT", headers, NULL), 0);
}
END_TEST

START_TEST (if_match_compares_strongly)
{
    static const char *const matching[] = { "\"x\"", "*", "\"a\", \"x\"", ",\"x\" ,, \"b,c\"" };
    static const char *const other[] = { "\"y\"",       "W/\"x\"",  "x",     "\"x",
                                         "\"x\" \"y\"", "*, \"x\"", "",      ",",
                                         "w/\"x\"",     "\"x\", ?", "\"X\"", "\"x y\", \"x\"" };

    for (guint i = 0; i < G_N_ELEMENTS (matching); i++) {
        ck_assert_int_eq (evaluate ("PUT", "If-Match", matching[i], &both),
                          H3_PRECONDITION_PROCEED);
        ck_assert_int_eq (evaluate ("GET", "If-Match", matching[i], NULL), H3_PRECONDITION_FAILED);
    }
    for (guint i = 0; i < G_N_ELEMENTS (other); i++)
        ck_assert_int_eq (evaluate ("PUT", "If-Match", other[i], &both), H3_PRECONDITION_FAILED);
    ck_assert_int_eq (evaluate ("PUT", "If-Match", "\"x\"", &weak), H3_PRECONDITION_FAILED);
    ck_assert_int_eq (evaluate ("PUT", "If-Match", "W/\"x\"", &weak), H3_PRECONDITION_FAILED);
}
END_TEST

START_TEST (if_none_match_compares_weakly)
{
    static const char *const matching[] = { "\"x\"", "W/\"x\"", "*", "\"a\",W/\"x\"" };

    for (guint i = 0; i < G_N_ELEMENTS (matching); i++) {
        ck_assert_int_eq (evaluate ("GET", "If-None-Match", matching[i], &both),
                          H3_PRECONDITION_NOT_MODIFIED);
        ck_assert_int_eq (evaluate ("HEAD", "If-None-Match", matching[i], &weak),
                          H3_PRECONDITION_NOT_MODIFIED);
        ck_assert_int_eq (evaluate ("PUT", "If-None-Match", matching[i], &both),
                          H3_PRECONDITION_FAILED);
        ck_assert_int_eq (evaluate ("PUT", "If-None-Match", matching[i], NULL),
                          H3_PRECONDITION_PROCEED);
    }
    ck_assert_int_eq (evaluate ("GET", "If-None-Match", "\"y\"", &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("PUT", "If-None-Match", "\"y\"", &both), H3_PRECONDITION_PROCEED);
}
END_TEST

START_TEST (if_none_match_malformed_never_lets_a_change_pass)
{
    static const char *const malformed[] = { "x", "", "\"x\" y", "*,*", "\"x", "\"y\", W\"x\"" };

    for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
        ck_assert_int_eq (evaluate ("GET", "If-None-Match", malformed[i], &both),
                          H3_PRECONDITION_PROCEED);
        ck_assert_int_eq (evaluate ("PUT", "If-None-Match", malformed[i], NULL),
                          H3_PRECONDITION_FAILED);
    }
}
END_TEST

START_TEST (if_modified_since_counts_whole_seconds_for_get_and_head)
{
    const char *name = "If-Modified-Since";

    ck_assert_int_eq (evaluate ("GET", name, DATE, &both), H3_PRECONDITION_NOT_MODIFIED);
    ck_assert_int_eq (evaluate ("HEAD", name, AFTER, &both), H3_PRECONDITION_NOT_MODIFIED);
    ck_assert_int_eq (evaluate ("GET", name, BEFORE, &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("POST", name, DATE, &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("get", name, DATE, &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("GET", name, DATE, &undated), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("GET", name, DATE, NULL), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("GET", name, "yesterday", &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("GET", name, DATE ", " DATE, &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("GET", name, "Sunday, 06-Nov-94 08:49:37 GMT", &both),
                      H3_PRECONDITION_NOT_MODIFIED);
}
END_TEST

START_TEST (if_unmodified_since_fails_what_changed_later)
{
    const char *name = "If-Unmodified-Since";

    ck_assert_int_eq (evaluate ("PUT", name, DATE, &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("PUT", name, BEFORE, &both), H3_PRECONDITION_FAILED);
    ck_assert_int_eq (evaluate ("GET", name, BEFORE, &both), H3_PRECONDITION_FAILED);
    ck_assert_int_eq (evaluate ("PUT", name, "junk", &both), H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (evaluate ("PUT", name, BEFORE, &undated), H3_PRECONDITION_PROCEED);
}
END_TEST

START_TEST (preconditions_are_taken_in_the_order_of_the_rfc)
{
    const H3View none = { NULL, 0 }, x = H3_VIEW ("\"x\""), y = H3_VIEW ("\"y\"");
    const H3View before = H3_VIEW (BEFORE), date = H3_VIEW (DATE);

    /* If-Match before If-Unmodified-Since, which then counts for nothing. */
    ck_assert_int_eq (h3_precondition_evaluate ("PUT", x, none, none, before, &both),
                      H3_PRECONDITION_PROCEED);
    /* Either of them before If-None-Match. */
    ck_assert_int_eq (h3_precondition_evaluate ("GET", y, x, none, none, &both),
                      H3_PRECONDITION_FAILED);
    ck_assert_int_eq (h3_precondition_evaluate ("GET", none, x, none, before, &both),
                      H3_PRECONDITION_FAILED);
    ck_assert_int_eq (h3_precondition_evaluate ("GET", x, x, none, none, &both),
                      H3_PRECONDITION_NOT_MODIFIED);
    /* If-None-Match before If-Modified-Since, which then counts for nothing. */
    ck_assert_int_eq (h3_precondition_evaluate ("GET", none, y, date, none, &both),
                      H3_PRECONDITION_PROCEED);
    ck_assert_int_eq (h3_precondition_evaluate ("GET", none, x, before, none, &both),
                      H3_PRECONDITION_NOT_MODIFIED);
    ck_assert_int_eq (h3_precondition_evaluate ("GET", x, none, date, none, &both),
                      H3_PRECONDITION_NOT_MODIFIED);
}
END_TEST

START_TEST (precondition_joins_repeated_fields)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    h3_headers_add (headers, "If-None-Match", "\"a\"");
    h3_headers_add (headers, "if-none-match", "\"x\"");
    ck_assert_int_eq (h3_precondition_evaluate_headers ("GET", headers, &both),
                      H3_PRECONDITION_NOT_MODIFIED);
}
END_TEST

START_TEST (etags_of_equal_bytes_are_equal_and_valid)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
    g_autofree char *a = h3_etag_for_bytes (bytes);
    g_autofree char *b = h3_etag_for_view (H3_VIEW ("hello"));
    g_autofree char *c = h3_etag_for_view (H3_VIEW ("hellO"));
    g_autofree char *empty = h3_etag_for_view (h3_view (NULL, 0));

    ck_assert_str_eq (a, "\"2cf24dba5fb0a30e26e83b2ac5b9e29e\"");
    ck_assert_str_eq (a, b);
    ck_assert_str_ne (a, c);
    ck_assert (h3_etag_is_valid_string (empty));
    ck_assert (h3_etag_is_valid (H3_VIEW ("W/\"\"")));
    ck_assert (!h3_etag_is_valid (H3_VIEW ("w/\"\"")));
    ck_assert (!h3_etag_is_valid (H3_VIEW ("\"a\"\"")));
    ck_assert (!h3_etag_is_valid (H3_VIEW ("\"a b\"")));
    ck_assert (!h3_etag_is_valid (H3_VIEW ("\"")));
    ck_assert (!h3_etag_is_valid (H3_VIEW ("")));
}
END_TEST

START_TEST (etag_of_a_file_is_weak_while_it_is_new)
{
    const gint64 second = 1000000000;
    g_autofree char *young = h3_etag_for_file (10, 5 * second, 7, 7 * second - 1);
    g_autofree char *old = h3_etag_for_file (10, 5 * second, 7, 7 * second);
    g_autofree char *future = h3_etag_for_file (10, 5 * second, 7, 0);
    g_autofree char *longer = h3_etag_for_file (11, 5 * second, 7, 7 * second);
    g_autofree char *later = h3_etag_for_file (10, 5 * second + 1, 7, 8 * second);
    g_autofree char *moved = h3_etag_for_file (10, 5 * second, 8, 7 * second);

    ck_assert (h3_etag_is_valid_string (young) && h3_etag_is_valid_string (old));
    ck_assert_str_eq (young + 2, old);
    ck_assert_str_eq (young, future);
    ck_assert (g_str_has_prefix (young, "W/") && *old == '"');
    ck_assert_str_ne (old, longer);
    ck_assert_str_ne (old, later);
    ck_assert_str_ne (old, moved);
}
END_TEST

/* "first-last " of each, or "ignore", "416". */
static char *
dup_ranges (const char *value, guint64 size)
{
    g_autofree H3Range *ranges = g_new (H3Range, H3_RANGES_MAX);
    GString *text = g_string_new (NULL);
    guint n = 99;
    H3RangesResult result = h3_ranges_parse_string (value, size, ranges, H3_RANGES_MAX, &n);

    ck_assert_int_eq (result == H3_RANGES_SATISFIABLE, n > 0);
    ck_assert_uint_le (n, H3_RANGES_MAX);
    if (n == 0)
        g_string_append (text, result == H3_RANGES_IGNORE ? "ignore" : "416");
    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                                i > 0 ? " " : "", ranges[i].first, ranges[i].last);
    return g_string_free (text, FALSE);
}

static void
assert_ranges (const char *value, guint64 size, const char *expected)
{
    g_autofree char *text = dup_ranges (value, size);

    if (strcmp (text, expected) != 0)
        ck_abort_msg ("%s of %" G_GUINT64_FORMAT ": %s, not %s", value, size, text, expected);
}

START_TEST (ranges_are_read_and_cut_to_size)
{
    assert_ranges ("bytes=0-0", 10, "0-0");
    assert_ranges ("Bytes=0-", 10, "0-9");
    assert_ranges ("bytes=9-", 10, "9-9");
    assert_ranges ("bytes=-3", 10, "7-9");
    assert_ranges ("bytes=-30", 10, "0-9");
    assert_ranges ("bytes=5-100", 10, "5-9");
    assert_ranges ("bytes= 1-2 ,\t, 4-5,", 10, "1-2 4-5");
    assert_ranges ("bytes=4-5,10-11,1-2", 10, "4-5 1-2");
    assert_ranges ("bytes=0-9223372036854775807", G_MAXINT64, "0-9223372036854775806");
    assert_ranges ("bytes=9223372036854775806-99999999999999999999999", G_MAXINT64,
                   "9223372036854775806-9223372036854775806");
    assert_ranges ("bytes=0-18446744073709551615", G_MAXUINT64, "0-18446744073709551614");
}
END_TEST

START_TEST (ranges_beyond_the_end_are_not_satisfiable)
{
    assert_ranges ("bytes=10-", 10, "416");
    assert_ranges ("bytes=-0", 10, "416");
    assert_ranges ("bytes=9223372036854775807-9223372036854775807", 10, "416");
    assert_ranges ("bytes=18446744073709551616-", 10, "416");
    assert_ranges ("bytes=0-", 0, "416");
    assert_ranges ("bytes=0-0,10-,-0", 0, "416");
    assert_ranges ("bytes=-0", 0, "416");
    assert_ranges ("bytes=-1", 0, "ignore");
}
END_TEST

START_TEST (ranges_that_are_malformed_are_ignored_as_a_whole)
{
    static const char *const malformed[] = {
        "",           "bytes",      "bytes=",     "bytes=,",     "bytes=-",       "bytes=a-",
        "bytes=1",    "bytes=5-4",  "bytes=1-2-", "bytes=--1",   "bytes=+1-",     "bytes=0x1-",
        "bytes=1 -2", "bytes=1- 2", "items=0-1",  "bytes 0-1",   "bytes=0-1;2-3", "0-1",
        "bytes =0-1", "bytes=-1-2", "bytes=1-a",  "bytes=0-1,x", "bytes=0-1,5-4"
    };

    for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
        assert_ranges (malformed[i], 10, "ignore");
    assert_ranges (NULL, 10, "ignore");
}
END_TEST

START_TEST (ranges_that_overlap_or_touch_are_one_in_the_place_of_the_first)
{
    assert_ranges ("bytes=0-4,3-6", 10, "0-6");
    assert_ranges ("bytes=0-4,5-6", 10, "0-6");
    assert_ranges ("bytes=0-4,6-7", 10, "0-4 6-7");
    assert_ranges ("bytes=8-8,0-1,4-5,1-4", 10, "8-8 0-5");
    assert_ranges ("bytes=0-0,2-2,4-4,6-6,-9", 10, "0-9");
    assert_ranges ("bytes=6-6,0-0,3-3,1-2", 10, "6-6 0-3");
    assert_ranges ("bytes=5-6,1-2,0-9", 10, "0-9");
}
END_TEST

START_TEST (ranges_over_the_most_are_ignored)
{
    for (guint n = 15; n <= 17; n++) {
        g_autoptr (GString) value = g_string_new ("bytes=");

        for (guint i = 0; i < n; i++)
            g_string_append_printf (value, "%u-%u,", 2 * i, 2 * i);
        g_autofree char *text = dup_ranges (value->str, 1000);
        ck_assert_int_eq (strcmp (text, "ignore") == 0, n > H3_RANGES_MAX);
    }
    g_autoptr (GString) overlapping = g_string_new ("bytes=0-");
    for (guint i = 1; i < 1000; i++)
        g_string_append_printf (overlapping, ",%u-", i);
    assert_ranges (overlapping->str, 10000, "ignore");
}
END_TEST

START_TEST (ranges_at_random_cover_what_was_asked_and_lie_apart)
{
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);

    g_print ("seed %u\n", seed);
    for (guint turn = 0; turn < 2000; turn++) {
        g_autoptr (GString) value = g_string_new ("bytes=");
        gboolean asked[64] = { 0 }, given[64] = { 0 };
        H3Range ranges[H3_RANGES_MAX];
        guint n = 0;

        for (gint i = g_rand_int_range (random, 1, 9); i > 0; i--) {
            gint first = g_rand_int_range (random, 0, 64);
            gint last = g_rand_int_range (random, first, MIN (first + 10, 64));

            g_string_append_printf (value, "%d-%d,", first, last);
            for (gint at = first; at <= last; at++)
                asked[at] = TRUE;
        }
        ck_assert_int_eq (h3_ranges_parse_string (value->str, 64, ranges, H3_RANGES_MAX, &n),
                          H3_RANGES_SATISFIABLE);
        for (guint i = 0; i < n; i++) {
            ck_assert (ranges[i].last == 63 || !given[ranges[i].last + 1]);
            ck_assert (ranges[i].first == 0 || !given[ranges[i].first - 1]);
            for (guint64 at = ranges[i].first; at <= ranges[i].last; at++) {
                ck_assert (!given[at]);
                given[at] = TRUE;
            }
        }
        ck_assert_mem_eq (asked, given, sizeof asked);
    }
}
END_TEST

START_TEST (if_range_matches_the_strong_tag_or_the_very_date)
{
    ck_assert (h3_if_range_matches_string (NULL, &both));
    ck_assert (h3_if_range_matches_string ("\"x\"", &both));
    ck_assert (h3_if_range_matches_string (DATE, &both));
    ck_assert (!h3_if_range_matches_string (AFTER, &both));
    ck_assert (!h3_if_range_matches_string (BEFORE, &both));
    ck_assert (!h3_if_range_matches_string ("W/\"x\"", &both));
    ck_assert (!h3_if_range_matches_string ("\"x\"", &weak));
    ck_assert (!h3_if_range_matches_string ("\"y\"", &both));
    ck_assert (!h3_if_range_matches_string ("\"x\", \"x\"", &both));
    ck_assert (!h3_if_range_matches_string ("*", &both));
    ck_assert (!h3_if_range_matches_string ("", &both));
    ck_assert (!h3_if_range_matches_string (DATE, &undated));
    ck_assert (!h3_if_range_matches_string ("\"x\"", NULL));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "preconditions", precondition_without_fields_proceeds, if_match_compares_strongly,
        if_none_match_compares_weakly, if_none_match_malformed_never_lets_a_change_pass,
        if_modified_since_counts_whole_seconds_for_get_and_head,
        if_unmodified_since_fails_what_changed_later,
        preconditions_are_taken_in_the_order_of_the_rfc, precondition_joins_repeated_fields, NULL);
    suite_add_case (suite, "tags", etags_of_equal_bytes_are_equal_and_valid,
                    etag_of_a_file_is_weak_while_it_is_new, NULL);
    suite_add_case (
        suite, "ranges", ranges_are_read_and_cut_to_size, ranges_beyond_the_end_are_not_satisfiable,
        ranges_that_are_malformed_are_ignored_as_a_whole,
        ranges_that_overlap_or_touch_are_one_in_the_place_of_the_first,
        ranges_over_the_most_are_ignored, ranges_at_random_cover_what_was_asked_and_lie_apart,
        if_range_matches_the_strong_tag_or_the_very_date, NULL);
}

int
main (void)
{
    return suite_run ("http/conditional", add_tests);
}
