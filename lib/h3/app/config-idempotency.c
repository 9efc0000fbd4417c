/* SPDX-License-Identifier: MIT
 *
 * [idempotency]. The answers that it keeps outlive reloads that leave its group as it was. */

#include "config-shapes.h"

#include <h3/batteries/idempotency.h>

/* (transfer full) */
static H3Idempotency *
new_idempotency (ConfigBuild *build, const ConfigGroup *group)
{
    g_autofree char *methods = g_strjoinv (" ", (char **) config_group_get_list (group, "methods"));
    H3Idempotency *idempotency = h3_idempotency_new ();

    if (config_group_has (group, "store"))
        h3_idempotency_set_store (idempotency, config_build_get_store (build, group, "answers"));
    h3_idempotency_set_methods (idempotency, methods);
    h3_idempotency_set_required (idempotency, config_group_get_number (group, "required") != 0);
    h3_idempotency_set_seconds (idempotency, config_group_get_number (group, "lifetime"));
    h3_idempotency_set_max_body (idempotency,
                                 (gsize) config_group_get_number (group, "max-answer"));
    return idempotency;
}

static void
unref_idempotency (gpointer idempotency)
{
    h3_idempotency_unref (idempotency);
}

static void
apply_idempotency (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autofree char *name = config_build_dup_name (build, group);
    H3Idempotency *idempotency = config_kept_find (build->kept, name);

    if (idempotency == NULL) {
        idempotency = new_idempotency (build, group);
        config_kept_add (build->kept, name, idempotency, unref_idempotency);
    }
    config_build_use (build, group, h3_idempotency_to_middleware (idempotency));
}

static const ConfigKey idempotency_keys[] = {
    CONFIG_PATH_KEY,
    CONFIG_STORE_KEY,
    { "methods", CONFIG_LIST, 0, 0, 0, "POST;PATCH", NULL, NULL, "which requests may have a key" },
    { "required", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether a request without a key is refused with 400" },
    { "lifetime", CONFIG_SECONDS, 0, 1, 31622400, "24h", NULL, NULL, "how long an answer is kept" },
    { "max-answer", CONFIG_SIZE, 0, 0, 16 << 20, "64K", NULL, NULL,
      "bytes of an answer's body; longer ones are not kept" },
};

const ConfigShape config_shape_idempotency = {
    .name = "idempotency",
    .what = "requests with an Idempotency-Key run once; the answer to the first is given again",
    CONFIG_KEYS (idempotency_keys),
    .apply = apply_idempotency,
    .phases = 1 << CONFIG_PHASE_ONCE
};
