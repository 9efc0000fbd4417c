/* SPDX-License-Identifier: MIT
 *
 * All metrics as one text. */

#include "metrics-private.h"

#include <h3/format/negotiation.h>
#include <h3/http/answer.h>
#include <h3/http/work.h>

#include <math.h>
#include <string.h>

/* The bounds that are told, in nanoseconds: all are bounds of buckets as well. */
static const guint64 bounds[] = {
    100000,   250000,    500000,    1000000,   2500000,    5000000,    10000000,   25000000,
    50000000, 100000000, 250000000, 500000000, 1000000000, 2500000000, 5000000000, 10000000000,
};

/* A family of all routes, and what of a route it shows. */
typedef struct {
    MetricsText *text;
    guint64 (*get) (const MetricsRoute *route);
} Column;

static void
write_statuses (const MetricsRoute *route, gpointer text)
{
    static const char *const classes[] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };

    G_STATIC_ASSERT (G_N_ELEMENTS (classes) == METRICS_N_STATUSES);
    for (guint i = 0; i < METRICS_N_STATUSES; i++) {
        if (route->statuses[i] > 0)
            metrics_text_add (text, "", (double) route->statuses[i], "route", route->route,
                              "method", route->method, "status", classes[i], NULL);
    }
}

static void
write_bucket (MetricsText *text, const MetricsRoute *route, double bound, guint64 n)
{
    char le[METRICS_BOUND_SIZE];

    metrics_text_write_bound (bound, le);
    metrics_text_add (text, "_bucket", (double) n, "route", route->route, "method", route->method,
                      "le", le, NULL);
}

static void
write_durations (const MetricsRoute *route, gpointer text)
{
    guint64 n = 0;
    guint index = 0;

    for (guint i = 0; i < G_N_ELEMENTS (bounds); i++) {
        for (; histogram_get_bound (index) <= bounds[i]; index++)
            n += route->buckets[index];
        write_bucket (text, route, (double) bounds[i] / 1e9, n);
    }
    write_bucket (text, route, INFINITY, route->n_timed);
    metrics_text_add (text, "_sum", (double) route->sum / 1e9, "route", route->route, "method",
                      route->method, NULL);
    metrics_text_add (text, "_count", (double) route->n_timed, "route", route->route, "method",
                      route->method, NULL);
}

static guint64
get_bytes_in (const MetricsRoute *route)
{
    return route->bytes_in;
}

static guint64
get_bytes_out (const MetricsRoute *route)
{
    return route->bytes_out;
}

static guint64
get_aborted (const MetricsRoute *route)
{
    return route->aborted;
}

static void
write_column (const MetricsRoute *route, gpointer data)
{
    const Column *column = data;

    metrics_text_add (column->text, "", (double) column->get (route), "route", route->route,
                      "method", route->method, NULL);
}

static void
write_counter (H3Metrics *metrics, MetricsText *text, const char *name, const char *help,
               guint64 (*get) (const MetricsRoute *route))
{
    Column column = { text, get };

    metrics_text_begin (text, name, METRICS_COUNTER, help);
    metrics_foreach_route (metrics, write_column, &column);
}

static void
write_routes (H3Metrics *metrics, MetricsText *text)
{
    metrics_text_begin (text, "h3_http_requests", METRICS_COUNTER,
                        "Requests that are over, by route, method and class of status");
    metrics_foreach_route (metrics, write_statuses, text);
    metrics_text_begin (text, "h3_http_request_duration_seconds", METRICS_HISTOGRAM,
                        "From a request's head to the last byte of its answer");
    metrics_foreach_route (metrics, write_durations, text);
    write_counter (metrics, text, "h3_http_aborted_requests",
                   "Requests whose client went away, or that were cut", get_aborted);
    write_counter (metrics, text, "h3_http_received_bytes",
                   "Heads of requests, and bodies of which the length was told", get_bytes_in);
    write_counter (metrics, text, "h3_http_sent_bytes", "Bodies of answers", get_bytes_out);
}

static void
run_collectors (H3Metrics *metrics, MetricsText *text)
{
    pthread_mutex_lock (&metrics->collecting);
    for (guint i = 0; i < metrics->collectors->len; i++) {
        const MetricsCollecting *one = &g_array_index (metrics->collectors, MetricsCollecting, i);

        one->function (text, one->data);
    }
    pthread_mutex_unlock (&metrics->collecting);
}

char *
h3_metrics_to_text (H3Metrics *metrics, H3MetricsFormat format)
{
    MetricsText *text;

    g_return_val_if_fail (metrics != NULL && format <= H3_METRICS_OPENMETRICS, NULL);
    text = metrics_text_new (format);
    metrics_write_library (text);
    write_routes (metrics, text);
    run_collectors (metrics, text);
    metrics_write_families (metrics, text);
    return metrics_text_end (text);
}

typedef struct {
    H3Metrics *metrics; /* ref */
    H3MetricsFormat format;
    char *text; /* owned; NULL: not gathered yet */
} Showing;

static void
free_showing (gpointer data)
{
    Showing *showing = data;

    h3_metrics_unref (showing->metrics);
    g_free (showing->text);
    g_free (showing);
}

static void
gather (gpointer data, GCancellable *cancellable)
{
    Showing *showing = data;

    showing->text = h3_metrics_to_text (showing->metrics, showing->format);
}

static void
answer (H3Event *event, gpointer data)
{
    Showing *showing = data;
    gsize length = strlen (showing->text);
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&showing->text), length);

    h3_event_set_cache_control (event, "no-store");
    h3_event_send_bytes (event,
                         showing->format == H3_METRICS_OPENMETRICS
                             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                             : "text/plain; version=0.0.4; charset=utf-8",
                         bytes);
}

void
h3_metrics_show (H3Event *event, gpointer metrics)
{
    static const char *const offers[] = { "text/plain;version=0.0.4",
                                          "application/openmetrics-text;version=1.0.0" };
    H3View accept;
    Showing *showing;

    g_return_if_fail (event != NULL && metrics != NULL);
    accept = h3_request_get_header_view (h3_event_get_request (event), H3_VIEW ("Accept"));
    showing = g_new0 (Showing, 1);
    showing->metrics = h3_metrics_ref (metrics);
    showing->format = h3_negotiate_type (accept, offers, G_N_ELEMENTS (offers)) == 1
                          ? H3_METRICS_OPENMETRICS
                          : H3_METRICS_PROMETHEUS;
    h3_event_offload (event, gather, answer, showing, free_showing);
}
