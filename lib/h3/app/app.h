/* SPDX-License-Identifier: MIT
 *
 * What a user meets first: routes and middleware (hooks: <h3/app/hooks.h>; rules:
 * <h3/app/app-rules.h>; what was matched last: <h3/app/app-cache.h>; the whole of a program:
 * <h3/app/app-run.h>; parts that begin and end with it: <h3/app/components.h>), and the server that
 * runs them.
 * Everything is registered before the start, on one thread; then it is frozen, and read by all
 * workers. What cannot be (a pattern, a route registered twice) is remembered and told when the app
 * is started, before anything has been. Since: 0.1 */

#pragma once

#include <h3/app/app-cache.h>
#include <h3/app/app-rules.h>
#include <h3/app/app-run.h>
#include <h3/app/components.h>
#include <h3/app/hooks.h>
#include <h3/engine/server.h>
#include <h3/route/chain.h>
#include <h3/route/route.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define H3_TYPE_APP (h3_app_get_type ())

/**
 * H3App:
 *
 * What a program answers to whom: routes, middleware, hooks and rules, and the server that runs
 * them. Everything is registered before the start, on one thread; then it is frozen. What is
 * registered later is refused with a critical warning.
 *
 * An app that runs is held by its server: dropping the last reference of the program does not end
 * it, h3_app_stop() does.
 *
 * Since: 0.1
 */
G_DECLARE_FINAL_TYPE (H3App, h3_app, H3, APP, GObject)

/**
 * H3Preset:
 * @H3_PRESET_DEVELOPMENT: JSON answers are pretty, errors show their messages, 2 s to drain
 * @H3_PRESET_PRODUCTION: the default
 * @H3_PRESET_TESTING: one worker, 127.0.0.1 port 0, 1 s to drain
 *
 * What an app is made for: it says what the defaults are.
 *
 * Since: 0.1
 */
typedef enum { H3_PRESET_DEVELOPMENT, H3_PRESET_PRODUCTION, H3_PRESET_TESTING } H3Preset;

/**
 * h3_app_new:
 *
 * Makes an app with the production preset.
 *
 * Returns: (transfer full): a new app
 *
 * Since: 0.1
 */
H3App *h3_app_new (void);

/**
 * h3_app_new_with_preset:
 * @preset: what it is made for
 *
 * Makes an app with the defaults of @preset.
 *
 * Returns: (transfer full): a new app
 *
 * Since: 0.1
 */
H3App *h3_app_new_with_preset (H3Preset preset);

/**
 * h3_app_route:
 * @app: an app that has not started
 * @methods: names with blanks between, or `*` for any
 * @pattern: see docs/routing.md: `/users/:id`, `/files/` and two stars
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer the requests with one of @methods to the paths that @pattern takes.
 *
 * Returns: (transfer none) (nullable): the route, for its name and options; %NULL for one that
 *   cannot be: h3_app_start() then tells why
 *
 * Since: 0.1
 */
H3Route *h3_app_route (H3App *app, const char *methods, const char *pattern, H3Handler handler,
                       gpointer user_data, GDestroyNotify destroy);

/**
 * h3_app_get:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer GET requests to the paths that @pattern takes. It takes HEAD too, where no
 * route for HEAD does. In bindings h3_app_get_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_get (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_head:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer HEAD requests to the paths that @pattern takes.
 * In bindings h3_app_head_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_head (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_post:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer POST requests to the paths that @pattern takes.
 * In bindings h3_app_post_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_post (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_put:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer PUT requests to the paths that @pattern takes.
 * In bindings h3_app_put_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_put (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_patch:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer PATCH requests to the paths that @pattern takes.
 * In bindings h3_app_patch_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_patch (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_delete:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer DELETE requests to the paths that @pattern takes.
 * In bindings h3_app_delete_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_delete (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_options:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer OPTIONS requests to the paths that @pattern takes.
 * In bindings h3_app_options_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_options (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_all:
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope forever) (closure user_data): called on a worker's thread, any of them, several
 *   at once
 * @user_data: (nullable): for @handler; it lasts as long as @app
 *
 * Has @handler answer requests of any method to the paths that @pattern takes.
 * In bindings h3_app_all_full() has this name.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_all (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_get_full: (rename-to h3_app_get)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer GET requests to the paths that @pattern takes: h3_app_get() with data that is
 * freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_get_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                          GDestroyNotify destroy);

/**
 * h3_app_head_full: (rename-to h3_app_head)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer HEAD requests to the paths that @pattern takes: h3_app_head() with data that
 * is freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_head_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                           GDestroyNotify destroy);

/**
 * h3_app_post_full: (rename-to h3_app_post)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer POST requests to the paths that @pattern takes: h3_app_post() with data that
 * is freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_post_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                           GDestroyNotify destroy);

/**
 * h3_app_put_full: (rename-to h3_app_put)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer PUT requests to the paths that @pattern takes: h3_app_put() with data that is
 * freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_put_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                          GDestroyNotify destroy);

/**
 * h3_app_patch_full: (rename-to h3_app_patch)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer PATCH requests to the paths that @pattern takes: h3_app_patch() with data
 * that is freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_patch_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                            GDestroyNotify destroy);

/**
 * h3_app_delete_full: (rename-to h3_app_delete)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer DELETE requests to the paths that @pattern takes: h3_app_delete() with data
 * that is freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_delete_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                             GDestroyNotify destroy);

/**
 * h3_app_options_full: (rename-to h3_app_options)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer OPTIONS requests to the paths that @pattern takes: h3_app_options() with data
 * that is freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_options_full (H3App *app, const char *pattern, H3Handler handler,
                              gpointer user_data, GDestroyNotify destroy);

/**
 * h3_app_all_full: (rename-to h3_app_all)
 * @app: an app that has not started
 * @pattern: as of h3_app_route()
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 * @user_data: (nullable): for @handler
 * @destroy: (nullable): for @user_data, when @app is freed
 *
 * Has @handler answer requests of any method to the paths that @pattern takes: h3_app_all() with
 * data that is freed with @app.
 *
 * Returns: (transfer none) (nullable): as of h3_app_route()
 *
 * Since: 0.1
 */
H3Route *h3_app_all_full (H3App *app, const char *pattern, H3Handler handler, gpointer user_data,
                          GDestroyNotify destroy);

/**
 * h3_app_use:
 * @app: an app that has not started
 * @prefix: a pattern without parameters, as in `/api`; `/` is all of @app. It covers whole
 *   segments: `/api` and `/api/x`, not `/apiv2`
 * @middleware: (transfer full): what stands there
 *
 * Puts @middleware before all handlers at and below @prefix, and before the 404, 405 and 204 of
 * paths without a route. What is registered first runs first; that of an app runs before that of
 * the apps mounted in it. A @prefix that cannot be is told by h3_app_start().
 *
 * Since: 0.1
 */
void h3_app_use (H3App *app, const char *prefix, H3Middleware *middleware);

/**
 * h3_app_use_for:
 * @app: an app that has not started
 * @route: (nullable): a route of @app; %NULL, for one that could not be, drops @middleware
 * @middleware: (transfer full): what stands there
 *
 * Puts @middleware before the handler of @route, behind all of h3_app_use().
 *
 * Since: 0.1
 */
void h3_app_use_for (H3App *app, H3Route *route, H3Middleware *middleware);

/**
 * h3_app_mount:
 * @app: an app that has not started
 * @prefix: as of h3_app_use()
 * @child: (transfer none): an app that is mounted nowhere and has not started; a reference is kept
 *
 * Has everything of @child appear below @prefix: routes (its `/` at the prefix itself), middleware,
 * hooks, error handler. It may be filled until @app starts, and is frozen with it. Its server is
 * never used: limits, addresses and proxies are set on the outermost app, and an error on others.
 *
 * Since: 0.1
 */
void h3_app_mount (H3App *app, const char *prefix, H3App *child);

/**
 * h3_app_group:
 * @app: an app that has not started
 * @prefix: as of h3_app_use()
 *
 * Makes a new app and mounts it at @prefix: a group of routes.
 *
 * Returns: (transfer none): the app that is mounted there; @app holds it
 *
 * Since: 0.1
 */
H3App *h3_app_group (H3App *app, const char *prefix);

/**
 * h3_app_find_route:
 * @app: an app
 * @name: as of h3_route_set_name()
 *
 * Looks for a route by its name. Before the start, on the thread that registers, among the app's
 * own; from then on, on any thread, among those that are served, mounted ones too, whose patterns
 * have their prefixes. Those have the names, options and data of what h3_app_route() gave, and are
 * not the same pointers.
 *
 * Returns: (transfer none) (nullable): the route; %NULL where none has this name
 *
 * Since: 0.1
 */
H3Route *h3_app_find_route (H3App *app, const char *name);

/**
 * h3_app_get_route_at:
 * @app: an app
 * @index: the route's place, from 0
 *
 * Gets a route by its place, among those that h3_app_find_route() looks at.
 *
 * Returns: (transfer none) (nullable): the route; %NULL behind the last
 *
 * Since: 0.1
 */
H3Route *h3_app_get_route_at (H3App *app, guint index);

/**
 * h3_app_trust_proxy:
 * @app: an app that has not started and is not mounted
 * @prefix: their addresses: `10.0.0.0/8`, `::1`, or `unix` for peers of Unix sockets
 * @error: %H3_ERROR_INVALID, which names what cannot be
 *
 * Believes the Forwarded (RFC 7239) and X-Forwarded-* fields of the proxies at @prefix; may be
 * called for several.
 *
 * Returns: %FALSE with @error where @prefix is none, or @app is mounted
 *
 * Since: 0.1
 */
gboolean h3_app_trust_proxy (H3App *app, const char *prefix, GError **error);

/**
 * h3_app_set_limit:
 * @app: an app that has not started and is not mounted
 * @name: of a limit or timeout: `max-body`; docs/limits.md has them all
 * @value: in the limit's own unit
 * @error: %H3_ERROR_NOT_FOUND or %H3_ERROR_INVALID, which name it and its range
 *
 * Sets a limit or timeout by its name in `<h3/http/limits.h>`.
 *
 * Returns: %FALSE with @error where there is none, @value is out of range, or @app is mounted
 *
 * Since: 0.1
 */
gboolean h3_app_set_limit (H3App *app, const char *name, gint64 value, GError **error);

/**
 * h3_app_get_server:
 * @app: an app
 *
 * Gets its server: addresses, workers, TLS, its `stopped` signal. Any thread; the server's
 * functions say which theirs are.
 *
 * Returns: (transfer none): the server, which lives as long as @app
 *
 * Since: 0.1
 */
H3Server *h3_app_get_server (H3App *app);

/**
 * h3_app_listen:
 * @app: an app that is not mounted
 * @address: as of h3_server_add_address(): `127.0.0.1:8080`, `[::1]:8080`, `unix:/path`
 * @error: %H3_ERROR_INVALID, which names what cannot be
 *
 * Adds an address to listen on.
 *
 * Returns: %FALSE with @error where @address is none, or @app is mounted
 *
 * Since: 0.1
 */
gboolean h3_app_listen (H3App *app, const char *address, GError **error);

/**
 * h3_app_start:
 * @app: an app that is not mounted
 * @error: %H3_ERROR for the first thing that cannot be: a pattern, a route or a name given twice
 *   (%H3_ERROR_EXISTS), a limit out of range, an address in use
 *
 * Freezes the app, with all that are mounted in it, and starts its server; returns at once. A
 * server that has stopped may be started again, with the same routes.
 *
 * Returns: %FALSE where it cannot be: nothing is left started
 *
 * Since: 0.1
 */
gboolean h3_app_start (H3App *app, GError **error);

/**
 * h3_app_stop:
 * @app: an app that is not mounted
 *
 * Stops accepting and finishes what runs; then #H3Server::stopped is emitted. Any thread, handlers
 * included.
 *
 * Since: 0.1
 */
void h3_app_stop (H3App *app);

G_END_DECLS
