/* SPDX-License-Identifier: MIT */

#include "tests/support/suite.h"

#include <h3/loop/clock.h>
#include <h3/loop/loop.h>
#include <h3/workflow/plan-inside.h>
#include <h3/workflow/triggers.h>

#define MINUTE 60000

static Loop *loop;
static Triggers *triggers;
static GString *heard;
static H3Plan *next_plan; /* set while a run is begun */

static void
on_due (const char *name, gpointer data)
{
    g_string_append_printf (data, "%s ", name);
    if (next_plan != NULL)
        triggers_set_plan (triggers, next_plan);
}

static void
set_up (void)
{
    g_setenv ("TZ", "UTC", TRUE);
    clock_take_control ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    heard = g_string_new (NULL);
    triggers = triggers_new (loop, on_due, heard);
    next_plan = NULL;
}

static void
tear_down (void)
{
    triggers_free (triggers);
    h3_plan_unref (next_plan);
    loop_leave (loop);
    loop_close (loop);
    loop_unref (loop);
    g_string_free (heard, TRUE);
}

static H3Plan *
new_plan (const char *name, const char *schedule)
{
    g_autofree char *text =
        g_strdup_printf ("{\"name\": \"%s\", \"trigger\": {\"schedule\": %s}, \"steps\": [{\"id\": "
                         "\"a\", \"run\": [\"true\"]}]}",
                         name, schedule);
    g_autoptr (GError) error = NULL;
    H3Plan *plan = h3_plan_new_from_text (text, -1, &error);

    ck_assert_msg (plan != NULL, "%s", error != NULL ? error->message : "");
    return plan;
}

static void
set_plan (const char *name, const char *schedule)
{
    g_autoptr (H3Plan) plan = new_plan (name, schedule);

    triggers_set_plan (triggers, plan);
}

static void
drive (gint64 milliseconds)
{
    clock_drive (milliseconds);
    loop_step (loop, FALSE);
    loop_step (loop, FALSE);
}

/* To the last millisecond before a minute that `n` divides. */
static void
drive_before (gint64 n)
{
    gint64 span = n * MINUTE;

    drive (span - clock_get_real () % span - 1);
    g_string_truncate (heard, 0);
}

START_TEST (a_run_begins_when_its_schedule_says)
{
    drive_before (20);
    set_plan ("five", "\"*/5 * * * *\"");
    set_plan ("twenty", "[\"*/20 * * * *\"]");
    set_plan ("never-by-itself", "[]");
    drive (0);
    ck_assert_str_eq (heard->str, "");
    drive (1);
    ck_assert_msg (strstr (heard->str, "five ") != NULL && strstr (heard->str, "twenty ") != NULL
                       && heard->len == strlen ("five twenty "),
                   "%s", heard->str);
    g_string_truncate (heard, 0);
    drive (5 * MINUTE - 1);
    ck_assert_str_eq (heard->str, "");
    drive (1);
    drive (5 * MINUTE);
    ck_assert_str_eq (heard->str, "five five ");
}
END_TEST

START_TEST (of_several_schedules_each_is_heard_of)
{
    drive_before (60);
    set_plan ("a", "[\"0 * * * *\", {\"every\": 90}]");
    drive (1);
    ck_assert_str_eq (heard->str, "a ");
    /* The next is counted from then. */
    drive (90000 - 1);
    ck_assert_str_eq (heard->str, "a ");
    drive (1);
    ck_assert_str_eq (heard->str, "a a ");
}
END_TEST

START_TEST (what_was_slept_through_is_begun_once)
{
    drive_before (20);
    set_plan ("a", "\"*/5 * * * *\"");
    drive (24 * 60 * MINUTE);
    ck_assert_str_eq (heard->str, "a ");
}
END_TEST

START_TEST (a_wait_of_days_is_taken_in_parts)
{
    drive_before (60 * 24);
    set_plan ("a", "{\"every\": 864000}");
    for (guint i = 0; i < 10 * 24 * 6 - 1; i++)
        drive (10 * MINUTE);
    ck_assert_str_eq (heard->str, "");
    drive (10 * MINUTE);
    ck_assert_str_eq (heard->str, "a ");
}
END_TEST

START_TEST (a_plan_takes_the_place_of_another)
{
    drive_before (20);
    set_plan ("a", "\"*/5 * * * *\"");
    set_plan ("a", "\"*/20 * * * *\"");
    drive (1);
    drive (15 * MINUTE);
    ck_assert_str_eq (heard->str, "a ");
    /* Also while its own run is begun. */
    next_plan = new_plan ("a", "[]");
    drive (5 * MINUTE);
    drive (60 * MINUTE);
    ck_assert_str_eq (heard->str, "a a ");
}
END_TEST

START_TEST (a_plan_that_is_set_again_as_it_was_is_not_put_off)
{
    drive_before (60);
    set_plan ("a", "{\"every\": 90}");
    drive (60000);
    set_plan ("a", "{\"every\": 90}");
    drive (30000);
    ck_assert_str_eq (heard->str, "a ");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("triggers");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, a_run_begins_when_its_schedule_says);
    tcase_add_test (tcase, of_several_schedules_each_is_heard_of);
    tcase_add_test (tcase, what_was_slept_through_is_begun_once);
    tcase_add_test (tcase, a_wait_of_days_is_taken_in_parts);
    tcase_add_test (tcase, a_plan_takes_the_place_of_another);
    tcase_add_test (tcase, a_plan_that_is_set_again_as_it_was_is_not_put_off);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("workflow/triggers", add_tests);
}
