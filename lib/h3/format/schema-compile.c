/* SPDX-License-Identifier: MIT */

#include "json.h"
#include "percent.h"
#include "schema-compiler.h"

#include <stdarg.h>

/* Where a text that is a schema may nest deepest: arrays and objects, of which a schema in a schema
 * is two. */
#define MAX_TEXT_DEPTH (2 * H3_SCHEMA_MAX_DEPTH)

/* A `$ref` that was read: where its node goes, and where it stands and leads. */
typedef struct {
    SchemaNode **out;   /* borrowed: the arena */
    const char *place;  /* borrowed: the arena */
    const char *target; /* borrowed: the document */
} Reference;

/* What a node is while circles are looked for. */
enum { MARK_NEW, MARK_OPEN, MARK_DONE };

gboolean
schema_compiler_refuse (SchemaCompiler *compiler, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list arguments;

    if (compiler->error != NULL)
        return FALSE;
    va_start (arguments, format);
    message = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    if (compiler->keyword != NULL) {
        g_autofree char *keyword = g_strescape (compiler->keyword, NULL);

        g_set_error (&compiler->error, H3_ERROR, H3_ERROR_INVALID, "%s/%.100s: %s", compiler->place,
                     keyword, message);
    } else {
        g_set_error (&compiler->error, H3_ERROR, H3_ERROR_INVALID, "%s: %s", compiler->place,
                     message);
    }
    return FALSE;
}

/* (transfer none): the place of what is called `name` below `place`. */
static const char *
extend_place (SchemaCompiler *compiler, const char *place, const char *name)
{
    g_autoptr (GString) longer = g_string_new (place);

    g_string_append_c (longer, '/');
    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/')
            g_string_append (longer, *name == '~' ? "~0" : "~1");
        else
            g_string_append_c (longer, *name);
    }
    return h3_arena_strdup (compiler->schema->arena, longer->str);
}

static gboolean
read_keywords (SchemaCompiler *compiler, SchemaNode *node, json_t *object)
{
    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        compiler->place = node->place;
        compiler->keyword = json_object_iter_key (at);
        if (!schema_keyword_read (compiler, node, compiler->keyword, json_object_iter_value (at)))
            return FALSE;
    }
    return TRUE;
}

/* The schema `value`, which stands at `place`: made, or the one that was made already. */
static SchemaNode *
compile (SchemaCompiler *compiler, const json_t *value, const char *place)
{
    SchemaNode *node = g_hash_table_lookup (compiler->nodes, place);
    const char *outer_place = compiler->place, *outer_keyword = compiler->keyword;
    gboolean is_right;

    if (node != NULL)
        return node;
    node = h3_arena_new0 (compiler->schema->arena, SchemaNode);
    node->place = place;
    (void) g_hash_table_insert (compiler->nodes, (gpointer) place, node);
    compiler->place = place;
    compiler->keyword = NULL;
    compiler->depth++;
    if (json_is_boolean (value))
        node->kind = json_is_true (value) ? SCHEMA_ALWAYS : SCHEMA_NEVER;
    if (compiler->depth > H3_SCHEMA_MAX_DEPTH)
        is_right = schema_compiler_refuse (compiler, "it nests too deep");
    else if (json_is_object (value))
        is_right = read_keywords (compiler, node, (json_t *) value);
    else
        is_right = json_is_boolean (value)
                   || schema_compiler_refuse (compiler, "a schema is an object or a boolean");
    compiler->depth--;
    compiler->place = outer_place;
    compiler->keyword = outer_keyword;
    return is_right ? node : NULL;
}

SchemaNode *
schema_compiler_add (SchemaCompiler *compiler, const json_t *value, const char *name)
{
    const char *place = extend_place (compiler, compiler->place, compiler->keyword);

    if (name != NULL)
        place = extend_place (compiler, place, name);
    return compile (compiler, value, place);
}

gboolean
schema_compiler_add_reference (SchemaCompiler *compiler, const json_t *value, SchemaNode **out)
{
    Reference reference = { out, compiler->place, json_string_value (value) };

    if (reference.target == NULL)
        return schema_compiler_refuse (compiler, "must be a reference");
    g_array_append_val (compiler->references, reference);
    return TRUE;
}

gboolean
schema_compiler_add_anchor (SchemaCompiler *compiler, const json_t *value, SchemaNode *node)
{
    const char *name = json_string_value (value);

    if (name == NULL || (!g_ascii_isalpha (name[0]) && name[0] != '_')
        || strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") != strlen (name))
        return schema_compiler_refuse (compiler, "must be a name");
    if (!g_hash_table_insert (compiler->anchors, (gpointer) name, node))
        return schema_compiler_refuse (compiler, "this name is an anchor already");
    return TRUE;
}

/* Takes the next name off a JSON Pointer; FALSE where it is none. */
static gboolean
take_name (const char **pointer, GString *name)
{
    const char *at = *pointer;

    if (*at++ != '/')
        return FALSE;
    g_string_truncate (name, 0);
    for (; *at != '/' && *at != '\0'; at++) {
        if (*at == '~' && at[1] != '0' && at[1] != '1')
            return FALSE;
        if (*at == '~')
            g_string_append_c (name, *++at == '0' ? '~' : '/');
        else
            g_string_append_c (name, *at);
    }
    *pointer = at;
    return TRUE;
}

/* The value that a JSON Pointer leads to, and its place; NULL: there is none. */
static const json_t *
follow (SchemaCompiler *compiler, const char *pointer, const char **out_place)
{
    const json_t *value = compiler->schema->document;
    g_autoptr (GString) name = g_string_new (NULL);
    const char *place = "#";
    guint64 index;

    while (*pointer != '\0' && value != NULL) {
        if (!take_name (&pointer, name))
            return NULL;
        if (!json_is_array (value))
            value = json_object_getn (value, name->str, name->len);
        else if (name->str[0] == '0' && name->len > 1)
            return NULL;
        else if (h3_view_parse_uint (h3_view (name->str, name->len), G_MAXUINT32, &index))
            value = json_array_get (value, (gsize) index);
        else
            return NULL;
        place = extend_place (compiler, place, name->str);
    }
    *out_place = place;
    return value;
}

/* The part of `target` behind the "#"; NULL where it leads out of the document. */
static const char *
find_fragment (const SchemaCompiler *compiler, const char *target)
{
    const char *id = json_string_value (json_object_get (compiler->schema->document, "$id"));
    gsize length = strcspn (target, "#");

    if (length > 0
        && (id == NULL || strcspn (id, "#") != length || strncmp (id, target, length) != 0))
        return NULL;
    return target[length] == '#' ? target + length + 1 : target + length;
}

static SchemaNode *
resolve (SchemaCompiler *compiler, const char *target)
{
    const char *fragment = find_fragment (compiler, target);
    g_autofree char *pointer = NULL;
    const json_t *value;
    SchemaNode *node;
    const char *place;

    if (fragment == NULL) {
        (void) schema_compiler_refuse (compiler, "it leads out of the document");
        return NULL;
    }
    pointer = h3_percent_unescape (fragment);
    if (pointer != NULL && pointer[0] != '/' && pointer[0] != '\0') {
        node = g_hash_table_lookup (compiler->anchors, pointer);
        if (node == NULL)
            (void) schema_compiler_refuse (compiler, "there is no such anchor");
        return node;
    }
    value = pointer != NULL ? follow (compiler, pointer, &place) : NULL;
    if (value == NULL) {
        (void) schema_compiler_refuse (compiler, "it leads nowhere");
        return NULL;
    }
    return compile (compiler, value, place);
}

/* What references lead to may have references of its own. */
static gboolean
resolve_all (SchemaCompiler *compiler)
{
    for (guint i = 0; i < compiler->references->len; i++) {
        Reference reference = g_array_index (compiler->references, Reference, i);

        compiler->place = reference.place;
        compiler->keyword = "$ref";
        *reference.out = resolve (compiler, reference.target);
        if (*reference.out == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean find_circle (SchemaCompiler *compiler, SchemaNode *node);

static gboolean
find_circle_in_list (SchemaCompiler *compiler, const SchemaList *list)
{
    for (guint i = 0; i < list->count; i++) {
        if (find_circle (compiler, list->nodes[i]))
            return TRUE;
    }
    return FALSE;
}

/* Whether a node is applied to a value by being applied to it: that would never end. As deep as
 * there are nodes in a row, which `depth` bounds. */
static gboolean
find_circle (SchemaCompiler *compiler, SchemaNode *node)
{
    const SchemaLogic *logic;
    gboolean is_found = FALSE;

    if (node == NULL || node->mark == MARK_DONE)
        return FALSE;
    compiler->place = node->place;
    compiler->keyword = NULL;
    if (node->mark == MARK_OPEN)
        return !schema_compiler_refuse (compiler, "it leads round in a circle");
    if (compiler->depth == H3_SCHEMA_MAX_DEPTH)
        return !schema_compiler_refuse (compiler, "too many schemas lead to one another");
    compiler->depth++;
    node->mark = MARK_OPEN;
    logic = node->logic;
    if (logic != NULL)
        is_found =
            find_circle (compiler, logic->reference) || find_circle_in_list (compiler, &logic->all)
            || find_circle_in_list (compiler, &logic->any)
            || find_circle_in_list (compiler, &logic->one) || find_circle (compiler, logic->not )
            || find_circle (compiler, logic->condition)
            || find_circle (compiler, logic->consequence)
            || find_circle (compiler, logic->alternative);
    for (guint i = 0; node->object != NULL && i < node->object->dependent_schemas.count; i++)
        is_found =
            is_found || find_circle (compiler, node->object->dependent_schemas.items[i].node);
    node->mark = MARK_DONE;
    compiler->depth--;
    return is_found;
}

static gboolean
has_circle (SchemaCompiler *compiler)
{
    GHashTableIter iter;
    gpointer node;

    g_hash_table_iter_init (&iter, compiler->nodes);
    while (g_hash_table_iter_next (&iter, NULL, &node)) {
        if (find_circle (compiler, node))
            return TRUE;
    }
    return FALSE;
}

static gboolean
compile_document (SchemaCompiler *compiler, const char *pointer)
{
    const char *place = "#";
    const json_t *value = follow (compiler, pointer, &place);

    compiler->place = "#";
    if (value == NULL)
        return schema_compiler_refuse (compiler, "nothing is at \"%s\"", pointer);
    compiler->schema->root = compile (compiler, value, place);
    return compiler->schema->root != NULL && resolve_all (compiler) && !has_circle (compiler);
}

H3Schema *
h3_schema_new_within (const json_t *document, const char *pointer, GError **error)
{
    g_autoptr (H3Schema) schema = NULL;
    g_autoptr (GHashTable) nodes = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GHashTable) anchors = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GArray) references = g_array_new (FALSE, FALSE, sizeof (Reference));
    SchemaCompiler compiler = { .nodes = nodes, .anchors = anchors, .references = references };

    g_return_val_if_fail (document != NULL && pointer != NULL, NULL);
    schema = g_new0 (H3Schema, 1);
    atomic_init (&schema->refs, 1);
    schema->arena = h3_arena_new ();
    schema->document = json_deep_copy (document);
    compiler.schema = schema;
    if (schema->document == NULL) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "#: the document contains itself");
        return NULL;
    }
    if (compile_document (&compiler, pointer))
        return g_steal_pointer (&schema);
    g_propagate_error (error, compiler.error);
    return NULL;
}

H3Schema *
h3_schema_new (const json_t *document, GError **error)
{
    return h3_schema_new_within (document, "", error);
}

H3Schema *
h3_schema_new_from_text (const char *text, GError **error)
{
    g_autoptr (json_t) document = NULL;

    g_return_val_if_fail (text != NULL, NULL);
    document = h3_json_parse (h3_view_of (text), MAX_TEXT_DEPTH, error);
    return document != NULL ? h3_schema_new (document, error) : NULL;
}
