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
 * A pooled boxed type: references come from h3_event_defer() and h3_event_ref() only.
 */
typedef struct _H3Event H3Event;

#define H3_TYPE_EVENT (h3_event_get_type ())
GType h3_event_get_type (void);

/**
 * H3Handler:
 * @event: (transfer none): the exchange
 * @user_data: what was registered with it
 *
 * Answers, defers, or calls h3_event_next(); one that does neither is answered 500.
 */
typedef void (*H3Handler) (H3Event *event, gpointer user_data);

/**
 * H3Outcome:
 * @H3_OUTCOME_SENT: the last byte of the answer was taken by the system
 * @H3_OUTCOME_GONE: the client went away first
 * @H3_OUTCOME_FAILED: an error or a deadline ended the exchange
 */
typedef enum { H3_OUTCOME_SENT, H3_OUTCOME_GONE, H3_OUTCOME_FAILED } H3Outcome;

/* How an exchange ended. Where it is not SENT, the response may still be in the hands of a thread
 * that was to answer: read it only when h3_event_is_answered (). */
typedef void (*H3Disposed) (H3Event *event, H3Outcome outcome, gpointer user_data);

/* Any thread. */
H3Event *h3_event_ref (H3Event *event);
/* Any thread. An event that nobody holds and nobody answered is answered 500. */
void h3_event_unref (H3Event *event);

/* Returns: (transfer none): both live as long as the event. */
H3Request *h3_event_get_request (H3Event *event);
H3Response *h3_event_get_response (H3Event *event);

/* Returns: (transfer none): memory that ends with the event. (skip) */
H3Arena *h3_event_get_arena (H3Event *event);

/* Returns: (nullable): a parameter of the route's pattern, decoded; unnamed wildcards are "0", "1",
 * … */
const char *h3_event_get_param (const H3Event *event, const char *name);
guint h3_event_count_params (const H3Event *event);

/* Returns: (nullable): the pattern of the route that was found: a label of few values for logs and
 * metrics. */
const char *h3_event_get_route_label (const H3Event *event);

/* Context: one pointer a key; `set` replaces, and calls the `destroy` of what was there. The event
 * calls it when it ends. The key is copied. Returns: (nullable) (transfer none). */
void h3_event_set_data (H3Event *event, const char *key, gpointer data, GDestroyNotify destroy);
gpointer h3_event_get_data (const H3Event *event, const char *key);

/* Short for the response's. */
void h3_event_set_status (H3Event *event, guint status);
gboolean h3_event_set_header (H3Event *event, const char *name, const char *value);

/* The rest of the chain: called now, later (after a defer), or never. Behind it the answer, where
 * there is one already, can still be changed; it leaves when the outermost handler has returned.
 * The event's worker. */
void h3_event_next (H3Event *event);

/* Returns: (transfer full): the event, to be answered later, from any thread, then unreffed. */
H3Event *h3_event_defer (H3Event *event);

/* The response as it was set up: h3_event_send_text () and others end here. Any thread that holds
 * the event. Answering twice is a warning and no harm. */
void h3_event_send (H3Event *event);

/* Whether an answer was given, by the program or (deadline, client gone) for it. Any thread. */
gboolean h3_event_is_answered (const H3Event *event);

/* `error` (transfer full) takes the place of an answer: prepared fields are dropped, but those set
 * with h3_response_set_header_always (); the app's error handler is called once. Codes of
 * H3_HTTP_ERROR are statuses whose message the client sees; any other error is a 500 that tells
 * nothing. Any thread that holds the event. */
void h3_event_fail (H3Event *event, GError *error);

/* Calls `function` before the head leaves, last registered first; it may change the answer. */
void h3_event_on_send (H3Event *event, H3Handler function, gpointer user_data,
                       GDestroyNotify destroy);

/* Calls `function` once when the last byte is out, the client is gone or an error ended it;
 * registered after that, at once. Both on the event's worker. */
void h3_event_on_dispose (H3Event *event, H3Disposed function, gpointer user_data,
                          GDestroyNotify destroy);

/* Returns: (transfer none): cancelled when the client goes away, the deadline passes, or the server
 * stops waiting. First asked for on the event's worker. */
GCancellable *h3_event_get_cancellable (H3Event *event);

/* Calls `function` once, `milliseconds` from now; at once, though never inline, when the
 * cancellable fires: who closed the sending side may have gone, and is not waited for. Not where
 * the exchange has ended. Then `destroy`, in any case. The event is held meanwhile. Worker only. */
void h3_event_after (H3Event *event, guint milliseconds, H3Handler function, gpointer user_data,
                     GDestroyNotify destroy);

/* The deadline for this event's answer from now on, in milliseconds; 0: none. Worker only. */
void h3_event_set_deadline (H3Event *event, guint milliseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Event, h3_event_unref)

G_END_DECLS
