/* SPDX-License-Identifier: MIT */

#include "http1-writer.h"

#include <h3/base/bytes.h>
#include <h3/format/date.h>

#define USUAL_STATUS_LINE "HTTP/1.1 200 OK\r\n"
#define MAX_DIGITS        20 /* of a 64-bit number */

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445"
    "46474849505152535455565758596061626364656667686970717273747576777879808182838485868788899091"
    "9293949596979899";

/* Its length is known when this is compiled, so that no function is called for it. */
#define PUT(out, literal)                                                                          \
    ((char *) memcpy (out, literal, sizeof (literal) - 1) + sizeof (literal) - 1)

static inline char *
put (char *out, const char *text, gsize length)
{
    bytes_copy (out, text, length);
    return out + length;
}

/* Two digits at a time, from the last on. As many bytes as there could be are moved, so that no
 * function is called for them: what is beyond the number will be written over. */
static inline char *
put_decimal (char *out, guint64 value)
{
    char digits[2 * MAX_DIGITS];
    char *p = digits + MAX_DIGITS;

    for (; value >= 100; value /= 100)
        p = memcpy (p - 2, &pairs[value % 100 * 2], 2);
    p = memcpy (p - 2, &pairs[value * 2], 2);
    p += *p == '0';
    memcpy (out, p, MAX_DIGITS);
    return out + (digits + MAX_DIGITS - p);
}

static G_GNUC_NO_INLINE char *
put_status_line (char *out, guint status)
{
    const char *reason = h3_status_get_reason (status);

    out = PUT (out, "HTTP/1.1 ");
    out = put_decimal (out, status);
    *out++ = ' ';
    out = put (out, reason, strlen (reason));
    return PUT (out, "\r\n");
}

static gboolean
put_field (const char *name, const char *value, gpointer user_data)
{
    char **out = user_data;

    *out = put (*out, name, strlen (name));
    *out = PUT (*out, ": ");
    *out = put (*out, value, strlen (value));
    *out = PUT (*out, "\r\n");
    return TRUE;
}

static G_GNUC_NO_INLINE char *
put_fields (char *out, const H3Headers *headers)
{
    h3_headers_foreach (headers, put_field, &out);
    return out;
}

/* Where no trailers can follow, none are announced. */
static gboolean
put_field_but_trailer (const char *name, const char *value, gpointer user_data)
{
    return g_ascii_strcasecmp (name, "Trailer") == 0 || put_field (name, value, user_data);
}

static G_GNUC_NO_INLINE char *
put_response_fields (char *out, const H3Response *response, Http1Framing framing)
{
    if (G_LIKELY (response->trailers == NULL || framing == FRAMING_CHUNKED))
        return put_fields (out, response->headers);
    h3_headers_foreach (response->headers, put_field_but_trailer, &out);
    return out;
}

static gboolean
add_length (const char *name, const char *value, gpointer user_data)
{
    *(gsize *) user_data += strlen (name) + strlen (value) + 4;
    return TRUE;
}

static G_GNUC_NO_INLINE void
set_second (Http1Writer *writer, gint64 now)
{
    char *end = PUT (writer->start, USUAL_STATUS_LINE "Date: ");

    h3_date_write (now, end);
    memcpy (writer->start + HTTP1_START_LENGTH - 2, "\r\n", 2);
    writer->second = now;
}

/* Status line and Date. What nearly all answers begin with is put together once a second. */
static inline char *
put_start (Http1Writer *writer, const H3Response *response, gint64 now, char *out)
{
    const gsize status_line = sizeof USUAL_STATUS_LINE - 1;
    gboolean has_date = response->headers != NULL && h3_headers_has (response->headers, "Date");

    if (G_UNLIKELY (writer->second != now))
        set_second (writer, now);
    if (G_LIKELY (response->status == 200 && !has_date)) {
        memcpy (out, writer->start, HTTP1_START_LENGTH);
        return out + HTTP1_START_LENGTH;
    }
    out = put_status_line (out, response->status);
    if (has_date)
        return out;
    memcpy (out, writer->start + status_line, HTTP1_START_LENGTH - status_line);
    return out + HTTP1_START_LENGTH - status_line;
}

static inline char *
put_framing (char *out, const H3Response *response, Http1Framing framing)
{
    if (framing == FRAMING_CHUNKED)
        return PUT (out, "Transfer-Encoding: chunked\r\n");
    /* An empty body has a length too, but where the status allows no body at all. For HEAD what
     * the GET would say is said (RFC 9110 §8.6), where it is known. */
    if (framing == FRAMING_CLOSE
        || (framing == FRAMING_NONE
            && (response->length < 0 || !response_status_has_body (response->status))))
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

gsize
http1_writer_measure_headers (const H3Headers *headers)
{
    gsize length = 0;

    if (headers != NULL)
        h3_headers_foreach (headers, add_length, &length);
    return length;
}

gsize
http1_writer_write_head (Http1Writer *writer, const H3Response *response,
                         const Http1Exchange *exchange, Http1Framing framing, gint64 now, char *out)
{
    const H3Headers *headers = response->headers;
    char *start = out;

    out = put_start (writer, response, now, out);
    if (response->type != NULL && (headers == NULL || !h3_headers_has (headers, "Content-Type"))) {
        out = PUT (out, "Content-Type: ");
        out = put (out, response->type, response->type_length);
        out = PUT (out, "\r\n");
    }
    out = put_framing (out, response, framing);
    if (headers != NULL)
        out = put_response_fields (out, response, framing);
    out = put_connection (out, exchange);
    out = PUT (out, "\r\n");
    return (gsize) (out - start);
}

gsize
http1_writer_write_interim (guint status, const H3Headers *headers, char *out)
{
    char *end = put_status_line (out, status);

    if (headers != NULL)
        end = put_fields (end, headers);
    return (gsize) (PUT (end, "\r\n") - out);
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
    memcpy (out, p, (gsize) (digits + sizeof digits - p));
    out = PUT (out + (digits + sizeof digits - p), "\r\n");
    return (gsize) (out - start);
}

gsize
http1_writer_write_trailers (const H3Headers *trailers, char *out)
{
    char *end = put_fields (PUT (out, "0\r\n"), trailers);

    return (gsize) (PUT (end, "\r\n") - out);
}
