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

static inline void
put_to_rest (EventPool *pool, H3Event *event, CounterSet *own)
{
    event->next = pool->resting;
    pool->resting = event;
    pool->n_resting++;
    counters_add_to (own, COUNTER_EVENTS_POOLED, 1);
}

static G_GNUC_NO_INLINE H3Event *
make_event (EventPool *pool)
{
    H3Event *event = event_create ();

    event->pool = pool;
    return event;
}

H3Event *
event_pool_acquire (EventPool *pool)
{
    H3Event *event = pool->resting;
    CounterSet *own = counters_get_own ();

    counters_add_to (own, COUNTER_EVENTS_LIVE, 1);
    counters_add_to (own, COUNTER_EVENTS_ACQUIRED, 1);
    if (event == NULL)
        return make_event (pool);
    pool->resting = event->next;
    pool->n_resting--;
    counters_add_to (own, COUNTER_EVENTS_POOLED, -1);
    counters_add_to (own, COUNTER_EVENTS_REUSED, 1);
    return event;
}

void
event_pool_release (EventPool *pool, H3Event *event)
{
    CounterSet *own = counters_get_own ();

    counters_add_to (own, COUNTER_EVENTS_LIVE, -1);
    event_reset (event);
    if (pool->n_resting >= pool->max_resting)
        event_destroy (event);
    else
        put_to_rest (pool, event, own);
}

void
event_pool_warm_up (EventPool *pool, guint n)
{
    while (pool->n_resting < MIN (n, pool->max_resting))
        put_to_rest (pool, make_event (pool), counters_get_own ());
}

guint
event_pool_count_resting (const EventPool *pool)
{
    return pool->n_resting;
}
