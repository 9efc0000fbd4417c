/* SPDX-License-Identifier: MIT */

#include "histogram.h"

/* The finest step of a decade is a twentieth of where it begins: that of the one from 10^(3 + d) is
 * 2^(d + 1) × 5^(d + 2). A duration is divided by a shift, and by a power of five as a
 * multiplication with 2^50 / 5^(d + 2), rounded up: what that is too much stays below one, since
 * what is shifted is below 2^29, and a power of five below 2^21. */
#define RECIPROCAL_BITS 50

#define RECIPROCAL(power) ((G_GUINT64_CONSTANT (1) << RECIPROCAL_BITS) / (power) + 1)

static const guint64 reciprocals[HISTOGRAM_DECADES] = {
    RECIPROCAL (25),    RECIPROCAL (125),   RECIPROCAL (625),    RECIPROCAL (3125),
    RECIPROCAL (15625), RECIPROCAL (78125), RECIPROCAL (390625), RECIPROCAL (1953125),
};

static const guint64 powers_of_ten[] = {
    1,       10,       100,       1000,       10000,       100000,
    1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
};

/* How many digits come behind the first one. */
static guint
log_ten (guint64 number)
{
    guint bits = 64 - (guint) __builtin_clzll (number);
    guint guess = (bits * 1233) >> 12;

    return guess - (number < powers_of_ten[guess]);
}

/* Bounds belong to what lies below them, so it is one less that is divided. */
guint
histogram_index_of (guint64 nanoseconds)
{
    guint64 below = nanoseconds - 1;
    guint decade, steps, slot;

    if (nanoseconds <= HISTOGRAM_LEAST)
        return 0;
    if (nanoseconds > HISTOGRAM_MOST)
        return HISTOGRAM_N_BUCKETS - 1;
    decade = log_ten (below) - 3;
    steps = (guint) (((below >> (decade + 1)) * reciprocals[decade]) >> RECIPROCAL_BITS);
    slot = steps < 40 ? steps - 20 : steps < 100 ? steps / 2 : 30 + steps / 5;
    return 1 + decade * HISTOGRAM_PER_DECADE + slot;
}

guint64
histogram_get_bound (guint index)
{
    guint decade, slot, steps;

    if (index == 0)
        return HISTOGRAM_LEAST;
    if (index >= HISTOGRAM_N_BUCKETS - 1)
        return G_MAXUINT64;
    decade = (index - 1) / HISTOGRAM_PER_DECADE;
    slot = (index - 1) % HISTOGRAM_PER_DECADE + 1;
    steps = slot <= 20 ? slot + 20 : slot <= 50 ? slot * 2 : (slot - 30) * 5;
    return steps * (powers_of_ten[decade + 3] / 20);
}

guint64
histogram_count (const guint64 *buckets)
{
    guint64 n = 0;

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++)
        n += buckets[i];
    return n;
}

guint64
histogram_count_up_to (const guint64 *buckets, guint64 bound)
{
    guint64 n = 0;

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS && histogram_get_bound (i) <= bound; i++)
        n += buckets[i];
    return n;
}

/* The duration that lies so far into a bucket. */
static double
interpolate (guint index, double share)
{
    double low = index == 0 ? 0 : (double) histogram_get_bound (index - 1);

    if (index == HISTOGRAM_N_BUCKETS - 1)
        return (double) HISTOGRAM_MOST;
    return low + ((double) histogram_get_bound (index) - low) * share;
}

double
histogram_get_percentile (const guint64 *buckets, double q)
{
    double wanted = q * (double) histogram_count (buckets);
    double before = 0;
    guint last = 0;

    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++) {
        if (buckets[i] == 0)
            continue;
        if (before + (double) buckets[i] >= wanted)
            return interpolate (i, (wanted - before) / (double) buckets[i]);
        before += (double) buckets[i];
        last = i;
    }
    return before > 0 ? interpolate (last, 1) : 0;
}
