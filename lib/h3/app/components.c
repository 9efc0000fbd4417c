/* SPDX-License-Identifier: MIT */

#include "app-private.h"
#include "components-inside.h"

#include <h3/base/error.h>

typedef struct {
    H3Component face; /* its name: owned */
    gpointer data;    /* owned, by way of destroy */
    GDestroyNotify destroy;
    gboolean is_ready;      /* init has been called; written before the app is frozen */
    atomic_bool is_started; /* who starts and stops writes it, workers read it */
} AppComponent;

void
app_component_free (gpointer data)
{
    AppComponent *component = data;

    if (component->destroy != NULL)
        component->destroy (component->data);
    g_free ((char *) component->face.name);
    g_free (component);
}

void
h3_app_add_component (H3App *app, const H3Component *component, gpointer data,
                      GDestroyNotify destroy)
{
    AppComponent *added;

    g_return_if_fail (H3_IS_APP (app) && component != NULL && component->name != NULL);
    if (!app_can_register (app)) {
        if (destroy != NULL)
            destroy (data);
        return;
    }
    added = g_new0 (AppComponent, 1);
    added->face = *component;
    added->face.name = g_strdup (component->name);
    added->data = data;
    added->destroy = destroy;
    g_ptr_array_add (app->components, added);
}

typedef struct {
    H3HealthCheck function;
    gpointer user_data; /* owned, by way of destroy */
    GDestroyNotify destroy;
} HealthCheck;

static gboolean
run_health_check (gpointer data, GError **error)
{
    const HealthCheck *check = data;

    return check->function (check->user_data, error);
}

static void
free_health_check (gpointer data)
{
    HealthCheck *check = data;

    if (check->destroy != NULL)
        check->destroy (check->user_data);
    g_free (check);
}

void
h3_app_add_health_check (H3App *app, const char *name, H3HealthCheck function, gpointer user_data,
                         GDestroyNotify destroy)
{
    const H3Component component = { .name = name, .health = run_health_check };
    HealthCheck *check;

    g_return_if_fail (H3_IS_APP (app) && name != NULL && function != NULL);
    check = g_new0 (HealthCheck, 1);
    check->function = function;
    check->user_data = user_data;
    check->destroy = destroy;
    h3_app_add_component (app, &component, check, free_health_check);
}

/* (transfer full): the app and all that are mounted below it, outermost first. */
static GPtrArray *
collect_apps (H3App *root)
{
    GPtrArray *apps = g_ptr_array_new ();

    g_ptr_array_add (apps, root);
    for (guint i = 0; i < apps->len; i++) {
        const H3App *app = apps->pdata[i];

        for (guint j = 0; j < app->mounts->len; j++)
            g_ptr_array_add (apps, ((const AppMount *) app->mounts->pdata[j])->child);
    }
    return apps;
}

/* A component that fails without a word is told of all the same. */
static void
tell_failure (const AppComponent *component, const char *what, GError *found, GError **error)
{
    if (found != NULL)
        g_propagate_prefixed_error (error, found, "component '%s' %s: ", component->face.name,
                                    what);
    else
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "component '%s' %s", component->face.name,
                     what);
}

static gboolean
init_component (H3App *app, AppComponent *component, GError **error)
{
    GError *found = NULL;

    if (component->is_ready)
        return TRUE;
    if (component->face.init != NULL && !component->face.init (app, component->data, &found)) {
        tell_failure (component, "cannot be set up", found, error);
        return FALSE;
    }
    component->is_ready = TRUE;
    return TRUE;
}

/* One of them may mount an app: all are looked for anew until there is none that is not ready. */
static gboolean
init_next (H3App *root, gboolean *out_found, GError **error)
{
    g_autoptr (GPtrArray) apps = collect_apps (root);

    *out_found = FALSE;
    for (guint i = 0; i < apps->len; i++) {
        H3App *app = apps->pdata[i];

        for (guint j = 0; j < app->components->len; j++) {
            AppComponent *component = app->components->pdata[j];

            *out_found = *out_found || !component->is_ready;
            if (!init_component (app, component, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_names (const H3App *root, GError **error)
{
    g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < root->all_components->len; i++) {
        const AppComponent *component = root->all_components->pdata[i];

        if (g_hash_table_add (names, (gpointer) component->face.name))
            continue;
        g_set_error (error, H3_ERROR, H3_ERROR_EXISTS, "there are two components called '%s'",
                     component->face.name);
        return FALSE;
    }
    return TRUE;
}

gboolean
app_components_init (H3App *root, GError **error)
{
    g_autoptr (GPtrArray) apps = NULL;
    gboolean found = TRUE;

    while (found) {
        if (!init_next (root, &found, error))
            return FALSE;
    }
    apps = collect_apps (root);
    g_ptr_array_set_size (root->all_components, 0);
    for (guint i = 0; i < apps->len; i++)
        g_ptr_array_extend (root->all_components, ((const H3App *) apps->pdata[i])->components,
                            NULL, NULL);
    return check_names (root, error);
}

static void
stop_component (AppComponent *component)
{
    if (!atomic_exchange (&component->is_started, FALSE))
        return;
    if (component->face.stop != NULL)
        component->face.stop (component->data);
}

void
app_components_stop (H3App *root)
{
    for (guint i = root->all_components->len; i > 0; i--)
        stop_component (root->all_components->pdata[i - 1]);
}

gboolean
app_components_start (H3App *root, GError **error)
{
    for (guint i = 0; i < root->all_components->len; i++) {
        AppComponent *component = root->all_components->pdata[i];
        GError *found = NULL;

        if (component->face.start != NULL && !component->face.start (component->data, &found)) {
            tell_failure (component, "cannot be started", found, error);
            app_components_stop (root);
            return FALSE;
        }
        atomic_store (&component->is_started, TRUE);
    }
    return TRUE;
}

guint
app_components_count (const H3App *root)
{
    return root->all_components->len;
}

const char *
app_components_get_name (const H3App *root, guint index)
{
    return ((const AppComponent *) root->all_components->pdata[index])->face.name;
}

gboolean
app_components_is_well (const H3App *root, guint index, GError **error)
{
    AppComponent *component = root->all_components->pdata[index];

    if (!atomic_load (&component->is_started)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_CLOSED, "it is not started");
        return FALSE;
    }
    return component->face.health == NULL || component->face.health (component->data, error);
}
