/* SPDX-License-Identifier: MIT */

#include "rate-window.h"

RateWindow
rate_window_at (gint64 now, gint64 length)
{
    RateWindow window = { length, now / length, length - now % length };

    g_assert (now >= 0 && length > 0 && length <= RATE_WINDOW_MAX_LENGTH);
    return window;
}

RateWindow
rate_window_next (RateWindow window)
{
    return (RateWindow){ window.length, window.index + 1, window.length };
}

/* What is left of a count is rounded up: the limit is never passed for a fraction. */
static gint64
weigh (gint64 count, gint64 left, gint64 length)
{
    return (count * left + length - 1) / length;
}

gint64
rate_window_get_bound (RateWindow window, gint64 limit, gint64 previous)
{
    gint64 weight = weigh (previous, window.left, window.length);

    return MAX (limit - weight, 0);
}

/* Until not more than `room` is left of a count, of which `left` of `length` lies ahead. */
static gint64
wait_for_room (gint64 count, gint64 room, gint64 left, gint64 length)
{
    return count > 0 ? MAX (left - room * length / count, 0) : 0;
}

gint64
rate_window_get_wait (RateWindow window, gint64 limit, gint64 previous, gint64 current,
                      gint64 amount)
{
    gint64 room = limit - current - amount;

    g_assert (amount <= limit);
    if (room >= 0)
        return wait_for_room (previous, room, window.left, window.length);
    /* This window will be the one before. */
    return window.left + wait_for_room (current, limit - amount, window.length, window.length);
}

gint64
rate_window_to_seconds (gint64 milliseconds)
{
    return (milliseconds + 999) / 1000;
}
