/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "alarms.h"

#include <h3/loop/clock.h>

#include <errno.h>
#include <event2/event.h>
#include <unistd.h>

#ifdef HAVE_TIMERFD_CREATE
#include <sys/timerfd.h>
#endif

#define NEVER G_MAXINT64

/* The timer is a descriptor, not one of libevent's timeouts: with a single one of those set, and
 * one always is where connections idle, libevent asks for the time twice in every turn (some 250
 * instructions). The system call that sets the descriptor is rare: only an alarm that is earlier
 * than all others sets it. Where there is no such descriptor it is libevent's after all. */
struct _Alarms {
    GPtrArray *heap;     /* owned; of Alarm, borrowed: the earliest first */
    int timer_fd;        /* owned; -1: there is none */
    struct event *timer; /* owned: of timer_fd, else a timeout */
    gint64 timer_at;     /* when the timer will fire, perhaps too early; NEVER: it is off */
    guint64 next_order;
};

static inline Alarm *
get_at (const Alarms *alarms, guint place)
{
    return g_ptr_array_index (alarms->heap, place - 1);
}

static inline void
put_at (Alarms *alarms, guint place, Alarm *alarm)
{
    g_ptr_array_index (alarms->heap, place - 1) = alarm;
    alarm->place = place;
}

static inline gboolean
is_before (const Alarm *a, const Alarm *b)
{
    return a->when < b->when || (a->when == b->when && a->order < b->order);
}

static void
move_up (Alarms *alarms, Alarm *alarm, guint place)
{
    while (place > 1 && is_before (alarm, get_at (alarms, place / 2))) {
        put_at (alarms, place, get_at (alarms, place / 2));
        place /= 2;
    }
    put_at (alarms, place, alarm);
}

static void
move_down (Alarms *alarms, Alarm *alarm, guint place)
{
    for (;;) {
        guint child = place * 2;

        if (child > alarms->heap->len)
            break;
        if (child < alarms->heap->len
            && is_before (get_at (alarms, child + 1), get_at (alarms, child)))
            child++;
        if (!is_before (get_at (alarms, child), alarm))
            break;
        put_at (alarms, place, get_at (alarms, child));
        place = child;
    }
    put_at (alarms, place, alarm);
}

/* Milliseconds from now. FALSE: it was not set. */
static gboolean
set_timer (Alarms *alarms, gint64 delay)
{
    struct timeval timeout = { (time_t) (delay / 1000), (suseconds_t) (delay % 1000 * 1000) };

#ifdef HAVE_TIMERFD_CREATE
    if (alarms->timer_fd >= 0) {
        struct itimerspec time = { 0 };

        time.it_value.tv_sec = (time_t) (delay / 1000);
        /* All zero would switch it off. */
        time.it_value.tv_nsec = MAX ((long) (delay % 1000 * 1000000), 1);
        return timerfd_settime (alarms->timer_fd, 0, &time, NULL) == 0;
    }
#endif
    return evtimer_add (alarms->timer, &timeout) == 0;
}

/* Arms the timer for the earliest alarm if it would fire too late for it. A driven clock has no
 * use for a timer: whoever drives it wakes the loop. */
static void
arm_timer (Alarms *alarms)
{
    gint64 when = alarms->heap->len > 0 ? get_at (alarms, 1)->when : NEVER;

    if (when >= alarms->timer_at || clock_is_driven ())
        return;
    if (set_timer (alarms, MAX (when - clock_get_now (), 0)))
        alarms->timer_at = when;
}

static void
on_timer (evutil_socket_t fd, short what, void *data)
{
    Alarms *alarms = data;
    guint64 n_fired;

    while (fd >= 0 && read (fd, &n_fired, sizeof n_fired) < 0 && errno == EINTR)
        ;
    alarms->timer_at = NEVER;
    alarms_run (alarms);
}

/* FALSE with errno. */
static gboolean
open_timer (Alarms *alarms, struct event_base *base)
{
    alarms->timer_fd = -1;
#ifdef HAVE_TIMERFD_CREATE
    alarms->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (alarms->timer_fd >= 0) {
        alarms->timer = event_new (base, alarms->timer_fd, EV_READ | EV_PERSIST, on_timer, alarms);
        return alarms->timer != NULL && event_add (alarms->timer, NULL) == 0;
    }
    if (errno != ENOSYS)
        return FALSE;
#endif
    alarms->timer = evtimer_new (base, on_timer, alarms);
    return alarms->timer != NULL;
}

void
alarms_free (Alarms *alarms)
{
    if (alarms == NULL)
        return;
    g_assert (alarms->heap->len == 0);
    if (alarms->timer != NULL)
        event_free (alarms->timer);
    if (alarms->timer_fd >= 0)
        (void) close (alarms->timer_fd);
    g_ptr_array_unref (alarms->heap);
    g_free (alarms);
}

Alarms *
alarms_new (struct event_base *base)
{
    Alarms *alarms = g_new0 (Alarms, 1);

    alarms->heap = g_ptr_array_new ();
    alarms->timer_at = NEVER;
    if (open_timer (alarms, base))
        return alarms;
    alarms_free (alarms);
    return NULL;
}

void
alarms_clear (Alarms *alarms, Alarm *alarm)
{
    guint place = alarm->place;
    Alarm *last;

    if (place == 0)
        return;
    alarm->place = 0;
    last = g_ptr_array_steal_index_fast (alarms->heap, alarms->heap->len - 1);
    if (last == alarm)
        return;
    if (place > 1 && is_before (last, get_at (alarms, place / 2)))
        move_up (alarms, last, place);
    else
        move_down (alarms, last, place);
}

void
alarms_set (Alarms *alarms, Alarm *alarm, gint64 when)
{
    alarms_clear (alarms, alarm);
    alarm->when = when;
    alarm->order = alarms->next_order++;
    g_ptr_array_add (alarms->heap, alarm);
    move_up (alarms, alarm, alarms->heap->len);
    arm_timer (alarms);
}

gboolean
alarms_are_due (const Alarms *alarms)
{
    return alarms->heap->len > 0 && get_at (alarms, 1)->when <= clock_get_now ();
}

gint
alarms_get_timeout (const Alarms *alarms)
{
    if (alarms->timer_fd >= 0 || alarms->heap->len == 0 || clock_is_driven ())
        return -1;
    return (gint) CLAMP (get_at (alarms, 1)->when - clock_get_now (), 0, G_MAXINT);
}

void
alarms_run (Alarms *alarms)
{
    guint64 first_new = alarms->next_order;
    gint64 now = clock_get_now ();

    while (alarms->heap->len > 0) {
        Alarm *alarm = get_at (alarms, 1);

        if (alarm->when > now || alarm->order >= first_new)
            break;
        alarms_clear (alarms, alarm);
        alarm->on_due (alarm);
    }
    arm_timer (alarms);
}

void
alarms_drop (Alarms *alarms)
{
    while (alarms->heap->len > 0) {
        Alarm *alarm = get_at (alarms, alarms->heap->len);

        alarms_clear (alarms, alarm);
        if (alarm->on_dropped != NULL)
            alarm->on_dropped (alarm);
    }
}
