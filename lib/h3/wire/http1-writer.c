/* SPDX-License-Identifier: MIT */

#include "http1-writer.h"

#include <h3/format/date.h>

/* What a head has at most beside its type and the fields that were set: status line with the
 * longest reason, length, date, connection, blank line. */
#define FIXED_ROOM 256

static inline char *
put (char *out, const char *text, gsize length)
{
    memcpy (out, text, length);
    return out + length;
}

#define PUT(out, literal) put (out, literal, sizeof (literal) - 1)

static char *
put_decimal (char *out, guint64 value)
{
    char digits[20];
    char *p = digits + sizeof digits;

    do {
        *--p = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return put (out, p, (gsize) (digits + sizeof digits - p));
}

static char *
put_status_line (char *out, guint status)
{
    const char *reason;

    if (G_LIKELY (status == 200))
        return PUT (out, "HTTP/1.1 200 OK\r\n");
    out = PUT (out, "HTTP/1.1 ");
    out = put_decimal (out, status);
    *out++ = ' ';
    reason = h3_status_get_reason (status);
    out = put (out, reason, strlen (reason));
    return PUT (out, "\r\n");
}

typedef struct {
    char *out;
    gboolean has_date;
} FieldWriter;

static gboolean
put_field (const char *name, const char *value, gpointer user_data)
{
    FieldWriter *writer = user_data;
    char *out = put (writer->out, name, strlen (name));

    out = PUT (out, ": ");
    out = put (out, value, strlen (value));
    writer->out = PUT (out, "\r\n");
    if (g_ascii_strcasecmp (name, "Date") == 0)
        writer->has_date = TRUE;
    return TRUE;
}

static gboolean
add_length (const char *name, const char *value, gpointer user_data)
{
    *(gsize *) user_data += strlen (name) + strlen (value) + 4;
    return TRUE;
}

static char *
put_date (Http1Writer *writer, char *out, gint64 now)
{
    if (G_UNLIKELY (writer->second != now)) {
        char *end = PUT (writer->date, "Date: ");

        h3_date_write (now, end);
        memcpy (writer->date + HTTP1_DATE_LINE_LENGTH - 2, "\r\n", 2);
        writer->second = now;
    }
    return put (out, writer->date, HTTP1_DATE_LINE_LENGTH);
}

static char *
put_framing (char *out, const H3Response *response, Http1Framing framing)
{
    /* An empty body has a length too, but where the status allows no body at all. For HEAD what
     * the GET would say is said (RFC 9110 §8.6), where it is known. */
    if (framing == FRAMING_CHUNKED)
        return PUT (out, "Transfer-Encoding: chunked\r\n");
    if (framing == FRAMING_CLOSE || response->length < 0
        || !response_status_has_body (response->status))
        return out;
    out = PUT (out, "Content-Length: ");
    out = put_decimal (out, (guint64) response->length);
    return PUT (out, "\r\n");
}

static char *
put_connection (char *out, const Http1Exchange *exchange)
{
    if (exchange->upgrade)
        return PUT (out, "Connection: Upgrade\r\n");
    if (exchange->close)
        return PUT (out, "Connection: close\r\n");
    if (exchange->asked_to_keep)
        return PUT (out, "Connection: keep-alive\r\n");
    return out;
}

void
http1_writer_init (Http1Writer *writer)
{
    writer->second = -1;
}

Http1Framing
http1_writer_frame (const H3Response *response, Http1Exchange *exchange)
{
    if (!response_status_has_body (response->status) || exchange->method == H3_METHOD_HEAD
        || response->body_kind == BODY_NONE || response->length == 0)
        return FRAMING_NONE;
    if (response->length > 0)
        return FRAMING_LENGTH;
    if (exchange->minor == 1)
        return FRAMING_CHUNKED;
    exchange->close = TRUE;
    return FRAMING_CLOSE;
}

gsize
http1_writer_measure_headers (const H3Headers *headers)
{
    gsize length = 0;

    if (headers != NULL)
        h3_headers_foreach (headers, add_length, &length);
    return length;
}

gsize
http1_writer_measure (const H3Response *response)
{
    gsize type = response->type != NULL ? response->type_length + 16 : 0;

    return FIXED_ROOM + type + http1_writer_measure_headers (response->headers);
}

gsize
http1_writer_write_head (Http1Writer *writer, const H3Response *response,
                         const Http1Exchange *exchange, Http1Framing framing, gint64 now, char *out)
{
    char *start = out;
    FieldWriter fields = { NULL, FALSE };

    out = put_status_line (out, response->status);
    if (response->type != NULL
        && (response->headers == NULL || !h3_headers_has (response->headers, "Content-Type"))) {
        out = PUT (out, "Content-Type: ");
        out = put (out, response->type, response->type_length);
        out = PUT (out, "\r\n");
    }
    out = put_framing (out, response, framing);
    if (response->headers != NULL) {
        fields.out = out;
        h3_headers_foreach (response->headers, put_field, &fields);
        out = fields.out;
    }
    if (!fields.has_date)
        out = put_date (writer, out, now);
    out = put_connection (out, exchange);
    out = PUT (out, "\r\n");
    return (gsize) (out - start);
}

gsize
http1_writer_write_interim (guint status, const H3Headers *headers, char *out)
{
    FieldWriter fields;

    fields.out = put_status_line (out, status);
    if (headers != NULL)
        h3_headers_foreach (headers, put_field, &fields);
    return (gsize) (PUT (fields.out, "\r\n") - out);
}

gsize
http1_writer_write_chunk_line (gsize length, char *out)
{
    static const char hex[] = "0123456789abcdef";
    char digits[16];
    char *p = digits + sizeof digits;
    char *start = out;

    do {
        *--p = hex[length & 15];
        length >>= 4;
    } while (length > 0);
    out = put (out, p, (gsize) (digits + sizeof digits - p));
    out = PUT (out, "\r\n");
    return (gsize) (out - start);
}
