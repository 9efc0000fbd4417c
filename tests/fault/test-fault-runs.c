/* SPDX-License-Identifier: MIT
 *
 * A store of runs whose file meets with calls that fail, each in turn: it is told why, or nobody
 * notices; and what was told is there afterwards, in the file too. */

#include "fault.h"
#include "sweep.h"

#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"
#include "tests/workflow/asked-runs.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define A       "01hzzzzzzz0000000000000001"
#define N_LINES 8

static const char *const steps[] = { "one", NULL };
static char *folder, *path;

static void
remove_files (void)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal", "-owners" };

    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *name = g_strconcat (path, ends[i], NULL);

        (void) g_unlink (name);
    }
}

static void
tell_all (RunStore *store)
{
    tell_run (store, A, 1000, steps);
    for (guint i = 0; i < N_LINES; i++) {
        g_autofree char *text = g_strdup_printf ("%u %s\n", i, "and a text of some length");

        tell_line (store, A, "one", 0, RUN_STDOUT, text);
        if (i % 4 == 0)
            (void) run_store_wait (store, NULL);
    }
    run_store_set_run (store, A, RUN_RUNNING, NULL, 1000);
}

/* All that was told, in order and without a gap. */
static void
expect_all (RunStore *store)
{
    g_autoptr (GError) error = NULL;
    GPtrArray *rows = ask_events (store, A, 0, 1000, NULL, &error);

    ck_assert_msg (error == NULL, "%s", error != NULL ? error->message : "");
    ck_assert_uint_eq (rows->len, N_LINES + 2);
    for (guint i = 0; i < rows->len; i++)
        ck_assert_uint_eq (g_ascii_strtoull (rows->pdata[i], NULL, 10), i + 1);
    for (guint i = 0; i < N_LINES; i++) {
        g_autofree char *text = g_strdup_printf ("\"text\":\"%u and", i);

        ck_assert (strstr (rows->pdata[i + 1], text) != NULL);
    }
    g_ptr_array_unref (rows);
}

/* What there was to tell is told where a call fails that must not. */
static gboolean
try_fault (const Fault *fault, guint n, const char *where)
{
    g_autoptr (GError) error = NULL;
    RunStore *store;
    gboolean was_met;

    remove_files ();
    sweep_arm (fault, n, where);
    store = run_store_new (path, &error);
    if (store != NULL)
        tell_all (store);
    else
        ck_assert_msg (strstr (error->message, path) != NULL
                           || strstr (error->message, "no thread") != NULL,
                       "%s", error->message);
    was_met = sweep_disarm (fault);
    if (store == NULL) {
        ck_assert (was_met && !fault->is_harmless);
        tell_all (store = open_runs (path));
    }
    /* Until it is tried once more, those who ask are told of the last time. */
    while (!run_store_wait (store, NULL))
        ;
    ck_assert (run_store_is_well (store, NULL));
    expect_all (store);
    run_store_free (store);
    store = open_runs (path);
    expect_all (store);
    run_store_free (store);
    return was_met;
}

/* A file that ends where it does not is a lie that no file system tells. */
static gboolean
is_plausible (const Fault *fault)
{
    return fault->call != FAULT_PREAD || fault->error_number != FAULT_END;
}

static void
sweep (FaultCall call, const char *where)
{
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    for (guint i = 0; i < n_faults; i++) {
        guint n = 1;

        while (is_plausible (&faults[i]) && try_fault (&faults[i], n, where))
            n += sweep_get_step ();
    }
}

static const FaultCall calls[] = { FAULT_PWRITE, FAULT_PREAD, FAULT_FSYNC,         FAULT_OPEN,
                                   FAULT_FLOCK,  FAULT_FSTAT, FAULT_PTHREAD_CREATE };

/* Each trial has a file made, which a disk takes its time for: in memory, where that can be. */
static void
make_folder (void)
{
    folder = g_strdup ("/dev/shm/h3-runs-XXXXXX");
    if (g_mkdtemp (folder) != NULL)
        return;
    g_free (folder);
    folder = g_dir_make_tmp ("h3-runs-XXXXXX", NULL);
    ck_assert_ptr_nonnull (folder);
}

START_TEST (what_fails_is_told_and_nothing_is_lost)
{
    LiveSnapshot before;
    RunStore *store;

    make_folder ();
    path = g_build_filename (folder, "runs.sqlite", NULL);
    asked_runs_begin ();
    tell_all (store = open_runs (path));
    expect_all (store);
    run_store_free (store);
    before = live_snapshot_take ();
    sweep (calls[_i], "a store of runs");
    assert_nothing_left (&before);
    asked_runs_end ();
    remove_files ();
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_free (path);
    g_free (folder);
    sweep_end (calls[_i]);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("runs");

    tcase_add_loop_test (tcase, what_fails_is_told_and_nothing_is_lost, 0, G_N_ELEMENTS (calls));
    tcase_set_timeout (tcase, 600);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/runs", add_cases));
}
