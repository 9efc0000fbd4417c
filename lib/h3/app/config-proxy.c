/* SPDX-License-Identifier: MIT
 *
 * [proxy PREFIX]. What is known of the servers behind outlives reloads that leave its group as it
 * was. */

#include "config-shapes.h"

#include <h3/base/view.h>
#include <h3/batteries/proxy-names.h>
#include <h3/batteries/proxy.h>
#include <h3/net/client-tls-context.h>

#include <string.h>

/* "http://10.0.0.7:8080", and behind it perhaps " weight=3". */
static void
add_server (ConfigBuild *build, const ConfigGroup *group, H3Upstreams *upstreams, const char *text)
{
    H3View rest = h3_view_of (text), url;
    guint64 weight = 1;
    g_autofree char *address = NULL;
    GError *error = NULL;

    (void) h3_view_split (&rest, ' ', &url);
    if (rest.data != NULL) {
        H3View number = h3_view_trim (rest);

        if (!h3_view_starts_with (number, H3_VIEW ("weight="))
            || !h3_view_parse_uint (h3_view (number.data + 7, number.length - 7),
                                    H3_UPSTREAMS_MAX_WEIGHT, &weight)
            || weight == 0) {
            config_build_tell (build, group, "servers",
                               "'%s': behind a URL stands weight=N, 1 to %d, or nothing", text,
                               H3_UPSTREAMS_MAX_WEIGHT);
            return;
        }
        if (config_group_get_number (group, "balance") == H3_BALANCE_ROUND_ROBIN)
            config_build_tell (build, group, "servers",
                               "weight has no effect with balance = round-robin: take weighted");
    }
    address = h3_view_dup (url);
    if (!h3_upstreams_add (upstreams, address, (guint) weight, &error))
        config_build_tell_error (build, group, "servers", error);
}

static guint
get_uint (const ConfigGroup *group, const char *key)
{
    return (guint) config_group_get_number (group, key);
}

static void
set_health (ConfigBuild *build, const ConfigGroup *group, H3Upstreams *upstreams)
{
    const char *path = config_group_get_text (group, "health-path");
    guint first = get_uint (group, "health-status-first"),
          last = get_uint (group, "health-status-last");

    if (path == NULL)
        return;
    if (*path != '/')
        config_build_tell (build, group, "health-path", "'%s' is no path: it begins with /", path);
    else
        h3_upstreams_set_health_check (upstreams, path, get_uint (group, "health-interval"),
                                       get_uint (group, "health-timeout"),
                                       get_uint (group, "health-rise"),
                                       get_uint (group, "health-fall"));
    if (first > last)
        config_build_tell (build, group, "health-status-first", "it is above health-status-last");
    else
        h3_upstreams_set_health_status (upstreams, first, last);
}

static void
set_choice (ConfigBuild *build, const ConfigGroup *group, H3Upstreams *upstreams)
{
    guint balance = get_uint (group, "balance");

    h3_upstreams_set_strategy (upstreams, (H3Balance) balance);
    h3_upstreams_set_breaker (upstreams, get_uint (group, "breaker-failures"),
                              get_uint (group, "breaker-window"), get_uint (group, "breaker-open"));
    h3_upstreams_set_bad_answers (upstreams, config_group_get_number (group, "bad-answers") != 0);
    h3_upstreams_set_retries (upstreams, get_uint (group, "tries"),
                              get_uint (group, "retry-percent"),
                              get_uint (group, "retries-per-second"));
    h3_upstreams_set_timeouts (upstreams, get_uint (group, "connect-timeout"),
                               get_uint (group, "answer-timeout"),
                               get_uint (group, "idle-timeout"));
    h3_upstreams_set_connections (upstreams, get_uint (group, "connections"),
                                  get_uint (group, "connection-idle"));
    if (!config_group_has (group, "hash-key"))
        return;
    h3_upstreams_set_hash_key (upstreams, config_group_get_text (group, "hash-key"));
    if (balance != H3_BALANCE_ADDRESS_HASH)
        config_build_tell (build, group, "hash-key",
                           "has no effect but with balance = address-hash");
}

/* The files are read now, so that what is wrong with them is told by their line. */
static void
set_tls (ConfigBuild *build, const ConfigGroup *group, H3Upstreams *upstreams)
{
    g_autoptr (H3ClientTls) tls = h3_client_tls_new ();
    const char *authorities = config_group_get_text (group, "tls-authorities");
    const char *certificate = config_group_get_text (group, "tls-certificate");
    ClientTlsContext *context;
    GError *error = NULL;

    if (authorities == NULL && certificate == NULL)
        return;
    h3_client_tls_set_authorities (tls, authorities);
    h3_client_tls_set_certificate (tls, certificate, config_group_get_text (group, "tls-key"));
    context = client_tls_context_new (tls, &error);
    if (context == NULL)
        config_build_tell_error (
            build, group, authorities != NULL ? "tls-authorities" : "tls-certificate", error);
    else
        client_tls_context_unref (context);
    h3_upstreams_set_tls (upstreams, tls);
}

/* Of a request that is handed on; empty: the client's is dropped. */
static void
set_fields (ConfigBuild *build, const ConfigGroup *group, H3Proxy *proxy)
{
    for (guint i = 0; i < group->named->len; i++) {
        const ConfigNamed *named = group->named->pdata[i];
        H3View name = h3_view_of (named->name);
        gboolean is_own = proxy_name_classify (name) >= NAME_ANEW || proxy_name_is_disguised (name);

        if (is_own)
            config_document_tell (build->document, named->line,
                                  "header %s: the proxy sets this field itself", named->name);
        else if (!h3_proxy_set_header (proxy, named->name,
                                       *named->text != '\0' ? named->text : NULL))
            config_document_tell (build->document, named->line,
                                  "header %s: that is no field that can be sent", named->name);
    }
}

static void
set_up (ConfigBuild *build, const ConfigGroup *group, H3Proxy *proxy)
{
    const char *name = config_group_get_text (group, "name");
    const char *to = config_group_get_text (group, "to");
    GError *error = NULL;

    if (name != NULL && !h3_proxy_set_name (proxy, name))
        config_build_tell (build, group, "name", "'%s' is no token, as in front-1", name);
    if (to != NULL && !h3_proxy_set_paths (proxy, group->argument, to, &error))
        config_build_tell_error (build, group, "to", error);
    h3_proxy_set_keep_host (proxy, config_group_get_number (group, "keep-host") != 0);
    h3_proxy_set_rewrite (proxy, config_group_get_number (group, "rewrite") != 0);
    if (config_group_has (group, "max-body"))
        h3_proxy_set_max_body (proxy, (guint64) config_group_get_number (group, "max-body"));
    h3_proxy_set_websocket_idle (proxy, get_uint (group, "websocket-idle"));
    set_fields (build, group, proxy);
}

/* (transfer full) */
static H3Proxy *
new_proxy (ConfigBuild *build, const ConfigGroup *group)
{
    g_autoptr (H3Upstreams) upstreams = h3_upstreams_new ();
    const char *const *servers = config_group_get_list (group, "servers");
    H3Proxy *proxy;

    for (guint i = 0; servers[i] != NULL; i++)
        add_server (build, group, upstreams, servers[i]);
    set_health (build, group, upstreams);
    set_choice (build, group, upstreams);
    set_tls (build, group, upstreams);
    proxy = h3_proxy_new (upstreams);
    set_up (build, group, proxy);
    return proxy;
}

static void
unref_proxy (gpointer proxy)
{
    h3_proxy_unref (proxy);
}

/* (transfer full): one that reads files of its own is made anew, since these may have changed. */
static H3Proxy *
find_proxy (ConfigBuild *build, const ConfigGroup *group)
{
    gboolean has_files =
        config_group_has (group, "tls-authorities") || config_group_has (group, "tls-certificate");
    H3Proxy *proxy = has_files ? NULL : config_kept_find (build->kept, group->text);

    if (proxy != NULL)
        return h3_proxy_ref (proxy);
    proxy = new_proxy (build, group);
    if (!has_files)
        config_kept_add (build->kept, group->text, h3_proxy_ref (proxy), unref_proxy);
    return proxy;
}

static void
apply_proxy (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autoptr (H3Proxy) proxy = NULL;
    H3Route *route;

    if (config_group_get_list (group, "servers") == NULL)
        return;
    proxy = find_proxy (build, group);
    route = config_build_route (build, group, "*", group->argument, FALSE, h3_proxy_handle,
                                h3_proxy_ref (proxy), unref_proxy);
    if (route == NULL)
        return;
    h3_route_set_body (route, H3_BODY_STREAMED, G_MAXSIZE);
    /* It has the workers check how the servers are, and runs before any of a body is read. */
    h3_app_use_for (build->app, route, h3_proxy_to_middleware (proxy));
}

#define TIME(name, maximum, standard, needs, what)                                                 \
    {                                                                                              \
        name, CONFIG_TIME, 0, 0, maximum, standard, NULL, needs, what                              \
    }
#define DAY 86400000

static const ConfigKey proxy_keys[] = {
    { "servers", CONFIG_LIST, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "URLs of the servers behind: http://10.0.0.7:8080, https://app.example.org, "
      "http+unix:/run/app.sock; behind a URL may stand weight=3" },
    { "to", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "the path there that the prefix stands for: /; the same path where it is not given" },
    { "balance", CONFIG_CHOICE, 0, 0, 0, "round-robin",
      "round-robin weighted least-connections random address-hash", NULL,
      "which server gets the next request" },
    { "hash-key", CONFIG_TEXT, 0, 0, 0, NULL, NULL, "balance",
      "a secret: with the same one several machines choose alike" },
    { "keep-host", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether servers see the client's Host; else it is in X-Forwarded-Host alone" },
    { "rewrite", CONFIG_SWITCH, 0, 0, 0, "yes", NULL, NULL,
      "whether Location and the paths of cookies are told as clients see them" },
    { "header", CONFIG_TEXT, CONFIG_WITH_NAME | CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, NULL,
      "a field of requests as they are handed on; empty: the client's is dropped" },
    { "name", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "how Via calls this server; a random name where it is not given" },
    { "max-body", CONFIG_SIZE, 0, 0, G_MAXINT64 / 2, NULL, NULL, NULL,
      "bytes of a body (413); no bound where it is not given, for none is kept" },
    TIME ("websocket-idle", DAY, "1h", NULL,
          "a WebSocket on which nothing was sent for so long is ended; 0: never"),
    { "health-path", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "what servers are asked for, to see how they are; no checks where it is not given" },
    { "health-interval", CONFIG_TIME, 0, 10, DAY, "5s", NULL, "health-path",
      "from one check's end to the next" },
    { "health-timeout", CONFIG_TIME, 0, 1, DAY, "2s", NULL, "health-path",
      "how long its answer may take" },
    { "health-rise", CONFIG_NUMBER, 0, 1, 1000, "2", NULL, "health-path",
      "so many good ones in a row, and a server is up" },
    { "health-fall", CONFIG_NUMBER, 0, 1, 1000, "3", NULL, "health-path",
      "so many bad ones in a row, and it is down" },
    { "health-status-first", CONFIG_NUMBER, 0, 200, 599, "200", NULL, "health-path",
      "the least status that is good" },
    { "health-status-last", CONFIG_NUMBER, 0, 200, 599, "399", NULL, "health-path",
      "the greatest" },
    { "breaker-failures", CONFIG_NUMBER, 0, 0, 1000000, "5", NULL, NULL,
      "so many failures in a row, and a server gets nothing for a while; 0: never" },
    TIME ("breaker-window", DAY, "10s", NULL,
          "in which failures are held against successes too; 0: in a row only"),
    { "breaker-open", CONFIG_TIME, 0, 1, DAY, "1s", NULL, NULL,
      "the while, doubled where it fails again, up to ten times" },
    { "bad-answers", CONFIG_SWITCH, 0, 0, 0, "yes", NULL, NULL,
      "whether 502, 503 and 504 of a server are failures" },
    { "tries", CONFIG_NUMBER, 0, 1, 16, "3", NULL, NULL,
      "how often a request of an idempotent method is sent at most, each time elsewhere" },
    { "retry-percent", CONFIG_NUMBER, 0, 0, 100, "20", NULL, NULL,
      "how many for a hundred requests may be sent again" },
    { "retries-per-second", CONFIG_NUMBER, 0, 0, 1000000, "10", NULL, NULL,
      "how many may in any case" },
    TIME ("connect-timeout", DAY, "5s", NULL, "until there is a connection (504); 0: none"),
    TIME ("answer-timeout", DAY, "1min", NULL,
          "from the request's end to the answer's beginning (504); 0: none"),
    TIME ("idle-timeout", DAY, "1min", NULL, "between pieces of either body; 0: none"),
    { "connections", CONFIG_NUMBER, 0, 1, 65536, "64", NULL, NULL,
      "to each server, of each worker; more requests wait in line" },
    TIME ("connection-idle", DAY, "30s", NULL, "a connection without a request is kept so long"),
    { "tls-authorities", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a PEM file: whose word is taken for servers of https URLs; the system's authorities where "
      "it is not given" },
    { "tls-certificate", CONFIG_FILE, 0, 0, 0, NULL, NULL, NULL,
      "a PEM file: the certificate shown to servers that ask for one" },
    { "tls-key", CONFIG_FILE, 0, 0, 0, NULL, NULL, "tls-certificate",
      "its key; it is in the first file where this is not given" },
};

const ConfigShape config_shape_proxy = { .name = "proxy",
                                         .argument = "PREFIX",
                                         .what = "requests at a path and below it are handed on to "
                                                 "other servers",
                                         CONFIG_KEYS (proxy_keys),
                                         .apply = apply_proxy,
                                         .phases = 1 << CONFIG_PHASE_ROUTES };
