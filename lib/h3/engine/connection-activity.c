/* SPDX-License-Identifier: MIT
 *
 * What a connection has only while it is not at rest, and how its worker lends it. */

#include "connection-private.h"

/* What an idle connection costs, beside its transport. */
G_STATIC_ASSERT (sizeof (Connection) <= 104);

/* So many are kept for those who come next. */
#define MAX_RESTING 64

void
connection_put_to_rest (ConnectionContext *context, Activity *activity)
{
    if (G_UNLIKELY (context->n_activities == MAX_RESTING)) {
        g_free (activity);
        return;
    }
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

Activity *
connection_make_activity (ConnectionContext *context)
{
    Activity *activity = g_new (Activity, 1);

    init_activity (activity, context);
    return activity;
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
    gathered_clear (&activity->whole);
    init_activity (activity, context);
    connection_put_to_rest (context, activity);
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
