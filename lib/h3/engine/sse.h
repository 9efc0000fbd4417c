/* SPDX-License-Identifier: MIT
 *
 * Server-sent events: an answer that stays open, and tells its client what happens when it happens.
 * A stream belongs to the worker of its event; it is reference-counted, for any thread, and closes
 * when the last reference is dropped; a channel that it is subscribed to holds one. Since: 0.1 */

#pragma once

#include <h3/engine/channel.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct _H3Sse H3Sse;

#define H3_TYPE_SSE (h3_sse_get_type ())
GType h3_sse_get_type (void);

/* Bytes that may wait for the client, and milliseconds after which one that heard nothing is sent a
 * comment, unless the stream says otherwise. */
#define H3_SSE_BOUND     (64 * 1024)
#define H3_SSE_HEARTBEAT 15000

/**
 * H3SseResult:
 * @H3_SSE_SENT: it is on its way
 * @H3_SSE_FULL: so it is, but enough waits now: h3_sse_on_drain() says when to go on
 * @H3_SSE_CLOSED: the stream is over
 * @H3_SSE_REFUSED: nothing was sent: an id, or the name of an event, has CR or LF in it
 */
typedef enum { H3_SSE_SENT, H3_SSE_FULL, H3_SSE_CLOSED, H3_SSE_REFUSED } H3SseResult;

/**
 * H3SseEnd:
 * @H3_SSE_END_CLOSED: the program closed it, or dropped it
 * @H3_SSE_END_GONE: the client went away
 * @H3_SSE_END_DRAIN: the server ends; its clients were told, and when to come back
 * @H3_SSE_END_SLOW: it took too little of what a channel had for it
 * @H3_SSE_END_CHANNEL: no channel feeds it any more
 */
typedef enum {
    H3_SSE_END_CLOSED,
    H3_SSE_END_GONE,
    H3_SSE_END_DRAIN,
    H3_SSE_END_SLOW,
    H3_SSE_END_CHANNEL,
} H3SseEnd;

typedef void (*H3SseFunction) (H3Sse *sse, gpointer user_data);
typedef void (*H3SseEnded) (H3Sse *sse, H3SseEnd why, gpointer user_data);

/* Returns: (nullable): what a client that comes back has had last, as it names it. The event's
 * worker; lives as long as the event. */
const char *h3_event_get_last_event_id (H3Event *event);

/* Answers with a stream. The head leaves with the first event, before the handler returns, else
 * when it does: who has the head has been subscribed to what the handler subscribed it to. Status
 * and fields are set before; Cache-Control is "no-store" where it is not. The client is heard to go
 * where it closes its sending side.
 *
 * Returns: (transfer full) (nullable): the stream. NULL: there is nothing to be sent, and the
 * answer is on its way: to HEAD; where the event is answered already; where the client has gone, or
 * the server ends. Worker only. */
H3Sse *h3_sse_start (H3Event *event) G_GNUC_WARN_UNUSED_RESULT;

H3Sse *h3_sse_ref (H3Sse *sse);
/* NULL is allowed. */
void h3_sse_unref (H3Sse *sse);

/* Any thread. */
gboolean h3_sse_is_open (const H3Sse *sse);

/* An event: `name` (nullable) is "message" where it is not said, `data` a text of any number of
 * lines, in UTF-8. From the worker it leaves at once; from another thread with the worker's next
 * turn, with all that was sent meanwhile. Any thread; what one thread sends keeps its order. */
H3SseResult h3_sse_send (H3Sse *sse, const char *name, const char *data);

/* The same with all that an event may have: `id` (nullable), `length` of `data`, -1 where a NUL
 * ends it; `data` NULL is none, and the client's program then hears nothing; `retry` milliseconds
 * until a client comes back that was cut off, -1 where that is not said. */
H3SseResult h3_sse_send_full (H3Sse *sse, const char *id, const char *name, const char *data,
                              gssize length, gint64 retry);

/* A comment, which clients pass over. */
H3SseResult h3_sse_send_comment (H3Sse *sse, const char *text);

/* What is published on `channel` is sent, with its ids and names, first what the client has missed
 * since `last_id`: see h3_channel_subscribe (). A client that does not take it is dropped: it is
 * told, and comes back. The stream ends when no channel feeds it any more. Worker only.
 *
 * Returns: (transfer none) (nullable): the subscription; NULL where the stream is over. */
H3Subscription *h3_sse_subscribe (H3Sse *sse, H3Channel *channel, const char *last_id);

/* A comment after so many milliseconds of silence; 0: none. Worker only. */
void h3_sse_set_heartbeat (H3Sse *sse, guint milliseconds);

/* So many bytes may wait before H3_SSE_FULL. What a channel may have waiting is the channel's
 * bound. Any thread. */
void h3_sse_set_bound (H3Sse *sse, gsize bytes);

/* Calls `function` (scope notified) whenever the client has taken enough after an H3_SSE_FULL, on
 * the worker, never inside what said so; NULL: nobody. It takes the place of the one before, whose
 * `destroy` is called; so does the end. Worker only. */
void h3_sse_on_drain (H3Sse *sse, H3SseFunction function, gpointer user_data,
                      GDestroyNotify destroy);

/* Calls `function` (scope notified) once, on the worker, when the stream is over, whoever ended it;
 * at once where it is. Worker only. */
void h3_sse_on_end (H3Sse *sse, H3SseEnded function, gpointer user_data, GDestroyNotify destroy);

/* What was sent leaves, then the answer is whole. Any thread. */
void h3_sse_close (H3Sse *sse);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Sse, h3_sse_unref)

G_END_DECLS
