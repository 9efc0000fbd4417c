/* SPDX-License-Identifier: MIT
 *
 * Workflows over HTTP: `hello`, and those of --workflow. */

#include "demo.h"

#include <h3/format/json.h>

/* Steps of every kind but requests, which would leave this machine. */
static const char hello[] =
    "{\n"
    "  \"name\": \"hello\",\n"
    "  \"description\": \"Greets, by programs and a function, some of them at the same time\",\n"
    "  \"timeout\": 60,\n"
    "  \"steps\": [\n"
    "    {\"id\": \"greet\", \"run\": [\"echo\", \"hello\"]},\n"
    "    {\"id\": \"facts\", \"parallel\": [\n"
    "      {\"id\": \"whom\", \"call\": \"whom\", \"arguments\": {\"name\": \"world\"}},\n"
    "      {\"id\": \"where\", \"run\": [\"uname\", \"-s\"]},\n"
    "      {\"id\": \"when\", \"run\": [\"date\", \"-u\"], \"env\": {\"LC_ALL\": \"C\"}}\n"
    "    ]},\n"
    "    {\"id\": \"say\", \"depends_on\": [\"facts\"],\n"
    "     \"run\": [\"echo\", \"${steps.greet.stdout}, ${steps.whom.stdout}, from "
    "${steps.where.stdout}\"]}\n"
    "  ]\n"
    "}\n";

static H3Workflows *workflows; /* owned, while the demo runs */

/* What a plan calls. */
static void
tell_whom (H3Step *step, gpointer user_data)
{
    const char *name = h3_json_get_string (h3_step_get_arguments (step), "name");

    h3_step_print (step, name != NULL ? name : "somebody", -1);
}

gboolean
demo_take_workflow (const char *name, const char *value, gpointer data, GError **error)
{
    return h3_workflows_load_file (workflows, value, error);
}

gboolean
demo_take_data (const char *name, const char *value, gpointer data, GError **error)
{
    return h3_workflows_set_folder (workflows, value, error);
}

gboolean
demo_take_queue (const char *name, const char *value, gpointer data, GError **error)
{
    return h3_workflows_set_queue (workflows, value, error);
}

void
demo_add_workflow (H3App *app)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = h3_plan_new_from_text (hello, -1, &error);

    g_assert_no_error (error);
    workflows = h3_workflows_new ();
    h3_workflows_add_function (workflows, "whom", tell_whom, NULL, NULL);
    if (!h3_workflows_add_plan (workflows, plan, &error))
        g_error ("%s", error->message);
    h3_app_add_workflows (app, "/workflows", workflows, NULL);
}

H3Workflows *
demo_get_workflows (void)
{
    return workflows;
}

void
demo_close_workflows (void)
{
    g_clear_object (&workflows);
}
