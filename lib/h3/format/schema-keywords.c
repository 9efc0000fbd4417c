/* SPDX-License-Identifier: MIT */

#include "schema-compiler.h"
#include "schema-value.h"

#include <jansson.h>

/* What `read` writes to lies at `offset` of the part of the node that says something of values of
 * one kind. */
typedef enum { PART_NODE, PART_OBJECT, PART_ARRAY, PART_NUMBER, PART_TEXT, PART_LOGIC } Part;

typedef gboolean (*ReadFunction) (SchemaCompiler *compiler, const json_t *value, gpointer out);

typedef struct {
    const char *name;
    ReadFunction read; /* NULL: an annotation, which says nothing of a document */
    Part part;
    gsize offset;
} Keyword;

/* Values of keywords, by what they may be. */

static gboolean
read_count (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    guint64 *out_count = out;

    if (!json_is_number (value) || !schema_value_is_whole (value) || json_number_value (value) < 0)
        return schema_compiler_refuse (compiler, "must be a whole number, 0 or more");
    if (json_is_integer (value))
        *out_count = (guint64) json_integer_value (value);
    else
        *out_count = (guint64) MIN (json_real_value (value), 1e18);
    return TRUE;
}

static gboolean
read_number (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    if (!json_is_number (value))
        return schema_compiler_refuse (compiler, "must be a number");
    *(const json_t **) out = value;
    return TRUE;
}

static gboolean
read_schema (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaNode **out_node = out;

    *out_node = schema_compiler_add (compiler, value, NULL);
    return *out_node != NULL;
}

static gboolean
read_list (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaList *out_list = out;
    gsize count = json_array_size (value);

    if (count == 0)
        return schema_compiler_refuse (compiler, "must be an array of at least one schema");
    out_list->nodes = h3_arena_alloc (compiler->schema->arena, count * sizeof (SchemaNode *));
    for (gsize i = 0; i < count; i++) {
        char name[24];

        (void) g_snprintf (name, sizeof name, "%" G_GSIZE_FORMAT, i);
        out_list->nodes[i] = schema_compiler_add (compiler, json_array_get (value, i), name);
        if (out_list->nodes[i] == NULL)
            return FALSE;
    }
    out_list->count = (guint) count;
    return TRUE;
}

static gboolean
read_table (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaTable *out_table = out;
    json_t *object = (json_t *) value;
    guint count = 0;

    if (!json_is_object (value))
        return schema_compiler_refuse (compiler, "must be an object");
    out_table->items = h3_arena_alloc0 (compiler->schema->arena,
                                        (json_object_size (value) + 1) * sizeof (SchemaNamed));
    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        SchemaNamed *named = &out_table->items[count++];

        named->name = json_object_iter_key (at);
        named->node = schema_compiler_add (compiler, json_object_iter_value (at), named->name);
        if (named->node == NULL)
            return FALSE;
    }
    out_table->count = count;
    return TRUE;
}

static gboolean
read_names (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    guint work = G_MAXUINT;

    if (!json_is_array (value))
        return schema_compiler_refuse (compiler, "must be an array of names");
    for (gsize i = 0; i < json_array_size (value); i++) {
        if (!json_is_string (json_array_get (value, i)))
            return schema_compiler_refuse (compiler, "must be an array of names");
    }
    if (!schema_value_is_set (value, &work))
        return schema_compiler_refuse (compiler, "has a name twice");
    *(const json_t **) out = value;
    return TRUE;
}

static void
free_pattern (gpointer data)
{
    schema_pattern_free (data);
}

static SchemaPattern *
read_pattern (SchemaCompiler *compiler, const char *text)
{
    g_autoptr (GError) error = NULL;
    SchemaPattern *pattern = schema_pattern_new (text, &error);

    if (pattern == NULL)
        (void) schema_compiler_refuse (compiler, "%s", error->message);
    else
        h3_arena_add_cleanup (compiler->schema->arena, free_pattern, pattern);
    return pattern;
}

/* Any value */

static guint8
find_type (const char *name)
{
    static const char *const names[] = { "object", "array",   "string", "integer",
                                         "number", "boolean", "null" };

    for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++) {
        if (strcmp (names[i], name) == 0)
            return (guint8) (1u << i);
    }
    return 0;
}

static gboolean
read_type (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    guint8 *types = out;
    gsize count = json_is_array (value) ? json_array_size (value) : 1;

    for (gsize i = 0; i < count; i++) {
        const json_t *item = json_is_array (value) ? json_array_get (value, i) : value;
        guint8 type = find_type (json_string_value (item));

        if (type == 0 || (*types & type) != 0)
            return schema_compiler_refuse (compiler,
                                           "must be object, array, string, integer, number, "
                                           "boolean or null, or an array of these");
        *types |= type;
    }
    return count > 0 || schema_compiler_refuse (compiler, "must name a type");
}

static gboolean
read_enum (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    if (json_array_size (value) == 0)
        return schema_compiler_refuse (compiler, "must be an array of at least one value");
    *(const json_t **) out = value;
    return TRUE;
}

static gboolean
read_dialect (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    static const char *const known[] = { "https://json-schema.org/draft/2020-12/schema",
                                         "https://json-schema.org/draft/2020-12/schema#",
                                         "https://spec.openapis.org/oas/3.1/dialect/base" };
    const char *name = json_string_value (value);

    (void) out;
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (known); i++) {
        if (strcmp (name, known[i]) == 0)
            return TRUE;
    }
    return schema_compiler_refuse (compiler, "only the dialect 2020-12 is known");
}

static gboolean
read_id (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    const SchemaNode *node = out;

    if (strcmp (node->place, "#") != 0)
        return schema_compiler_refuse (compiler, "is known only where the document begins");
    return json_is_string (value) || schema_compiler_refuse (compiler, "must be a URI");
}

/* All of its schemas, so that a mistake in one that nothing leads to is told too. */
static gboolean
read_definitions (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaTable table;

    (void) out;
    return read_table (compiler, value, &table);
}

/* Objects */

static void
free_index (gpointer index)
{
    g_hash_table_unref (index);
}

static gboolean
read_properties (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaObject *object = out;

    if (!read_table (compiler, value, &object->properties))
        return FALSE;
    object->index = g_hash_table_new (h3_string_hash, g_str_equal);
    h3_arena_add_cleanup (compiler->schema->arena, free_index, object->index);
    for (guint i = 0; i < object->properties.count; i++) {
        SchemaNamed *named = &object->properties.items[i];

        (void) g_hash_table_insert (object->index, (gpointer) named->name, named->node);
    }
    return TRUE;
}

static gboolean
read_pattern_properties (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaObject *object = out;
    SchemaTable table;

    if (!read_table (compiler, value, &table))
        return FALSE;
    object->patterns =
        h3_arena_alloc0 (compiler->schema->arena, (table.count + 1) * sizeof (SchemaPatterned));
    for (guint i = 0; i < table.count; i++) {
        object->patterns[i].node = table.items[i].node;
        object->patterns[i].pattern = read_pattern (compiler, table.items[i].name);
        if (object->patterns[i].pattern == NULL)
            return FALSE;
    }
    object->n_patterns = table.count;
    return TRUE;
}

static gboolean
read_dependent_required (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaTable *table = out;
    json_t *object = (json_t *) value;
    guint count = 0;

    if (!json_is_object (value))
        return schema_compiler_refuse (compiler, "must be an object");
    table->items = h3_arena_alloc0 (compiler->schema->arena,
                                    (json_object_size (value) + 1) * sizeof (SchemaNamed));
    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        table->items[count].name = json_object_iter_key (at);
        if (!read_names (compiler, json_object_iter_value (at), &table->items[count++].list))
            return FALSE;
    }
    table->count = count;
    return TRUE;
}

/* Arrays, numbers and texts */

static gboolean
read_unique_items (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    if (!json_is_boolean (value))
        return schema_compiler_refuse (compiler, "must be true or false");
    *(gboolean *) out = json_is_true (value);
    return TRUE;
}

static gboolean
read_multiple_of (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    if (json_number_value (value) <= 0)
        return schema_compiler_refuse (compiler, "must be a number greater than 0");
    *(const json_t **) out = value;
    return TRUE;
}

static gboolean
read_text_pattern (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    SchemaPattern **pattern = out;

    if (!json_is_string (value))
        return schema_compiler_refuse (compiler, "must be a regular expression");
    *pattern = read_pattern (compiler, json_string_value (value));
    return *pattern != NULL;
}

static gboolean
read_format (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    const char *name = json_string_value (value);
    const TextFormat *format = name != NULL ? text_format_find (name) : NULL;

    if (format == NULL)
        return schema_compiler_refuse (compiler, "there is no such format");
    *(const TextFormat **) out = format;
    return TRUE;
}

static gboolean
read_constant (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    (void) compiler;
    *(const json_t **) out = value;
    return TRUE;
}

static gboolean
read_reference (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    return schema_compiler_add_reference (compiler, value, out);
}

static gboolean
read_anchor (SchemaCompiler *compiler, const json_t *value, gpointer out)
{
    return schema_compiler_add_anchor (compiler, value, out);
}

#define NODE(field)   PART_NODE, G_STRUCT_OFFSET (SchemaNode, field)
#define OBJECT(field) PART_OBJECT, G_STRUCT_OFFSET (SchemaObject, field)
#define ARRAY(field)  PART_ARRAY, G_STRUCT_OFFSET (SchemaArray, field)
#define NUMBER(field) PART_NUMBER, G_STRUCT_OFFSET (SchemaNumber, field)
#define TEXT(field)   PART_TEXT, G_STRUCT_OFFSET (SchemaText, field)
#define LOGIC(field)  PART_LOGIC, G_STRUCT_OFFSET (SchemaLogic, field)
#define WHOLE(part)   part, 0
#define ANNOTATION    NULL, PART_NODE, 0

static const Keyword keywords[] = {
    { "type", read_type, NODE (types) },
    { "properties", read_properties, WHOLE (PART_OBJECT) },
    { "required", read_names, OBJECT (required) },
    { "items", read_schema, ARRAY (rest) },
    { "$ref", read_reference, LOGIC (reference) },
    { "enum", read_enum, NODE (choice) },
    { "const", read_constant, NODE (constant) },
    { "format", read_format, TEXT (format) },
    { "pattern", read_text_pattern, TEXT (pattern) },
    { "minLength", read_count, TEXT (length.least) },
    { "maxLength", read_count, TEXT (length.most) },
    { "minimum", read_number, NUMBER (minimum) },
    { "maximum", read_number, NUMBER (maximum) },
    { "exclusiveMinimum", read_number, NUMBER (exclusive_minimum) },
    { "exclusiveMaximum", read_number, NUMBER (exclusive_maximum) },
    { "multipleOf", read_multiple_of, NUMBER (multiple) },
    { "additionalProperties", read_schema, OBJECT (additional) },
    { "patternProperties", read_pattern_properties, WHOLE (PART_OBJECT) },
    { "propertyNames", read_schema, OBJECT (names) },
    { "unevaluatedProperties", read_schema, OBJECT (unevaluated) },
    { "minProperties", read_count, OBJECT (size.least) },
    { "maxProperties", read_count, OBJECT (size.most) },
    { "dependentRequired", read_dependent_required, OBJECT (dependent_required) },
    { "dependentSchemas", read_table, OBJECT (dependent_schemas) },
    { "prefixItems", read_list, ARRAY (prefix) },
    { "contains", read_schema, ARRAY (contains) },
    { "minContains", read_count, ARRAY (contained.least) },
    { "maxContains", read_count, ARRAY (contained.most) },
    { "minItems", read_count, ARRAY (size.least) },
    { "maxItems", read_count, ARRAY (size.most) },
    { "uniqueItems", read_unique_items, ARRAY (is_unique) },
    { "unevaluatedItems", read_schema, ARRAY (unevaluated) },
    { "allOf", read_list, LOGIC (all) },
    { "anyOf", read_list, LOGIC (any) },
    { "oneOf", read_list, LOGIC (one) },
    { "not", read_schema, LOGIC (not ) },
    { "if", read_schema, LOGIC (condition) },
    { "then", read_schema, LOGIC (consequence) },
    { "else", read_schema, LOGIC (alternative) },
    { "$defs", read_definitions, WHOLE (PART_NODE) },
    { "definitions", read_definitions, WHOLE (PART_NODE) },
    { "$anchor", read_anchor, WHOLE (PART_NODE) },
    { "$schema", read_dialect, WHOLE (PART_NODE) },
    { "$id", read_id, WHOLE (PART_NODE) },
    { "$comment", ANNOTATION },
    { "title", ANNOTATION },
    { "description", ANNOTATION },
    { "default", read_constant, NODE (fallback) },
    { "example", ANNOTATION },
    { "examples", ANNOTATION },
    { "deprecated", ANNOTATION },
    { "readOnly", ANNOTATION },
    { "writeOnly", ANNOTATION },
    { "contentEncoding", ANNOTATION },
    { "contentMediaType", ANNOTATION },
    { "contentSchema", ANNOTATION },
    { "discriminator", ANNOTATION },
    { "externalDocs", ANNOTATION },
    { "xml", ANNOTATION },
};

static const Keyword *
find_keyword (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++) {
        if (strcmp (keywords[i].name, name) == 0)
            return &keywords[i];
    }
    return NULL;
}

/* The part of `node`, made when the first keyword of its kind is read. */
static gpointer
ensure_part (SchemaCompiler *compiler, SchemaNode *node, Part part)
{
    H3Arena *arena = compiler->schema->arena;

    switch (part) {
    case PART_OBJECT:
        if (node->object == NULL) {
            node->object = h3_arena_new0 (arena, SchemaObject);
            node->object->size.most = G_MAXUINT64;
        }
        return node->object;
    case PART_ARRAY:
        if (node->array == NULL) {
            node->array = h3_arena_new0 (arena, SchemaArray);
            node->array->size.most = G_MAXUINT64;
            node->array->contained = (SchemaSpan){ 1, G_MAXUINT64 };
        }
        return node->array;
    case PART_NUMBER:
        if (node->number == NULL)
            node->number = h3_arena_new0 (arena, SchemaNumber);
        return node->number;
    case PART_TEXT:
        if (node->text == NULL) {
            node->text = h3_arena_new0 (arena, SchemaText);
            node->text->length.most = G_MAXUINT64;
        }
        return node->text;
    case PART_LOGIC:
        if (node->logic == NULL)
            node->logic = h3_arena_new0 (arena, SchemaLogic);
        return node->logic;
    case PART_NODE:
        break;
    }
    return node;
}

gboolean
schema_keyword_read (SchemaCompiler *compiler, SchemaNode *node, const char *name,
                     const json_t *value)
{
    const Keyword *keyword = find_keyword (name);
    char *part;

    if (keyword == NULL && g_str_has_prefix (name, "x-"))
        return TRUE;
    if (keyword == NULL)
        return schema_compiler_refuse (compiler, "there is no such keyword");
    if (keyword->read == NULL)
        return TRUE;
    part = ensure_part (compiler, node, keyword->part);
    return keyword->read (compiler, value, part + keyword->offset);
}
