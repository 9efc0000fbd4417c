/* SPDX-License-Identifier: MIT */

#include "config-build.h"

#include "app-private.h"

#include <h3/route/chain-inside.h>
#include <h3/store/memory-store.h>

#include <string.h>

/* Of a store that no group names: clients that are remembered, and what they take. */
#define MEMORY_ENTRIES 100000
#define MEMORY_BYTES   (64 << 20)

void
config_build_tell (ConfigBuild *build, const ConfigGroup *group, const char *key,
                   const char *format, ...)
{
    guint line = key != NULL ? config_group_get_line (group, key) : group->line;
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    config_document_tell (build->document, line, "%s%s%s", key != NULL ? key : "",
                          key != NULL ? ": " : "", text);
}

void
config_build_tell_error (ConfigBuild *build, const ConfigGroup *group, const char *key,
                         GError *error)
{
    config_document_tell_error (build->document,
                                key != NULL ? config_group_get_line (group, key) : group->line, key,
                                error);
}

gboolean
config_build_check_prefix (ConfigBuild *build, const ConfigGroup *group, const char *key,
                           const char *prefix)
{
    g_autofree char *path = app_prefix_to_path (prefix);

    if (path != NULL && prefix[0] == '/')
        return TRUE;
    config_build_tell (build, group, key,
                       "'%s' is no prefix of paths: it begins with / and has no parameters, as in "
                       "/api",
                       prefix);
    return FALSE;
}

void
config_build_use (ConfigBuild *build, const ConfigGroup *group, H3Middleware *middleware)
{
    const char *const *paths = config_group_get_list (group, "path");
    GError *error = NULL;

    if (middleware == NULL)
        return;
    if (!middleware_check (middleware, &error)) {
        config_build_tell_error (build, group, NULL, error);
        paths = NULL;
    }
    for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
        if (config_build_check_prefix (build, group, "path", paths[i]))
            h3_app_use (build->app, paths[i], h3_middleware_ref (middleware));
    }
    h3_middleware_unref (middleware);
}

gboolean
config_build_claim (ConfigBuild *build, const ConfigGroup *group, const char *pattern)
{
    gpointer line = g_hash_table_lookup (build->routes, pattern);

    if (line == NULL) {
        g_hash_table_insert (build->routes, g_strdup (pattern), GUINT_TO_POINTER (group->line));
        return TRUE;
    }
    config_build_tell (build, group, NULL, "%s is served already, by the group on line %u", pattern,
                       GPOINTER_TO_UINT (line));
    return FALSE;
}

H3Route *
config_build_route (ConfigBuild *build, const ConfigGroup *group, const char *methods,
                    const char *prefix, gboolean is_whole, H3Handler handler, gpointer data,
                    GDestroyNotify destroy)
{
    g_autofree char *path = app_prefix_to_path (prefix);
    g_autofree char *pattern = NULL;

    if (path != NULL)
        pattern =
            is_whole ? g_strdup (*path != '\0' ? path : "/") : g_strconcat (path, "/**", NULL);
    if (config_build_check_prefix (build, group, NULL, prefix)
        && config_build_claim (build, group, pattern))
        return h3_app_route (build->app, methods, pattern, handler, data, destroy);
    if (destroy != NULL)
        destroy (data);
    return NULL;
}

/* (transfer none): nobody but `purpose` uses it. */
static H3Store *
get_memory (ConfigBuild *build, const char *purpose)
{
    g_autofree char *name = g_strconcat ("memory of ", purpose, NULL);
    H3Store *store = config_kept_find (build->kept, name);

    if (store == NULL)
        store = config_kept_add (
            build->kept, name, h3_memory_store_new (MEMORY_ENTRIES, MEMORY_BYTES), g_object_unref);
    return store;
}

H3Store *
config_build_get_store (ConfigBuild *build, const ConfigGroup *group, const char *purpose)
{
    const char *name = config_group_get_text (group, "store");
    const ConfigGroup *store;

    if (name == NULL)
        return get_memory (build, purpose);
    store = config_document_find (build->document, "store", name);
    if (store != NULL)
        return config_kept_find (build->kept, store->text);
    config_build_tell (build, group, "store", "there is no group [store %s]", name);
    return NULL;
}

char *
config_build_dup_name (ConfigBuild *build, const ConfigGroup *group)
{
    const char *name = config_group_get_text (group, "store");
    const ConfigGroup *store = NULL;

    if (name != NULL)
        store = config_document_find (build->document, "store", name);
    return g_strconcat (group->text, "\n", store != NULL ? store->text : "", NULL);
}

/* A token, in capitals as all known ones are: get would never come. */
static gboolean
is_method (const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isupper (*at) && *at != '-')
            return FALSE;
    }
    return *name != '\0';
}

H3Middleware *
config_build_limit_methods (ConfigBuild *build, const ConfigGroup *group, H3Middleware *middleware)
{
    const char *const *methods = config_group_get_list (group, "methods");
    g_autofree char *names = NULL;

    if (methods == NULL)
        return middleware;
    for (guint i = 0; methods[i] != NULL; i++) {
        if (!is_method (methods[i]))
            config_build_tell (build, group, "methods",
                               "'%s' is no method: they are written GET;POST", methods[i]);
    }
    names = g_strjoinv (" ", (char **) methods);
    h3_middleware_set_methods (middleware, names);
    return middleware;
}

/* Whether it keeps somebody out: by address, or whoever shows no password, whatever the method. */
static gboolean
is_guard (const ConfigGroup *group)
{
    if (strcmp (group->shape->name, "auth") == 0)
        return config_group_get_number (group, "optional") == 0
               && !config_group_has (group, "methods");
    return strcmp (group->shape->name, "clients") == 0;
}

/* Whether the group stands before the path. */
static gboolean
covers (const ConfigGroup *group, const char *path)
{
    const char *const *paths = config_group_get_list (group, "path");

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autofree char *prefix = app_prefix_to_path (paths[i]);

        if (prefix != NULL && chain_prefix_has (prefix, h3_view_of (path)))
            return TRUE;
    }
    return FALSE;
}

gboolean
config_build_is_guarded (const ConfigBuild *build, const char *path)
{
    const GPtrArray *groups = build->document->groups;

    for (guint i = 0; i < groups->len; i++) {
        const ConfigGroup *group = groups->pdata[i];

        if (is_guard (group) && covers (group, path))
            return TRUE;
    }
    return FALSE;
}

static void
apply_phase (ConfigBuild *build, ConfigPhase phase)
{
    const GPtrArray *groups = build->document->groups;

    for (guint i = 0; i < groups->len; i++) {
        const ConfigGroup *group = groups->pdata[i];

        if ((group->shape->phases & (1u << phase)) != 0)
            group->shape->apply (build, group, phase);
    }
}

/* Sealed sessions are kept by clients. */
static gboolean
keeps_in_memory (const ConfigBuild *build, const ConfigGroup *group)
{
    static const char *const users[] = { "sessions", "csrf", "rate-limit", "idempotency", NULL };
    const ConfigGroup *store;
    const char *url;

    if (!g_strv_contains (users, group->shape->name)
        || (strcmp (group->shape->name, "sessions") == 0 && config_group_has (group, "secrets")))
        return FALSE;
    if (!config_group_has (group, "store"))
        return TRUE;
    store = config_document_find (build->document, "store", config_group_get_text (group, "store"));
    url = store != NULL ? config_group_get_text (store, "url") : NULL;
    return url != NULL && g_str_has_prefix (url, "memory:");
}

/* Several processes would each know what came to it alone: a session would be there by turns, and
 * a limit so many times as wide. */
static void
check_memory (ConfigBuild *build)
{
    const GPtrArray *groups = build->document->groups;

    if (config_document_count_processes (build->document) < 2)
        return;
    for (guint i = 0; i < groups->len; i++) {
        const ConfigGroup *group = groups->pdata[i];

        if (keeps_in_memory (build, group))
            config_build_tell (build, group, config_group_has (group, "store") ? "store" : NULL,
                               "several processes would have a memory each: give a store of a "
                               "[store NAME] on a Redis server, or leave processes out");
    }
}

static void
listen_by_default (ConfigBuild *build)
{
    if (config_document_find (build->document, "certificate", NULL) != NULL)
        build->n_secure++;
    (void) h3_app_listen (
        build->app, build->app->preset == H3_PRESET_TESTING ? "127.0.0.1:0" : "127.0.0.1:8080",
        NULL);
}

void
config_build_run (ConfigBuild *build)
{
    build->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    check_memory (build);
    for (guint phase = 0; phase < N_CONFIG_PHASES; phase++) {
        apply_phase (build, (ConfigPhase) phase);
        if (phase == CONFIG_PHASE_SERVER && build->n_listeners == 0)
            listen_by_default (build);
    }
    if (build->tls != NULL)
        h3_server_set_tls (h3_app_get_server (build->app), build->tls);
    g_clear_pointer (&build->tls, h3_tls_settings_free);
    g_clear_pointer (&build->routes, g_hash_table_unref);
}
