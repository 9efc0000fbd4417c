/* SPDX-License-Identifier: MIT */

#include "schema-run.h"

#include "schema-value.h"

#include <h3/base/character.h>

#include <jansson.h>
#include <stdarg.h>

/* The longest name that a pointer has: one that has a longer one ends before it. */
#define MAX_POINTER_NAME 256

/* How many levels a pointer tells. */
#define MAX_POINTER_DEPTH 128

static gboolean
is_shown (const SchemaSpot *spot)
{
    return spot->name == NULL || strlen (spot->name) <= MAX_POINTER_NAME;
}

/* (transfer full): RFC 6901 */
static char *
dup_pointer (const SchemaSpot *spot)
{
    const SchemaSpot *path[MAX_POINTER_DEPTH];
    g_autoptr (GString) pointer = g_string_new (NULL);
    guint depth = 0;

    for (; spot->up != NULL; spot = spot->up)
        path[depth++ % MAX_POINTER_DEPTH] = spot;
    for (guint i = 0; i < MIN (depth, MAX_POINTER_DEPTH); i++) {
        const SchemaSpot *at = path[(depth - 1 - i) % MAX_POINTER_DEPTH];

        if (!is_shown (at))
            break;
        g_string_append_c (pointer, '/');
        if (at->name == NULL)
            g_string_append_printf (pointer, "%" G_GSIZE_FORMAT, at->index);
        for (const char *c = at->name; c != NULL && *c != '\0'; c++) {
            if (*c == '~' || *c == '/')
                g_string_append (pointer, *c == '~' ? "~0" : "~1");
            else
                g_string_append_c (pointer, *c);
        }
    }
    return g_strdup (pointer->str);
}

const char *
schema_run_show_name (const char *name, char out[SCHEMA_NAME_SIZE])
{
    gsize length = 0;

    for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at)) {
        gsize size = (gsize) (g_utf8_next_char (at) - at);

        if (length + size + sizeof "…" > SCHEMA_NAME_SIZE) {
            memcpy (out + length, "…", sizeof "…");
            return out;
        }
        if (g_unichar_isprint (g_utf8_get_char (at))) {
            memcpy (out + length, at, size);
            length += size;
        } else {
            out[length++] = '?';
        }
    }
    out[length] = '\0';
    return out;
}

gboolean
schema_run_complain (SchemaRun *run, const SchemaNode *node, const char *keyword,
                     const SchemaSpot *spot, const char *format, ...)
{
    H3SchemaProblem *problem;
    va_list arguments;

    if (run->muted > 0 || run->is_costly || run->problems->len >= run->max_problems)
        return FALSE;
    problem = g_new0 (H3SchemaProblem, 1);
    problem->pointer = dup_pointer (spot);
    problem->rule = g_strconcat (node->place, keyword != NULL ? "/" : NULL, keyword, NULL);
    va_start (arguments, format);
    problem->message = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_ptr_array_add (run->problems, problem);
    return FALSE;
}

gboolean
schema_run_give_up (SchemaRun *run)
{
    run->is_costly = TRUE;
    return FALSE;
}

gboolean
schema_run_spend (SchemaRun *run, gsize work)
{
    if (run->work < work)
        return schema_run_give_up (run);
    run->work -= (guint) work;
    return TRUE;
}

gboolean
schema_run_note (const SchemaRun *run, gboolean passed, gboolean *valid)
{
    if (passed)
        return TRUE;
    *valid = FALSE;
    return run->muted == 0 && !run->is_costly && run->problems->len < run->max_problems;
}

static guint8
find_types (const json_t *value)
{
    switch (json_typeof (value)) {
    case JSON_OBJECT:
        return SCHEMA_OBJECT;
    case JSON_ARRAY:
        return SCHEMA_ARRAY;
    case JSON_STRING:
        return SCHEMA_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return schema_value_is_whole (value) ? SCHEMA_INTEGER | SCHEMA_NUMBER : SCHEMA_NUMBER;
    case JSON_NULL:
        return SCHEMA_NULL;
    default:
        return SCHEMA_BOOLEAN;
    }
}

static gboolean
check_type (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    static const char *const names[] = { "an object", "an array",      "a text", "a whole number",
                                         "a number",  "true or false", "null" };
    g_autoptr (GString) wanted = NULL;

    if (node->types == 0 || (node->types & find_types (spot->value)) != 0)
        return TRUE;
    if (run->muted > 0)
        return FALSE;
    wanted = g_string_new ("must be ");
    for (guint i = 0, n = 0; i < G_N_ELEMENTS (names); i++) {
        if ((node->types & 1u << i) != 0)
            g_string_append_printf (wanted, "%s%s", n++ > 0 ? " or " : "", names[i]);
    }
    return schema_run_complain (run, node, "type", spot, "%s", wanted->str);
}

static gboolean
check_values (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    if (node->constant != NULL && !schema_value_is_equal (node->constant, spot->value))
        return schema_run_complain (run, node, "const", spot, "must be the one value allowed here");
    if (node->choice == NULL)
        return TRUE;
    if (!schema_run_spend (run, json_array_size (node->choice) / 4))
        return FALSE;
    for (gsize i = 0; i < json_array_size (node->choice); i++) {
        if (schema_value_is_equal (json_array_get (node->choice, i), spot->value))
            return TRUE;
    }
    return schema_run_complain (run, node, "enum", spot, "must be one of the values allowed here");
}

/* A schema that may fail, and then has seen nothing. */
static gboolean
try (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    g_auto (SchemaSeen) own = { 0 };
    gboolean fits;

    run->muted++;
    fits = schema_run_check (run, node, spot, seen != NULL ? &own : NULL);
    run->muted--;
    if (fits && seen != NULL)
        schema_seen_merge (seen, &own);
    return fits;
}

/* How many of the list fit; where nobody wants to know what they have seen, no more than matter. */
static guint
count_fitting (SchemaRun *run, const SchemaList *list, guint enough, const SchemaSpot *spot,
               SchemaSeen *seen)
{
    guint count = 0;

    for (guint i = 0; i < list->count && !run->is_costly; i++) {
        count += try (run, list->nodes[i], spot, seen);
        if (count >= enough && seen == NULL)
            break;
    }
    return count;
}

static gboolean
check_alternatives (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot,
                    SchemaSeen *seen)
{
    const SchemaLogic *logic = node->logic;
    guint count;

    if (logic->any.count > 0 && count_fitting (run, &logic->any, 1, spot, seen) == 0)
        return schema_run_complain (run, node, "anyOf", spot,
                                    "must fit one of %u alternatives, and fits none",
                                    logic->any.count);
    count = logic->one.count > 0 ? count_fitting (run, &logic->one, 2, spot, seen) : 1;
    if (count != 1)
        return schema_run_complain (run, node, "oneOf", spot,
                                    "must fit exactly one of %u alternatives, and fits %s",
                                    logic->one.count, count == 0 ? "none" : "more");
    if (logic->not != NULL && try (run, logic->not, spot, NULL))
        return schema_run_complain (run, node, "not", spot, "must not be like this");
    return TRUE;
}

static gboolean
check_condition (SchemaRun *run, const SchemaLogic *logic, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaNode *next;

    if (logic->condition == NULL)
        return TRUE;
    next = try (run, logic->condition, spot, seen) ? logic->consequence : logic->alternative;
    return next == NULL || schema_run_check (run, next, spot, seen);
}

static gboolean
check_logic (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    const SchemaLogic *logic = node->logic;
    gboolean valid = TRUE;

    if (logic->reference != NULL
        && !schema_run_note (run, schema_run_check (run, logic->reference, spot, seen), &valid))
        return FALSE;
    for (guint i = 0; i < logic->all.count; i++) {
        if (!schema_run_note (run, schema_run_check (run, logic->all.nodes[i], spot, seen), &valid))
            return FALSE;
    }
    if (!schema_run_note (run, check_alternatives (run, node, spot, seen), &valid))
        return FALSE;
    return check_condition (run, logic, spot, seen) && valid;
}

static gboolean
check_controls (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    if (!run->refuses_controls || !json_is_string (spot->value)
        || character_all_text (json_string_value (spot->value), json_string_length (spot->value)))
        return TRUE;
    return schema_run_complain (run, node, NULL, spot, "must have no control characters");
}

/* In this order what is left over comes last. */
static gboolean
check_rules (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    gboolean valid = TRUE;

    if (!check_type (run, node, spot) || !check_controls (run, node, spot))
        return FALSE;
    if (!schema_run_note (run, check_values (run, node, spot), &valid))
        return FALSE;
    if (node->number != NULL && json_is_number (spot->value)
        && !schema_run_note (run, schema_run_check_number (run, node, spot), &valid))
        return FALSE;
    if (node->text != NULL
        && !schema_run_note (run, schema_run_check_text (run, node, spot), &valid))
        return FALSE;
    if (node->logic != NULL && !schema_run_note (run, check_logic (run, node, spot, seen), &valid))
        return FALSE;
    if (node->object != NULL && json_is_object (spot->value))
        return schema_run_check_object (run, node, spot, seen) && valid;
    if (node->array != NULL && json_is_array (spot->value))
        return schema_run_check_array (run, node, spot, seen) && valid;
    return valid;
}

gboolean
schema_run_check (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot, SchemaSeen *seen)
{
    g_auto (SchemaSeen) own = { 0 };
    gboolean wants_own, valid;

    if (node->kind == SCHEMA_ALWAYS)
        return TRUE;
    if (node->kind == SCHEMA_NEVER)
        return schema_run_complain (run, node, NULL, spot, "must not be there");
    if (run->depth == SCHEMA_MAX_RUN_DEPTH || run->is_costly || !schema_run_spend (run, 1))
        return schema_run_give_up (run);
    run->depth++;
    wants_own = (node->object != NULL && node->object->unevaluated != NULL)
                || (node->array != NULL && node->array->unevaluated != NULL);
    valid = check_rules (run, node, spot, wants_own ? &own : seen);
    run->depth--;
    if (valid && wants_own && seen != NULL)
        schema_seen_merge (seen, &own);
    return valid && !run->is_costly;
}
