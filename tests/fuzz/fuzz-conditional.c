/* SPDX-License-Identifier: MIT
 *
 * Ranges, a line, against a set of bytes; and lists of entity tags, a line, with the tag there is,
 * another, against a regex. */

#include "fuzz.h"
#include "h3/http/conditional.h"

#define SMALL 64
#define TAG   "(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\""
#define LIST  "^[ \\t]*(?:" TAG ")?(?:[ \\t]*,[ \\t]*(?:" TAG ")?)*[ \\t]*$"

static GRegex *
compile (const char *pattern)
{
    return g_regex_new (pattern, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
}

/* The value of digits, as if there were no end to numbers. */
static guint64
saturate (const char *digits)
{
    return g_ascii_strtoull (digits, NULL, 10);
}

/* Puts the bytes of one spec that are there into the set. FALSE where it is none. */
static gboolean
add_spec (const GRegex *regex, H3View spec, guint64 size, guint8 bytes[SMALL], guint *n_satisfiable)
{
    g_autoptr (GMatchInfo) info = NULL;
    g_auto (GStrv) parts = NULL;
    guint64 first, last;

    if (!g_regex_match_full (regex, spec.data, (gssize) spec.length, 0, 0, &info, NULL))
        return FALSE;
    parts = g_match_info_fetch_all (info);
    if (*parts[1] == '\0') {
        guint64 length = saturate (parts[3]);

        first = length < size ? size - length : 0;
        last = size - 1;
        *n_satisfiable += length > 0;
        if (length == 0)
            return TRUE;
    } else {
        first = saturate (parts[1]);
        last = *parts[2] != '\0' ? saturate (parts[2]) : G_MAXUINT64;
        if (last < first)
            return FALSE;
        *n_satisfiable += first < size;
    }
    for (guint64 at = first; at < size && at <= last; at++)
        bytes[at] = 1;
    return TRUE;
}

static H3RangesResult
read_plainly (H3View value, guint64 size, guint max, guint8 bytes[SMALL])
{
    g_autoptr (GRegex) regex = compile ("^(?:([0-9]+)-([0-9]*)|-([0-9]+))$");
    guint asked = 0, n_satisfiable = 0;
    H3View spec;

    value = h3_view_trim (value);
    if (value.length < 6
        || !h3_view_equal_ignore_case (h3_view (value.data, 6), H3_VIEW ("bytes=")))
        return H3_RANGES_IGNORE;
    value = h3_view (value.data + 6, value.length - 6);
    while (h3_view_split (&value, ',', &spec)) {
        guint before = n_satisfiable;

        spec = h3_view_trim (spec);
        if (spec.length == 0)
            continue;
        if (++asked > max || !add_spec (regex, spec, size, bytes, &n_satisfiable)
            || (size == 0 && n_satisfiable > before))
            return H3_RANGES_IGNORE;
    }
    if (asked == 0)
        return H3_RANGES_IGNORE;
    return n_satisfiable > 0 ? H3_RANGES_SATISFIABLE : H3_RANGES_NOT_SATISFIABLE;
}

static void
assert_sane (const H3Range *ranges, guint n, guint64 size, guint max)
{
    FUZZ_ASSERT (n <= max, "%u ranges", n);
    for (guint i = 0; i < n; i++) {
        FUZZ_ASSERT (ranges[i].first <= ranges[i].last && ranges[i].last < size,
                     "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
                     ranges[i].first, ranges[i].last, size);
        for (guint k = 0; k < i; k++)
            FUZZ_ASSERT (ranges[i].first > ranges[k].last + 1
                             || ranges[k].first > ranges[i].last + 1,
                         "ranges %u and %u touch", k, i);
    }
}

static void
compare_ranges (H3View value, FuzzChoice *choice)
{
    static const guint64 sizes[] = { 0, 1, SMALL, 1000, G_MAXINT64, G_MAXUINT64 };
    guint max = 1 + fuzz_choose (choice, H3_RANGES_MAX);
    guint64 size = fuzz_choose (choice, 2) == 0 ? fuzz_choose (choice, SMALL + 1)
                                                : sizes[fuzz_choose (choice, 6)];
    guint8 expected[SMALL] = { 0 }, found[SMALL] = { 0 };
    H3Range ranges[H3_RANGES_MAX];
    H3RangesResult result;
    guint n = 0;

    result = h3_ranges_parse (value, size, ranges, max, &n);
    FUZZ_ASSERT ((n > 0) == (result == H3_RANGES_SATISFIABLE), "%u ranges, result %d", n, result);
    assert_sane (ranges, n, size, max);
    if (size > SMALL)
        return;
    FUZZ_ASSERT (result == read_plainly (value, size, max, expected), "'%.*s' is %d",
                 H3_VIEW_ARGS (value), result);
    for (guint i = 0; i < n; i++)
        memset (found + ranges[i].first, 1, ranges[i].last - ranges[i].first + 1);
    FUZZ_ASSERT (n == 0 || memcmp (expected, found, sizeof found) == 0,
                 "'%.*s' of %" G_GUINT64_FORMAT " has other bytes", H3_VIEW_ARGS (value), size);
}

/* Whether the list is one, and has the tag. */
static gboolean
find_tag (H3View list, const char *etag, gboolean strongly, gboolean *out_well_formed)
{
    g_autoptr (GRegex) whole = compile (LIST);
    g_autoptr (GRegex) tag = compile (TAG);
    g_autoptr (GMatchInfo) info = NULL;
    const char *opaque = strchr (etag, '"');
    gboolean found = FALSE, any = FALSE;

    *out_well_formed =
        g_regex_match_full (whole, list.data, (gssize) list.length, 0, 0, NULL, NULL);
    (void) g_regex_match_full (tag, list.data, (gssize) list.length, 0, 0, &info, NULL);
    for (; g_match_info_matches (info); g_match_info_next (info, NULL)) {
        g_autofree char *text = g_match_info_fetch (info, 0);

        any = TRUE;
        if (g_str_equal (strchr (text, '"'), opaque)
            && !(strongly && (*text == 'W' || *etag == 'W')))
            found = TRUE;
    }
    *out_well_formed = *out_well_formed && any;
    return *out_well_formed && found;
}

static void
compare_tags (H3View list, const char *etag)
{
    const H3View absent = { NULL, 0 };
    gboolean star = h3_view_equal (h3_view_trim (list), H3_VIEW ("*"));
    H3Validators validators = { etag, -1 };
    gboolean well_formed;
    gboolean weakly = star || find_tag (list, etag, FALSE, &well_formed);
    gboolean strongly = star || find_tag (list, etag, TRUE, &well_formed);
    H3Precondition none =
        h3_precondition_evaluate ("GET", absent, list, absent, absent, &validators);
    H3Precondition put =
        h3_precondition_evaluate ("PUT", absent, list, absent, absent, &validators);
    H3Precondition match =
        h3_precondition_evaluate ("PUT", list, absent, absent, absent, &validators);

    FUZZ_ASSERT ((none == H3_PRECONDITION_NOT_MODIFIED) == weakly, "GET unless '%.*s' of %s: %d",
                 H3_VIEW_ARGS (list), etag, none);
    FUZZ_ASSERT ((put == H3_PRECONDITION_PROCEED) == (!star && well_formed && !weakly),
                 "PUT unless '%.*s' of %s: %d", H3_VIEW_ARGS (list), etag, put);
    FUZZ_ASSERT ((match == H3_PRECONDITION_PROCEED) == strongly, "PUT if '%.*s' of %s: %d",
                 H3_VIEW_ARGS (list), etag, match);
    FUZZ_ASSERT (h3_precondition_evaluate ("PUT", list, absent, absent, absent, NULL)
                     == H3_PRECONDITION_FAILED,
                 "what is not there matches");
}

static void
check_tag (H3View text)
{
    g_autoptr (GRegex) regex = compile ("^" TAG "$");
    gboolean expected =
        g_regex_match_full (regex, text.data, (gssize) text.length, 0, 0, NULL, NULL);

    FUZZ_ASSERT (h3_etag_is_valid (text) == expected, "'%.*s' is a tag: %d", H3_VIEW_ARGS (text),
                 !expected);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (rest);
    H3View lines[4] = { H3_VIEW_EMPTY, H3_VIEW_EMPTY, H3_VIEW_EMPTY, H3_VIEW_EMPTY };
    g_autofree char *etag = NULL;
    H3Validators validators = { NULL, (gint64) fuzz_choose (&choice, 2) - 1 };

    for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        (void) fuzz_take_line (&rest, &lines[i]);
    compare_ranges (lines[0], &choice);
    check_tag (lines[2]);
    etag = h3_view_dup (lines[2]);
    if (h3_etag_is_valid_string (etag))
        compare_tags (lines[1], etag);
    (void) h3_if_range_matches (lines[3], &validators);
    (void) h3_precondition_evaluate ("GET", lines[1], lines[1], lines[3], lines[3], &validators);
    return 0;
}
