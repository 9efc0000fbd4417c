/* SPDX-License-Identifier: MIT
 *
 * Reverse URLs: from a pattern and values to a path. Keeps nothing; any thread. */

#pragma once

#include <h3/route/pattern.h>

#include <glib.h>

G_BEGIN_DECLS

/* The value of `name`, NULL when there is none; borrowed until path_builder_build () returns. */
typedef const char *(*PathLookup) (const char *name, gpointer user_data);

/* Returns: (transfer full): the path of `pattern` with the values in their places, percent-encoded
 * (RFC 3986 §3.3); the rest keeps its slashes. An optional parameter and a rest without a value (or
 * with an empty one) are left out with their slash. NULL with H3_ERROR_INVALID when a value is
 * missing, is empty, is not UTF-8, does not fit its regex, or would change where the path leads
 * (`.`, `..`, a rest that begins with a slash). */
char *path_builder_build (const Pattern *pattern, PathLookup lookup, gpointer user_data,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends a part of a canonical path, or a literal of a pattern, percent-encoded as above: slashes
 * stay, and the escapes that it has. */
void path_builder_append_canonical (GString *path, H3View text);

G_END_DECLS
