/* SPDX-License-Identifier: MIT
 *
 * What all connections of a worker share: how it begins, and how they all end. */

#include "connection-private.h"

#include <h3/net/transport-peer.h>

void
connection_context_init (ConnectionContext *context, Deadlines *all)
{
    const H3Limits *limits = context->limits;

    context->receive =
        transport_shared_get_receive_buffer (context->shared, &context->receive_size);
    http1_writer_init (&context->writer);
    context->body_limits.max_body = G_MAXINT64;
    context->body_limits.max_extension = (guint32) limits->chunk_extension;
    context->body_limits.max_extensions = (guint32) limits->chunk_extensions;
    context->body_limits.max_trailer_bytes = (guint32) limits->trailer_bytes;
    context->body_limits.max_trailers = (guint32) limits->trailers;
    connection_deadlines_init (&context->deadlines, limits, all);
}

gboolean
connection_accept_from (ConnectionContext *context, int fd, const H3SocketAddress *peer)
{
    const TransportPeer known = { *peer, FALSE };

    if (!connection_accept (context, fd))
        return FALSE;
    transport_set_peer (context->connections->transport, &known);
    return TRUE;
}

static gboolean
is_idle (const Connection *connection)
{
    return connection->state == CONNECTION_READING_HEAD && !connection->turn_is_due
           && (connection->activity == NULL || !http1_lint_has_begun (&connection->activity->lint));
}

/* What goes on for long is asked to come to its end. */
static void
ask_for_ends (ConnectionContext *context)
{
    stream_list_drain (&context->streams);
    endings_come (loop_get_endings (context->loop), ENDING_DRAIN);
}

void
connection_context_part (ConnectionContext *context)
{
    context->draining = context->parting = TRUE;
    ask_for_ends (context);
}

void
connection_context_drain (ConnectionContext *context)
{
    Connection *next;

    context->draining = TRUE;
    context->parting = FALSE;
    for (Connection *connection = context->connections; connection != NULL; connection = next) {
        next = connection->next;
        connection->keep = FALSE;
        if (is_idle (connection))
            connection_close_when_sent (connection);
    }
    ask_for_ends (context);
}

void
connection_context_cut (ConnectionContext *context)
{
    stream_list_end (&context->streams);
    while (context->connections != NULL)
        connection_cut (context->connections);
}
