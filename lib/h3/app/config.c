/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "app-private.h"
#include "config-build.h"
#include "config-inside.h"

#include <h3/base/error.h>

#include <stdio.h>

struct _H3Config {
    gatomicrefcount references;
    ConfigDocument *document; /* owned */
    ConfigKept *kept;         /* owned */
    H3App *app;               /* ref */
    ConfigPlans *plans;       /* borrowed: the app's; NULL: there are none */
};

G_DEFINE_BOXED_TYPE (H3Config, h3_config, h3_config_ref, h3_config_unref)

H3Config *
h3_config_ref (H3Config *config)
{
    g_return_val_if_fail (config != NULL, NULL);
    g_atomic_ref_count_inc (&config->references);
    return config;
}

void
h3_config_unref (H3Config *config)
{
    if (config == NULL || !g_atomic_ref_count_dec (&config->references))
        return;
    g_clear_object (&config->app);
    config_kept_free (config->kept);
    config_document_free (config->document);
    g_free (config);
}

H3App *
h3_config_get_app (H3Config *config)
{
    g_return_val_if_fail (config != NULL, NULL);
    return config->app;
}

const ConfigDocument *
config_get_document (const H3Config *config)
{
    return config->document;
}

H3Server *
config_get_server (H3Config *config)
{
    return h3_app_get_server (config->app);
}

guint
config_count_processes (const H3Config *config)
{
    return config_document_count_processes (config->document);
}

gboolean
config_find_user (const H3Config *config, ConfigUser **out_user, GError **error)
{
    const ConfigGroup *group = config_document_find (config->document, "server", NULL);
    g_autoptr (ConfigUser) user = NULL;

    *out_user = NULL;
    if (group == NULL || !config_group_has (group, "user"))
        return TRUE;
    user = config_user_new (config_group_get_text (group, "user"),
                            config_group_get_text (group, "group"),
                            config_group_get_list (group, "groups"), error);
    if (user == NULL || !config_user_check (user, error))
        return FALSE;
    *out_user = g_steal_pointer (&user);
    return TRUE;
}

void
config_announce (H3Config *config)
{
    H3Server *server = config_get_server (config);
    g_auto (GStrv) addresses = h3_server_dup_addresses (server);

    for (guint i = 0; addresses[i] != NULL; i++) {
        const char *plain = g_str_has_prefix (addresses[i], "unix:") ? "" : "http://";

        g_print ("Listening on %s%s\n",
                 h3_server_is_address_secure (server, i) ? "https://" : plain, addresses[i]);
    }
    /* Who is forked behind this does not say it again. */
    (void) fflush (stdout);
}

ConfigPlans *
config_get_plans (const H3Config *config)
{
    return config->plans;
}

/* All that a start would find, but for sockets. Faults are the document's. */
static void
build (H3Config *config, gboolean is_dry)
{
    ConfigBuild build = { .document = config->document, .kept = config->kept, .app = config->app };
    AppTable *table;
    GError *error = NULL;

    build.is_dry = is_dry;
    config_build_run (&build);
    if (config->document->faults->len == 0) {
        table = app_table_new (config->app, &error);
        app_table_free (table);
        if (table == NULL)
            config_document_tell_error (config->document, 0, NULL, error);
    }
    config->plans = build.plans;
    config_kept_settle (config->kept);
}

/* (transfer full): NULL with H3_ERROR: the file cannot be read. What else is wrong is among the
 * faults. */
static H3Config *
read_file (const char *path, const H3Config *before, gboolean is_dry, GError **error)
{
    ConfigDocument *document = config_document_new_from_file (path, error);
    H3Config *config;

    if (document == NULL)
        return NULL;
    config = g_new0 (H3Config, 1);
    g_atomic_ref_count_init (&config->references);
    config->document = document;
    config->kept = config_kept_new (before != NULL ? before->kept : NULL);
    config->app = h3_app_new ();
    build (config, is_dry);
    return config;
}

H3Config *
config_new_after (const char *path, const H3Config *before, GError **error)
{
    g_autoptr (H3Config) config = read_file (path, before, FALSE, error);
    g_auto (GStrv) faults = NULL;
    g_autofree char *text = NULL;

    if (config == NULL)
        return NULL;
    if (config->document->faults->len == 0)
        return g_steal_pointer (&config);
    faults = config_document_dup_faults (config->document);
    text = g_strjoinv ("\n", faults);
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, text);
    return NULL;
}

H3Config *
h3_config_new_from_file (const char *path, GError **error)
{
    g_return_val_if_fail (path != NULL, NULL);
    return config_new_after (path, NULL, error);
}

char **
h3_config_check_file (const char *path)
{
    g_autoptr (H3Config) config = NULL;
    g_autoptr (GError) error = NULL;
    char **alone;

    g_return_val_if_fail (path != NULL, NULL);
    config = read_file (path, NULL, TRUE, &error);
    if (config != NULL)
        return config_document_dup_faults (config->document);
    alone = g_new0 (char *, 2);
    alone[0] = g_strdup (error->message);
    return alone;
}

char *
h3_config_dup_keys (void)
{
    return config_schema_to_text ();
}

char *
h3_config_dup_keys_markdown (void)
{
    return config_schema_to_markdown ();
}
