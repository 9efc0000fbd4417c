/* SPDX-License-Identifier: MIT
 *
 * What is known of how long a route has taken: percentiles of slices of time, and whether windows
 * of several slices are worse than those before. Owned by a trend; one thread at a time.
 *
 *     USUAL ── ten windows are worse, and few between them are not ──▶ SLOWER
 *       ▲                                                              │
 *       └── three in a row are not worse, or sixty have gone by ───────┘
 */

#pragma once

#include <h3/monitor/metrics-inside.h>

G_BEGIN_DECLS

/* How many slices are remembered. */
#define TREND_SLICES 60

/* A window ends with this slice, where there are samples enough; else later, up to so many. */
#define TREND_WINDOW_SLICES     6
#define TREND_WINDOW_MAX_SLICES 60
#define TREND_WINDOW_LEAST      200

typedef struct {
    guint64 n;
    double p50, p95, p99; /* nanoseconds */
} TrendSlice;

typedef struct {
    char *route, *method;              /* owned */
    guint64 seen[HISTOGRAM_N_BUCKETS]; /* all that the last step found */
    TrendSlice slices[TREND_SLICES];   /* a ring */
    guint n_slices;                    /* ever */

    double window[HISTOGRAM_N_BUCKETS]; /* gathered now */
    guint window_slices;
    double baseline[HISTOGRAM_N_BUCKETS]; /* of windows before, the later with more weight */
    guint baseline_windows;
    double waiting[HISTOGRAM_N_BUCKETS]; /* of windows of which it is not known yet whether they
                                          * belong to the baseline */
    gboolean is_slower;
    guint streak;         /* windows that speak for the other state */
    guint slower_windows; /* since it is slower */
    double before, now;   /* p95 in nanoseconds: of the baseline, of the last window */
} TrendRoute;

typedef enum { TREND_SAME, TREND_REGRESSION, TREND_RECOVERY } TrendVerdict;

TrendRoute *trend_route_new (const MetricsRoute *route);
void trend_route_free (gpointer route);

/* A slice is over: `route` is what there is by now. */
TrendVerdict trend_route_step (TrendRoute *self, const MetricsRoute *route);

/* (transfer none): the slice that was the last but `age`. */
const TrendSlice *trend_route_get_slice (const TrendRoute *self, guint age);

/* Of a histogram with weights. */
double trend_get_percentile (const double *buckets, double q);

G_END_DECLS
