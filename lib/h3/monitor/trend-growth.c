/* SPDX-License-Identifier: MIT */

#include "trend-growth.h"

#include <string.h>

#define GROWN_BY 1.2

void
trend_growth_init (TrendGrowth *self, const char *kind, guint64 least)
{
    memset (self, 0, sizeof *self);
    self->kind = kind;
    self->least = least;
    self->low = G_MAXUINT64;
}

void
trend_growth_see (TrendGrowth *self, guint64 now)
{
    self->low = MIN (self->low, now);
}

static void
add_low (TrendGrowth *self)
{
    if (self->n_lows == TREND_GROWTH_WINDOWS)
        memmove (self->lows, self->lows + 1, sizeof self->lows - sizeof *self->lows);
    else
        self->n_lows++;
    self->lows[self->n_lows - 1] = self->low;
    self->low = G_MAXUINT64;
}

/* Ten numbers without a trend are in rising order once in 3.6 million times (10!). It takes no
 * less: with some twenty kinds and 1,440 windows a day, one in a thousand would be false alarms
 * every day. */
static gboolean
is_rising (const TrendGrowth *self)
{
    for (guint i = 1; i < TREND_GROWTH_WINDOWS; i++) {
        if (self->lows[i] <= self->lows[i - 1])
            return FALSE;
    }
    return TRUE;
}

GrowthVerdict
trend_growth_end_window (TrendGrowth *self, double load)
{
    guint64 first, last;

    if (self->low == G_MAXUINT64)
        return GROWTH_SAME;
    add_low (self);
    if (self->n_lows < TREND_GROWTH_WINDOWS)
        return GROWTH_SAME;
    first = self->lows[0];
    last = self->lows[TREND_GROWTH_WINDOWS - 1];
    if (self->is_growing) {
        self->is_growing = last > first;
        return self->is_growing ? GROWTH_SAME : GROWTH_ENDED;
    }
    if (!is_rising (self) || last - first < self->least
        || (double) last <= (double) first * GROWN_BY * MAX (load, 1))
        return GROWTH_SAME;
    self->is_growing = TRUE;
    self->from = first;
    return GROWTH_BEGUN;
}
