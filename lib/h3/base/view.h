/* SPDX-License-Identifier: MIT
 *
 * Borrowed bytes: a pointer and a length, not NUL-terminated, owned by someone else.
 * A view lives no longer than what it looks into; whoever keeps one says in a comment what that
 * is. Passed by value. Any thread that may read the bytes. (Views are (skip) for bindings; each
 * function that takes one has a twin that takes a string.) */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/**
 * H3View: (skip)
 * @data: (nullable): the first byte; may be %NULL only when @length is 0
 * @length: how many bytes
 *
 * Bytes that are borrowed: a pointer and a length, without a NUL behind them.
 *
 * A view lives no longer than what it looks into. It is a value: pass and copy it as such.
 * Bindings have no use for it: each function that takes one has a twin that takes a string.
 *
 * Since: 0.1
 */
typedef struct {
    const char *data; /* borrowed */
    gsize length;
} H3View;

#ifdef __cplusplus
#define _H3_VIEW_TYPE H3View
#else
#define _H3_VIEW_TYPE (H3View)
#endif

/**
 * H3_VIEW:
 * @literal: a string literal
 *
 * A view of a string literal, whose length is known when it is compiled.
 *
 * Since: 0.1
 */
#define H3_VIEW(literal) (_H3_VIEW_TYPE{ "" literal, sizeof (literal) - 1 })

/**
 * H3_VIEW_EMPTY:
 *
 * The view of nothing, whose data is no %NULL.
 *
 * Since: 0.1
 */
#define H3_VIEW_EMPTY (_H3_VIEW_TYPE{ "", 0 })

/**
 * H3_VIEW_ARGS:
 * @view: an #H3View
 *
 * The two arguments that `%.*s` of printf() takes.
 *
 * Since: 0.1
 */
#define H3_VIEW_ARGS(view) ((int) (view).length), ((view).data)

/**
 * h3_view: (skip)
 * @data: (nullable): the first byte, borrowed; may be %NULL only when @length is 0
 * @length: how many bytes
 *
 * Makes a view of these bytes.
 *
 * Returns: the view
 *
 * Since: 0.1
 */
static inline H3View
h3_view (const char *data, gsize length)
{
    H3View view = { data, length };

    return view;
}

/**
 * h3_view_of: (skip)
 * @string: (nullable): a string, borrowed
 *
 * Makes a view of a NUL-terminated string.
 *
 * Returns: the view; an empty one of %NULL
 *
 * Since: 0.1
 */
static inline H3View
h3_view_of (const char *string)
{
    H3View view = { string, string != NULL ? strlen (string) : 0 };

    return view;
}

/**
 * h3_view_is_empty: (skip)
 * @view: any view
 *
 * Tells whether there is no byte in the view.
 *
 * Returns: %TRUE when its length is 0
 *
 * Since: 0.1
 */
static inline gboolean
h3_view_is_empty (H3View view)
{
    return view.length == 0;
}

/**
 * h3_view_equal: (skip)
 * @a: a view
 * @b: another one
 *
 * Tells whether two views have the same bytes.
 *
 * Returns: %TRUE when they have
 *
 * Since: 0.1
 */
static inline gboolean
h3_view_equal (H3View a, H3View b)
{
    return a.length == b.length && (a.length == 0 || memcmp (a.data, b.data, a.length) == 0);
}

/**
 * h3_view_equal_ignore_case: (skip)
 * @a: a view
 * @b: another one
 *
 * Tells whether two views have the same bytes but for the case of ASCII letters, and of no others:
 * the rule for field names, schemes and host names.
 *
 * Returns: %TRUE when they have
 *
 * Since: 0.1
 */
gboolean h3_view_equal_ignore_case (H3View a, H3View b);

/**
 * h3_view_starts_with: (skip)
 * @view: any view
 * @prefix: what it may begin with
 *
 * Tells whether the view begins with these bytes; every view does with none.
 *
 * Returns: %TRUE when it does
 *
 * Since: 0.1
 */
gboolean h3_view_starts_with (H3View view, H3View prefix);

/**
 * h3_view_ends_with: (skip)
 * @view: any view
 * @suffix: what it may end with
 *
 * Tells whether the view ends with these bytes; every view does with none.
 *
 * Returns: %TRUE when it does
 *
 * Since: 0.1
 */
gboolean h3_view_ends_with (H3View view, H3View suffix);

/**
 * h3_view_trim: (skip)
 * @view: any view
 *
 * Takes the blanks (SP, HTAB: RFC 9110 §5.6.3) off both ends.
 *
 * Returns: the view between them
 *
 * Since: 0.1
 */
H3View h3_view_trim (H3View view);

/**
 * h3_view_split: (skip)
 * @rest: (inout): what has not been split yet; its data is %NULL once it is used up
 * @separator: what stands between the parts
 * @out_part: (out): the part
 *
 * Takes what stands before the first separator off the front of @rest, and the separator with it.
 *
 * Empty parts are parts: `a,,b` gives three, and an empty view that has data gives one.
 *
 * Returns: %FALSE, with @out_part untouched, when @rest is used up
 *
 * Since: 0.1
 */
gboolean h3_view_split (H3View *rest, char separator, H3View *out_part);

/**
 * h3_view_find: (skip)
 * @view: any view
 * @character: what is looked for
 *
 * Finds a character.
 *
 * Returns: the offset of the first one; -1 where there is none
 *
 * Since: 0.1
 */
gssize h3_view_find (H3View view, char character);

/**
 * h3_view_list_has: (skip)
 * @list: a list of tokens with commas between them (RFC 9110 §5.6.1)
 * @token: what is looked for, in any case
 *
 * Tells whether a list has a token.
 *
 * Returns: %TRUE when it has
 *
 * Since: 0.1
 */
gboolean h3_view_list_has (H3View list, H3View token);

/**
 * h3_view_parse_uint: (skip)
 * @view: decimal digits, at least one and nothing else: no sign, no blank
 * @maximum: the largest number that is taken
 * @out_value: (out): the number
 *
 * Reads a decimal number.
 *
 * Returns: %FALSE, with @out_value untouched, on anything else and above @maximum
 *
 * Since: 0.1
 */
gboolean h3_view_parse_uint (H3View view, guint64 maximum, guint64 *out_value);

/**
 * h3_view_dup: (skip)
 * @view: any view
 *
 * Copies the bytes into a string, which ends with a NUL.
 *
 * Returns: (transfer full): the string, to be freed with g_free()
 *
 * Since: 0.1
 */
char *h3_view_dup (H3View view) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_view_hash: (skip)
 * @view: any view
 *
 * Hashes the bytes so that no peer can choose texts that collide.
 *
 * The hash is SipHash-1-3 with a key that is drawn from the system once a process, so it is
 * another one in the next process. Any thread.
 *
 * Returns: the hash
 *
 * Since: 0.1
 */
guint h3_view_hash (H3View view);

/**
 * h3_view_hash_ignore_case: (skip)
 * @view: a name
 *
 * Hashes the bytes as h3_view_hash() does, with ASCII letters folded: views that
 * h3_view_equal_ignore_case() finds equal have the same hash.
 *
 * Returns: the hash
 *
 * Since: 0.1
 */
guint h3_view_hash_ignore_case (H3View view);

/**
 * h3_string_hash: (skip)
 * @string: (not nullable): a NUL-terminated string
 *
 * Hashes a string as h3_view_hash() does: a #GHashFunc for tables whose keys a peer chose.
 *
 * Returns: the hash
 *
 * Since: 0.1
 */
guint h3_string_hash (gconstpointer string);

/**
 * h3_name_hash: (skip)
 * @name: (not nullable): a NUL-terminated string
 *
 * Hashes the name of a field as h3_view_hash_ignore_case() does: a #GHashFunc for tables whose
 * keys a peer chose, to be used with h3_name_equal().
 *
 * Returns: the hash
 *
 * Since: 0.1
 */
guint h3_name_hash (gconstpointer name);

/**
 * h3_name_equal: (skip)
 * @a: (not nullable): a NUL-terminated string
 * @b: (not nullable): another one
 *
 * Tells whether two names of fields are the same, in any case of ASCII letters: a #GEqualFunc.
 *
 * Returns: %TRUE when they are
 *
 * Since: 0.1
 */
gboolean h3_name_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
