/* SPDX-License-Identifier: MIT */

#include "client-redirect.h"

#include <h3/format/url.h>

gboolean
client_redirect_is_status (guint status)
{
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

/* (transfer full): `url` with the fragment of `from`. */
static GUri *
inherit_fragment (GUri *url, GUri *from)
{
    return g_uri_build (g_uri_get_flags (url), g_uri_get_scheme (url), NULL, g_uri_get_host (url),
                        g_uri_get_port (url), g_uri_get_path (url), g_uri_get_query (url),
                        g_uri_get_fragment (from));
}

static gboolean
refuse (GUri *from, const char *why, GError **error)
{
    g_autofree char *host = h3_url_dup_host (from);

    g_set_error (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL,
                 "%s://%s: it redirects to what is not followed: %s", g_uri_get_scheme (from), host,
                 why);
    return FALSE;
}

static gboolean
becomes_get (guint status, const char *method)
{
    if (status == 303)
        return strcmp (method, "HEAD") != 0;
    return (status == 301 || status == 302) && strcmp (method, "POST") == 0;
}

gboolean
client_redirect_read (guint status, const char *location, const char *method, GUri *from,
                      gboolean has_body, ClientRedirect *out_redirect, GError **error)
{
    g_autoptr (GUri) url = h3_url_join (from, location, H3_URL_NONE, NULL);
    ClientRedirect redirect = { .method = method, .keeps_body = has_body };

    if (url == NULL)
        return refuse (from, "no http or https URL, or one with a user or password", error);
    if (g_uri_get_port (url) == 0)
        return refuse (from, "a URL with port 0", error);
    if (becomes_get (status, method)) {
        redirect.method = "GET";
        redirect.keeps_body = FALSE;
    }
    if (redirect.keeps_body && strcmp (g_uri_get_scheme (from), "https") == 0
        && strcmp (g_uri_get_scheme (url), "https") != 0)
        return refuse (from, "a URL without TLS, for a body that was sent with it", error);
    redirect.leaves_origin = !h3_url_is_same_origin (from, url);
    redirect.url = g_uri_get_fragment (url) == NULL && g_uri_get_fragment (from) != NULL
                       ? inherit_fragment (url, from)
                       : g_steal_pointer (&url);
    *out_redirect = redirect;
    return TRUE;
}

static void
remove_all (H3Headers *headers, const char *const *names)
{
    for (; *names != NULL; names++)
        (void) h3_headers_remove (headers, *names);
}

void
client_redirect_filter (const ClientRedirect *redirect, H3Headers *headers)
{
    static const char *const of_body[] = {
        "Content-Type",        "Content-Encoding", "Content-Language", "Content-Location",
        "Content-Disposition", "Content-Range",    "Content-MD5",      "Content-Digest",
        "Repr-Digest",         "Digest",           "Last-Modified",    NULL
    };
    static const char *const secrets[] = { "Authorization",
                                           "Cookie",
                                           "Cookie2",
                                           "Proxy-Authorization",
                                           "WWW-Authenticate",
                                           "Proxy-Authenticate",
                                           "Authentication-Info",
                                           NULL };

    if (!redirect->keeps_body)
        remove_all (headers, of_body);
    if (redirect->leaves_origin)
        remove_all (headers, secrets);
}
