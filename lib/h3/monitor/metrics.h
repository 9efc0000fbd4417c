/* SPDX-License-Identifier: MIT
 *
 * What a server counts and times, in the form that Prometheus reads: durations and statuses by
 * route, the library's own counters, the process, and whatever the program adds. Each worker writes
 * numbers of its own, without a lock; who reads adds them up. Reference-counted; any thread.
 * docs/metrics.md explains each. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3Metrics:
 *
 * A set of metrics. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Metrics H3Metrics;

/**
 * H3Counter:
 *
 * What only grows. Owned by the metrics it was added to, and as long as these. Boxed: a copy of it
 * holds them.
 *
 * Since: 0.1
 */
typedef struct _H3Counter H3Counter;

/**
 * H3Gauge:
 *
 * What goes up and down. Owned by the metrics it was added to, and as long as these. Boxed: a copy
 * of it holds them.
 *
 * Since: 0.1
 */
typedef struct _H3Gauge H3Gauge;

/**
 * H3Histogram:
 *
 * How values are spread. Owned by the metrics it was added to, and as long as these. Boxed: a copy
 * of it holds them.
 *
 * Since: 0.1
 */
typedef struct _H3Histogram H3Histogram;

/**
 * H3MetricsFormat:
 * @H3_METRICS_PROMETHEUS: Prometheus' text format, version 0.0.4
 * @H3_METRICS_OPENMETRICS: OpenMetrics, version 1.0.0
 *
 * In what form metrics are written.
 *
 * Since: 0.1
 */
typedef enum { H3_METRICS_PROMETHEUS, H3_METRICS_OPENMETRICS } H3MetricsFormat;

#define H3_TYPE_METRICS (h3_metrics_get_type ())
GType h3_metrics_get_type (void);
#define H3_TYPE_COUNTER (h3_counter_get_type ())
GType h3_counter_get_type (void);
#define H3_TYPE_GAUGE (h3_gauge_get_type ())
GType h3_gauge_get_type (void);
#define H3_TYPE_HISTOGRAM (h3_histogram_get_type ())
GType h3_histogram_get_type (void);

/**
 * h3_metrics_new:
 *
 * Makes metrics with what the library counts.
 *
 * Returns: (transfer full): new metrics
 *
 * Since: 0.1
 */
H3Metrics *h3_metrics_new (void);

/**
 * h3_metrics_ref:
 * @metrics: a set of metrics
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @metrics
 *
 * Since: 0.1
 */
H3Metrics *h3_metrics_ref (H3Metrics *metrics);

/**
 * h3_metrics_unref:
 * @metrics: (nullable) (transfer full): a set of metrics
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_metrics_unref (H3Metrics *metrics);

/**
 * h3_metrics_new_middleware:
 * @metrics: a set of metrics
 *
 * Counts and times all that passes, from when its head was read until its last byte was taken by
 * the system. To be used at `/` before other middleware: then requests are counted too that have no
 * route or could not be read. Their label is the route's pattern, never the path.
 *
 * Returns: (transfer full): middleware for h3_app_use(), which holds @metrics
 *
 * Since: 0.1
 */
H3Middleware *h3_metrics_new_middleware (H3Metrics *metrics);

/**
 * h3_metrics_leave_out:
 * @route: (nullable): of an app that has not started; %NULL, for one that could not be, is left
 *   alone
 *
 * Has requests for @route not be measured: they pay nothing for it.
 *
 * Since: 0.1
 */
void h3_metrics_leave_out (H3Route *route);

/**
 * h3_metrics_show:
 * @event: an exchange
 * @metrics: (type H3Metrics): which the route must keep
 *
 * Answers with all metrics: an #H3Handler. In OpenMetrics where the client prefers it, else in
 * Prometheus' text format. They are gathered on the pool of threads.
 *
 * Since: 0.1
 */
void h3_metrics_show (H3Event *event, gpointer metrics);

/**
 * h3_metrics_to_text:
 * @metrics: a set of metrics
 * @format: in what form
 *
 * Writes all metrics, in an order that does not change. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_metrics_to_text (H3Metrics *metrics, H3MetricsFormat format);

/**
 * h3_metrics_add_counter:
 * @metrics: a set of metrics
 * @name: letters, digits, `_`; without `_total`, which is written behind it
 * @help: one line on what it counts
 * @labels: (array zero-terminated=1) (nullable): names of its labels; %NULL: none
 *
 * Adds what only grows. A name that is there already gives the same counter, if its labels are the
 * same; another kind or other labels are a critical and %NULL. No metric has more than 1,000
 * series: what is told of further values goes to one with `other` in all labels.
 *
 * Returns: (transfer none): a counter
 *
 * Since: 0.1
 */
H3Counter *h3_metrics_add_counter (H3Metrics *metrics, const char *name, const char *help,
                                   const char *const *labels);

/**
 * h3_counter_add:
 * @counter: a counter
 * @amount: not below 0
 * @values: (array zero-terminated=1) (nullable): one for each label
 *
 * Adds to the series with these values. Without labels it locks nothing. Any thread.
 *
 * Since: 0.1
 */
void h3_counter_add (H3Counter *counter, double amount, const char *const *values);

/**
 * h3_metrics_add_gauge:
 * @metrics: a set of metrics
 * @name: letters, digits, `_`
 * @help: one line on what it says
 * @labels: (array zero-terminated=1) (nullable): names of its labels; %NULL: none
 *
 * Adds what goes up and down, else as h3_metrics_add_counter().
 *
 * Returns: (transfer none): a gauge
 *
 * Since: 0.1
 */
H3Gauge *h3_metrics_add_gauge (H3Metrics *metrics, const char *name, const char *help,
                               const char *const *labels);

/**
 * h3_gauge_set:
 * @gauge: a gauge
 * @value: what it is now
 * @values: (array zero-terminated=1) (nullable): one for each label
 *
 * Sets the series with these values. Any thread.
 *
 * Since: 0.1
 */
void h3_gauge_set (H3Gauge *gauge, double value, const char *const *values);

/**
 * h3_gauge_add:
 * @gauge: a gauge
 * @amount: may be below 0
 * @values: (array zero-terminated=1) (nullable): one for each label
 *
 * Adds to the series with these values. Any thread.
 *
 * Since: 0.1
 */
void h3_gauge_add (H3Gauge *gauge, double amount, const char *const *values);

/**
 * H3GaugeFunction:
 * @user_data: (nullable) (closure): what was given with it
 *
 * Says what a gauge is at the moment; on any thread, while nothing is locked.
 *
 * Returns: the value
 *
 * Since: 0.1
 */
typedef double (*H3GaugeFunction) (gpointer user_data);

/**
 * h3_metrics_add_gauge_function:
 * @metrics: a set of metrics
 * @name: letters, digits, `_`; one that is there already is a critical
 * @help: one line on what it says
 * @function: (scope notified) (closure user_data) (destroy destroy): asked whenever metrics are
 *   read
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, with the end of @metrics
 *
 * Adds a gauge without labels that is asked.
 *
 * Since: 0.1
 */
void h3_metrics_add_gauge_function (H3Metrics *metrics, const char *name, const char *help,
                                    H3GaugeFunction function, gpointer user_data,
                                    GDestroyNotify destroy);

/**
 * h3_metrics_add_histogram:
 * @metrics: a set of metrics
 * @name: letters, digits, `_`
 * @help: one line on what it says
 * @bounds: (array length=n_bounds): what the buckets take at most, rising; one for all above comes
 *   by itself
 * @n_bounds: how many
 * @labels: (array zero-terminated=1) (nullable): names of its labels; %NULL: none
 *
 * Adds what says how values are spread, else as h3_metrics_add_counter().
 *
 * Returns: (transfer none): a histogram
 *
 * Since: 0.1
 */
H3Histogram *h3_metrics_add_histogram (H3Metrics *metrics, const char *name, const char *help,
                                       const double *bounds, gsize n_bounds,
                                       const char *const *labels);

/**
 * h3_histogram_observe:
 * @histogram: a histogram
 * @value: one more
 * @values: (array zero-terminated=1) (nullable): one for each label
 *
 * Counts a value in the series with these values. Any thread.
 *
 * Since: 0.1
 */
void h3_histogram_observe (H3Histogram *histogram, double value, const char *const *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Metrics, h3_metrics_unref)

G_END_DECLS
