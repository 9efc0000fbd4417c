/* SPDX-License-Identifier: MIT
 *
 * [rate-limit NAME]. What it has counted outlives reloads that leave its group as it was. */

#include "config-shapes.h"

#include <h3/batteries/rate-limit.h>

#include <string.h>

/* Who a client is must be known before: those stand behind what says it. */
#define OF_USERS (H3_RATE_LIMIT_BY_USER | H3_RATE_LIMIT_BY_SESSION)

/* Whether both numbers could be read; else the fault was told by its line. */
static gboolean
has_numbers (const ConfigGroup *group)
{
    return config_group_get_number (group, "requests") > 0
           && config_group_get_number (group, "per") > 0;
}

/* (transfer full) (nullable): a fault was told. */
static H3RateLimit *
new_limit (ConfigBuild *build, const ConfigGroup *group)
{
    const char *preset = config_group_get_text (group, "preset");
    H3RateLimit *limit;
    GError *error = NULL;

    if (preset != NULL)
        limit = h3_rate_limit_new_preset (preset, &error);
    else if (!config_group_has (group, "requests") || !config_group_has (group, "per")) {
        config_build_tell (build, group, NULL,
                           "how often is not said: give requests and per, or a preset");
        return NULL;
    } else if (!has_numbers (group)) {
        return NULL;
    } else
        limit = h3_rate_limit_new (group->argument, config_group_get_number (group, "requests"),
                                   config_group_get_number (group, "per"), &error);
    if (limit == NULL)
        config_build_tell_error (build, group, preset != NULL ? "preset" : NULL, error);
    return limit;
}

static void
add_addresses (ConfigBuild *build, const ConfigGroup *group, H3RateLimit *limit, const char *key,
               gboolean (*add) (H3RateLimit *limit, const char *prefix, GError **error))
{
    const char *const *prefixes = config_group_get_list (group, key);

    for (guint i = 0; prefixes != NULL && prefixes[i] != NULL; i++) {
        GError *error = NULL;

        if (!add (limit, prefixes[i], &error))
            config_build_tell_error (build, group, key, error);
    }
}

static void
set_up (ConfigBuild *build, const ConfigGroup *group, H3RateLimit *limit)
{
    const char *field = config_group_get_text (group, "by-header");

    h3_rate_limit_set_algorithm (
        limit, (H3RateLimitAlgorithm) config_group_get_number (group, "algorithm"));
    h3_rate_limit_set_by (limit, (H3RateLimitBy) config_group_get_number (group, "by"));
    if (field != NULL && !h3_rate_limit_set_by_header (limit, field))
        config_build_tell (build, group, "by-header", "'%s' is no name of a field", field);
    add_addresses (build, group, limit, "allow", h3_rate_limit_allow);
    add_addresses (build, group, limit, "deny", h3_rate_limit_deny);
    h3_rate_limit_set_skip_success (limit, config_group_get_number (group, "only-failures") != 0);
    if (config_group_has (group, "fails-open"))
        h3_rate_limit_set_fails_open (limit, config_group_get_number (group, "fails-open") != 0);
    if (config_group_has (group, "store"))
        h3_rate_limit_set_store (limit, config_build_get_store (build, group, "rate limits"));
}

/* Nobody is known unless somebody asks who it is. */
static void
check_by (ConfigBuild *build, const ConfigGroup *group)
{
    gint64 by = config_group_get_number (group, "by");

    if ((by & H3_RATE_LIMIT_BY_USER) != 0
        && config_document_find (build->document, "auth", NULL) == NULL)
        config_build_tell (build, group, "by", "nobody has a name: give an [auth NAME] too");
    if ((by & H3_RATE_LIMIT_BY_SESSION) != 0
        && config_document_find (build->document, "sessions", NULL) == NULL)
        config_build_tell (build, group, "by", "there are no sessions: give [sessions] too");
}

static void
unref_limit (gpointer limit)
{
    h3_rate_limit_unref (limit);
}

static void
apply_rate_limit (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    gboolean is_of_users = (config_group_get_number (group, "by") & OF_USERS) != 0;
    g_autofree char *name = config_build_dup_name (build, group);
    H3RateLimit *limit;
    H3Middleware *middleware;

    if (is_of_users != (phase == CONFIG_PHASE_LIMITS_OF_USERS))
        return;
    check_by (build, group);
    limit = config_kept_find (build->kept, name);
    if (limit == NULL) {
        limit = new_limit (build, group);
        if (limit == NULL)
            return;
        set_up (build, group, limit);
        config_kept_add (build->kept, name, limit, unref_limit);
    }
    middleware = h3_rate_limit_to_middleware (limit);
    config_build_use (build, group, config_build_limit_methods (build, group, middleware));
}

static const ConfigKey rate_limit_keys[] = {
    CONFIG_PATH_KEY,
    { "requests", CONFIG_NUMBER, 0, 1, H3_RATE_LIMIT_MAX, NULL, NULL, "per", "how many" },
    { "per", CONFIG_SECONDS, 0, 1, 31622400, NULL, NULL, "requests", "… in how long" },
    { "preset", CONFIG_CHOICE, 0, 0, 0, NULL, "login register password_reset auth api email",
      "!requests", "5 a minute, 3 a minute, 3 an hour, 10 a minute, 100 in 15 minutes, 3 an hour" },
    { "algorithm", CONFIG_CHOICE, 0, 0, 0, "fixed-window",
      "fixed-window sliding-window token-bucket", NULL, "how they are counted" },
    { "by", CONFIG_CHOICES, 0, 0, 0, "address", "address user route session", NULL,
      "what they are counted by; several: each combination on its own" },
    { "by-header", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "… and by the value of this field, which clients choose" },
    { "methods", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "which requests are counted; all where it is not given" },
    { "allow", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "clients at these addresses are not counted: 10.0.0.0/8" },
    { "deny", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "clients at these addresses are answered 403" },
    { "only-failures", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether requests that were answered with less than 400 are given back" },
    { "fails-open", CONFIG_SWITCH, 0, 0, 0, NULL, NULL, "store",
      "whether requests pass where the store fails; else they are answered 503; yes, but for the "
      "presets of passwords" },
    CONFIG_STORE_KEY,
};

const ConfigShape config_shape_rate_limit = {
    .name = "rate-limit",
    .argument = "NAME",
    .what = "how often a client may come; what comes more often is answered 429",
    CONFIG_KEYS (rate_limit_keys),
    .apply = apply_rate_limit,
    .phases = 1 << CONFIG_PHASE_LIMITS | 1 << CONFIG_PHASE_LIMITS_OF_USERS
};
