/* SPDX-License-Identifier: MIT
 *
 * Runs workflows: plans (plan.h), by programs, requests and functions, on a thread of its own that
 * never waits. What runs do is kept in SQLite, so that runs outlive the process. Any thread may use
 * it; a process that forks does so before it is started. Since: 0.1 */

#pragma once

#include <h3/base/error.h>
#include <h3/workflow/plan.h>
#include <h3/workflow/step.h>

G_BEGIN_DECLS

#define H3_TYPE_WORKFLOWS (h3_workflows_get_type ())

/**
 * H3Workflows:
 *
 * Plans, functions, and the runs of them.
 *
 * Since: 0.1
 */
G_DECLARE_FINAL_TYPE (H3Workflows, h3_workflows, H3, WORKFLOWS, GObject)

/**
 * h3_workflows_new:
 *
 * Makes workflows with no plans, runs in memory, and nothing started yet.
 *
 * Returns: (transfer full): new workflows
 *
 * Since: 0.1
 */
H3Workflows *h3_workflows_new (void);

/* --- what is run; before it is started, and while it runs --- */

/**
 * h3_workflows_add_plan:
 * @workflows: workflows
 * @plan: (transfer none): a plan; referenced
 * @error: %H3_ERROR_NOT_FOUND where it runs and the plan calls a function that is not there
 *
 * Adds a plan. One of the same name is replaced; runs that were begun go on with the old one.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_workflows_add_plan (H3Workflows *workflows, H3Plan *plan, GError **error);

/**
 * h3_workflows_load_file:
 * @workflows: workflows
 * @path: (type filename): a file with a plan
 * @error: as of h3_plan_new_from_file() and h3_workflows_add_plan()
 *
 * Adds the plan of a file. It reads a file: not on a worker.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_workflows_load_file (H3Workflows *workflows, const char *path, GError **error);

/**
 * h3_workflows_remove_plan:
 * @workflows: workflows
 * @name: of a plan
 *
 * Takes a plan out: nothing new of it is begun.
 *
 * Returns: %FALSE: there is none
 *
 * Since: 0.1
 */
gboolean h3_workflows_remove_plan (H3Workflows *workflows, const char *name);

/**
 * h3_workflows_dup_names:
 * @workflows: workflows
 *
 * Lists the plans by name.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names, in alphabetical order
 *
 * Since: 0.1
 */
char **h3_workflows_dup_names (H3Workflows *workflows);

/**
 * h3_workflows_add_function:
 * @workflows: workflows
 * @name: what plans call it by, as "call"
 * @function: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: (nullable): for @function
 * @destroy: (nullable): called once, on any thread, when the function is no longer needed
 *
 * Adds a function that plans can call. One of the same name is replaced.
 *
 * Since: 0.1
 */
void h3_workflows_add_function (H3Workflows *workflows, const char *name, H3StepFunction function,
                                gpointer user_data, GDestroyNotify destroy);

/* --- how; before it is started --- */

/**
 * h3_workflows_set_folder:
 * @workflows: workflows that have not started
 * @folder: (type filename) (nullable): made where it is not there; %NULL, the default: in memory
 * @error: %H3_ERROR_FAILED where there can be no such folder
 *
 * Says where runs are kept: in "workflows.sqlite" of @folder. Several processes may use one folder.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_workflows_set_folder (H3Workflows *workflows, const char *folder, GError **error);

/**
 * h3_workflows_set_queue:
 * @workflows: workflows that have not started
 * @url: (nullable): of a Redis server, as h3_store_new_from_url() takes it; %NULL, the default:
 *   runs are not shared
 * @error: as h3_store_new_from_url()
 *
 * Shares runs among processes. Several that name one server share their runs: who has room takes
 * the next, and what a process left that is no more is taken by another. Each needs the functions
 * that plans call. Where the server cannot be reached, a run that is started is run here.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_workflows_set_queue (H3Workflows *workflows, const char *url, GError **error);

/**
 * h3_workflows_set_concurrency:
 * @workflows: workflows that have not started
 * @runs: how many runs go on at a time; 64, at least 1
 * @steps: how many steps of all of them; 64, at least 1
 *
 * Bounds what goes on at a time: others wait in line. A program that runs takes three descriptors.
 *
 * Since: 0.1
 */
void h3_workflows_set_concurrency (H3Workflows *workflows, guint runs, guint steps);

/**
 * h3_workflows_set_keep:
 * @workflows: workflows that have not started
 * @runs: how many ended runs are kept; 10,000, at least 1
 * @seconds: for how long; 30 days, at least 1 second
 *
 * Bounds what is kept of runs that have ended.
 *
 * Since: 0.1
 */
void h3_workflows_set_keep (H3Workflows *workflows, guint runs, gint64 seconds);

/**
 * h3_workflows_start:
 * @workflows: workflows that have not started
 * @error: %H3_ERROR_NOT_FOUND where a plan calls a function that is not there; %H3_ERROR_FAILED and
 *   %H3_ERROR_INVALID: the file, the thread; %H3_ERROR_CLOSED: it is started already
 *
 * Starts: from now on runs can be started. Those that a process left unfinished that is no more are
 * taken up: what they had begun is begun again where their plans say "resume", else they are marked
 * as interrupted; what is left of their programs is killed.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_workflows_start (H3Workflows *workflows, GError **error);

/**
 * h3_workflows_stop:
 * @workflows: workflows
 *
 * Ends it: programs get SIGTERM, and SIGKILL after five seconds, functions are cancelled; what had
 * been begun is interrupted, and is resumed by the next start where runs are kept in a folder and
 * their plans say so. Waits for all of it; not on a loop's thread, nor in a function of a step. It
 * may be started again then.
 *
 * Since: 0.1
 */
void h3_workflows_stop (H3Workflows *workflows);

/* --- runs --- */

/**
 * h3_workflows_start_run:
 * @workflows: workflows that have started
 * @name: of a plan
 * @input: (nullable): JSON, which the plan's references can name
 * @error: %H3_ERROR_NOT_FOUND: no such plan; %H3_ERROR_SYNTAX: @input is no JSON; %H3_ERROR_LIMIT:
 *   10,000 runs are there already that have not ended, or what they do can be kept no more;
 *   %H3_ERROR_CLOSED: it has not been started, or was stopped
 *
 * Starts a run. Never waits for it.
 *
 * Returns: (transfer full): the run's id; %NULL with @error
 *
 * Since: 0.1
 */
char *h3_workflows_start_run (H3Workflows *workflows, const char *name, const char *input,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_workflows_cancel_run:
 * @workflows: workflows that have started
 * @id: a run's
 * @error: %H3_ERROR_NOT_FOUND: no such run is here
 *
 * Has a run end: its programs by SIGTERM, then SIGKILL, at once where it was cancelled before; it
 * is cancelled when they have ended.
 *
 * Returns: %FALSE with @error; %TRUE also where it has ended (of late)
 *
 * Since: 0.1
 */
gboolean h3_workflows_cancel_run (H3Workflows *workflows, const char *id, GError **error);

/**
 * h3_workflows_count_runs:
 * @workflows: workflows
 *
 * Counts the runs that have not ended.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint h3_workflows_count_runs (H3Workflows *workflows);

G_END_DECLS
