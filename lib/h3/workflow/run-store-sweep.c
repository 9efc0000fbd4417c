/* SPDX-License-Identifier: MIT */

#include "run-store-sweep.h"

#define MAX_RUNS      10000
#define MAX_AGE       (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)
#define EVENTS_A_STEP 1000
#define COUNTED_AGAIN 256

void
run_sweeper_init (RunSweeper *sweeper, RunDatabase *database)
{
    *sweeper = (RunSweeper){
        .database = database,
        .max_runs = MAX_RUNS,
        .max_age = MAX_AGE,
        .n_ended = -1,
    };
}

void
run_sweeper_note_ended (RunSweeper *sweeper, guint n)
{
    if (sweeper->n_ended >= 0)
        sweeper->n_ended += n;
}

/* A run that nobody finds any more: its events go first. */
static gboolean
drop_rest (RunSweeper *sweeper, gint64 run, GError **error)
{
    RunDatabase *database = sweeper->database;

    if (!run_database_do (database, error, RUN_SQL_DROP_EVENTS, "ii", run, (gint64) EVENTS_A_STEP))
        return FALSE;
    if (sqlite3_changes (database->handle) > 0)
        return TRUE;
    return run_database_do (database, error, RUN_SQL_DROP_STEPS, "i", run)
           && run_database_do (database, error, RUN_SQL_DROP_SWEPT, "i", run);
}

/* The run itself goes in one piece; what belongs to it is left for the steps that follow. */
static gboolean
drop_run (RunSweeper *sweeper, gint64 run, gint64 plan, GError **error)
{
    RunDatabase *database = sweeper->database;

    if (!run_database_do (database, error, RUN_SQL_DROP_RUN, "i", run)
        || !run_database_do (database, error, RUN_SQL_ADD_SWEPT, "i", run)
        || !run_database_do (database, error, RUN_SQL_DROP_PLAN, "i", plan))
        return FALSE;
    sweeper->n_ended--;
    if (++sweeper->n_dropped % COUNTED_AGAIN == 0)
        sweeper->n_ended = -1;
    return TRUE;
}

/* The first row's columns that are wanted, or none. */
static gboolean
get_row (RunDatabase *database, RunSql which, gint64 *out, guint n, gboolean *out_there,
         GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, which, "");

    if (row == NULL || !run_database_next (database, row, out_there, error))
        return FALSE;
    if (!*out_there)
        return TRUE;
    for (guint i = 0; i < n; i++)
        out[i] = sqlite3_column_int64 (row, (int) i);
    run_database_end (row);
    return TRUE;
}

static gboolean
step (RunSweeper *sweeper, gint64 now, gint64 *out_wait, GError **error)
{
    gint64 swept, oldest[3];
    gboolean is_there;

    *out_wait = 0;
    if (!get_row (sweeper->database, RUN_SQL_GET_SWEPT, &swept, 1, &is_there, error))
        return FALSE;
    if (is_there)
        return drop_rest (sweeper, swept, error);
    if (!get_row (sweeper->database, RUN_SQL_GET_OLDEST, oldest, 3, &is_there, error))
        return FALSE;
    if (!is_there) {
        *out_wait = -1;
        return TRUE;
    }
    if (sweeper->n_ended > sweeper->max_runs || oldest[1] + sweeper->max_age <= now)
        return drop_run (sweeper, oldest[0], oldest[2], error);
    *out_wait = oldest[1] + sweeper->max_age - now;
    return TRUE;
}

gboolean
run_sweeper_step (RunSweeper *sweeper, gint64 now, gint64 *out_wait, GError **error)
{
    gboolean is_there;

    if (!run_database_begin (sweeper->database, error))
        return FALSE;
    if ((sweeper->n_ended >= 0
         || get_row (sweeper->database, RUN_SQL_COUNT_ENDED, &sweeper->n_ended, 1, &is_there,
                     error))
        && step (sweeper, now, out_wait, error) && run_database_commit (sweeper->database, error))
        return TRUE;
    run_database_roll_back (sweeper->database);
    sweeper->n_ended = -1;
    return FALSE;
}
