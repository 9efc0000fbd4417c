/* SPDX-License-Identifier: MIT
 *
 * What the server counts and times, for Prometheus, and what has become of that. All routes are
 * measured but those of benchmarks. */

#include "demo.h"

#include "demo-route.h"

/* Owned: from demo_open_metrics () to demo_close_metrics (). */
static H3Metrics *metrics;
static H3Trend *trend;

H3Metrics *
demo_get_metrics (void)
{
    return metrics;
}

H3Trend *
demo_get_trend (void)
{
    return trend;
}

void
demo_open_metrics (H3App *app)
{
    metrics = h3_metrics_new ();
    trend = h3_trend_new (metrics);
    h3_app_use (app, "/", h3_metrics_new_middleware (metrics));
    h3_app_use (app, "/", h3_trend_new_middleware (trend));
}

void
demo_add_metrics (H3App *app)
{
    demo_add (app, "GET", "/metrics", h3_metrics_show, metrics,
              "What the server counts and times, for Prometheus");
    demo_add (app, "GET", "/trend", h3_trend_show, trend,
              "How long each route takes, and whether one has become slower or something grows");
}

void
demo_close_metrics (void)
{
    g_clear_object (&trend);
    g_clear_pointer (&metrics, h3_metrics_unref);
}
