/* SPDX-License-Identifier: MIT
 *
 * Server-sent events: an answer that stays open, and tells its client what happens when it happens.
 * A stream belongs to the worker of its event; it is reference-counted, for any thread, and closes
 * when the last reference is dropped; a channel that it is subscribed to holds one. Since: 0.1 */

#pragma once

#include <h3/engine/channel.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3Sse:
 *
 * Server-sent events: an answer that stays open, and tells its client what happens when it happens.
 *
 * A stream belongs to the worker of its event. It is boxed and reference-counted, for any thread,
 * and closes when the last reference is dropped; a channel that it is subscribed to holds one.
 *
 * Since: 0.1
 */
typedef struct _H3Sse H3Sse;

#define H3_TYPE_SSE (h3_sse_get_type ())
GType h3_sse_get_type (void);

/**
 * H3_SSE_BOUND:
 *
 * Bytes that may wait for the client, unless h3_sse_set_bound() says otherwise.
 *
 * Since: 0.1
 */
#define H3_SSE_BOUND (64 * 1024)

/**
 * H3_SSE_HEARTBEAT:
 *
 * Milliseconds after which a client that heard nothing is sent a comment, unless
 * h3_sse_set_heartbeat() says otherwise.
 *
 * Since: 0.1
 */
#define H3_SSE_HEARTBEAT 15000

/**
 * H3SseResult:
 * @H3_SSE_SENT: it is on its way
 * @H3_SSE_FULL: so it is, but enough waits now: h3_sse_on_drain() says when to go on
 * @H3_SSE_CLOSED: the stream is over
 * @H3_SSE_REFUSED: nothing was sent: an id, or the name of an event, has CR or LF in it
 *
 * What became of an event that was sent.
 *
 * Since: 0.1
 */
typedef enum { H3_SSE_SENT, H3_SSE_FULL, H3_SSE_CLOSED, H3_SSE_REFUSED } H3SseResult;

/**
 * H3SseEnd:
 * @H3_SSE_END_CLOSED: the program closed it, or dropped it
 * @H3_SSE_END_GONE: the client went away
 * @H3_SSE_END_DRAIN: the server ends; its clients were told, and when to come back
 * @H3_SSE_END_SLOW: it took too little of what a channel had for it
 * @H3_SSE_END_CHANNEL: no channel feeds it any more
 *
 * Why a stream of events has ended.
 *
 * Since: 0.1
 */
typedef enum {
    H3_SSE_END_CLOSED,
    H3_SSE_END_GONE,
    H3_SSE_END_DRAIN,
    H3_SSE_END_SLOW,
    H3_SSE_END_CHANNEL,
} H3SseEnd;

/**
 * H3SseFunction:
 * @sse: (transfer none): the stream
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is told something of a stream, on its worker.
 *
 * Since: 0.1
 */
typedef void (*H3SseFunction) (H3Sse *sse, gpointer user_data);

/**
 * H3SseEnded:
 * @sse: (transfer none): the stream
 * @why: what ended it
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is told that a stream is over, on its worker.
 *
 * Since: 0.1
 */
typedef void (*H3SseEnded) (H3Sse *sse, H3SseEnd why, gpointer user_data);

/**
 * h3_event_get_last_event_id:
 * @event: an event
 *
 * Tells what a client that comes back has had last, as it names it in Last-Event-ID. The event's
 * worker only.
 *
 * Returns: (transfer none) (nullable): the id, as long as the event; %NULL where it names none
 *
 * Since: 0.1
 */
const char *h3_event_get_last_event_id (H3Event *event);

/**
 * h3_sse_start:
 * @event: an event that is not answered
 *
 * Answers with a stream of events. The event's worker only.
 *
 * The head leaves with the first event, before the handler returns, else when it does: who has the
 * head has been subscribed to what the handler subscribed it to. Status and fields are set before;
 * Cache-Control is "no-store" where it is not. The client is heard to go where it closes its
 * sending side.
 *
 * Returns: (transfer full) (nullable): the stream. %NULL: there is nothing to be sent, and the
 *   answer is on its way: to HEAD; where the event is answered already; where the client has gone,
 *   or the server ends
 *
 * Since: 0.1
 */
H3Sse *h3_sse_start (H3Event *event) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_sse_ref:
 * @sse: a stream
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @sse
 *
 * Since: 0.1
 */
H3Sse *h3_sse_ref (H3Sse *sse);

/**
 * h3_sse_unref:
 * @sse: (transfer full) (nullable): a stream; %NULL is allowed
 *
 * Drops a reference. Dropping the last one closes the stream. Any thread.
 *
 * Since: 0.1
 */
void h3_sse_unref (H3Sse *sse);

/**
 * h3_sse_is_open:
 * @sse: a stream
 *
 * Tells whether events can be sent. Any thread.
 *
 * Returns: %FALSE where it is over
 *
 * Since: 0.1
 */
gboolean h3_sse_is_open (const H3Sse *sse);

/**
 * h3_sse_send:
 * @sse: a stream
 * @name: (nullable): what kind of event this is, without CR and LF; %NULL: "message"
 * @data: a text of any number of lines, in UTF-8
 *
 * Sends an event. From the worker it leaves at once; from another thread with the worker's next
 * turn, with all that was sent meanwhile. Any thread; what one thread sends keeps its order.
 *
 * Returns: what became of it
 *
 * Since: 0.1
 */
H3SseResult h3_sse_send (H3Sse *sse, const char *name, const char *data);

/**
 * h3_sse_send_full:
 * @sse: a stream
 * @id: (nullable): what the client names as the last it has had when it comes back, without CR and
 *   LF
 * @name: (nullable): as of h3_sse_send()
 * @data: (nullable): as of h3_sse_send(); %NULL: none, and the client's program then hears nothing
 * @length: of @data, in bytes; -1 where a NUL ends it
 * @retry: milliseconds until a client comes back that was cut off; -1 where that is not said
 *
 * Sends an event with all that it may have, as h3_sse_send() does. Any thread.
 *
 * Returns: what became of it
 *
 * Since: 0.1
 */
H3SseResult h3_sse_send_full (H3Sse *sse, const char *id, const char *name, const char *data,
                              gssize length, gint64 retry);

/**
 * h3_sse_send_comment:
 * @sse: a stream
 * @text: in UTF-8
 *
 * Sends a comment, which clients pass over. Any thread.
 *
 * Returns: what became of it
 *
 * Since: 0.1
 */
H3SseResult h3_sse_send_comment (H3Sse *sse, const char *text);

/**
 * h3_sse_subscribe:
 * @sse: a stream
 * @channel: (transfer none): what to send
 * @last_id: (nullable): the last message the client has had, as of h3_channel_subscribe(): what
 *   h3_event_get_last_event_id() tells
 *
 * Sends what is published on @channel, with its ids and names, first what the client has missed
 * since @last_id. Worker only.
 *
 * A client that does not take it is dropped: it is told, and comes back. The stream ends when no
 * channel feeds it any more.
 *
 * Returns: (transfer none) (nullable): the subscription; %NULL where the stream is over
 *
 * Since: 0.1
 */
H3Subscription *h3_sse_subscribe (H3Sse *sse, H3Channel *channel, const char *last_id);

/**
 * h3_sse_set_heartbeat:
 * @sse: a stream
 * @milliseconds: of silence; 0: none; %H3_SSE_HEARTBEAT unless it is set
 *
 * Has a comment sent after so much silence. Worker only.
 *
 * Since: 0.1
 */
void h3_sse_set_heartbeat (H3Sse *sse, guint milliseconds);

/**
 * h3_sse_set_bound:
 * @sse: a stream
 * @bytes: how many; %H3_SSE_BOUND unless it is set
 *
 * Sets how many bytes may wait before %H3_SSE_FULL. What a channel may have waiting is the
 * channel's bound. Any thread.
 *
 * Since: 0.1
 */
void h3_sse_set_bound (H3Sse *sse, gsize bytes);

/**
 * h3_sse_on_drain:
 * @sse: a stream
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call;
 *   %NULL: nobody
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another takes its place or the stream ends
 *
 * Has @function called whenever the client has taken enough after an %H3_SSE_FULL, on the worker,
 * never inside what said so. It takes the place of the one before. Worker only.
 *
 * Since: 0.1
 */
void h3_sse_on_drain (H3Sse *sse, H3SseFunction function, gpointer user_data,
                      GDestroyNotify destroy);

/**
 * h3_sse_on_end:
 * @sse: a stream
 * @function: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the call
 *
 * Has @function called once, on the worker, when the stream is over, whoever ended it; at once
 * where it is. Once a stream. Worker only.
 *
 * Since: 0.1
 */
void h3_sse_on_end (H3Sse *sse, H3SseEnded function, gpointer user_data, GDestroyNotify destroy);

/**
 * h3_sse_close:
 * @sse: a stream
 *
 * Ends the stream: what was sent leaves, then the answer is whole. Any thread.
 *
 * Since: 0.1
 */
void h3_sse_close (H3Sse *sse);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Sse, h3_sse_unref)

G_END_DECLS
