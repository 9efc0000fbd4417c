/* SPDX-License-Identifier: MIT
 *
 * Regular expressions of schemas: written as in ECMA-262 with its flag u, matched by GRegex, with
 * bounds that hold however badly text and expression go together. Immutable; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SchemaPattern SchemaPattern;

typedef enum {
    SCHEMA_PATTERN_FITS,
    SCHEMA_PATTERN_DIFFERS,
    SCHEMA_PATTERN_COSTLY, /* it would take longer than `*work` */
} SchemaPatternVerdict;

/* (nullable): NULL with H3_ERROR_INVALID, a message without a place. */
SchemaPattern *schema_pattern_new (const char *text, GError **error);
void schema_pattern_free (SchemaPattern *pattern);

/* Whether the expression is found anywhere in `text`, which is UTF-8. Takes what it costs off
 * `*work`, whose unit is about that of looking at one value of a document. */
SchemaPatternVerdict schema_pattern_match (const SchemaPattern *pattern, const char *text,
                                           gsize length, guint *work);

/* The first of two steps of schema_pattern_new (): the expression in PCRE's words. (transfer full)
 * (nullable): NULL with H3_ERROR_INVALID. `*out_is_anchored`: it can only match at the start. */
char *schema_pattern_translate (const char *text, gboolean *out_is_anchored, GError **error);

G_END_DECLS
