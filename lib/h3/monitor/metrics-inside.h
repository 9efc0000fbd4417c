/* SPDX-License-Identifier: MIT
 *
 * What others that watch the server read of its metrics, and how they add to them. Any thread. */

#pragma once

#include <h3/base/histogram.h>
#include <h3/http/method.h>
#include <h3/monitor/metrics-text.h>
#include <h3/monitor/metrics.h>

G_BEGIN_DECLS

/* By the first digit of the status; 0: it ended before any was sent. */
#define METRICS_N_STATUSES 6

/* No more routes than this have a row of their own; further ones share one. */
#define METRICS_MAX_ROUTES 1000

/* What is known of the requests for one route by one method, added up over all threads. */
typedef struct {
    const char *route;  /* a pattern; "": none was found, or none was looked for; "other": further
                         * routes. As long as the metrics */
    const char *method; /* "GET"; "OTHER" */
    guint64 n_requests; /* all that are over */
    guint64 statuses[METRICS_N_STATUSES];
    guint64 n_timed; /* all but those that became something else, as WebSockets do */
    guint64 sum;     /* of their durations, in nanoseconds */
    guint64 buckets[HISTOGRAM_N_BUCKETS];
    guint64 bytes_in, bytes_out; /* of heads and bodies that came whole; of bodies that left */
    guint64 aborted;             /* clients gone, errors and deadlines before the end */
} MetricsRoute;

/* By route, then by method. `route` is lent. */
typedef void (*MetricsRouteFunction) (const MetricsRoute *route, gpointer data);
void metrics_foreach_route (H3Metrics *metrics, MetricsRouteFunction function, gpointer data);

/* One request that is over. */
typedef struct {
    guint64 duration; /* nanoseconds */
    guint64 bytes_in, bytes_out;
    guint status; /* 0: none was sent */
    gboolean is_timed, is_aborted;
} MetricsSample;

/* As if a request for `route` had passed the middleware on this thread. */
void metrics_note (H3Metrics *metrics, const char *route, H3Method method,
                   const MetricsSample *sample);

/* Called whenever the metrics are read: writes families of its own. It is removed before `data`
 * ends; when that returns, it is not running and never will. */
typedef void (*MetricsCollector) (MetricsText *text, gpointer data);
void metrics_add_collector (H3Metrics *metrics, MetricsCollector collector, gpointer data);
void metrics_remove_collector (H3Metrics *metrics, gpointer data);

G_END_DECLS
