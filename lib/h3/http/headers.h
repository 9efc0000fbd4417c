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
 * A GHashTable of owned names and values, case-blind, with a list beside it that keeps the order
 * and the repeats.
 */
typedef struct _H3Headers H3Headers;

#define H3_TYPE_HEADERS (h3_headers_get_type ())
GType h3_headers_get_type (void);

/* Returns: (transfer full): an empty table. */
H3Headers *h3_headers_new (void);
H3Headers *h3_headers_ref (H3Headers *headers);
void h3_headers_unref (H3Headers *headers);

/* Returns: (transfer none) (nullable): the first value of `name`. */
const char *h3_headers_get (const H3Headers *headers, const char *name);

/* Returns: (transfer full) (nullable): all values of `name` joined by ", " (RFC 9110 §5.3; not for
 * Set-Cookie), to be freed with g_free (). */
char *h3_headers_dup_joined (const H3Headers *headers, const char *name);

gboolean h3_headers_has (const H3Headers *headers, const char *name);

/* How many fields, repeats counted. */
guint h3_headers_get_size (const H3Headers *headers);

/**
 * H3HeadersFunction:
 * @name: as it was first written
 * @value: the value
 * Returns: %FALSE to stop
 */
typedef gboolean (*H3HeadersFunction) (const char *name, const char *value, gpointer user_data);

/* Calls `function` (scope call) for each field in order; it must not change the table. */
void h3_headers_foreach (const H3Headers *headers, H3HeadersFunction function, gpointer user_data);

/* The same for the values of one name. */
void h3_headers_foreach_value (const H3Headers *headers, const char *name,
                               H3HeadersFunction function, gpointer user_data);

/* `set` replaces all values of the name, in the place of the first; `add` appends one.
 * FALSE, with a critical and nothing changed, when the name is not a token (RFC 9110 §5.1) or the
 * value has CR, LF, NUL or another control but HTAB (RFC 9110 §5.5): such a value is refused, never
 * sent. Blanks around the value are taken off. */
gboolean h3_headers_set (H3Headers *headers, const char *name, const char *value);
gboolean h3_headers_add (H3Headers *headers, const char *name, const char *value);
gboolean h3_headers_set_view (H3Headers *headers, H3View name, H3View value); /* (skip) */
gboolean h3_headers_add_view (H3Headers *headers, H3View name, H3View value); /* (skip) */

/* The same for strings from g_malloc () that the table then owns (freed also when refused). */
gboolean h3_headers_set_take (H3Headers *headers, char *name, char *value);

/* How many values there were. */
guint h3_headers_remove (H3Headers *headers, const char *name);
void h3_headers_clear (H3Headers *headers);

/* Whether these may be sent as a name, as a value. */
gboolean h3_headers_is_name (H3View name);
gboolean h3_headers_is_value (H3View value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Headers, h3_headers_unref)

G_END_DECLS
