/* SPDX-License-Identifier: MIT */

#include "wire-limits.h"

#include <string.h>

const WireLimitRow wire_limit_rows[N_WIRE_LIMITS] = {
    [WIRE_LIMIT_TARGET] = { "request target", "max-target", 0, 414, 0, TRUE, "414, close" },
    [WIRE_LIMIT_FIELD_LINE] = { "field line", "max-field-line", 0, 431, 0, TRUE, "431, close" },
    [WIRE_LIMIT_HEAD] = { "whole head", "max-head", 0, 431, 0, TRUE, "431, close" },
    [WIRE_LIMIT_FIELDS] = { "fields", "max-fields", 0, 431, 0, TRUE, "431, close" },
    [WIRE_LIMIT_METHOD] = { "method", NULL, 32, 400, 501, TRUE, "400, close" },
    [WIRE_LIMIT_CHUNK_DIGITS] = { "digits of a chunk size", NULL, 16, 400, 0, TRUE, "400, close" },
    [WIRE_LIMIT_CHUNK_EXTENSION] = { "extensions of a chunk", "max-chunk-extension", 0, 400, 0,
                                     TRUE, "400, close" },
    [WIRE_LIMIT_CHUNK_EXTENSIONS] = { "extensions of a message", "max-chunk-extensions", 0, 400, 0,
                                      TRUE, "400, close" },
    [WIRE_LIMIT_TRAILER_BYTES] = { "trailer section", "max-trailer-bytes", 0, 431, 0, TRUE,
                                   "431, close" },
    [WIRE_LIMIT_TRAILERS] = { "trailer fields", "max-trailers", 0, 431, 0, TRUE, "431, close" },
    [WIRE_LIMIT_BODY] = { "whole body", "max-body", 0, 413, 0, TRUE, "413, close" },
    [WIRE_LIMIT_CHUNKED_BODY] = { "whole body in chunks", "max-body", 0, 413, 0, TRUE,
                                  "413, close" },
    [WIRE_LIMIT_QUERY_FIELDS] = { "fields of a query", "max-query-fields", 0, 400, 0, FALSE,
                                  "400" },
    [WIRE_LIMIT_FORM_FIELDS] = { "fields of a form", "max-query-fields", 0, 400, 0, FALSE, "400" },
    [WIRE_LIMIT_JSON_DEPTH] = { "depth of JSON", "max-json-depth", 0, 400, 0, FALSE, "400" },
    [WIRE_LIMIT_COOKIES] = { "cookies", NULL, 100, 0, 0, FALSE, "the rest ignored", "", "" },
    [WIRE_LIMIT_COOKIE_BYTES] = { "bytes of cookies", NULL, 8192, 0, 0, FALSE, "the rest ignored",
                                  "2", "1" },
    [WIRE_LIMIT_RANGES] = { "ranges", NULL, 16, 200, 206, FALSE, "200, all of it", "", "all" },
    [WIRE_LIMIT_SEGMENTS] = { "segments of a path", NULL, 128, 404, 0, FALSE, "404" },
};

gsize
wire_limit_get (WireLimit limit, const H3Limits *limits)
{
    const WireLimitRow *row = &wire_limit_rows[limit];
    guint n;
    const H3LimitInfo *infos = h3_limits_list (&n);
    gint64 value = (gint64) row->fixed;

    for (guint i = 0; row->option != NULL && i < n; i++) {
        if (strcmp (infos[i].option, row->option) == 0)
            memcpy (&value, (const char *) limits + infos[i].offset, sizeof value);
    }
    g_assert (value > 0);
    return (gsize) value;
}

static void
append_filler (GString *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        g_string_append_c (text, "abcdefghijklmnopqrstuvwxyz"[i % 26]);
}

/* `n` times the piece, the separator between. */
static void
append_list (GString *text, const char *piece, const char *separator, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_string_append (text, i > 0 ? separator : "");
        g_string_append (text, piece);
    }
}

/* Field lines of some 1,000 bytes until `total` is the length with the blank line. */
static void
append_head_of (GString *text, gsize total)
{
    while (text->len + 2 < total) {
        gsize left = total - 2 - text->len;
        gsize line = left < 2000 ? left : 1000;

        g_string_append (text, "X: ");
        append_filler (text, line - 5);
        g_string_append (text, "\r\n");
    }
    g_string_append (text, "\r\n");
}

static void
append_fields (GString *text, WireLimit limit, gsize size)
{
    switch (limit) {
    case WIRE_LIMIT_FIELD_LINE:
        g_string_append (text, "X: ");
        append_filler (text, size - 3);
        g_string_append (text, "\r\n");
        break;
    case WIRE_LIMIT_FIELDS:
        for (gsize i = 1; i < size; i++)
            g_string_append_printf (text, "X%" G_GSIZE_FORMAT ": v\r\n", i);
        break;
    case WIRE_LIMIT_COOKIES:
        g_string_append (text, "Cookie: ");
        append_list (text, "a=b", "; ", size);
        g_string_append (text, "\r\n");
        break;
    case WIRE_LIMIT_COOKIE_BYTES: /* in two fields, since one line cannot be so long */
        g_string_append (text, "Cookie: a=");
        append_filler (text, size / 2 - 2);
        g_string_append (text, "\r\nCookie: b=");
        append_filler (text, size - size / 2 - 2 - 2);
        g_string_append (text, "\r\n");
        break;
    case WIRE_LIMIT_RANGES:
        g_string_append (text, "Range: bytes=");
        for (gsize i = 0; i < size; i++)
            g_string_append_printf (text, "%s%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT,
                                    i > 0 ? "," : "", 10 * i, 10 * i + 1);
        g_string_append (text, "\r\n");
        break;
    default:
        break;
    }
}

static void
append_line (GString *text, WireLimit limit, gsize size)
{
    if (limit == WIRE_LIMIT_METHOD) {
        append_filler (text, size);
        g_string_append (text, " /");
    } else if (limit == WIRE_LIMIT_TARGET) {
        g_string_append (text, "GET /");
        append_filler (text, size - 1);
    } else if (limit == WIRE_LIMIT_QUERY_FIELDS) {
        g_string_append (text, "GET /?");
        append_list (text, "a=b", "&", size);
    } else if (limit == WIRE_LIMIT_SEGMENTS) {
        g_string_append (text, "GET /");
        append_list (text, "a", "/", size);
    } else {
        g_string_append (text, limit == WIRE_LIMIT_COOKIES || limit == WIRE_LIMIT_COOKIE_BYTES
                                   ? "GET /cookies"
                               : limit == WIRE_LIMIT_RANGES ? "GET /ranges"
                                                            : "GET /fixed");
    }
    g_string_append (text, " HTTP/1.1\r\nHost: a\r\n");
}

static void
append_body (GString *text, const char *path, const char *type, const GString *body)
{
    g_string_append_printf (text,
                            "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n"
                            "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                            path, type, body->len);
    g_string_append_len (text, body->str, (gssize) body->len);
}

static void
append_plain_body (GString *text, WireLimit limit, gsize size)
{
    g_autoptr (GString) body = g_string_new (NULL);

    switch (limit) {
    case WIRE_LIMIT_FORM_FIELDS:
        append_list (body, "a=b", "&", size);
        append_body (text, "/form", "application/x-www-form-urlencoded", body);
        break;
    case WIRE_LIMIT_JSON_DEPTH:
        append_list (body, "[", "", size);
        append_list (body, "]", "", size);
        append_body (text, "/json", "application/json", body);
        break;
    default:
        append_filler (body, size);
        append_body (text, "/whole", "text/plain", body);
        break;
    }
}

/* A chunk of one byte with so much of extensions. */
static void
append_extended_chunk (GString *text, gsize size)
{
    g_string_append (text, "1;");
    append_filler (text, size - 1);
    g_string_append (text, "\r\nx\r\n");
}

/* No chunk has more than one may have. */
static void
append_extended_chunks (GString *text, gsize size)
{
    for (; size > 400; size -= 200)
        append_extended_chunk (text, 200);
    append_extended_chunk (text, size / 2);
    append_extended_chunk (text, size - size / 2);
}

static void
append_chunks (GString *text, WireLimit limit, gsize size)
{
    g_string_append (text, "POST /whole HTTP/1.1\r\nHost: a\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n");
    switch (limit) {
    case WIRE_LIMIT_CHUNK_DIGITS:
        append_list (text, "0", "", size - 1);
        g_string_append (text, "1\r\nx\r\n0\r\n\r\n");
        break;
    case WIRE_LIMIT_CHUNK_EXTENSION:
        append_extended_chunk (text, size);
        g_string_append (text, "0\r\n\r\n");
        break;
    case WIRE_LIMIT_CHUNK_EXTENSIONS:
        append_extended_chunks (text, size);
        g_string_append (text, "0\r\n\r\n");
        break;
    case WIRE_LIMIT_TRAILER_BYTES:
        g_string_append (text, "0\r\nZ: ");
        append_filler (text, size - 5);
        g_string_append (text, "\r\n\r\n");
        break;
    case WIRE_LIMIT_TRAILERS:
        g_string_append (text, "0\r\n");
        append_list (text, "Z: v\r\n", "", size);
        g_string_append (text, "\r\n");
        break;
    default: /* in two chunks */
        g_string_append (text, "1\r\nx\r\n");
        g_string_append_printf (text, "%" G_GINT64_MODIFIER "x\r\n", (guint64) size - 1);
        append_filler (text, size - 1);
        g_string_append (text, "\r\n0\r\n\r\n");
        break;
    }
}

GString *
wire_limit_build (WireLimit limit, gsize size)
{
    GString *text = g_string_new (NULL);

    switch (limit) {
    case WIRE_LIMIT_CHUNK_DIGITS:
    case WIRE_LIMIT_CHUNK_EXTENSION:
    case WIRE_LIMIT_CHUNK_EXTENSIONS:
    case WIRE_LIMIT_TRAILER_BYTES:
    case WIRE_LIMIT_TRAILERS:
    case WIRE_LIMIT_CHUNKED_BODY:
        append_chunks (text, limit, size);
        break;
    case WIRE_LIMIT_BODY:
    case WIRE_LIMIT_FORM_FIELDS:
    case WIRE_LIMIT_JSON_DEPTH:
        append_plain_body (text, limit, size);
        break;
    default:
        append_line (text, limit, size);
        append_fields (text, limit, size);
        if (limit == WIRE_LIMIT_HEAD)
            append_head_of (text, size);
        else
            g_string_append (text, "\r\n");
        break;
    }
    return text;
}
