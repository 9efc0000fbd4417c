/* SPDX-License-Identifier: MIT */

#include "bucket.h"

static gint64
divide_up (gint64 amount, gint64 by)
{
    return amount / by + (amount % by > 0 ? 1 : 0);
}

/* The units stay what they were where the period is another now, and fill the bucket at most: more
 * could be too large a number. */
static gint64
convert_level (const Bucket *bucket, gint64 capacity, gint64 period)
{
    double level = (double) bucket->level / (double) bucket->period * (double) period;
    gint64 full = capacity * period;

    return level < (double) full ? (gint64) level : full;
}

static void
leak (Bucket *bucket, gint64 capacity, gint64 period, gint64 now)
{
    gint64 elapsed = MAX (now - bucket->since, 0);

    if (bucket->period != period && bucket->period > 0)
        bucket->level = convert_level (bucket, capacity, period);
    bucket->period = period;
    bucket->since = now;
    if (elapsed >= divide_up (bucket->level, capacity))
        bucket->level = 0;
    else
        bucket->level -= elapsed * capacity;
}

gboolean
bucket_fill (Bucket *bucket, gint64 amount, gint64 capacity, gint64 period, gint64 now)
{
    leak (bucket, capacity, period, now);
    if (amount > 0 && (amount > capacity || bucket->level > (capacity - amount) * period))
        return FALSE;
    bucket->level = MAX (bucket->level + amount * period, 0);
    return TRUE;
}

gint64
bucket_get_level (const Bucket *bucket)
{
    return bucket->level * 1000 / bucket->period;
}

gint64
bucket_get_time_to_empty (const Bucket *bucket, gint64 capacity)
{
    return divide_up (bucket->level, capacity);
}

gint64
bucket_get_time_to_room (const Bucket *bucket, gint64 amount, gint64 capacity)
{
    if (amount > capacity)
        return -1;
    return divide_up (MAX (bucket->level - (capacity - amount) * bucket->period, 0), capacity);
}
