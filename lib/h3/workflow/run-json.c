/* SPDX-License-Identifier: MIT */

#include "run-json.h"

#include <h3/format/json-quote.h>

#include <string.h>

static void
add_name (GString *json, const char *name)
{
    char last = json->len > 0 ? json->str[json->len - 1] : '{';

    if (strchr ("{[,", last) == NULL)
        g_string_append_c (json, ',');
    g_string_append_c (json, '"');
    g_string_append (json, name);
    g_string_append (json, "\":");
}

static void
add_quoted (GString *json, H3View text)
{
    gsize size = json_quote_measure (text), before = json->len;

    g_string_set_size (json, before + size);
    json_quote_write (text, json->str + before);
}

static void
add_view (GString *json, H3View text)
{
    g_autofree char *mended = NULL;

    if (json_quote_measure (text) > 0) {
        add_quoted (json, text);
        return;
    }
    mended = g_utf8_make_valid (text.data, (gssize) text.length);
    add_quoted (json, h3_view_of (mended));
}

void
run_json_add_text (GString *json, const char *name, const char *text)
{
    add_name (json, name);
    if (text != NULL)
        add_view (json, h3_view_of (text));
    else
        g_string_append (json, "null");
}

void
run_json_add_bytes (GString *json, const char *name, const char *data, gsize length)
{
    add_name (json, name);
    add_view (json, h3_view (data, length));
}

void
run_json_add_number (GString *json, const char *name, gint64 number)
{
    add_name (json, name);
    g_string_append_printf (json, "%" G_GINT64_FORMAT, number);
}

void
run_json_add_time (GString *json, const char *name, gint64 milliseconds)
{
    g_autoptr (GDateTime) time = NULL;
    g_autofree char *text = NULL;

    add_name (json, name);
    if (milliseconds != 0)
        time = g_date_time_new_from_unix_utc (milliseconds / 1000);
    if (time == NULL) {
        g_string_append (json, "null");
        return;
    }
    text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
    g_string_append_printf (json, "\"%s.%03uZ\"", text, (guint) (milliseconds % 1000));
}

void
run_json_add_true (GString *json, const char *name)
{
    add_name (json, name);
    g_string_append (json, "true");
}

void
run_json_add_raw (GString *json, const char *name, const char *raw)
{
    add_name (json, name);
    g_string_append (json, raw != NULL ? raw : "null");
}

void
run_json_add_step (GString *json, const StepRecord *record)
{
    run_json_add_text (json, "id", record->step);
    run_json_add_text (json, "state", run_state_get_name (record->state));
    run_json_add_number (json, "attempts", record->attempt);
    if (record->exit_code >= 0)
        run_json_add_number (json, "exit_code", record->exit_code);
    else
        run_json_add_raw (json, "exit_code", NULL);
    if (record->signal != 0)
        run_json_add_number (json, "signal", record->signal);
    if (record->status != 0)
        run_json_add_number (json, "status", record->status);
    run_json_add_text (json, "error", record->error);
    run_json_add_time (json, "started", record->started);
    run_json_add_time (json, "ended", record->ended);
}

/* An event has the line without its end. */
static gsize
measure_line (const LineRecord *line)
{
    gsize length = line->length;

    if (length > 0 && line->text[length - 1] == '\n')
        length--;
    if (length > 0 && length < line->length && line->text[length - 1] == '\r')
        length--;
    return length;
}

void
run_json_write_line (GString *json, const LineRecord *line)
{
    g_string_append_c (json, '{');
    run_json_add_text (json, "step", line->step);
    run_json_add_number (json, "attempt", line->attempt);
    run_json_add_text (json, "stream", line->stream == RUN_STDERR ? "stderr" : "stdout");
    run_json_add_bytes (json, "text", line->text, measure_line (line));
    if (line->is_cut)
        run_json_add_true (json, "cut");
    run_json_add_time (json, "at", line->at);
    g_string_append_c (json, '}');
}
