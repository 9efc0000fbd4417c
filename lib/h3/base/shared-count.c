/* SPDX-License-Identifier: MIT */

#include "shared-count.h"

static _Atomic gint64 values[N_COUNTERS];
static _Atomic gint64 peaks[N_COUNTERS];

void
shared_count_add (Counter counter, gint64 delta)
{
    gint64 value =
        atomic_fetch_add_explicit (&values[counter], delta, memory_order_relaxed) + delta;
    gint64 peak = atomic_load_explicit (&peaks[counter], memory_order_relaxed);

    while (value > peak
           && !atomic_compare_exchange_weak_explicit (&peaks[counter], &peak, value,
                                                      memory_order_relaxed, memory_order_relaxed))
        continue;
}

gint64
shared_count_read (Counter counter)
{
    return atomic_load_explicit (&values[counter], memory_order_relaxed);
}

gint64
shared_count_read_peak (Counter counter)
{
    return atomic_load_explicit (&peaks[counter], memory_order_relaxed);
}
