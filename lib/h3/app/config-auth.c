/* SPDX-License-Identifier: MIT
 *
 * [auth NAME]: who may come in. The file of passwords is read anew at each reload. */

#include "config-shapes.h"

#include <h3/batteries/auth.h>

static H3Auth *
new_auth (ConfigBuild *build, const ConfigGroup *group, H3Passwords *passwords)
{
    const char *realm = config_group_get_text (group, "realm");
    H3Auth *auth = h3_auth_new (realm != NULL ? realm : group->argument);

    h3_auth_add_passwords (auth, passwords);
    h3_auth_set_optional (auth, config_group_get_number (group, "optional") != 0);
    return auth;
}

static void
apply_auth (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *file = config_group_get_text (group, "passwords");
    const char *const *scopes = config_group_get_list (group, "scopes");
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autoptr (H3Auth) auth = NULL;
    GError *error = NULL;

    if (file == NULL)
        return;
    if (!h3_passwords_load (passwords, file, &error)) {
        config_build_tell_error (build, group, "passwords", error);
        return;
    }
    auth = new_auth (build, group, passwords);
    config_build_use (build, group,
                      config_build_limit_methods (build, group, h3_auth_to_middleware (auth)));
    if (scopes != NULL) {
        g_autofree char *names = g_strjoinv (" ", (char **) scopes);

        config_build_use (build, group,
                          config_build_limit_methods (build, group, h3_auth_require_scope (names)));
    }
}

static const ConfigKey auth_keys[] = {
    CONFIG_PATH_KEY,
    { "passwords", CONFIG_FILE, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "a file with a user a line, name:hash or name:hash:scope scope; `h3d password` makes a "
      "hash" },
    { "realm", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "what users are told they come into; the name of the group where it is not given" },
    { "scopes", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "who comes in has all of these; others are answered 403" },
    { "optional", CONFIG_SWITCH, 0, 0, 0, "no", NULL, "!scopes",
      "whether who shows nothing comes in too; who shows what is wrong never does" },
    { "methods", CONFIG_LIST, 0, 0, 0, NULL, NULL, NULL,
      "for which requests; for all where it is not given" },
};

const ConfigShape config_shape_auth = { .name = "auth",
                                        .argument = "NAME",
                                        .what = "who may come in, by name and password (Basic)",
                                        CONFIG_KEYS (auth_keys),
                                        .apply = apply_auth,
                                        .phases = 1 << CONFIG_PHASE_WHO };
