/* SPDX-License-Identifier: MIT */

#include "response-inside.h"

#include <h3/http/coded-stream.h>
#include <h3/http/headers-inside.h>

#include <unistd.h>

static const struct {
    guint16 status;
    const char *reason;
} reasons[] = {
    { 100, "Continue" },
    { 101, "Switching Protocols" },
    { 103, "Early Hints" },
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 203, "Non-Authoritative Information" },
    { 204, "No Content" },
    { 205, "Reset Content" },
    { 206, "Partial Content" },
    { 207, "Multi-Status" },
    { 300, "Multiple Choices" },
    { 301, "Moved Permanently" },
    { 302, "Found" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 307, "Temporary Redirect" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 402, "Payment Required" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 407, "Proxy Authentication Required" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 410, "Gone" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 416, "Range Not Satisfiable" },
    { 417, "Expectation Failed" },
    { 418, "I'm a Teapot" },
    { 421, "Misdirected Request" },
    { 422, "Unprocessable Content" },
    { 423, "Locked" },
    { 424, "Failed Dependency" },
    { 425, "Too Early" },
    { 426, "Upgrade Required" },
    { 428, "Precondition Required" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 451, "Unavailable For Legal Reasons" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" },
    { 505, "HTTP Version Not Supported" },
    { 507, "Insufficient Storage" },
    { 508, "Loop Detected" },
    { 511, "Network Authentication Required" },
};

const char *
h3_status_get_reason (guint status)
{
    for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "";
}

void
response_init (H3Response *response)
{
    memset (response, 0, sizeof *response);
    response->status = 200;
}

void
response_drop_body (H3Response *response)
{
    switch (response->body_kind) {
    case BODY_BYTES:
        g_bytes_unref (response->body.bytes);
        break;
    case BODY_FILE:
        if (response->body.file.fd >= 0)
            (void) close (response->body.file.fd);
        break;
    case BODY_PARTS:
        g_clear_pointer (&response->body.parts.bytes, g_bytes_unref);
        if (response->body.parts.fd >= 0)
            (void) close (response->body.parts.fd);
        break;
    case BODY_GENERATOR:
        if (response->body.generator.destroy != NULL)
            response->body.generator.destroy (response->body.generator.user_data);
        break;
    case BODY_STREAM:
        coded_stream_free (response->body.stream.coded);
        break;
    default:
        break;
    }
    response->body_kind = BODY_NONE;
    response->length = 0;
}

void
response_clear (H3Response *response)
{
    response_drop_body (response);
    g_clear_pointer (&response->headers, h3_headers_unref);
    g_clear_pointer (&response->always, h3_headers_unref);
    g_clear_pointer (&response->trailers, trailers_free);
    response_forget (response);
}

void
response_reset_for_error (H3Response *response)
{
    H3Headers *always = g_steal_pointer (&response->always);

    response_clear (response);
    response->headers = always;
}

guint
h3_response_get_status (const H3Response *response)
{
    g_return_val_if_fail (response != NULL, 0);
    return response->status;
}

/* The programmer is told once a change comes too late; the answer is not harmed. */
static gboolean
can_change (const H3Response *response)
{
    if (G_LIKELY (!response->is_final))
        return TRUE;
    g_warning ("the head of this answer has been sent: a change to it is ignored");
    return FALSE;
}

void
h3_response_set_status (H3Response *response, guint status)
{
    g_return_if_fail (response != NULL);
    g_return_if_fail ((status >= 200 && status <= 599) || status == 101);
    if (can_change (response))
        response->status = (guint16) status;
}

/* Framing is the wire's to decide: a program that could set it could split an answer. */
gboolean
response_is_for_the_wire (const char *name)
{
    return g_ascii_strcasecmp (name, "Content-Length") == 0
           || g_ascii_strcasecmp (name, "Transfer-Encoding") == 0
           || g_ascii_strcasecmp (name, "Connection") == 0
           || g_ascii_strcasecmp (name, "Keep-Alive") == 0
           || g_ascii_strcasecmp (name, "Trailer") == 0;
}

static gboolean
may_set (const H3Response *response, const char *name)
{
    if (response_is_for_the_wire (name)) {
        g_critical ("%s is set by the server itself, from the body and the connection", name);
        return FALSE;
    }
    return can_change (response);
}

static H3Headers *
ensure (H3Headers **headers)
{
    if (*headers == NULL)
        *headers = h3_headers_new ();
    else
        headers_own (headers);
    return *headers;
}

gboolean
h3_response_set_header (H3Response *response, const char *name, const char *value)
{
    g_return_val_if_fail (response != NULL && name != NULL && value != NULL, FALSE);
    return may_set (response, name) && h3_headers_set (ensure (&response->headers), name, value);
}

gboolean
h3_response_add_header (H3Response *response, const char *name, const char *value)
{
    g_return_val_if_fail (response != NULL && name != NULL && value != NULL, FALSE);
    return may_set (response, name) && h3_headers_add (ensure (&response->headers), name, value);
}

gboolean
h3_response_can_set_header (const H3Response *response, const char *name, const char *value)
{
    g_return_val_if_fail (response != NULL && name != NULL && value != NULL, FALSE);
    return !response->is_final && !response_is_for_the_wire (name)
           && h3_headers_is_name (h3_view_of (name)) && h3_headers_is_value (h3_view_of (value));
}

gboolean
h3_response_set_header_always (H3Response *response, const char *name, const char *value)
{
    return h3_response_set_header (response, name, value)
           && h3_headers_set (ensure (&response->always), name, value);
}

gboolean
h3_response_add_header_always (H3Response *response, const char *name, const char *value)
{
    return h3_response_add_header (response, name, value)
           && h3_headers_add (ensure (&response->always), name, value);
}

gboolean
response_declare_trailer (H3Response *response, const char *name)
{
    if (!can_change (response))
        return FALSE;
    if (response->trailers == NULL) {
        response->trailers = trailers_new ();
        (void) ensure (&response->headers);
    }
    if (h3_headers_has (response->trailers->declared, name))
        return TRUE;
    return trailers_declare (response->trailers, name)
           && h3_headers_add (ensure (&response->headers), "Trailer", name);
}

void
h3_response_add_vary (H3Response *response, const char *field)
{
    g_autofree char *all = NULL;
    g_autofree char *more = NULL;

    g_return_if_fail (response != NULL && field != NULL);
    if (response->headers != NULL)
        all = h3_headers_dup_joined (response->headers, "Vary");
    if (all == NULL) {
        h3_response_set_header_always (response, "Vary", field);
        return;
    }
    if (h3_view_list_has (h3_view_of (all), h3_view_of (field))
        || h3_view_list_has (h3_view_of (all), H3_VIEW ("*")))
        return;
    more = g_strconcat (all, ", ", field, NULL);
    h3_response_set_header_always (response, "Vary", more);
}

void
h3_response_remove_header (H3Response *response, const char *name)
{
    g_return_if_fail (response != NULL && name != NULL);
    if (!can_change (response))
        return;
    if (g_ascii_strcasecmp (name, "Content-Type") == 0)
        response->type = NULL;
    if (response->headers != NULL && h3_headers_has (response->headers, name))
        h3_headers_remove (ensure (&response->headers), name);
    if (response->always != NULL)
        h3_headers_remove (response->always, name);
}

const char *
h3_response_get_header (const H3Response *response, const char *name)
{
    const char *value = NULL;

    g_return_val_if_fail (response != NULL && name != NULL, NULL);
    if (response->headers != NULL)
        value = h3_headers_get (response->headers, name);
    if (value == NULL && g_ascii_strcasecmp (name, "Content-Type") == 0)
        value = response->type;
    return value;
}

static gboolean
take_over_field (const char *name, const char *value, gpointer response)
{
    if (strcmp (name, "Vary") == 0)
        h3_response_add_vary (response, value);
    else
        h3_response_set_header (response, name, value);
    return TRUE;
}

void
response_share_headers (H3Response *response, H3Headers *headers)
{
    if (response->headers == NULL)
        response->headers = h3_headers_ref (headers);
    else
        h3_headers_foreach (headers, take_over_field, response);
}

static gboolean
add_default_field (const char *name, const char *value, gpointer response)
{
    if (strcmp (name, "Vary") == 0)
        h3_response_add_vary (response, value);
    else if (h3_response_get_header (response, name) == NULL)
        h3_response_set_header (response, name, value);
    return TRUE;
}

void
response_add_defaults (H3Response *response, H3Headers *headers)
{
    if (response->headers == NULL)
        response->headers = h3_headers_ref (headers);
    else
        h3_headers_foreach (headers, add_default_field, response);
}

gboolean
h3_response_set_content_type (H3Response *response, const char *media_type)
{
    return h3_response_set_header (response, "Content-Type", media_type);
}

const char *
h3_response_get_content_type (const H3Response *response)
{
    return h3_response_get_header (response, "Content-Type");
}

gint64
h3_response_get_length (const H3Response *response)
{
    g_return_val_if_fail (response != NULL, 0);
    return response->length;
}

GBytes *
h3_response_get_body (const H3Response *response)
{
    g_return_val_if_fail (response != NULL, NULL);
    return response->body_kind == BODY_BYTES ? response->body.bytes : NULL;
}

void
h3_response_clear_body (H3Response *response)
{
    g_return_if_fail (response != NULL);
    if (can_change (response))
        response_drop_body (response);
}

void
h3_response_set_body_bytes (H3Response *response, GBytes *bytes)
{
    g_return_if_fail (response != NULL && bytes != NULL);
    if (!can_change (response))
        return;
    g_bytes_ref (bytes);
    response_drop_body (response);
    response->body_kind = BODY_BYTES;
    response->body.bytes = bytes;
    response->length = (gint64) g_bytes_get_size (bytes);
}

void
h3_response_set_body_text (H3Response *response, const char *text)
{
    g_autoptr (GBytes) bytes = NULL;

    g_return_if_fail (response != NULL && text != NULL);
    bytes = g_bytes_new (text, strlen (text));
    h3_response_set_body_bytes (response, bytes);
}

void
response_set_file (H3Response *response, int fd, gint64 offset, gint64 length)
{
    response_drop_body (response);
    response->body_kind = BODY_FILE;
    response->body.file.fd = fd;
    response->body.file.offset = offset;
    response->length = length;
}

void
response_set_parts (H3Response *response, const BodyPart *parts, guint n_parts, gint64 length,
                    GBytes *bytes, int fd)
{
    if (bytes != NULL)
        g_bytes_ref (bytes);
    response_drop_body (response);
    response->body_kind = BODY_PARTS;
    response->body.parts.parts = parts;
    response->body.parts.n_parts = n_parts;
    response->body.parts.bytes = bytes;
    response->body.parts.fd = fd;
    response->length = length;
}

void
response_set_generator (H3Response *response, gint64 length, BodyGenerator function,
                        gpointer user_data, GDestroyNotify destroy)
{
    response_drop_body (response);
    response->body_kind = BODY_GENERATOR;
    response->body.generator.function = function;
    response->body.generator.user_data = user_data;
    response->body.generator.destroy = destroy;
    response->length = length;
}

void
response_set_stream (H3Response *response, gint64 length)
{
    response_drop_body (response);
    response->body_kind = BODY_STREAM;
    response->body.stream.coded = NULL;
    response->length = length;
}
