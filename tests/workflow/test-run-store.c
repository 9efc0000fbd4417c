/* SPDX-License-Identifier: MIT */

#include "asked-runs.h"

#include "h3/base/error.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <string.h>

#define A "01hzzzzzzz0000000000000001"
#define B "01hzzzzzzz0000000000000002"
#define C "01hzzzzzzz0000000000000003"

static const char *const two_steps[] = { "build", "test", NULL };
static RunStore *store;

static void
begin (void)
{
    asked_runs_begin ();
    store = open_runs (NULL);
    /* The times told here are of 1970. */
    run_store_set_keep (store, 1000, G_MAXINT32);
}

static void
end (void)
{
    g_clear_pointer (&store, run_store_free);
    asked_runs_end ();
}

static const char *
get (const json_t *object, const char *name)
{
    return json_string_value (json_object_get (object, name));
}

START_TEST (run_is_as_it_was_told)
{
    RunRecord record = { .id = A,
                         .workflow = "hello",
                         .plan = "{}",
                         .input = "{\"x\":[1,2]}",
                         .steps = two_steps,
                         .at = 1700000000123 };
    json_t *run;

    run_store_add_run (store, &record);
    run = ask_run (store, A, NULL);
    ck_assert_str_eq (get (run, "id"), A);
    ck_assert_str_eq (get (run, "workflow"), "hello");
    ck_assert_str_eq (get (run, "state"), "pending");
    ck_assert_str_eq (get (run, "created"), "2023-11-14T22:13:20.123Z");
    ck_assert (json_is_null (json_object_get (run, "started")));
    ck_assert (json_is_null (json_object_get (run, "ended")));
    ck_assert (json_is_null (json_object_get (run, "error")));
    ck_assert_int_eq (json_array_size (json_object_get (json_object_get (run, "input"), "x")), 2);
    ck_assert_uint_eq (json_array_size (json_object_get (run, "steps")), 2);
    for (guint i = 0; i < 2; i++) {
        ck_assert_str_eq (json_string_value (get_step (run, i, "id")), two_steps[i]);
        ck_assert_str_eq (json_string_value (get_step (run, i, "state")), "pending");
        ck_assert_str_eq (json_string_value (get_step (run, i, "stdout")), "");
        ck_assert (json_is_null (get_step (run, i, "exit_code")));
    }
    json_decref (run);
}
END_TEST

START_TEST (what_became_of_a_run_is_in_its_document)
{
    StepRecord step = { .step = "test",
                        .state = RUN_FAILED,
                        .attempt = 3,
                        .exit_code = 7,
                        .status = 503,
                        .error = "it \"broke\"",
                        .started = 2000,
                        .ended = 3001,
                        .at = 3001 };
    json_t *run;

    tell_run (store, A, 1000, two_steps);
    run_store_set_run (store, A, RUN_RUNNING, NULL, 1500);
    run_store_set_step (store, A, &step);
    run_store_set_run (store, A, RUN_FAILED, "test has failed", 4000);
    run = ask_run (store, A, NULL);
    ck_assert_str_eq (get (run, "state"), "failed");
    ck_assert_str_eq (get (run, "error"), "test has failed");
    ck_assert_str_eq (get (run, "started"), "1970-01-01T00:00:01.500Z");
    ck_assert_str_eq (get (run, "ended"), "1970-01-01T00:00:04.000Z");
    ck_assert_str_eq (json_string_value (get_step (run, 1, "state")), "failed");
    ck_assert_str_eq (json_string_value (get_step (run, 1, "error")), "it \"broke\"");
    ck_assert_str_eq (json_string_value (get_step (run, 1, "ended")), "1970-01-01T00:00:03.001Z");
    ck_assert_int_eq (json_integer_value (get_step (run, 1, "attempts")), 3);
    ck_assert_int_eq (json_integer_value (get_step (run, 1, "exit_code")), 7);
    ck_assert_int_eq (json_integer_value (get_step (run, 1, "status")), 503);
    json_decref (run);
}
END_TEST

START_TEST (output_is_that_of_the_last_attempt)
{
    LineRecord cut = { "build", 2, RUN_STDERR, "too mu", 6, TRUE, 1000 };
    json_t *run;

    tell_run (store, A, 1000, two_steps);
    tell_line (store, A, "build", 1, RUN_STDOUT, "first attempt\n");
    tell_line (store, A, "build", 2, RUN_STDOUT, "one\r\n");
    tell_line (store, A, "build", 2, RUN_STDOUT, "two");
    run_store_add_line (store, A, &cut);
    tell_step (store, A, "build", RUN_SUCCEEDED, 2, 2000);
    run = ask_run (store, A, NULL);
    ck_assert_str_eq (json_string_value (get_step (run, 0, "stdout")), "one\r\ntwo");
    ck_assert_str_eq (json_string_value (get_step (run, 0, "stderr")), "too mu");
    ck_assert_ptr_null (get_step (run, 0, "stdout_cut"));
    ck_assert (json_is_true (get_step (run, 0, "stderr_cut")));
    ck_assert_str_eq (json_string_value (get_step (run, 1, "stdout")), "");
    json_decref (run);
}
END_TEST

START_TEST (bytes_that_are_no_text_are_told_as_text)
{
    LineRecord odd = { "build", 0, RUN_STDOUT, "a\0b\xff\xc3\xa4", 6, FALSE, 1000 };
    json_t *run;

    tell_run (store, A, 1000, two_steps);
    run_store_add_line (store, A, &odd);
    run = ask_run (store, A, NULL);
    ck_assert_str_eq (json_string_value (get_step (run, 0, "stdout")), "a\xef\xbf\xbd"
                                                                       "b\xef\xbf\xbd\xc3\xa4");
    json_decref (run);
}
END_TEST

START_TEST (events_are_numbered_from_one_and_come_in_pages)
{
    gboolean has_ended = TRUE;
    GPtrArray *rows;

    tell_run (store, A, 1000, two_steps);
    tell_run (store, B, 1000, NULL);
    run_store_set_run (store, A, RUN_RUNNING, NULL, 2000);
    tell_step (store, A, "build", RUN_RUNNING, 1, 2000);
    tell_line (store, A, "build", 1, RUN_STDERR, "a \"word\"\r\n");
    run_store_set_run (store, A, RUN_SUCCEEDED, NULL, 3000);
    rows = ask_events (store, A, 0, 4, &has_ended, NULL);
    ck_assert (!has_ended);
    ck_assert_uint_eq (rows->len, 4);
    ck_assert_str_eq (rows->pdata[0],
                      "1 run {\"id\":\"" A "\",\"state\":\"pending\",\"error\":null,"
                      "\"at\":\"1970-01-01T00:00:01.000Z\"}");
    ck_assert_str_eq (
        rows->pdata[2],
        "3 step {\"id\":\"build\",\"state\":\"running\",\"attempts\":1,\"exit_code\":"
        "null,\"error\":null,\"started\":\"1970-01-01T00:00:02.000Z\",\"ended\":null}");
    ck_assert_str_eq (rows->pdata[3],
                      "4 line {\"step\":\"build\",\"attempt\":1,\"stream\":\"stderr\",\"text\":"
                      "\"a \\\"word\\\"\",\"at\":\"1970-01-01T00:00:01.000Z\"}");
    g_ptr_array_unref (rows);
    rows = ask_events (store, A, 4, 100, &has_ended, NULL);
    ck_assert (has_ended);
    ck_assert_uint_eq (rows->len, 1);
    ck_assert (g_str_has_prefix (rows->pdata[0], "5 run "));
    g_ptr_array_unref (rows);
    rows = ask_events (store, A, 5, 100, &has_ended, NULL);
    ck_assert (has_ended);
    ck_assert_uint_eq (rows->len, 0);
    g_ptr_array_unref (rows);
    rows = ask_events (store, B, 1, 100, &has_ended, NULL);
    ck_assert (!has_ended);
    g_ptr_array_unref (rows);
}
END_TEST

START_TEST (what_is_not_there_is_told)
{
    g_autoptr (GError) error = NULL;
    GPtrArray *rows;

    run_store_set_run (store, C, RUN_RUNNING, NULL, 1);
    ck_assert_ptr_null (ask_run (store, C, &error));
    ck_assert_ptr_null (error);
    rows = ask_events (store, C, 0, 10, NULL, &error);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    g_ptr_array_unref (rows);
}
END_TEST

static void
expect_list (const RunFilter *filter, const char *expected, const char *next)
{
    json_t *list = ask_runs (store, filter), *run;
    g_autoptr (GString) ids = g_string_new (NULL);
    size_t i;

    json_array_foreach (json_object_get (list, "runs"), i, run)
    {
        g_string_append_c (ids, get (run, "id")[25]);
    }
    ck_assert_str_eq (ids->str, expected);
    ck_assert_pstr_eq (get (list, "next"), next);
    json_decref (list);
}

START_TEST (runs_are_listed_newest_first_and_in_pages)
{
    RunRecord other = { .id = C, .workflow = "other", .plan = "{}", .at = 3 };

    tell_run (store, A, 1, NULL);
    tell_run (store, B, 2, NULL);
    run_store_add_run (store, &other);
    run_store_set_run (store, B, RUN_CANCELLED, NULL, 5);
    expect_list (&(RunFilter){ .state = -1 }, "321", NULL);
    expect_list (&(RunFilter){ .state = -1, .limit = 2 }, "32", B);
    expect_list (&(RunFilter){ .state = -1, .limit = 2, .before = B }, "1", NULL);
    expect_list (&(RunFilter){ .state = -1, .workflow = "test" }, "21", NULL);
    expect_list (&(RunFilter){ .state = RUN_CANCELLED, .workflow = "test" }, "2", NULL);
    expect_list (&(RunFilter){ .state = RUN_PENDING }, "31", NULL);
    expect_list (&(RunFilter){ .state = RUN_FAILED }, "", NULL);
}
END_TEST

static guint n_told;

static void
on_dropped (gpointer data)
{
    n_told++;
}

static void
on_told (const RunDocument *document, const GError *error, gpointer data)
{
    n_told++;
}

START_TEST (question_of_a_loop_that_ends_is_answered_or_dropped_once)
{
    RunStore *mine;

    asked_runs_begin ();
    mine = open_runs (NULL);
    for (guint i = 0; i < 100; i++)
        run_store_ask_run (mine, A, on_told, NULL, on_dropped);
    /* Some answers wait in the loop, which runs them; others come later. */
    asked_runs_end ();
    run_store_free (mine);
    ck_assert_uint_eq (n_told, 100);
}
END_TEST

START_TEST (a_run_s_number_of_steps_may_grow)
{
    json_t *run;

    tell_run (store, A, 1, NULL);
    tell_step (store, A, "late", RUN_RUNNING, 1, 5);
    tell_step (store, A, "late", RUN_SUCCEEDED, 1, 6);
    run = ask_run (store, A, NULL);
    ck_assert_uint_eq (json_array_size (json_object_get (run, "steps")), 1);
    ck_assert_str_eq (json_string_value (get_step (run, 0, "state")), "succeeded");
    ck_assert_int_eq (json_integer_value (get_step (run, 0, "exit_code")), 0);
    json_decref (run);
}
END_TEST

START_TEST (one_that_is_told_twice_is_kept_once)
{
    GPtrArray *rows;

    tell_run (store, A, 1, two_steps);
    tell_run (store, A, 9, NULL);
    rows = ask_events (store, A, 0, 10, NULL, NULL);
    ck_assert_uint_eq (rows->len, 1);
    g_ptr_array_unref (rows);
    expect_list (&(RunFilter){ .state = -1 }, "1", NULL);
}
END_TEST

START_TEST (store_leaves_nothing)
{
    LiveSnapshot before;

    end ();
    before = live_snapshot_take ();
    begin ();
    tell_run (store, A, 1, two_steps);
    end ();
    assert_nothing_left (&before);
    begin ();
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("kept");

    tcase_add_checked_fixture (tcase, begin, end);
    tcase_add_test (tcase, run_is_as_it_was_told);
    tcase_add_test (tcase, what_became_of_a_run_is_in_its_document);
    tcase_add_test (tcase, output_is_that_of_the_last_attempt);
    tcase_add_test (tcase, bytes_that_are_no_text_are_told_as_text);
    tcase_add_test (tcase, events_are_numbered_from_one_and_come_in_pages);
    tcase_add_test (tcase, what_is_not_there_is_told);
    tcase_add_test (tcase, runs_are_listed_newest_first_and_in_pages);
    tcase_add_test (tcase, a_run_s_number_of_steps_may_grow);
    tcase_add_test (tcase, one_that_is_told_twice_is_kept_once);
    tcase_add_test (tcase, store_leaves_nothing);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
    suite_add_case (suite, "loop", question_of_a_loop_that_ends_is_answered_or_dropped_once, NULL);
}

int
main (void)
{
    return suite_run ("workflow/run-store", add);
}
