/* SPDX-License-Identifier: MIT
 *
 * How long a connection waits for what, and what happens then. */

#include "connection-private.h"

#include <h3/loop/clock.h>

#include <stddef.h>

#define CONNECTION_OF(node) ((Connection *) ((char *) (node) -offsetof (Connection, deadline)))

static void
on_idle_expired (DeadlineNode *node)
{
    connection_close_when_sent (CONNECTION_OF (node));
}

static void
on_head_expired (DeadlineNode *node)
{
    Connection *connection = CONNECTION_OF (node);

    connection_begin_turn (connection);
    connection_refuse_head (connection, 408);
    connection->in_turn = FALSE;
    connection_end_turn (connection);
}

/* The body must come at a least rate, and a gathered one be whole in time. A body that its handler
 * has paused waits for the handler, not for the client. */
static void
on_rate_due (DeadlineNode *node)
{
    Connection *connection = CONNECTION_OF (node);
    Activity *activity = connection->activity;
    const H3Limits *limits = connection->context->limits;
    guint64 least = (guint64) (limits->body_rate * limits->rate_grace / 1000);
    gint64 now = clock_get_now ();
    gboolean too_slow =
        !connection->body_paused && activity->body_taken - activity->rate_mark < least;
    gboolean is_whole =
        connection->state == CONNECTION_READING_BODY || activity->event->wish == H3_BODY_BUFFERED;
    gboolean too_late =
        is_whole && limits->body_time > 0 && now - activity->body_began >= limits->body_time;

    if (too_slow || too_late) {
        connection_begin_turn (connection);
        connection_fail_body (connection, 408, "The body came too slowly.");
        connection->in_turn = FALSE;
        connection_end_turn (connection);
        return;
    }
    activity->rate_mark = activity->body_taken;
    deadline_arm (node, connection->context->deadlines.rate, now);
}

static void
on_answer_expired (DeadlineNode *node)
{
    Connection *connection = CONNECTION_OF (node);
    H3Event *event = connection->activity->event;

    if (event == NULL)
        return;
    connection_begin_turn (connection);
    connection->keep = FALSE;
    event_expire (event);
    connection->in_turn = FALSE;
    connection_end_turn (connection);
}

static void
on_write_expired (DeadlineNode *node)
{
    connection_cut (
        ((Activity *) ((char *) node - offsetof (Activity, write_deadline)))->connection);
}

gboolean
connection_waits_for_head (const Connection *connection)
{
    const ConnectionDeadlines *deadlines = &connection->context->deadlines;
    const DeadlineList *list = connection->deadline.list;

    return list != NULL
           && (list == deadlines->idle || list == deadlines->head || list == deadlines->first_byte);
}

/* Lists are few: what a program asks for beyond them is rounded up to a power of two. */
static DeadlineList *
find_answer_list (ConnectionDeadlines *deadlines, gint64 milliseconds)
{
    if (deadlines->n_answer >= G_N_ELEMENTS (deadlines->answer) / 2)
        milliseconds = (gint64) 1 << g_bit_storage ((gulong) milliseconds);
    for (guint i = 0; i < deadlines->n_answer; i++) {
        if (deadlines->answer[i].milliseconds == milliseconds)
            return deadlines->answer[i].list;
    }
    if (deadlines->n_answer == G_N_ELEMENTS (deadlines->answer))
        return deadlines->answer[0].list;
    deadlines->answer[deadlines->n_answer].milliseconds = milliseconds;
    return deadlines->answer[deadlines->n_answer++].list =
               deadlines_add_list (deadlines->all, milliseconds, on_answer_expired);
}

void
connection_arm_answer (Connection *connection)
{
    Activity *activity = connection->activity;

    if (activity->answer_time == 0)
        deadline_disarm (&connection->deadline);
    else
        deadline_arm (&connection->deadline,
                      find_answer_list (&connection->context->deadlines, activity->answer_time),
                      clock_get_now ());
}

void
connection_deadlines_init (ConnectionDeadlines *deadlines, const H3Limits *limits, Deadlines *all)
{
    deadlines->all = all;
    deadlines->first_byte = deadlines_add_list (all, limits->first_byte_time, on_idle_expired);
    deadlines->head = deadlines_add_list (all, limits->head_time, on_head_expired);
    deadlines->idle = deadlines_add_list (all, limits->idle_time, on_idle_expired);
    deadlines->rate = deadlines_add_list (all, limits->rate_grace, on_rate_due);
    deadlines->write = deadlines_add_list (all, limits->write_time, on_write_expired);
    deadlines->discard = deadlines_add_list (all, limits->rate_grace, on_idle_expired);
}
