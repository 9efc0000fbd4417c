/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/workflow/schedule.h>

/* Berlin puts the clock forward at 02:00 on 29 March 2026, and back at 03:00 on 25 October. The
 * rule is spelt out, so that the machine needs no table of zones. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static gint64
read_time (const char *text, GTimeZone *zone)
{
    g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, zone);

    ck_assert_msg (time != NULL, "%s", text);
    return g_date_time_to_unix (time) * 1000;
}

static char *
dup_next (const char *schedule_text, gint64 *time, GTimeZone *zone)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Schedule) schedule = schedule_new_from_text (schedule_text, &error);
    g_autoptr (GDateTime) utc = NULL;
    g_autoptr (GDateTime) local = NULL;

    ck_assert_msg (schedule != NULL, "%s: %s", schedule_text, error != NULL ? error->message : "");
    *time = schedule_get_next (schedule, *time, zone);
    if (*time == G_MAXINT64)
        return g_strdup ("never");
    ck_assert_int_eq (*time % 60000, 0);
    utc = g_date_time_new_from_unix_utc (*time / 1000);
    local = g_date_time_to_timezone (utc, zone);
    return g_date_time_format (local, "%Y-%m-%dT%H:%M%z");
}

/* What comes after `after`, one behind the other. */
static const struct {
    const char *schedule;
    const char *after;
    const char *next[4];
} cases[] = {
    { "* * * * *",
      "2026-05-01T10:00:00+0200",
      { "2026-05-01T10:01+0200", "2026-05-01T10:02+0200" } },
    { "* * * * *", "2026-05-01T10:00:59+0200", { "2026-05-01T10:01+0200" } },
    { "*/20 * * * *",
      "2026-12-31T23:30:00+0100",
      { "2026-12-31T23:40+0100", "2027-01-01T00:00+0100" } },
    { "5-10/5,30 8 * * *",
      "2026-05-01T00:00:00+0200",
      { "2026-05-01T08:05+0200", "2026-05-01T08:10+0200", "2026-05-01T08:30+0200",
        "2026-05-02T08:05+0200" } },
    { "10/25 6 * * *",
      "2026-05-01T00:00:00+0200",
      { "2026-05-01T06:10+0200", "2026-05-01T06:35+0200", "2026-05-02T06:10+0200" } },
    { "0 9 * * mon-FRI", "2026-05-01T10:00:00+0200", { "2026-05-04T09:00+0200" } },
    { "0 9 * * 7",
      "2026-05-01T10:00:00+0200",
      { "2026-05-03T09:00+0200", "2026-05-10T09:00+0200" } },
    { "0 9 13 * 5",
      "2026-02-01T00:00:00+0100",
      { "2026-02-06T09:00+0100", "2026-02-13T09:00+0100", "2026-02-20T09:00+0100" } },
    { "0 9 13 * *", "2026-02-01T00:00:00+0100", { "2026-02-13T09:00+0100" } },
    { "0 0 31 * *",
      "2026-01-31T12:00:00+0100",
      { "2026-03-31T00:00+0200", "2026-05-31T00:00+0200" } },
    { "0 0 29 feb *", "2096-03-01T00:00:00+0100", { "2104-02-29T00:00+0100" } },
    { "@hourly", "2026-05-01T10:00:00+0200", { "2026-05-01T11:00+0200" } },
    { "@daily", "2026-05-01T10:00:00+0200", { "2026-05-02T00:00+0200" } },
    { "@weekly", "2026-05-01T10:00:00+0200", { "2026-05-03T00:00+0200" } },
    { "@monthly", "2026-05-01T10:00:00+0200", { "2026-06-01T00:00+0200" } },
    { "@yearly", "2026-05-01T10:00:00+0200", { "2027-01-01T00:00+0100" } },
    /* The hour that is left out. */
    { "30 2 * * *",
      "2026-03-28T12:00:00+0100",
      { "2026-03-29T03:00+0200", "2026-03-30T02:30+0200" } },
    { "30 2 29 3 *",
      "2026-03-28T12:00:00+0100",
      { "2026-03-29T03:00+0200", "2027-03-29T02:30+0200" } },
    { "30 * * * *",
      "2026-03-29T00:45:00+0100",
      { "2026-03-29T01:30+0100", "2026-03-29T03:30+0200" } },
    /* The hour that comes twice. */
    { "30 2 * * *",
      "2026-10-24T12:00:00+0200",
      { "2026-10-25T02:30+0200", "2026-10-26T02:30+0100" } },
    { "30 2 * * *", "2026-10-25T02:40:00+0200", { "2026-10-26T02:30+0100" } },
    { "30 2,4 * * *", "2026-10-25T02:10:00+0100", { "2026-10-25T04:30+0100" } },
    { "30 * * * *",
      "2026-10-25T01:45:00+0200",
      { "2026-10-25T02:30+0200", "2026-10-25T02:30+0100", "2026-10-25T03:30+0100" } },
};

START_TEST (a_schedule_comes_as_the_clock_on_the_wall_says)
{
    g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (BERLIN);

    ck_assert_ptr_nonnull (zone);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        gint64 time = read_time (cases[i].after, zone);

        for (guint j = 0; j < G_N_ELEMENTS (cases[i].next) && cases[i].next[j] != NULL; j++) {
            g_autofree char *next = dup_next (cases[i].schedule, &time, zone);

            ck_assert_msg (strcmp (next, cases[i].next[j]) == 0, "%s after %s: %s, not %s",
                           cases[i].schedule, cases[i].after, next, cases[i].next[j]);
        }
    }
}
END_TEST

/* In a zone where midnight itself is left out, and where it comes twice. */
START_TEST (a_midnight_that_is_left_out_or_comes_twice_is_due_once)
{
    g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("<-03>3<-02>,M3.2.0/0,M11.1.0/0");
    gint64 time = read_time ("2026-03-07T12:00:00-0300", zone);
    g_autofree char *forward = dup_next ("0 0 * * *", &time, zone);
    g_autofree char *behind = dup_next ("0 0 * * *", &time, zone);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    ck_assert_str_eq (forward, "2026-03-08T01:00-0200");
    ck_assert_str_eq (behind, "2026-03-09T00:00-0200");
    time = read_time ("2026-10-31T22:50:00-0200", zone);
    before = dup_next ("10 23 * * *", &time, zone);
    after = dup_next ("10 23 * * *", &time, zone);
    ck_assert_str_eq (before, "2026-10-31T23:10-0200");
    ck_assert_str_eq (after, "2026-11-01T23:10-0300");
}
END_TEST

/* Held against a plain reading: every minute asked by itself. */
START_TEST (in_a_zone_without_summer_it_is_what_each_minute_says)
{
    gint64 time = 1767225600000; /* 1 January 2026 */
    G_GNUC_UNUSED g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
    g_autoptr (Schedule) schedule = schedule_new_from_text ("7-59/13 3-20/4 */9 1-3,12 2,4", NULL);

    for (guint found = 0; found < 200; found++) {
        gint64 next = schedule_get_next (schedule, time, NULL);

        for (time += 60000;; time += 60000) {
            g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (time / 1000);
            int minute = g_date_time_get_minute (at), hour = g_date_time_get_hour (at);
            int month = g_date_time_get_month (at), week = g_date_time_get_day_of_week (at);

            if (minute >= 7 && (minute - 7) % 13 == 0 && hour >= 3 && hour <= 20
                && (hour - 3) % 4 == 0 && (g_date_time_get_day_of_month (at) - 1) % 9 == 0
                && (month <= 3 || month == 12) && (week == 2 || week == 4))
                break;
        }
        ck_assert_int_eq (next, time);
    }
}
END_TEST

START_TEST (every_so_many_milliseconds_asks_no_clock)
{
    g_autoptr (Schedule) schedule = schedule_new_every (1500);

    ck_assert_int_eq (schedule_get_next (schedule, 1000, NULL), 2500);
    ck_assert_int_eq (schedule_get_next (schedule, G_MAXINT64, NULL), G_MAXINT64);
}
END_TEST

START_TEST (what_is_no_schedule_is_refused)
{
    static const char *const texts[] = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 0 *",
        "* * * 13 *",
        "* * * * 8",
        "x * * * *",
        "1- * * * *",
        "-1 * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "1,,2 * * * *",
        "1/ * * * *",
        "* * * jan-x *",
        "@never",
        "1e1 * * * *",
        "*-5 * * * *",
        "0x1 * * * *",
        "1-2-3 * * * *",
        ", * * * *",
    };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_msg (schedule_new_from_text (texts[i], &error) == NULL, "%s", texts[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    }
}
END_TEST

START_TEST (what_never_comes_is_refused)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Schedule) either = schedule_new_from_text ("0 0 30 2 1", NULL);

    ck_assert_ptr_null (schedule_new_from_text ("0 0 30 2 *", &error));
    ck_assert_msg (strstr (error->message, "never") != NULL, "%s", error->message);
    ck_assert_ptr_null (schedule_new_from_text ("0 0 31 4,6,9,11 *", NULL));
    /* Mondays of February are enough. */
    ck_assert_ptr_nonnull (either);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "next", a_schedule_comes_as_the_clock_on_the_wall_says,
                    a_midnight_that_is_left_out_or_comes_twice_is_due_once,
                    in_a_zone_without_summer_it_is_what_each_minute_says,
                    every_so_many_milliseconds_asks_no_clock, NULL);
    suite_add_case (suite, "text", what_is_no_schedule_is_refused, what_never_comes_is_refused,
                    NULL);
}

int
main (void)
{
    return suite_run ("workflow/schedule", add_tests);
}
