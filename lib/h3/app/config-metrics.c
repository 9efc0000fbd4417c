/* SPDX-License-Identifier: MIT
 *
 * [metrics]. What was counted outlives every reload, and so does what is known of its trend. */

#include "config-shapes.h"

#include <h3/monitor/metrics.h>

static void
unref_metrics (gpointer metrics)
{
    h3_metrics_unref (metrics);
}

H3Metrics *
config_metrics_get (ConfigBuild *build)
{
    H3Metrics *metrics = config_kept_find (build->kept, "metrics");

    if (metrics == NULL)
        metrics = config_kept_add (build->kept, "metrics", h3_metrics_new (), unref_metrics);
    return metrics;
}

static void
unref_trend (gpointer trend)
{
    g_object_unref (trend);
}

H3Trend *
config_metrics_get_trend (ConfigBuild *build)
{
    H3Trend *trend = config_kept_find (build->kept, "trend");

    if (trend == NULL)
        trend = config_kept_add (build->kept, "trend", h3_trend_new (config_metrics_get (build)),
                                 unref_trend);
    return trend;
}

void
config_metrics_measure (ConfigBuild *build)
{
    if (build->is_measured)
        return;
    build->is_measured = TRUE;
    h3_app_use (build->app, "/", h3_metrics_new_middleware (config_metrics_get (build)));
    h3_app_use (build->app, "/", h3_trend_new_middleware (config_metrics_get_trend (build)));
}

static void
apply_metrics (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    H3Metrics *metrics = config_metrics_get (build);
    const char *path = config_group_get_text (group, "path");
    const char *trend = config_group_get_text (group, "trend-path");

    if (phase == CONFIG_PHASE_FIRST) {
        config_metrics_measure (build);
        return;
    }
    if (config_build_check_prefix (build, group, "path", path))
        (void) config_build_route (build, group, "GET", path, TRUE, h3_metrics_show,
                                   h3_metrics_ref (metrics), unref_metrics);
    if (trend != NULL && config_build_check_prefix (build, group, "trend-path", trend))
        (void) config_build_route (build, group, "GET", trend, TRUE, h3_trend_show,
                                   g_object_ref (config_metrics_get_trend (build)), unref_trend);
}

static const ConfigKey metrics_keys[] = {
    { "path", CONFIG_TEXT, 0, 0, 0, "/metrics", NULL, NULL,
      "where Prometheus reads them; an `[auth NAME]` there keeps others out" },
    { "trend-path", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "where it can be read, as JSON, which routes have become slower and what grows; nowhere "
      "where it is not given, but the log tells it" },
};

const ConfigShape config_shape_metrics = {
    .name = "metrics",
    .what = "requests are counted and timed by route, and told with all that the library counts",
    CONFIG_KEYS (metrics_keys),
    .apply = apply_metrics,
    .phases = 1 << CONFIG_PHASE_FIRST | 1 << CONFIG_PHASE_ROUTES
};
