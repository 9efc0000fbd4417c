/* SPDX-License-Identifier: MIT */

#include "plan-node.h"

#include <h3/format/json.h>

typedef struct {
    const char *text; /* borrowed */
    gsize at;
} Walk;

/* The text was scanned: what must stand somewhere stands there, and it nests no deeper than the
 * scan allowed, so that this may recurse. */
static PlanNode *read_node (Walk *walk);

static void
skip_blanks (Walk *walk)
{
    while (walk->text[walk->at] == ' ' || walk->text[walk->at] == '\t'
           || walk->text[walk->at] == '\r' || walk->text[walk->at] == '\n')
        walk->at++;
}

static void
skip_string (Walk *walk)
{
    walk->at++;
    while (walk->text[walk->at] != '"')
        walk->at += walk->text[walk->at] == '\\' ? 2 : 1;
    walk->at++;
}

static json_t *
load (const char *text, gsize from, gsize end)
{
    return json_loadb (text + from, end - from, JSON_DECODE_ANY, NULL);
}

/* (transfer full): the value of a JSON string. */
static char *
dup_string (const char *text, gsize from, gsize end)
{
    json_t *value;
    char *copy;

    if (memchr (text + from, '\\', end - from) == NULL)
        return g_strndup (text + from + 1, end - from - 2);
    value = load (text, from, end);
    copy = g_strdup (json_string_value (value));
    json_decref (value);
    return copy;
}

/* At the opening bracket. */
static void
read_children (Walk *walk, PlanNode *node)
{
    char closing = node->kind == PLAN_NODE_OBJECT ? '}' : ']';

    node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) plan_node_free);
    do {
        gsize name_at, name_end;
        PlanNode *child;

        walk->at++;
        skip_blanks (walk);
        if (walk->text[walk->at] == closing)
            break;
        name_at = name_end = walk->at;
        if (node->kind == PLAN_NODE_OBJECT) {
            skip_string (walk);
            name_end = walk->at;
            skip_blanks (walk);
            walk->at++;
            skip_blanks (walk);
        }
        child = read_node (walk);
        if (node->kind == PLAN_NODE_OBJECT) {
            child->name = dup_string (walk->text, name_at, name_end);
            child->name_at = name_at;
        }
        g_ptr_array_add (node->children, child);
        skip_blanks (walk);
    } while (walk->text[walk->at] == ',');
    walk->at++;
}

static PlanNodeKind
get_kind (char first)
{
    switch (first) {
    case '{':
        return PLAN_NODE_OBJECT;
    case '[':
        return PLAN_NODE_ARRAY;
    case '"':
        return PLAN_NODE_STRING;
    case 't':
    case 'f':
        return PLAN_NODE_BOOLEAN;
    case 'n':
        return PLAN_NODE_NULL;
    default:
        return PLAN_NODE_NUMBER;
    }
}

static PlanNode *
read_node (Walk *walk)
{
    PlanNode *node = g_new0 (PlanNode, 1);

    node->text = walk->text;
    node->at = walk->at;
    node->kind = get_kind (walk->text[walk->at]);
    if (node->kind == PLAN_NODE_OBJECT || node->kind == PLAN_NODE_ARRAY)
        read_children (walk, node);
    else if (node->kind == PLAN_NODE_STRING)
        skip_string (walk);
    else
        while (walk->text[walk->at] != '\0' && strchr (" \t\r\n,]}", walk->text[walk->at]) == NULL)
            walk->at++;
    node->end = walk->at;
    return node;
}

PlanNode *
plan_node_new (H3View text)
{
    Walk walk = { text.data, 0 };

    skip_blanks (&walk);
    return read_node (&walk);
}

void
plan_node_free (PlanNode *node)
{
    if (node == NULL)
        return;
    g_clear_pointer (&node->children, g_ptr_array_unref);
    json_decref (node->value);
    g_free (node->name);
    g_free (node);
}

PlanNode *
plan_node_get (const PlanNode *node, const char *name)
{
    for (guint i = 0; node->kind == PLAN_NODE_OBJECT && i < node->children->len; i++) {
        PlanNode *child = node->children->pdata[i];

        if (strcmp (child->name, name) == 0)
            return child;
    }
    return NULL;
}

json_t *
plan_node_get_value (PlanNode *node)
{
    if (node->value == NULL)
        node->value = load (node->text, node->at, node->end);
    return node->value;
}

gsize
plan_node_get_place (const PlanNode *node, gsize index)
{
    if (node->kind != PLAN_NODE_STRING
        || memchr (node->text + node->at, '\\', node->end - node->at) != NULL)
        return node->at;
    return node->at + 1 + index;
}

const char *
plan_node_describe (const PlanNode *node)
{
    static const char *const names[] = { "null",   "a boolean", "a number",
                                         "a text", "an array",  "an object" };

    return names[node->kind];
}
