/* SPDX-License-Identifier: MIT
 *
 * A run as it happens, for programs: what `GET /workflows/runs/:id/events` tells clients. Any
 * thread. Since: 0.1 */

#pragma once

#include <h3/workflow/workflows.h>

G_BEGIN_DECLS

/**
 * H3RunFunction:
 * @kind: (nullable): `run`, `step` or `line`; %NULL: nothing more comes
 * @json: (nullable): what happened, as docs/workflows.md has it
 * @user_data: (nullable) (closure): what was given with it
 *
 * Hears what happens in a run. Called on the thread that runs all runs: it must not wait.
 *
 * Since: 0.1
 */
typedef void (*H3RunFunction) (const char *kind, const char *json, gpointer user_data);

/**
 * h3_workflows_follow_run:
 * @workflows: workflows that have started
 * @id: a run's
 * @function: (scope notified) (closure user_data) (destroy destroy): called for each thing that
 *   happens in the run, from its first on, and once more behind the last, or where there is no such
 *   run, or where @workflows stop before it ends
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the last call
 *
 * Has a function told of a run as it happens.
 *
 * Since: 0.1
 */
void h3_workflows_follow_run (H3Workflows *workflows, const char *id, H3RunFunction function,
                              gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
