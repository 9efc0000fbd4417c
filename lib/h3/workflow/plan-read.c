/* SPDX-License-Identifier: MIT */

#include "plan-read.h"

#include "plan-reading.h"
#include "plan-value.h"

#include <h3/format/json.h>

#define MAX_NAME            64
#define MAX_CONCURRENCY     256
#define DEFAULT_CONCURRENCY 4
#define MAX_SCHEDULES       100

/* Thirty days, in milliseconds. */
#define MAX_TIME (30u * 24 * 60 * 60 * 1000)

/* It stands in paths, and beside "runs" there. */
static gboolean
is_name (const char *text)
{
    gsize length = strspn (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-");

    return length > 0 && length <= MAX_NAME && text[length] == '\0' && g_ascii_isalnum (*text)
           && strcmp (text, "runs") != 0;
}

static void
read_name (PlanReading *reading, PlanNode *root)
{
    PlanNode *node = plan_node_get (root, "name");
    const char *text;

    if (node == NULL) {
        plan_faults_add (reading->faults, root->at, "this plan needs a \"name\"");
        return;
    }
    text = plan_value_get_text (reading->faults, node, "\"name\"");
    if (text == NULL)
        return;
    if (!is_name (text))
        plan_faults_add (reading->faults, node->at,
                         PLAN_QUOTED " cannot be a plan's name: %d letters, digits, '.', '_' and "
                                     "'-' at most, a letter or a digit first, and not \"runs\"",
                         text, MAX_NAME);
    reading->plan->name = g_strdup (text);
}

static Schedule *
read_every (PlanFaults *faults, PlanNode *node)
{
    static const char *const keys[] = { "every", NULL };
    PlanNode *every;

    if (!plan_value_check_object (faults, node, "\"schedule\"", keys))
        return NULL;
    every = plan_node_get (node, "every");
    if (every == NULL) {
        plan_faults_add (faults, node->at, "\"schedule\" needs \"every\", in seconds");
        return NULL;
    }
    return schedule_new_every (plan_value_get_time (faults, every, "\"every\"", 1000, MAX_TIME));
}

static void
read_schedule (PlanReading *reading, PlanNode *node)
{
    GPtrArray *schedules = reading->plan->schedules;
    g_autoptr (Schedule) schedule = NULL;

    if (node->kind == PLAN_NODE_OBJECT) {
        schedule = read_every (reading->faults, node);
    } else {
        const char *text =
            plan_value_get_text (reading->faults, node, "\"schedule\", where it is no object,");
        g_autoptr (GError) error = NULL;

        if (text == NULL)
            return;
        schedule = schedule_new_from_text (text, &error);
        if (schedule == NULL)
            plan_faults_add (reading->faults, node->at, "%s", error->message);
    }
    if (schedule == NULL)
        return;
    if (schedules->len == MAX_SCHEDULES)
        plan_faults_add (reading->faults, node->at, "a plan has at most %d schedules",
                         MAX_SCHEDULES);
    else
        g_ptr_array_add (schedules, g_steal_pointer (&schedule));
}

static void
read_trigger (PlanReading *reading, PlanNode *node)
{
    static const char *const keys[] = { "manual", "http", "schedule", NULL };
    PlanNode *value;

    if (!plan_value_check_object (reading->faults, node, "\"trigger\"", keys))
        return;
    if ((value = plan_node_get (node, "manual")) != NULL)
        reading->plan->by_hand = plan_value_get_boolean (reading->faults, value, "\"manual\"");
    if ((value = plan_node_get (node, "http")) != NULL)
        reading->plan->by_http = plan_value_get_boolean (reading->faults, value, "\"http\"");
    if ((value = plan_node_get (node, "schedule")) == NULL)
        return;
    if (value->kind != PLAN_NODE_ARRAY)
        read_schedule (reading, value);
    for (guint i = 0; value->kind == PLAN_NODE_ARRAY && i < value->children->len; i++)
        read_schedule (reading, value->children->pdata[i]);
}

static void
read_settings (PlanReading *reading, PlanNode *root)
{
    static const char *const failures[] = { "continue", "stop", NULL };
    static const char *const interrupts[] = { "mark", "resume", NULL };
    PlanFaults *faults = reading->faults;
    H3Plan *plan = reading->plan;
    PlanNode *value;

    if ((value = plan_node_get (root, "description")) != NULL)
        plan->description = g_strdup (plan_value_get_text (faults, value, "\"description\""));
    if ((value = plan_node_get (root, "timeout")) != NULL)
        plan->timeout = plan_value_get_time (faults, value, "\"timeout\"", 1, MAX_TIME);
    if ((value = plan_node_get (root, "concurrency")) != NULL)
        plan->concurrency =
            (guint) plan_value_get_integer (faults, value, "\"concurrency\"", 1, MAX_CONCURRENCY);
    if ((value = plan_node_get (root, "on_failure")) != NULL)
        plan->on_failure = plan_value_get_choice (faults, value, "\"on_failure\"", failures);
    if ((value = plan_node_get (root, "on_interrupt")) != NULL)
        plan->on_interrupt = plan_value_get_choice (faults, value, "\"on_interrupt\"", interrupts);
    if ((value = plan_node_get (root, "trigger")) != NULL)
        read_trigger (reading, value);
}

static void
read_steps (PlanReading *reading, PlanNode *root)
{
    PlanNode *node = plan_node_get (root, "steps");

    if (node == NULL) {
        plan_faults_add (reading->faults, root->at, "this plan needs \"steps\"");
        return;
    }
    plan_steps_gather (reading, node, PLAN_NONE);
    for (guint i = 0; i < reading->steps->len; i++)
        plan_step_read (reading, i);
    plan_graph_finish (reading);
}

static void
read_root (PlanReading *reading, PlanNode *root)
{
    static const char *const keys[] = { "name",         "description", "steps",
                                        "timeout",      "concurrency", "on_failure",
                                        "on_interrupt", "trigger",     NULL };

    if (!plan_value_check_object (reading->faults, root, "a plan", keys))
        return;
    read_name (reading, root);
    read_settings (reading, root);
    read_steps (reading, root);
}

void
plan_read (H3Plan *plan, H3View text, PlanFaults *faults)
{
    H3JsonProblem problem;
    g_autoptr (PlanNode) root = NULL;
    PlanReading reading = { .faults = faults, .plan = plan };

    plan->concurrency = DEFAULT_CONCURRENCY;
    plan->by_hand = plan->by_http = TRUE;
    plan->schedules = g_ptr_array_new_with_free_func ((GDestroyNotify) schedule_free);
    if (text.length > PLAN_MAX_BYTES) {
        plan_faults_add (faults, 0, "a plan has at most %d bytes", PLAN_MAX_BYTES);
        return;
    }
    if (!h3_json_scan (text, H3_JSON_MAX_DEPTH, &problem)) {
        plan_faults_add (faults, problem.offset, "%s", problem.reason);
        return;
    }
    root = plan_node_new (text);
    reading.steps = g_array_new (FALSE, FALSE, sizeof (PlanStep));
    reading.nodes = g_ptr_array_new ();
    reading.ids = g_hash_table_new (h3_string_hash, g_str_equal);
    reading.needs = g_array_new (FALSE, FALSE, sizeof (PlanNeed));
    read_root (&reading, root);
    plan->n_steps = reading.steps->len;
    plan->steps = (PlanStep *) (gpointer) g_array_free (reading.steps, FALSE);
    g_ptr_array_unref (reading.nodes);
    g_hash_table_unref (reading.ids);
    g_array_unref (reading.needs);
}

static void
clear_step (PlanStep *step)
{
    g_free (step->id);
    g_free (step->depends_on);
    g_free (step->children);
    for (guint i = 0; i < step->n_argv; i++)
        plan_text_free (step->argv[i]);
    g_free (step->argv);
    plan_text_free (step->directory);
    g_clear_pointer (&step->env, g_ptr_array_unref);
    plan_request_free (step->request);
    g_free (step->call);
    plan_document_free (step->arguments);
}

void
plan_clear_steps (H3Plan *plan)
{
    for (guint i = 0; i < plan->n_steps; i++)
        clear_step (&plan->steps[i]);
    g_free (plan->steps);
}
