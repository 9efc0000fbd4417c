/* SPDX-License-Identifier: MIT
 *
 * Recycles the events of one worker: taken from GSlice, kept on a list of its own, reset when they
 * come back, so that one at rest holds nothing of its last exchange. The worker's thread only. */

#pragma once

#include <h3/http/event-inside.h>

G_BEGIN_DECLS

/* At most `max_resting` rest; 0: every event is made and freed (no pooling). */
EventPool *event_pool_new (guint max_resting);
/* Events that are out are freed when they come back, without the pool. */
void event_pool_free (EventPool *pool);

H3Event *event_pool_acquire (EventPool *pool);
void event_pool_release (EventPool *pool, H3Event *event);

/* Makes `n` rest already; frees all that rest but `n`. */
void event_pool_warm_up (EventPool *pool, guint n);
void event_pool_trim (EventPool *pool, guint n);

guint event_pool_count_resting (const EventPool *pool);

G_END_DECLS
