/* SPDX-License-Identifier: MIT */

#include "event-pool.h"

#include <h3/base/counters.h>

struct _EventPool {
    H3Event *resting; /* owned */
    guint n_resting, max_resting;
};

EventPool *
event_pool_new (guint max_resting)
{
    EventPool *pool = g_new0 (EventPool, 1);

    pool->max_resting = max_resting;
    return pool;
}

void
event_pool_trim (EventPool *pool, guint n)
{
    while (pool->n_resting > n) {
        H3Event *event = pool->resting;

        pool->resting = event->next;
        pool->n_resting--;
        counters_add (COUNTER_EVENTS_POOLED, -1);
        event_destroy (event);
    }
}

void
event_pool_free (EventPool *pool)
{
    if (pool == NULL)
        return;
    event_pool_trim (pool, 0);
    g_free (pool);
}

static void
put_to_rest (EventPool *pool, H3Event *event)
{
    event->next = pool->resting;
    pool->resting = event;
    pool->n_resting++;
    counters_add (COUNTER_EVENTS_POOLED, 1);
}

H3Event *
event_pool_acquire (EventPool *pool)
{
    H3Event *event = pool->resting;

    counters_add (COUNTER_EVENTS_LIVE, 1);
    counters_add (COUNTER_EVENTS_ACQUIRED, 1);
    if (event == NULL) {
        event = event_create ();
        event->pool = pool;
        return event;
    }
    pool->resting = event->next;
    pool->n_resting--;
    counters_add (COUNTER_EVENTS_POOLED, -1);
    counters_add (COUNTER_EVENTS_REUSED, 1);
    return event;
}

void
event_pool_release (EventPool *pool, H3Event *event)
{
    counters_add (COUNTER_EVENTS_LIVE, -1);
    if (pool->n_resting >= pool->max_resting) {
        event_destroy (event);
        return;
    }
    event_reset (event);
    put_to_rest (pool, event);
}

void
event_pool_warm_up (EventPool *pool, guint n)
{
    while (pool->n_resting < MIN (n, pool->max_resting)) {
        H3Event *event = event_create ();

        event->pool = pool;
        put_to_rest (pool, event);
    }
}

guint
event_pool_count_resting (const EventPool *pool)
{
    return pool->n_resting;
}
