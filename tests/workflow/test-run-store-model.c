/* SPDX-License-Identifier: MIT
 *
 * A store of runs beside plain tables: told the same by chance, in memory or in a file that is
 * closed and opened again, and asked the same. */

#include "asked-runs.h"

#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_RUNS  6
#define N_STEPS 3
#define TURNS   600

typedef struct {
    RunState state;
    guint attempt;
    GString *output; /* of this attempt */
} PlainStep;

typedef struct {
    char id[32];
    gboolean is_there;
    RunState state;
    guint n_events;
    PlainStep steps[N_STEPS];
} PlainRun;

static const char *const names[] = { "a", "b", "c", NULL };
static PlainRun runs[N_RUNS];
static GRand *random_numbers;
static RunStore *store;
static char *path; /* NULL: in memory */

static guint
choose (guint n)
{
    return (guint) g_rand_int_range (random_numbers, 0, (gint32) n);
}

static void
open_store (void)
{
    store = open_runs (path);
    run_store_set_keep (store, 1000, G_MAXINT32);
}

static void
begin (const char *file)
{
    const char *given = g_getenv ("H3_RANDOM_SEED");
    guint32 seed = given != NULL ? (guint32) strtoul (given, NULL, 10) : g_random_int ();

    fprintf (stderr, "H3_RANDOM_SEED=%u\n", seed);
    random_numbers = g_rand_new_with_seed (seed);
    asked_runs_begin ();
    path = g_strdup (file);
    open_store ();
    /* Where the tests of a program share a process. */
    memset (runs, 0, sizeof runs);
    for (guint i = 0; i < N_RUNS; i++) {
        g_snprintf (runs[i].id, sizeof runs[i].id, "01hzzzzzzz000000000000000%u", i);
        for (guint j = 0; j < N_STEPS; j++)
            runs[i].steps[j].output = g_string_new (NULL);
    }
}

static void
end (void)
{
    run_store_free (store);
    asked_runs_end ();
    for (guint i = 0; i < N_RUNS * N_STEPS; i++)
        g_string_free (runs[i / N_STEPS].steps[i % N_STEPS].output, TRUE);
    g_rand_free (random_numbers);
    g_free (path);
}

static void
tell_something_of_a_step (PlainRun *run, guint i)
{
    PlainStep *step = &run->steps[i];

    if (choose (3) == 0) {
        RunState state = (RunState) choose (N_RUN_STATES);

        if (choose (2) == 0) {
            step->attempt++;
            g_string_truncate (step->output, 0);
        }
        step->state = state;
        tell_step (store, run->id, names[i], state, step->attempt, 5000);
    } else {
        g_autofree char *text = g_strdup_printf ("%u\n", g_rand_int (random_numbers));

        g_string_append (step->output, text);
        tell_line (store, run->id, names[i], step->attempt, RUN_STDOUT, text);
    }
}

static void
tell_something (void)
{
    PlainRun *run = &runs[choose (N_RUNS)];

    if (!run->is_there) {
        tell_run (store, run->id, 1000, names);
        run->is_there = TRUE;
    } else if (choose (8) == 0) {
        run->state = (RunState) choose (N_RUN_STATES);
        run_store_set_run (store, run->id, run->state, NULL, 6000);
    } else {
        tell_something_of_a_step (run, choose (N_STEPS));
    }
    run->n_events++;
}

static void
compare_document (const PlainRun *run)
{
    json_t *document = ask_run (store, run->id, NULL);

    ck_assert_int_eq (document != NULL, run->is_there);
    if (document == NULL)
        return;
    ck_assert_str_eq (json_string_value (json_object_get (document, "state")),
                      run_state_get_name (run->state));
    for (guint i = 0; i < N_STEPS; i++) {
        const PlainStep *step = &run->steps[i];

        ck_assert_str_eq (json_string_value (get_step (document, i, "id")), names[i]);
        ck_assert_str_eq (json_string_value (get_step (document, i, "state")),
                          run_state_get_name (step->state));
        ck_assert_uint_eq (json_integer_value (get_step (document, i, "attempts")), step->attempt);
        ck_assert_str_eq (json_string_value (get_step (document, i, "stdout")), step->output->str);
    }
    json_decref (document);
}

/* In pages of any length, from anywhere. */
static void
compare_events (const PlainRun *run)
{
    guint64 after = choose (run->n_events + 2);
    gboolean has_ended;

    for (;;) {
        guint max = 1 + choose (20);
        GPtrArray *rows = ask_events (store, run->id, after, max, &has_ended, NULL);
        guint n = rows->len;

        ck_assert_uint_eq (n, after < run->n_events ? MIN (run->n_events - after, max) : 0);
        for (guint i = 0; i < n; i++)
            ck_assert_uint_eq (g_ascii_strtoull (rows->pdata[i], NULL, 10), ++after);
        g_ptr_array_unref (rows);
        ck_assert_int_eq (has_ended, run_state_is_end (run->state) && after >= run->n_events);
        if (n == 0)
            return;
    }
}

static void
compare_lists (void)
{
    RunFilter filter = { .state = (gint) choose (N_RUN_STATES), .limit = 100 };
    json_t *list = ask_runs (store, &filter);
    guint n = 0;

    for (guint i = 0; i < N_RUNS; i++)
        n += runs[i].is_there && (gint) runs[i].state == filter.state;
    ck_assert_uint_eq (json_array_size (json_object_get (list, "runs")), n);
    json_decref (list);
}

static void
take_turns (void)
{
    for (guint i = 0; i < TURNS; i++) {
        guint which = choose (30);

        if (which == 0) {
            compare_document (&runs[choose (N_RUNS)]);
        } else if (which == 1) {
            const PlainRun *run = &runs[choose (N_RUNS)];

            if (run->is_there)
                compare_events (run);
        } else if (which == 2) {
            compare_lists ();
        } else if (which == 3 && path != NULL) {
            run_store_free (store);
            open_store ();
        } else {
            tell_something ();
        }
    }
    for (guint i = 0; i < N_RUNS; i++)
        compare_document (&runs[i]);
}

START_TEST (store_in_memory_is_like_plain_tables)
{
    begin (NULL);
    take_turns ();
    end ();
}
END_TEST

START_TEST (store_in_a_file_is_like_plain_tables)
{
    static const char *const ends[] = { "", "-owners" };
    g_autofree char *folder = g_dir_make_tmp ("h3-runs-XXXXXX", NULL);
    g_autofree char *file = g_build_filename (folder, "runs.sqlite", NULL);

    begin (file);
    take_turns ();
    end ();
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *name = g_strconcat (file, ends[i], NULL);

        ck_assert_int_eq (g_unlink (name), 0);
    }
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "model", store_in_memory_is_like_plain_tables,
                    store_in_a_file_is_like_plain_tables, NULL);
}

int
main (void)
{
    return suite_run ("workflow/run-store-model", add);
}
