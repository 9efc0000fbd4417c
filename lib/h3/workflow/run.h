/* SPDX-License-Identifier: MIT
 *
 * One run of a plan: which step comes when, and what becomes of it all. Owned by who runs it, until
 * it says that it is over; the loop's thread only. */

#pragma once

#include <h3/client/client-settings.h>
#include <h3/workflow/plan-inside.h>
#include <h3/workflow/run-store.h>
#include <h3/workflow/step-call.h>

G_BEGIN_DECLS

typedef struct _Run Run;

/* What all runs of a loop share; owned by who runs them, and outlives them. */
typedef struct {
    Loop *loop;               /* borrowed */
    Offload *offload;         /* borrowed */
    RunStore *store;          /* borrowed */
    ClientSettings *settings; /* borrowed */
    GRand *random;            /* borrowed */
    char **environment;       /* borrowed: of this process, as its steps inherit it */
    gboolean outlives;        /* what is kept is there for the next process */
    guint max_steps, n_steps; /* at work, of all runs */
    GQueue line;              /* of Run: those that wait for a place for a step */
    /* (transfer full) (nullable): the function that is called so now. */
    StepFunction *(*find_function) (const char *name, gpointer data);
    void (*on_changed) (Run *run, RunState state, gpointer data);
    /* Never inline; the last that is called: the run may be freed. */
    void (*on_over) (Run *run, RunState state, gpointer data);
    gpointer data;
} RunContext;

/* `input` is JSON, (nullable). It is in the store already, as pending. */
Run *run_new (RunContext *context, const char *id, H3Plan *plan, const char *input);
/* Of a run that is over, or was not begun. NULL is allowed. */
void run_free (Run *run);

/* Before it begins: what the process that ran it left of it. Kills what is left of its programs. */
void run_resume (Run *run, const RunFound *found);

/* The same of a run that another machine's process had, by its document, (nullable). `tells`: the
 * store does not know yet what has ended. */
void run_resume_document (Run *run, const char *document, gboolean tells);
/* Kills what is left of a run's programs. */
void run_end_left (const RunFound *found);

/* Nothing where it was ended before. */
void run_begin (Run *run);

/* Ends it before its time: RUN_CANCELLED, RUN_FAILED, or RUN_INTERRUPTED, which the next process
 * may resume. `why` is told with each step that this ends. Also before run_begin (): it is over at
 * the end of this turn. RUN_CANCELLED again: what does not end is killed. */
void run_end (Run *run, RunState verdict, const char *why);

const char *run_get_id (const Run *run);
const char *run_get_workflow (const Run *run);
/* Of one that was interrupted: whether another process may run it on. */
gboolean run_goes_on (const Run *run);
/* Here, or by a process before. */
gboolean run_has_begun (const Run *run);
/* It was ended so that another process may go on with it. */
gboolean run_is_interrupted (const Run *run);

/* A place is free: who is first in line may go on. */
void run_context_give_places (RunContext *context);

G_END_DECLS
