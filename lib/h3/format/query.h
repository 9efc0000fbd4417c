/* SPDX-License-Identifier: MIT
 *
 * Queries and forms: application/x-www-form-urlencoded (WHATWG URL §5), read strictly. Names may
 * repeat; all pairs are kept, in their order. An H3Query lives in the arena it was parsed into, is
 * not changed after that, and may be read by any thread that may read the arena. */

#pragma once

#include <h3/base/arena.h>
#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3Query: (skip)
 *
 * The pairs of a query or a form, in their order.
 *
 * It lives in the arena it was parsed into and is not changed after that; any thread that may read
 * the arena.
 *
 * Since: 0.1
 */
typedef struct _H3Query H3Query;

/**
 * H3QueryError:
 * @H3_QUERY_OK: none
 * @H3_QUERY_TOO_MANY: more pairs than were allowed
 * @H3_QUERY_BAD_ESCAPE: a `%` without two hex digits
 * @H3_QUERY_BAD_TEXT: a name or value with NUL, another control that is neither HTAB, CR nor LF,
 *   or what is not UTF-8
 *
 * Why a query was refused: the peer's fault, each a 400.
 *
 * Since: 0.1
 */
typedef enum {
    H3_QUERY_OK,
    H3_QUERY_TOO_MANY,
    H3_QUERY_BAD_ESCAPE,
    H3_QUERY_BAD_TEXT,
} H3QueryError;

/**
 * H3QueryFunc: (skip)
 * @name: (transfer none): a name, decoded
 * @value: (transfer none): its value, decoded
 * @user_data: as it was given
 *
 * Told of a pair. Both live as long as the query.
 *
 * Returns: %FALSE to stop
 *
 * Since: 0.1
 */
typedef gboolean (*H3QueryFunc) (const char *name, const char *value, gpointer user_data);

/**
 * H3_QUERY_MAX_PAIRS:
 *
 * How many pairs a query or a form may have where nobody says otherwise.
 *
 * Since: 0.1
 */
#define H3_QUERY_MAX_PAIRS 1000

/**
 * h3_query_parse: (skip)
 * @arena: where the result and its strings will lie
 * @text: a query without its `?`, or a form's body; its length is the caller's to bound
 * @max_pairs: the most pairs to take
 * @out_problem: (out) (optional): why %NULL was returned; %H3_QUERY_OK else
 *
 * Reads a query or a form (WHATWG URL §5). One thread, that of the arena. For bindings there is
 * h3_url_dup_query_value().
 *
 * `+` is a blank, escapes are decoded once, empty pairs are none. Unlike a browser's, this reader
 * refuses a malformed escape and bytes that are not UTF-8 instead of putting up with them.
 *
 * Returns: (transfer none) (nullable): the pairs, until the arena is reset; %NULL where it is
 *   refused, which is the peer's fault: 400
 *
 * Since: 0.1
 */
H3Query *h3_query_parse (H3Arena *arena, H3View text, guint max_pairs, H3QueryError *out_problem);

/**
 * h3_query_get_n_pairs: (skip)
 * @query: the pairs
 *
 * Tells how many pairs there are, repeated names counted each time.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint h3_query_get_n_pairs (const H3Query *query);

/**
 * h3_query_get: (skip)
 * @query: the pairs
 * @name: whose value
 *
 * Gives the first value of a name.
 *
 * Takes the same time whatever names the peer chose.
 *
 * Returns: (transfer none) (nullable): the value, borrowed from the query's arena; %NULL where
 *   there is none
 *
 * Since: 0.1
 */
const char *h3_query_get (const H3Query *query, const char *name);

/**
 * h3_query_get_all: (skip)
 * @query: the pairs
 * @name: whose values
 * @arena: where the list will lie
 *
 * Gives all values of a name.
 *
 * Returns: (transfer none) (array zero-terminated=1): the values in their order, borrowed from the
 *   query's arena, none of them perhaps; the list is @arena's
 *
 * Since: 0.1
 */
const char **h3_query_get_all (const H3Query *query, const char *name, H3Arena *arena);

/**
 * h3_query_foreach: (skip)
 * @query: the pairs
 * @function: (scope call) (closure user_data): what to call
 * @user_data: for @function
 *
 * Calls a function for every pair in order, until it returns %FALSE.
 *
 * Since: 0.1
 */
void h3_query_foreach (const H3Query *query, H3QueryFunc function, gpointer user_data);

/**
 * h3_query_next: (skip)
 * @rest: (inout): what has not been read yet
 * @out_name: (out): the next name as it stands, escapes and all
 * @out_value: (out): its value as it stands; empty where there is no `=`
 *
 * Takes the next pair that is not empty off the front of @rest, without decoding it. Any thread.
 *
 * Takes the next pair that is not empty off the front of @rest, without decoding it.
 *
 * Returns: %FALSE when there is none
 *
 * Since: 0.1
 */
gboolean h3_query_next (H3View *rest, H3View *out_name, H3View *out_value);

/**
 * h3_query_append: (skip)
 * @text: (transfer none): a query that grows, without its `?`
 * @name: a name, UTF-8
 * @value: its value, UTF-8
 *
 * Appends a pair to a query, escaped, behind a `&` where @text is not empty. Any thread. For
 * bindings there is h3_url_add_query().
 *
 * Since: 0.1
 */
void h3_query_append (GString *text, const char *name, const char *value);

G_END_DECLS
