/* SPDX-License-Identifier: MIT
 *
 * A date: what the grammar of one of the three forms takes and GLib's calendar has is read, and
 * nothing else, to the same second; what is written reads as what it was written from. And that of
 * a cookie, with the algorithm of RFC 6265 in regexes beside it. */

#include "fuzz.h"
#include "h3/format/date.h"

#define MONTHS  "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
#define TIME    "([0-9]{2}):([0-9]{2}):([0-9]{2})"
#define FIXDATE "^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), ([0-9]{2}) " MONTHS " ([0-9]{4}) " TIME " GMT$"
#define RFC850                                                                                     \
    "^(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day, ([0-9]{2})-" MONTHS "-([0-9]{2}) " TIME " GMT$"
#define ASCTIME "^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) " MONTHS " ([0-9]{2}| [0-9]) " TIME " ([0-9]{4})$"
#define END     "(?:[^0-9]|$)"

#define FIFTY_YEARS (18262 * (gint64) 86400)

/* Years 0 and after 9999, which GLib's calendar lacks. */
#define NO_YEAR G_MININT64

/* Each is compiled once, and stays. */
static GRegex *
compile (const char *pattern, GRegexCompileFlags flags)
{
    static GHashTable *compiled;
    GRegex *regex;

    if (compiled == NULL)
        compiled = g_hash_table_new (g_str_hash, g_str_equal);
    regex = g_hash_table_lookup (compiled, pattern);
    if (regex == NULL) {
        regex = g_regex_new (pattern, flags | G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
        g_hash_table_insert (compiled, (gpointer) pattern, regex);
    }
    return regex;
}

/* (transfer full) (nullable): what the parentheses of `pattern` hold. */
static char **
match (const char *pattern, GRegexCompileFlags flags, H3View text)
{
    g_autoptr (GMatchInfo) info = NULL;

    if (!g_regex_match_full (compile (pattern, flags), text.data, (gssize) text.length, 0, 0, &info,
                             NULL))
        return NULL;
    return g_match_info_fetch_all (info);
}

static int
number (const char *digits)
{
    return (int) g_ascii_strtoll (digits, NULL, 10);
}

/* 1 to 12. */
static int
find_month (const char *name)
{
    static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                          "jul", "aug", "sep", "oct", "nov", "dec" };

    for (int i = 0; i < 12; i++) {
        if (g_ascii_strncasecmp (name, months[i], 3) == 0)
            return i + 1;
    }
    g_assert_not_reached ();
}

/* FALSE for what no calendar has. */
static gboolean
to_seconds (int year, const char *month, const char *day, char **time, int last_second,
            gint64 *out_seconds)
{
    int second = number (time[2]);
    g_autoptr (GDateTime) moment = NULL;
    gboolean has_year = year >= 1 && year <= 9999;

    if (second > last_second)
        return FALSE;
    moment = g_date_time_new_utc (has_year ? year : 2000, find_month (month),
                                  number (day[0] == ' ' ? day + 1 : day), number (time[0]),
                                  number (time[1]), MIN (second, 59));
    if (moment == NULL)
        return FALSE;
    *out_seconds = has_year ? g_date_time_to_unix (moment) + (second == 60) : NO_YEAR;
    return TRUE;
}

static gboolean
read_plainly (H3View text, gint64 *out_seconds)
{
    g_auto (GStrv) fixdate = match (FIXDATE, 0, text);
    g_auto (GStrv) asctime = match (ASCTIME, 0, text);

    if (fixdate != NULL)
        return to_seconds (number (fixdate[3]), fixdate[2], fixdate[1], fixdate + 4, 60,
                           out_seconds);
    return asctime != NULL
           && to_seconds (number (asctime[6]), asctime[1], asctime[2], asctime + 3, 60,
                          out_seconds);
}

/* The year of two digits is the latest one that is not too far ahead. */
static void
compare_two_digits (H3View text, char **parts)
{
    gint64 latest = g_get_real_time () / G_USEC_PER_SEC + FIFTY_YEARS;
    gint64 seconds, expected = NO_YEAR, found;
    gboolean taken = h3_date_parse (text, &found);

    for (int year = number (parts[3]); year <= 9999; year += 100) {
        if (year > 0 && to_seconds (year, parts[2], parts[1], parts + 4, 60, &seconds)
            && seconds <= latest)
            expected = seconds;
    }
    FUZZ_ASSERT (taken == (expected != NO_YEAR) && (!taken || found == expected),
                 "%.*s is %" G_GINT64_FORMAT, H3_VIEW_ARGS (text), taken ? found : 0);
}

static void
assert_writes_and_reads (gint64 seconds)
{
    g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (seconds);
    char written[H3_DATE_SIZE];
    gint64 again;

    h3_date_write (seconds, written);
    FUZZ_ASSERT (h3_date_parse_string (written, &again), "%s is refused", written);
    if (moment == NULL)
        return;
    FUZZ_ASSERT (again == seconds, "%s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, written,
                 again, seconds);
    FUZZ_ASSERT (atoi (written + 12) == g_date_time_get_year (moment)
                     && atoi (written + 5) == g_date_time_get_day_of_month (moment),
                 "%s is not %" G_GINT64_FORMAT, written, seconds);
}

static void
compare (H3View text)
{
    g_auto (GStrv) two_digits = match (RFC850, 0, text);
    gint64 expected, found;
    gboolean wanted, taken;

    if (two_digits != NULL) {
        compare_two_digits (text, two_digits);
        return;
    }
    wanted = read_plainly (text, &expected);
    taken = h3_date_parse (text, &found);
    FUZZ_ASSERT (taken == wanted, "'%.*s' is taken: %d", H3_VIEW_ARGS (text), taken);
    if (!taken || expected == NO_YEAR)
        return;
    FUZZ_ASSERT (found == expected, "'%.*s' is %" G_GINT64_FORMAT, H3_VIEW_ARGS (text), found);
    assert_writes_and_reads (found);
}

/* RFC 6265 §5.1.1, step by step. */
static gboolean
read_cookie_plainly (H3View text, gint64 *out_seconds)
{
    g_auto (GStrv) tokens =
        g_regex_split_full (compile ("[\\x09\\x20-\\x2f\\x3b-\\x40\\x5b-\\x60\\x7b-\\x7e]+", 0),
                            text.data, (gssize) text.length, 0, 0, 0, NULL);
    char **found[4] = { NULL }; /* owned: all */
    static const char *const patterns[4] = {
        "^([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})" END,
        "^([0-9]{1,2})" END,
        "^" MONTHS,
        "^([0-9]{2,4})" END,
    };
    gboolean taken;
    int year;

    for (char **token = tokens; *token != NULL; token++) {
        for (guint i = 0; i < 4; i++) {
            if (found[i] != NULL)
                continue;
            found[i] = match (patterns[i], G_REGEX_CASELESS, h3_view_of (*token));
            if (found[i] != NULL)
                break;
        }
    }
    taken = found[0] != NULL && found[1] != NULL && found[2] != NULL && found[3] != NULL;
    year = taken ? number (found[3][1]) : 0;
    if (year < 100)
        year += year < 70 ? 2000 : 1900;
    taken = taken && year >= 1601
            && to_seconds (year, found[2][1], found[1][1], found[0] + 1, 59, out_seconds);
    for (guint i = 0; i < 4; i++)
        g_strfreev (found[i]);
    return taken;
}

static void
compare_cookie (H3View text)
{
    gint64 expected, found;
    gboolean wanted = read_cookie_plainly (text, &expected);
    gboolean taken = h3_date_parse_cookie (text, &found);

    FUZZ_ASSERT (taken == wanted && (!taken || found == expected),
                 "'%.*s' is taken: %d, %" G_GINT64_FORMAT, H3_VIEW_ARGS (text), taken,
                 taken ? found : 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View text = h3_view (copy, size);
    gint64 seconds;

    compare (text);
    compare_cookie (text);
    if (size < sizeof seconds)
        return 0;
    memcpy (&seconds, data, sizeof seconds);
    assert_writes_and_reads (seconds);
    assert_writes_and_reads (seconds % 253402300800);
    return 0;
}
