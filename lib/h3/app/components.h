/* SPDX-License-Identifier: MIT
 *
 * Parts of a program that begin and end with its server: what they need is set up before the first
 * request and taken down behind the last, and one answer says how all of them are. Registered
 * before the start, on one thread. Part of <h3/app/app.h>. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * H3Component: (skip)
 * @name: copied; no two components of an app, or of those mounted in it, share one
 * @init: (nullable): once, on the thread that starts the app first, while routes and middleware may
 *   still be added to @app, the app it was added to. %FALSE with an error: the app does not start,
 *   and the next start calls this again
 * @start: (nullable): at each start, on its thread, before the server listens. %FALSE with an
 *   error: the app does not start, and those that did are stopped
 * @stop: (nullable): at the end of each run, behind its last exchange, in the reverse order: on a
 *   thread of the server's, or on the starting one where a later part of the start failed. It may
 *   wait: h3_server_wait() does, until it has returned
 * @health: (nullable): whether it is well, else why not: the error's message is told to whoever
 *   asks. Called on workers, several at once, while it is started: it reads what is known, and
 *   does not wait
 *
 * What a component does; `data` is what was given with it.
 *
 * Since: 0.1
 */
typedef struct {
    const char *name;
    gboolean (*init) (H3App *app, gpointer data, GError **error);
    gboolean (*start) (gpointer data, GError **error);
    void (*stop) (gpointer data);
    gboolean (*health) (gpointer data, GError **error);
} H3Component;

/**
 * H3HealthCheck:
 * @user_data: (nullable) (closure): what was registered with it
 * @error: its message is told to whoever asks
 *
 * Says whether something is well. Called on workers, several at once: it reads what is known, and
 * does not wait.
 *
 * Returns: %FALSE, where it can with @error, where it is not well
 *
 * Since: 0.1
 */
typedef gboolean (*H3HealthCheck) (gpointer user_data, GError **error);

/**
 * h3_app_add_component: (skip)
 * @app: an app that has not started; a component's `init` may add more
 * @component: (transfer none): copied
 * @data: (nullable): for its functions
 * @destroy: (nullable): for @data, when the app is freed, those added last first
 *
 * Adds a part of the program that begins and ends with the server. Components start in the order in
 * which they were added, those of an app before those of the apps mounted in it.
 *
 * Bindings have h3_app_add_health_check(). What a program is to begin it begins before
 * h3_app_start(), and ends it on #H3Server::stopped.
 *
 * Since: 0.1
 */
void h3_app_add_component (H3App *app, const H3Component *component, gpointer data,
                           GDestroyNotify destroy);

/**
 * h3_app_add_health_check:
 * @app: an app that has not started; a component's `init` may add more
 * @name: no two components of an app, or of those mounted in it, share one
 * @function: (scope notified) (closure user_data) (destroy destroy): whether it is well; asked only
 *   while the app runs
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when the app is freed
 *
 * Adds a component that neither starts nor stops anything, and is well or not:
 * h3_app_add_component() with nothing but `health`.
 *
 * Since: 0.1
 */
void h3_app_add_health_check (H3App *app, const char *name, H3HealthCheck function,
                              gpointer user_data, GDestroyNotify destroy);

/**
 * h3_app_add_health:
 * @app: an app that has not started; mounted or not, it answers for all
 * @health_path: (nullable): 200 where every component is well, else 503, as JSON:
 *   `{"components": {"NAME": {"status": "failing", "error": "…"}}, "status": "failing"}`, or `ok`
 * @ready_path: (nullable): 200 where the server wants requests: `{"status": "ready"}`. 503 with
 *   `starting`, `draining`, or `shedding` and its `reason` (docs/overload.md)
 *
 * Adds routes that say how the program is, for GET and HEAD. They are essential
 * (h3_route_set_essential ()), and their answers are not to be stored.
 *
 * Since: 0.1
 */
void h3_app_add_health (H3App *app, const char *health_path, const char *ready_path);

G_END_DECLS
