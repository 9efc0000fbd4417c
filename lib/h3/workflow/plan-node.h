/* SPDX-License-Identifier: MIT
 *
 * A JSON text as a tree whose nodes know where they stand, so that what is wrong with a plan can be
 * told with its place. Owned by who reads a plan, with the text behind it; one thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

typedef enum {
    PLAN_NODE_NULL,
    PLAN_NODE_BOOLEAN,
    PLAN_NODE_NUMBER,
    PLAN_NODE_STRING,
    PLAN_NODE_ARRAY,
    PLAN_NODE_OBJECT,
} PlanNodeKind;

typedef struct {
    PlanNodeKind kind;
    const char *text;    /* borrowed: the whole text */
    gsize at;            /* its first byte there */
    gsize end;           /* behind its last */
    char *name;          /* owned; nullable: of a member of an object */
    gsize name_at;       /* where the name stands */
    GPtrArray *children; /* owned; of arrays and objects */
    json_t *value;       /* owned; nullable: kept once it was asked for */
} PlanNode;

/* `text` is one that h3_json_scan () takes, ends with a NUL, and outlives the tree. */
PlanNode *plan_node_new (H3View text);
/* NULL is allowed. */
void plan_node_free (PlanNode *node);

/* The first member of that name; NULL: there is none, or `node` is no object. */
PlanNode *plan_node_get (const PlanNode *node, const char *name);

/* What it is, the tree below it with it; NULL where a number in it is too big. */
json_t *plan_node_get_value (PlanNode *node);

/* Where in the text the byte `index` of a string's value stands: exactly where nothing in it is
 * escaped, else where it begins. */
gsize plan_node_get_place (const PlanNode *node, gsize index);

/* "an array", "null": for messages. */
const char *plan_node_describe (const PlanNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlanNode, plan_node_free)

G_END_DECLS
