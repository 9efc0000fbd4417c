/* SPDX-License-Identifier: MIT */

#include "coded-request.h"

#include <h3/http/content-private.h>
#include <h3/http/event-carried.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

/* What comes out of a coder between two turns of others. */
#define SLICE (256 * 1024)
/* What goes into it: there are inputs of any length out of which nothing comes. */
#define PIECE ((gsize) 64 * 1024)
/* A piece for a reader. */
#define ROOM 16384

static guint
get_status (CoderResult result)
{
    return result == CODER_TOO_LARGE ? 413 : 400;
}

static const char *
describe (CoderResult result)
{
    return result == CODER_TOO_LARGE ? "The body comes to more than this route takes."
                                     : "The body is not in the coding that its fields say.";
}

/* A body that is there already, on its way to being another. */
typedef struct {
    H3Event *event; /* ref, once it takes more than a turn; else borrowed */
    Coder *coder;   /* owned */
    GBytes *coded;  /* owned */
    H3View rest;    /* borrowed: `coded`; behind the piece */
    H3View piece;   /* borrowed: `coded`; under way */
    gboolean has_piece;
    guint8 *text; /* owned */
    gsize length;
    gsize capacity;
} WholeBody;

static void
free_whole (WholeBody *whole)
{
    g_bytes_unref (whole->coded);
    coder_free (whole->coder);
    g_free (whole->text);
    g_free (whole);
}

static gboolean
make_room (WholeBody *whole)
{
    gsize capacity = MAX (whole->capacity * 2, ROOM);
    guint8 *text;

    if (whole->length < whole->capacity)
        return TRUE;
    text = g_try_realloc (whole->text, capacity);
    if (text == NULL)
        return FALSE;
    whole->text = text;
    whole->capacity = capacity;
    return TRUE;
}

static void
take_piece (WholeBody *whole)
{
    gsize length = MIN (PIECE, whole->rest.length);

    whole->piece = h3_view (whole->rest.data, length);
    whole->rest = h3_view (whole->rest.data + length, whole->rest.length - length);
    whole->has_piece = TRUE;
}

/* One slice: CODER_FULL where there is more. */
static CoderResult
decode_slice (WholeBody *whole, gboolean *out_has_memory)
{
    gsize most = whole->length + SLICE;
    CoderResult result = CODER_FULL;
    gsize length;
    CoderAim aim;

    if (!whole->has_piece)
        take_piece (whole);
    aim = whole->rest.length > 0 ? CODER_FEED : CODER_FINISH;
    while (result == CODER_FULL && whole->length < most) {
        *out_has_memory = make_room (whole);
        if (!*out_has_memory)
            return CODER_FULL;
        result = coder_step (whole->coder, &whole->piece, aim, whole->text + whole->length,
                             whole->capacity - whole->length, &length);
        whole->length += length;
    }
    if (result != CODER_READY || aim == CODER_FINISH)
        return result;
    whole->has_piece = FALSE;
    return CODER_FULL;
}

static void
end_whole (WholeBody *whole, CoderResult result, gboolean has_memory)
{
    H3Event *event = whole->event;
    H3Request *request = &event->request;

    if (event->phase != EVENT_OPEN)
        return;
    if (!has_memory) {
        h3_event_fail_status (event, 503, "There is no memory for the body.");
        return;
    }
    if (result != CODER_READY) {
        h3_event_fail_status (event, get_status (result), describe (result));
        return;
    }
    request->chunked = FALSE;
    request->content_length = whole->length;
    request_take_body (request, g_bytes_new_take (g_steal_pointer (&whole->text), whole->length));
    h3_event_next (event);
}

static void
drop_whole (gpointer data)
{
    WholeBody *whole = data;

    h3_event_unref (whole->event);
    free_whole (whole);
}

static void
go_on (gpointer data)
{
    WholeBody *whole = data;
    gboolean has_memory;
    CoderResult result = decode_slice (whole, &has_memory);

    if (result == CODER_FULL && has_memory && whole->event->phase == EVENT_OPEN) {
        loop_post (whole->event->loop, go_on, whole, drop_whole);
        return;
    }
    end_whole (whole, result, has_memory);
    drop_whole (whole);
}

static void
decode_whole (H3Event *event, Coder *coder)
{
    WholeBody *whole = g_new0 (WholeBody, 1);
    gboolean has_memory;
    CoderResult result;

    whole->event = event;
    whole->coder = coder;
    whole->coded = g_bytes_ref (event->request.body);
    whole->rest.data = g_bytes_get_data (whole->coded, &whole->rest.length);
    result = decode_slice (whole, &has_memory);
    if (result == CODER_FULL && has_memory) {
        loop_post (h3_event_defer (event)->loop, go_on, whole, drop_whole);
        return;
    }
    end_whole (whole, result, has_memory);
    free_whole (whole);
}

/* A body in pieces. The carrier rests while there is something here that the reader has not got. */
struct _DecodedBody {
    Coder *coder;       /* owned */
    GByteArray *coded;  /* owned: received, and not read */
    gboolean is_behind; /* the coder has more, or `coded` has */
    gboolean is_paused; /* by the reader */
    gboolean is_posted; /* to go on */
    gboolean has_failed;
    H3BodyFunction function;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
};

static void
free_decoded (gpointer data)
{
    DecodedBody *body = data;

    coder_free (body->coder);
    g_byte_array_unref (body->coded);
    g_free (body);
}

/* Tells the reader, and answers where nobody has: as of a body that the wire refuses. */
static void
fail_decoded (DecodedBody *body, H3Event *event, CoderResult result)
{
    body->has_failed = TRUE;
    if (event->carrier != NULL)
        event->carrier->functions->pause_body (event->carrier, event);
    event_body_failed (event, get_status (result), describe (result));
}

static void go_on_later (DecodedBody *body, H3Event *event);

/* All of `input` where the reader takes it, but no more than a slice: the rest is kept. */
static void
decode_piece (DecodedBody *body, H3Event *event, H3View input)
{
    CoderResult result = CODER_FULL;
    char room[ROOM];
    gsize given = 0, length;

    while (result == CODER_FULL && event->is_reading && !body->is_paused && given < SLICE) {
        result = coder_step (body->coder, &input, CODER_FEED, room, sizeof room, &length);
        given += length;
        if (length > 0)
            body->function (event, room, length, NULL, body->user_data);
    }
    body->is_behind = result == CODER_FULL && event->is_reading;
    if (!event->is_reading || result == CODER_READY)
        return;
    if (result != CODER_FULL) {
        fail_decoded (body, event, result);
        return;
    }
    g_byte_array_append (body->coded, (const guint8 *) input.data, (guint) input.length);
    event->carrier->functions->pause_body (event->carrier, event);
    go_on_later (body, event);
}

static void
go_on_posted (gpointer data)
{
    H3Event *event = data;
    DecodedBody *body = content_ensure (event)->decoded;

    body->is_posted = FALSE;
    if (event->is_reading && body->is_behind && !body->is_paused) {
        g_autoptr (GByteArray) coded = g_steal_pointer (&body->coded);

        body->coded = g_byte_array_new ();
        event_enter (event);
        decode_piece (body, event, h3_view ((const char *) coded->data, coded->len));
        if (event->is_reading && !body->is_behind && !body->is_paused)
            event->carrier->functions->resume_body (event->carrier, event);
        event_leave (event);
    }
    h3_event_unref (event);
}

static void
go_on_later (DecodedBody *body, H3Event *event)
{
    if (body->is_posted || body->is_paused)
        return;
    body->is_posted = TRUE;
    loop_post (event->loop, go_on_posted, h3_event_ref (event), (GDestroyNotify) h3_event_unref);
}

/* The end comes when all before it was read. */
static CoderResult
end_coder (DecodedBody *body)
{
    H3View nothing = H3_VIEW_EMPTY;
    char room[1];
    gsize length;

    if (coder_get_taken (body->coder) == 0)
        return CODER_READY;
    return coder_step (body->coder, &nothing, CODER_FINISH, room, sizeof room, &length);
}

/* The reader that the carrier sees. */
static void
take_coded (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    DecodedBody *body = user_data;
    g_autoptr (GError) problem = NULL;
    CoderResult result;

    if (data != NULL) {
        decode_piece (body, event, h3_view (data, length));
        return;
    }
    result = error == NULL ? end_coder (body) : CODER_READY;
    if (result != CODER_READY)
        problem = h3_http_error_new (get_status (result), "%s", describe (result));
    body->function (event, NULL, 0, problem != NULL ? problem : error, body->user_data);
    if (problem != NULL)
        fail_decoded (body, event, result);
}

static void
end_reader (gpointer data)
{
    DecodedBody *body = data;

    if (body->destroy != NULL)
        body->destroy (body->user_data);
}

void
decoded_body_begin (DecodedBody *body, H3Event *event)
{
    body->function = event->reader.function;
    body->user_data = event->reader.user_data;
    body->destroy = event->reader.destroy;
    event->reader.function = take_coded;
    event->reader.user_data = body;
    event->reader.destroy = end_reader;
}

void
decoded_body_pause (DecodedBody *body, H3Event *event)
{
    body->is_paused = TRUE;
    event->carrier->functions->pause_body (event->carrier, event);
}

void
decoded_body_resume (DecodedBody *body, H3Event *event)
{
    body->is_paused = FALSE;
    if (body->is_behind)
        go_on_later (body, event);
    else if (!body->has_failed)
        event->carrier->functions->resume_body (event->carrier, event);
}

static void
decode_stream (H3Event *event, Coder *coder)
{
    DecodedBody *body = g_new0 (DecodedBody, 1);

    body->coder = coder;
    body->coded = g_byte_array_new ();
    content_ensure (event)->decoded = body;
    /* How long it comes is not known any more. */
    event->request.chunked = TRUE;
    h3_event_set_data (event, "h3-decoded-body", body, free_decoded);
    h3_event_next (event);
}

void
event_decode_body (H3Event *event, Coder *coder)
{
    H3Request *request = &event->request;

    request_remove_field (request, H3_VIEW ("Content-Encoding"));
    request_remove_field (request, H3_VIEW ("Content-Length"));
    if (request->body == NULL) {
        decode_stream (event, coder);
    } else if (g_bytes_get_size (request->body) > 0) {
        decode_whole (event, coder);
    } else {
        coder_free (coder);
        h3_event_next (event);
    }
}
