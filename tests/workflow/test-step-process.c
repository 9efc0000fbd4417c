/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/loop/clock.h"
#include "h3/workflow/process-group.h"
#include "h3/workflow/step-process.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    Loop *loop;
    LiveSnapshot before;
    StepProcess *process;
    GString *printed[2]; /* by RunStream */
    gboolean has_ended;
    int exit_code, signal;
    gboolean was_killed;
    char *complaint;
} Fixture;

static void
on_output (RunStream stream, const char *text, gsize length, gpointer data)
{
    Fixture *fixture = data;

    g_string_append_len (fixture->printed[stream], text, (gssize) length);
}

static void
on_end (const StepProcessEnd *end, gpointer data)
{
    Fixture *fixture = data;

    ck_assert (!fixture->has_ended);
    fixture->has_ended = TRUE;
    fixture->exit_code = end->exit_code;
    fixture->signal = end->signal;
    fixture->was_killed = end->was_killed;
    fixture->complaint = g_strdup (end->complaint);
}

static const StepProcessListener listener = { on_output, on_end };

static void
set_up (Fixture *fixture)
{
    *fixture = (Fixture){ 0 };
    fixture->before = live_snapshot_take ();
    fixture->loop = loop_new (NULL);
    ck_assert_ptr_nonnull (fixture->loop);
    fixture->printed[0] = g_string_new (NULL);
    fixture->printed[1] = g_string_new (NULL);
}

/* Nothing is left: no descriptor, and no child, ended or not. */
static void
tear_down (Fixture *fixture)
{
    siginfo_t info;

    loop_unref (fixture->loop);
    g_string_free (fixture->printed[0], TRUE);
    g_string_free (fixture->printed[1], TRUE);
    g_free (fixture->complaint);
    assert_nothing_left (&fixture->before);
    ck_assert_int_eq (waitid (P_ALL, 0, &info, WEXITED | WNOHANG), -1);
    ck_assert_int_eq (errno, ECHILD);
}

static void
start_in (Fixture *fixture, const char *directory, const char *const *argv)
{
    g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "H3_RUN_ID", "a-run", TRUE);
    StepProcessOrder order = { (char *const *) (void *) argv, environment, directory };
    g_autoptr (GError) error = NULL;

    fixture->process = step_process_start (fixture->loop, &order, &listener, fixture, &error);
    ck_assert_msg (fixture->process != NULL, "%s", error != NULL ? error->message : "");
}

static void
start (Fixture *fixture, const char *command)
{
    const char *argv[] = { "sh", "-c", command, NULL };

    start_in (fixture, NULL, argv);
}

static void
wait_for_end (Fixture *fixture)
{
    while (!fixture->has_ended)
        (void) loop_step (fixture->loop, TRUE);
}

static void
wait_for_print (Fixture *fixture, const char *text)
{
    while (strstr (fixture->printed[RUN_STDOUT]->str, text) == NULL) {
        ck_assert (!fixture->has_ended);
        (void) loop_step (fixture->loop, TRUE);
    }
}

START_TEST (process_prints_and_ends_with_its_code)
{
    Fixture fixture;

    set_up (&fixture);
    start (&fixture, "echo out; echo err >&2; exit 3");
    ck_assert_int_gt (step_process_get_group (fixture.process), 1);
    wait_for_end (&fixture);
    ck_assert_str_eq (fixture.printed[RUN_STDOUT]->str, "out\n");
    ck_assert_str_eq (fixture.printed[RUN_STDERR]->str, "err\n");
    ck_assert_int_eq (fixture.exit_code, 3);
    ck_assert_int_eq (fixture.signal, 0);
    ck_assert_ptr_null (fixture.complaint);
    tear_down (&fixture);
}
END_TEST

START_TEST (process_has_nothing_of_ours_but_its_three_descriptors)
{
    const char *command =
        "ls /proc/self/fd | wc -l; test $(cut -d' ' -f5 /proc/$$/stat) = $$ && echo leads; "
        "grep -c '^SigBlk:.0000000000000000$' /proc/self/status; "
        "grep -c '^SigIgn:.*0000000$' /proc/self/status; "
        "read line || echo nothing; pwd";
    const char *argv[] = { "/bin/sh", "-c", command, NULL };
    int inheritable = dup (0);
    Fixture fixture;
    sigset_t some;

    ck_assert_int_ge (inheritable, 0);
    (void) signal (SIGPIPE, SIG_IGN);
    sigemptyset (&some);
    sigaddset (&some, SIGTERM);
    ck_assert_int_eq (sigprocmask (SIG_BLOCK, &some, NULL), 0);
    set_up (&fixture);
    start_in (&fixture, "/usr", argv);
    wait_for_end (&fixture);
    /* ls has one more: the folder. */
    ck_assert_str_eq (fixture.printed[RUN_STDOUT]->str, "4\nleads\n1\n1\nnothing\n/usr\n");
    tear_down (&fixture);
    (void) close (inheritable);
}
END_TEST

START_TEST (process_that_cannot_be_is_an_error_that_names_it)
{
    static const struct {
        const char *program, *directory, *wanted;
        int code;
    } rows[] = {
        { "no-such-program", NULL, "there is no program 'no-such-program' in PATH",
          H3_ERROR_NOT_FOUND },
        { "/no/such", NULL, "cannot run '/no/such': No such file or directory", H3_ERROR_FAILED },
        { "/etc/passwd", NULL, "cannot run '/etc/passwd': Permission denied", H3_ERROR_FAILED },
        { "/bin/true", "/no/such", "cannot run '/bin/true' in /no/such: No such file or directory",
          H3_ERROR_FAILED },
    };
    Fixture fixture;

    set_up (&fixture);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        char *argv[] = { (char *) rows[i].program, NULL }, *environment[] = { NULL };
        StepProcessOrder order = { argv, environment, rows[i].directory };
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (step_process_start (fixture.loop, &order, &listener, &fixture, &error));
        ck_assert (g_error_matches (error, H3_ERROR, rows[i].code));
        ck_assert_str_eq (error->message, rows[i].wanted);
    }
    tear_down (&fixture);
}
END_TEST

START_TEST (process_is_ended_with_all_its_group)
{
    Fixture fixture;

    set_up (&fixture);
    start (&fixture, "sleep 1000 & sleep 1000 & echo begun; wait");
    wait_for_print (&fixture, "begun");
    step_process_end (fixture.process);
    step_process_end (fixture.process);
    wait_for_end (&fixture);
    ck_assert_int_eq (fixture.signal, SIGTERM);
    ck_assert_int_eq (fixture.exit_code, -1);
    ck_assert (!fixture.was_killed);
    tear_down (&fixture);
}
END_TEST

START_TEST (process_that_does_not_end_is_killed_behind_the_grace)
{
    Fixture fixture;

    clock_take_control ();
    set_up (&fixture);
    start (&fixture, "trap 'echo asked' TERM; echo begun; while :; do sleep 0.01; done");
    wait_for_print (&fixture, "begun");
    step_process_end (fixture.process);
    wait_for_print (&fixture, "asked");
    clock_drive (STEP_PROCESS_GRACE - 1);
    (void) loop_step (fixture.loop, FALSE);
    ck_assert (!fixture.has_ended);
    clock_drive (1);
    wait_for_end (&fixture);
    ck_assert_int_eq (fixture.signal, SIGKILL);
    ck_assert (fixture.was_killed);
    tear_down (&fixture);
}
END_TEST

START_TEST (group_has_the_grace_where_its_first_process_ends_at_once)
{
    Fixture fixture;

    clock_take_control ();
    set_up (&fixture);
    start (&fixture, "sh -c 'trap \"echo told\" TERM; echo ready;"
                     " while :; do sleep 0.01; done' & wait");
    wait_for_print (&fixture, "ready");
    step_process_end (fixture.process);
    wait_for_print (&fixture, "told");
    /* The first has ended; nobody takes that for the end. */
    for (guint i = 0; i < 20; i++)
        (void) loop_step (fixture.loop, FALSE);
    clock_drive (STEP_PROCESS_GRACE - 1);
    (void) loop_step (fixture.loop, FALSE);
    ck_assert (!fixture.has_ended);
    step_process_kill (fixture.process);
    wait_for_end (&fixture);
    tear_down (&fixture);
}
END_TEST

START_TEST (process_leaves_nobody_of_its_group_behind)
{
    Fixture fixture;
    pid_t left;

    clock_take_control ();
    set_up (&fixture);
    start (&fixture, "sleep 1000 & echo $!; exit 0");
    wait_for_print (&fixture, "\n");
    left = (pid_t) strtol (fixture.printed[RUN_STDOUT]->str, NULL, 10);
    ck_assert_int_eq (kill (left, 0), 0);
    /* The clock goes on only when the first process is seen to have ended. */
    while (!fixture.has_ended) {
        (void) loop_step (fixture.loop, FALSE);
        clock_drive (100);
    }
    ck_assert_int_eq (fixture.exit_code, 0);
    /* It is not ours to wait for: gone, or about to be. */
    while (kill (left, 0) == 0 && process_group_get_start (left) != 0) {
        g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) left);
        g_autofree char *stat = NULL;

        if (g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") != NULL)
            break;
    }
    tear_down (&fixture);
}
END_TEST

START_TEST (process_output_of_any_length_comes_whole)
{
    Fixture fixture;

    set_up (&fixture);
    start (&fixture, "head -c 3000000 /dev/zero | tr '\\0' x; echo done >&2");
    wait_for_end (&fixture);
    ck_assert_uint_eq (fixture.printed[RUN_STDOUT]->len, 3000000);
    ck_assert_str_eq (fixture.printed[RUN_STDERR]->str, "done\n");
    ck_assert_int_eq (fixture.exit_code, 0);
    tear_down (&fixture);
}
END_TEST

START_TEST (process_whose_end_somebody_else_took_says_so)
{
    Fixture fixture;

    set_up (&fixture);
    start (&fixture, "trap 'exit 7' USR1; echo begun; while :; do sleep 0.01; done");
    wait_for_print (&fixture, "begun");
    (void) signal (SIGCHLD, SIG_IGN);
    ck_assert_int_eq (kill ((pid_t) step_process_get_group (fixture.process), SIGUSR1), 0);
    wait_for_end (&fixture);
    ck_assert_int_eq (fixture.exit_code, -1);
    ck_assert_ptr_nonnull (fixture.complaint);
    (void) signal (SIGCHLD, SIG_DFL);
    tear_down (&fixture);
}
END_TEST

/* The pid of a shell that has printed its own, and sleeps as the first of a group. */
static void
begin_left (Fixture *fixture, const char *command, gint64 *out_group, guint64 *out_start)
{
    start (fixture, command);
    wait_for_print (fixture, "begun");
    *out_group = step_process_get_group (fixture->process);
    *out_start = step_process_get_start (fixture->process);
    ck_assert_uint_gt (*out_start, 0);
    ck_assert_uint_eq (process_group_get_start (*out_group), *out_start);
}

START_TEST (group_that_was_left_is_ended_and_no_other)
{
    Fixture fixture;
    gint64 group;
    guint64 begun;

    set_up (&fixture);
    begin_left (&fixture, "exec env -i sh -c 'sleep 1000 & echo begun; wait'", &group, &begun);
    ck_assert (!process_group_end_left (group, begun + 1, "a-run"));
    ck_assert (!process_group_end_left (0, begun, "a-run"));
    ck_assert (process_group_end_left (group, begun, "a-run"));
    wait_for_end (&fixture);
    ck_assert_int_eq (fixture.signal, SIGKILL);
    ck_assert (!process_group_end_left (group, begun, "a-run"));
    tear_down (&fixture);
}
END_TEST

START_TEST (group_is_known_by_its_environment_where_its_first_process_has_gone)
{
    Fixture fixture;
    gint64 group;
    guint64 begun;

    set_up (&fixture);
    begin_left (&fixture, "echo begun; sleep 1000", &group, &begun);
    ck_assert (!process_group_end_left (group, 0, "another-run"));
    ck_assert (process_group_end_left (group, 0, "a-run"));
    wait_for_end (&fixture);
    ck_assert_int_eq (fixture.signal, SIGKILL);
    tear_down (&fixture);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (
        suite, "process", process_prints_and_ends_with_its_code,
        process_has_nothing_of_ours_but_its_three_descriptors,
        process_that_cannot_be_is_an_error_that_names_it, process_is_ended_with_all_its_group,
        process_that_does_not_end_is_killed_behind_the_grace,
        group_has_the_grace_where_its_first_process_ends_at_once,
        process_leaves_nobody_of_its_group_behind, process_output_of_any_length_comes_whole,
        process_whose_end_somebody_else_took_says_so, NULL);
    suite_add_case (suite, "group", group_that_was_left_is_ended_and_no_other,
                    group_is_known_by_its_environment_where_its_first_process_has_gone, NULL);
}

int
main (void)
{
    return suite_run ("workflow/step-process", add);
}
