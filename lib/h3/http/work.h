/* SPDX-License-Identifier: MIT
 *
 * Work that would block a worker, run on the server's pool of threads. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3Work:
 * @data: (nullable) (closure): what was handed over: the one thing it may touch, nothing of the
 *   event or its arena
 * @cancellable: (transfer none): the event's
 *
 * Does what would block a worker. Runs on a thread of the pool.
 *
 * Since: 0.1
 */
typedef void (*H3Work) (gpointer data, GCancellable *cancellable);

/**
 * H3WorkDone:
 * @event: (transfer none): the event, which may have ended meanwhile: answering it is then no harm
 * @data: (nullable) (closure): what was handed over
 *
 * Is told that the work is done. Runs on the event's worker, behind @data's work.
 *
 * Since: 0.1
 */
typedef void (*H3WorkDone) (H3Event *event, gpointer data);

/**
 * h3_event_offload: (skip)
 * @event: the exchange, which is held until @done has returned
 * @work: (scope notified) (closure data) (destroy destroy): what to run
 * @done: (nullable) (scope notified) (closure data): called behind @work, on the event's worker,
 *   never inline
 * @data: (nullable): for both
 * @destroy: (nullable): for @data, behind @done; alone where the server ended first
 *
 * Runs what would block the worker on the server's pool of threads. The event's worker only.
 *
 * Its twin for bindings, whose functions have data of their own, is h3_event_offload_full().
 *
 * Since: 0.1
 */
void h3_event_offload (H3Event *event, H3Work work, H3WorkDone done, gpointer data,
                       GDestroyNotify destroy);

/**
 * h3_event_offload_full: (rename-to h3_event_offload)
 * @event: the exchange, which is held until @done has returned
 * @work: (scope notified) (closure work_data) (destroy work_destroy): what to run
 * @work_data: (nullable): for @work
 * @work_destroy: (nullable): for @work_data
 * @done: (nullable) (scope notified) (closure done_data) (destroy done_destroy): called behind
 *   @work, on the event's worker, never inline
 * @done_data: (nullable): for @done
 * @done_destroy: (nullable): for @done_data
 *
 * Runs what would block the worker on the server's pool of threads, as h3_event_offload() does,
 * with data for each function. The event's worker only.
 *
 * Both destroy functions are called behind @done, alone where the server ended first.
 *
 * Since: 0.1
 */
void h3_event_offload_full (H3Event *event, H3Work work, gpointer work_data,
                            GDestroyNotify work_destroy, H3WorkDone done, gpointer done_data,
                            GDestroyNotify done_destroy);

G_END_DECLS
