/* SPDX-License-Identifier: MIT
 *
 * The way out: how a connection carries the answers of its events. */

#include "connection-private.h"

#include <h3/base/bytes.h>
#include <h3/base/error.h>
#include <h3/http/event-flow.h>
#include <h3/loop/clock.h>
#include <h3/net/transport-peer.h>

/* A body so small is written behind its head, to leave in the same bytes. */
#define MAX_INLINE_BODY 16384
/* What a generator gives at most in one go: others want their turn too. */
#define MAX_GENERATED (256 * 1024)
/* What a piece counts there at least: a byte takes as long to be asked for as a page. */
#define PIECE_COST 1024

static Connection *
connection_of (Carrier *carrier)
{
    return ((Activity *) carrier)->connection;
}

/* A body that is left unread must be read before the next head, so that nothing of it is taken for
 * one; where it may never come, or is too long to throw away, the connection ends instead. */
static gboolean
can_discard_rest (const Connection *connection, const H3Event *event)
{
    if (connection->incoming == INCOMING_NONE)
        return TRUE;
    if (event->request.expects_continue && !connection->sent_continue)
        return FALSE;
    /* A streamed answer whose program reads on meanwhile, as an echo does, leaves nothing. */
    if (event->is_streaming && event->is_reading)
        return TRUE;
    return event->request.chunked || event->request.content_length <= CONNECTION_MAX_DISCARD;
}

static Http1Exchange
describe_exchange (Connection *connection, const H3Event *event, const H3Response *response)
{
    const ConnectionContext *context = connection->context;
    const H3Request *request = &event->request;
    Http1Exchange exchange = { 0 };

    if (response->close || context->draining || !can_discard_rest (connection, event)
        || (context->limits->age > 0 && context->now - connection->opened >= context->limits->age))
        connection->keep = FALSE;
    exchange.method = request->method;
    exchange.minor = request->head.minor;
    exchange.close = !connection->keep;
    exchange.asked_to_keep = request->head.minor == 0;
    exchange.upgrade = response->status == 101;
    return exchange;
}

/* The clock is asked once an answer: for the age, the Date, and the wait for the next request. */
static void
read_clock (ConnectionContext *context)
{
    context->now = clock_get_now ();
    if (context->now == context->date_read)
        return;
    context->date_read = context->now;
    context->date = clock_get_real_seconds ();
}

/* Head and small body in one piece of memory that is too large for the output buffer. */
static gboolean
write_large_head (Connection *connection, const H3Response *response, const Http1Exchange *exchange,
                  gsize room, H3View body)
{
    ConnectionContext *context = connection->context;
    g_autofree char *out = g_try_malloc (room + body.length);
    gsize length;

    if (out == NULL)
        return FALSE;
    length = http1_writer_write_head (&context->writer, response, exchange,
                                      (Http1Framing) connection->framing, context->date, out);
    if (body.length > 0)
        memcpy (out + length, body.data, body.length);
    transport_write (connection->transport, out, length + body.length);
    return TRUE;
}

/* Head and small body in one piece of memory. */
static gboolean
write_head (Connection *connection, const H3Event *event, const H3Response *response, H3View body)
{
    ConnectionContext *context = connection->context;
    Http1Exchange exchange;
    Http1Framing framing;
    gsize room = http1_writer_measure (response);
    gsize length;
    char *out;

    read_clock (context);
    exchange = describe_exchange (connection, event, response);
    framing = http1_writer_frame (response, &exchange);
    connection->framing = (guint8) framing;
    connection->keep = !exchange.close;
    if (framing == FRAMING_NONE)
        body.length = 0;
    if (room + body.length > 65536)
        return write_large_head (connection, response, &exchange, room, body);
    out = transport_reserve (connection->transport, room + body.length);
    if (out == NULL)
        return FALSE;
    length = http1_writer_write_head (&context->writer, response, &exchange, framing, context->date,
                                      out);
    bytes_copy (out + length, body.data, body.length);
    transport_commit (connection->transport, length + body.length);
    return TRUE;
}

/* The part of a body that can go along with its head. */
static H3View
get_inline_body (const H3Response *response)
{
    if (response->length > MAX_INLINE_BODY)
        return H3_VIEW_EMPTY;
    if (response->body_kind == BODY_MEMORY)
        return response->body.memory;
    if (response->body_kind == BODY_BYTES) {
        gsize length;
        const char *data = g_bytes_get_data (response->body.bytes, &length);

        return h3_view (data, length);
    }
    return H3_VIEW_EMPTY;
}

/* The last segment of a file takes its descriptor along. */
static void
write_parts (Transport *transport, H3Response *response)
{
    const BodyPart *parts = response->body.parts.parts;
    guint n = response->body.parts.n_parts;
    guint64 left = 0;

    for (guint i = 0; i < n; i++)
        left += parts[i].length;
    for (guint i = 0; i < n; i++) {
        const BodyPart *part = &parts[i];

        transport_write (transport, part->text.data, part->text.length);
        left -= part->length;
        if (response->body.parts.bytes != NULL)
            transport_write_bytes (transport, response->body.parts.bytes, (gsize) part->offset,
                                   (gsize) part->length);
        else if (left > 0)
            transport_write_segment (transport, response->body.parts.fd, (gint64) part->offset,
                                     part->length);
        else if (response->body.parts.fd >= 0)
            transport_write_file (transport, g_steal_fd (&response->body.parts.fd),
                                  (gint64) part->offset, part->length);
    }
}

static void
write_rest (Connection *connection, H3Response *response, gsize inlined)
{
    Transport *transport = connection->transport;

    if (connection->framing == FRAMING_NONE || inlined > 0)
        return;
    switch (response->body_kind) {
    case BODY_MEMORY:
        transport_write (transport, response->body.memory.data, response->body.memory.length);
        break;
    case BODY_BYTES:
        transport_write_bytes (transport, response->body.bytes, 0, (gsize) response->length);
        break;
    case BODY_FILE:
        transport_write_file (transport, g_steal_fd (&response->body.file.fd),
                              response->body.file.offset, (guint64) response->length);
        break;
    case BODY_PARTS:
        write_parts (transport, response);
        break;
    default:
        break;
    }
}

/* Its pieces follow: nothing is waited for but the client, or the program. */
static void
begin_stream (Connection *connection, H3Response *response)
{
    if (connection->incoming != INCOMING_READING)
        deadline_disarm (&connection->deadline);
    connection->activity->stream_left = response->length;
    if (response->body_kind == BODY_STREAM) {
        connection_schedule_turn (connection);
        return;
    }
    connection->activity->generated = response;
    connection->generator_waits = FALSE;
    connection_generate (connection);
}

static void
carry_send (Carrier *carrier, H3Event *event, H3Response *response)
{
    Connection *connection = connection_of (carrier);
    H3View body = get_inline_body (response);

    if (!write_head (connection, event, response, body)) {
        connection_cut (connection);
        return;
    }
    if (response->body_kind == BODY_STREAM
        || (response->body_kind == BODY_GENERATOR && connection->framing != FRAMING_NONE)) {
        begin_stream (connection, response);
        return;
    }
    if (connection->framing != FRAMING_NONE)
        event->body_sent = (guint64) response->length;
    write_rest (connection, response, body.length);
    connection_exchange_over (connection, event);
}

/* Counts what is written against what was promised; FALSE when it is too much. */
static gboolean
count_piece (Connection *connection, gsize length)
{
    Activity *activity = connection->activity;

    if (activity->stream_left < 0)
        return TRUE;
    if ((guint64) activity->stream_left < length) {
        g_warning ("an answer gives more bytes than it promised: the connection is cut");
        return FALSE;
    }
    activity->stream_left -= (gint64) length;
    return TRUE;
}

static void
write_piece (Connection *connection, GBytes *bytes, const char *data, gsize length)
{
    Transport *transport = connection->transport;
    char line[HTTP1_CHUNK_LINE_ROOM];

    if (connection->framing == FRAMING_CHUNKED)
        transport_write (transport, line, http1_writer_write_chunk_line (length, line));
    if (bytes != NULL)
        transport_write_bytes (transport, bytes, 0, length);
    else
        transport_write (transport, data, length);
    if (connection->framing == FRAMING_CHUNKED)
        transport_write (transport, "\r\n", 2);
}

static void
carry_write (Carrier *carrier, H3Event *event, GBytes *bytes, const char *data, gsize length)
{
    Connection *connection = connection_of (carrier);

    if (connection->framing == FRAMING_NONE)
        return;
    if (!count_piece (connection, length)) {
        connection_cut (connection);
        return;
    }
    event->body_sent += length;
    write_piece (connection, bytes, data, length);
}

static void
write_trailers (Transport *transport, const H3Headers *fields)
{
    g_autofree char *text = g_malloc (http1_writer_measure_headers (fields) + HTTP1_TRAILER_ROOM);

    transport_write (transport, text, http1_writer_write_trailers (fields, text));
}

static void
carry_finish (Carrier *carrier, H3Event *event)
{
    Connection *connection = connection_of (carrier);
    Activity *activity = connection->activity;

    if (connection->framing != FRAMING_NONE && activity->stream_left > 0) {
        g_warning ("an answer gives fewer bytes than it promised: the connection is cut");
        connection_cut (connection);
        return;
    }
    if (connection->framing == FRAMING_CHUNKED && event->response.trailers != NULL)
        write_trailers (connection->transport, event->response.trailers->fields);
    else if (connection->framing == FRAMING_CHUNKED)
        transport_write (connection->transport, HTTP1_LAST_CHUNK.data, HTTP1_LAST_CHUNK.length);
    activity->generated = NULL;
    connection_exchange_over (connection, event);
}

static void
carry_cancel (Carrier *carrier, H3Event *event)
{
    /* An answer that is whole cannot fail any more: it only waits for its last byte to leave, and
     * the connection may be another event's by now. */
    if (((Activity *) carrier)->event == event)
        connection_cut (connection_of (carrier));
}

/* What failed takes no more, and is told at the end of the turn: who writes until that is enough
 * would never come there. */
static guint64
carry_get_waiting (Carrier *carrier)
{
    const Transport *transport = connection_of (carrier)->transport;

    return transport_has_failed (transport) ? G_MAXINT64 : transport_get_waiting (transport);
}

static void
carry_want_drained (Carrier *carrier, H3Event *event)
{
    transport_want_drained (connection_of (carrier)->transport);
}

static void
carry_flush (Carrier *carrier, H3Event *event)
{
    (void) transport_flush (connection_of (carrier)->transport);
}

/* It may fail its event, which closes the connection: what it was lent lasts until it returns. */
static GBytes *
ask_generator (const Activity *activity, GError **error)
{
    H3Event *event = activity->event;
    const H3Response *response = activity->generated;
    GBytes *bytes;

    event_enter (event);
    bytes = response->body.generator.function (response->body.generator.user_data, error);
    event_leave (event);
    return bytes;
}

void
connection_generate (Connection *connection)
{
    Activity *activity = connection->activity;
    gsize given = 0;

    while (given < MAX_GENERATED
           && transport_get_waiting (connection->transport)
                  <= (guint64) connection->context->limits->output) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) bytes = ask_generator (activity, &error);
        gsize length = bytes != NULL ? g_bytes_get_size (bytes) : 0;

        if (connection->state == CONNECTION_CLOSED)
            return;
        if (error != NULL) {
            g_debug ("a generator failed: %s", error->message);
            connection_cut (connection);
            return;
        }
        if (bytes == NULL) {
            carry_finish (&activity->carrier, activity->event);
            return;
        }
        if (length == 0) {
            connection->generator_waits = TRUE;
            connection_schedule_turn (connection);
            return;
        }
        carry_write (&activity->carrier, activity->event, bytes, NULL, length);
        if (connection->state == CONNECTION_CLOSED)
            return;
        given += MAX (length, PIECE_COST);
    }
    /* It goes on when what waits has left. */
    transport_want_drained (connection->transport);
    connection_schedule_turn (connection);
}

static void
carry_resume_generator (Carrier *carrier, H3Event *event)
{
    const Activity *activity = (Activity *) carrier;
    Connection *connection = activity->connection;

    /* The exchange may be over, and the activity another connection's. */
    if (activity->event != event || activity->generated == NULL || !connection->generator_waits)
        return;
    connection->generator_waits = FALSE;
    connection_generate (connection);
}

static void
carry_send_interim (Carrier *carrier, H3Event *event, guint status, const H3Headers *headers)
{
    Connection *connection = connection_of (carrier);
    gsize room = http1_writer_measure_headers (headers) + 64;
    g_autofree char *text = NULL;

    if (event->request.head.minor == 0)
        return;
    text = g_malloc (room);
    transport_write (connection->transport, text,
                     http1_writer_write_interim (status, headers, text));
    connection_schedule_turn (connection);
}

static H3Stream *
carry_detach (Carrier *carrier, H3Event *event, H3Response *response)
{
    Connection *connection = connection_of (carrier);
    Activity *activity = connection->activity;
    ConnectionContext *context = connection->context;
    Transport *transport = connection->transport;
    H3View received = activity->pending;
    H3Stream *stream;

    if (!connection->in_turn && activity->input != NULL)
        received = h3_view (activity->input->data + activity->input->start,
                            activity->input->end - activity->input->start);
    /* Nobody else flushes it any more: the head leaves at the end of the turn. What the handler
     * does behind this, such as subscribing, is done before the peer can know that it is let in. */
    transport_flush (transport);
    transport_shared_hold (context->shared, NULL);
    if (!write_head (connection, event, response, H3_VIEW_EMPTY)) {
        connection_cut (connection);
        return NULL;
    }
    stream = stream_new (carrier->loop, transport, context->shared, &context->streams, received);
    activity->event = NULL;
    connection_retire (connection, TRUE);
    event_finish (event, H3_OUTCOME_SENT);
    return stream;
}

static void
carry_set_deadline (Carrier *carrier, H3Event *event, gint64 milliseconds)
{
    Connection *connection = connection_of (carrier);

    if (((Activity *) carrier)->event != event)
        return;
    connection->activity->answer_time = milliseconds;
    if (connection->incoming != INCOMING_READING && event->phase == EVENT_OPEN)
        connection_arm_answer (connection);
}

static void
carry_get_peer (Carrier *carrier, H3SocketAddress *out_peer, gboolean *out_secure)
{
    transport_get_peer (connection_of (carrier)->transport, out_peer);
    *out_secure = transport_is_secure (connection_of (carrier)->transport);
}

const CarrierFunctions connection_carrier_functions = {
    .read_body = connection_carry_read_body,
    .pause_body = connection_carry_pause_body,
    .resume_body = connection_carry_resume_body,
    .send_interim = carry_send_interim,
    .send = carry_send,
    .write = carry_write,
    .flush = carry_flush,
    .resume_generator = carry_resume_generator,
    .get_waiting = carry_get_waiting,
    .want_drained = carry_want_drained,
    .finish = carry_finish,
    .cancel = carry_cancel,
    .detach = carry_detach,
    .set_deadline = carry_set_deadline,
    .get_peer = carry_get_peer,
    .get_tls = connection_carry_tls,
};
