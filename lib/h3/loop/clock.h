/* SPDX-License-Identifier: MIT
 *
 * Coarse time, cheap enough to ask on every request, and a clock that tests drive. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Milliseconds of a clock that never goes back (CLOCK_MONOTONIC_COARSE, some 4 ms fine). */
gint64 clock_get_now (void);

/* Seconds since 1970 (CLOCK_REALTIME_COARSE). */
gint64 clock_get_real_seconds (void);
/* The same in milliseconds. */
gint64 clock_get_real (void);

/* Microseconds of the precise monotonic clock, for measuring. Not driven by tests. */
gint64 clock_get_precise (void);
/* The same for what tests drive: waits that something is decided by. */
gint64 clock_get_fine (void);

/* For tests: from now on both clocks above stand still, and move by clock_drive () only.
 * Sweeps and deadlines then follow the driven time at the next turn of their loop. */
void clock_take_control (void);
void clock_drive (gint64 milliseconds);

/* Whether a test drives the clock. */
gboolean clock_is_driven (void);

/* Embedded in what must know that the clock is driven from now on, or was driven: a loop, which
 * wakes up. */
typedef struct _ClockWatch ClockWatch;
struct _ClockWatch {
    /* Called on the driving thread, under the clock's lock: it may wake someone, and nothing else
     */
    void (*on_driven) (ClockWatch *watch);
    ClockWatch *next; /* borrowed: the list */
};

void clock_watch (ClockWatch *watch);
/* When this returns `on_driven` is not running and never will. */
void clock_unwatch (ClockWatch *watch);

G_END_DECLS
