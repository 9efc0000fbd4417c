/* SPDX-License-Identifier: MIT */

#include "schema-run.h"

#include "json.h"
#include "schema-value.h"

static gboolean
check_size (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    gboolean is_object = json_is_object (spot->value);
    gsize size = is_object ? json_object_size (spot->value) : json_array_size (spot->value);
    const SchemaSpan *span = is_object ? &node->object->size : &node->array->size;
    const char *what = is_object ? "properties" : "items";

    if (size < span->least)
        return schema_run_complain (run, node, is_object ? "minProperties" : "minItems", spot,
                                    "must have %" G_GUINT64_FORMAT " %s or more", span->least,
                                    what);
    if (size > span->most)
        return schema_run_complain (run, node, is_object ? "maxProperties" : "maxItems", spot,
                                    "must have %" G_GUINT64_FORMAT " %s or less", span->most, what);
    return TRUE;
}

/* `rule` is the keyword that names them; `cause` (nullable) the property that asks for them. */
static gboolean
check_names (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, const json_t *names,
             const char *rule, const char *cause)
{
    gboolean valid = TRUE;

    if (!schema_run_spend (run, json_array_size (names)))
        return FALSE;
    for (gsize i = 0; i < json_array_size (names); i++) {
        const json_t *name = json_array_get (names, i);
        char shown[SCHEMA_NAME_SIZE], because[SCHEMA_NAME_SIZE];

        if (json_object_getn (spot->value, json_string_value (name), json_string_length (name))
            != NULL)
            continue;
        if (cause == NULL)
            (void) schema_run_complain (run, node, rule, spot, "\"%s\" is missing",
                                        schema_run_show_name (json_string_value (name), shown));
        else
            (void) schema_run_complain (run, node, rule, spot,
                                        "\"%s\" is missing, which \"%s\" asks for",
                                        schema_run_show_name (json_string_value (name), shown),
                                        schema_run_show_name (cause, because));
        if (!schema_run_note (run, FALSE, &valid))
            return FALSE;
    }
    return valid;
}

static gboolean
check_dependents (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaTable *required = &node->object->dependent_required;
    const SchemaTable *schemas = &node->object->dependent_schemas;
    gboolean valid = TRUE;

    for (guint i = 0; i < required->count; i++) {
        const SchemaNamed *named = &required->items[i];

        if (json_object_get (spot->value, named->name) != NULL
            && !schema_run_note (
                run, check_names (run, node, spot, named->list, "dependentRequired", named->name),
                &valid))
            return FALSE;
    }
    for (guint i = 0; i < schemas->count; i++) {
        const SchemaNamed *named = &schemas->items[i];

        if (json_object_get (spot->value, named->name) != NULL
            && !schema_run_note (run, schema_run_check (run, named->node, spot, seen), &valid))
            return FALSE;
    }
    return valid;
}

static gboolean
check_name (SchemaRun *run, const SchemaObject *rules, const SchemaSpot *spot)
{
    g_autoptr (json_t) name = NULL;
    SchemaSpot at = *spot;

    if (rules->names == NULL)
        return TRUE;
    name = json_string_nocheck (spot->name);
    at.value = name;
    return schema_run_check (run, rules->names, &at, NULL);
}

/* One property, against all that says something of it. */
static gboolean
check_property (SchemaRun *run, const SchemaObject *rules, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaNode *node =
        rules->index != NULL ? g_hash_table_lookup (rules->index, spot->name) : NULL;
    gboolean valid = TRUE, is_known = node != NULL;

    if (!schema_run_note (run, check_name (run, rules, spot), &valid))
        return FALSE;
    if (is_known && !schema_run_note (run, schema_run_check (run, node, spot, NULL), &valid))
        return FALSE;
    for (guint i = 0; i < rules->n_patterns; i++) {
        const SchemaPatterned *patterned = &rules->patterns[i];

        if (!schema_run_match (run, patterned->pattern, spot->name, strlen (spot->name)))
            continue;
        is_known = TRUE;
        if (!schema_run_note (run, schema_run_check (run, patterned->node, spot, NULL), &valid))
            return FALSE;
    }
    if (!is_known && rules->additional != NULL) {
        is_known = TRUE;
        if (!schema_run_note (run, schema_run_check (run, rules->additional, spot, NULL), &valid))
            return FALSE;
    }
    if (is_known && seen != NULL)
        schema_seen_add_name (seen, spot->name);
    return valid && !run->is_costly;
}

static gboolean
check_properties (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaObject *rules = node->object;
    json_t *object = (json_t *) spot->value;
    gboolean valid = TRUE;

    if (rules->index == NULL && rules->n_patterns == 0 && rules->additional == NULL
        && rules->names == NULL)
        return TRUE;
    if (!schema_run_spend (run, json_object_size (object)))
        return FALSE;
    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        SchemaSpot property = { spot, json_object_iter_value (at), json_object_iter_key (at), 0 };

        if (!schema_run_note (run, check_property (run, rules, &property, seen), &valid))
            return FALSE;
    }
    return valid;
}

static gboolean
check_unevaluated_properties (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                              SchemaSeen *seen)
{
    json_t *object = (json_t *) spot->value;
    gboolean valid = TRUE;

    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        SchemaSpot property = { spot, json_object_iter_value (at), json_object_iter_key (at), 0 };

        if (!schema_seen_has_name (seen, property.name)
            && !schema_run_note (
                run, schema_run_check (run, node->object->unevaluated, &property, NULL), &valid))
            return FALSE;
    }
    seen->has_all_names = TRUE;
    return valid;
}

gboolean
schema_run_check_object (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                         SchemaSeen *seen)
{
    const SchemaObject *rules = node->object;
    gboolean valid = TRUE;

    if (!schema_run_note (run, check_size (run, node, spot), &valid))
        return FALSE;
    if (!schema_run_note (run, check_names (run, node, spot, rules->required, "required", NULL),
                          &valid))
        return FALSE;
    if (!schema_run_note (run, check_properties (run, node, spot, seen), &valid))
        return FALSE;
    if (!schema_run_note (run, check_dependents (run, node, spot, seen), &valid))
        return FALSE;
    if (rules->unevaluated != NULL)
        return check_unevaluated_properties (run, node, spot, seen) && valid;
    return valid;
}

static gboolean
check_items (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaArray *rules = node->array;
    gsize size = json_array_size (spot->value);
    gboolean valid = TRUE;

    for (gsize i = 0; i < size; i++) {
        SchemaSpot item = { spot, json_array_get (spot->value, i), NULL, i };
        const SchemaNode *rule = i < rules->prefix.count ? rules->prefix.nodes[i] : rules->rest;

        if (rule == NULL)
            break;
        if (!schema_run_note (run, schema_run_check (run, rule, &item, NULL), &valid))
            return FALSE;
    }
    if (seen != NULL) {
        seen->first_items = MAX (seen->first_items, MIN (rules->prefix.count, size));
        seen->has_all_items |= rules->rest != NULL;
    }
    return valid;
}

static gboolean
check_contained (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaArray *rules = node->array;
    guint64 count = 0;

    if (rules->contains == NULL)
        return TRUE;
    run->muted++;
    for (gsize i = 0; i < json_array_size (spot->value); i++) {
        SchemaSpot item = { spot, json_array_get (spot->value, i), NULL, i };

        if (!schema_run_check (run, rules->contains, &item, NULL))
            continue;
        count++;
        if (seen != NULL)
            schema_seen_add_index (seen, i);
    }
    run->muted--;
    if (count < rules->contained.least)
        return schema_run_complain (run, node, "contains", spot,
                                    "must have %" G_GUINT64_FORMAT " or more items of a kind",
                                    rules->contained.least);
    if (count > rules->contained.most)
        return schema_run_complain (run, node, "maxContains", spot,
                                    "must have %" G_GUINT64_FORMAT " or less items of a kind",
                                    rules->contained.most);
    return TRUE;
}

static gboolean
check_unique (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    if (!node->array->is_unique || schema_value_is_set (spot->value, &run->work))
        return TRUE;
    if (run->work == 0)
        return schema_run_give_up (run);
    return schema_run_complain (run, node, "uniqueItems", spot, "must have no item twice");
}

static gboolean
check_unevaluated_items (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                         SchemaSeen *seen)
{
    gboolean valid = TRUE;

    for (gsize i = 0; i < json_array_size (spot->value); i++) {
        SchemaSpot item = { spot, json_array_get (spot->value, i), NULL, i };

        if (!schema_seen_has_index (seen, i)
            && !schema_run_note (run, schema_run_check (run, node->array->unevaluated, &item, NULL),
                                 &valid))
            return FALSE;
    }
    seen->has_all_items = TRUE;
    return valid;
}

gboolean
schema_run_check_array (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                        SchemaSeen *seen)
{
    gboolean valid = TRUE;

    if (!schema_run_note (run, check_size (run, node, spot), &valid))
        return FALSE;
    if (!schema_run_note (run, check_items (run, node, spot, seen), &valid))
        return FALSE;
    if (!schema_run_note (run, check_contained (run, node, spot, seen), &valid))
        return FALSE;
    if (!schema_run_note (run, check_unique (run, node, spot), &valid))
        return FALSE;
    if (node->array->unevaluated != NULL)
        return check_unevaluated_items (run, node, spot, seen) && valid;
    return valid;
}
