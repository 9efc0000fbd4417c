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
 * A connection that was taken over: see <h3/engine/stream.h>.
 */
typedef struct _H3Stream H3Stream;

/**
 * H3BodyMode:
 * @H3_BODY_NONE: the handler wants none; what is sent is read and dropped, within bounds
 * @H3_BODY_BUFFERED: whole, before the handler runs
 * @H3_BODY_STREAMED: piece by piece, as the handler asks for it
 *
 * How a route wants the bodies of its requests.
 */
typedef enum {
    H3_BODY_NONE,
    H3_BODY_BUFFERED,
    H3_BODY_STREAMED,
} H3BodyMode;

/**
 * H3BodyFunction:
 * @data: (nullable) (array length=length): a piece of the body, borrowed for the call; %NULL: the
 *   end, or with @error its failure
 * @error: (nullable): %H3_ERROR_CLOSED where the client has gone, else %H3_HTTP_ERROR
 */
typedef void (*H3BodyFunction) (H3Event *event, const char *data, gsize length, const GError *error,
                                gpointer user_data);

/* Reads the request's body: `function` is called, never inline, for each piece, then once with data
 * NULL for the end or an error; then `destroy`. The event is held meanwhile. A body that was kept
 * whole comes in one piece. Worker only; once an event. */
void h3_event_read_body (H3Event *event, H3BodyFunction function, gpointer user_data,
                         GDestroyNotify destroy);

/* No more pieces until resumed: the client is slowed down. Worker only. */
void h3_event_pause_body (H3Event *event);
void h3_event_resume_body (H3Event *event);

/* Begins an answer that is written piece by piece, with `length` bytes in all, or -1 where that is
 * not known; without this the first write begins it with -1. Worker only. */
void h3_event_start_stream (H3Event *event, gint64 length);

/* Writes a piece: `data` is copied, `bytes` referenced and never copied. FALSE when more waits for
 * the client than should (H3Limits.output): what was written is not lost, but write on only when
 * h3_event_on_drain () says so; and when the client has gone (see the cancellable). Any thread that
 * holds the event; pieces of one thread keep their order. */
gboolean h3_event_write (H3Event *event, const char *data, gsize length);
gboolean h3_event_write_bytes (H3Event *event, GBytes *bytes);

/* Calls `function` once, on the worker and never inline, when the client has taken enough, or has
 * gone. The event is held meanwhile; one wait at a time. Any thread that holds the event. */
void h3_event_on_drain (H3Event *event, H3Handler function, gpointer user_data,
                        GDestroyNotify destroy);

/* The streamed answer is whole. Fewer bytes than promised cut the connection. A stream whose last
 * reference is dropped is finished too, or cut where the request's body had failed. Any thread that
 * holds the event. */
void h3_event_finish (H3Event *event);

/* A trailer field (RFC 9110 §6.5): what is known only when the body has been written, such as its
 * digest. `declare` names it in the Trailer field of the head, before that leaves; `set` gives its
 * value, until h3_event_finish () or the end of the generator; what was declared and never set is
 * not sent. FALSE with a critical for a name that no trailer may have (framing, routing,
 * authentication, control: RFC 9110 §6.5.1), one that was not declared, or a value that must not be
 * sent; with a warning where the head has left. Only chunked bodies have trailers: one of known
 * length, and one to HTTP/1.0, go without, and whoever is on the way may drop them. Whoever holds
 * the event, one thread at a time. */
gboolean h3_event_declare_trailer (H3Event *event, const char *name);
gboolean h3_event_set_trailer (H3Event *event, const char *name, const char *value);

/**
 * H3Generator:
 *
 * An empty piece is nothing now: no more is asked for until h3_event_resume_generator().
 *
 * Returns: (transfer full) (nullable): the next piece; %NULL for the end, or with @error set for a
 *   failure, which cuts the connection
 */
typedef GBytes *(*H3Generator) (gpointer user_data, GError **error);

/* Answers with what `function` gives, asked for a piece whenever there is room, on the worker. */
void h3_event_send_generator (H3Event *event, gint64 length, H3Generator function,
                              gpointer user_data, GDestroyNotify destroy);

/* A generator that gave an empty piece is asked again, never inline. Where it gave none, or there
 * is no generator, nothing happens. Any thread that holds the event. */
void h3_event_resume_generator (H3Event *event);

/* 103 Early Hints (RFC 8297) with these fields, before the answer and as often as wanted; nothing
 * to HTTP/1.0, nor once the event is answered. Fields of framing and of the connection are refused
 * with a critical, and nothing is sent. Worker only. */
void h3_event_send_early_hints (H3Event *event, H3Headers *headers);

/* Returns: (transfer full) (nullable): the connection, after the head of the response (status 101
 * for an upgrade that the request asked for, 200 for CONNECT); the event is finished. NULL where
 * it is answered already or the client has gone. Worker only. */
H3Stream *h3_event_take_over (H3Event *event);

G_END_DECLS
