/* SPDX-License-Identifier: MIT
 *
 * Schemas as components of a document. A `$ref` that leads to a place in the schema leads, once
 * that has moved, to the same place in the document. */

#include "openapi-private.h"

#include <h3/format/json.h>

#include <string.h>

#define PLACE "#/components/schemas/"

void
openapi_schemas_init (OpenApiSchemas *schemas, json_t *object)
{
    schemas->schemas = object;
    schemas->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

void
openapi_schemas_clear (OpenApiSchemas *schemas)
{
    g_clear_pointer (&schemas->names, g_hash_table_unref);
}

static void move_refs (json_t *schema, const char *name);

static void
move_ref (json_t *schema, const char *name)
{
    const char *text = json_string_value (json_object_get (schema, "$ref"));

    /* `#name` leads to an $anchor, which has moved too. */
    if (text == NULL || text[0] != '#' || (text[1] != '\0' && text[1] != '/'))
        return;
    json_object_set_new (schema, "$ref", json_sprintf (PLACE "%s%s", name, text + 1));
}

static void
move_refs_of_members (json_t *object, const char *name)
{
    const char *key;
    json_t *member;

    json_object_foreach (object, key, member)
    {
        (void) key;
        move_refs (member, name);
    }
}

static void
move_refs_of_items (json_t *array, const char *name)
{
    for (gsize i = 0; i < json_array_size (array); i++)
        move_refs (json_array_get (array, i), name);
}

/* Only what the dialect makes a schema is one: `{"const": {"$ref": 1}}` has none. Schemas nest no
 * deeper than H3_SCHEMA_MAX_DEPTH. */
static void
move_refs (json_t *schema, const char *name)
{
    static const char *const one[] = { "additionalProperties",
                                       "unevaluatedProperties",
                                       "propertyNames",
                                       "items",
                                       "unevaluatedItems",
                                       "contains",
                                       "not",
                                       "if",
                                       "then",
                                       "else",
                                       "contentSchema" };
    static const char *const many[] = { "allOf", "anyOf", "oneOf", "prefixItems" };
    static const char *const named[] = { "properties", "patternProperties", "dependentSchemas",
                                         "$defs", "definitions" };

    if (!json_is_object (schema))
        return;
    move_ref (schema, name);
    for (guint i = 0; i < G_N_ELEMENTS (one); i++)
        move_refs (json_object_get (schema, one[i]), name);
    for (guint i = 0; i < G_N_ELEMENTS (many); i++)
        move_refs_of_items (json_object_get (schema, many[i]), name);
    for (guint i = 0; i < G_N_ELEMENTS (named); i++)
        move_refs_of_members (json_object_get (schema, named[i]), name);
}

/* (transfer full): of letters, digits, ".", "-" and "_", which no other has. */
static char *
choose_name (const OpenApiSchemas *schemas, const json_t *document, const char *wish)
{
    const char *title = json_string_value (json_object_get (document, "title"));
    g_autofree char *base = g_strdup (title != NULL && *title != '\0' ? title : wish);
    char *name;

    for (char *at = base; *at != '\0'; at++) {
        if (!g_ascii_isalnum (*at) && strchr (".-", *at) == NULL)
            *at = '_';
    }
    name = g_strdup (base);
    for (guint i = 2; json_object_get (schemas->schemas, name) != NULL; i++) {
        g_free (name);
        name = g_strdup_printf ("%s_%u", base, i);
    }
    return name;
}

const char *
openapi_schemas_add (OpenApiSchemas *schemas, H3Schema *schema, const char *wish)
{
    const char *known = g_hash_table_lookup (schemas->names, schema);
    json_t *copy;
    char *name;

    if (known != NULL)
        return known;
    copy = json_deep_copy (h3_schema_get_document (schema));
    name = choose_name (schemas, copy, wish);
    /* The document has a dialect, and is the resource that they are places in. */
    if (json_is_object (copy)) {
        json_object_del (copy, "$schema");
        json_object_del (copy, "$id");
        move_refs (copy, name);
    }
    json_object_set_new (schemas->schemas, name, copy);
    g_hash_table_insert (schemas->names, schema, name);
    return name;
}

/* As a part of a JSON Pointer in a URI's fragment. */
static char *
escape_part (const char *text)
{
    g_autoptr (GString) escaped = g_string_new (text);

    g_string_replace (escaped, "~", "~0", 0);
    g_string_replace (escaped, "/", "~1", 0);
    return g_uri_escape_string (escaped->str, "~", FALSE);
}

json_t *
openapi_schemas_refer (OpenApiSchemas *schemas, H3Schema *schema, const char *wish,
                       const char *property)
{
    const char *name = openapi_schemas_add (schemas, schema, wish);
    g_autofree char *part = property != NULL ? escape_part (property) : NULL;

    return json_pack ("{s:o}", "$ref",
                      json_sprintf (PLACE "%s%s%s", name, part != NULL ? "/properties/" : "",
                                    part != NULL ? part : ""));
}
