/* SPDX-License-Identifier: MIT
 *
 * Watches what metrics measure: percentiles of each route over time, whether a route has become
 * slower than it was, whether something lives on that should not. What it finds is told by signal,
 * as a message in the log, as metrics, and as JSON. docs/trend.md has the rules. Any thread;
 * signals come on the thread that steps, which with a server is a worker's. Since: 0.1 */

#pragma once

#include <h3/monitor/metrics.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define H3_TYPE_TREND (h3_trend_get_type ())

/**
 * H3Trend::regression:
 * @trend: a watch
 * @route: the route's pattern
 * @method: its method
 * @before: the 95th percentile that it had, in seconds
 * @now: the 95th percentile that it has, in seconds
 *
 * Is emitted once when a route has become slower than it was.
 *
 * Since: 0.1
 */

/**
 * H3Trend::recovery:
 * @trend: a watch
 * @route: the route's pattern
 * @method: its method
 * @before: the 95th percentile that it had, in seconds
 * @now: the 95th percentile that it has, in seconds
 *
 * Is emitted once when a route is again as before, or its slowness is taken for what is usual.
 *
 * Since: 0.1
 */

/**
 * H3Trend::growth:
 * @trend: a watch
 * @kind: of live objects, or `resident_bytes` of memory
 * @from: how many there were
 * @to: how many there are
 *
 * Is emitted once when there are more and more of something.
 *
 * Since: 0.1
 */

/**
 * H3Trend::growth-ended:
 * @trend: a watch
 * @kind: as of #H3Trend::growth
 * @from: how many there were
 * @now: how many there are
 *
 * Is emitted once when it grows no more.
 *
 * Since: 0.1
 */

/**
 * H3Trend:
 *
 * A watch over metrics. Each of its signals is emitted once when something begins and once when it
 * ends.
 *
 * Since: 0.1
 */
G_DECLARE_FINAL_TYPE (H3Trend, h3_trend, H3, TREND, GObject)

/**
 * h3_trend_new:
 * @metrics: (transfer none): what it watches; a reference is kept
 *
 * Makes a watch over @metrics.
 *
 * Returns: (transfer full): a new watch
 *
 * Since: 0.1
 */
H3Trend *h3_trend_new (H3Metrics *metrics);

/**
 * h3_trend_new_middleware:
 * @trend: a watch
 *
 * Has the workers of the server step @trend, every ten seconds one of them. It stands before no
 * route, and costs requests nothing.
 *
 * Returns: (transfer full): middleware for h3_app_use(), at `/`
 *
 * Since: 0.1
 */
H3Middleware *h3_trend_new_middleware (H3Trend *trend);

/**
 * h3_trend_step:
 * @trend: a watch
 *
 * Looks at what has happened since the last step, where that was ten seconds ago or more: for
 * programs without a server.
 *
 * Since: 0.1
 */
void h3_trend_step (H3Trend *trend);

/**
 * h3_trend_count_regressions:
 * @trend: a watch
 *
 * Counts the routes that are slower than they were.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint h3_trend_count_regressions (H3Trend *trend);

/**
 * h3_trend_count_growths:
 * @trend: a watch
 *
 * Counts the kinds that grow.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint h3_trend_count_growths (H3Trend *trend);

/**
 * h3_trend_describe_text:
 * @trend: a watch
 *
 * Tells what is known.
 *
 * Returns: (transfer full): a JSON text; g_free()
 *
 * Since: 0.1
 */
char *h3_trend_describe_text (H3Trend *trend);

/**
 * h3_trend_show:
 * @event: an exchange
 * @trend: (type H3Trend): which the route must keep
 *
 * Answers with h3_trend_describe_text(): an #H3Handler.
 *
 * Since: 0.1
 */
void h3_trend_show (H3Event *event, gpointer trend);

G_END_DECLS
