/* SPDX-License-Identifier: MIT */

#include "run-store-write.h"

#include "run-json.h"

/* Where a run stands in the database. Another process may have written between two transactions, so
 * this is known for the length of one. */
typedef struct {
    char *id; /* owned */
    gint64 run;
    gint64 sequence;
    gboolean is_written; /* the sequence is not what the database has */
    gboolean has_ended;
} Place;

static void
free_place (gpointer data)
{
    Place *place = data;

    g_free (place->id);
    g_free (place);
}

void
run_writer_init (RunWriter *writer, RunDatabase *database)
{
    *writer = (RunWriter){ .database = database };
    writer->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_place);
    writer->text = g_string_new (NULL);
}

void
run_writer_clear (RunWriter *writer)
{
    g_hash_table_unref (writer->places);
    g_string_free (writer->text, TRUE);
}

gboolean
run_writer_begin (RunWriter *writer, GError **error)
{
    g_hash_table_remove_all (writer->places);
    writer->n_ended = 0;
    return run_database_begin (writer->database, error);
}

/* FALSE: it failed. `*out_place` is NULL where there is no such run (any more). */
static gboolean
find (RunWriter *writer, const char *id, Place **out_place, GError **error)
{
    RunDatabase *database = writer->database;
    sqlite3_stmt *statement;
    gboolean is_there;
    Place *place = g_hash_table_lookup (writer->places, id);

    *out_place = place;
    if (place != NULL)
        return TRUE;
    statement = run_database_ask (database, error, RUN_SQL_FIND_RUN, "s", id);
    if (statement == NULL || !run_database_next (database, statement, &is_there, error))
        return FALSE;
    if (!is_there)
        return TRUE;
    place = g_new0 (Place, 1);
    place->id = g_strdup (id);
    place->run = sqlite3_column_int64 (statement, 0);
    place->sequence = sqlite3_column_int64 (statement, 1);
    place->has_ended = sqlite3_column_int (statement, 2) != 0;
    run_database_end (statement);
    g_hash_table_insert (writer->places, place->id, place);
    *out_place = place;
    return TRUE;
}

/* An event of the text that has been written. */
static gboolean
add_event (RunWriter *writer, Place *place, int kind, gint64 at, GError **error)
{
    place->is_written = TRUE;
    return run_database_do (writer->database, error, RUN_SQL_ADD_EVENT, "iiiisiiib", place->run,
                            ++place->sequence, (gint64) kind, at, NULL, (gint64) 0, (gint64) 0,
                            (gint64) 0, writer->text->str, writer->text->len);
}

static gboolean
add_run_event (RunWriter *writer, Place *place, RunState state, const char *why, gint64 at,
               GError **error)
{
    g_string_assign (writer->text, "{");
    run_json_add_text (writer->text, "id", place->id);
    run_json_add_text (writer->text, "state", run_state_get_name (state));
    run_json_add_text (writer->text, "error", why);
    run_json_add_time (writer->text, "at", at);
    g_string_append_c (writer->text, '}');
    return add_event (writer, place, RUN_EVENT_RUN, at, error);
}

static gboolean
add_steps (RunWriter *writer, const Place *place, const RunRecord *run, GError **error)
{
    for (guint i = 0; run->steps[i] != NULL; i++) {
        if (!run_database_do (writer->database, error, RUN_SQL_ADD_STEP, "isi", place->run,
                              run->steps[i], (gint64) i))
            return FALSE;
    }
    return TRUE;
}

/* One that is there already came from somebody who has it no more. */
static gboolean
add_run (RunWriter *writer, const RunItem *item, GError **error)
{
    RunDatabase *database = writer->database;
    const RunRecord *run = &item->with.run;
    g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, run->plan, -1);
    Place *place;

    if (!run_database_do (database, error, RUN_SQL_ADD_PLAN, "ss", digest, run->plan)
        || !run_database_do (database, error, RUN_SQL_ADD_RUN, "ssssii", item->id, run->workflow,
                             digest, run->input, database->owner, run->at))
        return FALSE;
    if (sqlite3_changes (database->handle) == 0)
        return run_database_do (database, error, RUN_SQL_OWN_RUN, "is", database->owner, item->id);
    return find (writer, item->id, &place, error) && add_steps (writer, place, run, error)
           && add_run_event (writer, place, RUN_PENDING, NULL, run->at, error);
}

static gboolean
set_run (RunWriter *writer, const RunItem *item, Place *place, GError **error)
{
    const RunItemState *with = &item->with.state;
    gboolean is_end = run_state_is_end (with->state);

    if (is_end && !place->has_ended)
        writer->n_ended++;
    place->has_ended = is_end;
    return run_database_do (writer->database, error, RUN_SQL_SET_RUN, "iisi", place->run,
                            (gint64) with->state, with->error, with->at)
           && add_run_event (writer, place, with->state, with->error, with->at, error);
}

static gboolean
write_step (RunWriter *writer, const Place *place, const StepRecord *step, GError **error)
{
    return run_database_do (writer->database, error, RUN_SQL_SET_STEP, "isiiiiisiiii", place->run,
                            step->step, (gint64) step->state, (gint64) step->attempt,
                            (gint64) step->exit_code, (gint64) step->signal, (gint64) step->status,
                            step->error, step->started, step->ended, step->group,
                            (gint64) step->group_start);
}

static gboolean
set_step (RunWriter *writer, const RunItem *item, Place *place, GError **error)
{
    const StepRecord *step = &item->with.step;

    if (!write_step (writer, place, step, error))
        return FALSE;
    if (sqlite3_changes (writer->database->handle) == 0
        && (!run_database_do (writer->database, error, RUN_SQL_ADD_STEP, "isi", place->run,
                              step->step, (gint64) G_MAXINT32)
            || !write_step (writer, place, step, error)))
        return FALSE;
    g_string_assign (writer->text, "{");
    run_json_add_step (writer->text, step);
    g_string_append_c (writer->text, '}');
    return add_event (writer, place, RUN_EVENT_STEP, step->at, error);
}

static gboolean
add_line (RunWriter *writer, const RunItem *item, Place *place, GError **error)
{
    const LineRecord *line = &item->with.line;

    place->is_written = TRUE;
    return run_database_do (writer->database, error, RUN_SQL_ADD_EVENT, "iiiisiiib", place->run,
                            ++place->sequence, (gint64) RUN_EVENT_LINE, line->at, line->step,
                            (gint64) line->attempt, (gint64) line->stream, (gint64) line->is_cut,
                            line->text, line->length);
}

gboolean
run_writer_put (RunWriter *writer, const RunItem *item, GError **error)
{
    Place *place;

    if (item->kind == RUN_ITEM_ADD_RUN)
        return add_run (writer, item, error);
    if (!find (writer, item->id, &place, error))
        return FALSE;
    /* It has been swept away. */
    if (place == NULL)
        return TRUE;
    switch (item->kind) {
    case RUN_ITEM_SET_RUN:
        return set_run (writer, item, place, error);
    case RUN_ITEM_SET_STEP:
        return set_step (writer, item, place, error);
    default:
        return add_line (writer, item, place, error);
    }
}

static gboolean
write_sequences (RunWriter *writer, GError **error)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, writer->places);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Place *place = value;

        if (place->is_written
            && !run_database_do (writer->database, error, RUN_SQL_SET_SEQUENCE, "ii", place->run,
                                 place->sequence))
            return FALSE;
    }
    return TRUE;
}

gboolean
run_writer_commit (RunWriter *writer, GError **error)
{
    return write_sequences (writer, error) && run_database_commit (writer->database, error);
}

void
run_writer_roll_back (RunWriter *writer)
{
    run_database_roll_back (writer->database);
    g_hash_table_remove_all (writer->places);
    writer->n_ended = 0;
}

void
run_writer_foreach (RunWriter *writer, RunWritten function, gpointer data)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, writer->places);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Place *place = value;

        if (place->is_written)
            function (place->id, (guint64) place->sequence, data);
    }
}
