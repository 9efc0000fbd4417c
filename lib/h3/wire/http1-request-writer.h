/* SPDX-License-Identifier: MIT
 *
 * A request becomes bytes: request line, Host first, the fields that were set, framing and
 * connection (RFC 9112 §3, §6). Nothing goes out that another reader could take for more than one
 * request. Holds nothing; any thread. (Chunks and trailers: http1-writer.) */

#pragma once

#include <h3/http/headers.h>
#include <h3/wire/http1-writer.h>

G_BEGIN_DECLS

/* All borrowed for the call. */
typedef struct {
    H3View method; /* a token of up to 32 bytes */
    /* "/path?query"; "http://host/path" for a proxy; "*"; for CONNECT what Host says. Escaped. */
    H3View target;
    H3View host;
    /* (nullable): those of http1_request_writer_is_own () are dropped. */
    const H3Headers *headers;
    Http1Framing framing;     /* NONE, LENGTH or CHUNKED */
    guint64 length;           /* of the body, with LENGTH */
    H3View upgrade;           /* the protocol asked for, as "websocket"; empty: none */
    H3View proxy_credentials; /* what Proxy-Authorization says; empty: what `headers` say */
    gboolean close;           /* the connection ends after the answer */
    gboolean expects_continue;
} Http1RequestHead;

/* How much room the head needs at most; 0: it may not be sent, as one of its parts is not
 * well-formed, or Content-Type stands there twice. Names and values of fields were judged when they
 * were set. */
gsize http1_request_writer_measure (const Http1RequestHead *head);

/* Writes a head that was measured; returns its length. POST, PUT and PATCH without a body say that
 * its length is 0 (RFC 9110 §8.6), others say nothing. */
gsize http1_request_writer_write (const Http1RequestHead *head, char *out);

/* Whether the field is about framing or the connection, or Host: no program sets it. */
gboolean http1_request_writer_is_own (const char *name);

G_END_DECLS
