/* SPDX-License-Identifier: MIT */

#include "run-store-read.h"

#include "run-json.h"
#include "run-store-write.h"

static const char *
get_text (sqlite3_stmt *row, int column)
{
    return (const char *) sqlite3_column_text (row, column);
}

/* One that another version, or another hand, has written is not to be trusted. */
static RunState
get_state (sqlite3_stmt *row, int column)
{
    int state = sqlite3_column_int (row, column);

    return state >= 0 && state < N_RUN_STATES ? (RunState) state : RUN_INTERRUPTED;
}

StepRecord
run_read_step (sqlite3_stmt *row)
{
    return (StepRecord){
        .step = get_text (row, 0),
        .state = get_state (row, 1),
        .attempt = (guint) sqlite3_column_int (row, 2),
        .exit_code = sqlite3_column_int (row, 3),
        .signal = sqlite3_column_int (row, 4),
        .status = sqlite3_column_int (row, 5),
        .error = get_text (row, 6),
        .started = sqlite3_column_int64 (row, 7),
        .ended = sqlite3_column_int64 (row, 8),
        .group = sqlite3_column_int64 (row, 9),
        .group_start = (guint64) sqlite3_column_int64 (row, 10),
    };
}

/* What one step has printed in its last attempt. */
typedef struct {
    StepRecord record; /* its texts are owned */
    GString *outputs[2];
    gboolean is_cut[2];
} Printed;

static void
free_printed (gpointer data)
{
    Printed *printed = data;

    g_free ((char *) printed->record.step);
    g_free ((char *) printed->record.error);
    for (guint i = 0; i < 2; i++)
        g_string_free (printed->outputs[i], TRUE);
    g_free (printed);
}

static gboolean
read_steps (RunDatabase *database, gint64 run, GPtrArray *steps, GHashTable *by_name,
            GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, RUN_SQL_LIST_STEPS, "i", run);
    gboolean is_there;

    if (row == NULL)
        return FALSE;
    while (run_database_next (database, row, &is_there, error)) {
        Printed *printed;

        if (!is_there)
            return TRUE;
        printed = g_new0 (Printed, 1);
        printed->record = run_read_step (row);
        printed->record.step = g_strdup (printed->record.step);
        printed->record.error = g_strdup (printed->record.error);
        for (guint i = 0; i < 2; i++)
            printed->outputs[i] = g_string_new (NULL);
        g_ptr_array_add (steps, printed);
        g_hash_table_insert (by_name, (char *) printed->record.step, printed);
    }
    return FALSE;
}

static void
take_line (GHashTable *by_name, sqlite3_stmt *row, gsize *room)
{
    const char *name = get_text (row, 0);
    Printed *printed = name != NULL ? g_hash_table_lookup (by_name, name) : NULL;
    guint stream = sqlite3_column_int (row, 2) == RUN_STDERR;
    gsize length = (gsize) sqlite3_column_bytes (row, 4);

    if (printed == NULL || (guint) sqlite3_column_int (row, 1) != printed->record.attempt)
        return;
    if (sqlite3_column_int (row, 3) != 0 || length > *room)
        printed->is_cut[stream] = TRUE;
    length = MIN (length, *room);
    *room -= length;
    if (length > 0)
        g_string_append_len (printed->outputs[stream], sqlite3_column_blob (row, 4),
                             (gssize) length);
}

static gboolean
read_lines (RunDatabase *database, gint64 run, GHashTable *by_name, GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, RUN_SQL_LIST_LINES, "i", run);
    gsize room = RUN_DOCUMENT_OUTPUT_MAX;
    gboolean is_there;

    if (row == NULL)
        return FALSE;
    while (run_database_next (database, row, &is_there, error)) {
        if (!is_there)
            return TRUE;
        take_line (by_name, row, &room);
    }
    return FALSE;
}

static void
write_step (GString *json, const Printed *printed)
{
    static const char *const names[] = { "stdout", "stderr" };
    static const char *const cut_names[] = { "stdout_cut", "stderr_cut" };

    g_string_append_c (json, '{');
    run_json_add_step (json, &printed->record);
    for (guint i = 0; i < 2; i++) {
        run_json_add_bytes (json, names[i], printed->outputs[i]->str, printed->outputs[i]->len);
        if (printed->is_cut[i])
            run_json_add_true (json, cut_names[i]);
    }
    g_string_append_c (json, '}');
}

/* The members that are in lists too. */
static void
write_run (GString *json, sqlite3_stmt *row)
{
    run_json_add_text (json, "id", get_text (row, 0));
    run_json_add_text (json, "workflow", get_text (row, 1));
    run_json_add_text (json, "state", run_state_get_name (get_state (row, 2)));
    run_json_add_text (json, "error", get_text (row, 3));
    run_json_add_time (json, "created", sqlite3_column_int64 (row, 4));
    run_json_add_time (json, "started", sqlite3_column_int64 (row, 5));
    run_json_add_time (json, "ended", sqlite3_column_int64 (row, 6));
}

static gboolean
write_steps (RunDatabase *database, gint64 run, GString *json, GError **error)
{
    g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (free_printed);
    g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);

    if (!read_steps (database, run, steps, by_name, error)
        || !read_lines (database, run, by_name, error))
        return FALSE;
    run_json_add_raw (json, "steps", "[");
    for (guint i = 0; i < steps->len; i++) {
        if (i > 0)
            g_string_append_c (json, ',');
        write_step (json, g_ptr_array_index (steps, i));
    }
    g_string_append_c (json, ']');
    return TRUE;
}

gboolean
run_read_document (RunDatabase *database, const char *id, GString *json, gboolean *out_there,
                   gboolean *out_ended, GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, RUN_SQL_GET_RUN, "s", id);
    gint64 run;

    if (row == NULL || !run_database_next (database, row, out_there, error))
        return FALSE;
    if (!*out_there)
        return TRUE;
    run = sqlite3_column_int64 (row, 7);
    *out_ended = sqlite3_column_int64 (row, 6) > 0;
    g_string_append_c (json, '{');
    write_run (json, row);
    run_json_add_raw (json, "input", get_text (row, 8));
    run_database_end (row);
    if (!write_steps (database, run, json, error))
        return FALSE;
    g_string_append_c (json, '}');
    return TRUE;
}

/* One more than wanted is asked for: where it is there, there is a next page. */
static gboolean
write_list (RunDatabase *database, sqlite3_stmt *row, guint limit, GString *json, GError **error)
{
    g_autofree char *last = NULL;
    gboolean is_there;
    guint n = 0;

    g_string_append (json, "{\"runs\":[");
    while (run_database_next (database, row, &is_there, error)) {
        if (!is_there || n++ == limit) {
            run_database_end (row);
            g_string_append_c (json, ']');
            run_json_add_text (json, "next", is_there ? last : NULL);
            g_string_append_c (json, '}');
            return TRUE;
        }
        g_string_append (json, n > 1 ? ",{" : "{");
        write_run (json, row);
        g_string_append_c (json, '}');
        g_free (last);
        last = g_strdup (get_text (row, 0));
    }
    return FALSE;
}

gboolean
run_read_list (RunDatabase *database, const RunFilter *filter, GString *json, GError **error)
{
    guint limit = filter->limit == 0 ? RUN_LIST_USUAL : MIN (filter->limit, RUN_LIST_MAX);
    sqlite3_stmt *row;

    if (filter->workflow != NULL)
        row =
            run_database_ask (database, error, RUN_SQL_LIST_RUNS_OF, "isis", (gint64) filter->state,
                              filter->before, (gint64) limit + 1, filter->workflow);
    else
        row = run_database_ask (database, error, RUN_SQL_LIST_RUNS, "isi", (gint64) filter->state,
                                filter->before, (gint64) limit + 1);
    return row != NULL && write_list (database, row, limit, json, error);
}

static void
take_event (sqlite3_stmt *row, GArray *events, GString *text)
{
    static const char *const kinds[] = { "run", "step", "line" };
    int kind = CLAMP (sqlite3_column_int (row, 1), RUN_EVENT_RUN, RUN_EVENT_LINE);
    RunEvent event = { .sequence = (guint64) sqlite3_column_int64 (row, 0), .kind = kinds[kind] };
    const char *data = sqlite3_column_blob (row, 7);
    gsize length = (gsize) sqlite3_column_bytes (row, 7), before = text->len;

    if (kind == RUN_EVENT_LINE) {
        LineRecord line = {
            .at = sqlite3_column_int64 (row, 2),
            .step = get_text (row, 3),
            .attempt = (guint) sqlite3_column_int (row, 4),
            .stream = sqlite3_column_int (row, 5) == RUN_STDERR ? RUN_STDERR : RUN_STDOUT,
            .is_cut = sqlite3_column_int (row, 6) != 0,
            .text = length > 0 ? data : "",
            .length = length,
        };

        run_json_write_line (text, &line);
    } else {
        g_string_append_len (text, data, (gssize) length);
    }
    event.length = text->len - before;
    g_string_append_c (text, '\0');
    g_array_append_val (events, event);
}

static gboolean
read_rows (RunDatabase *database, gint64 run, guint64 after, guint max, GArray *events,
           GString *text, GError **error)
{
    sqlite3_stmt *row =
        run_database_ask (database, error, RUN_SQL_LIST_EVENTS, "iii", run,
                          (gint64) MIN (after, (guint64) G_MAXINT64), (gint64) MAX (max, 1));
    gboolean is_there;

    if (row == NULL)
        return FALSE;
    while (run_database_next (database, row, &is_there, error)) {
        if (!is_there)
            return TRUE;
        take_event (row, events, text);
        if (text->len >= RUN_EVENTS_BYTES) {
            run_database_end (row);
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
run_read_events (RunDatabase *database, const char *id, guint64 after, guint max, GArray *events,
                 GString *text, gboolean *out_there, gboolean *out_ended, GError **error)
{
    sqlite3_stmt *row = run_database_ask (database, error, RUN_SQL_FIND_RUN, "s", id);
    guint64 last, end;
    gboolean has_ended;
    gint64 run;

    if (row == NULL || !run_database_next (database, row, out_there, error))
        return FALSE;
    if (!*out_there)
        return TRUE;
    run = sqlite3_column_int64 (row, 0);
    end = (guint64) sqlite3_column_int64 (row, 1);
    has_ended = sqlite3_column_int (row, 2) != 0;
    run_database_end (row);
    if (!read_rows (database, run, after, max, events, text, error))
        return FALSE;
    last = events->len > 0 ? g_array_index (events, RunEvent, events->len - 1).sequence : after;
    *out_ended = has_ended && last >= end;
    return TRUE;
}
