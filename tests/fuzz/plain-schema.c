/* SPDX-License-Identifier: MIT */

#include "plain-schema.h"

#include <glib.h>
#include <string.h>

static int judge (const json_t *schema, const json_t *value, int depth);

static int
has_type (const char *name, const json_t *value)
{
    static const struct {
        const char *name;
        json_type type;
    } types[] = {
        { "object", JSON_OBJECT }, { "array", JSON_ARRAY },     { "string", JSON_STRING },
        { "null", JSON_NULL },     { "integer", JSON_INTEGER }, { "number", JSON_INTEGER },
        { "number", JSON_REAL },   { "boolean", JSON_TRUE },    { "boolean", JSON_FALSE },
    };

    /* Whether 1.0 is whole is not asked here. */
    if (strcmp (name, "integer") == 0 && json_is_real (value))
        return -1;
    for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
        if (strcmp (types[i].name, name) == 0 && types[i].type == json_typeof (value))
            return 1;
    }
    return 0;
}

/* How many of the schemas fit; -1: it cannot be told. */
static int
count (const json_t *schemas, const json_t *value, int depth)
{
    int fitting = 0;

    for (gsize i = 0; i < json_array_size (schemas); i++) {
        int verdict = judge (json_array_get (schemas, i), value, depth);

        if (verdict < 0)
            return -1;
        fitting += verdict;
    }
    return fitting;
}

static int
judge_required (const json_t *names, const json_t *value)
{
    for (gsize i = 0; json_is_object (value) && i < json_array_size (names); i++) {
        if (json_object_get (value, json_string_value (json_array_get (names, i))) == NULL)
            return 0;
    }
    return 1;
}

static int
judge_items (const json_t *schema, const json_t *value, int depth)
{
    int verdict = 1;

    for (gsize i = 0; json_is_array (value) && i < json_array_size (value) && verdict == 1; i++)
        verdict = judge (schema, json_array_get (value, i), depth);
    return verdict;
}

static int
judge_properties (const json_t *schemas, const json_t *value, int depth)
{
    const char *name;
    json_t *schema;

    json_object_foreach ((json_t *) schemas, name, schema)
    {
        const json_t *property = json_object_get (value, name);
        int verdict = property != NULL ? judge (schema, property, depth) : 1;

        if (verdict != 1)
            return verdict;
    }
    return 1;
}

static int
judge_keyword (const char *keyword, const json_t *rule, const json_t *value, int depth)
{
    int verdict;

    if (strcmp (keyword, "type") == 0 && json_is_string (rule))
        return has_type (json_string_value (rule), value);
    if (strcmp (keyword, "required") == 0)
        return judge_required (rule, value);
    if (strcmp (keyword, "items") == 0)
        return judge_items (rule, value, depth);
    if (strcmp (keyword, "properties") == 0)
        return judge_properties (rule, value, depth);
    if (strcmp (keyword, "maxItems") == 0 && json_is_integer (rule))
        return !json_is_array (value)
               || (json_int_t) json_array_size (value) <= json_integer_value (rule);
    if (strcmp (keyword, "minimum") == 0 && json_is_integer (rule))
        return json_is_real (value)
                   ? -1
                   : !json_is_integer (value)
                         || json_integer_value (value) >= json_integer_value (rule);
    if (strcmp (keyword, "not") == 0) {
        verdict = judge (rule, value, depth);
        return verdict < 0 ? -1 : !verdict;
    }
    verdict = count (rule, value, depth);
    if (verdict >= 0 && strcmp (keyword, "allOf") == 0)
        return verdict == (int) json_array_size (rule);
    if (verdict >= 0 && strcmp (keyword, "anyOf") == 0)
        return verdict > 0;
    if (verdict >= 0 && strcmp (keyword, "oneOf") == 0)
        return verdict == 1;
    return -1;
}

static int
judge (const json_t *schema, const json_t *value, int depth)
{
    int whole = 1;
    const char *keyword;
    json_t *rule;

    if (json_is_boolean (schema))
        return json_is_true (schema);
    if (depth == 0)
        return -1;
    json_object_foreach ((json_t *) schema, keyword, rule)
    {
        int verdict = judge_keyword (keyword, rule, value, depth - 1);

        if (verdict < 0)
            return -1;
        whole = whole && verdict;
    }
    return whole;
}

int
plain_schema_judge (const json_t *schema, const json_t *document)
{
    return judge (schema, document, 16);
}
