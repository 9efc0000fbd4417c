/* SPDX-License-Identifier: MIT */

#include "workflow.h"

#include "command.h"

#include <h3/h3.h>

#include <stdlib.h>

/* Each fault a line, as compilers tell theirs, so that editors find the place. */
static gboolean
check_file (const char *path)
{
    g_autoptr (GPtrArray) faults = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length;

    if (!g_file_get_contents (path, &text, &length, &error)) {
        g_printerr ("h3d: %s\n", error->message);
        return FALSE;
    }
    faults = h3_plan_check_text (text, (gssize) length);
    for (guint i = 0; i < faults->len; i++)
        g_printerr ("%s:%s\n", path, (const char *) faults->pdata[i]);
    if (faults->len == 0)
        g_print ("%s: nothing is wrong\n", path);
    return faults->len == 0;
}

int
workflow_check (int argc, char **argv)
{
    g_autoptr (GOptionContext) context = g_option_context_new ("FILE...");
    g_auto (GStrv) arguments = NULL;
    g_autoptr (GError) error = NULL;
    gboolean is_well = TRUE;

    g_set_prgname ("h3d workflow check");
    g_option_context_set_summary (context, "Says what is wrong with the plans of workflows.");
    arguments = command_parse (context, argc, argv, &error);
    if (arguments == NULL) {
        g_printerr ("h3d workflow check: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (g_strv_length (arguments) < 2) {
        g_printerr ("h3d workflow check: a file is missing: h3d workflow check FILE...\n");
        return EXIT_FAILURE;
    }
    for (guint i = 1; arguments[i] != NULL; i++)
        is_well &= check_file (arguments[i]);
    return is_well ? EXIT_SUCCESS : EXIT_FAILURE;
}
