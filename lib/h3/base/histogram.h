/* SPDX-License-Identifier: MIT
 *
 * Durations in buckets none of which is wider than a twentieth of where it begins, from a
 * microsecond to 100 seconds, in nanoseconds. Seventy buckets a power of ten: twenty from 1 to 2,
 * thirty to 5, twenty to 10; so 1, 2.5 and 5 times each power of ten are bounds exactly, which is
 * what people ask for. Bucket 0 has all up to a microsecond, the last all above 100 seconds. Pure;
 * any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HISTOGRAM_DECADES    8
#define HISTOGRAM_PER_DECADE 70
#define HISTOGRAM_N_BUCKETS  (HISTOGRAM_DECADES * HISTOGRAM_PER_DECADE + 2)
#define HISTOGRAM_LEAST      G_GUINT64_CONSTANT (1000)
#define HISTOGRAM_MOST       G_GUINT64_CONSTANT (100000000000)

/* The bucket of a duration: the first whose bound is not below it. */
guint histogram_index_of (guint64 nanoseconds);

/* The most that a bucket takes, in nanoseconds; G_MAXUINT64 for the last. What it takes lies above
 * the bound of the one before. */
guint64 histogram_get_bound (guint index);

/* The duration, in nanoseconds, that the share `q` (0 to 1) of all in `buckets` do not exceed:
 * between two bounds as if what is in a bucket were spread evenly over it. 0 where there is none;
 * 100 seconds where it is more. */
double histogram_get_percentile (const guint64 *buckets, double q);

/* How many there are up to `bound`, which is one of histogram_get_bound (). */
guint64 histogram_count_up_to (const guint64 *buckets, guint64 bound);

guint64 histogram_count (const guint64 *buckets);

G_END_DECLS
