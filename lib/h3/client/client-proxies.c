/* SPDX-License-Identifier: MIT */

#include "client-proxies.h"

#include "client-userinfo.h"

#include <h3/format/address.h>
#include <h3/format/authority.h>
#include <h3/format/url-inside.h>

struct _ClientProxies {
    ClientProxy *http;  /* owned; NULL: straight */
    ClientProxy *https; /* likewise */
    char *avoided;      /* owned; NULL: none is */
};

static void
free_proxy (ClientProxy *proxy)
{
    if (proxy == NULL)
        return;
    g_free (proxy->host);
    g_free (proxy->authorization);
    g_free (proxy);
}

void
client_proxies_free (ClientProxies *proxies)
{
    if (proxies == NULL)
        return;
    free_proxy (proxies->http);
    free_proxy (proxies->https);
    g_free (proxies->avoided);
    g_free (proxies);
}

static ClientProxy *
refuse (const char *from, const char *problem, GError **error)
{
    g_set_error (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL,
                 "the proxy of %s cannot be used: %s", from, problem);
    return NULL;
}

/* (transfer full) (nullable) */
static ClientProxy *
read_proxy (const char *text, const char *from, GError **error)
{
    g_autofree char *whole =
        strstr (text, "://") == NULL ? g_strconcat ("http://", text, NULL) : g_strdup (text);
    const char *problem = url_find_problem (whole, H3_URL_ALLOW_USERINFO);
    g_autoptr (GUri) url = NULL;
    g_autofree char *authorization = NULL;
    ClientProxy *proxy;
    gboolean is_wrong;

    if (problem == NULL)
        url = h3_url_parse (whole, H3_URL_ALLOW_USERINFO, NULL);
    if (url == NULL)
        return refuse (from, problem != NULL ? problem : "its URL is malformed", error);
    if (strcmp (g_uri_get_scheme (url), "http") != 0)
        return refuse (from, "proxies are reached by http:// only", error);
    if (g_uri_get_port (url) == 0)
        return refuse (from, "nobody can be reached at port 0", error);
    authorization = client_userinfo_dup_basic (url, &is_wrong);
    if (is_wrong)
        return refuse (from, "its user or password cannot be sent", error);
    proxy = g_new0 (ClientProxy, 1);
    proxy->host = g_strdup (g_uri_get_host (url));
    proxy->port = h3_url_get_port (url);
    proxy->authorization = g_steal_pointer (&authorization);
    return proxy;
}

ClientProxies *
client_proxies_new (const char *url, const char *from, GError **error)
{
    g_autoptr (ClientProxies) proxies = g_new0 (ClientProxies, 1);

    proxies->http = read_proxy (url, from, error);
    if (proxies->http == NULL)
        return NULL;
    proxies->https = read_proxy (url, from, NULL);
    return g_steal_pointer (&proxies);
}

/* (transfer full) (nullable): of the first of these variables that says something; NULL without an
 * error: none does. */
static ClientProxy *
read_variable (ClientProxiesLookup lookup, const char *const *names, GError **error)
{
    for (; *names != NULL; names++) {
        const char *text = lookup (*names);

        if (text != NULL && *text != '\0')
            return read_proxy (text, *names, error);
    }
    return NULL;
}

ClientProxies *
client_proxies_new_from_environment (ClientProxiesLookup lookup, GError **error)
{
    /* A server's environment may have the field "Proxy" of its client's request as HTTP_PROXY. */
    static const char *const http[] = { "http_proxy", "all_proxy", "ALL_PROXY", NULL };
    static const char *const https[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                         NULL };
    g_autoptr (ClientProxies) proxies = g_new0 (ClientProxies, 1);
    g_autoptr (GError) problem = NULL;
    const char *avoided = lookup ("no_proxy");

    if (avoided == NULL)
        avoided = lookup ("NO_PROXY");
    proxies->avoided = g_strdup (avoided);
    proxies->http = read_variable (lookup, http, &problem);
    if (problem == NULL)
        proxies->https = read_variable (lookup, https, &problem);
    if (problem == NULL)
        return g_steal_pointer (&proxies);
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
}

/* A name stands for itself, and for those below it. */
static gboolean
is_below (H3View host, H3View name)
{
    H3View end;

    if (name.length > 0 && name.data[0] == '.')
        name = h3_view (name.data + 1, name.length - 1);
    if (name.length == 0 || host.length < name.length)
        return FALSE;
    end = h3_view (host.data + host.length - name.length, name.length);
    return h3_view_equal_ignore_case (end, name)
           && (host.length == name.length || end.data[-1] == '.');
}

/* Takes a port off the end of `*entry`; an IPv6 address without brackets has none. */
static int
take_port (H3View *entry)
{
    H3View host;
    int port;

    if (!h3_authority_parse (*entry, &host, &port))
        return -1;
    *entry = host;
    return port;
}

static gboolean
is_meant (H3View entry, H3View host, guint16 host_port)
{
    H3AddressPrefix prefix;
    H3Address address;
    int port;

    if (h3_view_equal (entry, H3_VIEW ("*")))
        return TRUE;
    port = take_port (&entry);
    if (port >= 0 && port != host_port)
        return FALSE;
    if (!h3_address_parse (host, &address))
        return is_below (host, entry);
    return h3_address_prefix_parse (entry, &prefix)
           && h3_address_prefix_matches (&prefix, &address);
}

gboolean
client_proxies_are_avoided (const char *list, GUri *url)
{
    H3View rest = h3_view_of (list), host = h3_view_of (g_uri_get_host (url)), entry;

    while (h3_view_split (&rest, ',', &entry)) {
        if (is_meant (h3_view_trim (entry), host, h3_url_get_port (url)))
            return TRUE;
    }
    return FALSE;
}

const ClientProxy *
client_proxies_find (const ClientProxies *proxies, GUri *url)
{
    if (proxies == NULL
        || (proxies->avoided != NULL && client_proxies_are_avoided (proxies->avoided, url)))
        return NULL;
    return strcmp (g_uri_get_scheme (url), "https") == 0 ? proxies->https : proxies->http;
}
