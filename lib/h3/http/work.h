/* SPDX-License-Identifier: MIT
 *
 * Work that would block a worker, run on the server's pool of threads. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3Work:
 * @data: what was handed over: the one thing it may touch, nothing of the event or its arena
 * @cancellable: the event's
 *
 * Runs on a thread of the pool.
 */
typedef void (*H3Work) (gpointer data, GCancellable *cancellable);

/**
 * H3WorkDone:
 * @event: (transfer none): the event, which may have ended meanwhile: answering it is then no harm
 *
 * Runs on the event's worker, behind @data's work.
 */
typedef void (*H3WorkDone) (H3Event *event, gpointer data);

/**
 * h3_event_offload:
 * @work: (scope notified): what to run
 * @done: (nullable) (scope notified): called with its result, never inline
 * @data: (nullable): for both
 * @destroy: (nullable): for @data, behind @done; alone where the server ended first
 *
 * The event is held until @done has returned. Worker only.
 */
void h3_event_offload (H3Event *event, H3Work work, H3WorkDone done, gpointer data,
                       GDestroyNotify destroy);

G_END_DECLS
