/* SPDX-License-Identifier: MIT
 *
 * The way in of an exchange without a socket: how a body reaches its event. */

#include "inject-private.h"

/* A streamed body reaches its reader in pieces of at most so many bytes. */
#define PIECE 16384

static void
add_trailer (H3View name, H3View value, gpointer user_data)
{
    request_add_trailer (user_data, name, value);
}

void
exchange_run_handlers (Exchange *exchange)
{
    H3Event *event = exchange->event;

    app_dispatch.run (exchange->worker, event);
    if (exchange->event == event)
        request_keep (&event->request, event->arena);
}

static void
end_body (Exchange *exchange)
{
    H3Event *event = exchange->event;

    exchange->reading = FALSE;
    http1_body_foreach_trailer (&exchange->body, add_trailer, &event->request);
    if (exchange->whole == NULL) {
        event_body_end (event);
        return;
    }
    request_take_body (&event->request,
                       g_byte_array_free_to_bytes (g_steal_pointer (&exchange->whole)));
    event->body_ended = TRUE;
    exchange_run_handlers (exchange);
}

static void
fail_body (Exchange *exchange, guint status, const char *detail)
{
    exchange->reading = FALSE;
    if (exchange->whole != NULL)
        app_dispatch.refused (exchange->worker, exchange->event);
    event_body_failed (exchange->event, status, detail);
}

static void
take_piece (Exchange *exchange, H3View piece)
{
    if (exchange->body.received > exchange->event->body_bound)
        fail_body (exchange, 413, "The body is larger than this route takes.");
    else if (exchange->whole == NULL)
        event_body_data (exchange->event, piece.data, piece.length);
    else
        g_byte_array_append (exchange->whole, (const guint8 *) piece.data, (guint) piece.length);
}

/* FALSE: nothing more can be read now. */
static gboolean
read_piece (Exchange *exchange)
{
    H3View input = h3_view (exchange->pending.data, MIN (exchange->pending.length, PIECE));
    gsize length = input.length;
    H3View piece;
    Http1BodyResult result = http1_body_step (&exchange->body, &input, &piece);

    length -= input.length;
    exchange->pending.data += length;
    exchange->pending.length -= length;
    switch (result) {
    case HTTP1_BODY_DATA:
        take_piece (exchange, piece);
        return TRUE;
    case HTTP1_BODY_END:
        end_body (exchange);
        return FALSE;
    case HTTP1_BODY_NEEDS_MORE:
        if (exchange->pending.length > 0)
            return TRUE;
        fail_body (exchange, 400, "The body was cut short.");
        return FALSE;
    default:
        fail_body (exchange, exchange->body.status, "The body breaks the rules of HTTP.");
        return FALSE;
    }
}

static void
read_on (gpointer data)
{
    Exchange *exchange = data;

    exchange->reading_is_due = FALSE;
    while (exchange->event != NULL && exchange->reading && !exchange->paused
           && read_piece (exchange))
        continue;
}

void
exchange_schedule_reading (Exchange *exchange)
{
    if (exchange->reading_is_due)
        return;
    exchange->reading_is_due = TRUE;
    loop_defer (exchange->carrier.loop, read_on, exchange);
}

void
exchange_begin_body (Exchange *exchange)
{
    const H3Request *request = &exchange->event->request;

    exchange->body_limits.max_body = G_MAXINT64;
    exchange->body_limits.max_extension = (guint32) exchange->limits->chunk_extension;
    exchange->body_limits.max_extensions = (guint32) exchange->limits->chunk_extensions;
    exchange->body_limits.max_trailer_bytes = (guint32) exchange->limits->trailer_bytes;
    exchange->body_limits.max_trailers = (guint32) exchange->limits->trailers;
    if (request->chunked)
        http1_body_init_chunked (&exchange->body, &exchange->body_limits);
    else
        http1_body_init_exact (&exchange->body, &exchange->body_limits, request->content_length);
}
