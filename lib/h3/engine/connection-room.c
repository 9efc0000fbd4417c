/* SPDX-License-Identifier: MIT
 *
 * Who has to go when another client wants in and there is no room: whoever loses least by it, and
 * keeps the server waiting longest. */

#include "connection-private.h"

#include <h3/loop/clock.h>

#include <stddef.h>

/* Who has waited for less is in the middle of something: a client between two requests, a body
 * whose rate says nothing yet. */
#define WAITED_ENOUGH 1000 /* milliseconds */
/* So many are looked at in a list, longest first. */
#define LOOKED_AT 8

#define CONNECTION_OF(node) ((Connection *) ((char *) (node) -offsetof (Connection, deadline)))

/* At its least rate it would have sent more. */
static gboolean
is_slow (const Connection *connection, gint64 waited)
{
    const Activity *activity = connection->activity;
    guint64 taken = activity->body_taken - activity->rate_mark;

    return !connection->body_paused
           && taken * 1000 < (guint64) connection->context->limits->body_rate * (guint64) waited;
}

/* The first of a list that has waited so long, and of whom nothing has come meanwhile. */
static Connection *
find_in (const DeadlineList *list, gint64 least, gboolean (*fits) (const Connection *, gint64))
{
    gint64 now = clock_get_now ();
    DeadlineNode *node = NULL;

    for (guint i = 0; i < LOOKED_AT; i++) {
        Connection *connection;
        gint64 waited;

        node = deadline_list_get_next (list, node);
        if (node == NULL)
            break;
        connection = CONNECTION_OF (node);
        waited = now - deadline_get_since (node);
        if (waited < least)
            break;
        if ((fits == NULL || fits (connection, waited))
            && !transport_has_news (connection->transport))
            return connection;
    }
    return NULL;
}

/* Between two requests: it loses nothing, and can come again. */
static gboolean
close_idle (ConnectionContext *context)
{
    Connection *connection = find_in (context->deadlines.idle, WAITED_ENOUGH, NULL);

    if (connection != NULL)
        connection_drop (connection);
    return connection != NULL;
}

/* A head comes at once from those who mean it, so there is no least time. */
static gboolean
close_headless (ConnectionContext *context)
{
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
                                 "Content-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
    Connection *silent = find_in (context->deadlines.first_byte, 0, NULL);
    Connection *slow = find_in (context->deadlines.head, 0, NULL);

    if (silent != NULL
        && (slow == NULL
            || deadline_get_since (&silent->deadline) < deadline_get_since (&slow->deadline))) {
        connection_drop (silent);
        return TRUE;
    }
    if (slow == NULL)
        return FALSE;
    transport_write (slow->transport, answer, sizeof answer - 1);
    connection_drop (slow);
    return TRUE;
}

/* Bodies that come, and answers that are taken, below the least rate. */
static gboolean
cut_slow (ConnectionContext *context)
{
    Connection *connection = find_in (context->deadlines.discard, WAITED_ENOUGH, NULL);

    if (connection == NULL)
        connection = find_in (context->deadlines.rate, WAITED_ENOUGH, is_slow);
    if (connection == NULL)
        connection = transport_shared_find_slow (context->shared, &connection_owner_functions,
                                                 WAITED_ENOUGH, LOOKED_AT);
    if (connection != NULL)
        connection_cut (connection);
    return connection != NULL;
}

gboolean
connection_context_make_room (ConnectionContext *context)
{
    return close_idle (context) || close_headless (context) || cut_slow (context);
}
