/* SPDX-License-Identifier: MIT
 *
 * Who has to go when another client wants in and there is no room: whoever loses least by it, and
 * keeps the server waiting longest. */

#include "connection-private.h"

#include <h3/format/date.h>
#include <h3/loop/clock.h>

#include <stddef.h>

/* Who was answered more recently asks again soon, it may be. */
#define IDLE_ENOUGH 1000 /* milliseconds */
/* Over less the rate of an answer says nothing: the kernel takes it in large pieces. */
#define SLOW_ENOUGH 250 /* milliseconds */
/* A head that is not whole by then is a slow one, whatever of it is just arriving. */
#define HEAD_ENOUGH 1000 /* milliseconds */
/* So many are looked at in a list, longest first. */
#define LOOKED_AT 8

#define CONNECTION_OF(node) ((Connection *) ((char *) (node) -offsetof (Connection, deadline)))

/* Nothing has come that could be what it is waited for. */
static gboolean
is_silent (const Connection *connection, gint64 waited)
{
    return transport_get_arrived (connection->transport) == 0;
}

static gboolean
is_slow_head (const Connection *connection, gint64 waited)
{
    return waited >= HEAD_ENOUGH || is_silent (connection, waited);
}

static gboolean
is_any (const Connection *connection, gint64 waited)
{
    return TRUE;
}

/* At its least rate it would have sent more. */
static gboolean
is_slow_body (const Connection *connection, gint64 waited)
{
    const Activity *activity = connection->activity;
    guint64 taken =
        activity->body_taken - activity->rate_mark + transport_get_arrived (connection->transport);

    return !connection->body_paused
           && taken * 1000 < (guint64) connection->context->limits->body_rate * (guint64) waited;
}

/* Its rate says nothing yet, and nothing of it is there: it may have sent its head only. */
static gboolean
is_young_body (const Connection *connection, gint64 waited)
{
    const Activity *activity = connection->activity;
    guint64 taken = activity->body_taken - activity->rate_mark;

    return !connection->body_paused && is_silent (connection, waited)
           && taken * 1000 < (guint64) connection->context->limits->body_rate * SLOW_ENOUGH;
}

/* The first of a list that has waited so long, and fits. */
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
        if (fits (connection, waited))
            return connection;
    }
    return NULL;
}

/* Between two requests: it loses nothing, and can come again. */
static gboolean
close_idle (ConnectionContext *context)
{
    Connection *connection = find_in (context->deadlines.idle, IDLE_ENOUGH, is_silent);

    if (connection != NULL)
        connection_drop (connection);
    return connection != NULL;
}

static Connection *
get_older (Connection *one, Connection *other)
{
    if (one == NULL || other == NULL)
        return one != NULL ? one : other;
    return deadline_get_since (&other->deadline) < deadline_get_since (&one->deadline) ? other
                                                                                       : one;
}

gsize
connection_write_full (char *answer)
{
    char date[H3_DATE_SIZE] = "";

    h3_date_write (clock_get_real_seconds (), date);
    return (gsize) g_snprintf (
        answer, CONNECTION_FULL_SIZE,
        "HTTP/1.1 503 Service Unavailable\r\nDate: %s\r\nContent-Length: 0\r\n"
        "Retry-After: 1\r\nConnection: close\r\n\r\n",
        date);
}

/* Who has sent a part of a head is told. */
static void
close_headless (Connection *connection)
{
    char answer[CONNECTION_FULL_SIZE];

    if (connection->deadline.list == connection->context->deadlines.head)
        transport_write (connection->transport, answer, connection_write_full (answer));
    connection_drop (connection);
}

static Connection *
find_headless (ConnectionContext *context, gint64 least)
{
    return get_older (find_in (context->deadlines.first_byte, least, is_silent),
                      find_in (context->deadlines.head, least, is_slow_head));
}

/* A head comes at once from those who mean it. */
static gboolean
close_slow_head (ConnectionContext *context)
{
    Connection *connection = find_headless (context, SLOW_ENOUGH);

    if (connection != NULL)
        close_headless (connection);
    return connection != NULL;
}

/* Bodies that come, and answers that are taken, below the least rate. */
static gboolean
cut_slow (ConnectionContext *context)
{
    Connection *connection = find_in (context->deadlines.discard, 0, is_any);

    if (connection == NULL)
        connection = find_in (context->deadlines.rate, 0, is_slow_body);
    if (connection == NULL)
        connection = transport_shared_find_slow (context->shared, &connection_owner_functions,
                                                 SLOW_ENOUGH, LOOKED_AT);
    if (connection != NULL)
        connection_cut (connection);
    return connection != NULL;
}

/* Who has only just come, and may have more on its way. Of a crowd that comes all at once somebody
 * has to go, or it would keep others out while it is young. */
static gboolean
close_young (ConnectionContext *context)
{
    Connection *headless = find_headless (context, 0);
    Connection *body = find_in (context->deadlines.rate, 0, is_young_body);
    Connection *connection = get_older (headless, body);

    if (connection == NULL)
        return FALSE;
    if (connection == headless)
        close_headless (connection);
    else
        connection_cut (connection);
    return TRUE;
}

gboolean
connection_context_make_room (ConnectionContext *context)
{
    return close_idle (context) || close_slow_head (context) || cut_slow (context)
           || close_young (context);
}
