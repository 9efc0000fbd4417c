/* SPDX-License-Identifier: MIT
 *
 * [security-headers] and [cors NAME]: what answers tell browsers. */

#include "config-shapes.h"

#include <h3/batteries/cors.h>
#include <h3/batteries/security-headers.h>

/* An empty text leaves the field out; none at all leaves it as it is. */
static void
set_text (const ConfigGroup *group, const char *key, const char **field)
{
    const char *text = config_group_get_text (group, key);

    if (text != NULL)
        *field = *text != '\0' ? text : NULL;
}

static void
apply_security_headers (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    H3SecurityHeadersOptions options;
    H3Middleware *middleware;
    GError *error = NULL;

    h3_security_headers_options_init (&options);
    set_text (group, "content-security-policy", &options.content_security_policy);
    set_text (group, "content-security-policy-report-only",
              &options.content_security_policy_report_only);
    set_text (group, "frame-options", &options.frame_options);
    set_text (group, "referrer-policy", &options.referrer_policy);
    set_text (group, "permissions-policy", &options.permissions_policy);
    set_text (group, "opener-policy", &options.opener_policy);
    set_text (group, "embedder-policy", &options.embedder_policy);
    set_text (group, "resource-policy", &options.resource_policy);
    options.no_sniff = config_group_get_number (group, "no-sniff") != 0;
    options.hsts_max_age = (guint) config_group_get_number (group, "hsts");
    options.hsts_subdomains = config_group_get_number (group, "hsts-subdomains") != 0;
    options.hsts_preload = config_group_get_number (group, "hsts-preload") != 0;
    middleware = h3_security_headers_new_full (&options, &error);
    if (middleware == NULL)
        config_build_tell_error (build, group, NULL, error);
    else
        config_build_use (build, group, middleware);
}

#define FIELD_KEY(name, field)                                                                     \
    {                                                                                              \
        name, CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, NULL,                            \
            field "; the library's own where it is not given; empty: none"                         \
    }

static const ConfigKey security_headers_keys[] = {
    CONFIG_PATH_KEY,
    FIELD_KEY ("content-security-policy", "Content-Security-Policy"),
    { "content-security-policy-report-only", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "Content-Security-Policy-Report-Only" },
    FIELD_KEY ("frame-options", "X-Frame-Options: DENY or SAMEORIGIN"),
    FIELD_KEY ("referrer-policy", "Referrer-Policy"),
    FIELD_KEY ("permissions-policy", "Permissions-Policy"),
    FIELD_KEY ("opener-policy", "Cross-Origin-Opener-Policy"),
    FIELD_KEY ("embedder-policy", "Cross-Origin-Embedder-Policy"),
    FIELD_KEY ("resource-policy", "Cross-Origin-Resource-Policy"),
    { "no-sniff", CONFIG_SWITCH, 0, 0, 0, "yes", NULL, NULL, "X-Content-Type-Options: nosniff" },
    { "hsts", CONFIG_SECONDS, 0, 0, G_MAXINT32, "365d", NULL, NULL,
      "Strict-Transport-Security, over TLS alone: how long browsers come by no other way; 0: "
      "none" },
    { "hsts-subdomains", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL, "… to all hosts below, too" },
    { "hsts-preload", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "… from the first time on, once it is in the browsers' list" },
};

const ConfigShape config_shape_security_headers = {
    .name = "security-headers",
    .what = "fields that have browsers be careful with answers",
    CONFIG_KEYS (security_headers_keys),
    .apply = apply_security_headers,
    .phases = 1 << CONFIG_PHASE_FIELDS
};

/* (transfer full) (nullable): as the library takes lists of names. */
static char *
dup_names (const ConfigGroup *group, const char *key)
{
    const char *const *list = config_group_get_list (group, key);

    return list != NULL ? g_strjoinv (" ", (char **) list) : NULL;
}

static void
allow_origins (H3CorsPolicy *policy, const ConfigGroup *group)
{
    const char *const *origins = config_group_get_list (group, "origins");
    const char *regex = config_group_get_text (group, "origin-regex");

    for (guint i = 0; origins != NULL && origins[i] != NULL; i++)
        h3_cors_policy_allow_origin (policy, origins[i]);
    if (regex != NULL)
        h3_cors_policy_allow_origin_regex (policy, regex);
}

static void
apply_cors (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autoptr (H3CorsPolicy) policy = h3_cors_policy_new ();
    g_autofree char *methods = dup_names (group, "methods");
    g_autofree char *asked = dup_names (group, "request-fields");
    g_autofree char *shown = dup_names (group, "response-fields");

    allow_origins (policy, group);
    if (methods != NULL)
        h3_cors_policy_set_methods (policy, methods);
    if (asked != NULL)
        h3_cors_policy_set_request_fields (policy, asked);
    if (shown != NULL)
        h3_cors_policy_set_response_fields (policy, shown);
    h3_cors_policy_set_max_age (policy, (guint) config_group_get_number (group, "max-age"));
    h3_cors_policy_set_credentials (policy, config_group_get_number (group, "credentials") != 0);
    h3_cors_policy_set_private_network (policy,
                                        config_group_get_number (group, "private-network") != 0);
    config_build_use (build, group, h3_cors_new (policy));
}

static const ConfigKey cors_keys[] = {
    CONFIG_PATH_KEY,
    { "origins", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "whose pages may read answers: https://example.org, https://*.example.org, *" },
    { "origin-regex", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "… and those that this regular expression fits as a whole" },
    { "methods", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "which methods they may use; GET, HEAD, POST, PUT, PATCH and DELETE where it is not given" },
    { "request-fields", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "which fields their requests may have; Content-Type where it is not given" },
    { "response-fields", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "which fields of answers they may read" },
    { "max-age", CONFIG_SECONDS, 0, 0, 86400, "10min", NULL, NULL,
      "how long browsers may keep the answer to a preflight" },
    { "credentials", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether their requests come with cookies" },
    { "private-network", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether pages of the public net may ask a server in a private one" },
};

const ConfigShape config_shape_cors = { .name = "cors",
                                        .argument = "NAME",
                                        .what = "which pages of other origins may read answers",
                                        CONFIG_KEYS (cors_keys),
                                        .apply = apply_cors,
                                        .phases = 1 << CONFIG_PHASE_FIELDS };
