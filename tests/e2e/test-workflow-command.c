/* SPDX-License-Identifier: MIT
 *
 * h3d workflow: plans looked at and run without a server. */

#include "tests/support/file-tree.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static FileTree tree;

static void
set_up (void)
{
    file_tree_init (&tree);
    file_tree_write (
        &tree, "good.json",
        "{\"name\": \"good\", \"steps\": [{\"id\": \"a\", \"run\": [\"echo\", \"one "
        "${input}\"]}, {\"id\": \"b\", \"run\": [\"echo\", \"${steps.a.stdout}!\"]}]}");
    file_tree_write (&tree, "failing.json",
                     "{\"name\": \"failing\", \"steps\": [{\"id\": \"a\", \"run\": [\"false\"]},\n"
                     "{\"id\": \"b\", \"run\": [\"true\"], \"depends_on\": [\"a\"]}]}");
    file_tree_write (&tree, "wrong.json",
                     "{\"name\": \"wrong\",\n \"steps\": [{\"id\": \"a\"},\n  {\"id\": \"a\", "
                     "\"run\": [\"x\"]}]}");
    /* It does not end when it is told to. */
    file_tree_write (&tree, "stubborn.json",
                     "{\"name\": \"stubborn\", \"steps\": [{\"id\": \"a\", \"shell\": \"trap '' "
                     "TERM; echo ready; while :; do sleep 600; done\"}]}");
    file_tree_write (&tree, "long.json",
                     "{\"name\": \"long\", \"steps\": [{\"id\": \"a\", \"shell\": \"echo "
                     "ready; exec sleep 1000\"}]}");
    file_tree_write (&tree, "patient.json",
                     "{\"name\": \"patient\", \"steps\": [{\"id\": \"a\", \"shell\": \"cat < "
                     "$GO; seq 1000\", \"env\": {\"GO\": \"${input}\"}}]}");
    file_tree_write (&tree, "server.json",
                     "{\"name\": \"server\", \"trigger\": {\"manual\": false}, \"steps\": [{\"id\":"
                     " \"a\", \"run\": [\"true\"]}]}");
}

static void
tear_down (void)
{
    file_tree_clear (&tree);
}

/* (transfer full): what `h3d workflow COMMAND FILE` prints, after the lines that it has on standard
 * error. */
static char *
run (const char *command, const char *name, const char *option, const char *value, int status)
{
    g_autofree char *path = file_tree_path (&tree, name);
    Subprocess process;
    g_autofree char *errors = NULL;
    GString *output;

    subprocess_start (&process, 0, "workflow", command, path, option, value, NULL);
    output = subprocess_read_output (&process);
    errors = subprocess_read_errors (&process);
    g_string_prepend (output, errors);
    ck_assert_int_eq (subprocess_wait (&process), status);
    return g_string_free (output, FALSE);
}

START_TEST (check_tells_each_fault_with_its_place)
{
    g_autofree char *path = file_tree_path (&tree, "wrong.json");
    g_autofree char *wrong = run ("check", "wrong.json", NULL, NULL, 1);
    g_autofree char *good = run ("check", "good.json", NULL, NULL, 0);
    g_autofree char *missing = run ("check", "none.json", NULL, NULL, 1);
    g_autofree char *expected = g_strdup_printf (
        "%s:2:12: this step does nothing: it needs \"run\", \"shell\", \"http\", \"call\" or "
        "\"parallel\"\n%s:3:10: 'a' is the id of another step\n",
        path, path);

    ck_assert_str_eq (wrong, expected);
    ck_assert (g_str_has_suffix (good, "good.json: nothing is wrong\n"));
    ck_assert_ptr_nonnull (strstr (missing, "none.json"));
}
END_TEST

START_TEST (a_run_is_told_line_by_line)
{
    g_autofree char *output = run ("run", "good.json", "--input", "\"two\"", 0);

    ck_assert_msg (g_str_has_prefix (output, "a: running\na | one two\na: succeeded ("), "%s",
                   output);
    ck_assert_ptr_nonnull (strstr (output, "b | one two!\n"));
    ck_assert_ptr_nonnull (strstr (output, "\nThe run has succeeded ("));
}
END_TEST

START_TEST (a_run_that_fails_has_its_status)
{
    g_autofree char *output = run ("run", "failing.json", NULL, NULL, 1);

    ck_assert_ptr_nonnull (strstr (output, "a: failed: "));
    ck_assert_ptr_nonnull (strstr (output, "b: skipped: "));
    ck_assert_ptr_nonnull (strstr (output, "The run has failed: "));
}
END_TEST

START_TEST (what_cannot_be_run_is_told)
{
    g_autofree char *wrong = run ("run", "wrong.json", NULL, NULL, 1);
    g_autofree char *input = run ("run", "good.json", "--input", "two", 1);
    g_autofree char *server = run ("run", "server.json", NULL, NULL, 1);

    ck_assert_ptr_nonnull (strstr (wrong, "wrong.json:2:12: "));
    ck_assert_ptr_nonnull (strstr (input, "JSON"));
    ck_assert_ptr_nonnull (strstr (server, "manual"));
}
END_TEST

static void
expect_line (Subprocess *process, const char *expected)
{
    g_autofree char *line = subprocess_read_line (process);

    ck_assert_msg (g_str_has_prefix (line, expected), "%s, not %s", line, expected);
}

START_TEST (an_interrupt_cancels_and_another_kills)
{
    g_autofree char *path = file_tree_path (&tree, "stubborn.json");
    Subprocess process;

    subprocess_start (&process, 0, "workflow", "run", path, NULL);
    expect_line (&process, "a: running");
    expect_line (&process, "a | ready");
    subprocess_signal (&process, SIGINT);
    expect_line (&process, "Cancelling");
    subprocess_signal (&process, SIGINT);
    expect_line (&process, "Killing");
    expect_line (&process, "a: cancelled");
    expect_line (&process, "The run has been cancelled");
    ck_assert_int_eq (subprocess_wait (&process), 130);
}
END_TEST

START_TEST (a_terminal_that_is_closed_cancels)
{
    g_autofree char *path = file_tree_path (&tree, "long.json");
    Subprocess process;

    subprocess_start (&process, 0, "workflow", "run", path, NULL);
    expect_line (&process, "a: running");
    expect_line (&process, "a | ready");
    subprocess_signal (&process, SIGHUP);
    expect_line (&process, "Cancelling");
    expect_line (&process, "a: cancelled");
    expect_line (&process, "The run has been cancelled");
    ck_assert_int_eq (subprocess_wait (&process), 130);
}
END_TEST

START_TEST (a_run_comes_to_its_end_where_nobody_reads_of_it)
{
    g_autofree char *path = file_tree_path (&tree, "patient.json");
    g_autofree char *go = file_tree_path (&tree, "go");
    g_autofree char *input = g_strdup_printf ("\"%s\"", go);
    Subprocess process;
    int fifo;

    file_tree_make_fifo (&tree, "go");
    subprocess_start (&process, 0, "workflow", "run", path, "--input", input, NULL);
    expect_line (&process, "a: running");
    (void) close (process.output);
    process.output = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    /* Waits for its reader, which prints then. */
    fifo = open (go, O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge (fifo, 0);
    (void) close (fifo);
    ck_assert_int_eq (subprocess_wait (&process), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("command");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, check_tells_each_fault_with_its_place);
    tcase_add_test (tcase, a_run_is_told_line_by_line);
    tcase_add_test (tcase, a_run_that_fails_has_its_status);
    tcase_add_test (tcase, what_cannot_be_run_is_told);
    tcase_add_test (tcase, an_interrupt_cancels_and_another_kills);
    tcase_add_test (tcase, a_terminal_that_is_closed_cancels);
    tcase_add_test (tcase, a_run_comes_to_its_end_where_nobody_reads_of_it);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/workflow-command", add_tests);
}
