/* SPDX-License-Identifier: MIT */

#include "plan-reading.h"

#include "plan-text-read.h"
#include "plan-value.h"

#include <h3/format/json.h>

typedef struct {
    PlanReading *reading; /* borrowed */
    guint step;           /* whose text it is */
    const PlanNode *node; /* borrowed: where it stands */
    gboolean is_document; /* the text is somewhere in the node */
} Where;

/* What a step of each kind leaves behind. */
static gboolean
has_field (PlanKind kind, PlanField field)
{
    switch (kind) {
    case PLAN_RUN:
        return field == PLAN_STDOUT || field == PLAN_STDERR || field == PLAN_EXIT_CODE;
    case PLAN_HTTP:
        return field == PLAN_STATUS || field == PLAN_BODY;
    case PLAN_CALL:
        return field == PLAN_STDOUT;
    case PLAN_PARALLEL:
        break;
    }
    return FALSE;
}

static void
check_output (const Where *where, gsize at, PlanPiece *piece)
{
    static const char *const fields[] = { "stdout", "stderr", "exit_code", "status", "body" };
    static const char *const kinds[] = { "a program has stdout, stderr and exit_code",
                                         "a request has status and body", "a call has stdout",
                                         "a parallel group has nothing of its own" };
    PlanReading *reading = where->reading;
    guint index = GPOINTER_TO_UINT (g_hash_table_lookup (reading->ids, piece->text));
    PlanNeed need = { where->step, index - 1, at };
    PlanKind kind;

    if (index == 0) {
        plan_faults_add (reading->faults, at, PLAN_QUOTED " is no step of this plan", piece->text);
        return;
    }
    kind = g_array_index (reading->steps, PlanStep, index - 1).kind;
    if (!has_field (kind, piece->field))
        plan_faults_add (reading->faults, at, PLAN_QUOTED " has no %s: %s", piece->text,
                         fields[piece->field], kinds[kind]);
    piece->step = index - 1;
    g_array_append_val (reading->needs, need);
}

static void
on_reference (PlanPiece *piece, gsize index, const char *fault, gpointer data)
{
    const Where *where = data;
    gsize at = where->is_document ? where->node->at : plan_node_get_place (where->node, index);

    if (fault != NULL)
        plan_faults_add (where->reading->faults, at, "%s", fault);
    else if (piece->kind == PLAN_OUTPUT)
        check_output (where, at, piece);
}

PlanText *
plan_texts_read_any (PlanReading *reading, guint index, PlanNode *node, const char *what)
{
    Where where = { reading, index, node, FALSE };

    if (node->kind != PLAN_NODE_STRING) {
        plan_faults_add (reading->faults, node->at, "%s must be a text, not %s", what,
                         plan_node_describe (node));
        return NULL;
    }
    return plan_text_read (json_string_value (plan_node_get_value (node)), on_reference, &where);
}

PlanText *
plan_texts_read (PlanReading *reading, guint index, PlanNode *node, const char *what)
{
    if (plan_value_get_text (reading->faults, node, what) == NULL)
        return NULL;
    return plan_texts_read_any (reading, index, node, what);
}

/* Names that are twice in an object somewhere in it, and numbers that are too big. */
static void
check_document (PlanReading *reading, PlanNode *node)
{
    if (node->kind == PLAN_NODE_OBJECT)
        plan_value_check_object (reading->faults, node, "", NULL);
    if (node->kind == PLAN_NODE_NUMBER && plan_node_get_value (node) == NULL)
        plan_faults_add (reading->faults, node->at, "the number is too big");
    for (guint i = 0; node->children != NULL && i < node->children->len; i++)
        check_document (reading, node->children->pdata[i]);
}

PlanDocument *
plan_texts_read_document (PlanReading *reading, guint index, PlanNode *node)
{
    Where where = { reading, index, node, TRUE };
    json_t *value = plan_node_get_value (node);

    check_document (reading, node);
    return value != NULL ? plan_document_read (value, on_reference, &where) : NULL;
}

static void
free_pair (gpointer data)
{
    PlanPair *pair = data;

    g_free (pair->name);
    plan_text_free (pair->value);
    g_free (pair);
}

GPtrArray *
plan_texts_new_pairs (void)
{
    return g_ptr_array_new_with_free_func (free_pair);
}

void
plan_texts_read_pairs (PlanReading *reading, guint index, PlanNode *node, const char *what,
                       gboolean (*is_name) (const char *name), GPtrArray *pairs)
{
    if (!plan_value_check_object (reading->faults, node, what, NULL))
        return;
    for (guint i = 0; i < node->children->len; i++) {
        PlanNode *child = node->children->pdata[i];
        PlanPair *pair = g_new0 (PlanPair, 1);

        if (!is_name (child->name))
            plan_faults_add (reading->faults, child->name_at, PLAN_QUOTED " cannot be a name in %s",
                             child->name, what);
        pair->name = g_strdup (child->name);
        pair->value = plan_texts_read_any (reading, index, child, "a value here");
        g_ptr_array_add (pairs, pair);
    }
}
