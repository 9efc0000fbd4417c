/* SPDX-License-Identifier: MIT
 *
 * [health]: how the server is, for those who watch it. */

#include "config-shapes.h"

#include "components.h"

#include <h3/store/store.h>

/* (nullable): one path, which nobody else has. */
static const char *
claim_path (ConfigBuild *build, const ConfigGroup *group, const char *key)
{
    const char *path = config_group_get_text (group, key);

    if (*path == '\0' || !config_build_check_prefix (build, group, key, path)
        || !config_build_claim (build, group, path))
        return NULL;
    return path;
}

static void
apply_health (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *path = claim_path (build, group, "path");
    const char *ready = claim_path (build, group, "ready-path");

    if (path != NULL || ready != NULL)
        h3_app_add_health (build->app, path, ready);
}

static const ConfigKey health_keys[] = {
    { "path", CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, "/health", NULL, NULL,
      "200 where all is well, 503 where a store does not answer, as JSON; empty: none" },
    { "ready-path", CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, "/ready", NULL, NULL,
      "200 where it wants requests; 503 while it starts, ends, or sheds; empty: none" },
};

const ConfigShape config_shape_health = {
    .name = "health",
    .what = "how the server is, for those who watch it; never refused for want of room",
    CONFIG_KEYS (health_keys),
    .apply = apply_health,
    .phases = 1 << CONFIG_PHASE_ROUTES
};
