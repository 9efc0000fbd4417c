/* SPDX-License-Identifier: MIT
 *
 * What a user meets first: routes and middleware (hooks: <h3/app/hooks.h>; rules:
 * <h3/app/app-rules.h>; what was matched last: <h3/app/app-cache.h>; the whole of a program:
 * <h3/app/app-run.h>), and the server that runs them.
 * Everything is registered before the start, on one thread; then it is frozen, and read by all
 * workers. What cannot be (a pattern, a route registered twice) is remembered and told when the app
 * is started, before anything has been. Since: 0.1 */

#pragma once

#include <h3/app/app-cache.h>
#include <h3/app/app-rules.h>
#include <h3/app/app-run.h>
#include <h3/app/hooks.h>
#include <h3/engine/server.h>
#include <h3/route/chain.h>
#include <h3/route/route.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define H3_TYPE_APP (h3_app_get_type ())
G_DECLARE_FINAL_TYPE (H3App, h3_app, H3, APP, GObject)

/**
 * H3Preset:
 * @H3_PRESET_DEVELOPMENT: JSON answers are pretty, errors show their messages, 2 s to drain
 * @H3_PRESET_PRODUCTION: the default
 * @H3_PRESET_TESTING: one worker, 127.0.0.1 port 0, 1 s to drain
 */
typedef enum { H3_PRESET_DEVELOPMENT, H3_PRESET_PRODUCTION, H3_PRESET_TESTING } H3Preset;

/* Returns: (transfer full): an app with the production preset. */
H3App *h3_app_new (void);
H3App *h3_app_new_with_preset (H3Preset preset);

/**
 * h3_app_route:
 * @methods: names with blanks between, or `*` for any
 * @pattern: see docs/routing.md: `/users/:id`, `/files/` and two stars
 * @handler: (scope notified) (closure user_data) (destroy destroy): called on a worker's thread,
 *   any of them, several at once
 *
 * Returns: (transfer none) (nullable): the route, for its name and options; %NULL for one that
 *   cannot be: h3_app_start() then tells why
 */
H3Route *h3_app_route (H3App *app, const char *methods, const char *pattern, H3Handler handler,
                       gpointer user_data, GDestroyNotify destroy);

/* h3_app_route () for one method (`all` is `*`), without a destroy function. GET takes HEAD too,
 * where no route for HEAD does. Returns: (transfer none) (nullable). */
H3Route *h3_app_get (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_head (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_post (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_put (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_patch (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_delete (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_options (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);
H3Route *h3_app_all (H3App *app, const char *pattern, H3Handler handler, gpointer user_data);

/**
 * h3_app_use:
 * @app: an app that has not started
 * @prefix: a pattern without parameters, as in `/api`; `/` is all of @app. It covers whole
 *   segments: `/api` and `/api/x`, not `/apiv2`
 * @middleware: (transfer full): what stands there
 *
 * Puts @middleware before all handlers at and below @prefix, and before the 404, 405 and 204 of
 * paths without a route. What is registered first runs first; that of an app runs before that of
 * the apps mounted in it.
 */
void h3_app_use (H3App *app, const char *prefix, H3Middleware *middleware);
/**
 * h3_app_use_for:
 * @app: an app that has not started
 * @route: (nullable): a route of @app; %NULL, for one that could not be, drops @middleware
 * @middleware: (transfer full): what stands there
 *
 * Puts @middleware before the handler of @route, behind all of h3_app_use().
 */
void h3_app_use_for (H3App *app, H3Route *route, H3Middleware *middleware);

/**
 * h3_app_mount:
 * @app: an app that has not started
 * @prefix: as of h3_app_use()
 * @child: (transfer none): an app that is mounted nowhere; a reference is kept
 *
 * Everything of @child appears below @prefix: routes (its `/` at the prefix itself), middleware,
 * hooks, error handler. It may be filled until @app starts, and is frozen with it. Its server is
 * never used: limits, addresses and proxies are set on the outermost app, and an error on others.
 */
void h3_app_mount (H3App *app, const char *prefix, H3App *child);
/* Returns: (transfer none): a new app mounted at `prefix`: a group of routes. */
H3App *h3_app_group (H3App *app, const char *prefix);

/* Returns: (transfer none) (nullable): a route by name; a route by its place, %NULL behind the
 * last. Before the start these are the app's own; from then on those that are served, mounted ones
 * too, whose patterns have their prefixes. Those have the names, options and data of what
 * h3_app_route () gave, and are not the same pointers. */
H3Route *h3_app_find_route (H3App *app, const char *name);
H3Route *h3_app_get_route_at (H3App *app, guint index);

/* Believes the Forwarded and X-Forwarded-* fields of proxies at `prefix`: "10.0.0.0/8", "::1", or
 * "unix" for peers of Unix sockets. FALSE with H3_ERROR_INVALID, which names it. Before the start.
 */
gboolean h3_app_trust_proxy (H3App *app, const char *prefix, GError **error);

/* Sets a limit or timeout by its name in <h3/http/limits.h>. FALSE with H3_ERROR_NOT_FOUND or
 * H3_ERROR_INVALID, which name it and its range. Before the start. */
gboolean h3_app_set_limit (H3App *app, const char *name, gint64 value, GError **error);

/* Returns: (transfer none): the server: addresses, workers, its "stopped" signal. */
H3Server *h3_app_get_server (H3App *app);

/* Adds an address to listen on, as of h3_server_add_address (). FALSE with H3_ERROR_INVALID. */
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
 */
gboolean h3_app_start (H3App *app, GError **error);

/* Stops accepting, finishes what runs, then "stopped" is emitted. Any thread, handlers included. */
void h3_app_stop (H3App *app);

G_END_DECLS
