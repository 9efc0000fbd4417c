/* SPDX-License-Identifier: MIT
 *
 * What the files of a run share. */

#pragma once

#include "run.h"
#include "step-http.h"
#include "step-output.h"
#include "step-process.h"

#include <h3/loop/alarms.h>

G_BEGIN_DECLS

/*
 *   WAITING ─ run_step_make_ready () ─► READY ─ run_step_begin () ─► WORKING ─┬─► ENDED
 *      │                                 ▲ │                          │       │
 *      │                              on_due ()       run_step_end () or      │
 *      │                                 │ │         its time is up   ▼       │
 *      │                              PAUSING ◄── attempt_failed () ─ ENDING ─┘
 *      └── run_step_skip (), run_step_end () ──────────► ENDED  (so from READY, PAUSING)
 *
 *   WAITING   what it depends on has not ended, or the group it stands in has not begun
 *   READY     in the run's line for a place
 *   WORKING   a try is under way, and has a place; of a group: its children may begin
 *   ENDING    the try was told to end, and has its place until it has; of a group: its children
 *   PAUSING   a try failed; the next begins with the alarm
 *   ENDED     `state` says how
 */
typedef enum {
    STEP_WAITING,
    STEP_READY,
    STEP_WORKING,
    STEP_ENDING,
    STEP_PAUSING,
    STEP_ENDED,
} StepPhase;

typedef struct {
    Alarm alarm;          /* the try's or the group's time is up; the pause is over */
    Run *run;             /* borrowed: whose it is */
    const PlanStep *plan; /* borrowed: the run's plan */
    StepPhase phase;
    RunState state;   /* what is told of it */
    RunState verdict; /* ENDING: what becomes of it; RUN_FAILED may be tried again */
    guint attempt;    /* tries begun, also by processes before this one */
    guint n_failed;   /* of them, those of this process that failed */
    gint64 started, ended;
    /* One of them, WORKING or ENDING; borrowed: until its end was told. */
    StepProcess *process;
    StepHttp *http;
    H3Step *call;
    int exit_code, signal, status;
    gint64 group;
    guint64 group_start;
    char *error;           /* owned; NULL: nothing was wrong */
    StepOutput outputs[2]; /* by RunStream; of the try under way */
    GString *kept[2];      /* owned; NULL: nobody needs it: of the last try */
    guint n_dependents;    /* that have not ended */
} RunStep;

/*
 *   WAITING ─ run_begin () ─► RECALLING ─ on_recalled () ─► GOING ─ finish () ─► OVER
 *      │                                                      │                   ▲
 *      │                                             run_end (), a failure        │
 *      │                                             that stops the plan          │
 *      └──────────────── run_end () ──────────────────► STOPPING ─ finish () ─────┘
 *
 *   WAITING     in the line of runs
 *   RECALLING   what steps printed in another process is asked of the store
 *   GOING       steps are begun
 *   STOPPING    none is begun any more; `verdict` is what becomes of the run
 *   OVER        told
 */
typedef enum {
    RUN_PHASE_WAITING,
    RUN_PHASE_RECALLING,
    RUN_PHASE_GOING,
    RUN_PHASE_STOPPING,
    RUN_PHASE_OVER,
} RunPhase;

struct _Run {
    Alarm deadline;
    RunContext *context; /* borrowed: who runs it */
    char *id;            /* owned */
    H3Plan *plan;        /* ref */
    json_t *input;       /* ref; NULL: none */
    RunStep *steps;      /* owned; as many as the plan has */
    GQueue ready;        /* of RunStep, borrowed */
    guint n_working;     /* with a place */
    RunPhase phase;
    RunState verdict;
    char *why;             /* owned; NULL: nothing went wrong */
    gboolean is_due;       /* a turn of it is deferred */
    gboolean is_in_line;   /* of the context */
    gboolean is_recalling; /* the store was asked, and has not answered */
    gboolean has_begun;    /* in this process or in another */
};

/* run.c: something has changed: the run looks at it at the end of this turn. */
void run_touch (Run *run);
/* A step has ended as it should not have. */
void run_note_failure (Run *run, const RunStep *step);

/* run-step.c */
void run_step_init (RunStep *step, Run *run, const PlanStep *plan);
void run_step_clear (RunStep *step);
/* Tells the store how it is. */
void run_step_tell (RunStep *step);
void run_step_make_ready (RunStep *step);
/* With a place, but for a group. */
void run_step_begin (RunStep *step);
/* Of one that was not begun. */
void run_step_skip (RunStep *step, const char *why);
/* Whatever it does: RUN_CANCELLED or RUN_INTERRUPTED; where nothing of it runs, at once. */
void run_step_end (RunStep *step, RunState verdict, const char *why);
/* Of a group: all its children have ended. */
void run_step_group_over (RunStep *step);
/* What is known of a try that has ended; `error` NULL: it succeeded. */
void run_step_attempt_over (RunStep *step, const char *error);
void run_step_print (RunStep *step, RunStream stream, const char *text, gsize length);
/* What a step printed that ended elsewhere, each (nullable), texts; `tells`: to the store, too. */
void run_step_print_again (RunStep *step, const json_t *out, const json_t *err, gboolean tells);
/* Of whom a step has waited: what it printed is needed once less. */
void run_step_release (RunStep *step);

/* run-work.c: begins a try; its end is told by run_step_attempt_over (), never inline. FALSE with
 * an error: it could not begin. */
gboolean run_work_begin (RunStep *step, GError **error);
void run_work_end (RunStep *step);

/* run-text.c: what stands for a reference: a PlanResolver, whose data is a Run. */
char *run_resolve (const PlanPiece *piece, gpointer run, GError **error);

/* run-recall.c: asks the store for what steps printed that ended in another process. FALSE: nobody
 * needs it. */
gboolean run_recall (Run *run);
/* run.c: it is there, or cannot be had. */
void run_recalled (Run *run, const char *fault);

G_END_DECLS
