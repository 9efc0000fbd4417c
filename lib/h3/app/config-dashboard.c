/* SPDX-License-Identifier: MIT
 *
 * [dashboard]. It shows what is measured, so that it has requests measured; and it comes last, to
 * find what else there is to show. */

#include "config-shapes.h"

#include "app-dashboard.h"

static void
apply_dashboard (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *path = config_group_get_text (group, "path");
    g_autoptr (H3Dashboard) dashboard = NULL;

    if (phase == CONFIG_PHASE_FIRST) {
        config_metrics_measure (build);
        return;
    }
    if (!config_build_check_prefix (build, group, "path", path))
        return;
    if (!config_build_is_guarded (build, path))
        config_build_tell (build, group, NULL,
                           "whoever reaches it would see it: give a [clients NAME], or an [auth "
                           "NAME] for all methods and not optional, with path = %s",
                           path);
    if (!config_build_claim (build, group, path))
        return;
    dashboard = h3_dashboard_new (config_metrics_get (build));
    h3_dashboard_add_trend (dashboard, config_metrics_get_trend (build));
    if (build->plans != NULL)
        h3_app_dashboard_add_workflows (dashboard, config_plans_get_workflows (build->plans));
    h3_app_add_dashboard (build->app, path, dashboard, NULL);
}

static const ConfigKey dashboard_keys[] = {
    { "path", CONFIG_TEXT, 0, 0, 0, "/_h3", NULL, NULL,
      "where the page is, which a `[clients NAME]` or `[auth NAME]` keeps others out of" },
};

const ConfigShape config_shape_dashboard = { .name = "dashboard",
                                             .what = "a live page of what the server does",
                                             CONFIG_KEYS (dashboard_keys),
                                             .apply = apply_dashboard,
                                             .phases =
                                                 1 << CONFIG_PHASE_FIRST | 1 << CONFIG_PHASE_END };
