/* SPDX-License-Identifier: MIT */

#include "connection-private.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/loop/clock.h>

static void
free_connection (gpointer data)
{
    Connection *connection = data;

    if (connection->turn_is_due) {
        loop_defer (connection->context->loop, free_connection, connection);
        return;
    }
    connection_drop_activity (connection);
    g_free (connection);
    counters_add (COUNTER_CONNECTIONS_LIVE, -1);
}

static void
finish_unsent (Activity *activity, H3Outcome outcome, guint64 up_to)
{
    while (activity->unsent_first != NULL && activity->unsent_first->sent_mark <= up_to) {
        H3Event *event = activity->unsent_first;

        activity->unsent_first = event->next;
        if (activity->unsent_first == NULL)
            activity->unsent_last = NULL;
        event_finish (event, outcome);
    }
}

static void
leave_context (Connection *connection)
{
    ConnectionContext *context = connection->context;

    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        context->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    context->n_connections--;
}

/* The exchanges that have not ended never will. */
static void
end_exchanges (Activity *activity)
{
    H3Event *event = g_steal_pointer (&activity->event);

    deadline_disarm (&activity->write_deadline);
    if (event != NULL)
        event_finish (event, H3_OUTCOME_GONE);
    finish_unsent (activity, H3_OUTCOME_GONE, G_MAXUINT64);
}

/* The transport is somebody else's now, or its own. */
void
connection_retire (Connection *connection, gboolean is_taken)
{
    ConnectionContext *context = connection->context;
    H3SocketAddress peer;

    transport_get_peer (connection->transport, &peer);
    connection->transport = NULL;
    connection->state = CONNECTION_CLOSED;
    deadline_disarm (&connection->deadline);
    leave_context (connection);
    if (connection->activity != NULL)
        end_exchanges (connection->activity);
    loop_defer (connection->context->loop, free_connection, connection);
    if (!is_taken && context->on_closed != NULL)
        context->on_closed (context->on_closed_data, &peer.address);
}

void
connection_cut (Connection *connection)
{
    Transport *transport = connection->transport;

    if (connection->state == CONNECTION_CLOSED)
        return;
    connection_retire (connection, FALSE);
    transport_reset (transport);
}

void
connection_drop (Connection *connection)
{
    Transport *transport = connection->transport;

    connection_retire (connection, FALSE);
    transport_drop (transport);
}

static void
close_now (Connection *connection)
{
    Transport *transport = connection->transport;

    connection_retire (connection, FALSE);
    transport_close (transport);
}

/* Nothing more is read. What was written still leaves, and who waits for that is told. */
void
connection_close_when_sent (Connection *connection)
{
    const Activity *activity = connection->activity;

    /* While bytes wait the connection stays, for its deadline for writing. */
    if (activity == NULL
        || (activity->unsent_first == NULL && transport_get_waiting (connection->transport) == 0)) {
        close_now (connection);
        return;
    }
    connection->state = CONNECTION_DRAINING;
    deadline_disarm (&connection->deadline);
    transport_set_reading (connection->transport, FALSE);
}

static gboolean
is_output_full (const Connection *connection)
{
    return transport_get_waiting (connection->transport)
           > (guint64) connection->context->limits->output;
}

/* The drain found it between an answer and the turn behind it: nothing more has come, and nothing
 * more is waited for. */
static gboolean
is_through (const Connection *connection)
{
    const Activity *activity = connection->activity;

    return connection->context->draining && connection->n_requests > 0
           && activity->pending.length == 0 && !http1_lint_has_begun (&activity->lint);
}

static Step
take_step (Connection *connection)
{
    switch (connection->state) {
    case CONNECTION_READING_HEAD:
        if (is_through (connection)) {
            connection_close_when_sent (connection);
            break;
        }
        if (connection->activity->pending.length == 0 || is_output_full (connection))
            return STEP_WAIT;
        return connection_step_head (connection);
    case CONNECTION_READING_BODY:
    case CONNECTION_HANDLING:
        return connection_step_body (connection);
    case CONNECTION_DISCARDING:
        return connection_step_discard (connection);
    default:
        break;
    }
    return STEP_WAIT;
}

/* What the connection now waits for, and for how long. */
static void
arm_input (Connection *connection)
{
    ConnectionDeadlines *deadlines = &connection->context->deadlines;
    DeadlineList *list;

    if (connection->state != CONNECTION_READING_HEAD)
        return;
    if (connection->activity != NULL && http1_lint_has_begun (&connection->activity->lint))
        list = deadlines->head;
    else
        list = connection->n_requests == 0 ? deadlines->first_byte : deadlines->idle;
    /* Who is still taking an answer is not idle. */
    if (list == deadlines->idle && transport_get_waiting (connection->transport) > 0) {
        deadline_disarm (&connection->deadline);
        return;
    }
    /* The two of the first head are absolute: more bytes do not put them off. */
    if (list == deadlines->idle || connection->deadline.list != list)
        deadline_arm (&connection->deadline, list, clock_get_now ());
}

/* While a request is handled, or its answer waits for the client, only so much is read ahead. */
static void
set_reading (Connection *connection)
{
    const Buffer *input = connection->activity->input;
    gsize kept = input != NULL ? input->end - input->start : 0;
    gboolean is_full = kept >= (gsize) connection->context->limits->pipelined
                       && (connection->state == CONNECTION_HANDLING || is_output_full (connection));

    transport_set_reading (connection->transport, !connection->peer_ended && !is_full
                                                      && connection->state < CONNECTION_DRAINING);
}

/* The peer has ended, and all that it sent has been read as far as it can be. An answer that is
 * under way is not in vain: the peer may have closed its sending side only. */
static void
note_end (Connection *connection)
{
    Activity *activity = connection->activity;

    switch (connection->state) {
    case CONNECTION_READING_HEAD:
        if (activity->pending.length == 0 || !is_output_full (connection))
            connection_close_when_sent (connection);
        break;
    case CONNECTION_DISCARDING:
        connection_close_when_sent (connection);
        break;
    case CONNECTION_READING_BODY:
        connection_cut (connection);
        break;
    case CONNECTION_HANDLING:
        if (connection->incoming == INCOMING_READING && !connection->body_paused)
            connection_fail_body (connection, 400, "The body was cut short.");
        else
            event_cancel (activity->event);
        break;
    default:
        break;
    }
}

void
connection_end_turn (Connection *connection)
{
    Transport *transport = connection->transport;
    Activity *activity = connection->activity;

    if (connection->state == CONNECTION_CLOSED)
        return;
    transport_flush (transport);
    if (activity->unsent_first != NULL)
        finish_unsent (activity, H3_OUTCOME_SENT, transport_get_sent (transport));
    if (connection->state == CONNECTION_CLOSED)
        return;
    if (activity->unsent_first != NULL)
        transport_want_drained (transport);
    if (transport_get_waiting (transport) == 0)
        deadline_disarm (&activity->write_deadline);
    else if (activity->write_deadline.list == NULL && connection->framing == FRAMING_NONE)
        deadline_arm (&activity->write_deadline, connection->context->deadlines.write,
                      clock_get_now ());
    if (connection->state == CONNECTION_DRAINING) {
        if (activity->unsent_first == NULL && transport_get_waiting (transport) == 0)
            close_now (connection);
        return;
    }
    arm_input (connection);
    set_reading (connection);
    connection_rest (connection);
}

static void
turn (Connection *connection)
{
    TransportShared *shared = connection->context->shared;
    Activity *activity = connection_begin_activity (connection);

    connection->in_turn = TRUE;
    connection->context->now = clock_get_now ();
    transport_shared_hold (shared, connection->transport);
    if (activity->input != NULL)
        activity->pending = h3_view (activity->input->data + activity->input->start,
                                     activity->input->end - activity->input->start);
    while (take_step (connection) == STEP_MORE)
        continue;
    if (connection->peer_ended && connection->state != CONNECTION_CLOSED)
        note_end (connection);
    connection_stash_pending (connection);
    connection->in_turn = FALSE;
    connection_end_turn (connection);
    transport_shared_hold (shared, NULL);
}

static void
on_turn_due (gpointer data)
{
    Connection *connection = data;

    connection->turn_is_due = FALSE;
    if (connection->state != CONNECTION_CLOSED)
        turn (connection);
}

void
connection_schedule_turn (Connection *connection)
{
    if (connection->in_turn || connection->turn_is_due)
        return;
    connection->turn_is_due = TRUE;
    loop_defer (connection->context->loop, on_turn_due, connection);
}

/* Its program hears when the last byte has left, which may be later. */
static void
add_unsent (Connection *connection, H3Event *event)
{
    Activity *activity = connection->activity;

    event->next = NULL;
    event->sent_mark =
        transport_get_sent (connection->transport) + transport_get_waiting (connection->transport);
    if (activity->unsent_last != NULL)
        activity->unsent_last->next = event;
    else
        activity->unsent_first = event;
    activity->unsent_last = event;
    request_keep (&event->request, event->arena);
}

void
connection_exchange_over (Connection *connection, H3Event *event)
{
    Activity *activity = connection->activity;

    g_assert (activity->event == event);
    activity->event = NULL;
    activity->generated = NULL;
    connection->framing = FRAMING_NONE;
    deadline_disarm (&connection->deadline);
    counters_add (COUNTER_REQUESTS, 1);
    if (activity->whole != NULL) {
        g_clear_pointer (&activity->whole, g_free);
        activity->whole_capacity = activity->whole_length = 0;
    }
    if (event_has_dispose_hooks (event))
        add_unsent (connection, event);
    else
        event_finish (event, H3_OUTCOME_SENT);
    if (!connection->keep) {
        connection_close_when_sent (connection);
    } else if (connection->incoming != INCOMING_NONE) {
        connection->incoming = INCOMING_READING;
        connection->state = CONNECTION_DISCARDING;
        deadline_arm (&connection->deadline, connection->context->deadlines.discard,
                      clock_get_now ());
    } else {
        connection->state = CONNECTION_READING_HEAD;
    }
    if (connection->state != CONNECTION_CLOSED)
        connection_schedule_turn (connection);
}

static void
on_readable (gpointer owner)
{
    Connection *connection = owner;
    gssize n = connection_receive (connection);

    if (n == RECEIVE_WAIT) {
        connection_rest (connection);
        return;
    }
    if (n == RECEIVE_FAILED) {
        connection_cut (connection);
        return;
    }
    if (n == RECEIVE_END)
        connection->peer_ended = TRUE;
    turn (connection);
}

static void
on_drained (gpointer owner)
{
    Connection *connection = owner;
    Activity *activity = connection_begin_activity (connection);
    H3Event *event = activity->event;

    if (transport_get_waiting (connection->transport) == 0)
        deadline_disarm (&activity->write_deadline);
    if (event != NULL && activity->generated == NULL)
        event_drained (event);
    else if (event != NULL && !connection->generator_waits)
        connection_generate (connection);
    if (connection->state != CONNECTION_CLOSED)
        turn (connection);
}

static void
on_failed (gpointer owner, int error_number)
{
    connection_cut (owner);
}

const TransportOwner connection_owner_functions = { on_readable, on_drained, on_failed };

void
connection_context_init (ConnectionContext *context, Deadlines *all)
{
    const H3Limits *limits = context->limits;

    http1_writer_init (&context->writer);
    context->body_limits.max_body = G_MAXINT64;
    context->body_limits.max_extension = (guint32) limits->chunk_extension;
    context->body_limits.max_extensions = (guint32) limits->chunk_extensions;
    context->body_limits.max_trailer_bytes = (guint32) limits->trailer_bytes;
    context->body_limits.max_trailers = (guint32) limits->trailers;
    connection_deadlines_init (&context->deadlines, limits, all);
}

gboolean
connection_accept (ConnectionContext *context, int fd)
{
    Connection *connection = g_new0 (Connection, 1);

    connection->transport =
        transport_new (context->shared, fd, &connection_owner_functions, connection);
    if (connection->transport == NULL) {
        g_free (connection);
        return FALSE;
    }
    counters_add (COUNTER_CONNECTIONS_LIVE, 1);
    counters_add (COUNTER_ACCEPTED, 1);
    connection->context = context;
    connection->opened = clock_get_now ();
    connection->next = context->connections;
    if (context->connections != NULL)
        context->connections->previous = connection;
    context->connections = connection;
    context->n_connections++;
    arm_input (connection);
    transport_set_reading (connection->transport, TRUE);
    return TRUE;
}

static gboolean
is_idle (const Connection *connection)
{
    return connection->state == CONNECTION_READING_HEAD && !connection->turn_is_due
           && (connection->activity == NULL || !http1_lint_has_begun (&connection->activity->lint));
}

void
connection_context_drain (ConnectionContext *context)
{
    Connection *next;

    context->draining = TRUE;
    for (Connection *connection = context->connections; connection != NULL; connection = next) {
        next = connection->next;
        connection->keep = FALSE;
        if (is_idle (connection))
            connection_close_when_sent (connection);
    }
    stream_list_end (&context->streams);
}

void
connection_context_cut (ConnectionContext *context)
{
    stream_list_end (&context->streams);
    while (context->connections != NULL)
        connection_cut (context->connections);
}
