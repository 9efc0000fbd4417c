/* SPDX-License-Identifier: MIT
 *
 * Counting what one thread begins and another ends, again and again: each thread's own number would
 * grow for ever, one up and one down, and its highest with it. These are in the same reports as the
 * counters, and cost a locked instruction. Any thread. */

#pragma once

#include <h3/base/counters.h>

G_BEGIN_DECLS

void shared_count_add (Counter counter, gint64 delta);

/* What was counted so, and the most it has been. */
gint64 shared_count_read (Counter counter);
gint64 shared_count_read_peak (Counter counter);

G_END_DECLS
