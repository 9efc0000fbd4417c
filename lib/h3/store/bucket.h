/* SPDX-License-Identifier: MIT
 *
 * A bucket that leaks, in whole numbers: what is in it is counted in units times its period, so
 * that each millisecond takes out exactly its capacity. Belongs to whoever has it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    gint64 level;  /* units times `period` */
    gint64 period; /* milliseconds; 0: nothing was ever in it */
    gint64 since;  /* milliseconds of any clock: when `level` was so */
} Bucket;

/* Lets run out what should have by `now`, then adds `amount` unless it would run over; what is less
 * than nothing is taken out. The bounds are those of h3_store_fill (). A bucket of another period
 * is taken as one as full. */
gboolean bucket_fill (Bucket *bucket, gint64 amount, gint64 capacity, gint64 period, gint64 now);

/* In thousandths of a unit, when it was filled last. */
gint64 bucket_get_level (const Bucket *bucket);

/* Milliseconds from then on: until it is empty; until there is room for `amount`, -1: never. */
gint64 bucket_get_time_to_empty (const Bucket *bucket, gint64 capacity);
gint64 bucket_get_time_to_room (const Bucket *bucket, gint64 amount, gint64 capacity);

G_END_DECLS
