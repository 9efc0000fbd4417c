/* SPDX-License-Identifier: MIT
 *
 * An app as the whole of a program: its options, its arguments, its main (). The main thread. Part
 * of <h3/app/app.h>. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * h3_app_add_options:
 * @app: an app that is not being run
 * @entries: (array zero-terminated=1) (transfer none): static: they are read by h3_app_run(); the
 *   last has no name
 * @user_data: (nullable): for the callbacks among @entries
 *
 * Gives h3_app_run() more options: as of g_option_context_add_main_entries(). Those of an earlier
 * call are replaced. A language that cannot make entries takes its own options out of the
 * arguments before it hands them to h3_app_run().
 *
 * Since: 0.1
 */
void h3_app_add_options (H3App *app, const GOptionEntry *entries, gpointer user_data);

/**
 * H3ArgumentsFunction:
 * @app: the app that is run
 * @arguments: (array zero-terminated=1) (transfer none): what is no option; empty where there is
 *   nothing
 * @user_data: (nullable) (closure): what was set with it
 * @error: says what is wrong with them
 *
 * Takes what a program was given beside its options, on the main thread.
 *
 * Returns: %FALSE with @error where they cannot be taken
 *
 * Since: 0.1
 */
typedef gboolean (*H3ArgumentsFunction) (H3App *app, const char *const *arguments,
                                         gpointer user_data, GError **error);

/**
 * h3_app_set_arguments:
 * @app: an app that is not being run
 * @usage: says in --help what they are: `DIRECTORY`
 * @function: (scope notified) (closure user_data) (destroy destroy): called when all options have
 *   been read and before the start, so that it may still add routes
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when others are set, or @app is freed
 *
 * Says what h3_app_run() takes beside options, which is else nothing.
 *
 * Since: 0.1
 */
void h3_app_set_arguments (H3App *app, const char *usage, H3ArgumentsFunction function,
                           gpointer user_data, GDestroyNotify destroy);

/**
 * h3_app_run:
 * @app: an app that has not started
 * @argc: how many @argv are
 * @argv: (array length=argc) (element-type filename) (transfer none) (nullable): the name of the
 *   program and its arguments, as of main()
 *
 * Is the whole of main(): reads options (--help lists them), starts, prints where it listens, and
 * runs until SIGTERM or SIGINT; a second one cuts what still runs. SIGHUP is h3_server_reload().
 * Without an address given it listens on 127.0.0.1:8080.
 *
 * With --processes it returns in each of them, which serves in between, and in the master, which
 * serves nobody; it must be called before the program starts a thread. SIGUSR2 then has one after
 * another replaced. Sources of the default #GMainContext run in none of them.
 *
 * Returns: the exit status: 0 all ended well, 1 it could not start, 3 what ran was cut at the
 *   deadline
 *
 * Since: 0.1
 */
int h3_app_run (H3App *app, int argc, char **argv);

G_END_DECLS
