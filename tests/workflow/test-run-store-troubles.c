/* SPDX-License-Identifier: MIT
 *
 * A store of runs that cannot keep what it is told for a while, and one that keeps no more than it
 * may. */

#include "asked-runs.h"

#include "h3/base/error.h"
#include "h3/loop/clock.h"
#include "h3/workflow/run-id.h"
#include "h3/workflow/run-store-private.h"
#include "tests/support/latch.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <string.h>

#define A "01hzzzzzzz0000000000000001"

static const char *const steps[] = { "one", "two", NULL };
static char *folder, *path;
static RunStore *store;
static Latch ills = LATCH_INIT, wells = LATCH_INIT;

static void
on_changed (const char *why, gpointer data)
{
    ck_assert_ptr_eq (data, &ills);
    latch_raise (why != NULL ? &ills : &wells);
}

static void
begin (void)
{
    static const RunStoreListener listener = { .changed = on_changed };

    folder = g_dir_make_tmp ("h3-runs-XXXXXX", NULL);
    path = g_build_filename (folder, "runs.sqlite", NULL);
    asked_runs_begin ();
    store = open_runs (path);
    run_store_set_keep (store, 1000, G_MAXINT32);
    run_store_listen (store, &listener, &ills);
}

static void
end (void)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-owners" };

    run_store_free (store);
    asked_runs_end ();
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *name = g_strconcat (path, ends[i], NULL);

        (void) g_unlink (name);
    }
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_free (path);
    g_free (folder);
}

START_TEST (file_that_another_keeps_locked_is_told_and_recovered_from)
{
    RunDatabase *other = run_database_new (path, NULL);
    g_autoptr (GError) error = NULL, stale = NULL;
    g_autofree char *why = NULL;
    json_t *run;

    tell_run (store, A, 1000, steps);
    ck_assert (ask_kept (store, NULL));
    ck_assert (run_database_begin (other, NULL));
    run_store_set_run (store, A, RUN_RUNNING, NULL, 2000);
    ck_assert (!ask_kept (store, &error));
    ck_assert_msg (strstr (error->message, "another process keeps it locked") != NULL, "%s",
                   error->message);
    ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
    ck_assert (!run_store_is_well (store, &why));
    ck_assert_str_eq (why, error->message);
    latch_wait (&ills, 1, "the store to be ill");
    /* What was kept can still be read; that it is old is told. */
    run = ask_run (store, A, &stale);
    ck_assert_str_eq (json_string_value (json_object_get (run, "state")), "pending");
    ck_assert_ptr_nonnull (stale);
    json_decref (run);
    ck_assert (run_database_commit (other, NULL));
    latch_wait (&wells, 1, "the store to be well");
    ck_assert (run_store_is_well (store, NULL));
    ck_assert_uint_eq (latch_get (&ills), 1);
    run = ask_run (store, A, NULL);
    ck_assert_str_eq (json_string_value (json_object_get (run, "state")), "running");
    json_decref (run);
    run_database_free (other);
}
END_TEST

START_TEST (lines_that_have_no_room_are_dropped_and_marked)
{
    RunDatabase *other = run_database_new (path, NULL);
    GPtrArray *rows;
    json_t *run;
    guint n;

    tell_run (store, A, 1000, steps);
    ck_assert (ask_kept (store, NULL));
    ck_assert (run_store_has_room (store));
    ck_assert (run_database_begin (other, NULL));
    pthread_mutex_lock (&store->lock);
    store->max_bytes = 20000;
    pthread_mutex_unlock (&store->lock);
    for (guint i = 0; i < 1000; i++)
        tell_line (store, A, steps[i % 2], 0, RUN_STDOUT, "0123456789\n");
    ck_assert (!run_store_has_room (store));
    /* States are never dropped. */
    tell_step (store, A, "two", RUN_RUNNING, 0, 3000);
    ck_assert (run_database_commit (other, NULL));
    /* Until it is tried once more, those who ask are told of the last time. */
    while (!run_store_wait (store, NULL))
        ;
    latch_wait (&wells, latch_get (&ills), "the store to be well");
    run = ask_run (store, A, NULL);
    ck_assert_str_eq (json_string_value (get_step (run, 1, "state")), "running");
    for (guint i = 0; i < 2; i++) {
        ck_assert (json_is_true (get_step (run, i, "stdout_cut")));
        ck_assert (g_str_has_prefix (json_string_value (get_step (run, i, "stdout")), "0123"));
    }
    json_decref (run);
    /* Two marks, and what there was room for. */
    rows = ask_events (store, A, 0, 2000, NULL, NULL);
    n = rows->len;
    g_ptr_array_unref (rows);
    ck_assert_uint_gt (n, 4);
    ck_assert_uint_lt (n, 1000);
    ck_assert (run_store_has_room (store));
    tell_line (store, A, "one", 0, RUN_STDOUT, "again\n");
    run = ask_run (store, A, NULL);
    ck_assert (g_str_has_suffix (json_string_value (get_step (run, 0, "stdout")), "\nagain\n"));
    json_decref (run);
    run_database_free (other);
}
END_TEST

START_TEST (line_that_is_too_long_is_cut)
{
    g_autofree char *text = g_strnfill (RUN_LINE_MAX + 5, 'x');
    json_t *run;

    tell_run (store, A, 1000, steps);
    tell_line (store, A, "one", 0, RUN_STDERR, text);
    run = ask_run (store, A, NULL);
    ck_assert_uint_eq (json_string_length (get_step (run, 0, "stderr")), RUN_LINE_MAX);
    ck_assert (json_is_true (get_step (run, 0, "stderr_cut")));
    json_decref (run);
}
END_TEST

/* (transfer full) (nullable): the id of the newest. */
static char *
count_runs (guint *out_n)
{
    RunFilter filter = { .state = -1, .limit = 1000 };
    json_t *list = ask_runs (store, &filter);
    json_t *all = json_object_get (list, "runs");
    char *newest = g_strdup (json_string_value (json_object_get (json_array_get (all, 0), "id")));

    *out_n = (guint) json_array_size (all);
    json_decref (list);
    return newest;
}

static void
await_runs (guint n)
{
    guint n_now;

    do
        g_free (count_runs (&n_now));
    while (n_now != n);
}

static void
tell_ended_run (const char *id, gint64 at)
{
    tell_run (store, id, at, steps);
    for (guint i = 0; i < 1500; i++)
        tell_line (store, id, "one", 0, RUN_STDOUT, "a line\n");
    run_store_set_run (store, id, RUN_SUCCEEDED, NULL, at);
}

/* How many rows a table has. */
static gint64
count_rows (const char *sql)
{
    RunDatabase *other = run_database_new (path, NULL);
    sqlite3_stmt *statement;
    gint64 n;

    ck_assert_int_eq (sqlite3_prepare_v2 (other->handle, sql, -1, &statement, NULL), SQLITE_OK);
    ck_assert_int_eq (sqlite3_step (statement), SQLITE_ROW);
    n = sqlite3_column_int64 (statement, 0);
    (void) sqlite3_finalize (statement);
    run_database_free (other);
    return n;
}

START_TEST (oldest_ended_runs_go_when_there_are_too_many)
{
    g_autofree char *last = NULL, *newest = NULL;
    guint n;

    tell_run (store, A, 1, steps);
    for (guint i = 0; i < 8; i++) {
        g_free (last);
        last = run_id_new (NULL);
        tell_ended_run (last, 1000 + i);
    }
    await_runs (9);
    run_store_set_keep (store, 3, G_MAXINT32);
    await_runs (4);
    newest = count_runs (&n);
    ck_assert_str_eq (newest, last);
    /* All of theirs goes too, a part after the other; what has not ended stays. */
    while (count_rows ("SELECT (SELECT count (*) FROM swept) + (SELECT count (*) FROM events WHERE"
                       " run NOT IN (SELECT run FROM runs))")
           > 0)
        ;
    ck_assert_int_eq (count_rows ("SELECT count (*) FROM events"), 3 * 1502 + 1);
    ck_assert_int_eq (count_rows ("SELECT count (*) FROM steps"), 4 * 2);
    ck_assert_int_eq (count_rows ("SELECT count (*) FROM plans"), 1);
    tell_ended_run ("01hzzzzzzz0000000000000005", 5000);
    await_runs (4);
}
END_TEST

START_TEST (ended_runs_go_when_they_are_too_old)
{
    clock_take_control ();
    run_store_set_keep (store, 100, 3600);
    tell_run (store, A, clock_get_real (), steps);
    tell_ended_run ("01hzzzzzzz0000000000000005", clock_get_real ());
    await_runs (2);
    clock_drive (3599000);
    tell_ended_run ("01hzzzzzzz0000000000000006", clock_get_real ());
    await_runs (3);
    clock_drive (2000);
    tell_ended_run ("01hzzzzzzz0000000000000007", clock_get_real ());
    await_runs (3);
    ck_assert_ptr_null (ask_run (store, "01hzzzzzzz0000000000000005", NULL));
}
END_TEST

START_TEST (plan_goes_with_its_last_run)
{
    RunRecord other = { .id = A, .workflow = "other", .plan = "{\"other\":1}", .at = 1 };

    run_store_add_run (store, &other);
    run_store_set_run (store, A, RUN_FAILED, NULL, 1);
    tell_ended_run ("01hzzzzzzz0000000000000005", 1000);
    await_runs (2);
    ck_assert_int_eq (count_rows ("SELECT count (*) FROM plans"), 2);
    run_store_set_keep (store, 1, G_MAXINT32);
    await_runs (1);
    ck_assert_int_eq (count_rows ("SELECT count (*) FROM plans"), 1);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("troubles");

    tcase_add_checked_fixture (tcase, begin, end);
    tcase_add_test (tcase, file_that_another_keeps_locked_is_told_and_recovered_from);
    tcase_add_test (tcase, lines_that_have_no_room_are_dropped_and_marked);
    tcase_add_test (tcase, line_that_is_too_long_is_cut);
    tcase_add_test (tcase, oldest_ended_runs_go_when_there_are_too_many);
    tcase_add_test (tcase, ended_runs_go_when_they_are_too_old);
    tcase_add_test (tcase, plan_goes_with_its_last_run);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("workflow/run-store-troubles", add);
}
