/* SPDX-License-Identifier: MIT
 *
 * A registered route: its methods and pattern, its name, what it wishes of the server, and data
 * that others attach. Made by an app; reference-counted. Set up on one thread before the server
 * starts; frozen then, and read by every worker. A setter called later is a bug and is told so. */

#pragma once

#include <h3/http/body.h>

#include <glib-object.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * H3Route:
 *
 * A route of an app.
 */
typedef struct _H3Route H3Route;

#define H3_TYPE_ROUTE (h3_route_get_type ())
GType h3_route_get_type (void);

/* Returns: (transfer full): any thread. */
H3Route *h3_route_ref (H3Route *route);

/* NULL is allowed. Any thread. */
void h3_route_unref (H3Route *route);

/* Returns: (transfer none): as they were registered: names with blanks between, or `*`. */
const char *h3_route_get_methods (const H3Route *route);

/* Returns: (transfer none): as it was registered. */
const char *h3_route_get_pattern (const H3Route *route);

/* Returns: (transfer none) (nullable): */
const char *h3_route_get_name (const H3Route *route);

/* Returns: (transfer none) (nullable): the name of parameter `index`, counted from the left;
 * NULL when the pattern has fewer. */
const char *h3_route_get_param_name (const H3Route *route, guint index);

/* Returns: (transfer none) (nullable): what was attached under `key`. */
gpointer h3_route_get_data (const H3Route *route, const char *key);

H3BodyMode h3_route_get_body_mode (const H3Route *route);

/* In bytes; 0 means the server's default. */
gsize h3_route_get_body_max (const H3Route *route);

/* In milliseconds; 0 means the server's default. */
guint h3_route_get_deadline (const H3Route *route);

/* Names the route, for reverse URLs and reports. No two routes of an app share a name: that is
 * an error when the server starts. `name`: (nullable): copied. */
void h3_route_set_name (H3Route *route, const char *name);

/**
 * h3_route_set_data_full:
 * @route: a route that is not frozen
 * @key: copied
 * @data: (nullable): what to attach; %NULL removes
 * @destroy: (nullable) (destroy data): called with @data when it is replaced or the route freed
 *
 * Attaches @data under @key, in place of what was there.
 */
void h3_route_set_data_full (H3Route *route, const char *key, gpointer data,
                             GDestroyNotify destroy);

/* How bodies reach the handler, and how large they may be, in bytes as sent (0: the server's
 * default). The default is H3_BODY_BUFFERED. */
void h3_route_set_body (H3Route *route, H3BodyMode mode, gsize max_bytes);

/* How long an answer may take, in milliseconds from the head of the request (0: the server's
 * default). */
void h3_route_set_deadline (H3Route *route, guint milliseconds);

/**
 * h3_route_build_path: (skip)
 * @route: a route
 * @error: (nullable): where to put an error
 * @first_name: (nullable): the name of a parameter, then its value as a string, then the next
 *   name, ending in %NULL
 *
 * The path that leads to @route with these parameters, percent-encoded (RFC 3986 §3.3). A `**`
 * keeps the slashes of its value. An optional parameter, and a `**`, may go without a value.
 *
 * Returns: (transfer full): the path; %NULL with %H3_ERROR_INVALID for a value that is missing or
 *   cannot stand there, and for a name that the pattern does not have
 */
char *h3_route_build_path (const H3Route *route, GError **error, const char *first_name,
                           ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_route_build_path_from_table:
 * @route: a route
 * @values: (element-type utf8 utf8) (nullable): values by name
 * @error: where to put an error
 *
 * What h3_route_build_path() does, with the values in a table keyed with g_str_hash().
 *
 * Returns: (transfer full): the path, or %NULL with @error set
 */
char *h3_route_build_path_from_table (const H3Route *route, GHashTable *values,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Route, h3_route_unref)

G_END_DECLS
