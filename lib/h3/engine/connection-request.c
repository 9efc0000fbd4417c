/* SPDX-License-Identifier: MIT
 *
 * The way in: heads become events, bodies reach them. */

#include "connection-private.h"

#include <h3/loop/clock.h>

static H3Event *
take_event (Connection *connection)
{
    Activity *activity = connection->activity;
    H3Event *event = event_pool_acquire (connection->context->events);

    event_begin (event, &activity->carrier, connection->context->limits);
    activity->event = event;
    connection->state = CONNECTION_HANDLING;
    activity->answer_time = connection->context->limits->handler_time;
    return event;
}

/* The answer to what cannot be read on: nothing behind it is parsed. */
static void
refuse (Connection *connection, guint status, const char *detail)
{
    connection->keep = FALSE;
    connection->incoming = INCOMING_NONE;
    event_refuse (connection->activity->event, status, detail);
}

/* No handler is going to be run for the event. */
static void
tell_refused (Connection *connection)
{
    const Dispatch *dispatch = connection->context->dispatch;

    if (dispatch->refused != NULL)
        dispatch->refused (dispatch->data, connection->activity->event);
}

void
connection_refuse_head (Connection *connection, guint status)
{
    request_init_unread (&take_event (connection)->request);
    tell_refused (connection);
    refuse (connection, status, NULL);
}

static void
begin_body (Connection *connection, H3Event *event)
{
    Activity *activity = connection->activity;
    Http1BodyLimits *limits = &connection->context->body_limits;

    http1_body_clear (&activity->body);
    if (event->request.chunked)
        http1_body_init_chunked (&activity->body, limits);
    else
        http1_body_init_exact (&activity->body, limits, event->request.content_length);
    connection->incoming = INCOMING_WAITING;
    connection->body_paused = connection->sent_continue = FALSE;
    activity->body_taken = activity->rate_mark = 0;
    activity->whole.length = 0;
    activity->discarded = 0;
}

void
connection_start_reading_body (Connection *connection)
{
    Activity *activity = connection->activity;

    connection->incoming = INCOMING_READING;
    activity->body_began = clock_get_now ();
    deadline_arm (&connection->deadline, connection->context->deadlines.rate, activity->body_began);
    /* Not behind the head of an answer, and not where the client has begun without it. */
    if (activity->event->request.expects_continue && !connection->sent_continue
        && activity->event->phase == EVENT_OPEN && activity->pending.length == 0)
        connection_carrier_functions.send_interim (&activity->carrier, activity->event, 100, NULL);
    connection->sent_continue = TRUE;
}

static inline void
run_handlers (Connection *connection)
{
    Activity *activity = connection->activity;
    H3Event *event = activity->event;
    ConnectionContext *context = connection->context;

    connection->state = CONNECTION_HANDLING;
    context->dispatch->run (context->dispatch->data, event);
    /* What goes on beyond this turn must not point into the receive buffer. */
    if (activity->event == event) {
        request_keep (&event->request, event->arena);
        if (event->phase == EVENT_OPEN
            && (connection->deadline.list == NULL || connection_waits_for_head (connection)))
            connection_arm_answer (connection);
    }
}

/* The route is known: the body is gathered first, or the handlers run at once. */
static void
begin_handling (Connection *connection, H3Event *event)
{
    const H3Request *request = &event->request;

    if (!request->has_body || event->wish != H3_BODY_BUFFERED) {
        run_handlers (connection);
        return;
    }
    if (!request->chunked && request->content_length > event->body_bound) {
        tell_refused (connection);
        event_refuse (event, 413, "The body is larger than this route takes.");
        return;
    }
    request_keep (&event->request, event->arena);
    connection->state = CONNECTION_READING_BODY;
    connection_start_reading_body (connection);
}

static gboolean
may_keep (const Connection *connection, const H3Request *request)
{
    const ConnectionContext *context = connection->context;
    const H3Limits *limits = context->limits;

    return request->keep_alive && !context->draining
           && (limits->requests == 0 || connection->n_requests < (guint64) limits->requests);
}

static void
begin_exchange (Connection *connection)
{
    Activity *activity = connection->activity;
    ConnectionContext *context = connection->context;
    char *base = (char *) activity->pending.data;
    H3Event *event = take_event (connection);
    guint status;

    connection->n_requests++;
    status = http1_reader_read (context->reader, base, &activity->lint.index, event->arena,
                                &event->request);
    activity->pending.data += activity->lint.index.length;
    activity->pending.length -= activity->lint.index.length;
    http1_lint_init (&activity->lint, context->fields, (guint16) context->limits->fields);
    connection->head_was_split = FALSE;
    if (status != 0) {
        request_keep (&event->request, event->arena);
        tell_refused (connection);
        refuse (connection, status, NULL);
        return;
    }
    connection->keep = may_keep (connection, &event->request);
    if (event->request.has_body)
        begin_body (connection, event);
    context->dispatch->begin (context->dispatch->data, event);
    if (activity->event == event && event->phase == EVENT_OPEN)
        begin_handling (connection, event);
}

/* Lints on. A head that came in pieces was linted as it came, for errors and limits; its index is
 * made anew from the whole, since the worker's field table has served others meanwhile. */
static LintResult
lint (Connection *connection)
{
    Activity *activity = connection->activity;
    ConnectionContext *context = connection->context;
    H3View pending = activity->pending;
    LintResult result =
        http1_lint_step (&activity->lint, context->limits, pending.data, pending.length);

    if (result == LINT_WHOLE && connection->head_was_split) {
        http1_lint_init (&activity->lint, context->fields, (guint16) context->limits->fields);
        result = http1_lint_step (&activity->lint, context->limits, pending.data, pending.length);
    }
    return result;
}

Step
connection_step_head (Connection *connection)
{
    switch (lint (connection)) {
    case LINT_WHOLE:
        begin_exchange (connection);
        return STEP_MORE;
    case LINT_REFUSED:
        connection_refuse_head (connection, connection->activity->lint.status);
        return STEP_MORE;
    default:
        connection->head_was_split = TRUE;
        return STEP_WAIT;
    }
}

static void
add_trailer (H3View name, H3View value, gpointer user_data)
{
    request_add_trailer (user_data, name, value);
}

static void
end_body (Connection *connection)
{
    Activity *activity = connection->activity;
    H3Event *event = activity->event;

    connection->incoming = INCOMING_NONE;
    deadline_disarm (&connection->deadline);
    http1_body_foreach_trailer (&activity->body, add_trailer, &event->request);
    if (connection->state == CONNECTION_READING_BODY) {
        request_take_body (&event->request, gathered_take (&activity->whole));
        event->body_ended = TRUE;
        run_handlers (connection);
        return;
    }
    if (event->phase == EVENT_OPEN)
        connection_arm_answer (connection);
    event_body_end (event);
}

void
connection_fail_body (Connection *connection, guint status, const char *detail)
{
    Activity *activity = connection->activity;
    H3Event *event = activity->event;

    if (connection->state == CONNECTION_READING_BODY)
        tell_refused (connection);
    connection->keep = FALSE;
    connection->incoming = INCOMING_NONE;
    connection->state = CONNECTION_HANDLING;
    deadline_disarm (&connection->deadline);
    event_body_failed (event, status, detail);
    /* A reader that was told may still take its time to answer, but not for ever. */
    if (activity->event == event && event->phase == EVENT_OPEN)
        connection_arm_answer (connection);
}

static gboolean
exceeds_bound (const Connection *connection)
{
    const Activity *activity = connection->activity;

    return activity->body.received > activity->event->body_bound;
}

/* One piece of the body to whom it is for. */
static void
take_piece (Connection *connection, H3View data)
{
    if (exceeds_bound (connection))
        connection_fail_body (connection, 413, "The body is larger than this route takes.");
    else if (connection->state != CONNECTION_READING_BODY)
        event_body_data (connection->activity->event, data.data, data.length);
    else if (!gathered_append (&connection->activity->whole, data))
        connection_fail_body (connection, 503, "There is no memory for the body.");
}

Step
connection_step_body (Connection *connection)
{
    Activity *activity = connection->activity;
    H3View data;

    if (connection->incoming != INCOMING_READING || connection->body_paused)
        return STEP_WAIT;
    switch (http1_body_step (&activity->body, &activity->pending, &data)) {
    case HTTP1_BODY_NEEDS_MORE:
        return STEP_WAIT;
    case HTTP1_BODY_DATA:
        activity->body_taken += data.length;
        take_piece (connection, data);
        return STEP_MORE;
    case HTTP1_BODY_END:
        end_body (connection);
        return STEP_MORE;
    default:
        connection_fail_body (connection, activity->body.status,
                              "The body breaks the rules of HTTP.");
        return STEP_MORE;
    }
}

Step
connection_step_discard (Connection *connection)
{
    Activity *activity = connection->activity;
    H3View data;

    switch (http1_body_step (&activity->body, &activity->pending, &data)) {
    case HTTP1_BODY_NEEDS_MORE:
        return STEP_WAIT;
    case HTTP1_BODY_DATA:
        activity->discarded += data.length;
        if (activity->discarded <= CONNECTION_MAX_DISCARD)
            return STEP_MORE;
        break;
    case HTTP1_BODY_END:
        connection->incoming = INCOMING_NONE;
        connection->state = CONNECTION_READING_HEAD;
        deadline_disarm (&connection->deadline);
        return STEP_MORE;
    default:
        break;
    }
    connection_close_when_sent (connection);
    return STEP_WAIT;
}

/* An answer that is whole may wait for its last byte to leave, while the body that comes is none or
 * another event's. */
static gboolean
has_body_coming (Carrier *carrier, const H3Event *event)
{
    return ((Activity *) carrier)->event == event;
}

void
connection_carry_read_body (Carrier *carrier, H3Event *event)
{
    Connection *connection = ((Activity *) carrier)->connection;

    if (!has_body_coming (carrier, event))
        return;
    connection_start_reading_body (connection);
    connection_schedule_turn (connection);
}

void
connection_carry_pause_body (Carrier *carrier, H3Event *event)
{
    if (has_body_coming (carrier, event))
        ((Activity *) carrier)->connection->body_paused = TRUE;
}

void
connection_carry_resume_body (Carrier *carrier, H3Event *event)
{
    Connection *connection = ((Activity *) carrier)->connection;
    Activity *activity = connection->activity;

    if (!has_body_coming (carrier, event) || !connection->body_paused)
        return;
    connection->body_paused = FALSE;
    activity->rate_mark = activity->body_taken;
    if (connection->incoming == INCOMING_READING)
        deadline_arm (&connection->deadline, connection->context->deadlines.rate, clock_get_now ());
    connection_schedule_turn (connection);
}
