/* SPDX-License-Identifier: MIT
 *
 * [limits]: every row of H3_LIMITS is a key, in sizes and times as people write them. */

#include "config-shapes.h"

#include <h3/http/limits.h>

#include <string.h>

static void
apply_limits (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    for (guint i = 0; i < group->shape->n_keys; i++) {
        const char *name = group->shape->keys[i].name;
        GError *error = NULL;

        if (config_group_has (group, name)
            && !h3_app_set_limit (build->app, name, config_group_get_number (group, name), &error))
            config_build_tell_error (build, group, name, error);
    }
}

/* What it bounds says in what. */
static ConfigKind
find_kind (const char *what)
{
    if (g_str_has_prefix (what, "milliseconds"))
        return CONFIG_TIME;
    return g_str_has_prefix (what, "bytes") ? CONFIG_SIZE : CONFIG_NUMBER;
}

/* (transfer full): the sentence, without the unit of times. */
static char *
dup_sentence (const char *what)
{
    gboolean is_time = g_str_has_prefix (what, "milliseconds");

    return is_time ? g_strconcat ("time", what + strlen ("milliseconds"), NULL) : g_strdup (what);
}

static const ConfigKey *
make_keys (guint *out_n)
{
    const H3LimitInfo *rows = h3_limits_list (out_n);
    ConfigKey *keys = g_new0 (ConfigKey, *out_n);

    for (guint i = 0; i < *out_n; i++) {
        ConfigKey *key = &keys[i];

        key->name = rows[i].option;
        key->kind = find_kind (rows[i].what);
        key->minimum = rows[i].minimum;
        key->maximum = rows[i].maximum;
        key->standard = config_value_format (key->kind, rows[i].default_value);
        key->what = dup_sentence (rows[i].what);
    }
    return keys;
}

/* Made once, and there until the process ends. */
const ConfigShape *
config_limits_get_shape (void)
{
    static ConfigShape shape = { .name = "limits",
                                 .what = "how much is taken from clients, and how long waited for",
                                 .apply = apply_limits,
                                 .phases = 1 << CONFIG_PHASE_STORES };

    if (shape.keys == NULL)
        shape.keys = make_keys (&shape.n_keys);
    return &shape;
}
