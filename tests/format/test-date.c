/* SPDX-License-Identifier: MIT */

#include "h3/format/date.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

#define FIRST_SECOND G_GINT64_CONSTANT (-62167219200)
#define LAST_SECOND  G_GINT64_CONSTANT (253402300799)

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static void
assert_date (const char *text, gint64 expected)
{
    gint64 seconds = 1;

    ck_assert_msg (h3_date_parse_string (text, &seconds), "%s", text);
    ck_assert_msg (seconds == expected, "%s is %" G_GINT64_FORMAT, text, seconds);
}

START_TEST (date_reads_the_three_forms)
{
    assert_date ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
    assert_date ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
    assert_date ("Sun Nov  6 08:49:37 1994", 784111777);
    assert_date ("Sun Nov 16 08:49:37 1994", 784975777);
    assert_date ("Sun Nov 06 08:49:37 1994", 784111777);
}
END_TEST

START_TEST (date_reads_every_weekday_and_month)
{
    static const char *const texts[] = {
        "Thursday, 01-Jan-70 00:00:00 GMT",  "Friday, 02-Jan-70 00:00:00 GMT",
        "Saturday, 03-Jan-70 00:00:00 GMT",  "Sunday, 04-Jan-70 00:00:00 GMT",
        "Monday, 05-Jan-70 00:00:00 GMT",    "Tuesday, 06-Jan-70 00:00:00 GMT",
        "Wednesday, 07-Jan-70 00:00:00 GMT",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        gint64 seconds;

        /* Whether 70 is 1970 depends on the year this runs in; the day does not. */
        ck_assert (h3_date_parse_string (texts[i], &seconds));
    }
    for (int i = 0; i < 12; i++) {
        g_autoptr (GDateTime) when = g_date_time_new_utc (2023, i + 1, 28, 1, 2, 3);
        g_autofree char *text = g_strdup_printf ("Mon, 28 %s 2023 01:02:03 GMT", months[i]);

        assert_date (text, g_date_time_to_unix (when));
    }
}
END_TEST

START_TEST (date_reads_years_0_to_9999_and_leap_seconds)
{
    assert_date ("Sat, 01 Jan 0000 00:00:00 GMT", FIRST_SECOND);
    assert_date ("Sat Jan  1 00:00:00 0000", FIRST_SECOND);
    assert_date ("Fri, 31 Dec 9999 23:59:59 GMT", LAST_SECOND);
    assert_date ("Fri, 31 Dec 9999 23:59:60 GMT", LAST_SECOND + 1);
    assert_date ("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800);
    assert_date ("Thu, 29 Feb 2024 00:00:00 GMT", 1709164800);
    assert_date ("Tue, 29 Feb 2000 00:00:00 GMT", 951782400);
    /* The weekday is another day's. */
    assert_date ("Mon, 06 Nov 1994 08:49:37 GMT", 784111777);
}
END_TEST

static const char *const no_dates[] = {
    "",
    "0",
    "Sun",
    "Sun,",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 GMT ",
    " Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 gmt",
    "sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 94 08:49:37 GMT",
    "Sun, 06  Nov 1994 08:49:37 GMT",
    "Sun,06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 8:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 31 Nov 1994 08:49:37 GMT",
    "Sun, 29 Feb 1900 08:49:37 GMT",
    "Sun, 29 Feb 2023 08:49:37 GMT",
    "Sun, 30 Feb 2024 08:49:37 GMT",
    "Sun, 32 Jan 1994 08:49:37 GMT",
    "Sun, 06 Foo 1994 08:49:37 GMT",
    "Foo, 06 Nov 1994 08:49:37 GMT",
    "Sun, -6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 19940 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49 GMT",
    "Sun, 06 Nov 1994 08.49.37 GMT",
    "Sun, 06-Nov-94 08:49:37 GMT",
    "Sunday, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sonday, 06-Nov-94 08:49:37 GMT",
    "Tueday, 06-Nov-94 08:49:37 GMT",
    "Sunday 06-Nov-94 08:49:37 GMT",
    "Sunday, 6-Nov-94 08:49:37 GMT",
    "Monday, 29-Feb-95 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37",
    "Sun Nov 6 08:49:37 1994",
    "Sun Nov   6 08:49:37 1994",
    "Sun Nov  6 08:49:37 1994 GMT",
    "Sun Nov  6 08:49:37 94",
    "Sun Nov  0 08:49:37 1994",
    "Sun Nov 31 08:49:37 1994",
    "Sun  Nov 6 08:49:37 1994",
};

START_TEST (date_refuses_what_is_no_date)
{
    gint64 seconds = 7;

    for (gsize i = 0; i < G_N_ELEMENTS (no_dates); i++)
        ck_assert_msg (!h3_date_parse_string (no_dates[i], &seconds), "%s", no_dates[i]);
    ck_assert (!h3_date_parse (h3_view (NULL, 0), &seconds));
    ck_assert (!h3_date_parse (h3_view ("Sun, 06 Nov 1994 08:49:37 GMT\0", 30), &seconds));
    ck_assert_int_eq (seconds, 7);
    /* Cut anywhere, a date is none. */
    for (gsize length = 0; length < 29; length++)
        ck_assert (!h3_date_parse (h3_view ("Sun, 06 Nov 1994 08:49:37 GMT", length), &seconds));
}
END_TEST

START_TEST (date_of_two_digits_is_at_most_50_years_ahead)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

    for (int ahead = -48; ahead <= 51; ahead++) {
        /* Two days off the exact half century, so that no clock tick decides. */
        g_autoptr (GDateTime) years = g_date_time_add_years (now, ahead);
        g_autoptr (GDateTime) when = g_date_time_add_days (years, ahead == 51 ? 0 : -2);
        g_autofree char *text = g_strdup_printf (
            "Monday, %02d-%s-%02d 00:00:00 GMT", g_date_time_get_day_of_month (when),
            months[g_date_time_get_month (when) - 1], g_date_time_get_year (when) % 100);
        g_autoptr (GDateTime) read = NULL;
        gint64 seconds;

        ck_assert_msg (h3_date_parse_string (text, &seconds), "%s", text);
        read = g_date_time_new_from_unix_utc (seconds);
        ck_assert_msg (g_date_time_get_year (read)
                           == g_date_time_get_year (when) - (ahead > 50 ? 100 : 0),
                       "%s", text);
    }
}
END_TEST

START_TEST (date_writes_what_it_reads)
{
    char text[H3_DATE_SIZE];
    gint64 again;

    h3_date_write (784111777, text);
    ck_assert_str_eq (text, "Sun, 06 Nov 1994 08:49:37 GMT");
    h3_date_write (0, text);
    ck_assert_str_eq (text, "Thu, 01 Jan 1970 00:00:00 GMT");
    h3_date_write (-1, text);
    ck_assert_str_eq (text, "Wed, 31 Dec 1969 23:59:59 GMT");
    /* Every day of ten thousand years, each at another time of the day; an assertion of check's
     * for each would take a minute under a sanitizer. */
    for (gint64 seconds = FIRST_SECOND; seconds <= LAST_SECOND; seconds += 86400 + 7) {
        h3_date_write (seconds, text);
        if (!h3_date_parse (h3_view (text, 29), &again) || again != seconds)
            ck_abort_msg ("%s is not %" G_GINT64_FORMAT, text, seconds);
    }
}
END_TEST

START_TEST (date_writes_the_calendar_that_glib_has)
{
    for (gint64 seconds = FIRST_SECOND + 366 * 86400; seconds <= LAST_SECOND;
         seconds += 86400 * 23 + 11) {
        g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (seconds);
        g_autofree char *text = h3_date_to_string (seconds);
        char expected[H3_DATE_SIZE];

        g_snprintf (expected, sizeof expected, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                    weekdays[g_date_time_get_day_of_week (when) - 1],
                    g_date_time_get_day_of_month (when), months[g_date_time_get_month (when) - 1],
                    g_date_time_get_year (when), g_date_time_get_hour (when),
                    g_date_time_get_minute (when), g_date_time_get_second (when));
        if (strcmp (text, expected) != 0)
            ck_abort_msg ("%s is not %s", text, expected);
    }
}
END_TEST

START_TEST (date_writes_the_nearest_second_of_years_it_cannot_show)
{
    char text[H3_DATE_SIZE];

    h3_date_write (G_MAXINT64, text);
    ck_assert_str_eq (text, "Fri, 31 Dec 9999 23:59:59 GMT");
    h3_date_write (G_MININT64, text);
    ck_assert_str_eq (text, "Sat, 01 Jan 0000 00:00:00 GMT");
    h3_date_write (G_GINT64_CONSTANT (1000000000000000000), text);
    ck_assert_str_eq (text, "Fri, 31 Dec 9999 23:59:59 GMT");
}
END_TEST

/* The text of the file without the lines of its licence, which JSON has no place for. */
static char *
read_without_comments (const char *path)
{
    g_autofree char *contents = NULL;
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (GStrv) lines = NULL;

    ck_assert (g_file_get_contents (path, &contents, NULL, NULL));
    lines = g_strsplit (contents, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (!g_str_has_prefix (lines[i], "//"))
            g_string_append (text, lines[i]);
    }
    return g_strdup (text->str);
}

static void
check_vectors (const char *file, size_t count)
{
    g_autofree char *path = suite_dup_vector_path (file);
    g_autofree char *text = NULL;
    json_t *cases, *item;
    size_t i;

    if (path == NULL)
        return;
    text = read_without_comments (path);
    cases = json_loads (text, 0, NULL);
    ck_assert (cases != NULL);
    ck_assert_uint_ge (json_array_size (cases), count);
    json_array_foreach (cases, i, item)
    {
        const char *date = json_string_value (json_object_get (item, "test"));
        const char *expected = json_string_value (json_object_get (item, "expected"));
        char written[H3_DATE_SIZE];
        gint64 seconds;

        ck_assert_msg (h3_date_parse_cookie_string (date, &seconds) == (expected != NULL), "%s",
                       date);
        if (expected != NULL) {
            h3_date_write (seconds, written);
            ck_assert_msg (strcmp (written, expected) == 0, "%s: %s", date, written);
        }
    }
    json_decref (cases);
}

START_TEST (cookie_date_reads_the_published_examples)
{
    check_vectors ("cookies/dates/examples.json", 15);
    check_vectors ("cookies/dates/bsd-examples.json", 55);
}
END_TEST

static gboolean
cookie_date_is (const char *text, gint64 expected)
{
    gint64 seconds;

    return h3_date_parse_cookie_string (text, &seconds) && seconds == expected;
}

START_TEST (cookie_date_bounds_years_and_times)
{
    gint64 seconds = 7;

    ck_assert (cookie_date_is ("1 Jan 1970 00:00:00", 0));
    ck_assert (cookie_date_is ("1 Jan 70 0:0:0", 0));
    ck_assert (cookie_date_is ("1 Jan 69 0:0:0", 3124224000));
    ck_assert (cookie_date_is ("31 Dec 9999 23:59:59", LAST_SECOND));
    ck_assert (cookie_date_is ("1 Jan 1601 00:00:00", -11644473600));
    ck_assert (!h3_date_parse_cookie_string ("31 Dec 1600 23:59:59", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 Jan 10000 00:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 Jan 2020 24:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 Jan 2020 00:60:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 Jan 2020 00:00:60", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("30 Feb 2020 00:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("0 Feb 2020 00:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("Feb 2020 00:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 2020 00:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 Feb 00:00:00", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("1 Feb 2020", &seconds));
    ck_assert (!h3_date_parse_cookie_string ("", &seconds));
    ck_assert (!h3_date_parse_cookie (h3_view (NULL, 0), &seconds));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "read", date_reads_the_three_forms, date_reads_every_weekday_and_month,
                    date_reads_years_0_to_9999_and_leap_seconds, date_refuses_what_is_no_date,
                    date_of_two_digits_is_at_most_50_years_ahead, NULL);
    suite_add_case (suite, "write", date_writes_what_it_reads,
                    date_writes_the_calendar_that_glib_has,
                    date_writes_the_nearest_second_of_years_it_cannot_show, NULL);
    suite_add_case (suite, "cookies", cookie_date_reads_the_published_examples,
                    cookie_date_bounds_years_and_times, NULL);
}

int
main (void)
{
    return suite_run ("format/date", add_tests);
}
