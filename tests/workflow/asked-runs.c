/* SPDX-License-Identifier: MIT */

#include "asked-runs.h"

#include "h3/loop/loop.h"
#include "tests/support/suite.h"

static Loop *loop;

void
asked_runs_begin (void)
{
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
}

void
asked_runs_end (void)
{
    loop_close (loop);
    loop_leave (loop);
    g_clear_pointer (&loop, loop_unref);
}

void
asked_runs_await (const gboolean *done)
{
    while (!*done)
        loop_step (loop, TRUE);
}

RunStore *
open_runs (const char *path)
{
    g_autoptr (GError) error = NULL;
    RunStore *store = run_store_new (path, &error);

    ck_assert_msg (store != NULL, "%s", error != NULL ? error->message : "no error");
    return store;
}

void
tell_run (RunStore *store, const char *id, gint64 at, const char *const *steps)
{
    RunRecord record = {
        .id = id, .workflow = "test", .plan = "{\"name\":\"test\"}", .steps = steps, .at = at
    };

    run_store_add_run (store, &record);
}

void
tell_step (RunStore *store, const char *id, const char *step, RunState state, guint attempt,
           gint64 at)
{
    StepRecord record = { .step = step,
                          .state = state,
                          .attempt = attempt,
                          .exit_code = state == RUN_SUCCEEDED ? 0 : -1,
                          .started = at,
                          .ended = run_state_is_end (state) ? at : 0,
                          .at = at };

    run_store_set_step (store, id, &record);
}

void
tell_line (RunStore *store, const char *id, const char *step, guint attempt, RunStream stream,
           const char *text)
{
    LineRecord record = { .step = step,
                          .attempt = attempt,
                          .stream = stream,
                          .text = text,
                          .length = strlen (text),
                          .at = 1000 };

    run_store_add_line (store, id, &record);
}

typedef struct {
    gboolean has_come;
    json_t *document;
    GPtrArray *rows;
    gboolean has_ended;
    GError *error;
} Heard;

/* Waits, and hands the error on. */
static void
await (Heard *heard, GError **error)
{
    ck_assert (!heard->has_come);
    asked_runs_await (&heard->has_come);
    if (heard->error != NULL)
        g_propagate_error (error, heard->error);
}

static void
note (Heard *heard, const GError *error)
{
    ck_assert (!heard->has_come);
    heard->has_come = TRUE;
    heard->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Heard *heard = data;
    json_error_t fault;

    note (heard, error);
    if (document == NULL)
        return;
    heard->document = json_loadb (document->json, document->length, 0, &fault);
    ck_assert_msg (heard->document != NULL, "%s: %s", fault.text, document->json);
}

json_t *
ask_run (RunStore *store, const char *id, GError **error)
{
    Heard heard = { 0 };

    run_store_ask_run (store, id, on_document, &heard, NULL);
    await (&heard, error);
    return heard.document;
}

json_t *
ask_runs (RunStore *store, const RunFilter *filter)
{
    Heard heard = { 0 };

    run_store_ask_runs (store, filter, on_document, &heard, NULL);
    await (&heard, NULL);
    ck_assert_ptr_nonnull (heard.document);
    return heard.document;
}

static void
on_events (const RunEvent *events, guint n, gboolean has_ended, const GError *error, gpointer data)
{
    Heard *heard = data;

    note (heard, error);
    heard->has_ended = has_ended;
    heard->rows = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < n; i++) {
        json_t *parsed = json_loadb (events[i].data, events[i].length, 0, NULL);

        ck_assert_msg (parsed != NULL, "%s", events[i].data);
        json_decref (parsed);
        ck_assert_uint_eq (strlen (events[i].data), events[i].length);
        g_ptr_array_add (heard->rows,
                         g_strdup_printf ("%" G_GUINT64_FORMAT " %s %s", events[i].sequence,
                                          events[i].kind, events[i].data));
    }
}

GPtrArray *
ask_events (RunStore *store, const char *id, guint64 after, guint max, gboolean *out_ended,
            GError **error)
{
    Heard heard = { 0 };

    run_store_ask_events (store, id, after, max, on_events, &heard, NULL);
    await (&heard, error);
    if (out_ended != NULL)
        *out_ended = heard.has_ended;
    return heard.rows;
}

static void
on_found (const RunFound *runs, guint n, const GError *error, gpointer data)
{
    Heard *heard = data;

    note (heard, error);
    heard->rows = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < n; i++) {
        ck_assert_str_eq (runs[i].run.plan, "{\"name\":\"test\"}");
        for (guint j = 0; j < runs[i].n_records; j++)
            ck_assert_str_eq (runs[i].run.steps[j], runs[i].records[j].step);
        ck_assert_ptr_null (runs[i].run.steps[runs[i].n_records]);
        g_ptr_array_add (heard->rows,
                         g_strdup_printf ("%s %s %u", runs[i].run.id,
                                          run_state_get_name (runs[i].state), runs[i].n_records));
    }
}

GPtrArray *
take_unfinished (RunStore *store, GError **error)
{
    Heard heard = { 0 };

    run_store_take_unfinished (store, on_found, &heard, NULL);
    await (&heard, error);
    return heard.rows;
}

static void
on_kept (const GError *error, gpointer data)
{
    note (data, error);
}

gboolean
ask_kept (RunStore *store, GError **error)
{
    Heard heard = { 0 };

    run_store_ask_kept (store, on_kept, &heard, NULL);
    await (&heard, error);
    return heard.error == NULL;
}

json_t *
get_step (const json_t *document, guint i, const char *name)
{
    return json_object_get (json_array_get (json_object_get (document, "steps"), i), name);
}
