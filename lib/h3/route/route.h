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
 * A registered route of an app: its methods and pattern, its name, what it wishes of the server,
 * and data that others attach.
 *
 * Made by an app; boxed and reference-counted. Set up on one thread before the server starts;
 * frozen then, and read by every worker. A setter called later is a bug and is told so, as a
 * critical.
 *
 * Since: 0.1
 */
typedef struct _H3Route H3Route;

#define H3_TYPE_ROUTE (h3_route_get_type ())
GType h3_route_get_type (void);

/**
 * h3_route_ref:
 * @route: a route
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @route
 *
 * Since: 0.1
 */
H3Route *h3_route_ref (H3Route *route);

/**
 * h3_route_unref:
 * @route: (transfer full) (nullable): a route; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_route_unref (H3Route *route);

/**
 * h3_route_get_methods:
 * @route: a route
 *
 * Tells its methods, as they were registered.
 *
 * Returns: (transfer none): names with blanks between, or `*`, as long as the route
 *
 * Since: 0.1
 */
const char *h3_route_get_methods (const H3Route *route);

/**
 * h3_route_get_pattern:
 * @route: a route
 *
 * Tells its pattern, as it was registered.
 *
 * Returns: (transfer none): the pattern, as long as the route
 *
 * Since: 0.1
 */
const char *h3_route_get_pattern (const H3Route *route);

/**
 * h3_route_get_name:
 * @route: a route
 *
 * Tells its name.
 *
 * Returns: (transfer none) (nullable): the name, until another is set; %NULL where it has none
 *
 * Since: 0.1
 */
const char *h3_route_get_name (const H3Route *route);

/**
 * h3_route_get_param_name:
 * @route: a route
 * @index: the place of the parameter, from 0, counted from the left
 *
 * Tells the name of a parameter of its pattern.
 *
 * Returns: (transfer none) (nullable): the name, as long as the route; %NULL where the pattern has
 *   fewer
 *
 * Since: 0.1
 */
const char *h3_route_get_param_name (const H3Route *route, guint index);

/**
 * h3_route_get_data: (skip)
 * @route: a route
 * @key: of what was attached
 *
 * Finds what h3_route_set_data_full() attached. Bindings tell routes apart by h3_route_get_name().
 *
 * Returns: (transfer none) (nullable): the pointer; %NULL where there is none
 *
 * Since: 0.1
 */
gpointer h3_route_get_data (const H3Route *route, const char *key);

/**
 * h3_route_get_body_mode:
 * @route: a route
 *
 * Tells how bodies reach the handler.
 *
 * Returns: the mode; %H3_BODY_BUFFERED where nothing was set
 *
 * Since: 0.1
 */
H3BodyMode h3_route_get_body_mode (const H3Route *route);

/**
 * h3_route_get_body_max:
 * @route: a route
 *
 * Tells how large bodies may be.
 *
 * Returns: the bound, in bytes as sent; 0 means the server's default
 *
 * Since: 0.1
 */
gsize h3_route_get_body_max (const H3Route *route);

/**
 * h3_route_get_deadline:
 * @route: a route
 *
 * Tells how long an answer may take.
 *
 * Returns: the bound, in milliseconds from the head of the request; 0 means the server's default
 *
 * Since: 0.1
 */
guint h3_route_get_deadline (const H3Route *route);

/**
 * h3_route_is_essential:
 * @route: a route
 *
 * Tells whether its requests are served also while the server refuses others to get over an
 * overload.
 *
 * Returns: %TRUE where they are
 *
 * Since: 0.1
 */
gboolean h3_route_is_essential (const H3Route *route);

/**
 * h3_route_set_name:
 * @route: a route that is not frozen
 * @name: (nullable): its name; copied. %NULL: none
 *
 * Names the route, for reverse URLs and reports. No two routes of an app share a name: that is an
 * error when the server starts.
 *
 * Since: 0.1
 */
void h3_route_set_name (H3Route *route, const char *name);

/**
 * h3_route_set_data_full: (skip)
 * @route: a route that is not frozen
 * @key: copied
 * @data: (nullable): what to attach; %NULL removes
 * @destroy: (nullable): called with @data when it is replaced or the route freed
 *
 * Attaches @data under @key, in place of what was there. Bindings keep what they know of a route
 * under its name.
 *
 * Since: 0.1
 */
void h3_route_set_data_full (H3Route *route, const char *key, gpointer data,
                             GDestroyNotify destroy);

/**
 * h3_route_set_body:
 * @route: a route that is not frozen
 * @mode: how bodies reach the handler; the default is %H3_BODY_BUFFERED
 * @max_bytes: how large they may be, in bytes as sent; 0: the server's default
 *
 * Says how bodies reach the handler, and how large they may be.
 *
 * Since: 0.1
 */
void h3_route_set_body (H3Route *route, H3BodyMode mode, gsize max_bytes);

/**
 * h3_route_set_deadline:
 * @route: a route that is not frozen
 * @milliseconds: from the head of the request; 0: the server's default
 *
 * Says how long an answer may take.
 *
 * Since: 0.1
 */
void h3_route_set_deadline (H3Route *route, guint milliseconds);

/**
 * h3_route_set_essential:
 * @route: a route that is not frozen
 * @is_essential: %FALSE by default
 *
 * Has its requests served also while the server refuses others to get over an overload: for what
 * watches it.
 *
 * Since: 0.1
 */
void h3_route_set_essential (H3Route *route, gboolean is_essential);

/**
 * h3_route_build_path: (skip)
 * @route: a route
 * @error: %H3_ERROR_INVALID
 * @first_name: (nullable): the name of a parameter, then its value as a string, then the next name,
 *   ending in %NULL
 * @...: as told of @first_name
 *
 * Writes the path that leads to @route with these parameters, percent-encoded (RFC 3986 §3.3). A
 * `**` keeps the slashes of its value. An optional parameter, and a `**`, may go without a value.
 * Any thread. Its twin for bindings is h3_route_build_path_from_table().
 *
 * Returns: (transfer full) (nullable): the path, to be freed with g_free(); %NULL with
 *   %H3_ERROR_INVALID for a value that is missing or cannot stand there, and for a name that the
 *   pattern does not have
 *
 * Since: 0.1
 */
char *h3_route_build_path (const H3Route *route, GError **error, const char *first_name,
                           ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_route_build_path_from_table: (rename-to h3_route_build_path)
 * @route: a route
 * @values: (element-type utf8 utf8) (nullable): values by name, keyed with g_str_hash(); %NULL:
 *   none
 * @error: %H3_ERROR_INVALID: a value that is missing or cannot stand there, or a name that the
 *   pattern does not have
 *
 * Writes the path that leads to @route with these parameters, percent-encoded (RFC 3986 §3.3), as
 * h3_route_build_path() does. Any thread.
 *
 * Returns: (transfer full): the path, to be freed with g_free(); %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_route_build_path_from_table (const H3Route *route, GHashTable *values,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Route, h3_route_unref)

G_END_DECLS
