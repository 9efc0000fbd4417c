/* SPDX-License-Identifier: MIT
 *
 * Runs in a file: what is there after an end of any kind, what other processes do with it, and what
 * is told where it cannot be used. */

#include "asked-runs.h"

#include "h3/base/error.h"
#include "h3/workflow/run-id.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define A "01hzzzzzzz0000000000000001"
#define B "01hzzzzzzz0000000000000002"

static const char *const steps[] = { "one", "two", NULL };
static char *folder, *path;

static void
begin (void)
{
    folder = g_dir_make_tmp ("h3-runs-XXXXXX", NULL);
    ck_assert_ptr_nonnull (folder);
    path = g_build_filename (folder, "runs.sqlite", NULL);
    asked_runs_begin ();
}

static void
end (void)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-owners", "-journal" };

    asked_runs_end ();
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *name = g_strconcat (path, ends[i], NULL);

        (void) g_unlink (name);
    }
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_clear_pointer (&path, g_free);
    g_clear_pointer (&folder, g_free);
}

static void
expect_state (RunStore *store, const char *id, const char *state)
{
    json_t *run = ask_run (store, id, NULL);

    ck_assert_ptr_nonnull (run);
    ck_assert_str_eq (json_string_value (json_object_get (run, "state")), state);
    json_decref (run);
}

START_TEST (runs_are_there_when_the_file_is_opened_again)
{
    RunStore *store = open_runs (path);
    GStatBuf facts;
    GPtrArray *rows;

    tell_run (store, A, 1000, steps);
    run_store_set_run (store, A, RUN_RUNNING, NULL, 1000);
    run_store_free (store);
    ck_assert_int_eq (g_stat (path, &facts), 0);
    ck_assert_int_eq (facts.st_mode & 0777, 0600);
    store = open_runs (path);
    expect_state (store, A, "running");
    tell_line (store, A, "one", 1, RUN_STDOUT, "more");
    rows = ask_events (store, A, 0, 10, NULL, NULL);
    ck_assert_uint_eq (rows->len, 3);
    ck_assert (g_str_has_prefix (rows->pdata[2], "3 line "));
    g_ptr_array_unref (rows);
    run_store_free (store);
}
END_TEST

static void
expect_refused (int code, const char *words)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (run_store_new (path, &error));
    ck_assert (g_error_matches (error, H3_ERROR, code));
    ck_assert_msg (strstr (error->message, words) != NULL, "%s", error->message);
    ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
}

/* Has the program of Debian's sqlite3 do something; FALSE: there is none. */
static gboolean
run_sqlite (const char *file, const char *sql)
{
    const char *const words[] = { "sqlite3", file, sql, NULL };
    int status;

    if (!g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                       &status, NULL))
        return FALSE;
    ck_assert_int_eq (status, 0);
    return TRUE;
}

START_TEST (file_of_something_else_is_left_alone)
{
    ck_assert (g_file_set_contents (path, "this is a letter, and no database", -1, NULL));
    expect_refused (H3_ERROR_FAILED, "it is no database");
    (void) g_unlink (path);
    if (!run_sqlite (path, "CREATE TABLE a (b)"))
        return;
    expect_refused (H3_ERROR_INVALID, "something else");
}
END_TEST

START_TEST (file_of_a_newer_version_is_left_alone)
{
    run_store_free (open_runs (path));
    if (run_sqlite (path, "PRAGMA user_version = 99"))
        expect_refused (H3_ERROR_INVALID, "newer version");
}
END_TEST

START_TEST (damaged_file_is_told)
{
    RunStore *store = open_runs (path);
    g_autoptr (GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize length;

    for (guint i = 0; i < 200; i++) {
        g_autofree char *id = run_id_new (NULL);

        tell_run (store, id, 1000, steps);
    }
    run_store_free (store);
    ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
    ck_assert_uint_gt (length, 16384);
    memset (bytes + 4096, 0xa5, length - 4096);
    ck_assert (g_file_set_contents (path, bytes, (gssize) length, NULL));
    store = run_store_new (path, &error);
    if (store != NULL) {
        tell_run (store, A, 1000, steps);
        ck_assert (!run_store_wait (store, &error));
        run_store_free (store);
    }
    ck_assert_msg (strstr (error->message, "it is damaged") != NULL, "%s", error->message);
}
END_TEST

START_TEST (file_that_cannot_be_written_is_told)
{
    run_store_free (open_runs (path));
    ck_assert_int_eq (g_chmod (path, 0400), 0);
    /* Who may do everything can write it. */
    if (geteuid () == 0)
        return;
    expect_refused (H3_ERROR_INVALID, "cannot be written");
}
END_TEST

START_TEST (folder_that_is_not_there_is_told)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (run_store_new ("/nonexistent/runs.sqlite", &error));
    ck_assert (strstr (error->message, "/nonexistent/runs.sqlite") != NULL);
    ck_assert (strstr (error->message, g_strerror (ENOENT)) != NULL);
}
END_TEST

START_TEST (two_stores_may_have_one_file)
{
    RunStore *first = open_runs (path), *second = open_runs (path);
    GPtrArray *rows;

    for (guint i = 0; i < 100; i++) {
        g_autofree char *one = run_id_new (NULL), *two = run_id_new (NULL);

        tell_run (first, one, 1000, steps);
        tell_run (second, two, 1000, steps);
    }
    tell_run (first, A, 1000, steps);
    tell_run (second, B, 1000, steps);
    ck_assert (run_store_wait (first, NULL));
    ck_assert (run_store_wait (second, NULL));
    expect_state (first, B, "pending");
    expect_state (second, A, "pending");
    /* Neither has left anything behind. */
    rows = take_unfinished (second, NULL);
    ck_assert_uint_eq (rows->len, 0);
    g_ptr_array_unref (rows);
    run_store_free (first);
    rows = take_unfinished (second, NULL);
    ck_assert_uint_eq (rows->len, 101);
    g_ptr_array_unref (rows);
    rows = take_unfinished (second, NULL);
    ck_assert_uint_eq (rows->len, 0);
    g_ptr_array_unref (rows);
    run_store_free (second);
}
END_TEST

START_TEST (only_unfinished_runs_are_taken_over)
{
    RunStore *store = open_runs (path);
    GPtrArray *rows;

    tell_run (store, A, 1000, steps);
    tell_run (store, B, 1000, steps);
    run_store_set_run (store, A, RUN_RUNNING, NULL, 1000);
    run_store_set_run (store, B, RUN_INTERRUPTED, "marked", 1000);
    run_store_free (store);
    store = open_runs (path);
    run_store_set_keep (store, 100, G_MAXINT32);
    rows = take_unfinished (store, NULL);
    ck_assert_uint_eq (rows->len, 1);
    ck_assert_str_eq (rows->pdata[0], A " running 2");
    g_ptr_array_unref (rows);
    run_store_free (store);
}
END_TEST

START_TEST (what_is_to_be_kept_can_be_said_before_anything_goes)
{
    for (guint i = 0; i < 10; i++) {
        RunStore *store = open_runs (path);

        run_store_set_keep (store, 100, G_MAXINT32);
        tell_run (store, A, 1000, steps);
        run_store_set_run (store, A, RUN_SUCCEEDED, NULL, 1000);
        expect_state (store, A, "succeeded");
        run_store_free (store);
    }
}
END_TEST

/* A process that tells of runs until it is killed; each line that it says is committed, it says
 * through the pipe. */
static void
tell_for_ever (int to)
{
    RunStore *store = run_store_new (path, NULL);

    for (guint i = 0; store != NULL; i++) {
        char line[32];
        g_autofree char *text = g_strdup_printf ("%u\n", i);

        if (i == 0)
            tell_run (store, A, 1000, steps);
        tell_line (store, A, "one", 1, RUN_STDOUT, text);
        tell_step (store, A, "one", RUN_RUNNING, 1, 1000);
        if (i % 7 == 0 && run_store_wait (store, NULL)) {
            memset (line, 0, sizeof line);
            g_snprintf (line, sizeof line, "%u", i);
            if (write (to, line, sizeof line) != sizeof line)
                break;
        }
    }
    _exit (1);
}

/* The last line that was committed. */
static guint
kill_one_that_writes (guint after)
{
    char line[32] = "";
    int ends[2], status;
    guint n = 0;
    pid_t child;

    ck_assert_int_eq (pipe (ends), 0);
    child = fork ();
    ck_assert_int_ge (child, 0);
    if (child == 0)
        tell_for_ever (ends[1]);
    (void) close (ends[1]);
    while (n < after && read (ends[0], line, sizeof line) == sizeof line)
        n++;
    ck_assert_uint_eq (n, after);
    (void) kill (child, SIGKILL);
    while (read (ends[0], line, sizeof line) == sizeof line)
        ;
    (void) close (ends[0]);
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    return (guint) strtoul (line, NULL, 10);
}

/* All lines up to that one are there, and nothing is missing between. */
static void
expect_lines (RunStore *store, guint last)
{
    guint64 after = 0;
    guint n_lines = 0;

    for (;;) {
        GPtrArray *rows = ask_events (store, A, after, 100, NULL, NULL);
        guint n = rows->len;

        for (guint i = 0; i < n; i++) {
            char *kind;

            ck_assert_uint_eq (g_ascii_strtoull (rows->pdata[i], &kind, 10), ++after);
            if (g_str_has_prefix (kind, " line ")) {
                g_autofree char *text = g_strdup_printf ("\"text\":\"%u\"", n_lines++);

                ck_assert_msg (strstr (kind, text) != NULL, "%s in %s", text, kind);
            }
        }
        g_ptr_array_unref (rows);
        if (n == 0)
            break;
    }
    ck_assert_uint_gt (n_lines, last);
}

START_TEST (nothing_that_was_committed_is_lost_by_a_kill)
{
    guint last = kill_one_that_writes (1 + (guint) _i * 13);
    RunStore *store = open_runs (path);
    GPtrArray *rows;

    expect_lines (store, last);
    rows = take_unfinished (store, NULL);
    ck_assert_uint_eq (rows->len, 1);
    ck_assert_str_eq (rows->pdata[0], A " pending 2");
    g_ptr_array_unref (rows);
    run_store_free (store);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("file");

    tcase_add_checked_fixture (tcase, begin, end);
    tcase_add_test (tcase, runs_are_there_when_the_file_is_opened_again);
    tcase_add_test (tcase, file_of_something_else_is_left_alone);
    tcase_add_test (tcase, file_of_a_newer_version_is_left_alone);
    tcase_add_test (tcase, damaged_file_is_told);
    tcase_add_test (tcase, file_that_cannot_be_written_is_told);
    tcase_add_test (tcase, folder_that_is_not_there_is_told);
    tcase_add_test (tcase, two_stores_may_have_one_file);
    tcase_add_test (tcase, only_unfinished_runs_are_taken_over);
    tcase_add_test (tcase, what_is_to_be_kept_can_be_said_before_anything_goes);
    tcase_add_loop_test (tcase, nothing_that_was_committed_is_lost_by_a_kill, 0, 4);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("workflow/run-store-file", add);
}
