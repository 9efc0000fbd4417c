/* SPDX-License-Identifier: MIT
 *
 * A compiled schema: nodes in an arena, one for each place of the document that is a schema; made
 * by schema-compile.c, read by schema-check*.c. Frozen once compiled: any thread. */

#pragma once

#include "schema-pattern.h"
#include "schema.h"
#include "text-format.h"

#include <h3/base/arena.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _SchemaNode SchemaNode;

/* Types as bits; a whole number has both bits of its own. */
enum {
    SCHEMA_OBJECT = 1 << 0,
    SCHEMA_ARRAY = 1 << 1,
    SCHEMA_STRING = 1 << 2,
    SCHEMA_INTEGER = 1 << 3,
    SCHEMA_NUMBER = 1 << 4,
    SCHEMA_BOOLEAN = 1 << 5,
    SCHEMA_NULL = 1 << 6,
};

typedef struct {
    SchemaNode **nodes; /* borrowed: the arena */
    guint count;
} SchemaList;

typedef struct {
    const char *name;   /* borrowed: the document */
    const json_t *list; /* borrowed: the document; of dependentRequired */
    SchemaNode *node;   /* borrowed: the arena; of the others */
} SchemaNamed;

typedef struct {
    SchemaNamed *items; /* borrowed: the arena */
    guint count;
} SchemaTable;

typedef struct {
    SchemaPattern *pattern; /* owned */
    SchemaNode *node;       /* borrowed: the arena */
} SchemaPatterned;

/* minProperties, minItems, minLength and the like; G_MAXUINT64 is no bound. */
typedef struct {
    guint64 least;
    guint64 most;
} SchemaSpan;

typedef struct {
    SchemaTable properties;
    GHashTable *index; /* owned: names of `properties` → SchemaNode */
    SchemaPatterned *patterns;
    guint n_patterns;
    SchemaNode *additional; /* all nodes: borrowed: the arena; NULL: none */
    SchemaNode *names;
    SchemaNode *unevaluated;
    const json_t *required; /* borrowed: the document; NULL: none */
    SchemaTable dependent_required;
    SchemaTable dependent_schemas;
    SchemaSpan size;
} SchemaObject;

typedef struct {
    SchemaList prefix;
    SchemaNode *rest; /* `items` */
    SchemaNode *contains;
    SchemaNode *unevaluated;
    SchemaSpan contained;
    SchemaSpan size;
    gboolean is_unique;
} SchemaArray;

typedef struct {
    const json_t *minimum; /* borrowed: the document, as the others; NULL: none */
    const json_t *maximum;
    const json_t *exclusive_minimum;
    const json_t *exclusive_maximum;
    const json_t *multiple;
} SchemaNumber;

typedef struct {
    SchemaSpan length;
    SchemaPattern *pattern; /* owned; NULL: none */
    const TextFormat *format;
} SchemaText;

/* What applies to the same value. */
typedef struct {
    SchemaNode *reference; /* $ref */
    SchemaList all, any, one;
    SchemaNode * not, *condition, *consequence, *alternative;
} SchemaLogic;

typedef enum { SCHEMA_RULES, SCHEMA_ALWAYS, SCHEMA_NEVER } SchemaKind;

struct _SchemaNode {
    const char *place;      /* borrowed: the arena: "#/properties/a" */
    const json_t *constant; /* borrowed: the document; NULL: none */
    const json_t *choice;   /* borrowed: the document: enum; NULL: none */
    const json_t *fallback; /* borrowed: the document: default, which refuses nothing */
    SchemaObject *object;   /* these five: borrowed: the arena; NULL: says nothing of it */
    SchemaArray *array;
    SchemaNumber *number;
    SchemaText *text;
    SchemaLogic *logic;
    SchemaKind kind;
    guint8 types; /* 0: any */
    guint8 mark;  /* the compiler's, while it looks for circles */
};

struct _H3Schema {
    atomic_int refs;
    json_t *document; /* owned: a copy; never counted again once compiled */
    H3Arena *arena;   /* owned */
    SchemaNode *root; /* borrowed: the arena */
};

G_END_DECLS
