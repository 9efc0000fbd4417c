/* SPDX-License-Identifier: MIT */

#include "ticks.h"

#include <pthread.h>
#include <time.h>

#if defined __x86_64__ || defined __i386__
#include <cpuid.h>
#endif

/* How long the counter is compared with the clock: each is read within some 100 ns of the other, so
 * a tick's length is right to a thousandth. */
#define COMPARED_NANOSECONDS 200000

/* A pair of readings with the clock read before and after: so often is it tried to have the three
 * lie close together. */
#define TRIES 16

_Atomic int ticks_source;
_Atomic double ticks_length = 1;

static _Atomic guint64 driven;

static guint64
read_clock (void)
{
    struct timespec time;

    clock_gettime (CLOCK_MONOTONIC, &time);
    return (guint64) time.tv_sec * 1000000000 + (guint64) time.tv_nsec;
}

guint64
ticks_get_otherwise (void)
{
    if (atomic_load (&ticks_source) == TICKS_DRIVEN)
        return atomic_load (&driven);
    return read_clock ();
}

#if defined __x86_64__ || defined __i386__

/* Whether it runs at one rate, whatever the processor saves or sleeps. */
static gboolean
has_even_counter (void)
{
    guint a, b, c, d;

    return __get_cpuid (0x80000007, &a, &b, &c, &d) != 0 && (d & (1 << 8)) != 0;
}

typedef struct {
    guint64 clock, counter;
} Reading;

/* Of some tries the one that was interrupted least. */
static Reading
read_both (void)
{
    Reading best = { 0, 0 };
    guint64 least = G_MAXUINT64;

    for (guint i = 0; i < TRIES; i++) {
        guint64 before = read_clock ();
        guint64 counter = __builtin_ia32_rdtsc ();
        guint64 after = read_clock ();

        if (after - before < least) {
            least = after - before;
            best = (Reading){ before + least / 2, counter };
        }
    }
    return best;
}

static gboolean
measure_counter (double *out_length)
{
    Reading first, last;

    if (!has_even_counter ())
        return FALSE;
    first = read_both ();
    do
        last = read_both ();
    while (last.clock - first.clock < COMPARED_NANOSECONDS);
    if (last.counter <= first.counter)
        return FALSE;
    *out_length = (double) (last.clock - first.clock) / (double) (last.counter - first.counter);
    return TRUE;
}

#elif defined __aarch64__

/* The architecture promises an even one, and tells its rate. */
static gboolean
measure_counter (double *out_length)
{
    guint64 rate;

    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(rate));
    if (rate == 0)
        return FALSE;
    *out_length = 1e9 / (double) rate;
    return TRUE;
}

#else

static gboolean
measure_counter (double *out_length)
{
    return FALSE;
}

#endif

static void
choose (void)
{
    double length;

    if (atomic_load (&ticks_source) == TICKS_DRIVEN || !measure_counter (&length))
        return;
    atomic_store (&ticks_length, length);
    atomic_store (&ticks_source, TICKS_COUNTER);
}

void
ticks_begin (void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void) pthread_once (&once, choose);
}

void
ticks_take_control (void)
{
    atomic_store (&ticks_length, 1);
    atomic_store (&ticks_source, TICKS_DRIVEN);
}

void
ticks_drive (guint64 nanoseconds)
{
    atomic_fetch_add (&driven, nanoseconds);
}
