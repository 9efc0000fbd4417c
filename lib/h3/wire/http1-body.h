/* SPDX-License-Identifier: MIT
 *
 * The body of an HTTP/1.1 message, strictly (RFC 9112 §6, §7.1): exactly so many bytes, chunks with
 * their extensions and trailers, or all that comes until the connection ends. A decoder of bytes:
 * knows no socket, copies no data. Embedded in a connection; its thread only. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

typedef struct {
    guint64 max_body;          /* bytes of data; over it: 413 */
    guint32 max_extension;     /* bytes of extensions in one chunk line: 256; over it: 400 */
    guint32 max_extensions;    /* of all chunk lines of a message: 8 KiB; over it: 400 */
    guint32 max_trailer_bytes; /* 8 KiB; over it: 431 */
    guint32 max_trailers;      /* fields: 32; over it: 431 */
} Http1BodyLimits;

typedef enum {
    HTTP1_BODY_NEEDS_MORE, /* all input was used; feed more */
    HTTP1_BODY_DATA,       /* `*out_data` is a piece of the body, inside the input */
    HTTP1_BODY_END,        /* the message is whole; the rest of the input is not part of it */
    HTTP1_BODY_REFUSED,    /* `status` says with what; feed nothing any more */
} Http1BodyResult;

typedef struct _Http1Body Http1Body;
struct _Http1Body {
    const Http1BodyLimits *limits; /* borrowed: the server's settings */
    guint64 received;         /* bytes of data announced so far: all, the chunks begun, or come */
    guint64 left;             /* of the body, or of this chunk */
    guint32 extension_bytes;  /* in this chunk line */
    guint32 extensions_bytes; /* in all */
    guint16 status;           /* when refused */
    guint8 state;
    guint8 digits;      /* of this chunk's size */
    guint32 n_trailers; /* fields so far */
    GString *trailers;  /* owned; their raw lines; NULL: none */
};

/* A body of `length` bytes; 0 is whole at once, and one over the limit is refused at the first
 * step. None of these frees what an earlier use left: call http1_body_clear () between. */
void http1_body_init_exact (Http1Body *body, const Http1BodyLimits *limits, guint64 length);
void http1_body_init_chunked (Http1Body *body, const Http1BodyLimits *limits);

/* A body that ends with the connection: only an answer's may. Never END before
 * http1_body_end_of_input (); the first byte over the limit is refused. */
void http1_body_init_until_close (Http1Body *body, const Http1BodyLimits *limits);

/* Frees the trailers. Harmless on NULL, on zeroed memory and twice. */
void http1_body_clear (Http1Body *body);

/* Reads on in `*input`, taking off its front what was used. Called again until NEEDS_MORE, END or
 * REFUSED; the same answers whether the bytes come whole or one at a time. A chunk that would go
 * over `max_body` is refused when its size line ends, before its data comes. */
Http1BodyResult http1_body_step (Http1Body *body, H3View *input, H3View *out_data);

/* Nothing will come any more. Whether the message is whole: a body that was to be of so many bytes,
 * or in chunks, and is cut short is none. (Who ended the connection, the server or somebody on the
 * way, only TLS can tell.) */
gboolean http1_body_end_of_input (Http1Body *body);

/* After END: calls `function` for each trailer field that may be used: not those of framing,
 * routing, authentication and control (RFC 9110 §6.5.1), which are dropped. */
typedef void (*Http1TrailerFunction) (H3View name, H3View value, gpointer user_data);
void http1_body_foreach_trailer (const Http1Body *body, Http1TrailerFunction function,
                                 gpointer user_data);

G_END_DECLS
