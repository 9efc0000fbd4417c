/* SPDX-License-Identifier: MIT */

#include "plan-reading.h"

#include "plan-text-read.h"
#include "plan-value.h"

/* Thirty days, in milliseconds. */
#define MAX_TIME      (30u * 24 * 60 * 60 * 1000)
#define MAX_RETRIES   1000
#define MAX_FACTOR    100
#define MAX_OUTPUT    (64 * 1024 * 1024)
#define MAX_ARGUMENTS 1000

#define DEFAULT_RETRY_DELAY     1000
#define DEFAULT_RETRY_FACTOR    2
#define DEFAULT_RETRY_MAX_DELAY 60000
#define DEFAULT_RETRY_JITTER    0.5
#define DEFAULT_OUTPUT          (1024 * 1024)

#define KEYS_OF_ALL "id", "depends_on", "timeout"

static const char *const keys_of_run[] = { KEYS_OF_ALL, "run",     "shell",  "directory",
                                           "env",       "retries", "output", NULL };
static const char *const keys_of_http[] = { KEYS_OF_ALL, "http", "retries", "output", NULL };
static const char *const keys_of_call[] = { KEYS_OF_ALL, "call",   "arguments",
                                            "retries",   "output", NULL };
static const char *const keys_of_parallel[] = { KEYS_OF_ALL, "parallel", NULL };

static const struct {
    const char *what;
    const char *const *keys;
} kinds[] = {
    [PLAN_RUN] = { "a step that runs a program", keys_of_run },
    [PLAN_HTTP] = { "a step that makes a request", keys_of_http },
    [PLAN_CALL] = { "a step that calls a function", keys_of_call },
    [PLAN_PARALLEL] = { "a parallel group", keys_of_parallel },
};

static gboolean
is_variable (const char *name)
{
    gsize length = strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_");

    return length > 0 && name[length] == '\0' && !g_ascii_isdigit (*name);
}

static void
read_depends_on (PlanReading *reading, guint index, PlanNode *node)
{
    if (!plan_value_is_array (reading->faults, node, "\"depends_on\""))
        return;
    for (guint i = 0; i < node->children->len; i++) {
        PlanNode *child = node->children->pdata[i];
        const char *id = plan_value_get_text (reading->faults, child, "an id");
        guint found = GPOINTER_TO_UINT (id != NULL ? g_hash_table_lookup (reading->ids, id) : NULL);
        PlanNeed need = { index, found - 1, child->at };

        if (found > 0)
            g_array_append_val (reading->needs, need);
        else if (id != NULL)
            plan_faults_add (reading->faults, child->at, PLAN_QUOTED " is no step of this plan",
                             id);
    }
}

static void
read_run (PlanReading *reading, guint index, PlanNode *node, PlanStep *step)
{
    if (node->kind == PLAN_NODE_STRING) {
        plan_faults_add (reading->faults, node->at,
                         "\"run\" must be an array, the program and its arguments; a line for the "
                         "shell is \"shell\"");
        return;
    }
    if (!plan_value_is_array (reading->faults, node, "\"run\""))
        return;
    if (node->children->len == 0 || node->children->len > MAX_ARGUMENTS) {
        plan_faults_add (reading->faults, node->at,
                         "\"run\" must have a program, and %d texts at most", MAX_ARGUMENTS);
        return;
    }
    step->n_argv = node->children->len;
    step->argv = g_new0 (PlanText *, step->n_argv);
    for (guint i = 0; i < step->n_argv; i++)
        step->argv[i] =
            i == 0 ? plan_texts_read (reading, index, node->children->pdata[i], "the program")
                   : plan_texts_read_any (reading, index, node->children->pdata[i], "an argument");
}

/* The shell would read what a reference stands for as a part of its line: values come to it by the
 * environment instead, and `${…}` is the shell's own. */
static void
read_shell (PlanReading *reading, PlanNode *node, PlanStep *step)
{
    const char *line = plan_value_get_text (reading->faults, node, "\"shell\"");

    if (line == NULL)
        return;
    step->n_argv = 3;
    step->argv = g_new0 (PlanText *, step->n_argv);
    step->argv[0] = plan_text_new_literal ("/bin/sh");
    step->argv[1] = plan_text_new_literal ("-c");
    step->argv[2] = plan_text_new_literal (line);
}

static void
read_program (PlanReading *reading, guint index, PlanNode *node, PlanStep *step)
{
    PlanNode *value;

    if ((value = plan_node_get (node, "run")) != NULL)
        read_run (reading, index, value, step);
    else if ((value = plan_node_get (node, "shell")) != NULL)
        read_shell (reading, value, step);
    if ((value = plan_node_get (node, "directory")) != NULL)
        step->directory = plan_texts_read (reading, index, value, "\"directory\"");
    if ((value = plan_node_get (node, "env")) != NULL)
        plan_texts_read_pairs (reading, index, value, "\"env\"", is_variable, step->env);
}

static void
read_call (PlanReading *reading, guint index, PlanNode *node, PlanStep *step)
{
    PlanNode *value = plan_node_get (node, "call");

    step->call = g_strdup (plan_value_get_text (reading->faults, value, "\"call\""));
    if ((value = plan_node_get (node, "arguments")) != NULL)
        step->arguments = plan_texts_read_document (reading, index, value);
}

static void
read_retries (PlanFaults *faults, PlanNode *node, PlanRetries *retries)
{
    static const char *const keys[] = { "count", "delay", "factor", "max_delay", "jitter", NULL };
    PlanNode *value;

    if (node->kind == PLAN_NODE_NUMBER) {
        retries->tries =
            (guint) plan_value_get_integer (faults, node, "\"retries\"", 0, MAX_RETRIES);
        return;
    }
    if (node->kind != PLAN_NODE_OBJECT) {
        plan_faults_add (faults, node->at, "\"retries\" must be a number or an object, not %s",
                         plan_node_describe (node));
        return;
    }
    plan_value_check_object (faults, node, "\"retries\"", keys);
    if ((value = plan_node_get (node, "count")) != NULL)
        retries->tries =
            (guint) plan_value_get_integer (faults, value, "\"count\"", 0, MAX_RETRIES);
    else
        plan_faults_add (faults, node->at, "\"retries\" needs a \"count\"");
    if ((value = plan_node_get (node, "delay")) != NULL)
        retries->delay = plan_value_get_time (faults, value, "\"delay\"", 0, MAX_TIME);
    if ((value = plan_node_get (node, "factor")) != NULL)
        retries->factor = plan_value_get_number (faults, value, "\"factor\"", 1, MAX_FACTOR);
    if ((value = plan_node_get (node, "max_delay")) != NULL)
        retries->max_delay = plan_value_get_time (faults, value, "\"max_delay\"", 0, MAX_TIME);
    else
        retries->max_delay = MAX (retries->delay, retries->max_delay);
    if ((value = plan_node_get (node, "jitter")) != NULL)
        retries->jitter = plan_value_get_number (faults, value, "\"jitter\"", 0, 1);
}

/* What every kind may have; a group, whose keys are fewer, has had the rest told. */
static void
read_bounds (PlanFaults *faults, PlanNode *node, PlanStep *step)
{
    PlanNode *value;

    step->retries = (PlanRetries){ 0, DEFAULT_RETRY_DELAY, DEFAULT_RETRY_FACTOR,
                                   DEFAULT_RETRY_MAX_DELAY, DEFAULT_RETRY_JITTER };
    step->output_max = DEFAULT_OUTPUT;
    if ((value = plan_node_get (node, "timeout")) != NULL)
        step->timeout = plan_value_get_time (faults, value, "\"timeout\"", 1, MAX_TIME);
    if ((value = plan_node_get (node, "retries")) != NULL)
        read_retries (faults, value, &step->retries);
    if ((value = plan_node_get (node, "output")) != NULL)
        step->output_max =
            (gsize) plan_value_get_integer (faults, value, "\"output\"", 0, MAX_OUTPUT);
}

void
plan_step_read (PlanReading *reading, guint index)
{
    PlanStep *step = &g_array_index (reading->steps, PlanStep, index);
    PlanNode *node = reading->nodes->pdata[index];
    PlanNode *value;

    plan_value_check_object (reading->faults, node, kinds[step->kind].what, kinds[step->kind].keys);
    step->env = plan_texts_new_pairs ();
    if ((value = plan_node_get (node, "depends_on")) != NULL)
        read_depends_on (reading, index, value);
    if (step->kind == PLAN_RUN)
        read_program (reading, index, node, step);
    else if (step->kind == PLAN_HTTP)
        step->request = plan_request_read (reading, index, plan_node_get (node, "http"));
    else if (step->kind == PLAN_CALL)
        read_call (reading, index, node, step);
    read_bounds (reading->faults, node, step);
}
