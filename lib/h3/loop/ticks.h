/* SPDX-License-Identifier: MIT
 *
 * A clock for measuring what is short: where the processor has a counter that runs evenly and is
 * read in a few instructions, that counter. Any thread, once ticks_begin () has returned. */

#pragma once

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef enum { TICKS_CLOCK, TICKS_COUNTER, TICKS_DRIVEN } TicksSource;

/* Written by ticks.c only. */
extern _Atomic int ticks_source __attribute__ ((visibility ("hidden")));
extern _Atomic double ticks_length __attribute__ ((visibility ("hidden"))); /* in nanoseconds */

/* Before the first use: finds the source, and how long a tick is, which takes a fifth of a
 * millisecond once in a process. */
void ticks_begin (void);

guint64 ticks_get_otherwise (void); /* for ticks_get () */

static inline guint64
ticks_get (void)
{
#if defined __x86_64__ || defined __i386__
    if (G_LIKELY (atomic_load_explicit (&ticks_source, memory_order_relaxed) == TICKS_COUNTER))
        return __builtin_ia32_rdtsc ();
#elif defined __aarch64__
    if (G_LIKELY (atomic_load_explicit (&ticks_source, memory_order_relaxed) == TICKS_COUNTER)) {
        guint64 ticks;

        __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
        return ticks;
    }
#endif
    return ticks_get_otherwise ();
}

/* Nanoseconds from one to the other; 0 where the first is the later one, as on two processors whose
 * counters differ a little. */
static inline guint64
ticks_get_span (guint64 from, guint64 to)
{
    gint64 span = (gint64) (to - from);

    return span > 0 ? (guint64) ((double) span
                                 * atomic_load_explicit (&ticks_length, memory_order_relaxed))
                    : 0;
}

/* For tests: from now on it stands still, and moves by ticks_drive () only. Before anything is
 * measured. */
void ticks_take_control (void);
void ticks_drive (guint64 nanoseconds);

G_END_DECLS
