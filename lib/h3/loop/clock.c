/* SPDX-License-Identifier: MIT */

#include "clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static atomic_bool is_driven;
static _Atomic gint64 driven_now;           /* milliseconds */
static _Atomic gint64 driven_real_at_start; /* milliseconds of the real clock at driven_now 0 */

/* Guards the list of those to wake. */
static pthread_mutex_t watches_lock = PTHREAD_MUTEX_INITIALIZER;
static ClockWatch *watches; /* borrowed */

static gint64
read_milliseconds (clockid_t id)
{
    struct timespec time;

    clock_gettime (id, &time);
    return (gint64) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

gboolean
clock_is_driven (void)
{
    return atomic_load_explicit (&is_driven, memory_order_acquire);
}

gint64
clock_get_now (void)
{
    if (G_UNLIKELY (clock_is_driven ()))
        return atomic_load (&driven_now);
    return read_milliseconds (CLOCK_MONOTONIC_COARSE);
}

gint64
clock_get_real_seconds (void)
{
    struct timespec time;

    if (G_UNLIKELY (clock_is_driven ()))
        return (atomic_load (&driven_real_at_start) + atomic_load (&driven_now)) / 1000;
    clock_gettime (CLOCK_REALTIME_COARSE, &time);
    return time.tv_sec;
}

gint64
clock_get_real (void)
{
    if (G_UNLIKELY (clock_is_driven ()))
        return atomic_load (&driven_real_at_start) + atomic_load (&driven_now);
    return read_milliseconds (CLOCK_REALTIME_COARSE);
}

gint64
clock_get_precise (void)
{
    struct timespec time;

    clock_gettime (CLOCK_MONOTONIC, &time);
    return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

gint64
clock_get_fine (void)
{
    if (G_UNLIKELY (clock_is_driven ()))
        return atomic_load (&driven_now) * 1000;
    return clock_get_precise ();
}

static void
tell_watches (void)
{
    pthread_mutex_lock (&watches_lock);
    for (ClockWatch *watch = watches; watch != NULL; watch = watch->next)
        watch->on_driven (watch);
    pthread_mutex_unlock (&watches_lock);
}

void
clock_take_control (void)
{
    gint64 now;

    if (clock_is_driven ())
        return;
    now = read_milliseconds (CLOCK_MONOTONIC_COARSE);
    atomic_store (&driven_now, now);
    atomic_store (&driven_real_at_start, read_milliseconds (CLOCK_REALTIME_COARSE) - now);
    atomic_store_explicit (&is_driven, TRUE, memory_order_release);
    tell_watches ();
}

void
clock_drive (gint64 milliseconds)
{
    g_return_if_fail (clock_is_driven () && milliseconds >= 0);

    atomic_fetch_add (&driven_now, milliseconds);
    tell_watches ();
}

void
clock_watch (ClockWatch *watch)
{
    pthread_mutex_lock (&watches_lock);
    watch->next = watches;
    watches = watch;
    pthread_mutex_unlock (&watches_lock);
}

void
clock_unwatch (ClockWatch *watch)
{
    pthread_mutex_lock (&watches_lock);
    for (ClockWatch **at = &watches; *at != NULL; at = &(*at)->next) {
        if (*at == watch) {
            *at = watch->next;
            break;
        }
    }
    pthread_mutex_unlock (&watches_lock);
}
