/* SPDX-License-Identifier: MIT
 *
 * Workflows that have much to tell, are busy with what does not end, and are started again. */

#include "workflows-fixture.h"

#include "h3/loop/clock.h"
#include "h3/workflow/run-follow.h"
#include "tests/support/latch.h"

#define N_LINES 100 /* of a length at which they come in more than one portion */

static WorkflowsFixture fixture;
static Latch called = LATCH_INIT, let_go = LATCH_INIT, told_all = LATCH_INIT;
static guint n_lines;

static void
print_much (H3Step *step, gpointer user_data)
{
    g_autofree char *line = g_strnfill (16000, 'x');

    line[15999] = '\n';
    for (guint i = 0; i < N_LINES; i++)
        h3_step_print (step, line, -1);
}

static void
on_told (const char *kind, const char *json, gpointer data)
{
    if (kind == NULL)
        latch_raise (&told_all);
    else if (strcmp (kind, "line") == 0)
        n_lines++;
}

START_TEST (run_that_printed_much_is_told_to_its_end)
{
    g_autofree char *id = NULL;
    g_autoptr (json_t) run = NULL;

    workflows_set_up (&fixture, NULL);
    h3_workflows_add_function (fixture.workflows, "print", print_much, NULL, NULL);
    workflows_begin (&fixture);
    id = workflows_run (&fixture,
                        "{'name':'p','steps':[{'id':'a','call':'print','output':8000000}]}", NULL);
    run = workflows_await_end (&fixture, id);
    expect_run (run, "succeeded", NULL);
    h3_workflows_follow_run (fixture.workflows, id, on_told, NULL, NULL);
    latch_wait (&told_all, 1, "the end of what is told");
    ck_assert_uint_eq (n_lines, N_LINES);
    workflows_tear_down (&fixture);
}
END_TEST

static void
be_stubborn (H3Step *step, gpointer user_data)
{
    latch_raise (&called);
    latch_wait (&let_go, 1, "the test's leave");
}

/* The loop's thread sets the grace when it has seen that it is to end. */
static void
drive_until_none_is_left (void)
{
    while (h3_workflows_count_runs (fixture.workflows) > 0) {
        clock_drive (1000);
        (void) loop_step (fixture.loop, FALSE);
    }
}

START_TEST (function_that_was_cancelled_before_its_turn_is_not_called)
{
    static const char plan[] = "{'name':'p','steps':[{'id':'a','call':'stubborn','timeout':1}]}";
    g_autofree char *first = NULL, *second = NULL;
    g_autoptr (json_t) run = NULL;

    clock_take_control ();
    workflows_set_up (&fixture, NULL);
    h3_workflows_add_function (fixture.workflows, "stubborn", be_stubborn, NULL, NULL);
    h3_workflows_set_concurrency (fixture.workflows, 8, 1);
    workflows_begin (&fixture);
    first = workflows_run (&fixture, plan, NULL);
    latch_wait (&called, 1, "the function's call");
    drive_until_none_is_left ();
    /* The only thread of the pool is the first one's still. */
    second = workflows_run (&fixture, plan, NULL);
    drive_until_none_is_left ();
    run = workflows_await_end (&fixture, second);
    expect_step (run, "a", "failed", "it was not done within 1 s");
    latch_raise (&let_go);
    workflows_tear_down (&fixture);
    ck_assert_uint_eq (latch_get (&called), 1);
}
END_TEST

START_TEST (workflows_are_started_again_behind_a_stop)
{
    workflows_set_up (&fixture, NULL);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *id = NULL, *left = NULL;
        g_autoptr (json_t) run = NULL, begun = NULL;

        workflows_begin (&fixture);
        id = workflows_run (&fixture, "{'name':'p','steps':[{'id':'a','run':['true']}]}", NULL);
        run = workflows_await_end (&fixture, id);
        expect_run (run, "succeeded", NULL);
        left = workflows_run (
            &fixture, "{'name':'q','steps':[{'id':'a','shell':'echo begun; sleep 1000'}]}", NULL);
        begun = workflows_await_text (&fixture, left, "begun");
        h3_workflows_stop (fixture.workflows);
        h3_workflows_stop (fixture.workflows);
        ck_assert_uint_eq (h3_workflows_count_runs (fixture.workflows), 0);
    }
    workflows_tear_down (&fixture);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "troubles", run_that_printed_much_is_told_to_its_end,
                    function_that_was_cancelled_before_its_turn_is_not_called,
                    workflows_are_started_again_behind_a_stop, NULL);
}

int
main (void)
{
    return suite_run ("workflow/workflows-troubles", add);
}
