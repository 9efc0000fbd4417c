/* SPDX-License-Identifier: MIT
 *
 * What is under way while a schema is compiled: keywords are read by schema-keywords.c, places and
 * references are schema-compile.c's. On the stack of one thread. */

#pragma once

#include "schema-private.h"

G_BEGIN_DECLS

typedef struct {
    H3Schema *schema;    /* borrowed: the caller */
    GHashTable *nodes;   /* borrowed: the caller, as the next two; places → SchemaNode */
    GHashTable *anchors; /* names → SchemaNode */
    GArray *references;  /* to be resolved when all has been read */
    const char *place;   /* borrowed: of the node that is read */
    const char *keyword; /* borrowed: its keyword that is read */
    guint depth;
    GError *error; /* owned; the first */
} SchemaCompiler;

/* schema-keywords.c: FALSE: the compiler has an error. */
gboolean schema_keyword_read (SchemaCompiler *compiler, SchemaNode *node, const char *name,
                              const json_t *value);

/* schema-compile.c: a schema below the keyword that is read: at its value (`name` NULL), or at
 * `name` of its value. NULL: the compiler has an error. */
SchemaNode *schema_compiler_add (SchemaCompiler *compiler, const json_t *value, const char *name);
/* Always FALSE; the message follows the place of the keyword. */
gboolean schema_compiler_refuse (SchemaCompiler *compiler, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/* `$ref`, whose node will be put where `out` says, and `$anchor` of the node that is read. */
gboolean schema_compiler_add_reference (SchemaCompiler *compiler, const json_t *value,
                                        SchemaNode **out);
gboolean schema_compiler_add_anchor (SchemaCompiler *compiler, const json_t *value,
                                     SchemaNode *node);

G_END_DECLS
