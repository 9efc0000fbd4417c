/* SPDX-License-Identifier: MIT
 *
 * How what is sent on a stream leaves: on the worker at once, from other threads by way of an
 * outbox that the worker empties in one go. */

#include "sse-private.h"

#include <h3/http/event-flow.h>
#include <h3/loop/clock.h>
#include <h3/wire/event-stream.h>

/* An event up to here is written by way of the stack. */
#define SMALL_EVENT 1024

void
sse_flush (H3Sse *sse)
{
    sse->flushed = clock_get_now ();
    event_flush (sse->event);
    if (sse->heartbeats != NULL)
        deadline_arm (&sse->heartbeat, sse->heartbeats, sse->flushed);
}

/* Its data must last until it returns, whatever it does. */
static void
tell_drained (H3Sse *sse)
{
    SseDrain drain = sse->drain;

    if (drain.function == NULL)
        return;
    memset (&sse->drain, 0, sizeof sse->drain);
    sse->has_new_drain = FALSE;
    drain.function (sse, drain.user_data);
    if (!sse->has_new_drain && sse->event != NULL)
        sse->drain = drain;
    else if (drain.destroy != NULL)
        drain.destroy (drain.user_data);
}

static void
on_emptied (H3Event *event, gpointer user_data)
{
    H3Sse *sse = user_data;

    sse->is_asked = FALSE;
    if (sse->event == NULL
        || sse_look_at_waiting (sse) > atomic_load_explicit (&sse->bound, memory_order_relaxed) / 2)
        return;
    sse_resume_feeds (sse);
    if (!sse->is_full)
        return;
    sse->is_full = FALSE;
    tell_drained (sse);
}

/* Asked also where nobody waits for it: a channel that leads this client through what was kept goes
 * on then. */
void
sse_ask_for_drain (H3Sse *sse)
{
    if (sse->is_asked)
        return;
    sse->is_asked = TRUE;
    event_on_emptied (sse->event, on_emptied, sse_hold (sse), sse_let_go);
}

guint64
sse_look_at_waiting (H3Sse *sse)
{
    guint64 waiting = event_get_waiting (sse->event);

    atomic_store_explicit (&sse->waiting, waiting, memory_order_relaxed);
    if (waiting > atomic_load_explicit (&sse->bound, memory_order_relaxed) / 2)
        sse_ask_for_drain (sse);
    return waiting;
}

/* On the worker. Events leave one by one, so that a handler that takes its time is heard while it
 * does; those of one moment may leave together. */
static H3SseResult
write_here (H3Sse *sse, const char *text, gsize length)
{
    (void) h3_event_write (sse->event, text, length);
    if (sse->flushed != clock_get_now ())
        sse_flush (sse);
    if (sse_look_at_waiting (sse) <= atomic_load_explicit (&sse->bound, memory_order_relaxed))
        return H3_SSE_SENT;
    sse->is_full = TRUE;
    return H3_SSE_FULL;
}

void
sse_end_with (H3Sse *sse, H3SseEnd why, const char *comment, gint64 retry)
{
    StreamEvent event = { NULL, NULL, NULL, retry };
    char text[256];
    gsize length = event_stream_write_comment (h3_view_of (comment), text);

    if (retry >= 0)
        length += event_stream_write (&event, text + length);
    (void) h3_event_write (sse->event, text, length);
    sse_end (sse, why);
}

/* What other threads have left. */
static void
take_outbox (gpointer data)
{
    H3Sse *sse = data;
    GString *outbox;
    gboolean is_told, closes;

    pthread_mutex_lock (&sse->mutex);
    outbox = g_steal_pointer (&sse->outbox);
    is_told = sse->is_told;
    closes = sse->closes;
    sse->is_posted = sse->is_told = FALSE;
    pthread_mutex_unlock (&sse->mutex);
    if (outbox != NULL) {
        g_autoptr (GBytes) bytes = g_string_free_to_bytes (outbox);

        if (sse->event != NULL) {
            (void) h3_event_write_bytes (sse->event, bytes);
            sse_flush (sse);
            (void) sse_look_at_waiting (sse);
        }
    }
    if (sse->event != NULL && is_told) {
        sse->is_full = TRUE;
        sse_ask_for_drain (sse);
    }
    if (closes)
        sse_end (sse, H3_SSE_END_CLOSED);
    sse_let_go (sse);
}

/* Under the mutex. TRUE: whoever left something has to wake the worker. */
static gboolean
note_work (H3Sse *sse)
{
    if (sse->is_posted)
        return FALSE;
    sse->is_posted = TRUE;
    sse_hold (sse);
    return TRUE;
}

/* What is to be written: an event, or a comment where there is none. */
typedef struct {
    const StreamEvent *event; /* NULL: the comment */
    H3View comment;
} Item;

static gsize
measure_item (const Item *item)
{
    return item->event != NULL ? event_stream_measure (item->event)
                               : event_stream_measure_comment (item->comment);
}

static gsize
write_item (const Item *item, char *out)
{
    return item->event != NULL ? event_stream_write (item->event, out)
                               : event_stream_write_comment (item->comment, out);
}

static H3SseResult
leave_in_outbox (H3Sse *sse, const Item *item)
{
    guint64 waiting = atomic_load_explicit (&sse->waiting, memory_order_relaxed);
    gsize room = measure_item (item);
    H3SseResult result = H3_SSE_CLOSED;
    gboolean wakes = FALSE;

    pthread_mutex_lock (&sse->mutex);
    if (h3_sse_is_open (sse) && !sse->closes) {
        gsize before;

        if (sse->outbox == NULL)
            sse->outbox = g_string_new (NULL);
        before = sse->outbox->len;
        g_string_set_size (sse->outbox, before + room);
        g_string_truncate (sse->outbox, before + write_item (item, sse->outbox->str + before));
        result =
            waiting + sse->outbox->len > atomic_load_explicit (&sse->bound, memory_order_relaxed)
                ? H3_SSE_FULL
                : H3_SSE_SENT;
        sse->is_told |= result == H3_SSE_FULL;
        wakes = note_work (sse);
    }
    pthread_mutex_unlock (&sse->mutex);
    if (wakes)
        loop_post (sse->loop, take_outbox, sse, sse_let_go);
    return result;
}

static H3SseResult
send_item (H3Sse *sse, const Item *item)
{
    char small[SMALL_EVENT];
    g_autofree char *large = NULL;
    char *text = small;
    gsize room;

    if (loop_get_current () != sse->loop)
        return leave_in_outbox (sse, item);
    if (sse->event == NULL)
        return H3_SSE_CLOSED;
    room = measure_item (item);
    if (room > sizeof small)
        text = large = g_malloc (room);
    return write_here (sse, text, write_item (item, text));
}

H3SseResult
h3_sse_send_full (H3Sse *sse, const char *id, const char *name, const char *data, gssize length,
                  gint64 retry)
{
    H3View view = h3_view (data, data == NULL ? 0 : length < 0 ? strlen (data) : (gsize) length);
    StreamEvent event = { id, name, data != NULL ? &view : NULL, retry };
    Item item = { &event, H3_VIEW_EMPTY };

    g_return_val_if_fail (sse != NULL && retry >= -1, H3_SSE_REFUSED);
    if (!event_stream_is_name (id) || !event_stream_is_name (name))
        return H3_SSE_REFUSED;
    return send_item (sse, &item);
}

H3SseResult
h3_sse_send (H3Sse *sse, const char *name, const char *data)
{
    g_return_val_if_fail (data != NULL, H3_SSE_REFUSED);
    return h3_sse_send_full (sse, NULL, name, data, -1, -1);
}

H3SseResult
h3_sse_send_comment (H3Sse *sse, const char *text)
{
    Item item = { NULL, h3_view_of (text) };

    g_return_val_if_fail (sse != NULL && text != NULL, H3_SSE_REFUSED);
    return send_item (sse, &item);
}

void
h3_sse_close (H3Sse *sse)
{
    gboolean is_here, wakes = FALSE;

    g_return_if_fail (sse != NULL);
    if (!h3_sse_is_open (sse))
        return;
    pthread_mutex_lock (&sse->mutex);
    is_here = loop_get_current () == sse->loop && sse->outbox == NULL;
    if (!is_here) {
        sse->closes = TRUE;
        wakes = note_work (sse);
    }
    pthread_mutex_unlock (&sse->mutex);
    if (is_here)
        sse_end (sse, H3_SSE_END_CLOSED);
    else if (wakes)
        loop_post (sse->loop, take_outbox, sse, sse_let_go);
}
