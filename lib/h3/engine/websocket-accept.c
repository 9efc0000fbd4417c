/* SPDX-License-Identifier: MIT
 *
 * How a request becomes a WebSocket. */

#include "websocket-private.h"

#include <h3/http/content.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

/* The windows of deflate (RFC 7692 §7.1.2). */
enum { LEAST_BITS = 8, MOST_BITS = 15 };

static gboolean
is_named (const char *origin, const char *const *origins)
{
    for (gsize i = 0; origins[i] != NULL; i++)
        if (strcmp (origins[i], "*") == 0 || g_ascii_strcasecmp (origins[i], origin) == 0)
            return TRUE;
    return FALSE;
}

/* A page of another host must not speak with its visitor's cookies (RFC 6455 §10.2). */
static gboolean
is_welcome (H3Event *event, const char *const *origins)
{
    H3View origin = request_join_field (&event->request, H3_VIEW ("Origin"), ", ", event->arena);
    const char *text;

    if (origin.data == NULL)
        return TRUE;
    text = h3_request_get_header (&event->request, "Origin");
    if (origins != NULL)
        return origin.length == strlen (text) && is_named (text, origins);
    return ws_handshake_is_same_origin (origin, h3_view_of (h3_event_get_host (event)));
}

/* Only so has its Connection room for the Upgrade that 426 sends. */
static void
close_behind (H3Event *event, gpointer user_data)
{
    event->response.close = TRUE;
}

static void
refuse (H3Event *event, const WsHandshake *handshake)
{
    H3Response *response = &event->response;

    if (handshake->status == 426) {
        (void) h3_response_set_header_always (response, "Upgrade", "websocket");
        (void) h3_response_set_header_always (response, "Sec-WebSocket-Version", "13");
        h3_event_on_send (event, close_behind, NULL, NULL);
    }
    h3_event_fail_status (event, handshake->status, handshake->detail);
}

static void
set_terms (WsHandshakeTerms *terms, const H3WebSocketOptions *options)
{
    guint8 bits = options->window_bits != 0 ? (guint8) options->window_bits : MOST_BITS;

    terms->protocols = options->protocols;
    terms->deflate.is_on = (options->flags & H3_WEBSOCKET_DEFLATE) != 0;
    terms->deflate.server_keeps_nothing = (options->flags & H3_WEBSOCKET_FORGET_SENT) != 0;
    terms->deflate.client_keeps_nothing = (options->flags & H3_WEBSOCKET_FORGET_RECEIVED) != 0;
    terms->deflate.server_bits = terms->deflate.client_bits = bits;
}

H3WebSocket *
h3_event_accept_websocket (H3Event *event, const H3WebSocketOptions *options)
{
    static const H3WebSocketOptions defaults = { 0 };
    WsHandshakeTerms terms = { 0 };
    WsHandshake handshake;
    H3Stream *stream;

    g_return_val_if_fail (event != NULL && event_is_on_worker (event), NULL);
    if (options == NULL)
        options = &defaults;
    g_return_val_if_fail (
        options->window_bits == 0
            || (options->window_bits >= LEAST_BITS && options->window_bits <= MOST_BITS),
        NULL);
    set_terms (&terms, options);
    if (!ws_handshake_read (&event->request, &terms, event->arena, &handshake)) {
        refuse (event, &handshake);
        return NULL;
    }
    if (!is_welcome (event, options->origins)) {
        h3_event_fail_status (event, 403, "Pages of this origin may not connect.");
        return NULL;
    }
    h3_event_set_status (event, 101);
    (void) h3_event_set_header (event, "Upgrade", "websocket");
    (void) h3_event_set_header (event, "Sec-WebSocket-Accept", handshake.accept);
    if (handshake.deflate.is_on) {
        g_autofree char *extension = ws_handshake_write_deflate (&handshake.deflate);

        (void) h3_event_set_header (event, "Sec-WebSocket-Extensions", extension);
    }
    if (handshake.protocol != NULL)
        (void) h3_event_set_header (event, "Sec-WebSocket-Protocol", handshake.protocol);
    stream = h3_event_take_over (event);
    if (stream == NULL)
        return NULL;
    return websocket_new (stream, loop_get_current (), event->limits, options, &handshake);
}

H3WebSocket *
h3_event_accept_websocket_full (H3Event *event, const char *const *protocols,
                                const char *const *origins, guint64 max_message,
                                H3WebSocketFlags flags)
{
    const H3WebSocketOptions options = {
        .protocols = protocols,
        .origins = origins,
        .max_message = max_message,
        .flags = flags,
    };

    return h3_event_accept_websocket (event, &options);
}
