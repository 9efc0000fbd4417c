/* SPDX-License-Identifier: MIT */

#include "upstreams-private.h"

#include <h3/base/error.h>
#include <h3/base/sip-hash.h>
#include <h3/format/url.h>
#include <h3/client/client-peer.h>

#include <string.h>
#include <sys/un.h>

/* A URL with a user is not told: there may be a password in it. */
static gboolean
refuse (const char *url, GError **error, H3Error code, const char *why)
{
    g_set_error (error, H3_ERROR, (int) code, "the upstream '%s': %s",
                 strchr (url, '@') == NULL || g_str_has_prefix (url, "http+unix:") ? url : "…",
                 why);
    return FALSE;
}

static gboolean
read_unix (Upstream *upstream, const char *url, GError **error)
{
    g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
    const char *path = uri != NULL ? g_uri_get_path (uri) : "";
    const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

    if ((host != NULL && *host != '\0') || (*path != '/' && *path != '@') || path[1] == '\0'
        || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
        return refuse (url, error, H3_ERROR_INVALID,
                       "http+unix: is followed by an absolute path, as in http+unix:/run/app.sock");
    if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
        return refuse (url, error, H3_ERROR_INVALID, "the path of its socket is too long");
    upstream->unix_path = g_strdup (path);
    upstream->name = g_strdup ("localhost");
    upstream->host = g_strdup ("localhost");
    return TRUE;
}

static gboolean
read_host (Upstream *upstream, const char *url, GError **error)
{
    g_autoptr (GError) why = NULL;
    g_autoptr (GUri) uri = h3_url_parse (url, H3_URL_NONE, &why);

    if (uri == NULL)
        return refuse (url, error, H3_ERROR_INVALID,
                       strchr (url, '@') != NULL ? "it has a user or a password" : why->message);
    if (strcmp (g_uri_get_path (uri), "/") != 0 || g_uri_get_query (uri) != NULL
        || g_uri_get_fragment (uri) != NULL)
        return refuse (url, error, H3_ERROR_INVALID,
                       "it ends behind the host and the port; what requests ask for follows from "
                       "them");
    if (h3_url_get_port (uri) == 0)
        return refuse (url, error, H3_ERROR_INVALID, "no server listens on port 0");
    upstream->is_secure = strcmp (g_uri_get_scheme (uri), "https") == 0;
    upstream->name = g_strdup (g_uri_get_host (uri));
    upstream->host = h3_url_dup_host (uri);
    upstream->port = h3_url_get_port (uri);
    return TRUE;
}

/* What it is, in one spelling. */
static char *
dup_identity (const Upstream *upstream)
{
    if (upstream->unix_path != NULL)
        return g_strconcat ("unix ", upstream->unix_path, NULL);
    return g_strdup_printf ("%s %s %u", upstream->is_secure ? "https" : "http", upstream->name,
                            upstream->port);
}

static gboolean
is_there (const H3Upstreams *upstreams, const Upstream *upstream)
{
    g_autofree char *identity = dup_identity (upstream);

    for (guint i = 0; i < upstreams->servers->len; i++) {
        g_autofree char *other = dup_identity (upstreams_get (upstreams, i));

        if (strcmp (identity, other) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
read_url (const H3Upstreams *upstreams, Upstream *upstream, GError **error)
{
    const char *url = upstream->url;

    if (!(g_str_has_prefix (url, "http+unix:") ? read_unix (upstream, url, error)
                                               : read_host (upstream, url, error)))
        return FALSE;
    if (is_there (upstreams, upstream))
        return refuse (url, error, H3_ERROR_EXISTS, "it is in the set already");
    return TRUE;
}

void
upstream_free (gpointer data)
{
    Upstream *upstream = data;

    client_peer_unref (upstream->check_peer);
    client_peer_unref (upstream->peer);
    breaker_clear (&upstream->breaker);
    g_free (upstream->unix_path);
    g_free (upstream->name);
    g_free (upstream->host);
    g_free (upstream->url);
    g_free (upstream);
}

Upstream *
upstream_new (H3Upstreams *upstreams, const char *url, guint weight, GError **error)
{
    Upstream *upstream;

    if (weight < 1 || weight > H3_UPSTREAMS_MAX_WEIGHT) {
        (void) refuse (url, error, H3_ERROR_INVALID, "its weight is 1 to 1000");
        return NULL;
    }
    if (upstreams->servers->len == H3_UPSTREAMS_MAX) {
        (void) refuse (url, error, H3_ERROR_LIMIT, "a set has 256 servers at most");
        return NULL;
    }
    upstream = g_new0 (Upstream, 1);
    upstream->set = upstreams;
    upstream->url = g_strdup (url);
    upstream->weight = weight;
    breaker_init (&upstream->breaker);
    if (!read_url (upstreams, upstream, error)) {
        upstream_free (upstream);
        return NULL;
    }
    return upstream;
}

void
upstream_settle (Upstream *upstream)
{
    g_autofree char *identity = dup_identity (upstream);

    upstream->seed = sip_hash_1_3 (upstream->set->hash_key, identity, strlen (identity), FALSE);
}
