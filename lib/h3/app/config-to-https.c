/* SPDX-License-Identifier: MIT
 *
 * [to-https]: who comes without TLS is sent to where it is spoken. */

#include "config-shapes.h"

#include "app-private.h"

#include <h3/format/authority.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>
#include <h3/route/chain-inside.h>

#include <string.h>

/* Of https. */
#define STANDARD_PORT 443

typedef struct {
    guint port, status;
    GPtrArray *except; /* owned: char *, prefixes as the chain compares them */
} ToHttps;

static void
free_to_https (gpointer data)
{
    ToHttps *way = data;

    g_ptr_array_unref (way->except);
    g_free (way);
}

static gboolean
is_excepted (const ToHttps *way, H3View path)
{
    for (guint i = 0; i < way->except->len; i++) {
        if (chain_prefix_has (way->except->pdata[i], path))
            return TRUE;
    }
    return FALSE;
}

/* Path and query as they were sent: decoded they might mean another. */
static const char *
find_path (const char *target)
{
    const char *host = target[0] != '/' ? strstr (target, "://") : NULL;

    return host != NULL ? host + strlen ("://") + strcspn (host + strlen ("://"), "/?") : target;
}

/* (transfer full) (nullable): the same under https; NULL: for no host. */
static char *
dup_location (H3Event *event, const ToHttps *way)
{
    const char *path = find_path (h3_request_get_target (h3_event_get_request (event)));
    g_autoptr (GString) location = g_string_new ("https://");
    H3View host;
    int port;

    if (!h3_authority_parse (h3_view_of (h3_event_get_host (event)), &host, &port))
        return NULL;
    g_string_append_printf (location,
                            memchr (host.data, ':', host.length) != NULL ? "[%.*s]" : "%.*s",
                            H3_VIEW_ARGS (host));
    if (way->port != STANDARD_PORT)
        g_string_append_printf (location, ":%u", way->port);
    if (path[0] != '/')
        g_string_append_c (location, '/');
    /* That of a whole server, "*", has none. */
    if (path[0] == '/' || path[0] == '?')
        g_string_append (location, path);
    return g_strdup (location->str);
}

static void
send_on (H3Event *event, gpointer data)
{
    const ToHttps *way = data;
    const char *path = h3_request_get_path (h3_event_get_request (event));
    g_autofree char *location = NULL;

    if (strcmp (h3_event_get_scheme (event), "https") == 0
        || is_excepted (way, h3_view_of (path))) {
        h3_event_next (event);
        return;
    }
    location = dup_location (event, way);
    if (location != NULL)
        h3_event_redirect (event, way->status, location);
    else
        h3_event_fail_status (event, 400, "A request without TLS has to say for which host it is.");
}

/* Behind a proxy that speaks TLS it is the proxy that says so. */
static void
check_somebody_speaks_tls (ConfigBuild *build, const ConfigGroup *group)
{
    const ConfigGroup *server = config_document_find (build->document, "server", NULL);

    if (build->n_secure == 0 && (server == NULL || !config_group_has (server, "trusted-proxies")))
        config_build_tell (build, group, NULL,
                           "TLS is spoken nowhere: give a [certificate NAME], or name "
                           "trusted-proxies in [server]");
}

static void
apply_to_https (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *const *except = config_group_get_list (group, "except");
    ToHttps *way = g_new0 (ToHttps, 1);
    H3Middleware *middleware;

    way->port = (guint) config_group_get_number (group, "port");
    way->status = (guint) g_ascii_strtoull (config_group_get_text (group, "status"), NULL, 10);
    way->except = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; except != NULL && except[i] != NULL; i++) {
        if (config_build_check_prefix (build, group, "except", except[i]))
            g_ptr_array_add (way->except, app_prefix_to_path (except[i]));
    }
    check_somebody_speaks_tls (build, group);
    middleware = h3_middleware_new (send_on, way, free_to_https);
    h3_middleware_set_early (middleware, TRUE);
    config_build_use (build, group, middleware);
}

static const ConfigKey to_https_keys[] = {
    CONFIG_PATH_KEY,
    { "port", CONFIG_NUMBER, 0, 1, 65535, "443", NULL, NULL, "where TLS is spoken" },
    { "status", CONFIG_CHOICE, 0, 0, 0, "308", "301 302 303 307 308", NULL,
      "of the answer: 308 and 307 keep the method, 301 and 308 are remembered" },
    { "except", CONFIG_LIST, CONFIG_MAY_BE_EMPTY, 0, 0, "/.well-known/acme-challenge", NULL, NULL,
      "what is served without TLS too, with all below it: what a certificate is given for; empty: "
      "nothing" },
};

const ConfigShape config_shape_to_https = {
    .name = "to-https",
    .what = "who comes without TLS is sent to the same address with https",
    CONFIG_KEYS (to_https_keys),
    .apply = apply_to_https,
    .phases = 1 << CONFIG_PHASE_FIELDS
};
