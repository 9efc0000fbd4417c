/* SPDX-License-Identifier: MIT */

#include "client-connection-private.h"

#include <h3/base/counters.h>
#include <h3/base/debug.h>
#include <h3/loop/clock.h>

void
client_connection_set_state (ClientConnection *connection, ClientConnectionState state)
{
    static const char *const names[] = { "connecting", "asking proxy", "handshaking",
                                         "in use",     "idle",         "closed" };

    debug_tell ("client connection %p: %s to %s", (gpointer) connection, names[connection->state],
                names[state]);
    connection->state = (guint8) state;
}

ClientConnection *
client_connection_new (ClientContext *context, ClientPeer *peer)
{
    ClientConnection *connection = g_new0 (ClientConnection, 1);

    counters_add (COUNTER_CLIENT_CONNECTIONS_LIVE, 1);
    connection->context = context;
    connection->peer = client_peer_ref (peer);
    client_connection_open (connection);
    return connection;
}

void
client_connection_set_user (ClientConnection *connection, const ClientConnectionUser *functions,
                            gpointer user)
{
    connection->functions = functions;
    connection->user = user;
}

ClientPeer *
client_connection_get_peer (const ClientConnection *connection)
{
    return connection->peer;
}

Transport *
client_connection_get_transport (const ClientConnection *connection)
{
    return connection->transport;
}

const ClientConnectionTiming *
client_connection_get_timing (const ClientConnection *connection)
{
    return &connection->timing;
}

gboolean
client_connection_is_ready (const ClientConnection *connection)
{
    return connection->state == CLIENT_IN_USE || connection->state == CLIENT_IDLE;
}

static void
free_connection (gpointer data)
{
    ClientConnection *connection = data;

    buffers_give (connection->context->buffers, connection->input);
    client_peer_unref (connection->peer);
    g_free (connection);
    counters_add (COUNTER_CLIENT_CONNECTIONS_LIVE, -1);
}

void
client_connection_close (ClientConnection *connection, ClientClose how)
{
    ClientContext *context = connection->context;
    Transport *transport = g_steal_pointer (&connection->transport);

    if (connection->state == CLIENT_CLOSED)
        return;
    client_connection_set_state (connection, CLIENT_CLOSED);
    client_connection_clear_opening (connection);
    deadline_disarm (&connection->idle);
    connection->functions = NULL;
    connection->user = NULL;
    /* What came may lie in `input`, and somebody be looking at it. (Before the transport's end,
     * with which that of the loop's buffers may come.) */
    loop_defer (context->loop, free_connection, connection);
    if (transport != NULL && how == CLIENT_CLOSE_DROP)
        transport_drop (transport);
    else if (transport != NULL)
        transport_reset (transport);
    context->on_closed (connection, context->keeper);
}

static void
on_idle_due (DeadlineNode *node)
{
    ClientConnection *connection =
        (ClientConnection *) (void *) ((char *) node - G_STRUCT_OFFSET (ClientConnection, idle));

    client_connection_close (connection, CLIENT_CLOSE_DROP);
}

void
client_connection_note_kept (ClientConnection *connection, guint32 seconds)
{
    connection->kept_seconds = seconds;
}

static gint64
get_rest (const ClientConnection *connection)
{
    gint64 milliseconds = client_peer_get_settings (connection->peer)->idle_milliseconds;

    if (connection->kept_seconds == 0)
        return milliseconds;
    return MIN (milliseconds, connection->kept_seconds * G_GINT64_CONSTANT (1000) - 500);
}

void
client_connection_rest (ClientConnection *connection)
{
    ClientContext *context = connection->context;
    DeadlineList *list =
        deadlines_find_list (context->deadlines, get_rest (connection), on_idle_due);

    g_assert (connection->state == CLIENT_IN_USE && connection->input == NULL);
    connection->functions = NULL;
    connection->user = NULL;
    client_connection_set_state (connection, CLIENT_IDLE);
    transport_set_reading (connection->transport, TRUE);
    deadline_arm (&connection->idle, list, clock_get_now ());
}

gboolean
client_connection_is_alive (ClientConnection *connection)
{
    char byte;

    g_assert (client_connection_is_ready (connection) && connection->input == NULL);
    return transport_receive (connection->transport, &byte, 1) == RECEIVE_WAIT;
}

void
client_connection_wake (ClientConnection *connection)
{
    g_assert (connection->state == CLIENT_IDLE);
    deadline_disarm (&connection->idle);
    client_connection_set_state (connection, CLIENT_IN_USE);
}

/* Nobody asked for anything: the end, or bytes that would be taken for the next answer. What TLS
 * says for itself, as new tickets, is no byte of it. */
static void
look_at_idle (ClientConnection *connection)
{
    if (!client_connection_is_alive (connection))
        client_connection_close (connection, CLIENT_CLOSE_DROP);
}

static void
on_readable (gpointer owner)
{
    ClientConnection *connection = owner;

    switch ((ClientConnectionState) connection->state) {
    case CLIENT_IDLE:
        look_at_idle (connection);
        break;
    case CLIENT_IN_USE:
        connection->functions->on_input (connection->user);
        break;
    default:
        client_connection_open_further (connection);
        break;
    }
}

static void
on_drained (gpointer owner)
{
    ClientConnection *connection = owner;

    if (connection->state == CLIENT_IN_USE)
        connection->functions->on_drained (connection->user);
}

static void
on_failed (gpointer owner, int error_number)
{
    ClientConnection *connection = owner;

    switch ((ClientConnectionState) connection->state) {
    case CLIENT_IDLE:
        client_connection_close (connection, CLIENT_CLOSE_CUT);
        break;
    case CLIENT_IN_USE:
        connection->functions->on_send_failed (connection->user, error_number);
        break;
    default:
        client_connection_give_up (
            connection,
            client_peer_error (connection->peer, H3_CLIENT_ERROR_CONNECT, "%s: %s",
                               client_connection_explain (connection), g_strerror (error_number)));
        break;
    }
}

const TransportOwner client_connection_owner = { on_readable, on_drained, on_failed };
