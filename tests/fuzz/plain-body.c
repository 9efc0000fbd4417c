/* SPDX-License-Identifier: MIT */

#include "plain-body.h"

/* Where the reading is. Whoever finds that it cannot go on says why, and all return FALSE. */
typedef struct {
    PlainBody *body;
    const Http1BodyLimits *limits;
    H3View rest;
    guint64 received;
    gsize extensions;
} Reading;

static gboolean
refuse (Reading *reading, guint status)
{
    reading->body->result = HTTP1_BODY_REFUSED;
    reading->body->status = status;
    return FALSE;
}

/* The next byte, which stays where it is; FALSE when there is none. */
static gboolean
peek (const Reading *reading, char *out_c)
{
    if (reading->rest.length == 0)
        return FALSE;
    *out_c = reading->rest.data[0];
    return TRUE;
}

static void
skip (Reading *reading, gsize length)
{
    reading->rest = h3_view (reading->rest.data + length, reading->rest.length - length);
}

static gboolean
expect (Reading *reading, char expected)
{
    char c;

    if (!peek (reading, &c))
        return FALSE;
    if (c != expected)
        return refuse (reading, 400);
    skip (reading, 1);
    return TRUE;
}

static gboolean
is_tchar (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
is_text (char c)
{
    return c == '\t' || ((guchar) c >= 0x20 && c != 0x7f);
}

/* ours: 16 digits and below 2^63. */
static gboolean
read_size (Reading *reading, guint64 *out_size)
{
    guint digits = 0;
    char c;

    *out_size = 0;
    while (peek (reading, &c) && g_ascii_isxdigit (c)) {
        if (++digits > 16 || *out_size >= (guint64) 1 << 59)
            return refuse (reading, 400);
        *out_size = *out_size * 16 + (guint64) g_ascii_xdigit_value (c);
        skip (reading, 1);
    }
    if (reading->rest.length == 0)
        return FALSE;
    return digits > 0 || refuse (reading, 400);
}

/* One byte of an extension, counted. */
static gboolean
use_extension_byte (Reading *reading, gsize *used)
{
    if (++*used > reading->limits->max_extension
        || ++reading->extensions > reading->limits->max_extensions)
        return refuse (reading, 400);
    skip (reading, 1);
    return TRUE;
}

static gboolean
read_token (Reading *reading, gsize *used)
{
    gsize length = 0;
    char c;

    while (peek (reading, &c) && is_tchar (c)) {
        if (!use_extension_byte (reading, used))
            return FALSE;
        length++;
    }
    if (reading->rest.length == 0)
        return FALSE;
    return length > 0 || refuse (reading, 400);
}

/* At the opening quote; leaves off behind the closing one. */
static gboolean
read_quoted (Reading *reading, gsize *used)
{
    char c;

    if (!use_extension_byte (reading, used))
        return FALSE;
    while (peek (reading, &c) && c != '"') {
        if (c == '\\' && (!use_extension_byte (reading, used) || !peek (reading, &c)))
            return FALSE;
        if (!is_text (c))
            return refuse (reading, 400);
        if (!use_extension_byte (reading, used))
            return FALSE;
    }
    return reading->rest.length > 0 && use_extension_byte (reading, used);
}

/* *( ";" name [ "=" value ] ); ours: without the blanks that RFC 9112 puts up with. */
static gboolean
read_extensions (Reading *reading)
{
    gsize used = 0;
    char c;

    while (peek (reading, &c) && c == ';') {
        if (!use_extension_byte (reading, &used) || !read_token (reading, &used))
            return FALSE;
        if (!peek (reading, &c))
            return FALSE;
        if (c != '=')
            continue;
        if (!use_extension_byte (reading, &used) || !peek (reading, &c))
            return FALSE;
        if (c == '"' ? !read_quoted (reading, &used) : !read_token (reading, &used))
            return FALSE;
    }
    return expect (reading, '\r') && expect (reading, '\n');
}

static gboolean
read_data (Reading *reading, guint64 size)
{
    gsize here = (gsize) MIN (size, reading->rest.length);

    if (size > reading->limits->max_body - reading->received)
        return refuse (reading, 413);
    reading->received += size;
    g_string_append_len (reading->body->data, reading->rest.data, (gssize) here);
    skip (reading, here);
    return here == size && (size == 0 || (expect (reading, '\r') && expect (reading, '\n')));
}

/* Not those of framing, routing, authentication and control (RFC 9110 §6.5.1). */
static gboolean
is_usable (H3View name)
{
    static const char pattern[] =
        "^(age|authorization|cache-control|connection|content-(encoding|length|location|range|type)"
        "|cookie|date|expect|expires|forwarded|host|http2-settings|if-.*|keep-alive|location"
        "|max-forwards|origin|pragma|proxy-.*|range|retry-after|sec-.*|set-cookie|te|trailer"
        "|transfer-encoding|upgrade|vary|via|warning|www-authenticate|x-forwarded-.*|x-real-ip)$";
    g_autofree char *text = h3_view_dup (name);

    return !g_regex_match_simple (pattern, text, G_REGEX_CASELESS | G_REGEX_DOLLAR_ENDONLY, 0);
}

/* One byte of the trailer section, counted. */
static gboolean
use_trailer_byte (Reading *reading, gsize *used)
{
    if (++*used > reading->limits->max_trailer_bytes)
        return refuse (reading, 431);
    skip (reading, 1);
    return TRUE;
}

static gboolean
read_trailer (Reading *reading, gsize *used)
{
    H3View line = reading->rest;
    H3View name, value;
    gsize length = 0;
    char c;

    while (peek (reading, &c) && is_tchar (c)) {
        if (!use_trailer_byte (reading, used))
            return FALSE;
        length++;
    }
    if (!peek (reading, &c))
        return FALSE;
    if (c != ':' || length == 0)
        return refuse (reading, 400);
    name = h3_view (line.data, length);
    if (!use_trailer_byte (reading, used))
        return FALSE;
    line = reading->rest;
    while (peek (reading, &c) && is_text (c)) {
        if (!use_trailer_byte (reading, used))
            return FALSE;
    }
    value = h3_view_trim (h3_view (line.data, (gsize) (reading->rest.data - line.data)));
    for (guint i = 0; i < 2; i++) {
        if (!peek (reading, &c))
            return FALSE;
        if (c != "\r\n"[i])
            return refuse (reading, 400);
        if (!use_trailer_byte (reading, used))
            return FALSE;
    }
    if (is_usable (name))
        g_string_append_printf (reading->body->trailers, "%.*s=%.*s;", H3_VIEW_ARGS (name),
                                H3_VIEW_ARGS (value));
    return TRUE;
}

static gboolean
read_trailers (Reading *reading)
{
    gsize used = 0, n = 0;
    char c;

    while (peek (reading, &c) && c != '\r') {
        if (is_tchar (c) && ++n > reading->limits->max_trailers)
            return refuse (reading, 431);
        if (!read_trailer (reading, &used))
            return FALSE;
    }
    return expect (reading, '\r') && expect (reading, '\n');
}

static gboolean
read_all (Reading *reading)
{
    guint64 size;

    do {
        if (!read_size (reading, &size) || !read_extensions (reading) || !read_data (reading, size))
            return FALSE;
    } while (size > 0);
    return read_trailers (reading);
}

void
plain_body_read (PlainBody *body, const Http1BodyLimits *limits, H3View bytes)
{
    Reading reading = { body, limits, bytes, 0, 0 };

    *body = (PlainBody){ .result = HTTP1_BODY_NEEDS_MORE,
                         .data = g_string_new (NULL),
                         .trailers = g_string_new (NULL) };
    if (!read_all (&reading))
        return;
    body->result = HTTP1_BODY_END;
    body->used = bytes.length - reading.rest.length;
}

void
plain_body_clear (PlainBody *body)
{
    g_string_free (body->data, TRUE);
    g_string_free (body->trailers, TRUE);
}
