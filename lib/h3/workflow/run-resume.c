/* SPDX-License-Identifier: MIT
 *
 * Runs that another process began: what it told of them, by the store or by the queue. */

#include "process-group.h"
#include "run-private.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>

static RunStep *
find_step (Run *run, const char *id)
{
    guint index = plan_find_step (run->plan, id);

    return index != PLAN_NONE ? &run->steps[index] : NULL;
}

static void
resume_step (RunStep *step, const StepRecord *record)
{
    step->attempt = record->attempt;
    step->started = record->started;
    if (record->state != RUN_SUCCEEDED && record->state != RUN_FAILED
        && record->state != RUN_SKIPPED)
        return;
    step->phase = STEP_ENDED;
    step->state = record->state;
    step->exit_code = record->exit_code;
    step->signal = record->signal;
    step->status = record->status;
    step->error = g_strdup (record->error);
    step->ended = record->ended;
    for (guint i = 0; i < step->plan->n_depends_on; i++)
        run_step_release (&step->run->steps[step->plan->depends_on[i]]);
}

/* What was at work when the process ended has no other end. */
static void
mark (Run *run)
{
    for (guint i = 0; i < run->plan->n_steps; i++) {
        RunStep *step = &run->steps[i];

        if (step->phase == STEP_ENDED || step->attempt == 0)
            continue;
        step->state = RUN_INTERRUPTED;
        step->error = g_strdup ("the process that ran it has ended");
        step->ended = clock_get_real ();
        run_step_tell (step);
    }
}

void
run_end_left (const RunFound *found)
{
    for (guint i = 0; i < found->n_records; i++) {
        const StepRecord *record = &found->records[i];

        if (record->group > 0)
            (void) process_group_end_left (record->group, record->group_start, found->run.id);
    }
}

static void
mark_where_wanted (Run *run)
{
    if (run->plan->on_interrupt != PLAN_MARK)
        return;
    mark (run);
    run_end (run, RUN_INTERRUPTED, "the process that ran it has ended");
}

void
run_resume (Run *run, const RunFound *found)
{
    run_end_left (found);
    run->has_begun = found->state != RUN_PENDING;
    for (guint i = 0; i < found->n_records; i++) {
        RunStep *step = find_step (run, found->records[i].step);

        if (step != NULL)
            resume_step (step, &found->records[i]);
    }
    if (run->has_begun)
        mark_where_wanted (run);
}

/* --- by a document --- */

static int
get_number (const json_t *step, const char *name, int unset)
{
    const json_t *number = json_object_get (step, name);

    return json_is_integer (number) ? (int) json_integer_value (number) : unset;
}

static void
resume_by (Run *run, const json_t *one, gboolean tells)
{
    const char *id = json_string_value (json_object_get (one, "id"));
    const char *state = json_string_value (json_object_get (one, "state"));
    RunStep *step = id != NULL ? find_step (run, id) : NULL;
    StepRecord record = { .step = id, .state = RUN_PENDING };

    if (step == NULL || state == NULL || !run_state_find (state, &record.state))
        return;
    record.attempt = (guint) MAX (get_number (one, "attempts", 0), 0);
    record.exit_code = get_number (one, "exit_code", -1);
    record.signal = get_number (one, "signal", 0);
    record.status = get_number (one, "status", 0);
    record.error = json_string_value (json_object_get (one, "error"));
    record.started = record.ended = clock_get_real ();
    resume_step (step, &record);
    if (step->phase != STEP_ENDED)
        return;
    run_step_print_again (step, json_object_get (one, "stdout"), json_object_get (one, "stderr"),
                          tells);
    if (tells)
        run_step_tell (step);
}

void
run_resume_document (Run *run, const char *document, gboolean tells)
{
    g_autoptr (json_t) parsed = NULL;
    const json_t *steps;

    run->has_begun = TRUE;
    if (document != NULL)
        parsed = h3_json_parse (h3_view_of (document), H3_JSON_MAX_DEPTH, NULL);
    steps = json_object_get (parsed, "steps");
    for (gsize i = 0; i < json_array_size (steps); i++)
        resume_by (run, json_array_get (steps, i), tells);
    mark_where_wanted (run);
}
