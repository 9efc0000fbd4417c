/* SPDX-License-Identifier: MIT */

#include "schema-fields.h"

#include "json.h"
#include "schema-private.h"

/* How many schemas are asked what one field may be. */
#define MAX_ASKED 64

/* What finding out whether a pattern has a name may cost, as of schema_pattern_match (). */
#define MAX_WORK 1024

#define SCALARS                                                                                    \
    (SCHEMA_STRING | SCHEMA_INTEGER | SCHEMA_NUMBER | SCHEMA_BOOLEAN | SCHEMA_NULL | SCHEMA_OBJECT)

typedef const SchemaNode *(*FindFunction) (const SchemaNode *node, const char *name);

/* What `find` finds in the node, or in one that applies to the same value. */
static const SchemaNode *
search (const SchemaNode *node, FindFunction find, const char *name, guint *asked)
{
    const SchemaList *lists[3];
    const SchemaNode *found;

    if (node == NULL || ++*asked > MAX_ASKED)
        return NULL;
    found = find (node, name);
    if (found != NULL || node->logic == NULL)
        return found;
    found = search (node->logic->reference, find, name, asked);
    lists[0] = &node->logic->all;
    lists[1] = &node->logic->any;
    lists[2] = &node->logic->one;
    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
        for (guint n = 0; found == NULL && n < lists[i]->count; n++)
            found = search (lists[i]->nodes[n], find, name, asked);
    }
    return found;
}

static const SchemaNode *
find_named (const SchemaNode *node, const char *name)
{
    if (node->object == NULL)
        return NULL;
    if (node->object->index != NULL && g_hash_table_contains (node->object->index, name))
        return g_hash_table_lookup (node->object->index, name);
    for (guint i = 0; i < node->object->n_patterns; i++) {
        const SchemaPatterned *patterned = &node->object->patterns[i];
        guint work = MAX_WORK;

        if (schema_pattern_match (patterned->pattern, name, strlen (name), &work)
            == SCHEMA_PATTERN_FITS)
            return patterned->node;
    }
    return NULL;
}

static const SchemaNode *
find_additional (const SchemaNode *node, const char *name)
{
    (void) name;
    return node->object != NULL ? node->object->additional : NULL;
}

static const SchemaNode *
find_items (const SchemaNode *node, const char *name)
{
    (void) name;
    return node->array != NULL ? node->array->rest : NULL;
}

static guint8
find_type_of (const json_t *value)
{
    if (json_is_number (value))
        return SCHEMA_NUMBER;
    if (json_is_boolean (value))
        return SCHEMA_BOOLEAN;
    return json_is_null (value) ? SCHEMA_NULL : SCHEMA_STRING;
}

static guint8 find_types_in_list (const SchemaList *list, guint *asked);

/* What the node allows, as far as one can tell; 0: anything. */
static guint8
find_types (const SchemaNode *node, guint *asked)
{
    guint8 types = 0;

    if (node == NULL || ++*asked > MAX_ASKED)
        return 0;
    if (node->types != 0)
        return node->types;
    if (node->constant != NULL)
        return find_type_of (node->constant);
    for (gsize i = 0; node->choice != NULL && i < json_array_size (node->choice); i++)
        types |= find_type_of (json_array_get (node->choice, i));
    if (types != 0 || node->logic == NULL)
        return types;
    types = find_types (node->logic->reference, asked);
    types |= find_types_in_list (&node->logic->all, asked);
    types |= find_types_in_list (&node->logic->any, asked);
    return types | find_types_in_list (&node->logic->one, asked);
}

static guint8
find_types_in_list (const SchemaList *list, guint *asked)
{
    guint8 types = 0;

    for (guint i = 0; i < list->count; i++)
        types |= find_types (list->nodes[i], asked);
    return types;
}

static const SchemaNode *
find_property (const H3Schema *schema, const char *name)
{
    guint asked = 0;
    const SchemaNode *node = search (schema->root, find_named, name, &asked);

    return node != NULL ? node : search (schema->root, find_additional, name, &asked);
}

/* (transfer full): the text as what `types` allow. */
static json_t *
convert (const char *text, guint8 types)
{
    H3View view = h3_view_of (text);
    json_t *value = NULL;

    /* Blanks around a number are JSON, and no part of it. */
    if ((types & (SCHEMA_INTEGER | SCHEMA_NUMBER)) != 0 && view.length > 0
        && (text[0] == '-' || g_ascii_isdigit (text[0])) && g_ascii_isdigit (text[view.length - 1]))
        value = h3_json_parse (view, 0, NULL);
    if (value != NULL)
        return value;
    if ((types & SCHEMA_BOOLEAN) != 0 && h3_view_equal (view, H3_VIEW ("true")))
        return json_true ();
    if ((types & SCHEMA_BOOLEAN) != 0 && h3_view_equal (view, H3_VIEW ("false")))
        return json_false ();
    if ((types & SCHEMA_NULL) != 0 && (types & SCHEMA_STRING) == 0 && text[0] == '\0')
        return json_null ();
    return json_string (text);
}

void
schema_fields_add (const H3Schema *schema, json_t *object, const char *name, const char *value)
{
    const SchemaNode *node = find_property (schema, name);
    guint asked = 0;
    guint8 types = find_types (node, &asked);
    json_t *list = json_object_get (object, name);

    if (list == NULL && ((types & SCHEMA_ARRAY) == 0 || (types & SCALARS) != 0)) {
        json_object_set_new (object, name, convert (value, types));
        return;
    }
    if (!json_is_array (list)) {
        json_t *first = list;

        list = json_array ();
        if (first != NULL)
            json_array_append (list, first);
        json_object_set_new (object, name, list);
    }
    asked = 0;
    node = search (node, find_items, NULL, &asked);
    json_array_append_new (list, convert (value, find_types (node, &asked)));
}

static void
add_defaults (const SchemaNode *node, json_t *object, guint *asked)
{
    const SchemaTable *table;

    if (node == NULL || ++*asked > MAX_ASKED)
        return;
    table = node->object != NULL ? &node->object->properties : NULL;
    for (guint i = 0; table != NULL && i < table->count; i++) {
        const SchemaNamed *named = &table->items[i];

        if (named->node->fallback != NULL && json_object_get (object, named->name) == NULL)
            json_object_set_new (object, named->name, json_deep_copy (named->node->fallback));
    }
    if (node->logic == NULL)
        return;
    add_defaults (node->logic->reference, object, asked);
    for (guint i = 0; i < node->logic->all.count; i++)
        add_defaults (node->logic->all.nodes[i], object, asked);
}

void
schema_fields_add_defaults (const H3Schema *schema, json_t *object)
{
    guint asked = 0;

    add_defaults (schema->root, object, &asked);
}
