/* SPDX-License-Identifier: MIT
 *
 * The files of a directory, to be read by clients: with validators, ranges, precompressed copies,
 * and no way out of the directory. Set up before the app starts, then read by all workers;
 * reference-counted, any thread. docs/static-files.md has the rules. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3StaticFiles:
 *
 * A directory that is served, and how. What is in it may change meanwhile, and is found so. Boxed,
 * reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3StaticFiles H3StaticFiles;

#define H3_TYPE_STATIC_FILES (h3_static_files_get_type ())
GType h3_static_files_get_type (void);

/**
 * h3_static_files_new:
 * @directory: (type filename): a path; the directory is opened once, so another one that takes its
 *   name is not noticed
 * @error: an %H3_ERROR that names the directory
 *
 * Opens a directory to be served.
 *
 * Returns: (transfer full): for h3_static_files_handle(); %NULL with @error where there
 *   is no such directory
 *
 * Since: 0.1
 */
H3StaticFiles *h3_static_files_new (const char *directory, GError **error);

/**
 * h3_static_files_ref:
 * @files: a directory that is served
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @files
 *
 * Since: 0.1
 */
H3StaticFiles *h3_static_files_ref (H3StaticFiles *files);

/**
 * h3_static_files_unref:
 * @files: (nullable) (transfer full): a directory that is served
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_static_files_unref (H3StaticFiles *files);

/**
 * h3_static_files_get_directory:
 * @files: a directory that is served
 *
 * Gets the directory.
 *
 * Returns: (transfer none) (type filename): an absolute path
 *
 * Since: 0.1
 */
const char *h3_static_files_get_directory (const H3StaticFiles *files);

/**
 * h3_static_files_set_index:
 * @files: a directory that is not served yet
 * @name: (nullable): %NULL for none
 *
 * Names the file that stands for its directory: "index.html" unless set.
 *
 * Returns: %FALSE, and nothing changed, where it is no name of a file
 *
 * Since: 0.1
 */
gboolean h3_static_files_set_index (H3StaticFiles *files, const char *name);

/**
 * h3_static_files_set_listing:
 * @files: a directory that is not served yet
 * @listing: %FALSE, the default: 404
 *
 * Says whether a directory without index is answered with a page of what is in it.
 *
 * Since: 0.1
 */
void h3_static_files_set_listing (H3StaticFiles *files, gboolean listing);

/**
 * h3_static_files_set_dot_files:
 * @files: a directory that is not served yet
 * @dot_files: %FALSE, the default: 404
 *
 * Says whether names that begin with a dot are served. `.well-known` (RFC 8615) right beneath the
 * directory always is.
 *
 * Since: 0.1
 */
void h3_static_files_set_dot_files (H3StaticFiles *files, gboolean dot_files);

/**
 * h3_static_files_set_precompressed:
 * @files: a directory that is not served yet
 * @precompressed: %TRUE, the default
 *
 * Says whether `x.br`, `x.zst` or `x.gz` is sent for `x` to who accepts that.
 *
 * Since: 0.1
 */
void h3_static_files_set_precompressed (H3StaticFiles *files, gboolean precompressed);

/**
 * h3_static_files_set_cache_control:
 * @files: a directory that is not served yet
 * @directives: (nullable): "public, max-age=3600"; %NULL for none, the default
 *
 * Says what Cache-Control the files have.
 *
 * Returns: %FALSE, and nothing changed, where it cannot stand in a field
 *
 * Since: 0.1
 */
gboolean h3_static_files_set_cache_control (H3StaticFiles *files, const char *directives);

/**
 * h3_static_files_handle:
 * @event: an exchange whose route ends in a parameter: `**` for the directory and all in it
 * @files: (type H3StaticFiles): what to serve
 *
 * Answers with a file: an #H3Handler. The last parameter of the route is the path beneath the
 * directory. Methods other than GET and HEAD, where the route takes them, are answered 405.
 *
 * |[
 * h3_app_route (app, "GET", "/static/" "**", h3_static_files_handle, files,
 *               (GDestroyNotify) h3_static_files_unref);
 * ]|
 *
 * Since: 0.1
 */
void h3_static_files_handle (H3Event *event, gpointer files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3StaticFiles, h3_static_files_unref)

G_END_DECLS
