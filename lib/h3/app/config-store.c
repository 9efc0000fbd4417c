/* SPDX-License-Identifier: MIT
 *
 * [store NAME]: where sessions, tokens, counts and answers are kept. A store outlives reloads that
 * leave its group as it was, with all that is in it. */

#include "config-shapes.h"

#include "components.h"

#include <h3/base/error.h>

#include <string.h>

/* A group that nobody names has no effect. */
static gboolean
is_used (const ConfigBuild *build, const char *name)
{
    static const char *const users[] = { "sessions", "csrf", "rate-limit", "idempotency" };
    const GPtrArray *groups = build->document->groups;

    for (guint i = 0; i < groups->len; i++) {
        const ConfigGroup *group = groups->pdata[i];

        for (guint j = 0; j < G_N_ELEMENTS (users); j++) {
            if (strcmp (group->shape->name, users[j]) == 0
                && g_strcmp0 (config_group_get_text (group, "store"), name) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_well (gpointer store, GError **error)
{
    if (h3_store_is_well (store))
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_CLOSED, "the store cannot be reached");
    return FALSE;
}

static void
add_health (ConfigBuild *build, const ConfigGroup *group, H3Store *store)
{
    g_autofree char *name = g_strconcat ("store ", group->argument, NULL);
    const H3Component component = { .name = name, .health = is_well };

    h3_app_add_component (build->app, &component, g_object_ref (store), g_object_unref);
}

static void
apply_store (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *url = config_group_get_text (group, "url");
    H3Store *store;
    GError *error = NULL;

    if (!is_used (build, group->argument))
        config_build_tell (build, group, NULL, "has no effect: no group has store = %s",
                           group->argument);
    if (url == NULL)
        return;
    store = config_kept_find (build->kept, group->text);
    if (store != NULL) {
        add_health (build, group, store);
        return;
    }
    store = h3_store_new_from_url (url, &error);
    if (store == NULL)
        config_build_tell_error (build, group, "url", error);
    else
        add_health (build, group,
                    config_kept_add (build->kept, group->text, store, g_object_unref));
}

static const ConfigKey store_keys[] = {
    { "url", CONFIG_TEXT, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "memory:?max-entries=100000&max-bytes=64M, redis://127.0.0.1/0, redis+unix:/run/redis.sock" },
};

const ConfigShape config_shape_store = {
    .name = "store",
    .argument = "NAME",
    .what = "where other groups keep things, on a Redis server that several machines share, or in "
            "memory",
    CONFIG_KEYS (store_keys),
    .apply = apply_store,
    .phases = 1 << CONFIG_PHASE_STORES
};
