/* SPDX-License-Identifier: MIT
 *
 * How an event moves from one phase to the next: who may answer, when the answer leaves, what
 * happens when nobody answers. */

#include "event-flow.h"

#include <h3/base/counters.h>
#include <h3/http/event-carried.h>
#include <h3/http/event-pool.h>
#include <h3/http/failure-inside.h>

gboolean
event_contend (H3Event *event)
{
    unsigned char found = CLAIM_NONE;

    (void) atomic_compare_exchange_strong (&event->claim, &found, CLAIM_PROGRAM);
    if (found == CLAIM_LIBRARY && event->keeps_late)
        return atomic_compare_exchange_strong (&event->claim, &found, CLAIM_LATE);
    if (found == CLAIM_PROGRAM || found == CLAIM_LATE)
        g_warning ("%s %s is answered already: the second answer is dropped",
                   h3_request_get_method_name (&event->request),
                   h3_request_get_path (&event->request));
    return found == CLAIM_NONE;
}

gboolean
h3_event_is_answered (const H3Event *event)
{
    g_return_val_if_fail (event != NULL, FALSE);
    return atomic_load_explicit (&((H3Event *) event)->claim, memory_order_acquire)
           == CLAIM_PROGRAM;
}

static void
commit (H3Event *event)
{
    if (event_prepare_head (event) && event->carrier != NULL)
        event->carrier->functions->send (event->carrier, event, &event->response);
}

/* On the worker: the answer has been set up. */
static void
arrive (gpointer data)
{
    H3Event *event = data;

    if (event->phase == EVENT_OPEN) {
        event->phase = EVENT_ANSWERED;
        if (event->frames == 0)
            commit (event);
    }
}

static void
arrive_posted (gpointer data)
{
    arrive (data);
    h3_event_unref (data);
}

void
event_answer (H3Event *event)
{
    if (event_is_on_worker (event))
        arrive (event);
    else
        loop_post (event->loop, arrive_posted, h3_event_ref (event),
                   (GDestroyNotify) h3_event_unref);
}

void
h3_event_send (H3Event *event)
{
    g_return_if_fail (event != NULL);
    if (event_claim (event))
        event_answer (event);
}

/* Nobody is left who could end this exchange: it is ended here. An answer that was made of a body
 * as it came, and the body broke off, must not look whole. */
static void
end_forsaken (H3Event *event)
{
    if (event->is_streaming) {
        if (!event->body_failed) {
            event_finish_stream (event);
            return;
        }
        event->is_streaming = FALSE;
        event->carrier->functions->cancel (event->carrier, event);
    } else if (event->phase == EVENT_OPEN) {
        g_warning ("the handler of %s %s returned without answering, deferring or calling next",
                   h3_request_get_method_name (&event->request),
                   h3_request_get_path (&event->request));
        h3_event_fail (event, h3_http_error_new (500, NULL));
    }
}

void
event_settle (H3Event *event)
{
    if (event->frames > 0)
        return;
    if (event->is_left) {
        event->is_left = FALSE;
        h3_event_unref (event);
    } else if (event->phase == EVENT_ANSWERED) {
        commit (event);
    } else if (event->phase != EVENT_OVER && event_is_sole_owner (event) && !event->is_reading
               && !event->wants_drain) {
        end_forsaken (event);
    }
}

void
event_leave (H3Event *event)
{
    if (--event->frames == 0)
        event_settle (event);
}

/* What the program might still do is for nobody: the client has gone, or was told that it was not
 * done. */
static gboolean
is_in_vain (const H3Event *event)
{
    unsigned char claim = atomic_load_explicit (&event->claim, memory_order_relaxed);

    return event->phase == EVENT_OVER || claim == CLAIM_LIBRARY || claim == CLAIM_LATE;
}

void
h3_event_next (H3Event *event)
{
    g_return_if_fail (event != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->phase >= EVENT_SENDING && is_in_vain (event))
        return;
    event_enter (event);
    event->host->next (event);
    event_leave (event);
}

H3Event *
h3_event_ref (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    atomic_fetch_add_explicit (&event->refs, 1, memory_order_relaxed);
    return event;
}

H3Event *
h3_event_defer (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    g_return_val_if_fail (event_is_on_worker (event), NULL);
    /* What another thread holds may outlive the receive buffer, and the worker. */
    request_keep (&event->request, event->arena);
    if (!event->holds_loop) {
        event->holds_loop = TRUE;
        loop_ref (event->loop);
        event->limits = memcpy (h3_arena_alloc (event->arena, sizeof *event->limits), event->limits,
                                sizeof *event->limits);
    }
    return h3_event_ref (event);
}

gboolean
event_needs_head (H3Event *event)
{
    const EventHook *hook = event->dispose_hooks;

    while (hook != NULL && hook->is_headless)
        hook = hook->next;
    return hook != NULL || event->is_reading || event->wants_drain || event->waits != NULL
           || event->cancellable != NULL || !event_is_sole_owner (event);
}

void
event_drop (H3Event *event)
{
    /* What a handler was lent must last until it returns, though the exchange is over: the last
     * reference is then dropped by event_settle (). */
    if (!event_is_sole_owner (event)) {
        /* Who holds it reads on, while the receive buffer gets the next head. */
        request_keep (&event->request, event->arena);
        atomic_fetch_sub_explicit (&event->refs, 1, memory_order_release);
        event_settle (event);
    } else if (event->frames > 0) {
        event->is_left = TRUE;
    } else {
        event_pool_release (event->pool, event);
    }
}

static void
drop_posted (gpointer data)
{
    event_drop (data);
}

/* The worker is no more, and its pool neither. */
static void
drop_orphan (gpointer data)
{
    H3Event *event = data;

    if (atomic_fetch_sub_explicit (&event->refs, 1, memory_order_acq_rel) == 1) {
        counters_add (COUNTER_EVENTS_LIVE, -1);
        event_destroy (event);
    }
}

void
h3_event_unref (H3Event *event)
{
    if (event == NULL)
        return;
    if (event_is_on_worker (event))
        event_drop (event);
    else
        loop_post (event->loop, drop_posted, event, drop_orphan);
}

typedef struct {
    H3Event *event; /* ref */
    GError *error;  /* owned */
} PostedFailure;

static void
free_failure (gpointer data)
{
    PostedFailure *failure = data;

    h3_event_unref (failure->event);
    g_clear_error (&failure->error);
    g_free (failure);
}

static void
fail_posted (gpointer data)
{
    PostedFailure *failure = data;

    h3_event_fail (failure->event, g_steal_pointer (&failure->error));
    free_failure (failure);
}

static void
post_failure (H3Event *event, GError *error)
{
    PostedFailure *failure = g_new (PostedFailure, 1);

    failure->event = h3_event_ref (event);
    failure->error = error;
    loop_post (event->loop, fail_posted, failure, free_failure);
}

/* The error takes the place of what was prepared; an answer that was set up but has not left
 * gives way too. */
static void
fail_before_head (H3Event *event, GError *error)
{
    gboolean again = event->is_failing;

    response_reset_for_error (&event->response);
    atomic_store (&event->claim, CLAIM_NONE);
    event->phase = EVENT_OPEN;
    event->is_failing = TRUE;
    event_enter (event);
    if (again || event->host == NULL)
        event_answer_error (event, error);
    else
        event->host->fail (event, error);
    event_leave (event);
}

void
h3_event_fail (H3Event *event, GError *error)
{
    g_return_if_fail (event != NULL && error != NULL);
    if (!event_is_on_worker (event)) {
        post_failure (event, error);
        return;
    }
    /* What was set up to be kept is not to be. */
    if (atomic_load (&event->claim) == CLAIM_LATE)
        atomic_store (&event->claim, CLAIM_LIBRARY);
    else if (event->phase == EVENT_SENDING && event->carrier != NULL)
        event->carrier->functions->cancel (event->carrier, event);
    else if (event->phase < EVENT_SENDING && atomic_load (&event->claim) != CLAIM_LIBRARY) {
        fail_before_head (event, error);
        return;
    }
    g_error_free (error);
}

void
event_answer_error (H3Event *event, GError *error)
{
    failure_fill (&event->response, event->arena, error, failure_get_members (event, error));
    g_error_free (error);
    if (event_claim (event))
        event_answer (event);
}

void
event_refuse (H3Event *event, guint status, const char *detail)
{
    event->is_failing = TRUE;
    event_answer_error (event, h3_http_error_new (status, "%s", detail != NULL ? detail : ""));
}

/* The program may be setting the answer up on another thread: this one is the library's own, and
 * takes nothing of it. */
void
event_overrule (H3Event *event, guint status, const char *detail)
{
    unsigned char none = CLAIM_NONE;
    H3Response response;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Arena) arena = NULL;

    if (event->phase != EVENT_OPEN
        || !atomic_compare_exchange_strong (&event->claim, &none, CLAIM_LIBRARY)) {
        event_cancel (event);
        return;
    }
    event->phase = EVENT_SENDING;
    event_cancel (event); /* who lets go of the event in there forsakes nothing */
    event->sent_status = (guint16) status;
    arena = h3_arena_new ();
    response_init (&response);
    error = h3_http_error_new (status, "%s", detail);
    failure_fill (&response, arena, error, H3_VIEW_EMPTY);
    response.close = TRUE;
    event->carrier->functions->send (event->carrier, event, &response);
    response_clear (&response);
}

void
event_expire (H3Event *event)
{
    event_overrule (event, 503, "The server could not answer in time.");
}
