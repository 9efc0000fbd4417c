/* SPDX-License-Identifier: MIT */

#include "run-store-left.h"

#include "run-store-read.h"

static gpointer
keep (RunLeft *left, gpointer part)
{
    if (part != NULL)
        g_ptr_array_add (left->parts, part);
    return part;
}

static const char *
keep_text (RunLeft *left, sqlite3_stmt *row, int column)
{
    return keep (left, g_strdup ((const char *) sqlite3_column_text (row, column)));
}

/* Those that hold no lock. */
static gboolean
list_gone (RunDatabase *database, GArray *gone, GError **error)
{
    sqlite3_stmt *row =
        run_database_ask (database, error, RUN_SQL_LIST_OWNERS, "i", database->owner);
    gboolean is_there;

    if (row == NULL)
        return FALSE;
    while (run_database_next (database, row, &is_there, error)) {
        gint64 owner;

        if (!is_there)
            return TRUE;
        owner = sqlite3_column_int64 (row, 0);
        if (!run_owners_is_held (&database->owners, owner))
            g_array_append_val (gone, owner);
    }
    return FALSE;
}

static gboolean
read_steps (RunLeft *left, RunDatabase *database, gint64 run, RunFound *found, GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, RUN_SQL_LIST_STEPS, "i", run);
    g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (StepRecord));
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    gboolean is_there;

    if (row == NULL)
        return FALSE;
    while (run_database_next (database, row, &is_there, error)) {
        StepRecord record;

        if (!is_there) {
            g_ptr_array_add (names, NULL);
            found->n_records = records->len;
            found->records = keep (left, g_array_steal (records, NULL));
            found->run.steps = keep (left, g_ptr_array_steal (names, NULL));
            return TRUE;
        }
        record = run_read_step (row);
        record.step = keep_text (left, row, 0);
        record.error = keep_text (left, row, 6);
        g_array_append_val (records, record);
        g_ptr_array_add (names, (char *) record.step);
    }
    return FALSE;
}

static void
take_run (RunLeft *left, sqlite3_stmt *row, GArray *numbers)
{
    RunFound found = { 0 };
    gint64 number = sqlite3_column_int64 (row, 7);

    found.run.id = keep_text (left, row, 0);
    found.run.workflow = keep_text (left, row, 1);
    found.state = sqlite3_column_int (row, 2) == RUN_PENDING ? RUN_PENDING : RUN_RUNNING;
    found.run.at = sqlite3_column_int64 (row, 4);
    found.started = sqlite3_column_int64 (row, 5);
    found.run.input = keep_text (left, row, 8);
    found.run.plan = keep_text (left, row, 9);
    g_array_append_val (left->runs, found);
    g_array_append_val (numbers, number);
}

static gboolean
list_runs (RunLeft *left, RunDatabase *database, gint64 owner, GArray *numbers, GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, RUN_SQL_LIST_LEFT, "i", owner);
    gboolean is_there;

    if (row == NULL)
        return FALSE;
    while (run_database_next (database, row, &is_there, error)) {
        if (!is_there)
            return TRUE;
        take_run (left, row, numbers);
    }
    return FALSE;
}

static gboolean
take_from (RunLeft *left, RunDatabase *database, gint64 owner, GArray *numbers, GError **error)
{
    return list_runs (left, database, owner, numbers, error)
           && run_database_do (database, error, RUN_SQL_TAKE_LEFT, "ii", database->owner, owner)
           && run_database_do (database, error, RUN_SQL_DROP_OWNER, "i", owner);
}

static gboolean
take_all (RunLeft *left, RunDatabase *database, GError **error)
{
    g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));

    if (!list_gone (database, gone, error))
        return FALSE;
    for (guint i = 0; i < gone->len; i++) {
        if (!take_from (left, database, g_array_index (gone, gint64, i), numbers, error))
            return FALSE;
    }
    for (guint i = 0; i < numbers->len; i++) {
        if (!read_steps (left, database, g_array_index (numbers, gint64, i),
                         &g_array_index (left->runs, RunFound, i), error))
            return FALSE;
    }
    return TRUE;
}

gboolean
run_left_take (RunLeft *left, RunDatabase *database, GError **error)
{
    left->runs = g_array_new (FALSE, FALSE, sizeof (RunFound));
    left->parts = g_ptr_array_new_with_free_func (g_free);
    if (run_database_begin (database, error)) {
        if (take_all (left, database, error) && run_database_commit (database, error))
            return TRUE;
        run_database_roll_back (database);
    }
    run_left_clear (left);
    return FALSE;
}

void
run_left_clear (RunLeft *left)
{
    g_clear_pointer (&left->runs, g_array_unref);
    g_clear_pointer (&left->parts, g_ptr_array_unref);
}
