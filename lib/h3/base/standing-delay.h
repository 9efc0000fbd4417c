/* SPDX-License-Identifier: MIT
 *
 * Whether a queue stands: whether not one of those that came out of it in a whole interval had
 * waited less than a limit (what CoDel asks, RFC 8289 §3). A burst fills a queue too, but the queue
 * empties again before the interval is over. Times are microseconds of one clock. Embedded; one
 * thread at a time, but where marked. */

#pragma once

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct {
    gint64 limit, interval;
    gint64 above_since;   /* nobody has waited less than the limit from then on; 0: somebody has */
    _Atomic gint64 until; /* it counts as standing up to then */
} StandingDelay;

/* The interval follows from the limit: five times that, at least 100 ms. */
void standing_delay_init (StandingDelay *delay, gint64 limit);

/* Somebody came out of the queue, or stands at its head, and had waited so long. */
void standing_delay_note (StandingDelay *delay, gint64 waited, gint64 now);

/* Somebody was refused for it: it counts as standing for another interval. */
void standing_delay_extend (StandingDelay *delay, gint64 now);

/* Any thread. An interval after the last refusal nothing of it is left. */
static inline gboolean
standing_delay_is_on (const StandingDelay *delay, gint64 now)
{
    return now < atomic_load_explicit (&((StandingDelay *) delay)->until, memory_order_relaxed);
}

G_END_DECLS
