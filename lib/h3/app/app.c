/* SPDX-License-Identifier: MIT */

#include "app-private.h"
#include "components-inside.h"

#include <h3/base/error.h>

G_DEFINE_FINAL_TYPE (H3App, h3_app, G_TYPE_OBJECT)

static void
free_route (gpointer data)
{
    AppRoute *route = data;

    if (route->destroy != NULL)
        route->destroy (route->user_data);
    h3_route_unref (route->route);
    g_free (route->methods);
    g_free (route->pattern);
    g_free (route);
}

static void
free_use (gpointer data)
{
    AppUse *use = data;

    h3_middleware_unref (use->middleware);
    g_free (use->prefix);
    g_free (use);
}

static void
free_mount (gpointer data)
{
    AppMount *mount = data;

    g_object_unref (mount->child);
    g_free (mount->prefix);
    g_free (mount);
}

static void
free_hook (gpointer data)
{
    AppHook *hook = data;

    if (hook->destroy != NULL)
        hook->destroy (hook->user_data);
    g_free (hook);
}

void
app_clear_arguments (H3App *app)
{
    if (app->arguments.destroy != NULL)
        app->arguments.destroy (app->arguments.user_data);
    app->arguments.destroy = NULL;
    g_clear_pointer (&app->arguments.usage, g_free);
}

/* The server's threads read the table; a server that runs holds the app, so none do here. */
static void
h3_app_finalize (GObject *object)
{
    H3App *app = H3_APP (object);

    server_disown (app->server);
    g_clear_object (&app->server);
    g_clear_pointer (&app->table, app_table_free);
    g_clear_pointer (&app->caches, app_caches_free);
    g_clear_pointer (&app->shapes, router_free);
    while (app->components->len > 0)
        g_ptr_array_set_size (app->components, (gint) app->components->len - 1);
    g_ptr_array_unref (app->components);
    g_ptr_array_unref (app->all_components);
    g_ptr_array_unref (app->rules);
    g_ptr_array_unref (app->hooks);
    g_ptr_array_unref (app->uses);
    g_ptr_array_unref (app->routes);
    for (guint i = 0; i < app->mounts->len; i++)
        ((const AppMount *) app->mounts->pdata[i])->child->parent = NULL;
    g_ptr_array_unref (app->mounts);
    g_clear_pointer (&app->trusted, h3_trusted_proxies_unref);
    g_clear_error (&app->problem);
    app_clear_arguments (app);
    G_OBJECT_CLASS (h3_app_parent_class)->finalize (object);
}

static void
h3_app_class_init (H3AppClass *class)
{
    G_OBJECT_CLASS (class)->finalize = h3_app_finalize;
}

static void
h3_app_init (H3App *app)
{
    ServerDispatch dispatch = app_dispatch;

    app->preset = H3_PRESET_PRODUCTION;
    app->routes = g_ptr_array_new_with_free_func (free_route);
    app->uses = g_ptr_array_new_with_free_func (free_use);
    app->mounts = g_ptr_array_new_with_free_func (free_mount);
    app->hooks = g_ptr_array_new_with_free_func (free_hook);
    app->rules = g_ptr_array_new_with_free_func (app_rule_free);
    app->components = g_ptr_array_new_with_free_func (app_component_free);
    app->all_components = g_ptr_array_new ();
    app->shapes = router_new ();
    dispatch.data = app;
    dispatch.owner = G_OBJECT (app);
    app->server = server_new (&dispatch);
    app->caches = app_caches_new ();
}

H3App *
h3_app_new (void)
{
    return g_object_new (H3_TYPE_APP, NULL);
}

void
app_set_preset (H3App *app, H3Preset preset)
{
    app->preset = preset;
    if (preset == H3_PRESET_DEVELOPMENT)
        h3_server_get_limits (app->server)->drain_time = 2000;
    if (preset == H3_PRESET_TESTING) {
        h3_server_get_limits (app->server)->drain_time = 1000;
        h3_server_set_workers (app->server, 1);
    }
}

H3App *
h3_app_new_with_preset (H3Preset preset)
{
    H3App *app = h3_app_new ();

    app_set_preset (app, preset);
    if (preset == H3_PRESET_TESTING)
        (void) h3_server_add_address (app->server, "127.0.0.1:0", NULL);
    return app;
}

gboolean
app_can_register (const H3App *app)
{
    if (!app->is_frozen)
        return TRUE;
    g_critical ("the app has started: register before that");
    return FALSE;
}

/* The first problem is told when the app is started; what comes after it may follow from it. */
void
app_note_problem (H3App *app, GError *problem)
{
    if (app->problem == NULL)
        app->problem = problem;
    else
        g_error_free (problem);
}

H3Route *
h3_app_route (H3App *app, const char *methods, const char *pattern, H3Handler handler,
              gpointer user_data, GDestroyNotify destroy)
{
    AppRoute *route;
    GError *problem = NULL;

    g_return_val_if_fail (H3_IS_APP (app), NULL);
    g_return_val_if_fail (methods != NULL && pattern != NULL && handler != NULL, NULL);
    if (!app_can_register (app))
        return NULL;
    route = g_new0 (AppRoute, 1);
    route->methods = g_strdup (methods);
    route->pattern = g_strdup (pattern);
    route->handler = handler;
    route->user_data = user_data;
    route->destroy = destroy;
    g_ptr_array_add (app->routes, route);
    route->route = router_add (app->shapes, methods, pattern, NULL, NULL, &problem);
    if (route->route == NULL) {
        app_note_problem (app, problem);
        return NULL;
    }
    return h3_route_ref (route->route);
}

#define DEFINE_VERB(verb, methods)                                                                 \
    H3Route *h3_app_##verb (H3App *app, const char *pattern, H3Handler handler,                    \
                            gpointer user_data)                                                    \
    {                                                                                              \
        return h3_app_route (app, methods, pattern, handler, user_data, NULL);                     \
    }                                                                                              \
    H3Route *h3_app_##verb##_full (H3App *app, const char *pattern, H3Handler handler,             \
                                   gpointer user_data, GDestroyNotify destroy)                     \
    {                                                                                              \
        return h3_app_route (app, methods, pattern, handler, user_data, destroy);                  \
    }

DEFINE_VERB (get, "GET")
DEFINE_VERB (head, "HEAD")
DEFINE_VERB (post, "POST")
DEFINE_VERB (put, "PUT")
DEFINE_VERB (patch, "PATCH")
DEFINE_VERB (delete, "DELETE")
DEFINE_VERB (options, "OPTIONS")
DEFINE_VERB (all, "*")

/* A pattern without parameters; where it ends in a slash, that does not count. */
static gboolean
is_prefix (const char *prefix)
{
    g_autofree char *path = app_prefix_to_path (prefix);

    return path != NULL && prefix[0] == '/';
}

static void
add_use (H3App *app, const char *prefix, H3Route *route, H3Middleware *middleware)
{
    AppUse *use = g_new0 (AppUse, 1);

    use->prefix = g_strdup (prefix);
    use->route = route;
    use->middleware = middleware;
    g_ptr_array_add (app->uses, use);
}

void
h3_app_use (H3App *app, const char *prefix, H3Middleware *middleware)
{
    g_return_if_fail (H3_IS_APP (app) && prefix != NULL && middleware != NULL);
    if (!app_can_register (app)) {
        h3_middleware_unref (middleware);
        return;
    }
    if (!is_prefix (prefix))
        app_note_problem (app,
                          g_error_new (H3_ERROR, H3_ERROR_INVALID,
                                       "middleware cannot stand at '%s': a prefix is a pattern "
                                       "without parameters, as in /api",
                                       prefix));
    add_use (app, prefix, NULL, middleware);
}

void
h3_app_use_for (H3App *app, H3Route *route, H3Middleware *middleware)
{
    g_return_if_fail (H3_IS_APP (app) && middleware != NULL);
    if (route == NULL || !app_can_register (app))
        h3_middleware_unref (middleware);
    else
        add_use (app, NULL, route, middleware);
}

/* Apps stand in a tree: none holds itself. */
static gboolean
can_mount (const H3App *app, const H3App *child)
{
    if (child->parent != NULL || child->is_frozen)
        return FALSE;
    for (; app != NULL; app = app->parent) {
        if (app == child)
            return FALSE;
    }
    return TRUE;
}

void
h3_app_mount (H3App *app, const char *prefix, H3App *child)
{
    AppMount *mount;

    g_return_if_fail (H3_IS_APP (app) && prefix != NULL && H3_IS_APP (child));
    g_return_if_fail (can_mount (app, child));
    if (!app_can_register (app))
        return;
    if (!is_prefix (prefix)) {
        app_note_problem (app,
                          g_error_new (H3_ERROR, H3_ERROR_INVALID,
                                       "an app cannot be mounted at '%s': a prefix is a pattern "
                                       "without parameters, as in /api",
                                       prefix));
        return;
    }
    mount = g_new0 (AppMount, 1);
    mount->prefix = g_strdup (prefix);
    mount->child = g_object_ref (child);
    child->parent = app;
    g_ptr_array_add (app->mounts, mount);
}

H3App *
h3_app_group (H3App *app, const char *prefix)
{
    g_autoptr (H3App) child = h3_app_new ();

    h3_app_mount (app, prefix, child);
    return child;
}

static void
add_hook (H3App *app, HookKind kind, GCallback function, gpointer user_data, GDestroyNotify destroy)
{
    AppHook *hook = g_new0 (AppHook, 1);

    hook->kind = kind;
    hook->function = function;
    hook->user_data = user_data;
    hook->destroy = destroy;
    g_ptr_array_add (app->hooks, hook);
}

void
h3_app_on_request (H3App *app, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (H3_IS_APP (app) && function != NULL && app_can_register (app));
    add_hook (app, HOOK_REQUEST, G_CALLBACK (function), user_data, destroy);
}

void
h3_app_on_send (H3App *app, H3Handler function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (H3_IS_APP (app) && function != NULL && app_can_register (app));
    add_hook (app, HOOK_SEND, G_CALLBACK (function), user_data, destroy);
}

void
h3_app_on_response (H3App *app, H3Disposed function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (H3_IS_APP (app) && function != NULL && app_can_register (app));
    add_hook (app, HOOK_RESPONSE, G_CALLBACK (function), user_data, destroy);
}

void
h3_app_on_error (H3App *app, H3ErrorHandler function, gpointer user_data, GDestroyNotify destroy)
{
    g_return_if_fail (H3_IS_APP (app) && function != NULL && app_can_register (app));
    add_hook (app, HOOK_ERROR, G_CALLBACK (function), user_data, destroy);
}

H3Route *
h3_app_find_route (H3App *app, const char *name)
{
    g_return_val_if_fail (H3_IS_APP (app) && name != NULL, NULL);
    return router_find_by_name (app->table != NULL ? app->table->router : app->shapes, name);
}

H3Route *
h3_app_get_route_at (H3App *app, guint index)
{
    const Router *router;

    g_return_val_if_fail (H3_IS_APP (app), NULL);
    router = app->table != NULL ? app->table->router : app->shapes;
    return index < router_count_routes (router) ? router_get_route (router, index) : NULL;
}

gboolean
app_can_configure (H3App *app, GError **error)
{
    if (app->parent == NULL)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "a mounted app has no server of its own: set this on the app it is mounted in");
    return FALSE;
}

gboolean
h3_app_trust_proxy (H3App *app, const char *prefix, GError **error)
{
    g_return_val_if_fail (H3_IS_APP (app) && prefix != NULL && app_can_register (app), FALSE);
    if (!app_can_configure (app, error))
        return FALSE;
    if (app->trusted == NULL)
        app->trusted = h3_trusted_proxies_new ();
    return h3_trusted_proxies_add (app->trusted, prefix, error);
}

gboolean
h3_app_set_limit (H3App *app, const char *name, gint64 value, GError **error)
{
    g_return_val_if_fail (H3_IS_APP (app) && name != NULL && app_can_register (app), FALSE);
    return app_can_configure (app, error)
           && h3_limits_set (h3_server_get_limits (app->server), name, value, error);
}

H3Server *
h3_app_get_server (H3App *app)
{
    g_return_val_if_fail (H3_IS_APP (app), NULL);
    return app->server;
}

gboolean
h3_app_listen (H3App *app, const char *address, GError **error)
{
    g_return_val_if_fail (H3_IS_APP (app) && address != NULL, FALSE);
    return app_can_configure (app, error) && h3_server_add_address (app->server, address, error);
}

/* What was set by name is in range; what was written into the struct may not be. */
static gboolean
check_limits (H3Limits *limits, GError **error)
{
    guint n;
    const H3LimitInfo *rows = h3_limits_list (&n);

    for (guint i = 0; i < n; i++) {
        gint64 value;

        memcpy (&value, (const char *) limits + rows[i].offset, sizeof value);
        if (!h3_limits_set (limits, rows[i].option, value, error))
            return FALSE;
    }
    return TRUE;
}

/* Routes and apps, mounted ones too, refuse from now on what would come too late. */
static void
freeze_shapes (H3App *root)
{
    g_autoptr (GPtrArray) apps = g_ptr_array_new ();

    g_ptr_array_add (apps, root);
    for (guint i = 0; i < apps->len; i++) {
        H3App *app = apps->pdata[i];

        app->is_frozen = TRUE;
        (void) router_freeze (app->shapes, NULL);
        for (guint j = 0; j < app->mounts->len; j++)
            g_ptr_array_add (apps, ((const AppMount *) app->mounts->pdata[j])->child);
    }
}

gboolean
app_freeze (H3App *app, GError **error)
{
    if (app->table != NULL)
        return TRUE;
    if (!check_limits (h3_server_get_limits (app->server), error)
        || !app_components_init (app, error))
        return FALSE;
    app->table = app_table_new (app, error);
    if (app->table == NULL)
        return FALSE;
    freeze_shapes (app);
    return TRUE;
}

gboolean
h3_app_start (H3App *app, GError **error)
{
    g_return_val_if_fail (H3_IS_APP (app) && app->parent == NULL, FALSE);
    return h3_server_start (app->server, error);
}

void
h3_app_stop (H3App *app)
{
    g_return_if_fail (H3_IS_APP (app));
    h3_server_stop (app->server);
}
