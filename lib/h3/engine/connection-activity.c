/* SPDX-License-Identifier: MIT
 *
 * What a connection has only while it is not at rest, and how its worker lends it. */

#include "connection-private.h"

/* What an idle connection costs, beside its transport. */
G_STATIC_ASSERT (sizeof (Connection) <= 104);

/* So many are kept for those who come next. */
#define MAX_RESTING 64

static void
put_to_rest (ConnectionContext *context, Activity *activity)
{
    if (context->n_activities == MAX_RESTING) {
        g_free (activity);
        return;
    }
    activity->connection = NULL;
    activity->next = context->activities;
    context->activities = activity;
    context->n_activities++;
}

static void
init_activity (Activity *activity, const ConnectionContext *context)
{
    memset (activity, 0, sizeof *activity);
    activity->carrier.functions = &connection_carrier_functions;
    activity->carrier.loop = context->loop;
    http1_lint_init (&activity->lint, context->fields, (guint16) context->limits->fields);
}

/* One that was at rest is as a new one: it was given back when nothing of it was needed any more.
 */
Activity *
connection_take_activity (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = context->activities;

    if (G_LIKELY (activity != NULL)) {
        context->activities = activity->next;
        context->n_activities--;
    } else {
        activity = g_new (Activity, 1);
        init_activity (activity, context);
    }
    activity->connection = connection;
    connection->activity = activity;
    return activity;
}

void
connection_rest (Connection *connection)
{
    Activity *activity = connection->activity;

    if (connection->state != CONNECTION_READING_HEAD || connection->turn_is_due
        || activity->input != NULL || activity->unsent_first != NULL
        || transport_get_waiting (connection->transport) > 0)
        return;
    g_assert (activity->event == NULL && activity->whole == NULL);
    if (activity->body.trailers != NULL)
        http1_body_clear (&activity->body);
    connection->activity = NULL;
    put_to_rest (connection->context, activity);
}

void
connection_drop_activity (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = g_steal_pointer (&connection->activity);

    if (activity == NULL)
        return;
    buffers_give (context->buffers, activity->input);
    http1_body_clear (&activity->body);
    g_free (activity->whole);
    init_activity (activity, context);
    put_to_rest (context, activity);
}

void
connection_context_clear (ConnectionContext *context)
{
    while (context->activities != NULL) {
        Activity *activity = context->activities;

        context->activities = activity->next;
        g_free (activity);
    }
    context->n_activities = 0;
}
