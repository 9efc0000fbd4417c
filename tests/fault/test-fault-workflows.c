/* SPDX-License-Identifier: MIT
 *
 * Whole runs whose system calls fail, each in turn: every run comes to an end that is told, the
 * next one succeeds, and no process, thread or descriptor is left. */

#include "fault.h"
#include "sweep.h"

#include "tests/workflow/workflows-fixture.h"

#include <errno.h>
#include <stdlib.h>

/* Of each kind that makes calls: a program that prints on both, one that needs it, a function. */
#define PLAN                                                                                       \
    "{'name':'p','steps':["                                                                        \
    "{'id':'a','shell':'echo out; echo err >&2'},"                                                 \
    "{'id':'b','run':['echo','${steps.a.stdout}']},"                                               \
    "{'id':'c','call':'print','depends_on':['a']}]}"

static WorkflowsFixture fixture;

static void
print (H3Step *step, gpointer user_data)
{
    h3_step_print (step, "called\n", -1);
}

static void
begin (const char *folder)
{
    workflows_renew (&fixture, folder);
    h3_workflows_add_function (fixture.workflows, "print", print, NULL, NULL);
    workflows_add (&fixture, PLAN);
}

static char *
start_run (void)
{
    g_autoptr (GError) error = NULL;
    char *id = h3_workflows_start_run (fixture.workflows, "p", NULL, &error);

    ck_assert_msg (id != NULL, "%s", error != NULL ? error->message : "");
    return id;
}

static void
expect_success (const char *id)
{
    g_autoptr (json_t) run = workflows_await_end (&fixture, id);

    expect_run (run, "succeeded", NULL);
    ck_assert_str_eq (run_document_get_text (run, "b", "stdout"), "out\n");
    ck_assert_str_eq (run_document_get_text (run, "c", "stdout"), "called\n");
}

/* Some end, of which it is said why where it is no success. */
static void
expect_end (const char *id, const Fault *fault)
{
    g_autoptr (json_t) run = workflows_await_end (&fixture, id);
    const char *state = json_string_value (json_object_get (run, "state"));

    if (fault->is_harmless || g_strcmp0 (state, "succeeded") == 0)
        expect_run (run, "succeeded", NULL);
    else
        expect_run (run, "failed", "step '");
}

/* Whether the fault was met. */
static gboolean
try_in_run (const Fault *fault, guint n)
{
    g_autofree char *id = NULL, *next = NULL;
    gboolean was_met;

    /* Of this thread nothing fails: it only looks. */
    fault_spare_thread (true);
    sweep_arm (fault, n, "a run");
    id = start_run ();
    expect_end (id, fault);
    was_met = sweep_disarm (fault);
    next = start_run ();
    expect_success (next);
    fault_spare_thread (false);
    return was_met;
}

static const FaultCall in_run[] = { FAULT_SPAWN,     FAULT_PIDFD,      FAULT_WAITID, FAULT_PIPE,
                                    FAULT_EPOLL_CTL, FAULT_EPOLL_WAIT, FAULT_READ };

START_TEST (call_that_fails_in_a_run_is_told_and_the_next_run_succeeds)
{
    g_autofree char *first = NULL;
    guint n_faults;
    const Fault *faults = sweep_list (in_run[_i], &n_faults);

    workflows_set_up (&fixture, NULL);
    begin (NULL);
    workflows_begin (&fixture);
    first = start_run ();
    expect_success (first);
    for (guint i = 0; i < n_faults; i++) {
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++) {
            if (!try_in_run (&faults[i], n))
                break;
        }
    }
    sweep_end (in_run[_i]);
    workflows_tear_down (&fixture);
}
END_TEST

static const FaultCall at_start[] = { FAULT_EVENTFD, FAULT_TIMERFD, FAULT_EPOLL_CREATE,
                                      FAULT_PTHREAD_CREATE };

/* Whether the fault was met. */
static gboolean
try_at_start (const Fault *fault, guint n)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *id = NULL;
    gboolean was_met, is_started;

    begin (NULL);
    sweep_arm (fault, n, "a start");
    is_started = h3_workflows_start (fixture.workflows, &error);
    was_met = sweep_disarm (fault);
    ck_assert (is_started == (error == NULL));
    if (!is_started) {
        ck_assert (error->domain == H3_ERROR && error->message[0] != '\0');
        return was_met;
    }
    id = start_run ();
    expect_success (id);
    return was_met;
}

START_TEST (call_that_fails_as_they_start_is_told_or_survived)
{
    guint n_faults;
    const Fault *faults = sweep_list (at_start[_i], &n_faults);

    workflows_set_up (&fixture, NULL);
    for (guint i = 0; i < n_faults; i++) {
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++) {
            if (!try_at_start (&faults[i], n))
                break;
        }
    }
    sweep_end (at_start[_i]);
    workflows_tear_down (&fixture);
}
END_TEST

/* SQLite reads and writes by these; what it cannot keep is kept later, and nobody waits for it. */
START_TEST (run_ends_also_while_nothing_can_be_kept)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-XXXXXX", NULL), *id = NULL, *next = NULL;
    g_autofree char *command = g_strdup_printf ("rm -r '%s'", folder);
    Fault full = { FAULT_PWRITE, ENOSPC, FALSE };

    workflows_set_up (&fixture, folder);
    begin (folder);
    workflows_begin (&fixture);
    fault_spare_thread (true);
    sweep_note (&full, 1, "a full disk");
    fault_arm (FAULT_PWRITE, ENOSPC, 1, 0);
    id = start_run ();
    /* The run waits for nothing that is written, which may come later; what is counted twice has
     * failed once. */
    while (h3_workflows_count_runs (fixture.workflows) > 0 || fault_count (FAULT_PWRITE) < 2)
        g_thread_yield ();
    sweep_count (&full, fault_disarm ());
    next = start_run ();
    expect_success (next);
    expect_success (id);
    fault_spare_thread (false);
    sweep_end (FAULT_PWRITE);
    workflows_tear_down (&fixture);
    ck_assert_int_eq (system (command), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("workflows");

    tcase_add_loop_test (tcase, call_that_fails_in_a_run_is_told_and_the_next_run_succeeds, 0,
                         G_N_ELEMENTS (in_run));
    tcase_add_loop_test (tcase, call_that_fails_as_they_start_is_told_or_survived, 0,
                         G_N_ELEMENTS (at_start));
    tcase_add_test (tcase, run_ends_also_while_nothing_can_be_kept);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/workflows", add_cases));
}
