/* SPDX-License-Identifier: MIT
 *
 * [rule PATTERN]. */

#include "config-shapes.h"

#include <h3/base/view.h>
#include <h3/route/rules.h>

/* "308 /new": a status, and where to. */
static void
set_redirect (ConfigBuild *build, const ConfigGroup *group, H3RouteRule *rule)
{
    const char *text = config_group_get_text (group, "redirect");
    H3View rest = h3_view_of (text), status;
    guint64 number = 308;
    g_autofree char *target = NULL;

    if (text == NULL)
        return;
    if (*text == '\0') {
        h3_route_rule_set_redirect (rule, 308, NULL);
        return;
    }
    if (g_ascii_isdigit (*text)) {
        (void) h3_view_split (&rest, ' ', &status);
        if (!h3_view_parse_uint (status, 999, &number) || rest.data == NULL) {
            config_build_tell (build, group, "redirect",
                               "write a status and where to, as in 308 /new, not '%s'", text);
            return;
        }
    }
    target = h3_view_dup (h3_view_trim (rest));
    h3_route_rule_set_redirect (rule, (guint) number, target);
}

/* An empty text: less specific rules do not hold. */
static const char *
get_text (const ConfigGroup *group, const char *key)
{
    const char *text = config_group_get_text (group, key);

    return *text != '\0' ? text : NULL;
}

static void
set_fields (const ConfigGroup *group, H3RouteRule *rule)
{
    for (guint i = 0; i < group->named->len; i++) {
        const ConfigNamed *named = group->named->pdata[i];

        h3_route_rule_set_header (rule, named->name, *named->text != '\0' ? named->text : NULL);
    }
}

/* Alone it must be one that can be. */
static gboolean
check_rule (ConfigBuild *build, const ConfigGroup *group, H3RouteRule *rule)
{
    g_autoptr (Rules) alone = rules_new ();
    GError *error = NULL;

    if (rules_add (alone, group->argument, rule, &error) && rules_freeze (alone, &error))
        return TRUE;
    config_build_tell_error (build, group, NULL, error);
    return FALSE;
}

static void
apply_rule (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autoptr (H3RouteRule) rule = h3_route_rule_new ();

    set_redirect (build, group, rule);
    set_fields (group, rule);
    if (config_group_has (group, "cache-control"))
        h3_route_rule_set_cache (rule, get_text (group, "cache-control"));
    if (config_group_has (group, "vary"))
        h3_route_rule_set_vary (rule, get_text (group, "vary"));
    if (config_group_has (group, "max-body"))
        h3_route_rule_set_body_max (rule, (gsize) config_group_get_number (group, "max-body"));
    if (config_group_has (group, "deadline"))
        h3_route_rule_set_deadline (rule, (guint) config_group_get_number (group, "deadline"));
    if (check_rule (build, group, rule))
        h3_app_add_rule (build->app, group->argument, g_steal_pointer (&rule));
}

static const ConfigKey rule_keys[] = {
    { "redirect", CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, NULL,
      "where to, behind a status: 301 /new/**:rest; 308 without one; empty: a redirect of a less "
      "specific rule does not hold" },
    { "header", CONFIG_TEXT, CONFIG_WITH_NAME | CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, NULL,
      "a field of answers that do not have it; empty: that of a less specific rule is left out" },
    { "cache-control", CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, NULL,
      "Cache-Control of answers that do not have it: public, max-age=60; empty: as for fields" },
    { "vary", CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, NULL,
      "names of fields that Vary names too, with blanks between; empty: as for fields" },
    { "max-body", CONFIG_SIZE, 0, 1, G_MAXINT64 / 2, NULL, NULL, NULL,
      "bytes of a request's body (413)" },
    { "deadline", CONFIG_TIME, 0, 1, 86400000, NULL, NULL, NULL, "how long an answer may take" },
};

const ConfigShape config_shape_rule = {
    .name = "rule",
    .argument = "PATTERN",
    .what = "what holds for all paths that a pattern takes; the most specific has the word",
    CONFIG_KEYS (rule_keys),
    .apply = apply_rule,
    .phases = 1 << CONFIG_PHASE_ROUTES
};
