/* SPDX-License-Identifier: MIT */

#include "event-waits.h"

#include <h3/http/event-flow.h>
#include <h3/loop/timer.h>

/* Owned by its timer. */
struct _EventWait {
    EventWait *next;     /* borrowed: the event's list */
    EventWait *previous; /* borrowed: likewise */
    H3Event *event;      /* ref */
    H3Timer *timer;      /* ref; NULL: waits for the cancellable only */
    H3Handler function;
    gpointer user_data;
    GDestroyNotify destroy;  /* of user_data */
    gboolean is_rescheduled; /* while one timer gives way to another */
};

static void
on_due (H3Timer *timer, gpointer user_data)
{
    EventWait *wait = user_data;

    event_enter (wait->event);
    wait->function (wait->event, wait->user_data);
    event_leave (wait->event);
}

/* Its function has returned, or will never be called. */
static void
end_wait (gpointer data)
{
    EventWait *wait = data;

    if (wait->is_rescheduled)
        return;
    if (wait->previous != NULL)
        wait->previous->next = wait->next;
    else
        wait->event->waits = wait->next;
    if (wait->next != NULL)
        wait->next->previous = wait->previous;
    if (wait->destroy != NULL)
        wait->destroy (wait->user_data);
    h3_timer_unref (wait->timer);
    h3_event_unref (wait->event);
    g_free (wait);
}

void
event_waits_hasten (H3Event *event)
{
    for (EventWait *wait = event->waits; wait != NULL; wait = wait->next) {
        if (wait->timer != NULL && !h3_timer_is_active (wait->timer))
            continue;
        wait->is_rescheduled = TRUE;
        h3_timer_cancel (wait->timer);
        wait->is_rescheduled = FALSE;
        h3_timer_unref (wait->timer);
        wait->timer = h3_timer_start (0, FALSE, on_due, wait, end_wait);
    }
}

void
event_waits_drop (H3Event *event)
{
    EventWait *next;

    for (EventWait *wait = event->waits; wait != NULL; wait = next) {
        next = wait->next;
        if (wait->timer != NULL)
            h3_timer_cancel (wait->timer);
        else
            end_wait (wait);
    }
}

static EventWait *
add_wait (H3Event *event, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    EventWait *wait = g_new0 (EventWait, 1);

    wait->event = h3_event_defer (event);
    wait->function = function;
    wait->user_data = user_data;
    wait->destroy = destroy;
    wait->next = event->waits;
    if (wait->next != NULL)
        wait->next->previous = wait;
    event->waits = wait;
    return wait;
}

void
h3_event_after (H3Event *event, guint milliseconds, H3Handler function, gpointer user_data,
                GDestroyNotify destroy)
{
    EventWait *wait;

    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->phase == EVENT_OVER) {
        if (destroy != NULL)
            destroy (user_data);
        return;
    }
    wait = add_wait (event, function, user_data, destroy);
    wait->timer =
        h3_timer_start (event->is_cancelled ? 0 : milliseconds, FALSE, on_due, wait, end_wait);
}

void
event_wait_for_cancel (H3Event *event, H3Handler function, gpointer user_data,
                       GDestroyNotify destroy)
{
    EventWait *wait;

    g_assert (event->phase != EVENT_OVER);
    wait = add_wait (event, function, user_data, destroy);
    if (event->is_cancelled)
        wait->timer = h3_timer_start (0, FALSE, on_due, wait, end_wait);
}
