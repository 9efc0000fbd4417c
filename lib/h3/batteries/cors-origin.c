/* SPDX-License-Identifier: MIT */

#include "cors-origin.h"

#include <h3/base/error.h>
#include <h3/format/address.h>
#include <h3/format/authority.h>

struct _OriginPattern {
    Origin shape;          /* its host is what stands behind "*." */
    gboolean is_wild;      /* labels stand in front of the host */
    gboolean has_any_port; /* else that of the shape */
};

static gboolean
is_scheme (H3View text)
{
    if (text.length == 0 || text.length > ORIGIN_MAX_SCHEME || !g_ascii_isalpha (text.data[0]))
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isalnum (text.data[i]) && text.data[i] != '+' && text.data[i] != '-'
            && text.data[i] != '.')
            return FALSE;
    }
    return TRUE;
}

static void
append (Origin *out, H3View text)
{
    for (gsize i = 0; i < text.length; i++)
        out->text[out->length++] = g_ascii_tolower (text.data[i]);
    out->text[out->length] = '\0';
}

/* Browsers write addresses in their canonical form; who lists one may not. */
static gboolean
append_host (Origin *out, H3View host)
{
    char text[H3_ADDRESS_TEXT_SIZE];
    H3Address address;

    out->host = out->length;
    if (h3_view_find (host, ':') < 0) {
        append (out, host);
    } else {
        if (!h3_address_parse (host, &address))
            return FALSE;
        h3_address_write (&address, text);
        append (out, H3_VIEW ("["));
        append (out, h3_view_of (text));
        append (out, H3_VIEW ("]"));
    }
    out->host_length = (guint16) (out->length - out->host);
    return TRUE;
}

static gboolean
is_own_port (const Origin *origin, int port)
{
    H3View scheme = h3_view (origin->text, origin->scheme_length);

    return port < 0 || (port == 80 && h3_view_equal (scheme, H3_VIEW ("http")))
           || (port == 443 && h3_view_equal (scheme, H3_VIEW ("https")));
}

gboolean
origin_parse (H3View text, Origin *out)
{
    gssize colon = h3_view_find (text, ':');
    H3View scheme, rest, host;
    int port;

    out->length = out->scheme_length = out->host = out->host_length = 0;
    if (h3_view_equal (text, H3_VIEW ("null"))) {
        append (out, text);
        return TRUE;
    }
    if (colon < 0)
        return FALSE;
    scheme = h3_view (text.data, (gsize) colon);
    rest = h3_view (text.data + colon, text.length - (gsize) colon);
    if (!is_scheme (scheme) || !h3_view_starts_with (rest, H3_VIEW ("://"))
        || !h3_authority_parse (h3_view (rest.data + 3, rest.length - 3), &host, &port))
        return FALSE;
    append (out, scheme);
    out->scheme_length = (guint16) scheme.length;
    append (out, H3_VIEW ("://"));
    if (!append_host (out, host))
        return FALSE;
    if (!is_own_port (out, port))
        out->length =
            (guint16) (out->length + g_snprintf (out->text + out->length, 7, ":%d", port));
    return TRUE;
}

gboolean
origin_pattern_is (const char *text)
{
    return strcmp (text, "*") != 0 && strchr (text, '*') != NULL;
}

static H3View
get_host (const Origin *origin)
{
    return h3_view (origin->text + origin->host, origin->host_length);
}

/* What follows the host: nothing, or a colon and a port. */
static H3View
get_port (const Origin *origin)
{
    gsize end = origin->host + (gsize) origin->host_length;

    return h3_view (origin->text + end, origin->length - end);
}

/* `*.org` would be half the net; but everything at localhost is one's own. */
static gboolean
is_too_wide (H3View host)
{
    return h3_view_find (host, '.') < 0 && !h3_view_equal (host, H3_VIEW ("localhost"));
}

static OriginPattern *
read_pattern (const char *text)
{
    g_autoptr (OriginPattern) pattern = g_new0 (OriginPattern, 1);
    g_autoptr (GString) plain = g_string_new (text);
    const char *at = strstr (text, "://*.");

    if (g_str_has_suffix (text, ":*")) {
        pattern->has_any_port = TRUE;
        g_string_truncate (plain, plain->len - 2);
    }
    if (at != NULL) {
        pattern->is_wild = TRUE;
        g_string_erase (plain, at - text + 3, 2);
    }
    if (strchr (plain->str, '*') != NULL
        || !origin_parse (h3_view (plain->str, plain->len), &pattern->shape)
        || pattern->shape.host_length == 0)
        return NULL;
    if (pattern->has_any_port && get_port (&pattern->shape).length > 0)
        return NULL;
    if (pattern->is_wild
        && (is_too_wide (get_host (&pattern->shape)) || *get_host (&pattern->shape).data == '.'))
        return NULL;
    return g_steal_pointer (&pattern);
}

OriginPattern *
origin_pattern_new (const char *text, GError **error)
{
    OriginPattern *pattern = read_pattern (text);

    if (pattern == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "'%s' is no pattern of origins: \"*\" stands for whole labels in front of two "
                     "others (https://*.example.org), or for any port (http://localhost:*)",
                     text);
    return pattern;
}

void
origin_pattern_free (OriginPattern *pattern)
{
    g_free (pattern);
}

/* Whether `host` is labels in front of `parent`, none of them empty. */
static gboolean
is_below (H3View host, H3View parent)
{
    H3View labels, label;

    if (host.length < parent.length + 2 || !h3_view_ends_with (host, parent)
        || host.data[host.length - parent.length - 1] != '.')
        return FALSE;
    labels = h3_view (host.data, host.length - parent.length - 1);
    while (h3_view_split (&labels, '.', &label)) {
        if (label.length == 0)
            return FALSE;
    }
    return TRUE;
}

gboolean
origin_pattern_fits (const OriginPattern *pattern, const Origin *origin)
{
    const Origin *shape = &pattern->shape;
    H3View host = get_host (origin);

    if (!h3_view_equal (h3_view (origin->text, origin->scheme_length),
                        h3_view (shape->text, shape->scheme_length)))
        return FALSE;
    if (!pattern->has_any_port && !h3_view_equal (get_port (origin), get_port (shape)))
        return FALSE;
    return pattern->is_wild ? is_below (host, get_host (shape))
                            : h3_view_equal (host, get_host (shape));
}
