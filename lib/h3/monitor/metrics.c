/* SPDX-License-Identifier: MIT */

#include "metrics.h"

#include "metrics-private.h"

#include <h3/http/event-inside.h>
#include <h3/loop/ticks.h>
#include <h3/route/chain-inside.h>

#define STATUS_SWITCHED 101

/* Set on routes that are not to be measured. */
#define LEFT_OUT "h3-metrics-left-out"

/* What is known of an exchange at its beginning only. */
typedef struct {
    EventHook hook;
    H3Metrics *metrics; /* borrowed: the middleware, which outlives its events */
    guint64 started;    /* ticks */
} Entry;

G_DEFINE_BOXED_TYPE (H3Metrics, h3_metrics, h3_metrics_ref, h3_metrics_unref)

static void
add_label (H3Metrics *metrics, const char *text)
{
    char *label = g_strdup (text);

    g_hash_table_insert (metrics->indices, label, GUINT_TO_POINTER (metrics->labels->len));
    g_ptr_array_add (metrics->labels, label);
}

H3Metrics *
h3_metrics_new (void)
{
    static _Atomic guint64 last_id;
    H3Metrics *metrics = g_new0 (H3Metrics, 1);

    ticks_begin ();
    atomic_init (&metrics->refs, 1);
    metrics->id = atomic_fetch_add (&last_id, 1) + 1;
    pthread_mutex_init (&metrics->mutex, NULL);
    pthread_mutex_init (&metrics->collecting, NULL);
    metrics->labels = g_ptr_array_new_with_free_func (g_free);
    metrics->indices = g_hash_table_new (g_str_hash, g_str_equal);
    metrics->families = g_ptr_array_new_with_free_func (metrics_family_free);
    metrics->collectors = g_array_new (FALSE, FALSE, sizeof (MetricsCollecting));
    add_label (metrics, "");
    add_label (metrics, "other");
    return metrics;
}

H3Metrics *
h3_metrics_ref (H3Metrics *metrics)
{
    g_return_val_if_fail (metrics != NULL, NULL);
    atomic_fetch_add_explicit (&metrics->refs, 1, memory_order_relaxed);
    return metrics;
}

void
h3_metrics_unref (H3Metrics *metrics)
{
    if (metrics == NULL || atomic_fetch_sub_explicit (&metrics->refs, 1, memory_order_acq_rel) != 1)
        return;
    metrics_free_threads (metrics);
    g_hash_table_unref (metrics->indices);
    g_ptr_array_unref (metrics->labels);
    g_ptr_array_unref (metrics->families);
    g_array_unref (metrics->collectors);
    pthread_mutex_destroy (&metrics->collecting);
    pthread_mutex_destroy (&metrics->mutex);
    g_free (metrics);
}

void
metrics_add_collector (H3Metrics *metrics, MetricsCollector collector, gpointer data)
{
    MetricsCollecting collecting = { collector, data };

    pthread_mutex_lock (&metrics->collecting);
    g_array_append_val (metrics->collectors, collecting);
    pthread_mutex_unlock (&metrics->collecting);
}

void
metrics_remove_collector (H3Metrics *metrics, gpointer data)
{
    pthread_mutex_lock (&metrics->collecting);
    for (guint i = metrics->collectors->len; i > 0; i--) {
        if (g_array_index (metrics->collectors, MetricsCollecting, i - 1).data == data)
            g_array_remove_index (metrics->collectors, i - 1);
    }
    pthread_mutex_unlock (&metrics->collecting);
}

/* The head, and the body as far as its length is known without having counted it. */
static guint64
measure_request (const H3Request *request)
{
    guint64 body = 0;

    if (G_UNLIKELY (request->has_body)) {
        if (!request->chunked)
            body = request->content_length;
        else if (request->body != NULL)
            body = g_bytes_get_size (request->body);
    }
    return request->head.length + body;
}

/* Another thread may hold the event still: it is looked at only, but for the head's bytes, which
 * may be gone. */
static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    const Entry *entry = user_data;
    const H3Request *request = &event->request;
    MetricsSample sample = {
        .duration = ticks_get_span (entry->started, ticks_get ()),
        .bytes_in = measure_request (request),
        .bytes_out = event->body_sent,
        .status = event->sent_status,
        .is_timed = event->sent_status != STATUS_SWITCHED,
        .is_aborted = outcome != H3_OUTCOME_SENT,
    };

    metrics_row_add (metrics_get_row (entry->metrics, event->route, request->method), &sample);
}

static inline void
note_event (H3Event *event, gpointer user_data)
{
    Entry *entry = arena_alloc (event->arena, sizeof *entry);

    entry->hook.function.on_dispose = on_disposed;
    entry->hook.user_data = entry;
    entry->hook.destroy = NULL;
    entry->hook.is_headless = TRUE;
    entry->metrics = user_data;
    entry->started = ticks_get ();
    event_hang_dispose_hook (event, &entry->hook);
}

/* Nothing is left to do behind what comes next: it takes the place of this step. */
static void
measure_event (H3Event *event, gpointer user_data)
{
    note_event (event, user_data);
    chain_next (event);
}

static gboolean
is_measured (const H3Route *route, gpointer user_data)
{
    return route == NULL || h3_route_get_data (route, LEFT_OUT) == NULL;
}

static void
measure_unread (H3Event *event, gpointer user_data)
{
    if (is_measured (event->route, user_data))
        note_event (event, user_data);
}

H3Middleware *
h3_metrics_new_middleware (H3Metrics *metrics)
{
    H3Middleware *middleware;

    g_return_val_if_fail (metrics != NULL, NULL);
    middleware = h3_middleware_new (measure_event, h3_metrics_ref (metrics),
                                    (GDestroyNotify) h3_metrics_unref);
    middleware_set_unread (middleware, measure_unread);
    middleware_set_choice (middleware, is_measured);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}

void
h3_metrics_leave_out (H3Route *route)
{
    static char mark;

    if (route != NULL)
        h3_route_set_data_full (route, LEFT_OUT, &mark, NULL);
}
