/* SPDX-License-Identifier: MIT */

#include "http1-request-writer.h"

#include <h3/base/bytes.h>
#include <h3/format/authority.h>
#include <h3/wire/http1-lint-private.h>

/* Names, ends of lines and numbers of what is written beside the parts of the request. */
#define FIXED_ROOM 256

/* Those that say where the message ends, whom it is for and what becomes of the connection:
 * whoever forwards a request would pass on what was meant for itself (RFC 9110 §7.6.1). */
#define NAME(literal)                                                                              \
    {                                                                                              \
        literal, sizeof (literal) - 1                                                              \
    }
static const H3View own[] = {
    NAME ("Connection"),     NAME ("Content-Length"),    NAME ("Expect"),           NAME ("Host"),
    NAME ("HTTP2-Settings"), NAME ("Keep-Alive"),        NAME ("Proxy-Connection"), NAME ("TE"),
    NAME ("Trailer"),        NAME ("Transfer-Encoding"), NAME ("Upgrade"),
};

static inline char *
put (char *out, H3View text)
{
    bytes_copy (out, text.data, text.length);
    return out + text.length;
}

static char *
put_line (char *out, H3View name, H3View value)
{
    out = put (out, name);
    out = put (out, H3_VIEW (": "));
    out = put (out, value);
    return put (out, H3_VIEW ("\r\n"));
}

static gboolean
is_token (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!IS_TOKEN (text.data[i]))
            return FALSE;
    }
    return text.length > 0;
}

/* Bytes of a target only, every '%' of them begins an escape, and none of those is NUL. */
static gboolean
is_target_text (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!IS_TARGET (text.data[i]))
            return FALSE;
        if (text.data[i] == '%'
            && (text.length - i < 3 || !g_ascii_isxdigit (text.data[i + 1])
                || !g_ascii_isxdigit (text.data[i + 2])
                || (text.data[i + 1] == '0' && text.data[i + 2] == '0')))
            return FALSE;
    }
    return text.length > 0;
}

/* "http://host/path" with `host` as it stands in Host (RFC 9112 §3.2.2). */
static gboolean
is_absolute (H3View target, H3View host)
{
    H3View start = H3_VIEW ("http://");
    H3View rest;

    if (!h3_view_starts_with (target, start))
        start = H3_VIEW ("https://");
    if (!h3_view_starts_with (target, start))
        return FALSE;
    rest = h3_view (target.data + start.length, target.length - start.length);
    return h3_view_starts_with (rest, host)
           && (rest.length == host.length || rest.data[host.length] == '/'
               || rest.data[host.length] == '?');
}

/* RFC 9112 §3.2: which form goes with which method. */
static gboolean
is_target (const Http1RequestHead *head, int port)
{
    if (h3_view_equal (head->method, H3_VIEW ("CONNECT")))
        return port >= 0 && h3_view_equal (head->target, head->host);
    if (h3_view_equal (head->target, H3_VIEW ("*")))
        return h3_view_equal (head->method, H3_VIEW ("OPTIONS"));
    return is_target_text (head->target)
           && (head->target.data[0] == '/' || is_absolute (head->target, head->host));
}

static gboolean
count_value (const char *name, const char *value, gpointer user_data)
{
    guint *n = user_data;

    (void) name;
    (void) value;
    return ++*n < 2;
}

/* It is no list: a sender writes it once (RFC 9110 §5.3), and our own reader refuses a second. */
static gboolean
has_two_types (const H3Headers *headers)
{
    guint n = 0;

    if (headers != NULL)
        h3_headers_foreach_value (headers, "Content-Type", count_value, &n);
    return n > 1;
}

static gboolean
may_be_sent (const Http1RequestHead *head)
{
    H3View name;
    int port;

    return is_token (head->method) && head->method.length <= HTTP1_MAX_METHOD
           && h3_authority_parse (head->host, &name, &port) && is_target (head, port)
           && head->framing != FRAMING_CLOSE && head->length <= G_MAXINT64
           && (head->upgrade.length == 0 || is_token (head->upgrade))
           && h3_headers_is_value (head->proxy_credentials) && !has_two_types (head->headers);
}

static gboolean
is_own (H3View name)
{
    for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
        if (name.length == own[i].length && h3_view_equal_ignore_case (name, own[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_left_out (const Http1RequestHead *head, H3View name)
{
    return is_own (name)
           || (head->proxy_credentials.length > 0
               && h3_view_equal_ignore_case (name, H3_VIEW ("Proxy-Authorization")));
}

typedef struct {
    const Http1RequestHead *head;
    char *out;
} Writing;

static gboolean
put_field (const char *name, const char *value, gpointer user_data)
{
    Writing *writing = user_data;
    H3View view = h3_view_of (name);

    if (!is_left_out (writing->head, view))
        writing->out = put_line (writing->out, view, h3_view_of (value));
    return TRUE;
}

/* Whether a request of this method is expected to have a body (RFC 9110 §8.6). */
static gboolean
has_body_method (H3View method)
{
    return h3_view_equal (method, H3_VIEW ("POST")) || h3_view_equal (method, H3_VIEW ("PUT"))
           || h3_view_equal (method, H3_VIEW ("PATCH"));
}

static char *
put_framing (char *out, const Http1RequestHead *head)
{
    char digits[24];

    if (head->framing == FRAMING_CHUNKED)
        return put (out, H3_VIEW ("Transfer-Encoding: chunked\r\n"));
    if (head->framing == FRAMING_NONE)
        return has_body_method (head->method) ? put (out, H3_VIEW ("Content-Length: 0\r\n")) : out;
    g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, head->length);
    return put_line (out, H3_VIEW ("Content-Length"), h3_view_of (digits));
}

static char *
put_connection (char *out, const Http1RequestHead *head)
{
    if (head->upgrade.length > 0) {
        out = put (out, H3_VIEW ("Connection: Upgrade\r\n"));
        out = put_line (out, H3_VIEW ("Upgrade"), head->upgrade);
    } else if (head->close) {
        out = put (out, H3_VIEW ("Connection: close\r\n"));
    }
    if (head->expects_continue)
        out = put (out, H3_VIEW ("Expect: 100-continue\r\n"));
    return out;
}

gboolean
http1_request_writer_is_own (const char *name)
{
    return is_own (h3_view_of (name));
}

gsize
http1_request_writer_measure (const Http1RequestHead *head)
{
    if (!may_be_sent (head))
        return 0;
    return FIXED_ROOM + head->method.length + head->target.length + head->host.length
           + head->upgrade.length + head->proxy_credentials.length
           + http1_writer_measure_headers (head->headers);
}

gsize
http1_request_writer_write (const Http1RequestHead *head, char *out)
{
    Writing writing = { head, out };

    writing.out = put (writing.out, head->method);
    *writing.out++ = ' ';
    writing.out = put (writing.out, head->target);
    writing.out = put (writing.out, H3_VIEW (" HTTP/1.1\r\n"));
    writing.out = put_line (writing.out, H3_VIEW ("Host"), head->host);
    if (head->proxy_credentials.length > 0)
        writing.out =
            put_line (writing.out, H3_VIEW ("Proxy-Authorization"), head->proxy_credentials);
    if (head->headers != NULL)
        h3_headers_foreach (head->headers, put_field, &writing);
    writing.out = put_framing (writing.out, head);
    writing.out = put_connection (writing.out, head);
    writing.out = put (writing.out, H3_VIEW ("\r\n"));
    return (gsize) (writing.out - out);
}
