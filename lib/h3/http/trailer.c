/* SPDX-License-Identifier: MIT */

#include "trailer.h"

/* RFC 9110 §6.5.1: framing, routing, authentication, request modifiers, response control and what
 * says how the content is to be read; a "-" at the end stands for all that begins so. */
static const char *const forbidden[] = {
    "Age",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Location",
    "Content-Range",
    "Content-Type",
    "Cookie",
    "Date",
    "Expect",
    "Expires",
    "Forwarded",
    "Host",
    "HTTP2-Settings",
    "If-",
    "Keep-Alive",
    "Location",
    "Max-Forwards",
    "Origin",
    "Pragma",
    "Proxy-",
    "Range",
    "Retry-After",
    "Sec-",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Vary",
    "Via",
    "Warning",
    "WWW-Authenticate",
    "X-Forwarded-",
    "X-Real-IP",
};

gboolean
trailer_is_allowed (H3View name)
{
    for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++) {
        H3View other = h3_view_of (forbidden[i]);

        if (other.data[other.length - 1] == '-' && name.length > other.length) {
            if (h3_view_equal_ignore_case (h3_view (name.data, other.length), other))
                return FALSE;
        } else if (h3_view_equal_ignore_case (name, other)) {
            return FALSE;
        }
    }
    return TRUE;
}

Trailers *
trailers_new (void)
{
    Trailers *trailers = g_new (Trailers, 1);

    trailers->declared = h3_headers_new ();
    trailers->fields = h3_headers_new ();
    return trailers;
}

void
trailers_free (Trailers *trailers)
{
    if (trailers == NULL)
        return;
    h3_headers_unref (trailers->declared);
    h3_headers_unref (trailers->fields);
    g_free (trailers);
}

gboolean
trailers_declare (Trailers *trailers, const char *name)
{
    if (!trailer_is_allowed (h3_view_of (name))) {
        g_critical ("%s cannot be a trailer field", name);
        return FALSE;
    }
    return h3_headers_set (trailers->declared, name, "");
}

gboolean
trailers_set (Trailers *trailers, const char *name, const char *value)
{
    if (!h3_headers_has (trailers->declared, name)) {
        g_critical ("the trailer field %s was not declared before the head", name);
        return FALSE;
    }
    return h3_headers_set (trailers->fields, name, value);
}
