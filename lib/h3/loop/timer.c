/* SPDX-License-Identifier: MIT */

#include "timer.h"

#include <h3/base/counters.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

#include <stdatomic.h>

struct _H3Timer {
    Alarm alarm; /* first: the alarm is the timer; the rest but the count: the loop's thread */
    atomic_int references;
    Loop *loop;      /* ref */
    gint64 interval; /* milliseconds; 0: once */
    H3TimerFunction function;
    gpointer user_data;     /* owned, by way of destroy */
    GDestroyNotify destroy; /* (nullable) */
    gboolean is_active;     /* will fire again */
    gboolean is_firing;     /* its function is on the stack */
};

G_DEFINE_BOXED_TYPE (H3Timer, h3_timer, h3_timer_ref, h3_timer_unref)

H3Timer *
h3_timer_ref (H3Timer *timer)
{
    g_return_val_if_fail (timer != NULL, NULL);
    atomic_fetch_add_explicit (&timer->references, 1, memory_order_relaxed);
    return timer;
}

void
h3_timer_unref (H3Timer *timer)
{
    if (timer == NULL
        || atomic_fetch_sub_explicit (&timer->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_unref (timer->loop);
    counters_add (COUNTER_TIMERS_LIVE, -1);
    g_free (timer);
}

/* It will never fire again and its function is not on the stack: once. */
static void
end (H3Timer *timer)
{
    if (timer->destroy != NULL)
        timer->destroy (timer->user_data);
    h3_timer_unref (timer);
}

static void
on_due (Alarm *alarm)
{
    H3Timer *timer = (H3Timer *) alarm;

    if (timer->interval > 0) {
        gint64 now = clock_get_now ();
        gint64 next = alarm->when + timer->interval;

        /* What a late loop has missed is skipped, in step. */
        if (next <= now)
            next += ((now - next) / timer->interval + 1) * timer->interval;
        alarms_set (loop_get_alarms (timer->loop), alarm, next);
    } else {
        timer->is_active = FALSE;
    }
    timer->is_firing = TRUE;
    timer->function (timer, timer->user_data);
    timer->is_firing = FALSE;
    if (!timer->is_active)
        end (timer);
}

static void
on_dropped (Alarm *alarm)
{
    H3Timer *timer = (H3Timer *) alarm;

    timer->is_active = FALSE;
    end (timer);
}

H3Timer *
h3_timer_start (guint milliseconds, gboolean repeat, H3TimerFunction function, gpointer user_data,
                GDestroyNotify destroy)
{
    Loop *loop = loop_get_current ();
    H3Timer *timer;

    g_return_val_if_fail (function != NULL, NULL);
    g_return_val_if_fail (!repeat || milliseconds > 0, NULL);
    if (loop == NULL || loop_get_alarms (loop) == NULL) {
        g_critical ("h3_timer_start() is for a worker's thread: this one runs no loop");
        return NULL;
    }
    timer = g_new0 (H3Timer, 1);
    counters_add (COUNTER_TIMERS_LIVE, 1);
    atomic_init (&timer->references, 2);
    timer->loop = loop_ref (loop);
    timer->interval = repeat ? milliseconds : 0;
    timer->function = function;
    timer->user_data = user_data;
    timer->destroy = destroy;
    timer->is_active = TRUE;
    timer->alarm.on_due = on_due;
    timer->alarm.on_dropped = on_dropped;
    alarms_set (loop_get_alarms (loop), &timer->alarm, clock_get_now () + milliseconds);
    return timer;
}

gboolean
h3_timer_is_active (const H3Timer *timer)
{
    g_return_val_if_fail (timer != NULL, FALSE);
    return timer->is_active;
}

void
h3_timer_cancel (H3Timer *timer)
{
    if (timer == NULL || !timer->is_active)
        return;
    g_return_if_fail (loop_get_current () == timer->loop);
    timer->is_active = FALSE;
    alarms_clear (loop_get_alarms (timer->loop), &timer->alarm);
    if (!timer->is_firing)
        end (timer);
}
