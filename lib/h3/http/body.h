/* SPDX-License-Identifier: MIT
 *
 * Bodies that do not fit into memory, or are not there yet: read and written piece by piece, each
 * side slowed down by the other; interim answers; the connection itself. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3Stream:
 *
 * A connection that was taken over with h3_event_take_over(): bytes both ways, with back-pressure;
 * never a descriptor.
 *
 * Boxed and reference-counted. It belongs to the worker it was taken on, whose thread alone may
 * touch it, but for ref and unref. It is read with h3_stream_read() and written with
 * h3_stream_write().
 *
 * Since: 0.1
 */
typedef struct _H3Stream H3Stream;

/**
 * H3BodyMode:
 * @H3_BODY_NONE: the handler wants none; what is sent is read and dropped, within bounds
 * @H3_BODY_BUFFERED: whole, before the handler runs
 * @H3_BODY_STREAMED: piece by piece, as the handler asks for it
 *
 * How a route wants the bodies of its requests.
 *
 * Since: 0.1
 */
typedef enum {
    H3_BODY_NONE,
    H3_BODY_BUFFERED,
    H3_BODY_STREAMED,
} H3BodyMode;

/**
 * H3BodyFunction:
 * @event: (transfer none): the exchange
 * @data: (nullable) (array length=length) (element-type guint8): a piece of the body, borrowed for
 *   the call; %NULL: the end, or with @error its failure
 * @length: of @data, in bytes
 * @error: (nullable): %H3_ERROR_CLOSED where the client has gone, else %H3_HTTP_ERROR
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is given a piece of a request's body, on the event's worker.
 *
 * Since: 0.1
 */
typedef void (*H3BodyFunction) (H3Event *event, const char *data, gsize length, const GError *error,
                                gpointer user_data);

/**
 * h3_event_read_body:
 * @event: an event, which is held meanwhile
 * @function: (scope notified) (closure user_data) (destroy destroy): called, never inline, for each
 *   piece, then once with data %NULL for the end or an error
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the last call
 *
 * Reads the request's body. One that was kept whole comes in one piece.
 *
 * The event's worker only; once an event.
 *
 * Since: 0.1
 */
void h3_event_read_body (H3Event *event, H3BodyFunction function, gpointer user_data,
                         GDestroyNotify destroy);

/**
 * h3_event_pause_body:
 * @event: an event
 *
 * Has no more pieces come until resumed: the client is slowed down. The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_pause_body (H3Event *event);

/**
 * h3_event_resume_body:
 * @event: an event
 *
 * Has pieces come again after h3_event_pause_body(). The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_resume_body (H3Event *event);

/**
 * h3_event_start_stream:
 * @event: an event that is not answered
 * @length: of the body in bytes, in all; -1 where that is not known
 *
 * Begins an answer that is written piece by piece; without this the first write begins it, with -1.
 * The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_start_stream (H3Event *event, gint64 length);

/**
 * h3_event_write:
 * @event: an event
 * @data: (nullable) (array length=length) (element-type guint8): the piece; copied. %NULL where
 *   @length is 0
 * @length: of @data, in bytes
 *
 * Writes a piece of the answer's body. Any thread that holds the event; pieces of one thread keep
 * their order.
 *
 * Returns: %FALSE when more waits for the client than should (#H3Limits.output): what was written
 *   is not lost, but write on only when h3_event_on_drain() says so; and when the client has gone
 *   (see h3_event_get_cancellable())
 *
 * Since: 0.1
 */
gboolean h3_event_write (H3Event *event, const char *data, gsize length);

/**
 * h3_event_write_bytes:
 * @event: an event
 * @bytes: (transfer none): the piece; referenced, never copied
 *
 * Writes a piece of the answer's body, as h3_event_write() does. Any thread that holds the event;
 * pieces of one thread keep their order.
 *
 * Returns: %FALSE as of h3_event_write()
 *
 * Since: 0.1
 */
gboolean h3_event_write_bytes (H3Event *event, GBytes *bytes);

/**
 * h3_event_on_drain:
 * @event: an event, which is held meanwhile
 * @function: (scope notified) (closure user_data) (destroy destroy): what to call, on the worker
 *   and never inline
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the call, or where there is none
 *
 * Has @function called once, when the client has taken enough.
 *
 * Where the exchange ends before that there is @destroy alone, for who would write until there is
 * no room would never end. One wait at a time. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_on_drain (H3Event *event, H3Handler function, gpointer user_data,
                        GDestroyNotify destroy);

/**
 * h3_event_finish:
 * @event: an event
 *
 * Ends an answer that was written piece by piece: it is whole.
 *
 * Fewer bytes than promised cut the connection. A stream whose last reference is dropped is
 * finished too, or cut where the request's body had failed. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_finish (H3Event *event);

/**
 * h3_event_declare_trailer:
 * @event: an event whose head has not left
 * @name: of the field: not one of framing, routing, authentication, control (RFC 9110 §6.5.1)
 *
 * Names a field in the head's Trailer that comes behind the body (RFC 9110 §6.5): what is known
 * only when the body has been written, such as its digest. h3_event_set_trailer() gives its value.
 *
 * Only chunked bodies have trailers: one of known length, and one to HTTP/1.0, go without, and
 * whoever is on the way may drop them.
 *
 * Returns: %FALSE with a critical for a name that no trailer may have, with a warning where the
 *   head has left
 *
 * Since: 0.1
 */
gboolean h3_event_declare_trailer (H3Event *event, const char *name);

/**
 * h3_event_set_trailer:
 * @event: an event whose answer is not finished
 * @name: of a field that was declared
 * @value: as of h3_headers_set(); copied
 *
 * Gives the value of a trailer field that h3_event_declare_trailer() named, until h3_event_finish()
 * or the end of the generator. What was declared and never set is not sent. Whoever holds the
 * event, one thread at a time.
 *
 * Returns: %FALSE with a critical for a name that was not declared, or a value that must not be
 *   sent
 *
 * Since: 0.1
 */
gboolean h3_event_set_trailer (H3Event *event, const char *name, const char *value);

/**
 * H3Generator:
 * @user_data: (nullable) (closure): what was given with the function
 * @error: for a failure, which cuts the connection
 *
 * Makes the next piece of an answer's body, on the event's worker.
 *
 * An empty piece is nothing now: no more is asked for until h3_event_resume_generator().
 *
 * Returns: (transfer full) (nullable): the next piece; %NULL for the end, or with @error set for a
 *   failure
 *
 * Since: 0.1
 */
typedef GBytes *(*H3Generator) (gpointer user_data, GError **error);

/**
 * h3_event_send_generator:
 * @event: an event that is not answered
 * @length: of the body in bytes, in all; -1 where that is not known
 * @function: (scope notified) (closure user_data) (destroy destroy): asked for a piece whenever
 *   there is room, on the worker
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when no more is asked for
 *
 * Answers with what @function gives. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_generator (H3Event *event, gint64 length, H3Generator function,
                              gpointer user_data, GDestroyNotify destroy);

/**
 * h3_event_resume_generator:
 * @event: an event
 *
 * Has a generator that gave an empty piece asked again, never inline.
 *
 * Where it gave none, or there is no generator, nothing happens. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_resume_generator (H3Event *event);

/**
 * h3_event_send_early_hints:
 * @event: an event
 * @headers: (transfer none): fields, such as Link; not those of framing and of the connection
 *
 * Sends 103 Early Hints (RFC 8297), before the answer and as often as wanted.
 *
 * Nothing is sent to HTTP/1.0, nor once the event is answered, nor, with a critical, where one of
 * @headers is refused. The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_send_early_hints (H3Event *event, H3Headers *headers);

/**
 * h3_event_take_over:
 * @event: an event that is not answered
 *
 * Sends the head of the response (status 101 for an upgrade that the request asked for, 200 for
 * CONNECT: RFC 9110 §7.8, §9.3.6) and hands the connection over; the event is finished. The event's
 * worker only.
 *
 * Returns: (transfer full) (nullable): the connection; %NULL where the event is answered already or
 *   the client has gone
 *
 * Since: 0.1
 */
H3Stream *h3_event_take_over (H3Event *event);

G_END_DECLS
