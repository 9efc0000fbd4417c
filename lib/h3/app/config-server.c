/* SPDX-License-Identifier: MIT
 *
 * [server]: what holds for the process as a whole. */

#include "config-shapes.h"

#include "app-private.h"
#include "config-user.h"

#include <h3/engine/prefork.h>

/* In the order of the preset's choices. */
static const H3Preset presets[] = { H3_PRESET_PRODUCTION, H3_PRESET_DEVELOPMENT,
                                    H3_PRESET_TESTING };

static void
trust (ConfigBuild *build, const ConfigGroup *group)
{
    const char *const *prefixes = config_group_get_list (group, "trusted-proxies");

    for (guint i = 0; prefixes != NULL && prefixes[i] != NULL; i++) {
        GError *error = NULL;

        if (!h3_app_trust_proxy (build->app, prefixes[i], &error))
            config_build_tell_error (build, group, "trusted-proxies", error);
    }
}

/* Whether there is such a user; whether the process may become that is known at the start. */
static void
check_user (ConfigBuild *build, const ConfigGroup *group)
{
    const char *name = config_group_get_text (group, "user");
    g_autoptr (ConfigUser) user = NULL;
    GError *error = NULL;

    if (name == NULL)
        return;
    user = config_user_new (name, config_group_get_text (group, "group"),
                            config_group_get_list (group, "groups"), &error);
    if (user == NULL)
        config_build_tell_error (build, group, "user", error);
}

static void
apply_server (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    H3Server *server = h3_app_get_server (build->app);

    app_set_preset (build->app, presets[config_group_get_number (group, "preset")]);
    if (config_group_has (group, "workers"))
        h3_server_set_workers (server, (guint) config_group_get_number (group, "workers"));
    h3_server_set_pooled_events (server, (guint) config_group_get_number (group, "pooled-events"));
    h3_server_set_offload_threads (server,
                                   (guint) config_group_get_number (group, "offload-threads"));
    trust (build, group);
    check_user (build, group);
}

static const ConfigKey server_keys[] = {
    { "preset", CONFIG_CHOICE, 0, 0, 0, "production", "production development testing", NULL,
      "development: errors are told to clients, JSON is indented, 2 s to drain; testing: one "
      "worker, 1 s to drain, and without a `[listen NAME]` 127.0.0.1 with any free port" },
    { "workers", CONFIG_NUMBER, 0, 1, 1024, NULL, NULL, NULL,
      "threads that serve, in each process; one for each processor in all where it is not given" },
    { "processes", CONFIG_NUMBER, 0, 0, PREFORK_MAX_PROCESSES, "0", NULL, NULL,
      "processes that serve, with a master that starts them anew; 0: one, without a master; what "
      "is kept in memory is then each one's own" },
    { "user", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "who it is once all addresses are bound: a name or a number; it must begin as root" },
    { "group", CONFIG_TEXT, 0, 0, 0, NULL, NULL, "user",
      "the group it is in then; that of the user where it is not given" },
    { "groups", CONFIG_LIST, CONFIG_MAY_BE_EMPTY, 0, 0, NULL, NULL, "user",
      "the groups it is in besides; those of the user where it is not given; empty: none" },
    { "trusted-proxies", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "proxies whose Forwarded and X-Forwarded fields are believed: 10.0.0.0/8, ::1, or unix for "
      "those that come by a Unix socket" },
    { "pooled-events", CONFIG_NUMBER, 0, 0, 1 << 20, "1024", NULL, NULL,
      "exchanges that rest for reuse in each worker" },
    { "offload-threads", CONFIG_NUMBER, 0, 1, 1024, "16", NULL, NULL,
      "threads for what would keep a worker waiting: passwords, names of hosts" },
};

const ConfigShape config_shape_server = { .name = "server",
                                          .what = "the process as a whole",
                                          CONFIG_KEYS (server_keys),
                                          .apply = apply_server,
                                          .phases = 1 << CONFIG_PHASE_SERVER };
