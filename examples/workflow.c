/* SPDX-License-Identifier: MIT
 *
 * A workflow with a program, and a function of its own that is given what the program printed. POST
 * /workflows/greeting/runs starts it, and says where it can be watched. */

#include <h3/h3.h>
#include <jansson.h>

static const char plan_text[] =
    "{\"name\":\"greeting\",\"steps\":["
    "{\"id\":\"words\",\"run\":[\"echo\",\"Hello, ${input.name}!\"]},"
    "{\"id\":\"loud\",\"call\":\"loud\",\"arguments\":\"${steps.words.stdout}\","
    "\"depends_on\":[\"words\"]}]}";

/* On a thread of a pool: it may wait. */
static void
speak_up (H3Step *step, gpointer user_data)
{
    g_autofree char *text = g_utf8_strup (json_string_value (h3_step_get_arguments (step)), -1);

    h3_step_print (step, text, -1);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Workflows) workflows = h3_workflows_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = h3_plan_new_from_text (plan_text, -1, &error);

    h3_workflows_add_function (workflows, "loud", speak_up, NULL, NULL);
    if (plan == NULL || !h3_workflows_add_plan (workflows, plan, &error)) {
        g_printerr ("%s\n", error->message);
        return 1;
    }
    h3_app_add_workflows (app, "/workflows", workflows, NULL);
    return h3_app_run (app, argc, argv);
}
