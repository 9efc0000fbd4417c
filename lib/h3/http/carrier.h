/* SPDX-License-Identifier: MIT
 *
 * How an event reaches whoever carries it: a connection, an exchange without a socket, one day a
 * stream of HTTP/2. The carrier fills the functions in; the event calls them on its worker. The
 * carrier tells the event through <h3/http/event-carried.h>. */

#pragma once

#include <h3/format/address.h>
#include <h3/http/event.h>
#include <h3/http/response-inside.h>
#include <h3/http/tls-info.h>
#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _H3Stream H3Stream;
typedef struct _Carrier Carrier;

typedef struct {
    /* The request's body is wanted: 100 Continue where it was asked for, then event_body_data ()
     * for each piece until event_body_end () or event_body_failed (). */
    void (*read_body) (Carrier *carrier, H3Event *event);
    /* No more pieces until resumed; those on their way are kept. */
    void (*pause_body) (Carrier *carrier, H3Event *event);
    void (*resume_body) (Carrier *carrier, H3Event *event);
    /* 103 with `headers`. */
    void (*send_interim) (Carrier *carrier, H3Event *event, guint status, const H3Headers *headers);
    /* The head, and the body as far as it is there. For BODY_STREAM more follows by `write`. The
     * carrier may end the event (event_finish ()) inside. */
    void (*send) (Carrier *carrier, H3Event *event, H3Response *response);
    /* A piece of a streamed body; nothing points into it afterwards. */
    void (*write) (Carrier *carrier, H3Event *event, GBytes *bytes, const char *data, gsize length);
    /* What was written leaves now, without waiting for the handler's end. */
    void (*flush) (Carrier *carrier, H3Event *event);
    /* A generator that gave an empty piece is to be asked again. */
    void (*resume_generator) (Carrier *carrier, H3Event *event);
    /* Bytes that wait for the client. */
    guint64 (*get_waiting) (Carrier *carrier);
    /* event_drained () is to be called when nothing waits for the client any more. */
    void (*want_drained) (Carrier *carrier, H3Event *event);
    /* The streamed body is whole. */
    void (*finish) (Carrier *carrier, H3Event *event);
    /* The exchange cannot be ended well: cut. */
    void (*cancel) (Carrier *carrier, H3Event *event);
    /* (transfer full): the connection itself, after the head of `response`; the event is finished.
     */
    H3Stream *(*detach) (Carrier *carrier, H3Event *event, H3Response *response);
    /* The deadline for the answer, in milliseconds; 0: none. */
    void (*set_deadline) (Carrier *carrier, H3Event *event, gint64 milliseconds);
    void (*get_peer) (Carrier *carrier, H3SocketAddress *out_peer, gboolean *out_secure);
    /* FALSE: it came without TLS. Strings are in the arena, or static. NULL: none ever does. */
    gboolean (*get_tls) (Carrier *carrier, H3Arena *arena, H3TlsInfo *out_info);
} CarrierFunctions;

struct _Carrier {
    const CarrierFunctions *functions;
    Loop *loop; /* borrowed: the worker's */
};

G_END_DECLS
