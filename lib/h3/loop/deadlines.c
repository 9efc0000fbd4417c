/* SPDX-License-Identifier: MIT */

#include "deadlines.h"

#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

#define MAX_EXACT_LISTS 16

/* The length of a wait without an end. */
#define NEVER (G_MAXINT64 / 2)

struct _DeadlineList {
    DeadlineNode head; /* of the ring: the earliest is its next */
    gint64 length;     /* milliseconds, or NEVER */
    DeadlineFunction on_expired;
    Deadlines *deadlines; /* borrowed: the owner of this */
    DeadlineList *next;   /* owned by the same */
};

struct _Deadlines {
    Alarm alarm;      /* set for armed_for, which may be too early: disarming does not touch it */
    gint64 armed_for; /* G_MAXINT64: not set */
    Loop *loop;       /* ref */
    DeadlineList *lists; /* owned */
};

static void
set_alarm (Deadlines *deadlines, gint64 when)
{
    Alarms *alarms = loop_get_alarms (deadlines->loop);

    if (alarms == NULL)
        return;
    deadlines->armed_for = when;
    alarms_set (alarms, &deadlines->alarm, when);
}

void
deadline_unlink (DeadlineNode *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    node->next = node->previous = NULL;
    node->list = NULL;
}

void
deadline_arm (DeadlineNode *node, DeadlineList *list, gint64 now)
{
    /* A coarse clock stands still for milliseconds: the order is the same whoever of one moment
     * comes first. */
    if (node->list == list && node->when == now + list->length)
        return;
    deadline_disarm (node);
    node->list = list;
    node->when = now + list->length;
    node->next = &list->head;
    node->previous = list->head.previous;
    node->previous->next = node;
    list->head.previous = node;
    if (list->length < NEVER && node->when < list->deadlines->armed_for)
        set_alarm (list->deadlines, node->when);
}

DeadlineNode *
deadline_list_get_next (const DeadlineList *list, const DeadlineNode *after)
{
    DeadlineNode *node = after != NULL ? after->next : list->head.next;

    return node != &list->head ? node : NULL;
}

gint64
deadline_get_since (const DeadlineNode *node)
{
    return node->when - node->list->length;
}

/* `on_expired` may disarm, free and arm any node: nothing is kept over the call but the list. */
static void
sweep_list (DeadlineList *list, gint64 now)
{
    while (list->head.next != &list->head && list->head.next->when <= now) {
        DeadlineNode *node = list->head.next;

        deadline_unlink (node);
        list->on_expired (node);
    }
}

void
deadlines_sweep (Deadlines *deadlines)
{
    gint64 now = clock_get_now ();
    gint64 earliest = G_MAXINT64;

    for (DeadlineList *list = deadlines->lists; list != NULL; list = list->next)
        sweep_list (list, now);
    for (DeadlineList *list = deadlines->lists; list != NULL; list = list->next) {
        if (list->head.next != &list->head && list->length < NEVER)
            earliest = MIN (earliest, list->head.next->when);
    }
    if (earliest < deadlines->armed_for)
        set_alarm (deadlines, earliest);
}

static void
on_alarm (Alarm *alarm)
{
    Deadlines *deadlines = (Deadlines *) ((char *) alarm - G_STRUCT_OFFSET (Deadlines, alarm));

    deadlines->armed_for = G_MAXINT64;
    deadlines_sweep (deadlines);
}

static void
on_alarm_dropped (Alarm *alarm)
{
    Deadlines *deadlines = (Deadlines *) ((char *) alarm - G_STRUCT_OFFSET (Deadlines, alarm));

    deadlines->armed_for = G_MAXINT64;
}

Deadlines *
deadlines_new (Loop *loop)
{
    Deadlines *deadlines = g_new0 (Deadlines, 1);

    deadlines->loop = loop_ref (loop);
    deadlines->alarm.on_due = on_alarm;
    deadlines->alarm.on_dropped = on_alarm_dropped;
    deadlines->armed_for = G_MAXINT64;
    return deadlines;
}

DeadlineList *
deadlines_add_list (Deadlines *deadlines, gint64 milliseconds, DeadlineFunction on_expired)
{
    DeadlineList *list = g_new0 (DeadlineList, 1);

    g_assert (milliseconds >= 0);
    list->head.next = list->head.previous = &list->head;
    list->length = milliseconds > 0 ? milliseconds : NEVER;
    list->on_expired = on_expired;
    list->deadlines = deadlines;
    list->next = deadlines->lists;
    deadlines->lists = list;
    return list;
}

DeadlineList *
deadlines_find_list (Deadlines *deadlines, gint64 milliseconds, DeadlineFunction on_expired)
{
    guint n = 0;

    for (DeadlineList *list = deadlines->lists; list != NULL; list = list->next) {
        if (list->on_expired != on_expired)
            continue;
        if (list->length == milliseconds)
            return list;
        n++;
    }
    if (n < MAX_EXACT_LISTS || (milliseconds & (milliseconds - 1)) == 0)
        return deadlines_add_list (deadlines, milliseconds, on_expired);
    return deadlines_find_list (deadlines, (gint64) 1 << g_bit_storage ((gulong) milliseconds),
                                on_expired);
}

void
deadlines_free (Deadlines *deadlines)
{
    if (deadlines == NULL)
        return;
    alarms_clear (loop_get_alarms (deadlines->loop), &deadlines->alarm);
    while (deadlines->lists != NULL) {
        DeadlineList *list = deadlines->lists;

        deadlines->lists = list->next;
        while (list->head.next != &list->head)
            deadline_unlink (list->head.next);
        g_free (list);
    }
    loop_unref (deadlines->loop);
    g_free (deadlines);
}
