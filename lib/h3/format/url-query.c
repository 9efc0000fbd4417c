/* SPDX-License-Identifier: MIT */

#include "percent.h"
#include "query.h"
#include "url.h"

/* (transfer full) (nullable): what a part of a query means; NULL where it is malformed. */
static char *
decode (H3View part)
{
    g_autofree char *text = g_malloc (part.length + 1);
    gsize length;

    if (!h3_percent_decode_form (part, text, &length) || !g_utf8_validate (text, -1, NULL))
        return NULL;
    return g_steal_pointer (&text);
}

static gboolean
is_called (H3View part, const char *name)
{
    g_autofree char *decoded = decode (part);

    return decoded != NULL && strcmp (decoded, name) == 0;
}

char *
h3_url_dup_query_value (GUri *url, const char *name)
{
    H3View rest, part, value;

    g_return_val_if_fail (url != NULL && name != NULL, NULL);
    rest = h3_view_of (g_uri_get_query (url));
    while (h3_query_next (&rest, &part, &value)) {
        if (is_called (part, name))
            return decode (value);
    }
    return NULL;
}

/* (transfer full) (nullable): `url` with another query; an empty one is none. */
static GUri *
replace_query (GUri *url, const char *query, GError **error)
{
    g_autoptr (GUri) changed = g_uri_build_with_user (
        g_uri_get_flags (url), g_uri_get_scheme (url), g_uri_get_user (url),
        g_uri_get_password (url), NULL, g_uri_get_host (url), g_uri_get_port (url),
        g_uri_get_path (url), query[0] != '\0' ? query : NULL, g_uri_get_fragment (url));
    g_autofree char *text = g_uri_to_string (changed);

    return h3_url_parse (text, H3_URL_ALLOW_USERINFO, error);
}

GUri *
h3_url_add_query (GUri *url, const char *name, const char *value, GError **error)
{
    g_autoptr (GString) query = NULL;

    g_return_val_if_fail (url != NULL && name != NULL && value != NULL, NULL);
    query = g_string_new (g_uri_get_query (url));
    h3_query_append (query, name, value);
    return replace_query (url, query->str, error);
}

static void
append_as_it_stands (GString *query, H3View name, H3View value)
{
    if (query->len > 0)
        g_string_append_c (query, '&');
    g_string_append_len (query, name.data, (gssize) name.length);
    /* Without a value there may be no "=" either: where the next byte is in the text, it tells. */
    if (value.length > 0 || name.data[name.length] == '=')
        g_string_append_c (query, '=');
    g_string_append_len (query, value.data, (gssize) value.length);
}

GUri *
h3_url_set_query (GUri *url, const char *name, const char *value, GError **error)
{
    g_autoptr (GString) query = g_string_new (NULL);
    H3View rest, part, old;

    g_return_val_if_fail (url != NULL && name != NULL, NULL);
    rest = h3_view_of (g_uri_get_query (url));
    while (h3_query_next (&rest, &part, &old)) {
        if (!is_called (part, name)) {
            append_as_it_stands (query, part, old);
        } else if (value != NULL) {
            h3_query_append (query, name, value);
            value = NULL;
        }
    }
    if (value != NULL)
        h3_query_append (query, name, value);
    return replace_query (url, query->str, error);
}
