/* SPDX-License-Identifier: MIT */

#include "sse-private.h"

#include <h3/base/counters.h>
#include <h3/base/random.h>
#include <h3/http/event-flow.h>
#include <h3/http/event-waits.h>
#include <h3/loop/clock.h>

#include <stddef.h>

G_DEFINE_BOXED_TYPE (H3Sse, h3_sse, h3_sse_ref, h3_sse_unref)

H3Sse *
sse_hold (H3Sse *sse)
{
    atomic_fetch_add_explicit (&sse->holds, 1, memory_order_relaxed);
    return sse;
}

void
sse_let_go (gpointer data)
{
    H3Sse *sse = data;

    if (atomic_fetch_sub_explicit (&sse->holds, 1, memory_order_acq_rel) != 1)
        return;
    if (sse->outbox != NULL)
        g_string_free (sse->outbox, TRUE);
    pthread_mutex_destroy (&sse->mutex);
    loop_unref (sse->loop);
    g_free (sse);
    counters_add (COUNTER_SSE_LIVE, -1);
}

H3Sse *
h3_sse_ref (H3Sse *sse)
{
    g_return_val_if_fail (sse != NULL, NULL);
    atomic_fetch_add_explicit (&sse->references, 1, memory_order_relaxed);
    return sse;
}

void
h3_sse_unref (H3Sse *sse)
{
    if (sse == NULL || atomic_fetch_sub_explicit (&sse->references, 1, memory_order_acq_rel) != 1)
        return;
    h3_sse_close (sse);
    sse_let_go (sse);
}

gboolean
h3_sse_is_open (const H3Sse *sse)
{
    g_return_val_if_fail (sse != NULL, FALSE);
    return atomic_load_explicit (&((H3Sse *) sse)->is_open, memory_order_acquire);
}

static void
drop_drain (H3Sse *sse)
{
    GDestroyNotify destroy = g_steal_pointer (&sse->drain.destroy);

    sse->drain.function = NULL;
    if (destroy != NULL)
        destroy (sse->drain.user_data);
}

static void
tell_end (H3Sse *sse)
{
    H3SseEnded function = g_steal_pointer (&sse->end.function);
    GDestroyNotify destroy = g_steal_pointer (&sse->end.destroy);
    gpointer user_data = sse->end.user_data;

    if (function != NULL)
        function (sse, (H3SseEnd) sse->why, user_data);
    if (destroy != NULL)
        destroy (user_data);
}

void
sse_end (H3Sse *sse, H3SseEnd why)
{
    H3Event *event = g_steal_pointer (&sse->event);

    if (event == NULL)
        return;
    sse_hold (sse);
    sse->why = (guint8) why;
    pthread_mutex_lock (&sse->mutex);
    atomic_store_explicit (&sse->is_open, FALSE, memory_order_release);
    pthread_mutex_unlock (&sse->mutex);
    endings_remove (loop_get_endings (sse->loop), &sse->ending);
    deadline_disarm (&sse->heartbeat);
    sse_drop_feeds (sse);
    h3_event_finish (event);
    drop_drain (sse);
    tell_end (sse);
    h3_event_unref (event);
    sse_let_go (sse);
}

void
h3_sse_set_bound (H3Sse *sse, gsize bytes)
{
    g_return_if_fail (sse != NULL);
    atomic_store_explicit (&sse->bound, bytes, memory_order_relaxed);
}

/* One that has not taken what waits would not take this. */
static void
on_silence (DeadlineNode *node)
{
    H3Sse *sse = (H3Sse *) ((char *) node - offsetof (H3Sse, heartbeat));

    if (sse_look_at_waiting (sse) == 0)
        (void) h3_event_write (sse->event, ":\n\n", 3);
    sse_flush (sse);
}

void
h3_sse_set_heartbeat (H3Sse *sse, guint milliseconds)
{
    Deadlines *deadlines;

    g_return_if_fail (sse != NULL);
    g_return_if_fail (loop_get_current () == sse->loop);
    deadlines = loop_get_deadlines (sse->loop);
    deadline_disarm (&sse->heartbeat);
    sse->heartbeats = NULL;
    if (sse->event == NULL || milliseconds == 0 || deadlines == NULL)
        return;
    sse->heartbeats = deadlines_find_list (deadlines, milliseconds, on_silence);
    deadline_arm (&sse->heartbeat, sse->heartbeats, clock_get_now ());
}

void
h3_sse_on_drain (H3Sse *sse, H3SseFunction function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (sse != NULL);
    g_return_if_fail (loop_get_current () == sse->loop);
    drop_drain (sse);
    sse->has_new_drain = TRUE;
    if (sse->event == NULL) {
        if (destroy != NULL)
            destroy (user_data);
        return;
    }
    sse->drain.function = function;
    sse->drain.user_data = user_data;
    sse->drain.destroy = destroy;
}

void
h3_sse_on_end (H3Sse *sse, H3SseEnded function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (sse != NULL && function != NULL);
    g_return_if_fail (loop_get_current () == sse->loop);
    g_return_if_fail (sse->end.function == NULL);
    sse->end.function = function;
    sse->end.user_data = user_data;
    sse->end.destroy = destroy;
    if (sse->event == NULL)
        tell_end (sse);
}

const char *
h3_event_get_last_event_id (H3Event *event)
{
    const char *id;

    g_return_val_if_fail (event != NULL, NULL);
    id = h3_request_get_header (h3_event_get_request (event), "Last-Event-ID");
    return id != NULL && *id != '\0' ? id : NULL;
}

/* The clients of a server that ends do not all come back at the same moment. */
static gint64
choose_retry (void)
{
    guint16 random;

    return random_fill (&random, sizeof random) ? 1000 + random % 4000 : 3000;
}

static void
on_drain (EndingNode *node)
{
    H3Sse *sse = (H3Sse *) ((char *) node - offsetof (H3Sse, ending));

    sse_end_with (sse, H3_SSE_END_DRAIN, "the server ends", choose_retry ());
}

static void
on_cancelled (H3Event *event, gpointer user_data)
{
    sse_end (user_data, H3_SSE_END_GONE);
}

static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    sse_end (user_data, H3_SSE_END_GONE);
}

static void
set_fields (H3Response *response)
{
    h3_response_set_content_type (response, "text/event-stream");
    if (h3_response_get_header (response, "Cache-Control") == NULL)
        (void) h3_response_set_header (response, "Cache-Control", "no-store");
    /* What nginx knows; others do not mind it. */
    (void) h3_response_set_header (response, "X-Accel-Buffering", "no");
}

static H3Sse *
new_sse (H3Event *event)
{
    H3Sse *sse = g_new0 (H3Sse, 1);

    atomic_init (&sse->references, 1);
    atomic_init (&sse->holds, 1);
    atomic_init (&sse->bound, H3_SSE_BOUND);
    atomic_init (&sse->is_open, TRUE);
    atomic_init (&sse->waiting, 0);
    pthread_mutex_init (&sse->mutex, NULL);
    sse->loop = loop_ref (event->loop);
    sse->event = h3_event_defer (event);
    counters_add (COUNTER_SSE_LIVE, 1);
    return sse;
}

H3Sse *
h3_sse_start (H3Event *event)
{
    Endings *endings;
    H3Sse *sse;

    g_return_val_if_fail (event != NULL, NULL);
    g_return_val_if_fail (event_is_on_worker (event), NULL);
    if (event->phase != EVENT_OPEN || event->carrier == NULL)
        return NULL;
    set_fields (&event->response);
    h3_event_start_stream (event, -1);
    if (!event->is_streaming || event->carrier == NULL)
        return NULL;
    if (h3_request_get_method (&event->request) == H3_METHOD_HEAD) {
        h3_event_finish (event);
        return NULL;
    }
    sse = new_sse (event);
    h3_event_on_dispose (event, on_disposed, sse_hold (sse), sse_let_go);
    event_wait_for_cancel (event, on_cancelled, sse_hold (sse), sse_let_go);
    endings = loop_get_endings (sse->loop);
    sse->ending.on_ending = on_drain;
    if (endings->has_come[ENDING_DRAIN]) {
        on_drain (&sse->ending);
        h3_sse_unref (sse);
        return NULL;
    }
    endings_add (endings, ENDING_DRAIN, &sse->ending);
    h3_sse_set_heartbeat (sse, H3_SSE_HEARTBEAT);
    return sse;
}
