/* SPDX-License-Identifier: MIT
 *
 * What the files of the workflows share. */

#pragma once

#include "run-queue.h"
#include "run.h"
#include "triggers.h"
#include "workflows-inside.h"

#include <h3/loop/alarms.h>
#include <h3/workflow/run-id.h>

#include <pthread.h>

G_BEGIN_DECLS

#define WORKFLOWS_MAX_RUNS 10000 /* that have not ended */
#define WORKFLOWS_MAX_OVER 10000 /* whose ids are remembered */
#define WORKFLOWS_RECENT   20

/*
 *   RESTING ─ h3_workflows_start () ─► STARTING ─► RUNNING ─ h3_workflows_stop () ─► ENDING
 *      ▲                                  │ an error                                   │ (joined)
 *      └──────────────────────────────────┴────────────────────────────────────────────┘
 */
typedef enum {
    WORKFLOWS_RESTING,
    WORKFLOWS_STARTING,
    WORKFLOWS_RUNNING,
    WORKFLOWS_ENDING,
} WorkflowsPhase;

typedef struct _SharedRun SharedRun;

/* A run that was begun or has ended of late. */
typedef struct {
    char id[RUN_ID_LENGTH + 1];
    char *workflow; /* owned */
    RunState state;
    gint64 at;
} RecentRun;

struct _H3Workflows {
    GObject parent_instance;

    pthread_mutex_t lock; /* guards what follows; no function of a program is called under it */
    WorkflowsPhase phase;
    gboolean is_unscheduled; /* somebody else begins what is due */
    GHashTable *plans;       /* owned: name to H3Plan */
    GHashTable *functions;   /* owned: name to StepFunction */
    GHashTable *active;      /* owned: ids of runs that have not ended */
    GHashTable *over;        /* owned: of those that have, the last */
    GQueue over_order;       /* of them, the oldest first; borrowed */
    GQueue recent;           /* owned: RecentRun, the newest first */
    guint64 n_ended[N_RUN_STATES];
    guint n_going, n_steps; /* as the loop's thread saw them last */
    char *store_fault;      /* owned; NULL: the store is well */
    GHashTable *watches;    /* owned: id to GPtrArray of WorkflowsWatch, borrowed */
    guint max_runs, max_steps;
    guint keep_runs;
    gint64 keep_seconds;
    char *folder;    /* owned; NULL: in memory */
    char *queue_url; /* owned; NULL: runs are not shared */

    /* From start to stop. */
    Loop *loop;       /* ref */
    Offload *offload; /* owned */
    RunStore *store;  /* owned */
    pthread_t thread;

    /* The loop's thread. */
    RunContext context;
    ClientSettings *settings; /* ref */
    GHashTable *runs;         /* owned: id to Run, owned */
    GQueue line;              /* of Run, borrowed: those that were not begun */
    guint n_begun;            /* and are not over */
    Triggers *triggers;       /* owned; NULL: it ends */
    gboolean is_stopping;
    Alarm search; /* for what others left, once more; set: the store could not tell */
    gboolean has_searched_in_vain;
    RunQueue *queue;    /* owned; asked by any thread that runs a loop; NULL: none */
    GHashTable *shared; /* owned: id to SharedRun */
    GHashTable *known;  /* owned: ids of runs that are the queue's, and in the store already */
    gboolean is_draining, is_drained;
};

/* workflows-thread.c. Both wait. */
gboolean workflows_thread_start (H3Workflows *workflows, GError **error);
void workflows_thread_stop (H3Workflows *workflows);
/* Any thread, under the lock; `plan` and `input` are taken care of. */
void workflows_thread_add_run (H3Workflows *workflows, const char *id, H3Plan *plan,
                               const char *input);
void workflows_thread_cancel_run (H3Workflows *workflows, const char *id);
/* The loop's thread: a run that is in the store; takes it. */
void workflows_thread_take_run (H3Workflows *workflows, Run *run);
void workflows_thread_end_if_done (H3Workflows *workflows);
/* Any thread, under the lock. */
void workflows_thread_search (H3Workflows *workflows);
/* The plan of that name is another one now, or is there no more. */
void workflows_thread_set_schedules (H3Workflows *workflows, const char *name);

/* workflows-account.c: under the lock. */
void workflows_account_init (H3Workflows *workflows);
void workflows_account_clear (H3Workflows *workflows);
void workflows_account_note (H3Workflows *workflows, const char *id, const char *name,
                             RunState state);

/* workflows-duty.c: has the plans begin by the clock that are to; under the lock. */
void workflows_watch_schedules (H3Workflows *workflows);

/* workflows-watch.c: what a store tells. */
extern const RunStoreListener workflows_store_listener;

/* workflows.c: the name of a function that the plan calls and that is not there; under the lock. */
const char *workflows_find_missing (H3Workflows *workflows, const H3Plan *plan);

G_END_DECLS
