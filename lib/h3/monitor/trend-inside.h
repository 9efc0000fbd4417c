/* SPDX-License-Identifier: MIT
 *
 * What the dashboard reads of a trend. Any thread. */

#pragma once

#include <h3/monitor/trend.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/* A step, and how many of them are a window of the growth detector; in milliseconds. */
#define TREND_SLICE_TIME 10000

/* (transfer full): {"slice_seconds", "routes": [{"route", "method", "regressed", "before", "now",
 * "series": {"n", "p50", "p95", "p99"}, "baseline": {"p50", "p95", "p99"}}], "growth": [{"kind",
 * "now", "from", "growing"}]}. Times are seconds; series have the oldest slice first. */
json_t *trend_describe (H3Trend *trend);

G_END_DECLS
