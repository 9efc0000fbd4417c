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
 * A directory that is served, and how. What is in it may change meanwhile, and is found so.
 */
typedef struct _H3StaticFiles H3StaticFiles;

#define H3_TYPE_STATIC_FILES (h3_static_files_get_type ())
GType h3_static_files_get_type (void);

/**
 * h3_static_files_new:
 * @directory: a path; the directory is opened once, so another one that takes its name is not
 *   noticed
 * @error: an #H3_ERROR that names the directory
 *
 * Returns: (transfer full) (nullable): for h3_static_files_handle(); %NULL with @error where there
 *   is no such directory
 */
H3StaticFiles *h3_static_files_new (const char *directory, GError **error);

H3StaticFiles *h3_static_files_ref (H3StaticFiles *files);
/* NULL is allowed. */
void h3_static_files_unref (H3StaticFiles *files);

/* Returns: (transfer none): the directory, as an absolute path. */
const char *h3_static_files_get_directory (const H3StaticFiles *files);

/* The file that stands for its directory: "index.html" unless set; `name` is (nullable), NULL for
 * none. FALSE, and nothing changed, where it is no name of a file. */
gboolean h3_static_files_set_index (H3StaticFiles *files, const char *name);

/* Whether a directory without index is answered with a page of what is in it. The default is 404.
 */
void h3_static_files_set_listing (H3StaticFiles *files, gboolean listing);

/* Whether names that begin with a dot are served. By default they are 404, but for `.well-known`
 * (RFC 8615) right beneath the directory. */
void h3_static_files_set_dot_files (H3StaticFiles *files, gboolean dot_files);

/* Whether `x.br`, `x.zst` or `x.gz` is sent for `x` to who accepts that: the default. */
void h3_static_files_set_precompressed (H3StaticFiles *files, gboolean precompressed);

/* Cache-Control for the files ("public, max-age=3600"); `directives` is (nullable), NULL for none,
 * the default. FALSE, and nothing changed, where it cannot stand in a field. */
gboolean h3_static_files_set_cache_control (H3StaticFiles *files, const char *directives);

/**
 * h3_static_files_handle:
 * @event: an exchange whose route ends in a parameter: `**` for the directory and all in it
 * @files: (type H3StaticFiles): what to serve
 *
 * An #H3Handler: the last parameter of the route is the path beneath the directory.
 *
 * |[
 * h3_app_route (app, "GET", "/static/" "**", h3_static_files_handle, files,
 *               (GDestroyNotify) h3_static_files_unref);
 * ]|
 */
void h3_static_files_handle (H3Event *event, gpointer files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3StaticFiles, h3_static_files_unref)

G_END_DECLS
