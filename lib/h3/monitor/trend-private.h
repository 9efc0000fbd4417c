/* SPDX-License-Identifier: MIT
 *
 * What the files of the trend share. */

#pragma once

#include "trend-growth.h"
#include "trend-inside.h"
#include "trend-route.h"

#include <h3/base/counters.h>

#include <pthread.h>

G_BEGIN_DECLS

/* Live objects by kind, and resident memory behind them. */
#define TREND_KINDS (FIRST_GROWING_COUNTER + 1)

struct _H3Trend {
    GObject parent_instance;
    H3Metrics *metrics;    /* ref */
    pthread_mutex_t mutex; /* guards what follows */
    gint64 last_step;      /* milliseconds; 0: none yet */
    guint n_steps;
    GHashTable *routes; /* owned: "METHOD pattern" to TrendRoute */
    TrendGrowth growths[TREND_KINDS];
    guint64 window_requests;             /* when the window began */
    guint64 requests;                    /* by now */
    guint64 loads[TREND_GROWTH_WINDOWS]; /* requests of the windows before, the oldest first */
    guint64 n_regressions, n_growths;    /* ever */
};

/* trend-describe.c: a collector of its metrics. */
void trend_write (MetricsText *text, gpointer trend);

G_END_DECLS
