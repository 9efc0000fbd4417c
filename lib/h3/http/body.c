/* SPDX-License-Identifier: MIT */

#include "body.h"

#include <h3/base/error.h>
#include <h3/http/coded-request.h>
#include <h3/http/coded-stream.h>
#include <h3/http/content-private.h>
#include <h3/http/event-carried.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

static void
end_reading (H3Event *event, const GError *error)
{
    gpointer user_data = event->reader.user_data;
    GDestroyNotify destroy = event->reader.destroy;
    H3BodyFunction function = event->reader.function;

    event->is_reading = FALSE;
    memset (&event->reader, 0, sizeof event->reader);
    function (event, NULL, 0, error, user_data);
    if (destroy != NULL)
        destroy (user_data);
}

void
event_body_data (H3Event *event, const char *data, gsize length)
{
    g_assert (event->is_reading);
    event_enter (event);
    event->reader.function (event, data, length, NULL, event->reader.user_data);
    event_leave (event);
}

void
event_body_end (H3Event *event)
{
    event->body_ended = TRUE;
    event_enter (event);
    if (event->is_reading)
        end_reading (event, NULL);
    event_leave (event);
}

/* Who else holds the event may be setting its answer up right now. */
static void
fail_or_overrule (H3Event *event, GError *given)
{
    g_autoptr (GError) error = given;

    if (atomic_load_explicit (&event->refs, memory_order_acquire) == 1)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        event_overrule (event, h3_http_error_get_status (error), error->message);
}

void
event_body_failed (H3Event *event, guint status, const char *detail)
{
    g_autoptr (GError) error = h3_http_error_new (status, "%s", detail);

    event->body_failed = TRUE;
    event_enter (event);
    if (event->is_reading)
        end_reading (event, error);
    if (event->phase == EVENT_OPEN
        && atomic_load_explicit (&event->claim, memory_order_relaxed) == CLAIM_NONE)
        fail_or_overrule (event, g_steal_pointer (&error));
    event_leave (event);
}

/* A body that is there already, or none: told at the end of the turn like any other. */
static void
deliver_whole (gpointer data)
{
    H3Event *event = data;
    GBytes *body = event->request.body;

    if (event->is_reading && body != NULL && g_bytes_get_size (body) > 0) {
        gsize length;
        const char *bytes = g_bytes_get_data (body, &length);

        event_body_data (event, bytes, length);
    }
    if (event->is_reading)
        event_body_end (event);
    h3_event_unref (event);
}

/* What comes between the carrier and a reader; NULL: nothing. */
static DecodedBody *
get_decoded (const H3Event *event)
{
    return event->content != NULL ? event->content->decoded : NULL;
}

void
h3_event_read_body (H3Event *event, H3BodyFunction function, gpointer user_data,
                    GDestroyNotify destroy)
{
    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    g_return_if_fail (event->reader.function == NULL);
    event->reader.function = function;
    event->reader.user_data = user_data;
    event->reader.destroy = destroy;
    event->is_reading = TRUE;
    if (get_decoded (event) != NULL)
        decoded_body_begin (get_decoded (event), event);
    if (event->carrier != NULL && event->wish == H3_BODY_STREAMED && !event->body_ended
        && event->request.has_body)
        event->carrier->functions->read_body (event->carrier, event);
    else
        loop_defer (event->loop, deliver_whole, h3_event_ref (event));
}

void
h3_event_pause_body (H3Event *event)
{
    g_return_if_fail (event != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->carrier != NULL && get_decoded (event) != NULL)
        decoded_body_pause (get_decoded (event), event);
    else if (event->carrier != NULL)
        event->carrier->functions->pause_body (event->carrier, event);
}

void
h3_event_resume_body (H3Event *event)
{
    g_return_if_fail (event != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->carrier != NULL && get_decoded (event) != NULL)
        decoded_body_resume (get_decoded (event), event);
    else if (event->carrier != NULL)
        event->carrier->functions->resume_body (event->carrier, event);
}

void
h3_event_start_stream (H3Event *event, gint64 length)
{
    g_return_if_fail (event != NULL && length >= -1);
    g_return_if_fail (event_is_on_worker (event));
    if (event->phase != EVENT_OPEN || !event_claim (event))
        return;
    response_set_stream (&event->response, length);
    (void) event_prepare_head (event);
    /* A hook may have put an error in its place. */
    event->is_streaming = event->response.body_kind == BODY_STREAM;
    if (event->carrier != NULL)
        event->carrier->functions->send (event->carrier, event, &event->response);
}

static gboolean
carrier_has_room (H3Event *event)
{
    return event->carrier->functions->get_waiting (event->carrier)
           <= (guint64) event->limits->output;
}

/* Whether the producer may go on at once. */
static gboolean
has_room (H3Event *event)
{
    const CodedStream *coded;

    if (event->phase == EVENT_OVER || event->carrier == NULL || !carrier_has_room (event))
        return FALSE;
    coded = coded_stream_of (event);
    return coded == NULL || !coded_stream_is_full (coded, event);
}

static gboolean
write_here (H3Event *event, GBytes *bytes, const char *data, gsize length)
{
    CodedStream *coded;

    if (event->phase == EVENT_OPEN)
        h3_event_start_stream (event, -1);
    if (!event->is_streaming || event->carrier == NULL) {
        if (event->phase != EVENT_OVER)
            g_warning ("a piece was written to an answer that is not streamed: it is dropped");
        return FALSE;
    }
    coded = coded_stream_of (event);
    if (length > 0 && coded != NULL)
        coded_stream_write (coded, event, h3_view (data, length));
    else if (length > 0)
        event->carrier->functions->write (event->carrier, event, bytes, data, length);
    return has_room (event);
}

typedef struct {
    H3Event *event; /* ref */
    GBytes *bytes;  /* ref; NULL: finish */
} PostedPiece;

static void
free_piece (gpointer data)
{
    PostedPiece *piece = data;

    if (piece->bytes != NULL) {
        atomic_fetch_sub (&piece->event->posted, g_bytes_get_size (piece->bytes));
        g_bytes_unref (piece->bytes);
    }
    h3_event_unref (piece->event);
    g_free (piece);
}

static void
write_posted (gpointer data)
{
    PostedPiece *piece = data;

    if (piece->bytes != NULL) {
        gsize length;
        const char *bytes = g_bytes_get_data (piece->bytes, &length);

        atomic_store_explicit (&piece->event->is_full,
                               !write_here (piece->event, piece->bytes, bytes, length),
                               memory_order_relaxed);
    } else {
        h3_event_finish (piece->event);
    }
    free_piece (piece);
}

/* From another thread: what is posted and not yet written counts as waiting, and what was written
 * before may have left no room. */
static gboolean
post_piece (H3Event *event, GBytes *bytes)
{
    PostedPiece *piece = g_new (PostedPiece, 1);
    guint64 waiting = 0;

    piece->event = h3_event_ref (event);
    piece->bytes = bytes;
    if (bytes != NULL) {
        gsize length = g_bytes_get_size (bytes);

        waiting = atomic_fetch_add (&event->posted, length) + length;
    }
    loop_post (event->loop, write_posted, piece, free_piece);
    return !atomic_load_explicit (&event->is_over, memory_order_relaxed)
           && !atomic_load_explicit (&event->is_full, memory_order_relaxed)
           && waiting <= (guint64) event->limits->output;
}

gboolean
h3_event_write (H3Event *event, const char *data, gsize length)
{
    g_return_val_if_fail (event != NULL && (data != NULL || length == 0), FALSE);
    if (!event_is_on_worker (event))
        return post_piece (event, g_bytes_new (data, length));
    return write_here (event, NULL, data, length);
}

gboolean
h3_event_write_bytes (H3Event *event, GBytes *bytes)
{
    const char *data;
    gsize length;

    g_return_val_if_fail (event != NULL && bytes != NULL, FALSE);
    if (!event_is_on_worker (event))
        return post_piece (event, g_bytes_ref (bytes));
    data = g_bytes_get_data (bytes, &length);
    return write_here (event, bytes, data, length);
}

void
event_finish_stream (H3Event *event)
{
    CodedStream *coded = coded_stream_of (event);

    event->is_streaming = FALSE;
    if (event->send_hooks != NULL && event_hold_end (event))
        return;
    if (event->carrier != NULL && coded != NULL && !coded_stream_finish (coded, event))
        return;
    if (event->carrier != NULL)
        event->carrier->functions->finish (event->carrier, event);
}

void
h3_event_finish (H3Event *event)
{
    g_return_if_fail (event != NULL);
    if (!event_is_on_worker (event)) {
        (void) post_piece (event, NULL);
        return;
    }
    if (event->phase == EVENT_OPEN)
        h3_event_start_stream (event, -1);
    if (event->is_streaming)
        event_finish_stream (event);
}

gboolean
h3_event_declare_trailer (H3Event *event, const char *name)
{
    g_return_val_if_fail (event != NULL && name != NULL, FALSE);
    return response_declare_trailer (&event->response, name);
}

/* Nothing else of the response is looked at: its head may be in the hands of the worker. */
gboolean
h3_event_set_trailer (H3Event *event, const char *name, const char *value)
{
    g_return_val_if_fail (event != NULL && name != NULL && value != NULL, FALSE);
    g_return_val_if_fail (event->response.trailers != NULL, FALSE);
    return trailers_set (event->response.trailers, name, value);
}

void
event_drained (H3Event *event)
{
    H3Handler function = event->drain.function;
    gpointer user_data = event->drain.user_data;
    GDestroyNotify destroy = event->drain.destroy;

    if (!event->wants_drain)
        return;
    event->wants_drain = FALSE;
    atomic_store_explicit (&event->is_full, FALSE, memory_order_relaxed);
    memset (&event->drain, 0, sizeof event->drain);
    event_enter (event);
    function (event, user_data);
    if (destroy != NULL)
        destroy (user_data);
    event_leave (event);
}

/* What was written since may have taken the room again: then it is waited for. */
static void
drained_already (gpointer data)
{
    H3Event *event = data;

    if (event->phase == EVENT_OVER)
        event_drop_drain (event);
    else if (has_room (event))
        event_drained (event);
    else if (event->wants_drain && !carrier_has_room (event))
        event->carrier->functions->want_drained (event->carrier, event);
    h3_event_unref (event);
}

static void
set_drain (H3Event *event, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    event->drain.function = function;
    event->drain.user_data = user_data;
    event->drain.destroy = destroy;
    event->wants_drain = TRUE;
}

/* Where a coder is what waits, its flush will ask again. */
void
event_want_drained (H3Event *event)
{
    if (event->phase == EVENT_OVER || has_room (event))
        loop_defer (event->loop, drained_already, h3_event_ref (event));
    else if (!carrier_has_room (event))
        event->carrier->functions->want_drained (event->carrier, event);
}

static void
want_drain (H3Event *event, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (!event->wants_drain);
    set_drain (event, function, user_data, destroy);
    event_want_drained (event);
}

typedef struct {
    H3Event *event; /* ref */
    H3Handler function;
    gpointer user_data;
    GDestroyNotify destroy;
} PostedWait;

static void
want_posted (gpointer data)
{
    PostedWait *wait = data;

    want_drain (wait->event, wait->function, wait->user_data, wait->destroy);
    h3_event_unref (wait->event);
    g_free (wait);
}

/* The worker is no more. */
static void
drop_wait (gpointer data)
{
    PostedWait *wait = data;

    if (wait->destroy != NULL)
        wait->destroy (wait->user_data);
    h3_event_unref (wait->event);
    g_free (wait);
}

void
h3_event_on_drain (H3Event *event, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    PostedWait wait = { event, function, user_data, destroy };

    g_return_if_fail (event != NULL && function != NULL);
    if (event_is_on_worker (event)) {
        want_drain (event, function, user_data, destroy);
        return;
    }
    h3_event_ref (event);
    loop_post (event->loop, want_posted, g_memdup2 (&wait, sizeof wait), drop_wait);
}

void
event_on_emptied (H3Event *event, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    g_assert (!event->wants_drain);
    set_drain (event, function, user_data, destroy);
    if (event->phase == EVENT_OVER || event_get_waiting (event) == 0)
        loop_defer (event->loop, drained_already, h3_event_ref (event));
    else
        event->carrier->functions->want_drained (event->carrier, event);
}

void
h3_event_send_generator (H3Event *event, gint64 length, H3Generator function, gpointer user_data,
                         GDestroyNotify destroy)
{
    g_return_if_fail (event != NULL && function != NULL && length >= -1);
    if (!event_claim (event)) {
        if (destroy != NULL)
            destroy (user_data);
        return;
    }
    response_set_generator (&event->response, length, function, user_data, destroy);
    event_answer (event);
}

static void
resume_posted (gpointer data)
{
    H3Event *event = data;

    if (event->carrier != NULL && event->phase == EVENT_SENDING)
        event->carrier->functions->resume_generator (event->carrier, event);
    h3_event_unref (event);
}

void
h3_event_resume_generator (H3Event *event)
{
    g_return_if_fail (event != NULL);
    if (event_is_on_worker (event))
        loop_defer (event->loop, resume_posted, h3_event_ref (event));
    else
        loop_post (event->loop, resume_posted, h3_event_ref (event),
                   (GDestroyNotify) h3_event_unref);
}

static gboolean
may_hint (const char *name, const char *value, gpointer user_data)
{
    gboolean *may = user_data;

    *may = !response_is_for_the_wire (name);
    if (!*may)
        g_critical ("%s is no early hint: the server itself sets it", name);
    return *may;
}

void
h3_event_send_early_hints (H3Event *event, H3Headers *headers)
{
    gboolean may = TRUE;

    g_return_if_fail (event != NULL && headers != NULL);
    g_return_if_fail (event_is_on_worker (event));
    h3_headers_foreach (headers, may_hint, &may);
    if (may && event->carrier != NULL && event->phase == EVENT_OPEN)
        event->carrier->functions->send_interim (event->carrier, event, 103, headers);
}

H3Stream *
h3_event_take_over (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    g_return_val_if_fail (event_is_on_worker (event), NULL);
    if (event->phase != EVENT_OPEN || event->carrier == NULL || !event_claim (event))
        return NULL;
    (void) event_prepare_head (event);
    return event->carrier->functions->detach (event->carrier, event, &event->response);
}
