/* SPDX-License-Identifier: MIT
 *
 * How an event moves on: for who answers it, and for who calls handlers. The worker's thread, but
 * where a function asks whether it is on it. */

#pragma once

#include <h3/http/event-inside.h>

G_BEGIN_DECLS

static inline gboolean
event_is_sole_owner (H3Event *event)
{
    return atomic_load_explicit (&event->refs, memory_order_acquire) == 1;
}

/* event_claim () where others may hold the event, or it is claimed already. */
gboolean event_contend (H3Event *event);

/* For what answers: TRUE once; FALSE (with a warning where the program answered before) after. */
static inline gboolean
event_claim (H3Event *event)
{
    /* Where nobody else holds the event there is nobody to race with. */
    if (G_UNLIKELY (!event_is_sole_owner (event)
                    || atomic_load_explicit (&event->claim, memory_order_relaxed) != CLAIM_NONE))
        return event_contend (event);
    atomic_store_explicit (&event->claim, CLAIM_PROGRAM, memory_order_relaxed);
    return TRUE;
}

/* Whether an answer was given meanwhile, or the client has gone: on the worker, for who asked
 * something and would go on. */
static inline gboolean
event_is_lost (const H3Event *event)
{
    return atomic_load_explicit (&event->claim, memory_order_relaxed) != CLAIM_NONE;
}

/* What was claimed and set up is sent, now or when the outermost handler has returned. */
void event_answer (H3Event *event);
/* Answers or fails where nobody is left who could. */
void event_settle (H3Event *event);
/* Around every callback: an event that ends inside is released only when the outermost has
 * returned. leave settles it, and the caller touches it no more. */
static inline void
event_enter (H3Event *event)
{
    event->frames++;
}

void event_leave (H3Event *event);
/* For event_prepare_head (): FALSE where a hook holds the answer. */
gboolean event_run_send_hooks (H3Event *event);

/* Runs the hooks and marks the head as final; the carrier is to be called next. FALSE where a hook
 * holds the answer: then it is not. */
static inline gboolean
event_prepare_head (H3Event *event)
{
    if (event->send_hooks != NULL && !event_run_send_hooks (event))
        return FALSE;
    event->response.is_final = TRUE;
    event->phase = EVENT_SENDING;
    event->sent_status = event->response.status;
    return TRUE;
}

/* For a hook before sending: the answer, which may still be changed, waits until event_release ();
 * the hooks behind this one run then. Of an answer that is written as it goes, only the end waits.
 * To be released once for each time, on the worker, whatever has become of the exchange; who holds
 * it has the event deferred. FALSE, and nothing waits, where the connection is taken over. */
gboolean event_hold (H3Event *event);

/* It may go. `error` (transfer full) (nullable) takes its place; where its head has left, it is
 * cut. */
void event_release (H3Event *event, GError *error);

/* For who ends a stream: whether that waits for a release, which then does it. */
gboolean event_hold_end (H3Event *event);

/* For who writes a stream that goes on, on the worker: what was written leaves now; how much waits
 * for the client. */
static inline void
event_flush (H3Event *event)
{
    if (event->carrier != NULL)
        event->carrier->functions->flush (event->carrier, event);
}

static inline guint64
event_get_waiting (H3Event *event)
{
    return event->carrier != NULL ? event->carrier->functions->get_waiting (event->carrier) : 0;
}

/* h3_event_on_drain () for when nothing waits any more, whatever the bound, or little where that
 * was much. */
void event_on_emptied (H3Event *event, H3Handler function, gpointer user_data,
                       GDestroyNotify destroy);

static inline gboolean
event_is_on_worker (const H3Event *event)
{
    return loop_get_current () == event->loop;
}

/* A streamed answer is whole: what is left of it goes out. */
void event_finish_stream (H3Event *event);
/* Who waits to write on is told when there is room. */
void event_want_drained (H3Event *event);

/* On the worker: drops a reference. */
void event_drop (H3Event *event);

G_END_DECLS
