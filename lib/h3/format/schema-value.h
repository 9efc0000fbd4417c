/* SPDX-License-Identifier: MIT
 *
 * What JSON values are to a schema: numbers by their value, however they are written; objects
 * without an order. Values are only read; any thread that may read them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/* Whether a number has no fraction: 1, 1.0 and 1e300. */
gboolean schema_value_is_whole (const json_t *number);

/* Less than, equal to or greater than 0, as `a` is to `b`; exact, also between integers and
 * doubles. Both are numbers. */
int schema_value_compare (const json_t *a, const json_t *b);

/* Whether `number` is a whole multiple of `unit`, which is greater than 0; both taken as the
 * shortest decimals that they are written as, so that 0.3 is one of 0.1. */
gboolean schema_value_is_multiple (const json_t *number, const json_t *unit);

/* As json_equal (), but for numbers: 1 is 1.0. What nests deeper than 1024 is equal to nothing. */
gboolean schema_value_is_equal (const json_t *a, const json_t *b);

/* Keyed: equal values have equal ones. Takes one off `*work` for each value in it. */
guint schema_value_hash (const json_t *value, guint *work);

/* Whether no two items of the array are equal; takes what it costs off `*work`, and is FALSE where
 * that does not do, with 0 left. */
gboolean schema_value_is_set (const json_t *array, guint *work);

G_END_DECLS
