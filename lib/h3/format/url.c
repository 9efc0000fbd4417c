/* SPDX-License-Identifier: MIT */

#include "url-inside.h"

#include "percent-private.h"

#include <h3/format/authority.h>

#define PARSE_FLAGS (G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_SCHEME_NORMALIZE)

/* What is wrong with the characters of `text`, or NULL. */
static const char *
find_bad_character (const char *text)
{
    gsize length = strlen (text);

    if (length > H3_URL_MAX_LENGTH)
        return "it is too long";
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isgraph (text[i]) || strchr ("\"<>\\^{|}`", text[i]) != NULL)
            return "it has a character that must be escaped";
        if (text[i] == '%' && percent_read (text + i, text + length) <= 0)
            return "it has a malformed escape";
    }
    return NULL;
}

/* The part of the absolute URL `text` between `//` and what follows the authority. */
static gboolean
find_authority (const char *text, H3View *out_authority)
{
    gsize scheme = g_ascii_strncasecmp (text, "http://", 7) == 0    ? 7
                   : g_ascii_strncasecmp (text, "https://", 8) == 0 ? 8
                                                                    : 0;

    if (scheme == 0)
        return FALSE;
    *out_authority = h3_view (text + scheme, strcspn (text + scheme, "/?#"));
    return TRUE;
}

const char *
url_find_problem (const char *text, H3UrlFlags flags)
{
    const char *problem = find_bad_character (text);
    H3View authority, host;
    gssize at;
    int port;

    if (problem != NULL)
        return problem;
    if (!find_authority (text, &authority))
        return "it is not an absolute http or https URL";
    at = h3_view_find (authority, '@');
    if (at >= 0) {
        if (!(flags & H3_URL_ALLOW_USERINFO))
            return "it has a user or a password";
        authority = h3_view (authority.data + at + 1, authority.length - (gsize) at - 1);
    }
    return h3_authority_parse (authority, &host, &port) ? NULL : "its host or port cannot be";
}

static GUri *
refuse (const char *text, const char *problem, GError **error)
{
    g_autofree char *shown = g_strndup (text, 200);
    g_autofree char *escaped = g_strescape (shown, NULL);

    g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX, "the URL \"%s\" is refused: %s", escaped,
                 problem);
    return NULL;
}

GUri *
h3_url_parse (const char *text, H3UrlFlags flags, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autoptr (GUri) url = NULL;
    g_autofree char *host = NULL;
    const char *problem;

    g_return_val_if_fail (text != NULL, NULL);
    problem = url_find_problem (text, flags);
    if (problem != NULL)
        return refuse (text, problem, error);
    url = g_uri_parse (text, PARSE_FLAGS, &reason);
    if (url == NULL)
        return refuse (text, reason->message, error);
    host = g_ascii_strdown (g_uri_get_host (url), -1);
    return g_uri_build_with_user (g_uri_get_flags (url), g_uri_get_scheme (url),
                                  g_uri_get_user (url), g_uri_get_password (url), NULL, host,
                                  g_uri_get_port (url), g_uri_get_path (url), g_uri_get_query (url),
                                  g_uri_get_fragment (url));
}

GUri *
h3_url_join (GUri *base, const char *reference, H3UrlFlags flags, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autoptr (GUri) joined = NULL;
    g_autofree char *text = NULL;
    const char *problem;
    H3View authority;

    g_return_val_if_fail (base != NULL && reference != NULL, NULL);
    problem = find_bad_character (reference);
    if (problem != NULL)
        return refuse (reference, problem, error);
    /* What has an authority of its own is judged as it stands: GUri mends what we refuse. */
    if (find_authority (reference, &authority))
        return h3_url_parse (reference, flags, error);
    if (g_str_has_prefix (reference, "//")) {
        text = g_strconcat (g_uri_get_scheme (base), ":", reference, NULL);
        return h3_url_parse (text, flags, error);
    }
    joined = g_uri_parse_relative (base, reference, PARSE_FLAGS, &reason);
    if (joined == NULL)
        return refuse (reference, reason->message, error);
    /* "http:/.//x" has a scheme of its own and no authority: GUri cannot even write it. */
    if (g_uri_get_host (joined) == NULL)
        return refuse (reference, "it has a scheme and no host", error);
    text = g_uri_to_string (joined);
    return h3_url_parse (text, flags, error);
}

GUri *
h3_url_build (const char *scheme, const char *host, int port, const char *path, const char *query,
              GError **error)
{
    g_autoptr (GString) text = NULL;
    gboolean is_address;

    g_return_val_if_fail (scheme != NULL && host != NULL && path != NULL && path[0] == '/', NULL);
    g_return_val_if_fail (port >= -1 && port <= 65535, NULL);
    is_address = strchr (host, ':') != NULL;
    text = g_string_new (scheme);
    g_string_append_printf (text, is_address ? "://[%s]" : "://%s", host);
    if (port >= 0)
        g_string_append_printf (text, ":%d", port);
    if (strpbrk (host, "/?#@[]") != NULL || strpbrk (path, "?#") != NULL)
        return refuse (text->str, "a part has a character that ends it", error);
    g_string_append (text, path);
    if (query != NULL && strchr (query, '#') != NULL)
        return refuse (text->str, "a part has a character that ends it", error);
    if (query != NULL)
        g_string_append_printf (text, "?%s", query);
    return h3_url_parse (text->str, H3_URL_NONE, error);
}

guint16
h3_url_get_port (GUri *url)
{
    int port;

    g_return_val_if_fail (url != NULL, 0);
    port = g_uri_get_port (url);
    if (port >= 0)
        return (guint16) port;
    return strcmp (g_uri_get_scheme (url), "https") == 0 ? 443 : 80;
}

char *
h3_url_dup_host (GUri *url)
{
    const char *host;
    gboolean is_address, is_default;

    g_return_val_if_fail (url != NULL, NULL);
    host = g_uri_get_host (url);
    is_address = strchr (host, ':') != NULL;
    is_default =
        h3_url_get_port (url) == (strcmp (g_uri_get_scheme (url), "https") == 0 ? 443 : 80);
    if (is_default)
        return g_strdup_printf (is_address ? "[%s]" : "%s", host);
    return g_strdup_printf (is_address ? "[%s]:%u" : "%s:%u", host, h3_url_get_port (url));
}

char *
h3_url_dup_target (GUri *url)
{
    const char *path, *query;

    g_return_val_if_fail (url != NULL, NULL);
    path = g_uri_get_path (url);
    query = g_uri_get_query (url);
    return g_strconcat (*path != '\0' ? path : "/", query != NULL ? "?" : NULL, query, NULL);
}

gboolean
h3_url_is_same_origin (GUri *a, GUri *b)
{
    g_return_val_if_fail (a != NULL && b != NULL, FALSE);
    return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
           && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
           && h3_url_get_port (a) == h3_url_get_port (b);
}
