/* SPDX-License-Identifier: MIT */

#include "run-private.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>

static void
set_phase (Run *run, RunPhase phase)
{
    g_debug ("run %s: %d -> %d", run->id, (int) run->phase, (int) phase);
    run->phase = phase;
}

static void
tell (Run *run, RunState state)
{
    run_store_set_run (run->context->store, run->id, state, run->why, clock_get_real ());
    run->context->on_changed (run, state, run->context->data);
}

static void
set_verdict (Run *run, RunState verdict, const char *why)
{
    char *copy = g_strdup (why);

    run->verdict = verdict;
    g_free (run->why);
    run->why = copy;
}

/* --- what comes next --- */

static const RunStep *
find_parent (const RunStep *step)
{
    return step->plan->parent != PLAN_NONE ? &step->run->steps[step->plan->parent] : NULL;
}

/* (transfer full): why it can never begin; NULL: it can. */
static char *
dup_obstacle (const RunStep *step)
{
    const RunStep *parent = find_parent (step);

    if (parent != NULL && parent->phase == STEP_ENDED)
        return g_strdup_printf ("its group '%s' was not run", parent->plan->id);
    for (guint i = 0; i < step->plan->n_depends_on; i++) {
        const RunStep *other = &step->run->steps[step->plan->depends_on[i]];

        if (other->phase == STEP_ENDED && other->state != RUN_SUCCEEDED)
            return g_strdup_printf ("step '%s', which it depends on, %s", other->plan->id,
                                    other->state == RUN_SKIPPED ? "was skipped" : "has failed");
    }
    return NULL;
}

static gboolean
may_begin (const RunStep *step)
{
    const RunStep *parent = find_parent (step);

    if (parent != NULL && parent->phase != STEP_WORKING)
        return FALSE;
    for (guint i = 0; i < step->plan->n_depends_on; i++) {
        if (step->run->steps[step->plan->depends_on[i]].phase != STEP_ENDED)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_group_over (const RunStep *step)
{
    if (step->plan->kind != PLAN_PARALLEL
        || (step->phase != STEP_WORKING && step->phase != STEP_ENDING))
        return FALSE;
    for (guint i = 0; i < step->plan->n_children; i++) {
        if (step->run->steps[step->plan->children[i]].phase != STEP_ENDED)
            return FALSE;
    }
    return TRUE;
}

/* Whether something has changed. */
static gboolean
look_at (RunStep *step)
{
    g_autofree char *obstacle = NULL;

    if (is_group_over (step)) {
        run_step_group_over (step);
        return TRUE;
    }
    if (step->phase != STEP_WAITING)
        return FALSE;
    obstacle = dup_obstacle (step);
    if (obstacle != NULL)
        run_step_skip (step, obstacle);
    else if (!may_begin (step))
        return FALSE;
    else if (step->plan->kind == PLAN_PARALLEL)
        run_step_begin (step);
    else
        run_step_make_ready (step);
    return TRUE;
}

static void
advance (Run *run)
{
    gboolean has_changed = TRUE;

    while (has_changed) {
        has_changed = FALSE;
        for (guint i = 0; i < run->plan->n_steps; i++)
            has_changed = look_at (&run->steps[i]) || has_changed;
    }
}

static void
get_in_line (Run *run)
{
    if (run->is_in_line)
        return;
    run->is_in_line = TRUE;
    g_queue_push_tail (&run->context->line, run);
}

static void
leave_line (Run *run)
{
    if (run->is_in_line)
        (void) g_queue_remove (&run->context->line, run);
    run->is_in_line = FALSE;
}

void
run_context_give_places (RunContext *context)
{
    Run *run = g_queue_peek_head (&context->line);

    if (run != NULL && context->n_steps < context->max_steps)
        run_touch (run);
}

/* As many as there are places for, in turn with other runs where these are few. */
static void
begin_ready (Run *run)
{
    RunContext *context = run->context;

    while (run->ready.length > 0 && run->n_working < run->plan->concurrency) {
        if (context->n_steps >= context->max_steps
            || (context->line.length > 0 && g_queue_peek_head (&context->line) != run)) {
            get_in_line (run);
            run_context_give_places (context);
            return;
        }
        leave_line (run);
        run_step_begin (g_queue_pop_head (&run->ready));
    }
    leave_line (run);
    run_context_give_places (context);
}

static gboolean
are_all_ended (const Run *run)
{
    for (guint i = 0; i < run->plan->n_steps; i++) {
        if (run->steps[i].phase != STEP_ENDED)
            return FALSE;
    }
    return TRUE;
}

gboolean
run_goes_on (const Run *run)
{
    return run->plan->on_interrupt == PLAN_RESUME || !run->has_begun;
}

gboolean
run_has_begun (const Run *run)
{
    return run->has_begun;
}

gboolean
run_is_interrupted (const Run *run)
{
    return run->verdict == RUN_INTERRUPTED;
}

/* A run that the next process goes on with is left as it is. */
static void
finish (Run *run)
{
    RunContext *context = run->context;

    alarms_clear (loop_get_alarms (context->loop), &run->deadline);
    leave_line (run);
    set_phase (run, RUN_PHASE_OVER);
    run_context_give_places (context);
    if (run->verdict != RUN_INTERRUPTED || !context->outlives || !run_goes_on (run))
        tell (run, run->verdict);
    context->on_over (run, run->verdict, context->data);
}

static void
turn (gpointer data)
{
    Run *run = data;

    run->is_due = FALSE;
    if (run->phase == RUN_PHASE_GOING || run->phase == RUN_PHASE_STOPPING)
        advance (run);
    if (run->phase == RUN_PHASE_GOING)
        begin_ready (run);
    /* What has ended at once has the run looked at again. */
    if (run->is_due || run->is_recalling)
        return;
    if ((run->phase == RUN_PHASE_GOING || run->phase == RUN_PHASE_STOPPING) && are_all_ended (run))
        finish (run);
}

void
run_touch (Run *run)
{
    if (run->is_due || run->phase == RUN_PHASE_OVER)
        return;
    run->is_due = TRUE;
    loop_defer (run->context->loop, turn, run);
}

/* --- how it ends before its time --- */

static void
stop (Run *run, const char *why)
{
    set_phase (run, RUN_PHASE_STOPPING);
    for (guint i = 0; i < run->plan->n_steps; i++)
        run_step_end (&run->steps[i],
                      run->verdict == RUN_INTERRUPTED ? RUN_INTERRUPTED : RUN_CANCELLED, why);
    run_touch (run);
}

void
run_note_failure (Run *run, const RunStep *step)
{
    g_autofree char *why = NULL;

    if (run->phase != RUN_PHASE_GOING)
        return;
    if (run->verdict == RUN_SUCCEEDED) {
        why = g_strdup_printf ("step '%s' has failed: %s", step->plan->id, step->error);
        set_verdict (run, RUN_FAILED, why);
    }
    if (run->plan->on_failure == PLAN_STOP) {
        g_autofree char *reason = g_strdup_printf ("step '%s' has failed", step->plan->id);

        stop (run, reason);
    }
}

static void
kill_programs (Run *run)
{
    for (guint i = 0; i < run->plan->n_steps; i++)
        if (run->steps[i].process != NULL)
            step_process_kill (run->steps[i].process);
}

void
run_end (Run *run, RunState verdict, const char *why)
{
    if (run->phase == RUN_PHASE_STOPPING && run->verdict == RUN_CANCELLED
        && verdict == RUN_CANCELLED) {
        kill_programs (run);
        return;
    }
    /* A server that ends does not change what somebody else has ended already. */
    if (run->phase == RUN_PHASE_OVER
        || (run->phase == RUN_PHASE_STOPPING && verdict == RUN_INTERRUPTED))
        return;
    set_verdict (run, verdict, why);
    stop (run, why);
}

static void
on_deadline (Alarm *alarm)
{
    Run *run = (Run *) alarm;
    g_autofree char *why =
        g_strdup_printf ("the run was not done within %.10g s", (double) run->plan->timeout / 1000);

    if (run->phase == RUN_PHASE_GOING)
        run_end (run, RUN_FAILED, why);
}

/* --- how it begins --- */

static void
go (Run *run)
{
    set_phase (run, RUN_PHASE_GOING);
    if (run->plan->timeout > 0)
        alarms_set (loop_get_alarms (run->context->loop), &run->deadline,
                    clock_get_now () + run->plan->timeout);
    run->has_begun = TRUE;
    tell (run, RUN_RUNNING);
    /* What had failed in another process has failed. */
    for (guint i = 0; i < run->plan->n_steps && run->phase == RUN_PHASE_GOING; i++) {
        if (run->steps[i].phase == STEP_ENDED && run->steps[i].state == RUN_FAILED)
            run_note_failure (run, &run->steps[i]);
    }
    run_touch (run);
}

void
run_recalled (Run *run, const char *fault)
{
    run->is_recalling = FALSE;
    if (run->phase == RUN_PHASE_STOPPING) {
        run_touch (run);
        return;
    }
    go (run);
    if (fault != NULL)
        run_end (run, RUN_FAILED, fault);
}

void
run_begin (Run *run)
{
    if (run->phase != RUN_PHASE_WAITING)
        return;
    set_phase (run, RUN_PHASE_RECALLING);
    run->is_recalling = run_recall (run);
    if (!run->is_recalling)
        go (run);
}

/* --- its life --- */

Run *
run_new (RunContext *context, const char *id, H3Plan *plan, const char *input)
{
    Run *run = g_new0 (Run, 1);

    run->context = context;
    run->id = g_strdup (id);
    run->plan = h3_plan_ref (plan);
    run->verdict = RUN_SUCCEEDED;
    run->deadline.on_due = on_deadline;
    g_queue_init (&run->ready);
    if (input != NULL)
        run->input = h3_json_parse (h3_view_of (input), H3_JSON_MAX_DEPTH, NULL);
    run->steps = g_new (RunStep, plan->n_steps);
    for (guint i = 0; i < plan->n_steps; i++)
        run_step_init (&run->steps[i], run, &plan->steps[i]);
    for (guint i = 0; i < plan->n_steps; i++) {
        for (guint j = 0; j < plan->steps[i].n_depends_on; j++)
            run->steps[plan->steps[i].depends_on[j]].n_dependents++;
    }
    return run;
}

void
run_free (Run *run)
{
    if (run == NULL)
        return;
    leave_line (run);
    if (loop_get_alarms (run->context->loop) != NULL)
        alarms_clear (loop_get_alarms (run->context->loop), &run->deadline);
    for (guint i = 0; i < run->plan->n_steps; i++)
        run_step_clear (&run->steps[i]);
    g_free (run->steps);
    g_queue_clear (&run->ready);
    json_decref (run->input);
    h3_plan_unref (run->plan);
    g_free (run->id);
    g_free (run->why);
    g_free (run);
}

const char *
run_get_id (const Run *run)
{
    return run->id;
}

const char *
run_get_workflow (const Run *run)
{
    return h3_plan_get_name (run->plan);
}
