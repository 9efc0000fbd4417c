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
 */
typedef struct _H3Query H3Query;

/**
 * H3QueryError:
 * @H3_QUERY_OK: none
 * @H3_QUERY_TOO_MANY: more pairs than were allowed
 * @H3_QUERY_BAD_ESCAPE: a `%` without two hex digits
 * @H3_QUERY_BAD_TEXT: a name or value with NUL, another control that is neither HTAB, CR nor LF, or
 *   what is not UTF-8
 *
 * Why a query was refused: the peer's fault, each a 400.
 */
typedef enum {
    H3_QUERY_OK,
    H3_QUERY_TOO_MANY,
    H3_QUERY_BAD_ESCAPE,
    H3_QUERY_BAD_TEXT,
} H3QueryError;

/**
 * H3QueryFunc: (skip)
 *
 * Returns: %FALSE to stop
 */
typedef gboolean (*H3QueryFunc) (const char *name, const char *value, gpointer user_data);

/* How many pairs a query or a form may have where nobody says otherwise. */
#define H3_QUERY_MAX_PAIRS 1000

/**
 * h3_query_parse: (skip)
 * @arena: where the result and its strings will lie
 * @text: a query without its `?`, or a form's body; its length is the caller's to bound
 * @max_pairs: the most pairs to take
 * @out_problem: (out) (optional): why %NULL was returned; %H3_QUERY_OK else
 *
 * `+` is a blank, escapes are decoded once, empty pairs are none. Unlike a browser's, this reader
 * refuses a malformed escape and bytes that are not UTF-8 instead of putting up with them.
 *
 * Returns: (transfer none) (nullable): the pairs, until the arena is reset
 */
H3Query *h3_query_parse (H3Arena *arena, H3View text, guint max_pairs, H3QueryError *out_problem);

/* How many pairs there are, repeated names counted each time. */
guint h3_query_get_n_pairs (const H3Query *query);

/**
 * h3_query_get: (skip)
 *
 * Takes the same time whatever names the peer chose.
 *
 * Returns: (nullable): the first value of @name, borrowed from the arena
 */
const char *h3_query_get (const H3Query *query, const char *name);

/**
 * h3_query_get_all: (skip)
 * @query: the pairs
 * @name: whose values
 * @arena: where the list will lie
 *
 * Returns: (transfer none) (array zero-terminated=1): all values of @name in their order, borrowed
 *   from the query's arena; the list from @arena
 */
const char **h3_query_get_all (const H3Query *query, const char *name, H3Arena *arena);

/* Calls `function` for every pair in order, until it returns FALSE. */
void h3_query_foreach (const H3Query *query, H3QueryFunc function, gpointer user_data);

/**
 * h3_query_next: (skip)
 * @rest: (inout): what has not been read yet
 * @out_name: (out): the next name as it stands, escapes and all
 * @out_value: (out): its value as it stands; empty where there is no `=`
 *
 * Takes the next pair that is not empty off the front of @rest, without decoding it.
 *
 * Returns: %FALSE when there is none
 */
gboolean h3_query_next (H3View *rest, H3View *out_name, H3View *out_value);

/**
 * h3_query_append: (skip)
 * @text: a query that grows, without its `?`
 * @name: a name, UTF-8
 * @value: its value, UTF-8
 *
 * Appends the pair, escaped, behind a `&` where @text is not empty.
 */
void h3_query_append (GString *text, const char *name, const char *value);

G_END_DECLS
