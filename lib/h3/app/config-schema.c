/* SPDX-License-Identifier: MIT */

#include "config-schema.h"

#include "config-shapes.h"
#include "config-value.h"

#include <string.h>

const ConfigShape *const *
config_schema_list (guint *out_n)
{
    static const ConfigShape *all[] = {
        &config_shape_server,
        &config_shape_listen,
        &config_shape_tls,
        &config_shape_certificate,
        NULL, /* the limits */
        &config_shape_files,
        &config_shape_proxy,
        &config_shape_rule,
        &config_shape_health,
        &config_shape_workflows,
        &config_shape_metrics,
        &config_shape_dashboard,
        &config_shape_access_log,
        &config_shape_trace,
        &config_shape_to_https,
        &config_shape_security_headers,
        &config_shape_cors,
        &config_shape_compression,
        &config_shape_decoding,
        &config_shape_clients,
        &config_shape_rate_limit,
        &config_shape_auth,
        &config_shape_sessions,
        &config_shape_csrf,
        &config_shape_idempotency,
        &config_shape_store,
    };

    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
        if (all[i] == NULL)
            all[i] = config_limits_get_shape ();
    }
    *out_n = G_N_ELEMENTS (all);
    return all;
}

const ConfigShape *
config_schema_find (const char *name)
{
    guint n;
    const ConfigShape *const *all = config_schema_list (&n);

    for (guint i = 0; i < n; i++) {
        if (strcmp (all[i]->name, name) == 0)
            return all[i];
    }
    return NULL;
}

const ConfigKey *
config_schema_find_key (const ConfigShape *shape, const char *name, const char **out_rest)
{
    for (guint i = 0; i < shape->n_keys; i++) {
        const ConfigKey *key = &shape->keys[i];
        gsize length = strlen (key->name);
        gboolean has_rest = (key->flags & CONFIG_WITH_NAME) != 0;

        if (!has_rest && strcmp (key->name, name) != 0)
            continue;
        if (has_rest
            && (strncmp (key->name, name, length) != 0 || name[length] != ' '
                || name[length + 1] == '\0'))
            continue;
        *out_rest = has_rest ? name + length + 1 : NULL;
        return key;
    }
    return NULL;
}

/* (transfer full): `[listen NAME]`. */
static char *
dup_head (const ConfigShape *shape)
{
    return g_strdup_printf ("[%s%s%s]", shape->name, shape->argument != NULL ? " " : "",
                            shape->argument != NULL ? shape->argument : "");
}

/* (transfer full): what stands before the =. */
static char *
dup_name (const ConfigKey *key)
{
    return g_strconcat (key->name, (key->flags & CONFIG_WITH_NAME) != 0 ? " NAME" : "", NULL);
}

char *
config_schema_to_text (void)
{
    g_autoptr (GString) text = g_string_new (NULL);
    guint n;
    const ConfigShape *const *all = config_schema_list (&n);

    for (guint i = 0; i < n; i++) {
        g_autofree char *head = dup_head (all[i]);

        g_string_append_printf (text, "%s%s: %s\n", i > 0 ? "\n" : "", head, all[i]->what);
        for (guint j = 0; j < all[i]->n_keys; j++) {
            const ConfigKey *key = &all[i]->keys[j];
            g_autofree char *name = dup_name (key);
            g_autofree char *takes = config_value_describe (key);

            g_string_append_printf (text, "  %s = %s%s%s\n      %s\n", name, takes,
                                    key->standard != NULL ? "; default: " : "",
                                    key->standard != NULL ? key->standard : "", key->what);
        }
    }
    return g_strdup (text->str);
}

char *
config_schema_to_markdown (void)
{
    g_autoptr (GString) text = g_string_new (NULL);
    guint n;
    const ConfigShape *const *all = config_schema_list (&n);

    for (guint i = 0; i < n; i++) {
        g_autofree char *head = dup_head (all[i]);

        g_string_append_printf (text, "### %s\n\n", head);
        for (guint j = 0; j < all[i]->n_keys; j++) {
            const ConfigKey *key = &all[i]->keys[j];
            g_autofree char *name = dup_name (key);
            g_autofree char *takes = config_value_describe (key);
            const char *standard = key->standard;

            if (standard == NULL)
                standard = (key->flags & CONFIG_REQUIRED) != 0 ? "must be given" : "–";
            g_string_append_printf (text, "| `%s` | %s | %s%s%s | %s |\n", name, takes,
                                    key->standard != NULL ? "`" : "", standard,
                                    key->standard != NULL ? "`" : "", key->what);
        }
        g_string_append_c (text, '\n');
    }
    return g_strdup (text->str);
}
