/* SPDX-License-Identifier: MIT */

#include "plan-reading.h"

#include "plan-value.h"

#define MAX_ID 64

/* In the order of what is tried; PlanKind of each. */
static const struct {
    const char *key;
    PlanKind kind;
} kinds[] = {
    { "run", PLAN_RUN },   { "shell", PLAN_RUN },         { "http", PLAN_HTTP },
    { "call", PLAN_CALL }, { "parallel", PLAN_PARALLEL },
};

/* Dots are for references, and for the ids of children that have none of their own. */
static gboolean
is_id (const char *text)
{
    gsize length = strspn (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-");

    return length > 0 && length <= MAX_ID && text[length] == '\0';
}

/* (transfer full) (nullable) */
static char *
read_id (PlanReading *reading, PlanNode *node, guint parent, guint place)
{
    PlanNode *id = plan_node_get (node, "id");
    const char *text;

    if (id == NULL && parent != PLAN_NONE)
        return g_strdup_printf ("%s.%u", g_array_index (reading->steps, PlanStep, parent).id,
                                place + 1);
    if (id == NULL) {
        plan_faults_add (reading->faults, node->at, "this step needs an \"id\"");
        return NULL;
    }
    text = plan_value_get_text (reading->faults, id, "\"id\"");
    if (text == NULL)
        return NULL;
    if (!is_id (text)) {
        plan_faults_add (reading->faults, id->at,
                         PLAN_QUOTED " cannot be an id: %d letters, digits, _ and - at most", text,
                         MAX_ID);
        return NULL;
    }
    if (g_hash_table_contains (reading->ids, text))
        plan_faults_add (reading->faults, id->at, PLAN_QUOTED " is the id of another step", text);
    return g_strdup (text);
}

static PlanKind
read_kind (PlanReading *reading, PlanNode *node)
{
    const char *found = NULL;
    PlanKind kind = PLAN_RUN;

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        const PlanNode *value = plan_node_get (node, kinds[i].key);

        if (value != NULL && found != NULL)
            plan_faults_add (reading->faults, value->name_at,
                             "a step does one thing: this one has \"%s\" already", found);
        if (value == NULL || found != NULL)
            continue;
        found = kinds[i].key;
        kind = kinds[i].kind;
    }
    if (found == NULL)
        plan_faults_add (reading->faults, node->at,
                         "this step does nothing: it needs \"run\", \"shell\", \"http\", "
                         "\"call\" or \"parallel\"");
    return kind;
}

static void
gather_step (PlanReading *reading, PlanNode *node, guint parent, guint place)
{
    guint index = reading->steps->len;
    PlanStep step = { .parent = parent };

    if (node->kind != PLAN_NODE_OBJECT) {
        plan_faults_add (reading->faults, node->at, "a step must be an object, not %s",
                         plan_node_describe (node));
        return;
    }
    step.id = read_id (reading, node, parent, place);
    step.kind = read_kind (reading, node);
    if (step.id == NULL)
        step.id = g_strdup_printf ("%u", index);
    else if (!g_hash_table_contains (reading->ids, step.id))
        g_hash_table_insert (reading->ids, step.id, GUINT_TO_POINTER (index + 1));
    g_array_append_val (reading->steps, step);
    g_ptr_array_add (reading->nodes, node);
    if (step.kind == PLAN_PARALLEL)
        plan_steps_gather (reading, plan_node_get (node, "parallel"), index);
}

void
plan_steps_gather (PlanReading *reading, PlanNode *node, guint parent)
{
    const char *what = parent == PLAN_NONE ? "\"steps\"" : "\"parallel\"";

    if (!plan_value_is_array (reading->faults, node, what))
        return;
    if (node->children->len == 0)
        plan_faults_add (reading->faults, node->at, "%s has no step", what);
    for (guint i = 0; i < node->children->len; i++) {
        PlanNode *child = node->children->pdata[i];

        if (reading->steps->len == PLAN_MAX_STEPS) {
            plan_faults_add (reading->faults, child->at, "a plan has at most %d steps",
                             PLAN_MAX_STEPS);
            return;
        }
        gather_step (reading, child, parent, i);
    }
}
