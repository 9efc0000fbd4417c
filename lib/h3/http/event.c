/* SPDX-License-Identifier: MIT */

#include "event-carried.h"

#include <h3/base/arena-inside.h>
#include <h3/base/error.h>
#include <h3/http/event-flow.h>
#include <h3/http/event-waits.h>

#include <stddef.h>

struct _EventDatum {
    EventDatum *next; /* borrowed: the arena */
    const char *key;  /* borrowed: the arena */
    gpointer data;
    GDestroyNotify destroy; /* of data */
};

G_DEFINE_BOXED_TYPE (H3Event, h3_event, h3_event_ref, h3_event_unref)

H3Event *
event_create (void)
{
    H3Event *event = g_slice_new0 (H3Event);

    event->arena = h3_arena_new ();
    event->phase = EVENT_OVER;
    response_init (&event->response);
    return event;
}

void
event_destroy (H3Event *event)
{
    if (event == NULL)
        return;
    event_reset (event);
    h3_arena_free (event->arena);
    g_slice_free (H3Event, event);
}

static void
drop_hooks (EventHook **hooks)
{
    while (*hooks != NULL) {
        EventHook *hook = *hooks;

        *hooks = hook->next;
        if (hook->destroy != NULL)
            hook->destroy (hook->user_data);
    }
}

static void
drop_data (H3Event *event)
{
    while (event->data != NULL) {
        EventDatum *datum = event->data;

        event->data = datum->next;
        if (datum->destroy != NULL)
            datum->destroy (datum->data);
    }
}

void
event_drop_drain (H3Event *event)
{
    GDestroyNotify destroy = event->drain.destroy;
    gpointer user_data = event->drain.user_data;

    event->wants_drain = FALSE;
    memset (&event->drain, 0, sizeof event->drain);
    if (destroy != NULL)
        destroy (user_data);
}

static void
drop_callbacks (H3Event *event)
{
    if (event->reader.destroy != NULL)
        event->reader.destroy (event->reader.user_data);
    memset (&event->reader, 0, sizeof event->reader);
    event_drop_drain (event);
}

/* What few exchanges leave behind. */
static G_GNUC_NO_INLINE void
drop_all (H3Event *event)
{
    drop_callbacks (event);
    drop_hooks (&event->send_hooks);
    drop_hooks (&event->dispose_hooks);
    drop_data (event);
    request_clear (&event->request);
    response_clear (&event->response);
    g_clear_object (&event->cancellable);
    if (event->holds_loop) {
        event->holds_loop = FALSE;
        event->keeps_late = FALSE;
        atomic_store_explicit (&event->is_full, FALSE, memory_order_relaxed);
        loop_unref (event->loop);
    }
}

/* One look at all pointers together costs less than asking each of those that drop them. */
static inline gboolean
owns_anything (const H3Event *event)
{
    const H3Request *request = &event->request;
    const H3Response *response = &event->response;
    gsize hooks = (gsize) event->send_hooks | (gsize) event->dispose_hooks;
    gsize callbacks = (gsize) event->reader.function | (gsize) event->drain.function;
    gsize data = (gsize) event->data | (gsize) event->cancellable | event->holds_loop;
    gsize asked = (gsize) request->headers | (gsize) request->trailers | (gsize) request->body;
    gsize fields = (gsize) response->headers | (gsize) response->always;

    return (hooks | callbacks | data | asked | fields) != 0 || response_body_is_owned (response);
}

void
event_reset (H3Event *event)
{
    const gsize first = offsetof (H3Event, host);

    if (owns_anything (event))
        drop_all (event);
    response_forget (&event->response);
    memset ((char *) event + first, 0, offsetof (H3Event, holds_loop) - first);
    arena_reset (event->arena);
}

void
event_begin (H3Event *event, Carrier *carrier, const H3Limits *limits)
{
    event->carrier = carrier;
    event->limits = limits;
    event->loop = carrier->loop;
    atomic_store_explicit (&event->refs, 1, memory_order_relaxed);
    atomic_store_explicit (&event->claim, CLAIM_NONE, memory_order_relaxed);
    atomic_store_explicit (&event->is_over, FALSE, memory_order_relaxed);
    event->phase = EVENT_OPEN;
}

H3Request *
h3_event_get_request (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return &event->request;
}

H3Response *
h3_event_get_response (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return &event->response;
}

H3Arena *
h3_event_get_arena (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return event->arena;
}

void
h3_event_set_status (H3Event *event, guint status)
{
    g_return_if_fail (event != NULL);
    h3_response_set_status (&event->response, status);
}

gboolean
h3_event_set_header (H3Event *event, const char *name, const char *value)
{
    g_return_val_if_fail (event != NULL, FALSE);
    return h3_response_set_header (&event->response, name, value);
}

/* Names are so short that a call takes longer than to compare them does. */
static inline gboolean
is_name (const char *name, const char *other)
{
    for (; *name == *other; name++, other++) {
        if (*name == '\0')
            return TRUE;
    }
    return FALSE;
}

const char *
h3_event_get_param (const H3Event *event, const char *name)
{
    g_return_val_if_fail (event != NULL && name != NULL, NULL);
    for (guint i = 0; i < event->n_params; i++) {
        if (is_name (event->params[i].name, name))
            return event->params[i].value;
    }
    return NULL;
}

guint
h3_event_count_params (const H3Event *event)
{
    g_return_val_if_fail (event != NULL, 0);
    return event->n_params;
}

const char *
h3_event_get_route_label (const H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return event->host != NULL ? event->host->get_route_label (event) : NULL;
}

static EventDatum *
find_datum (const H3Event *event, const char *key)
{
    for (EventDatum *datum = event->data; datum != NULL; datum = datum->next) {
        if (strcmp (datum->key, key) == 0)
            return datum;
    }
    return NULL;
}

void
h3_event_set_data (H3Event *event, const char *key, gpointer data, GDestroyNotify destroy)
{
    EventDatum *datum;
    EventDatum old;

    g_return_if_fail (event != NULL && key != NULL);
    datum = find_datum (event, key);
    if (datum == NULL) {
        datum = h3_arena_new0 (event->arena, EventDatum);
        datum->key = h3_arena_strdup (event->arena, key);
        datum->next = event->data;
        event->data = datum;
    }
    old = *datum;
    datum->data = data;
    datum->destroy = destroy;
    if (old.destroy != NULL)
        old.destroy (old.data);
}

gpointer
h3_event_get_data (const H3Event *event, const char *key)
{
    EventDatum *datum;

    g_return_val_if_fail (event != NULL && key != NULL, NULL);
    datum = find_datum (event, key);
    return datum != NULL ? datum->data : NULL;
}

GCancellable *
h3_event_get_cancellable (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    if (event->cancellable == NULL) {
        event->cancellable = g_cancellable_new ();
        if (event->is_cancelled)
            g_cancellable_cancel (event->cancellable);
    }
    return event->cancellable;
}

void
event_cancel (H3Event *event)
{
    if (event->is_cancelled)
        return;
    event->is_cancelled = TRUE;
    event_waits_hasten (event);
    if (event->cancellable != NULL)
        g_cancellable_cancel (event->cancellable);
}

void
h3_event_set_deadline (H3Event *event, guint milliseconds)
{
    g_return_if_fail (event != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->carrier != NULL)
        event->carrier->functions->set_deadline (event->carrier, event, milliseconds);
}

static inline EventHook *
add_hook (H3Event *event, EventHook **hooks, gpointer user_data, GDestroyNotify destroy)
{
    EventHook *hook = arena_alloc (event->arena, sizeof *hook);

    hook->user_data = user_data;
    hook->destroy = destroy;
    hook->is_headless = FALSE;
    hook->next = *hooks;
    *hooks = hook;
    return hook;
}

void
h3_event_on_send (H3Event *event, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->response.is_final) {
        g_warning ("the head of this answer has been sent: a hook before sending is too late");
        if (destroy != NULL)
            destroy (user_data);
        return;
    }
    add_hook (event, &event->send_hooks, user_data, destroy)->function.on_send = function;
}

void
h3_event_on_dispose (H3Event *event, H3Disposed function, gpointer user_data,
                     GDestroyNotify destroy)
{
    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->phase == EVENT_OVER) {
        function (event, event->outcome, user_data);
        if (destroy != NULL)
            destroy (user_data);
        return;
    }
    add_hook (event, &event->dispose_hooks, user_data, destroy)->function.on_dispose = function;
}

/* A hook without a function stands before those that wait until the answer is released. */
static inline gboolean
is_hold (const EventHook *hook)
{
    return hook->function.on_send == NULL;
}

/* (nullable): where the first that is a hold, or none, as asked, hangs in the list. */
static EventHook **
find_hook (H3Event *event, gboolean wants_hold)
{
    EventHook **at = &event->send_hooks;

    while (*at != NULL && is_hold (*at) != wants_hold)
        at = &(*at)->next;
    return *at != NULL ? at : NULL;
}

/* A hook may register further hooks: they run next. An answer that is written as it goes cannot
 * wait: what holds it, or held the one in whose place it is, stays in the list and holds its end.
 */
G_GNUC_NO_INLINE gboolean
event_run_send_hooks (H3Event *event)
{
    EventHook **at;

    while ((at = find_hook (event, FALSE)) != NULL) {
        EventHook *hook = *at;

        if (event->phase == EVENT_ANSWERED && is_hold (event->send_hooks))
            return FALSE;
        *at = hook->next;
        event->frames++;
        hook->function.on_send (event, hook->user_data);
        event->frames--;
        if (hook->destroy != NULL)
            hook->destroy (hook->user_data);
    }
    return event->phase != EVENT_ANSWERED || event->send_hooks == NULL;
}

gboolean
event_hold (H3Event *event)
{
    if (event->phase != EVENT_ANSWERED && event->response.body_kind != BODY_STREAM)
        return FALSE;
    add_hook (event, &event->send_hooks, NULL, NULL)->function.on_send = NULL;
    return TRUE;
}

gboolean
event_hold_end (H3Event *event)
{
    EventHook **at = find_hook (event, TRUE);

    if (at == NULL)
        return FALSE;
    for (EventHook *hook = *at; hook != NULL; hook = hook->next)
        hook->user_data = event;
    return TRUE;
}

void
event_release (H3Event *event, GError *error)
{
    EventHook **at = event->phase != EVENT_OVER ? find_hook (event, TRUE) : NULL;
    gboolean has_ended;

    if (at == NULL) {
        g_clear_error (&error);
        return;
    }
    has_ended = (*at)->user_data != NULL;
    *at = (*at)->next;
    if (error != NULL)
        h3_event_fail (event, error);
    else if (!has_ended)
        event_settle (event);
    else if (event->send_hooks == NULL)
        event_finish_stream (event);
}

static G_GNUC_NO_INLINE void
run_dispose_hooks (H3Event *event)
{
    while (event->dispose_hooks != NULL) {
        EventHook *hook = event->dispose_hooks;

        event->dispose_hooks = hook->next;
        hook->function.on_dispose (event, event->outcome, hook->user_data);
        if (hook->destroy != NULL)
            hook->destroy (hook->user_data);
    }
}

static G_GNUC_NO_INLINE void
lose_client (H3Event *event)
{
    unsigned char none = CLAIM_NONE;

    (void) atomic_compare_exchange_strong (&event->claim, &none, CLAIM_LIBRARY);
    event_cancel (event);
}

static void
fail_reader (H3Event *event)
{
    g_autoptr (GError) error =
        g_error_new_literal (H3_ERROR, H3_ERROR_CLOSED, "the client has gone");

    event->is_reading = FALSE;
    event->reader.function (event, NULL, 0, error, event->reader.user_data);
}

/* Neither a piece nor room will come any more. */
static G_GNUC_NO_INLINE void
end_both_ways (H3Event *event)
{
    if (event->is_reading)
        fail_reader (event);
    if (event->wants_drain)
        event_drop_drain (event);
}

void
event_finish (H3Event *event, H3Outcome outcome)
{
    g_assert (event->phase != EVENT_OVER);
    event->carrier = NULL;
    event->phase = EVENT_OVER;
    atomic_store_explicit (&event->is_over, TRUE, memory_order_relaxed);
    event->outcome = (guint8) outcome;
    if (G_UNLIKELY (outcome != H3_OUTCOME_SENT))
        lose_client (event);
    event->is_streaming = FALSE;
    if (G_UNLIKELY (event->is_reading || event->wants_drain))
        end_both_ways (event);
    if (event->waits != NULL)
        event_waits_drop (event);
    if (event->dispose_hooks != NULL)
        run_dispose_hooks (event);
    event_drop (event);
}
