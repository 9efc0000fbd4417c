/* SPDX-License-Identifier: MIT */

#include "standing-delay.h"

#define LEAST_INTERVAL (100 * 1000)
#define LIMITS_A_WHILE 5

void
standing_delay_init (StandingDelay *delay, gint64 limit)
{
    g_assert (limit > 0);
    delay->limit = limit;
    delay->interval = MAX (limit * LIMITS_A_WHILE, LEAST_INTERVAL);
    delay->above_since = 0;
    atomic_init (&delay->until, 0);
}

void
standing_delay_extend (StandingDelay *delay, gint64 now)
{
    atomic_store_explicit (&delay->until, now + delay->interval, memory_order_relaxed);
}

void
standing_delay_note (StandingDelay *delay, gint64 waited, gint64 now)
{
    if (waited < delay->limit)
        delay->above_since = 0;
    else if (delay->above_since == 0)
        delay->above_since = now;
    else if (now - delay->above_since >= delay->interval)
        standing_delay_extend (delay, now);
}
