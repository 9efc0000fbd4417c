/* SPDX-License-Identifier: MIT
 *
 * How a connection gets its activity, and gives it back: once a request, so it stands in a header.
 */

#pragma once

#include "connection-private.h"

G_BEGIN_DECLS

/* The activity, taken where there is none. */
static inline Activity *
connection_begin_activity (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = connection->activity;

    if (activity != NULL)
        return activity;
    activity = context->activities;
    if (G_LIKELY (activity != NULL)) {
        context->activities = activity->next;
        context->n_activities--;
    } else {
        activity = connection_make_activity (context);
    }
    activity->connection = connection;
    return connection->activity = activity;
}

/* Gives it back where nothing needs it, and it is as new: `waiting` is what waits for the client.
 */
static inline void
connection_rest (Connection *connection, guint64 waiting)
{
    Activity *activity = connection->activity;

    if (connection->state != CONNECTION_READING_HEAD || connection->turn_is_due || waiting > 0
        || activity->input != NULL || activity->unsent_first != NULL)
        return;
    if (G_UNLIKELY (activity->body.trailers != NULL))
        http1_body_clear (&activity->body);
    connection->activity = NULL;
    connection_put_to_rest (connection->context, activity);
}

G_END_DECLS
