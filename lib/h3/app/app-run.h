/* SPDX-License-Identifier: MIT
 *
 * An app as the whole of a program: its options, its arguments, its main (). The main thread. Part
 * of <h3/app/app.h>. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/* More options for h3_app_run (): as of g_option_context_add_main_entries (); callbacks get
 * `user_data`. The entries are static. */
void h3_app_add_options (H3App *app, const GOptionEntry *entries, gpointer user_data);

/**
 * H3ArgumentsFunction:
 * @arguments: (array zero-terminated=1): what is no option; empty where there is nothing
 *
 * Returns: FALSE with an error that says what is wrong with them
 */
typedef gboolean (*H3ArgumentsFunction) (H3App *app, const char *const *arguments,
                                         gpointer user_data, GError **error);

/* What h3_app_run () takes beside options, which is else nothing: `usage` says it in --help
 * ("DIRECTORY"), `function` is called when all options have been read and before the start, so that
 * it may still add routes. */
void h3_app_set_arguments (H3App *app, const char *usage, H3ArgumentsFunction function,
                           gpointer user_data);

/* The whole of main (): reads options (--help lists them), starts, prints where it listens, and
 * runs until SIGTERM or SIGINT; a second one cuts what still runs. SIGHUP is h3_server_reload ().
 * Without an address given it listens on 127.0.0.1:8080. Returns the exit status: 0 all ended well,
 * 1 it could not start, 3 what ran was cut at the deadline. */
int h3_app_run (H3App *app, int argc, char **argv);

G_END_DECLS
