/* SPDX-License-Identifier: MIT */

#include "connection-private.h"
#include "connection-rest.h"

#include <h3/base/counters.h>
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
    connection->is_reading = FALSE;
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

    return connection->context->draining && !connection->context->parting
           && connection->n_requests > 0 && activity->pending.length == 0
           && !http1_lint_has_begun (&activity->lint);
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

static gint64
get_now (const ConnectionContext *context)
{
    return context->now != 0 ? context->now : clock_get_now ();
}

/* What the connection now waits for, and for how long. */
static inline void
arm_input (Connection *connection, guint64 waiting)
{
    const ConnectionDeadlines *deadlines = &connection->context->deadlines;
    const Activity *activity = connection->activity;
    DeadlineList *list;

    if (connection->state != CONNECTION_READING_HEAD) {
        if (connection_waits_for_head (connection))
            deadline_disarm (&connection->deadline);
        return;
    }
    /* What has begun is kept as input. */
    if (activity != NULL && activity->input != NULL && http1_lint_has_begun (&activity->lint))
        list = deadlines->head;
    else
        list = connection->n_requests == 0 ? deadlines->first_byte : deadlines->idle;
    /* Who is still taking an answer is not idle. */
    if (list == deadlines->idle && waiting > 0) {
        deadline_disarm (&connection->deadline);
        return;
    }
    /* The two of the first head are absolute: more bytes do not put them off. */
    if (list == deadlines->idle || connection->deadline.list != list)
        deadline_arm (&connection->deadline, list, get_now (connection->context));
}

/* While a request is handled, or its answer waits for the client, only so much is read ahead. */
static void
set_reading (Connection *connection)
{
    const Buffer *input = connection->activity->input;
    gboolean is_full =
        input != NULL && input->end - input->start >= (gsize) connection->context->limits->pipelined
        && (connection->state == CONNECTION_HANDLING || is_output_full (connection));
    gboolean is_reading = !connection->peer_ended && !is_full;

    if (is_reading == connection->is_reading)
        return;
    connection->is_reading = is_reading;
    transport_set_reading (connection->transport, is_reading);
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

/* The receive buffer goes on without it. */
static void
keep_head (H3Event *event)
{
    if (event_needs_head (event))
        request_keep (&event->request, event->arena);
}

/* An answer is told to be sent when its last byte has left. */
static void
tell_sent (Connection *connection)
{
    Activity *activity = connection->activity;

    finish_unsent (activity, H3_OUTCOME_SENT, transport_get_sent (connection->transport));
    if (connection->state == CONNECTION_CLOSED || activity->unsent_first == NULL)
        return;
    keep_head (activity->unsent_last);
    transport_want_drained (connection->transport);
}

static inline void
end_turn (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = connection->activity;
    guint64 waiting;

    if (connection->state == CONNECTION_CLOSED)
        return;
    waiting = transport_flush (connection->transport);
    if (activity->unsent_first != NULL)
        tell_sent (connection);
    if (connection->state == CONNECTION_CLOSED)
        return;
    if (waiting == 0)
        deadline_disarm (&activity->write_deadline);
    else if (activity->write_deadline.list == NULL && connection->framing == FRAMING_NONE)
        deadline_arm (&activity->write_deadline, context->deadlines.write, get_now (context));
    if (connection->state == CONNECTION_DRAINING) {
        if (activity->unsent_first == NULL && waiting == 0)
            close_now (connection);
        return;
    }
    arm_input (connection, waiting);
    set_reading (connection);
    connection_rest (connection, waiting);
}

void
connection_end_turn (Connection *connection)
{
    end_turn (connection);
}

static void
turn (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = connection_begin_activity (connection);

    connection_begin_turn (connection);
    transport_shared_hold (context->shared, connection->transport);
    if (activity->input != NULL)
        activity->pending = h3_view (activity->input->data + activity->input->start,
                                     activity->input->end - activity->input->start);
    while (take_step (connection) == STEP_MORE)
        continue;
    if (connection->peer_ended && connection->state != CONNECTION_CLOSED)
        note_end (connection);
    if (activity->input != NULL || activity->pending.length > 0)
        connection_stash_pending (connection);
    connection->in_turn = FALSE;
    end_turn (connection);
    transport_shared_hold (context->shared, NULL);
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
    /* Most leave with the turn, in which the head stays where it is unless another comes behind. */
    if (!connection->in_turn || activity->input != NULL || activity->pending.length > 0)
        keep_head (event);
}

void
connection_exchange_over (Connection *connection, H3Event *event)
{
    Activity *activity = connection->activity;

    g_assert (activity->event == event);
    activity->event = NULL;
    activity->generated = NULL;
    connection->framing = FRAMING_NONE;
    counters_add (COUNTER_REQUESTS, 1);
    if (activity->whole.data != NULL)
        gathered_clear (&activity->whole);
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
        /* Who idled before idles again, mostly at the same moment of the coarse clock. */
        if (connection->deadline.list != connection->context->deadlines.idle)
            deadline_disarm (&connection->deadline);
    }
    if (connection->state != CONNECTION_CLOSED)
        connection_schedule_turn (connection);
}

static void
on_readable (gpointer owner)
{
    Connection *connection = owner;
    gssize n = connection_receive (connection);

    if (G_LIKELY (n > 0)) {
        turn (connection);
        return;
    }
    if (n == RECEIVE_WAIT) {
        connection_rest (connection, transport_get_waiting (connection->transport));
        return;
    }
    if (n == RECEIVE_FAILED) {
        connection_cut (connection);
        return;
    }
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

static inline void
enter_context (Connection *connection, ConnectionContext *context)
{
    counters_add (COUNTER_CONNECTIONS_LIVE, 1);
    counters_add (COUNTER_ACCEPTED, 1);
    connection->context = context;
    connection->opened = clock_get_now ();
    connection->next = context->connections;
    if (context->connections != NULL)
        context->connections->previous = connection;
    context->connections = connection;
    context->n_connections++;
    context->now = 0;
    arm_input (connection, 0);
    connection->is_reading = TRUE;
    transport_set_reading (connection->transport, TRUE);
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
    enter_context (connection, context);
    return TRUE;
}

void
connection_adopt (ConnectionContext *context, Transport *transport, H3View received)
{
    Connection *connection = g_new0 (Connection, 1);

    connection->transport = transport;
    transport_set_owner (transport, &connection_owner_functions, connection);
    enter_context (connection, context);
    if (received.length == 0)
        return;
    connection_begin_activity (connection)->pending = received;
    turn (connection);
}
