/* SPDX-License-Identifier: MIT
 *
 * What steps printed that had ended before their run was taken up again, for those that refer to
 * it: the store has it. */

#include "run-private.h"

#include <h3/format/json.h>

static gboolean
is_needed (const RunStep *step)
{
    return step->phase == STEP_ENDED && step->state == RUN_SUCCEEDED && step->n_dependents > 0
           && step->plan->kind != PLAN_PARALLEL && step->kept[RUN_STDOUT] == NULL;
}

static void
keep (RunStep *step, RunStream stream, const json_t *text)
{
    if (json_is_string (text))
        step->kept[stream] =
            g_string_new_len (json_string_value (text), (gssize) json_string_length (text));
}

static void
read_document (Run *run, const json_t *document)
{
    const json_t *steps = json_object_get (document, "steps");

    for (gsize i = 0; i < json_array_size (steps); i++) {
        const json_t *one = json_array_get (steps, i);
        const char *id = json_string_value (json_object_get (one, "id"));
        guint index = id != NULL ? plan_find_step (run->plan, id) : PLAN_NONE;

        if (index == PLAN_NONE || !is_needed (&run->steps[index]))
            continue;
        keep (&run->steps[index], RUN_STDOUT, json_object_get (one, "stdout"));
        keep (&run->steps[index], RUN_STDERR, json_object_get (one, "stderr"));
    }
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Run *run = data;
    g_autoptr (json_t) parsed = NULL;
    g_autoptr (GError) fault = NULL;

    if (document != NULL)
        parsed =
            h3_json_parse (h3_view (document->json, document->length), H3_JSON_MAX_DEPTH, &fault);
    if (parsed == NULL) {
        const GError *why = error != NULL ? error : fault;

        run_recalled (run, why != NULL ? why->message : "what its steps printed is lost");
        return;
    }
    read_document (run, parsed);
    run_recalled (run, NULL);
}

gboolean
run_recall (Run *run)
{
    for (guint i = 0; i < run->plan->n_steps; i++) {
        if (is_needed (&run->steps[i])) {
            run_store_ask_run (run->context->store, run->id, on_document, run, NULL);
            return TRUE;
        }
    }
    return FALSE;
}
