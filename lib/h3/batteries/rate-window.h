/* SPDX-License-Identifier: MIT
 *
 * The arithmetic of a sliding window: two windows of equal length that follow one another, of which
 * the first, whose count does not change any more, counts as much as still lies within the last
 * length. Values; any thread. Times are milliseconds. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So that no product of a count and a length overflows. */
#define RATE_WINDOW_MAX_LIMIT  100000000
#define RATE_WINDOW_MAX_LENGTH (G_GINT64_CONSTANT (31622400) * 1000)

/* A moment: in which window it lies, and how much of that is left, from 1 to `length`. */
typedef struct {
    gint64 length;
    gint64 index;
    gint64 left;
} RateWindow;

/* `now` is time since 1970: servers that share a store agree on windows. */
RateWindow rate_window_at (gint64 now, gint64 length);
/* The moment at which the next one begins. */
RateWindow rate_window_next (RateWindow window);

/* How much this window may count, where the one before has counted `previous`; 0 at the least. */
gint64 rate_window_get_bound (RateWindow window, gint64 limit, gint64 previous);

/* How long until `amount`, not more than `limit`, fits, when nothing else is counted until then. */
gint64 rate_window_get_wait (RateWindow window, gint64 limit, gint64 previous, gint64 current,
                             gint64 amount);

/* Whole seconds, rounded up: never earlier than what is waited for. */
gint64 rate_window_to_seconds (gint64 milliseconds);

G_END_DECLS
