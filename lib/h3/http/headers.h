/* SPDX-License-Identifier: MIT
 *
 * Header fields: names, in any case, to values; in order; repeatable. Names and values are copied
 * in (or given with a `take` function) and owned here, so literals, stack buffers and heap strings
 * all work; what comes out is borrowed until that field changes. Reference-counted; one thread at
 * a time. Since: 0.1 */

#pragma once

#include <h3/base/view.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Headers:
 *
 * Header fields of a message: names, in any case, to values; in order; repeatable.
 *
 * A GHashTable of owned names and values, case-blind, with a list beside it that keeps the order
 * and the repeats. Names and values are copied in (or given with a `take` function), so literals,
 * stack buffers and heap strings all work; what comes out is borrowed until that field changes.
 *
 * Boxed and reference-counted: references may be taken and dropped on any thread, all else is for
 * one thread at a time.
 *
 * Since: 0.1
 */
typedef struct _H3Headers H3Headers;

#define H3_TYPE_HEADERS (h3_headers_get_type ())
GType h3_headers_get_type (void);

/**
 * h3_headers_new: (constructor)
 *
 * Makes an empty table.
 *
 * Returns: (transfer full): an empty table
 *
 * Since: 0.1
 */
H3Headers *h3_headers_new (void);

/**
 * h3_headers_ref:
 * @headers: a table
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @headers
 *
 * Since: 0.1
 */
H3Headers *h3_headers_ref (H3Headers *headers);

/**
 * h3_headers_unref:
 * @headers: (transfer full) (nullable): a table; %NULL is allowed
 *
 * Drops a reference; the last one frees the table. Any thread.
 *
 * Since: 0.1
 */
void h3_headers_unref (H3Headers *headers);

/**
 * h3_headers_get:
 * @headers: a table
 * @name: of the field, in any case
 *
 * Finds the first value of @name.
 *
 * Returns: (transfer none) (nullable): the value, borrowed until the field changes; %NULL where
 *   there is no such field
 *
 * Since: 0.1
 */
const char *h3_headers_get (const H3Headers *headers, const char *name);

/**
 * h3_headers_dup_joined:
 * @headers: a table
 * @name: of the field, in any case; not Set-Cookie, whose values have commas of their own
 *
 * Joins all values of @name by ", " (RFC 9110 §5.3).
 *
 * Returns: (transfer full) (nullable): the values, to be freed with g_free(); %NULL where there is
 *   no such field
 *
 * Since: 0.1
 */
char *h3_headers_dup_joined (const H3Headers *headers, const char *name);

/**
 * h3_headers_has:
 * @headers: a table
 * @name: of the field, in any case
 *
 * Tells whether there is a field of this name.
 *
 * Returns: %TRUE where there is one or more
 *
 * Since: 0.1
 */
gboolean h3_headers_has (const H3Headers *headers, const char *name);

/**
 * h3_headers_get_size:
 * @headers: a table
 *
 * Counts the fields, repeats included.
 *
 * Returns: how many fields there are
 *
 * Since: 0.1
 */
guint h3_headers_get_size (const H3Headers *headers);

/**
 * H3HeadersFunction:
 * @name: as it was first written
 * @value: the value
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is shown one field of a table, which it must not change.
 *
 * Returns: %FALSE to stop
 *
 * Since: 0.1
 */
typedef gboolean (*H3HeadersFunction) (const char *name, const char *value, gpointer user_data);

/**
 * h3_headers_foreach:
 * @headers: a table
 * @function: (scope call) (closure user_data): what to call; it must not change the table
 * @user_data: (nullable): for @function
 *
 * Calls @function for each field, in order, until it says %FALSE.
 *
 * Since: 0.1
 */
void h3_headers_foreach (const H3Headers *headers, H3HeadersFunction function, gpointer user_data);

/**
 * h3_headers_foreach_value:
 * @headers: a table
 * @name: of the fields, in any case
 * @function: (scope call) (closure user_data): what to call; it must not change the table
 * @user_data: (nullable): for @function
 *
 * Calls @function for each value of @name, in order, until it says %FALSE.
 *
 * Since: 0.1
 */
void h3_headers_foreach_value (const H3Headers *headers, const char *name,
                               H3HeadersFunction function, gpointer user_data);

/**
 * h3_headers_set:
 * @headers: a table
 * @name: of the field: a token (RFC 9110 §5.1); copied
 * @value: without CR, LF, NUL and other controls but HTAB (RFC 9110 §5.5); copied, without the
 *   blanks around it
 *
 * Replaces all values of @name by this one, in the place of the first. What must not be sent is
 * refused here, so that it never is.
 *
 * Returns: %FALSE, with a critical and nothing changed, for a name or a value that must not be sent
 *
 * Since: 0.1
 */
gboolean h3_headers_set (H3Headers *headers, const char *name, const char *value);

/**
 * h3_headers_add:
 * @headers: a table
 * @name: of the field, as of h3_headers_set()
 * @value: as of h3_headers_set()
 *
 * Appends a field, behind those of the same name.
 *
 * Returns: %FALSE, with a critical and nothing changed, for a name or a value that must not be sent
 *
 * Since: 0.1
 */
gboolean h3_headers_add (H3Headers *headers, const char *name, const char *value);

/**
 * h3_headers_set_view: (skip)
 * @headers: a table
 * @name: of the field, as of h3_headers_set()
 * @value: as of h3_headers_set()
 *
 * Does what h3_headers_set() does, which is the twin for bindings, with views.
 *
 * Returns: %FALSE, with a critical and nothing changed, for a name or a value that must not be sent
 *
 * Since: 0.1
 */
gboolean h3_headers_set_view (H3Headers *headers, H3View name, H3View value);

/**
 * h3_headers_add_view: (skip)
 * @headers: a table
 * @name: of the field, as of h3_headers_set()
 * @value: as of h3_headers_set()
 *
 * Does what h3_headers_add() does, which is the twin for bindings, with views.
 *
 * Returns: %FALSE, with a critical and nothing changed, for a name or a value that must not be sent
 *
 * Since: 0.1
 */
gboolean h3_headers_add_view (H3Headers *headers, H3View name, H3View value);

/**
 * h3_headers_set_take: (skip)
 * @headers: a table
 * @name: (transfer full): of the field, from g_malloc(); freed also where it is refused
 * @value: (transfer full): likewise
 *
 * Does what h3_headers_set() does, which is the twin for bindings, with strings that the table then
 * owns.
 *
 * Returns: %FALSE, with a critical and nothing changed, for a name or a value that must not be sent
 *
 * Since: 0.1
 */
gboolean h3_headers_set_take (H3Headers *headers, char *name, char *value);

/**
 * h3_headers_remove:
 * @headers: a table
 * @name: of the fields, in any case
 *
 * Removes all fields of this name.
 *
 * Returns: how many values there were
 *
 * Since: 0.1
 */
guint h3_headers_remove (H3Headers *headers, const char *name);

/**
 * h3_headers_clear:
 * @headers: a table
 *
 * Removes all fields.
 *
 * Since: 0.1
 */
void h3_headers_clear (H3Headers *headers);

/**
 * h3_headers_is_name: (skip)
 * @name: any bytes
 *
 * Tells whether this may be sent as the name of a field: a token (RFC 9110 §5.1). For strings:
 * h3_response_can_set_header(). Any thread.
 *
 * Returns: %TRUE where it may
 *
 * Since: 0.1
 */
gboolean h3_headers_is_name (H3View name);

/**
 * h3_headers_is_value: (skip)
 * @value: any bytes
 *
 * Tells whether this may be sent as the value of a field: no control but HTAB (RFC 9110 §5.5). For
 * strings: h3_response_can_set_header(). Any thread.
 *
 * Returns: %TRUE where it may
 *
 * Since: 0.1
 */
gboolean h3_headers_is_value (H3View value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Headers, h3_headers_unref)

G_END_DECLS
