/* SPDX-License-Identifier: MIT */

#include "proxy-target.h"

#include <h3/format/authority.h>

/* pchar and "/" (RFC 3986 §3.3), and the "%" of the escapes a canonical path still has. */
static gboolean
stands_for_itself (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~!$&'()*+,;=:@/%", c) != NULL);
}

/* Whether the last three bytes are an escape. */
static gboolean
ends_in_escape (const char *text, gsize length)
{
    return length >= 3 && text[length - 3] == '%' && g_ascii_isxdigit (text[length - 2])
           && g_ascii_isxdigit (text[length - 1]);
}

/* Decodes what can be decoded, and what that makes in turn; returns how much is left. Each byte is
 * looked at once, however often a client escaped its escapes. */
static gsize
decode_wholly (char *text, gsize length)
{
    gsize to = 0;

    for (gsize at = 0; at < length; at++) {
        text[to++] = text[at];
        while (ends_in_escape (text, to)) {
            to -= 2;
            text[to - 1] =
                (char) (g_ascii_xdigit_value (text[to]) * 16 + g_ascii_xdigit_value (text[to + 1]));
        }
    }
    return to;
}

/* "." and "..", with or without something behind a ";" or a NUL, which some servers cut off. */
static gboolean
is_dot_segment (H3View segment)
{
    gsize dots = 0;

    while (dots < segment.length && segment.data[dots] == '.')
        dots++;
    return (dots == 1 || dots == 2)
           && (dots == segment.length || segment.data[dots] == ';' || segment.data[dots] == '\0');
}

static gboolean
has_dot_segment (const char *text, gsize length)
{
    gsize start = 0;

    for (gsize i = 0; i <= length; i++) {
        if (i < length && text[i] != '/' && text[i] != '\\')
            continue;
        if (is_dot_segment (h3_view (text + start, i - start)))
            return TRUE;
        start = i + 1;
    }
    return FALSE;
}

gboolean
proxy_target_is_sound (H3View path)
{
    g_autofree char *copy = NULL;

    if (h3_view_find (path, '%') < 0)
        return !has_dot_segment (path.data, path.length);
    copy = g_memdup2 (path.data, path.length);
    return !has_dot_segment (copy, decode_wholly (copy, path.length));
}

/* Whether `path` is `prefix` or lies below it, by whole segments; then what stands behind it. */
static gboolean
take_prefix (H3View path, H3View prefix, H3View *out_rest)
{
    if (!h3_view_starts_with (path, prefix)
        || (path.length > prefix.length && path.data[prefix.length] != '/'))
        return FALSE;
    *out_rest = h3_view (path.data + prefix.length, path.length - prefix.length);
    return TRUE;
}

/* One slash in the place of those that begin `rest`: with two a host would begin. */
static H3View
trim_slashes (H3View rest)
{
    while (rest.length > 1 && rest.data[0] == '/' && rest.data[1] == '/') {
        rest.data++;
        rest.length--;
    }
    return rest;
}

static void
append_escaped (GString *out, H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (stands_for_itself (text.data[i]))
            g_string_append_c (out, text.data[i]);
        else
            g_string_append_printf (out, "%%%02X", (guint) (guchar) text.data[i]);
    }
}

gboolean
proxy_target_write (const ProxyPaths *paths, H3View path, H3View query, GString *out)
{
    H3View rest;

    if (!take_prefix (path, paths->from, &rest))
        return FALSE;
    rest = trim_slashes (rest);
    g_string_append_len (out, paths->to.data, (gssize) paths->to.length);
    append_escaped (out, rest);
    if (out->len == 0)
        g_string_append_c (out, '/');
    if (query.data != NULL) {
        g_string_append_c (out, '?');
        g_string_append_len (out, query.data, (gssize) query.length);
    }
    return TRUE;
}

static int
get_port (int port, gboolean is_secure)
{
    if (port >= 0)
        return port;
    return is_secure ? 443 : 80;
}

static gboolean
is_same_place (const ProxyPlace *place, gboolean is_secure, H3View authority)
{
    gboolean own_is_secure = h3_view_equal (place->scheme, H3_VIEW ("https"));
    H3View host, own_host;
    int port, own_port;

    return is_secure == own_is_secure && h3_authority_parse (authority, &host, &port)
           && h3_authority_parse (place->host, &own_host, &own_port)
           && h3_view_equal_ignore_case (host, own_host)
           && get_port (port, is_secure) == get_port (own_port, own_is_secure);
}

/* The length of what stands before `text`'s path, query or fragment. */
static gsize
measure_authority (H3View text)
{
    gsize length = 0;

    while (length < text.length && strchr ("/?#\\", text.data[length]) == NULL)
        length++;
    return length;
}

static gboolean
starts_with_scheme (H3View text, H3View scheme)
{
    return text.length >= scheme.length
           && h3_view_equal_ignore_case (h3_view (text.data, scheme.length), scheme);
}

/* What follows the authority, where that is the server's. A text without one is of the server. */
static gboolean
find_local_part (const ProxyPlace *place, H3View text, H3View *out_rest)
{
    gboolean is_secure = starts_with_scheme (text, H3_VIEW ("https://"));
    gsize start = is_secure ? 8 : 7;
    gsize end;

    *out_rest = text;
    if (!is_secure && !starts_with_scheme (text, H3_VIEW ("http://"))) {
        if (text.length < 2 || text.data[0] != '/' || (text.data[1] != '/' && text.data[1] != '\\'))
            return text.length > 0 && text.data[0] == '/';
        start = 2;
        is_secure = h3_view_equal (place->scheme, H3_VIEW ("https"));
    }
    end = start + measure_authority (h3_view (text.data + start, text.length - start));
    *out_rest = h3_view (text.data + end, text.length - end);
    return is_same_place (place, is_secure, h3_view (text.data + start, end - start));
}

/* What is before query and fragment, and those. */
static void
split_path (H3View text, H3View *out_path, H3View *out_rest)
{
    gsize length = 0;

    while (length < text.length && text.data[length] != '?' && text.data[length] != '#')
        length++;
    *out_path = h3_view (text.data, length);
    *out_rest = h3_view (text.data + length, text.length - length);
}

/* "/b/x" there as "/a/x" here, never beginning with two slashes: those would name a host. */
static gboolean
map_path (const ProxyPaths *paths, H3View path, GString *out)
{
    H3View rest;

    if (!take_prefix (path, paths->to, &rest))
        return FALSE;
    rest = trim_slashes (rest);
    if (rest.length > 1 && rest.data[1] == '\\')
        return FALSE;
    append_escaped (out, paths->from);
    g_string_append_len (out, rest.data, (gssize) rest.length);
    if (out->len == 0)
        g_string_append_c (out, '/');
    return TRUE;
}

char *
proxy_target_map_location (const ProxyPlace *place, H3View location)
{
    g_autoptr (GString) out = NULL;
    H3View local, path, rest;

    if (!find_local_part (place, location, &local))
        return NULL;
    split_path (local, &path, &rest);
    out = g_string_new (NULL);
    if (!map_path (&place->paths, path, out))
        return NULL;
    g_string_append_len (out, rest.data, (gssize) rest.length);
    return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
names_host (const ProxyPlace *place, H3View domain)
{
    H3View host;
    int port;

    if (domain.length > 0 && domain.data[0] == '.')
        domain = h3_view (domain.data + 1, domain.length - 1);
    return h3_authority_parse (place->host, &host, &port)
           && h3_view_equal_ignore_case (host, domain);
}

/* One attribute, behind a ";". A cookie of the whole server is one of all that is seen of it; a
 * Domain that names only the server behind would have the client refuse the cookie. */
static void
append_attribute (const ProxyPlace *place, H3View part, GString *out)
{
    gssize equals = h3_view_find (part, '=');
    gsize name_length = equals >= 0 ? (gsize) equals : part.length;
    H3View name = h3_view_trim (h3_view (part.data, name_length));
    H3View value = H3_VIEW_EMPTY;
    g_autoptr (GString) path = g_string_new (NULL);

    if (equals >= 0)
        value = h3_view_trim (h3_view (part.data + equals + 1, part.length - (gsize) equals - 1));
    if (h3_view_equal_ignore_case (name, H3_VIEW ("domain")) && names_host (place, value))
        return;
    if (!h3_view_equal_ignore_case (name, H3_VIEW ("path")) || value.length == 0
        || value.data[0] != '/'
        || !map_path (&place->paths, h3_view_equal (value, H3_VIEW ("/")) ? place->paths.to : value,
                      path)) {
        g_string_append_c (out, ';');
        g_string_append_len (out, part.data, (gssize) part.length);
        return;
    }
    g_string_append_printf (out, "; Path=%s", path->str);
}

char *
proxy_target_map_cookie (const ProxyPlace *place, H3View cookie)
{
    g_autoptr (GString) out = g_string_new (NULL);
    H3View rest = cookie, part;

    (void) h3_view_split (&rest, ';', &part);
    /* Browsers take these with no other Path, and with no Domain. */
    if (part.data == NULL
        || h3_view_equal_ignore_case (h3_view (part.data, MIN (part.length, 7)),
                                      H3_VIEW ("__Host-")))
        return NULL;
    g_string_append_len (out, part.data, (gssize) part.length);
    while (h3_view_split (&rest, ';', &part))
        append_attribute (place, part, out);
    return h3_view_equal (h3_view (out->str, out->len), cookie)
               ? NULL
               : g_string_free (g_steal_pointer (&out), FALSE);
}
