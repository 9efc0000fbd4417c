/* SPDX-License-Identifier: MIT
 *
 * A server described by a key file: addresses, TLS, files, proxies, limits, who may come. Every
 * value is held to its range; an unknown key, one that has no effect and a file that cannot be used
 * are errors with their line. docs/configuration.md has all groups and keys. The main thread.
 * Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * H3Config:
 *
 * A configuration that is right, and the app that it describes. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Config H3Config;

#define H3_TYPE_CONFIG (h3_config_get_type ())
GType h3_config_get_type (void);

/**
 * h3_config_new_from_file:
 * @path: (type filename): a key file (as #GKeyFile has them)
 * @error: %H3_ERROR_INVALID with all that is wrong, a line each: "FILE:LINE: what";
 *   %H3_ERROR_FAILED where it cannot be read
 *
 * Reads a configuration and builds the app, which is not started. Paths in it are from its own
 * folder. Log files are opened.
 *
 * Returns: (transfer full): the configuration; %NULL with @error
 *
 * Since: 0.1
 */
H3Config *h3_config_new_from_file (const char *path, GError **error);

/**
 * h3_config_ref:
 * @config: a configuration
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @config
 *
 * Since: 0.1
 */
H3Config *h3_config_ref (H3Config *config);

/**
 * h3_config_unref:
 * @config: (nullable) (transfer full): a configuration
 *
 * Gives a reference back; the last frees it, and with it its reference to the app, on the thread of
 * the app.
 *
 * Since: 0.1
 */
void h3_config_unref (H3Config *config);

/**
 * h3_config_get_app:
 * @config: a configuration
 *
 * Gets the app that a configuration describes.
 *
 * Returns: (transfer none): its app, which may be added to until it starts
 *
 * Since: 0.1
 */
H3App *h3_config_get_app (H3Config *config);

/**
 * h3_config_check_file:
 * @path: (type filename): a key file
 *
 * Looks for all that is wrong in a key file, and makes nothing that others would see: log files are
 * not opened, nothing listens.
 *
 * Returns: (transfer full) (array zero-terminated=1): "FILE:LINE: what is wrong", in the order of
 *   lines; empty where all is right
 *
 * Since: 0.1
 */
char **h3_config_check_file (const char *path);

/**
 * h3_config_dup_keys:
 *
 * Lists every group and key, with what it takes and a sentence, for people. Any thread.
 *
 * Returns: (transfer full): the list
 *
 * Since: 0.1
 */
char *h3_config_dup_keys (void);

/**
 * h3_config_dup_keys_markdown:
 *
 * Lists every group and key as the rows of docs/configuration.md, in Markdown. Any thread.
 *
 * Returns: (transfer full): the list
 *
 * Since: 0.1
 */
char *h3_config_dup_keys_markdown (void);

/**
 * h3_config_run:
 * @path: (type filename): a key file
 *
 * Is the whole of a program: serves as the file says until SIGTERM or SIGINT; a second one cuts
 * what still runs. SIGHUP reads the file anew: where it is right a new server takes the sockets of
 * the one that runs, which finishes what it has; where it is not, all stays, and the log says why.
 * SIGUSR1 opens log files anew.
 *
 * Returns: the exit status: 0 all ended well, 1 it could not start, 3 what ran was cut
 *
 * Since: 0.1
 */
int h3_config_run (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Config, h3_config_unref)

G_END_DECLS
