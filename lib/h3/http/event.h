/* SPDX-License-Identifier: MIT
 *
 * One exchange: a request, the answer to it, and what handlers keep beside them. An event belongs
 * to a worker and lives until the answer has left and nobody holds it any more; what it lends
 * (strings, arena memory) lives as long. Handlers run on its worker. One that answers later, or
 * from another thread, holds a reference from h3_event_defer (); then one thread at a time may set
 * the answer up and send it. Since: 0.1 */

#pragma once

#include <h3/base/arena.h>
#include <h3/http/request.h>
#include <h3/http/response.h>

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * H3Event:
 *
 * One exchange: a request, the answer to it, and what handlers keep beside them.
 *
 * A pooled boxed type: references come from h3_event_defer() and h3_event_ref() only. An event
 * belongs to a worker and lives until the answer has left and nobody holds it any more; what it
 * lends (strings, arena memory) lives as long.
 *
 * Handlers run on its worker. One that answers later, or from another thread, holds a reference
 * from h3_event_defer(); then one thread at a time may set the answer up and send it. A function
 * that says nothing of threads is for the thread that holds the event; one that is for the worker
 * only says so, and called elsewhere it is a critical.
 *
 * Since: 0.1
 */
typedef struct _H3Event H3Event;

#define H3_TYPE_EVENT (h3_event_get_type ())
GType h3_event_get_type (void);

/**
 * H3Handler:
 * @event: (transfer none): the exchange
 * @user_data: (nullable) (closure): what was registered with it
 *
 * Answers, defers, or calls h3_event_next(); one that does neither is answered 500.
 *
 * Runs on the event's worker, and must not block it: see h3_event_offload().
 *
 * Since: 0.1
 */
typedef void (*H3Handler) (H3Event *event, gpointer user_data);

/**
 * H3Outcome:
 * @H3_OUTCOME_SENT: the last byte of the answer was taken by the system
 * @H3_OUTCOME_GONE: the client went away first
 * @H3_OUTCOME_FAILED: an error or a deadline ended the exchange
 *
 * How an exchange ended.
 *
 * Since: 0.1
 */
typedef enum { H3_OUTCOME_SENT, H3_OUTCOME_GONE, H3_OUTCOME_FAILED } H3Outcome;

/**
 * H3Disposed:
 * @event: (transfer none): the exchange
 * @outcome: how it ended
 * @user_data: (nullable) (closure): what was registered with it
 *
 * Is told how an exchange ended, on its worker.
 *
 * Where @outcome is not %H3_OUTCOME_SENT, the response may still be in the hands of a thread that
 * was to answer: read it only when h3_event_is_answered().
 *
 * Since: 0.1
 */
typedef void (*H3Disposed) (H3Event *event, H3Outcome outcome, gpointer user_data);

/**
 * h3_event_ref:
 * @event: an event that is held
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @event
 *
 * Since: 0.1
 */
H3Event *h3_event_ref (H3Event *event);

/**
 * h3_event_unref:
 * @event: (transfer full) (nullable): an event; %NULL is allowed
 *
 * Drops a reference. An event that nobody holds and nobody answered is answered 500. Any thread.
 *
 * Since: 0.1
 */
void h3_event_unref (H3Event *event);

/**
 * h3_event_get_request:
 * @event: an event
 *
 * Gives the request.
 *
 * Returns: (transfer none): the request, as long as the event
 *
 * Since: 0.1
 */
H3Request *h3_event_get_request (H3Event *event);

/**
 * h3_event_get_response:
 * @event: an event
 *
 * Gives the answer that is being set up.
 *
 * Returns: (transfer none): the response, as long as the event
 *
 * Since: 0.1
 */
H3Response *h3_event_get_response (H3Event *event);

/**
 * h3_event_get_arena: (skip)
 * @event: an event
 *
 * Gives memory that ends with the event: of no use to bindings, which have memory of their own.
 *
 * Returns: (transfer none): the arena
 *
 * Since: 0.1
 */
H3Arena *h3_event_get_arena (H3Event *event);

/**
 * h3_event_get_param:
 * @event: an event
 * @name: of the parameter; unnamed wildcards are "0", "1", …
 *
 * Finds a parameter of the route's pattern.
 *
 * Returns: (transfer none) (nullable): its value, decoded, as long as the event; %NULL where the
 *   pattern has none of this name
 *
 * Since: 0.1
 */
const char *h3_event_get_param (const H3Event *event, const char *name);

/**
 * h3_event_count_params:
 * @event: an event
 *
 * Counts the parameters of the route's pattern.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint h3_event_count_params (const H3Event *event);

/**
 * h3_event_get_route_label:
 * @event: an event
 *
 * Tells the pattern of the route that was found: a label of few values for logs and metrics.
 *
 * Returns: (transfer none) (nullable): the pattern, as long as the event; %NULL where no route was
 *   found
 *
 * Since: 0.1
 */
const char *h3_event_get_route_label (const H3Event *event);

/**
 * h3_event_set_data: (skip)
 * @event: an event
 * @key: of what is kept; copied
 * @data: (nullable): what to keep
 * @destroy: (nullable): called with @data when it is replaced, or the event ends
 *
 * Keeps a pointer beside the event, one a key, in the place of what was there. Its twin for
 * bindings is h3_event_set_variant().
 *
 * Since: 0.1
 */
void h3_event_set_data (H3Event *event, const char *key, gpointer data, GDestroyNotify destroy);

/**
 * h3_event_get_data: (skip)
 * @event: an event
 * @key: of what is kept
 *
 * Finds what h3_event_set_data() keeps.
 *
 * Returns: (transfer none) (nullable): the pointer; %NULL where there is none
 *
 * Since: 0.1
 */
gpointer h3_event_get_data (const H3Event *event, const char *key);

/**
 * h3_event_set_variant:
 * @event: an event
 * @key: of what is kept; copied. It is no key of h3_event_set_data()
 * @value: (nullable) (transfer none): what to keep; a floating reference is taken. %NULL: nothing
 *
 * Keeps a value beside the event, one a key, in the place of what was there: what one handler of a
 * chain leaves for the next, in any language.
 *
 * Since: 0.1
 */
void h3_event_set_variant (H3Event *event, const char *key, GVariant *value);

/**
 * h3_event_get_variant:
 * @event: an event
 * @key: of what is kept
 *
 * Finds what h3_event_set_variant() keeps.
 *
 * Returns: (transfer none) (nullable): the value, until it is replaced or the event ends; %NULL
 *   where there is none
 *
 * Since: 0.1
 */
GVariant *h3_event_get_variant (const H3Event *event, const char *key);

/**
 * h3_event_set_status:
 * @event: an event
 * @status: as of h3_response_set_status()
 *
 * Sets the status of the response: short for h3_response_set_status().
 *
 * Since: 0.1
 */
void h3_event_set_status (H3Event *event, guint status);

/**
 * h3_event_set_header:
 * @event: an event
 * @name: of the field, as of h3_response_set_header()
 * @value: as of h3_response_set_header()
 *
 * Sets a field of the response: short for h3_response_set_header().
 *
 * Returns: %FALSE as of h3_response_set_header()
 *
 * Since: 0.1
 */
gboolean h3_event_set_header (H3Event *event, const char *name, const char *value);

/**
 * h3_event_next:
 * @event: an event
 *
 * Runs the rest of the chain: called now, later (after a defer), or never.
 *
 * Behind it the answer, where there is one already, can still be changed; it leaves when the
 * outermost handler has returned. The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_next (H3Event *event);

/**
 * h3_event_defer:
 * @event: an event
 *
 * Holds the event, to be answered later, from any thread. The event's worker only.
 *
 * Returns: (transfer full): @event, to be unreffed once it is answered
 *
 * Since: 0.1
 */
H3Event *h3_event_defer (H3Event *event);

/**
 * h3_event_send:
 * @event: an event
 *
 * Answers with the response as it was set up: h3_event_send_text() and others end here.
 *
 * Answering twice is a warning and no harm. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send (H3Event *event);

/**
 * h3_event_is_answered:
 * @event: an event
 *
 * Tells whether an answer was given, by the program or (deadline, client gone) for it. Any thread.
 *
 * Returns: %TRUE where one was
 *
 * Since: 0.1
 */
gboolean h3_event_is_answered (const H3Event *event);

/**
 * h3_event_fail:
 * @event: an event
 * @error: (transfer full): what went wrong
 *
 * Puts an error in the place of an answer: prepared fields are dropped, but those set with
 * h3_response_set_header_always(); the app's error handler is called once.
 *
 * Codes of %H3_HTTP_ERROR are statuses whose message the client sees; any other error is a 500 that
 * tells nothing. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_fail (H3Event *event, GError *error);

/**
 * h3_event_on_send:
 * @event: an event
 * @function: (scope notified) (closure user_data) (destroy destroy): what to call, on the worker
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the call, or where there is none
 *
 * Has @function called before the head leaves, last registered first; it may change the answer.
 *
 * Where the head has left already it is a warning, and @destroy is called alone. The event's worker
 * only.
 *
 * Since: 0.1
 */
void h3_event_on_send (H3Event *event, H3Handler function, gpointer user_data,
                       GDestroyNotify destroy);

/**
 * h3_event_on_dispose:
 * @event: an event
 * @function: (scope notified) (closure user_data) (destroy destroy): what to call, on the worker
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the call
 *
 * Has @function called once when the last byte is out, the client is gone or an error ended it;
 * registered after that, at once. The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_on_dispose (H3Event *event, H3Disposed function, gpointer user_data,
                          GDestroyNotify destroy);

/**
 * h3_event_get_cancellable:
 * @event: an event
 *
 * Gives what is cancelled when the client goes away, the deadline passes, or the server stops
 * waiting. First asked for on the event's worker.
 *
 * Returns: (transfer none): the cancellable, as long as the event unless a reference is taken
 *
 * Since: 0.1
 */
GCancellable *h3_event_get_cancellable (H3Event *event);

/**
 * h3_event_after:
 * @event: an event, which is held meanwhile
 * @milliseconds: from now
 * @function: (scope notified) (closure user_data) (destroy destroy): what to call, on the worker
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, in any case
 *
 * Has @function called once, @milliseconds from now.
 *
 * It is called at once, though never inline, when the cancellable fires: who closed the sending
 * side may have gone, and is not waited for. It is not called where the exchange has ended. The
 * event's worker only.
 *
 * Since: 0.1
 */
void h3_event_after (H3Event *event, guint milliseconds, H3Handler function, gpointer user_data,
                     GDestroyNotify destroy);

/**
 * h3_event_set_deadline:
 * @event: an event
 * @milliseconds: from now; 0: none
 *
 * Sets the deadline for this event's answer. The event's worker only.
 *
 * Since: 0.1
 */
void h3_event_set_deadline (H3Event *event, guint milliseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Event, h3_event_unref)

G_END_DECLS
