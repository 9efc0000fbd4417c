/* SPDX-License-Identifier: MIT */

#include "text-uri.h"

#include <h3/format/address.h>

#define SUB_DELIMS "!$&'()*+,;="
#define PCHAR      SUB_DELIMS ":@"

/* Whether all are unreserved characters, escapes, or one of `more`. */
static gboolean
is_made_of (H3View text, const char *more)
{
    for (gsize i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~", c) != NULL))
            continue;
        if (c == '%' && i + 2 < text.length && g_ascii_isxdigit (text.data[i + 1])
            && g_ascii_isxdigit (text.data[i + 2]))
            continue;
        if (c == '\0' || strchr (more, c) == NULL)
            return FALSE;
    }
    return TRUE;
}

/* Takes what stands before the first of `ends` off the front. */
static H3View
take_until (H3View *text, const char *ends)
{
    H3View part;
    gsize n = 0;

    while (n < text->length && (text->data[n] == '\0' || strchr (ends, text->data[n]) == NULL))
        n++;
    part = h3_view (text->data, n);
    *text = h3_view (text->data + n, text->length - n);
    return part;
}

/* RFC 3986 §3.2.2: what stands in brackets; no zone. */
static gboolean
is_literal (H3View text)
{
    H3Address address;
    H3View version;

    if (text.length == 0 || (text.data[0] != 'v' && text.data[0] != 'V'))
        return h3_address_parse (text, &address) && address.family == H3_ADDRESS_IPV6
               && address.scope == 0;
    text = h3_view (text.data + 1, text.length - 1);
    version = take_until (&text, ".");
    for (gsize i = 0; i < version.length; i++) {
        if (!g_ascii_isxdigit (version.data[i]))
            return FALSE;
    }
    text = h3_view (text.data + 1, text.length > 0 ? text.length - 1 : 0);
    return version.length > 0 && text.length > 0 && h3_view_find (text, '%') < 0
           && is_made_of (text, SUB_DELIMS ":");
}

static gboolean
is_port (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isdigit (text.data[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_authority (H3View text)
{
    gssize at = h3_view_find (text, '@');
    H3View host;

    if (at >= 0) {
        if (!is_made_of (h3_view (text.data, (gsize) at), SUB_DELIMS ":"))
            return FALSE;
        text = h3_view (text.data + at + 1, text.length - (gsize) at - 1);
    }
    if (text.length > 0 && text.data[0] == '[') {
        text = h3_view (text.data + 1, text.length - 1);
        host = take_until (&text, "]");
        if (text.length == 0 || !is_literal (host))
            return FALSE;
        text = h3_view (text.data + 1, text.length - 1);
    } else {
        host = take_until (&text, ":");
        if (!is_made_of (host, SUB_DELIMS))
            return FALSE;
    }
    return text.length == 0
           || (text.data[0] == ':' && is_port (h3_view (text.data + 1, text.length - 1)));
}

/* What follows the scheme; `may_have_colon`: in its first segment. */
static gboolean
is_rest (H3View text, gboolean may_have_colon)
{
    H3View path;

    if (h3_view_starts_with (text, H3_VIEW ("//"))) {
        text = h3_view (text.data + 2, text.length - 2);
        if (!is_authority (take_until (&text, "/?#")))
            return FALSE;
        may_have_colon = TRUE;
    }
    path = take_until (&text, "?#");
    if (!is_made_of (path, PCHAR "/"))
        return FALSE;
    if (!may_have_colon && h3_view_find (take_until (&path, "/"), ':') >= 0)
        return FALSE;
    if (text.length > 0 && text.data[0] == '?') {
        text = h3_view (text.data + 1, text.length - 1);
        if (!is_made_of (take_until (&text, "#"), PCHAR "/?"))
            return FALSE;
    }
    return text.length == 0 || is_made_of (h3_view (text.data + 1, text.length - 1), PCHAR "/?");
}

gboolean
text_is_uri (H3View text)
{
    H3View scheme = take_until (&text, ":");

    if (text.length == 0 || scheme.length == 0 || !g_ascii_isalpha (scheme.data[0]))
        return FALSE;
    for (gsize i = 0; i < scheme.length; i++) {
        char c = scheme.data[i];

        if (!g_ascii_isalnum (c) && c != '+' && c != '-' && c != '.')
            return FALSE;
    }
    return is_rest (h3_view (text.data + 1, text.length - 1), TRUE);
}

gboolean
text_is_uri_reference (H3View text)
{
    return text_is_uri (text) || is_rest (text, FALSE);
}
