/* SPDX-License-Identifier: MIT
 *
 * Workflows over HTTP: handlers, each with the H3Workflows as its `user_data`, which outlives the
 * server. h3_app_add_workflows () puts them all in their places; docs/workflows.md says what they
 * answer. Workers. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * h3_workflows_handle_list:
 * @event: an exchange of GET /workflows
 * @workflows: (type H3Workflows): outlives the server
 *
 * Tells which workflows there are: an #H3Handler.
 *
 * Since: 0.1
 */
void h3_workflows_handle_list (H3Event *event, gpointer workflows);

/**
 * h3_workflows_handle_start:
 * @event: an exchange of POST /workflows/:name/runs, whose body, where there is one, is JSON: the
 *   run's input
 * @workflows: (type H3Workflows): outlives the server
 *
 * Starts a run: an #H3Handler. 202 with Location and {"id", "state"} once the run is kept; 404
 * where there is no such workflow, 403 where its plan is not to be started over HTTP, 503 with
 * Retry-After where too much waits.
 *
 * Since: 0.1
 */
void h3_workflows_handle_start (H3Event *event, gpointer workflows);

/**
 * h3_workflows_handle_runs:
 * @event: an exchange of GET /workflows/runs: ?workflow=, ?state=, ?before=ID and ?limit= choose
 * @workflows: (type H3Workflows): outlives the server
 *
 * Lists runs: an #H3Handler.
 *
 * Since: 0.1
 */
void h3_workflows_handle_runs (H3Event *event, gpointer workflows);

/**
 * h3_workflows_handle_run:
 * @event: an exchange of GET /workflows/runs/:id
 * @workflows: (type H3Workflows): outlives the server
 *
 * Tells how far a run is: an #H3Handler.
 *
 * Since: 0.1
 */
void h3_workflows_handle_run (H3Event *event, gpointer workflows);

/**
 * h3_workflows_handle_events:
 * @event: an exchange of GET /workflows/runs/:id/events
 * @workflows: (type H3Workflows): outlives the server
 *
 * Tells a run as it happens: an #H3Handler. Server-sent events `run`, `step` and `line` with their
 * numbers as ids, from the first or behind Last-Event-ID, to the end of the run; 204 where the
 * client has had all of a run that ended.
 *
 * Since: 0.1
 */
void h3_workflows_handle_events (H3Event *event, gpointer workflows);

/**
 * h3_workflows_handle_cancel:
 * @event: an exchange of DELETE /workflows/runs/:id
 * @workflows: (type H3Workflows): outlives the server
 *
 * Has a run end: an #H3Handler. 202 where it is being ended, 200 with the run where it had ended.
 *
 * Since: 0.1
 */
void h3_workflows_handle_cancel (H3Event *event, gpointer workflows);

G_END_DECLS
