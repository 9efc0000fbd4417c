/* SPDX-License-Identifier: MIT */

#include "plan-value.h"

#include <h3/format/json.h>

gboolean
plan_value_check_object (PlanFaults *faults, const PlanNode *node, const char *what,
                         const char *const *keys)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (h3_string_hash, g_str_equal);

    if (node->kind != PLAN_NODE_OBJECT) {
        plan_faults_add (faults, node->at, "%s must be an object, not %s", what,
                         plan_node_describe (node));
        return FALSE;
    }
    for (guint i = 0; i < node->children->len; i++) {
        const PlanNode *child = node->children->pdata[i];

        if (!g_hash_table_add (seen, child->name))
            plan_faults_add (faults, child->name_at, PLAN_QUOTED " is here twice", child->name);
        else if (keys != NULL && !g_strv_contains (keys, child->name)) {
            g_autofree char *known = g_strjoinv (", ", (char **) keys);

            plan_faults_add (faults, child->name_at, "%s has no key " PLAN_QUOTED "; there are %s",
                             what, child->name, known);
        }
    }
    return TRUE;
}

gboolean
plan_value_is_array (PlanFaults *faults, const PlanNode *node, const char *what)
{
    if (node->kind != PLAN_NODE_ARRAY)
        plan_faults_add (faults, node->at, "%s must be an array, not %s", what,
                         plan_node_describe (node));
    return node->kind == PLAN_NODE_ARRAY;
}

const char *
plan_value_get_text (PlanFaults *faults, PlanNode *node, const char *what)
{
    const char *text;

    if (node->kind != PLAN_NODE_STRING) {
        plan_faults_add (faults, node->at, "%s must be a text, not %s", what,
                         plan_node_describe (node));
        return NULL;
    }
    text = json_string_value (plan_node_get_value (node));
    if (*text == '\0')
        plan_faults_add (faults, node->at, "%s must not be empty", what);
    return *text != '\0' ? text : NULL;
}

gboolean
plan_value_get_boolean (PlanFaults *faults, PlanNode *node, const char *what)
{
    if (node->kind != PLAN_NODE_BOOLEAN)
        plan_faults_add (faults, node->at, "%s must be true or false, not %s", what,
                         plan_node_describe (node));
    return json_is_true (plan_node_get_value (node));
}

/* FALSE, which is told, where it is none or one that no double holds. */
static gboolean
read_number (PlanFaults *faults, PlanNode *node, const char *what)
{
    if (node->kind != PLAN_NODE_NUMBER)
        plan_faults_add (faults, node->at, "%s must be a number, not %s", what,
                         plan_node_describe (node));
    else if (plan_node_get_value (node) == NULL)
        plan_faults_add (faults, node->at, "%s is too big", what);
    else
        return TRUE;
    return FALSE;
}

gint64
plan_value_get_integer (PlanFaults *faults, PlanNode *node, const char *what, gint64 least,
                        gint64 most)
{
    gint64 value;

    if (!read_number (faults, node, what))
        return least;
    value = json_integer_value (plan_node_get_value (node));
    if (json_is_integer (plan_node_get_value (node)) && value >= least && value <= most)
        return value;
    plan_faults_add (faults, node->at,
                     "%s must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                     what, least, most);
    return least;
}

double
plan_value_get_number (PlanFaults *faults, PlanNode *node, const char *what, double least,
                       double most)
{
    double value;

    if (!read_number (faults, node, what))
        return least;
    value = json_number_value (plan_node_get_value (node));
    if (value >= least && value <= most)
        return value;
    plan_faults_add (faults, node->at, "%s must be a number from %g to %g", what, least, most);
    return least;
}

guint
plan_value_get_time (PlanFaults *faults, PlanNode *node, const char *what, guint least, guint most)
{
    double value;

    if (!read_number (faults, node, what))
        return least;
    value = json_number_value (plan_node_get_value (node)) * 1000;
    if (value >= least && value <= most)
        return (guint) (value + 0.5);
    plan_faults_add (faults, node->at, "%s must be from %.10g to %.10g seconds", what,
                     least / 1000.0, most / 1000.0);
    return least;
}

guint
plan_value_get_choice (PlanFaults *faults, PlanNode *node, const char *what,
                       const char *const *choices)
{
    g_autofree char *known = g_strjoinv ("\" or \"", (char **) choices);
    const char *text = NULL;

    if (node->kind == PLAN_NODE_STRING)
        text = json_string_value (plan_node_get_value (node));
    for (guint i = 0; text != NULL && choices[i] != NULL; i++)
        if (strcmp (text, choices[i]) == 0)
            return i;
    plan_faults_add (faults, node->at, "%s must be \"%s\"", what, known);
    return 0;
}
