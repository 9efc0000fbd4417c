/* SPDX-License-Identifier: MIT */

#include "backoff.h"
#include "run-private.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>

/* As seconds, as plans have them. */
#define SECONDS(milliseconds) ((double) (milliseconds) / 1000)

static void
set_phase (RunStep *step, StepPhase phase)
{
    g_debug ("run %s, step %s: %d -> %d", step->run->id, step->plan->id, (int) step->phase,
             (int) phase);
    step->phase = phase;
}

static void
set_alarm (RunStep *step, guint milliseconds)
{
    alarms_set (loop_get_alarms (step->run->context->loop), &step->alarm,
                clock_get_now () + milliseconds);
}

static void
clear_alarm (RunStep *step)
{
    alarms_clear (loop_get_alarms (step->run->context->loop), &step->alarm);
}

static void
set_error (RunStep *step, const char *error)
{
    char *copy = g_strdup (error);

    g_free (step->error);
    step->error = copy;
}

void
run_step_tell (RunStep *step)
{
    StepRecord record = { .step = step->plan->id,
                          .state = step->state,
                          .attempt = step->attempt,
                          .exit_code = step->exit_code,
                          .signal = step->signal,
                          .status = step->status,
                          .error = step->error,
                          .started = step->started,
                          .ended = step->ended,
                          .at = clock_get_real (),
                          .group = step->group,
                          .group_start = step->group_start };

    run_store_set_step (step->run->context->store, step->run->id, &record);
}

static void
clear_outputs (RunStep *step)
{
    step_output_clear (&step->outputs[RUN_STDOUT]);
    step_output_clear (&step->outputs[RUN_STDERR]);
}

static void
forget_kept (RunStep *step)
{
    for (guint i = 0; i < G_N_ELEMENTS (step->kept); i++) {
        if (step->kept[i] != NULL)
            g_string_free (g_steal_pointer (&step->kept[i]), TRUE);
    }
}

void
run_step_release (RunStep *step)
{
    if (--step->n_dependents == 0)
        forget_kept (step);
}

/* The end of it, whatever it was. */
static void
finish (RunStep *step, RunState state, const char *error)
{
    Run *run = step->run;

    clear_alarm (step);
    clear_outputs (step);
    set_phase (step, STEP_ENDED);
    step->state = state;
    set_error (step, error);
    step->ended = clock_get_real ();
    if (state != RUN_SUCCEEDED)
        forget_kept (step);
    run_step_tell (step);
    for (guint i = 0; i < step->plan->n_depends_on; i++)
        run_step_release (&run->steps[step->plan->depends_on[i]]);
    if (state == RUN_FAILED)
        run_note_failure (run, step);
    run_touch (run);
}

static void
give_place_back (RunStep *step)
{
    step->run->n_working--;
    step->run->context->n_steps--;
    run_context_give_places (step->run->context);
}

void
run_step_make_ready (RunStep *step)
{
    set_phase (step, STEP_READY);
    g_queue_push_tail (&step->run->ready, step);
    run_touch (step->run);
}

/* Tries again where the plan has more tries. */
static void
attempt_failed (RunStep *step, const char *error)
{
    const PlanRetries *retries = &step->plan->retries;
    g_autofree char *told = NULL;
    guint delay;

    step->n_failed++;
    if (step->n_failed > retries->tries || step->run->phase != RUN_PHASE_GOING) {
        finish (step, RUN_FAILED, error);
        return;
    }
    delay = backoff_get_delay (retries, step->n_failed, g_rand_double (step->run->context->random));
    told = g_strdup_printf ("%s; it is tried again in %.3g s", error, SECONDS (delay));
    set_phase (step, STEP_PAUSING);
    set_error (step, told);
    set_alarm (step, delay);
    run_step_tell (step);
}

/* What was printed to the last line; where somebody needs it, kept. */
static void
finish_outputs (RunStep *step)
{
    for (guint i = 0; i < G_N_ELEMENTS (step->outputs); i++) {
        if (step->outputs[i].line == NULL)
            continue;
        step_output_finish (&step->outputs[i]);
        if (step->n_dependents > 0)
            step->kept[i] = g_steal_pointer (&step->outputs[i].whole);
    }
    clear_outputs (step);
}

void
run_step_attempt_over (RunStep *step, const char *error)
{
    StepPhase phase = step->phase;
    g_autofree char *ended_for = NULL;

    clear_alarm (step);
    finish_outputs (step);
    step->group = 0;
    give_place_back (step);
    if (phase == STEP_ENDING) {
        ended_for = g_steal_pointer (&step->error);
        if (step->verdict == RUN_FAILED)
            attempt_failed (step, ended_for);
        else
            finish (step, step->verdict, ended_for);
    } else if (error != NULL) {
        attempt_failed (step, error);
    } else {
        finish (step, RUN_SUCCEEDED, NULL);
    }
}

void
run_step_print (RunStep *step, RunStream stream, const char *text, gsize length)
{
    step_output_add (&step->outputs[stream], text, length);
}

static void
tell_line (RunStep *step, RunStream stream, const char *text, gsize length, gboolean is_cut)
{
    LineRecord line = { step->plan->id, step->attempt, stream,           text,
                        length,         is_cut,        clock_get_real () };

    run_store_add_line (step->run->context->store, step->run->id, &line);
}

static void
on_stdout (const char *text, gsize length, gboolean is_cut, gpointer step)
{
    tell_line (step, RUN_STDOUT, text, length, is_cut);
}

static void
on_stderr (const char *text, gsize length, gboolean is_cut, gpointer step)
{
    tell_line (step, RUN_STDERR, text, length, is_cut);
}

static void
begin_outputs (RunStep *step)
{
    gboolean keeps = step->n_dependents > 0;

    forget_kept (step);
    step_output_init (&step->outputs[RUN_STDOUT], step->plan->output_max, keeps, on_stdout, step);
    step_output_init (&step->outputs[RUN_STDERR], step->plan->output_max, keeps, on_stderr, step);
}

static void
on_silent (const char *text, gsize length, gboolean is_cut, gpointer step)
{
}

void
run_step_print_again (RunStep *step, const json_t *out, const json_t *err, gboolean tells)
{
    const json_t *texts[] = { out, err };

    begin_outputs (step);
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        if (!tells)
            step->outputs[i].on_line = on_silent;
        if (json_is_string (texts[i]))
            step_output_add (&step->outputs[i], json_string_value (texts[i]),
                             json_string_length (texts[i]));
    }
    finish_outputs (step);
}

/* A group only begins and waits. */
static void
begin_group (RunStep *step)
{
    run_step_tell (step);
    run_touch (step->run);
}

void
run_step_begin (RunStep *step)
{
    gboolean is_group = step->plan->kind == PLAN_PARALLEL;
    g_autoptr (GError) error = NULL;

    set_phase (step, STEP_WORKING);
    step->state = RUN_RUNNING;
    step->attempt++;
    step->exit_code = -1;
    step->signal = step->status = 0;
    g_clear_pointer (&step->error, g_free);
    if (step->started == 0)
        step->started = clock_get_real ();
    if (step->plan->timeout > 0)
        set_alarm (step, step->plan->timeout);
    if (is_group) {
        begin_group (step);
        return;
    }
    step->run->n_working++;
    step->run->context->n_steps++;
    begin_outputs (step);
    if (run_work_begin (step, &error)) {
        run_step_tell (step);
        return;
    }
    run_step_tell (step);
    run_step_attempt_over (step, error->message);
}

static void
end_children (RunStep *group, RunState verdict, const char *why)
{
    for (guint i = 0; i < group->plan->n_children; i++)
        run_step_end (&group->run->steps[group->plan->children[i]], verdict, why);
}

static void
time_is_up (RunStep *step)
{
    g_autofree char *why =
        g_strdup_printf ("it was not done within %.10g s", SECONDS (step->plan->timeout));

    set_phase (step, STEP_ENDING);
    step->verdict = RUN_FAILED;
    set_error (step, why);
    if (step->plan->kind == PLAN_PARALLEL) {
        end_children (step, RUN_CANCELLED, "its group was not done in time");
        run_touch (step->run);
    } else {
        run_work_end (step);
    }
}

static void
on_due (Alarm *alarm)
{
    RunStep *step = (RunStep *) alarm;

    if (step->phase == STEP_PAUSING)
        run_step_make_ready (step);
    else if (step->phase == STEP_WORKING)
        time_is_up (step);
}

void
run_step_skip (RunStep *step, const char *why)
{
    finish (step, RUN_SKIPPED, why);
}

void
run_step_end (RunStep *step, RunState verdict, const char *why)
{
    switch (step->phase) {
    case STEP_ENDED:
        return;
    case STEP_WAITING:
    case STEP_READY:
        g_queue_remove (&step->run->ready, step);
        /* Where the next process goes on, it has not been begun yet. */
        if (verdict == RUN_INTERRUPTED)
            set_phase (step, STEP_ENDED);
        else
            finish (step, RUN_SKIPPED, why);
        return;
    case STEP_PAUSING:
        finish (step, verdict, why);
        return;
    case STEP_WORKING:
    case STEP_ENDING:
        break;
    }
    set_phase (step, STEP_ENDING);
    step->verdict = verdict;
    set_error (step, why);
    if (step->plan->kind == PLAN_PARALLEL)
        end_children (step, verdict, why);
    else
        run_work_end (step);
    run_touch (step->run);
}

/* What keeps a group from having succeeded; NULL: nothing. */
static const RunStep *
find_fault (const RunStep *group)
{
    for (guint i = 0; i < group->plan->n_children; i++) {
        const RunStep *child = &group->run->steps[group->plan->children[i]];

        if (child->state == RUN_FAILED)
            return child;
    }
    for (guint i = 0; i < group->plan->n_children; i++) {
        const RunStep *child = &group->run->steps[group->plan->children[i]];

        if (child->state != RUN_SUCCEEDED)
            return child;
    }
    return NULL;
}

void
run_step_group_over (RunStep *step)
{
    const RunStep *fault = find_fault (step);
    g_autofree char *why = NULL;

    if (step->phase == STEP_ENDING) {
        why = g_steal_pointer (&step->error);
        finish (step, step->verdict, why);
    } else if (fault == NULL) {
        finish (step, RUN_SUCCEEDED, NULL);
    } else {
        why = g_strdup_printf ("step '%s' has %s", fault->plan->id,
                               fault->state == RUN_FAILED ? "failed" : "not succeeded");
        finish (step, RUN_FAILED, why);
    }
}

void
run_step_init (RunStep *step, Run *run, const PlanStep *plan)
{
    *step = (RunStep){ .run = run, .plan = plan, .state = RUN_PENDING, .exit_code = -1 };
    step->alarm.on_due = on_due;
}

void
run_step_clear (RunStep *step)
{
    clear_alarm (step);
    clear_outputs (step);
    forget_kept (step);
    g_free (step->error);
}
