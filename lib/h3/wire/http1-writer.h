/* SPDX-License-Identifier: MIT
 *
 * A response becomes bytes: status line, fields, framing (RFC 9112 §6.3), chunks. Writes into
 * memory that the caller has room in; keeps the start of a usual head of the second. One a worker;
 * its thread only. */

#pragma once

#include <h3/http/request-inside.h>
#include <h3/http/response-inside.h>

G_BEGIN_DECLS

#define HTTP1_START_LENGTH 54

typedef struct {
    gint64 second;                  /* of the date below; -1: none yet */
    char start[HTTP1_START_LENGTH]; /* the usual status line, "Date: …" CR LF */
} Http1Writer;

/* How the body's end will show. */
typedef enum {
    FRAMING_NONE,    /* no body follows: HEAD, 1xx, 204, 304, or an empty one */
    FRAMING_LENGTH,  /* Content-Length */
    FRAMING_CHUNKED, /* Transfer-Encoding */
    FRAMING_CLOSE,   /* the end of the connection: HTTP/1.0, length not known */
} Http1Framing;

typedef struct {
    H3Method method;        /* of the request; H3_METHOD_OTHER where none could be read */
    guint minor;            /* HTTP/1.x of the client */
    gboolean close;         /* the connection ends after this answer */
    gboolean asked_to_keep; /* HTTP/1.0 with keep-alive: must be told that it is granted */
    gboolean upgrade;       /* 101: Connection: Upgrade */
} Http1Exchange;

void http1_writer_init (Http1Writer *writer);

/* Decides the framing; a body whose end only the connection's end can show sets exchange->close. */
static inline Http1Framing
http1_writer_frame (const H3Response *response, Http1Exchange *exchange)
{
    if (response->length == 0 || !response_status_has_body (response->status)
        || exchange->method == H3_METHOD_HEAD || response->body_kind == BODY_NONE)
        return FRAMING_NONE;
    if (response->length > 0)
        return FRAMING_LENGTH;
    if (exchange->minor == 1)
        return FRAMING_CHUNKED;
    exchange->close = TRUE;
    return FRAMING_CLOSE;
}

/* Of fields as they are written. */
gsize http1_writer_measure_headers (const H3Headers *headers);

/* What a head has at most beside its type and the fields that were set: status line with the
 * longest reason, length, date, connection, blank line, names and ends of lines. */
#define HTTP1_FIXED_ROOM 272

/* Room that the head surely fits in. */
static inline gsize
http1_writer_measure (const H3Response *response)
{
    gsize fields = response->headers != NULL ? http1_writer_measure_headers (response->headers) : 0;

    return HTTP1_FIXED_ROOM + (response->type != NULL ? response->type_length : 0) + fields;
}

/* Writes the head; returns its length. `now` is in seconds since 1970. */
gsize http1_writer_write_head (Http1Writer *writer, const H3Response *response,
                               const Http1Exchange *exchange, Http1Framing framing, gint64 now,
                               char *out);

/* An interim answer: 100 without fields, 103 with those of `headers`. Room: as measured for the
 * fields, plus 64. */
gsize http1_writer_write_interim (guint status, const H3Headers *headers, char *out);

/* The line before a chunk of `length` (> 0) bytes; at most 18 bytes. CR LF follows its data. */
gsize http1_writer_write_chunk_line (gsize length, char *out);
#define HTTP1_CHUNK_LINE_ROOM 18
#define HTTP1_LAST_CHUNK      H3_VIEW ("0\r\n\r\n")

/* The last chunk with trailer fields behind it. Room: as measured for them, plus this. */
#define HTTP1_TRAILER_ROOM 5
gsize http1_writer_write_trailers (const H3Headers *trailers, char *out);

G_END_DECLS
