/* SPDX-License-Identifier: MIT
 *
 * Whether there is more and more of something: of each window the least that was seen is kept, so
 * that what comes and goes with the load is not in it. Owned by a trend; one thread at a time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TREND_GROWTH_WINDOWS 10

typedef struct {
    const char *kind;                   /* borrowed: static */
    guint64 least;                      /* growth of less is nothing */
    guint64 low;                        /* of the window that is under way */
    guint64 lows[TREND_GROWTH_WINDOWS]; /* of those before, the oldest first */
    guint n_lows;
    gboolean is_growing;
    guint64 from; /* where it began to */
} TrendGrowth;

typedef enum { GROWTH_SAME, GROWTH_BEGUN, GROWTH_ENDED } GrowthVerdict;

void trend_growth_init (TrendGrowth *self, const char *kind, guint64 least);

/* There are so many at the moment. */
void trend_growth_see (TrendGrowth *self, guint64 now);

/* A window is over; one in which nothing was seen is none. `load` is how many times as many
 * requests there were in the later half of the windows as in the first: growth that is no more than
 * that is explained by it. */
GrowthVerdict trend_growth_end_window (TrendGrowth *self, double load);

G_END_DECLS
