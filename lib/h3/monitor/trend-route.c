/* SPDX-License-Identifier: MIT */

#include "trend-route.h"

#include "rank-test.h"

#include <string.h>

/* All windows weigh the same, however many requests they had: a burst has many. Each weighs less
 * with each one after it: on average those of the baseline are half an hour old. So it follows what
 * changes by the hour, as the load of a day does, and not what changes within minutes. */
#define WEIGHT TREND_WINDOW_LEAST
#define DECAY  (1 - 1.0 / 30)

/* The baseline is not believed before. */
#define BASELINE_WINDOWS 10
#define BASELINE_LEAST   1000

#define WORSE_BY 1.2

/* Nanoseconds that nobody would notice: the processor's rate alone makes them. */
#define LEAST_DIFFERENCE 100000

/* One window is worse by chance once in a thousand times, and there are many, of many routes. And
 * load comes in bursts: windows that one is in are worse without being so by chance, where few
 * requests come one in five. So they are counted, and each that is not worse takes two back: of
 * windows one in five of which is worse, ten come together less than once in a million times, while
 * of those that mostly are they soon do. */
#define STREAK_WORSE 10
#define TAKEN_BACK   2
#define STREAK_WELL  3

/* What has lasted this many windows is how it is now. */
#define MAX_SLOWER_WINDOWS 60

TrendRoute *
trend_route_new (const MetricsRoute *route)
{
    TrendRoute *self = g_new0 (TrendRoute, 1);

    self->route = g_strdup (route->route);
    self->method = g_strdup (route->method);
    return self;
}

void
trend_route_free (gpointer data)
{
    TrendRoute *self = data;

    g_free (self->route);
    g_free (self->method);
    g_free (self);
}

static double
count (const double *buckets)
{
    double n = 0;

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++)
        n += buckets[i];
    return n;
}

double
trend_get_percentile (const double *buckets, double q)
{
    double wanted = q * count (buckets);
    double before = 0;

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS - 1; i++) {
        double low = i == 0 ? 0 : (double) histogram_get_bound (i - 1);

        if (buckets[i] > 0 && before + buckets[i] >= wanted)
            return low + ((double) histogram_get_bound (i) - low) * (wanted - before) / buckets[i];
        before += buckets[i];
    }
    return before > 0 || buckets[HISTOGRAM_N_BUCKETS - 1] > 0 ? (double) HISTOGRAM_MOST : 0;
}

const TrendSlice *
trend_route_get_slice (const TrendRoute *self, guint age)
{
    return &self->slices[(self->n_slices - 1 - age) % TREND_SLICES];
}

static void
add_slice (TrendRoute *self, const MetricsRoute *route)
{
    g_autofree guint64 *slice = g_new (guint64, HISTOGRAM_N_BUCKETS);
    TrendSlice *told = &self->slices[self->n_slices++ % TREND_SLICES];

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++) {
        slice[i] = route->buckets[i] - self->seen[i];
        self->window[i] += (double) slice[i];
        self->seen[i] = route->buckets[i];
    }
    told->n = histogram_count (slice);
    told->p50 = histogram_get_percentile (slice, 0.5);
    told->p95 = histogram_get_percentile (slice, 0.95);
    told->p99 = histogram_get_percentile (slice, 0.99);
}

/* Moves all of `from` into `to`, whose own weighs less by `decay`. */
static void
move (double *to, double *from, double weight, double decay)
{
    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++) {
        to[i] = to[i] * decay + from[i] * weight;
        from[i] = 0;
    }
}

static void
move_window (TrendRoute *self, double *to, double decay)
{
    double n = count (self->window);

    move (to, self->window, n > WEIGHT ? WEIGHT / n : 1, decay);
}

static gboolean
is_worse (TrendRoute *self)
{
    if (count (self->window) < TREND_WINDOW_LEAST || self->baseline_windows < BASELINE_WINDOWS
        || count (self->baseline) < BASELINE_LEAST)
        return FALSE;
    self->before = trend_get_percentile (self->baseline, 0.95);
    self->now = trend_get_percentile (self->window, 0.95);
    return self->now > self->before * WORSE_BY && self->now - self->before >= LEAST_DIFFERENCE
           && rank_test (self->window, self->baseline) > RANK_TEST_LEVEL;
}

/* A window that is worse waits: one of a streak that comes to nothing was as usual. */
static TrendVerdict
judge_usual (TrendRoute *self, gboolean worse)
{
    if (!worse) {
        move_window (self, self->baseline, DECAY);
        self->baseline_windows++;
        self->streak -= MIN (self->streak, TAKEN_BACK);
        if (self->streak == 0)
            move (self->baseline, self->waiting, 1, 1);
        return TREND_SAME;
    }
    move_window (self, self->waiting, 1);
    if (++self->streak < STREAK_WORSE)
        return TREND_SAME;
    self->streak = 0;
    self->is_slower = TRUE;
    self->slower_windows = 0;
    return TREND_REGRESSION;
}

/* What was slower and is so no more stays out of the baseline; what stays slower becomes it. */
static TrendVerdict
judge_slower (TrendRoute *self, gboolean worse)
{
    move_window (self, self->waiting, DECAY);
    self->slower_windows++;
    self->streak = worse ? 0 : self->streak + 1;
    if (self->streak < STREAK_WELL) {
        if (self->slower_windows < MAX_SLOWER_WINDOWS)
            return TREND_SAME;
        memcpy (self->baseline, self->waiting, sizeof self->baseline);
    }
    memset (self->waiting, 0, sizeof self->waiting);
    self->streak = 0;
    self->is_slower = FALSE;
    return TREND_RECOVERY;
}

TrendVerdict
trend_route_step (TrendRoute *self, const MetricsRoute *route)
{
    guint n_slices = ++self->window_slices;
    gboolean worse;

    add_slice (self, route);
    if (n_slices < TREND_WINDOW_SLICES
        || (count (self->window) < TREND_WINDOW_LEAST && n_slices < TREND_WINDOW_MAX_SLICES))
        return TREND_SAME;
    self->window_slices = 0;
    worse = is_worse (self);
    return self->is_slower ? judge_slower (self, worse) : judge_usual (self, worse);
}
