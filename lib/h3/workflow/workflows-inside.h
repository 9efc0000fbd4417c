/* SPDX-License-Identifier: MIT
 *
 * The inner face of workflows, for who shows runs to others: routes, the dashboard. */

#pragma once

#include <h3/workflow/run-store.h>
#include <h3/workflow/workflows.h>

G_BEGIN_DECLS

typedef struct _Loop Loop;
typedef struct json_t json_t;

/* (transfer none) (nullable): between start and stop; NULL else. Any thread. */
RunStore *workflows_get_store (H3Workflows *workflows);

/* (transfer full) (nullable): a reference to the loop that runs all runs; NULL as above. Any
 * thread. */
Loop *workflows_ref_loop (H3Workflows *workflows);

/* Whether runs are begun by the clock, as they are at first: of several that have the same plans
 * one alone does. Any thread. */
void workflows_set_scheduling (H3Workflows *workflows, gboolean is_scheduling);

/* Runs that others have left unfinished meanwhile are taken up, as by the start; nothing where it
 * does not run. Any thread. */
void workflows_search (H3Workflows *workflows);

/* (transfer full) (nullable): the plan of that name. Any thread. */
H3Plan *workflows_get_plan (H3Workflows *workflows, const char *name);

/* Whether others may have the runs that are started here. Any thread. */
gboolean workflows_is_shared (H3Workflows *workflows);

/* As run_store_ask_run (). A loop's thread. */
void workflows_ask_run (H3Workflows *workflows, const char *id, RunAnswer answer, gpointer data,
                        GDestroyNotify dropped);

/* Who waits for more of a run. */
typedef struct _WorkflowsWatch WorkflowsWatch;

/* More of the run is kept now: its events can be asked for. On the loop of the watch; several
 * commits may come as one. */
typedef void (*WorkflowsCommitted) (gpointer data);

/* (transfer full): on this thread's loop, until workflows_unwatch () there, which is before the
 * loop ends and the workflows do. */
WorkflowsWatch *workflows_watch (H3Workflows *workflows, const char *id,
                                 WorkflowsCommitted committed, gpointer data);
/* Nothing is called any more. NULL is allowed. */
void workflows_unwatch (WorkflowsWatch *watch);

/* (transfer full): {"plans": [graphs], "active": N, "waiting": N, "steps": N, "ended": {state: N},
 * "runs": the last twenty, newest first, [{"id", "workflow", "state", "at"}], "store": null or what
 * is wrong}; for a panel. Any thread; waits for nothing. */
json_t *workflows_describe (H3Workflows *workflows);

G_END_DECLS
