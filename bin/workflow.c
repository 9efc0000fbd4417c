/* SPDX-License-Identifier: MIT */

#include "workflow.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static int print_help (int argc, char **argv);

static const struct {
    const char *name;
    const char *what;
    int (*run) (int argc, char **argv);
} commands[] = {
    { "check", "says what is wrong with plans, with line and column", workflow_check },
    { "run", "runs a plan here and now, and tells what its steps do", workflow_run_file },
    { "--help", "prints this", print_help },
};

static int
print_help (int argc, char **argv)
{
    (void) argc;
    (void) argv;
    g_print ("Usage: h3d workflow COMMAND [OPTION...] FILE\n\nCommands:\n");
    for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
        g_print ("  %-10s %s\n", commands[i].name, commands[i].what);
    return EXIT_SUCCESS;
}

int
workflow_run (int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    for (guint i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++) {
        if (strcmp (commands[i].name, name) == 0)
            return commands[i].run (argc - 1, argv + 1);
    }
    if (name != NULL)
        g_printerr ("h3d: 'workflow %s' is no command: h3d workflow --help lists them\n", name);
    else
        g_printerr ("h3d: a command is missing: h3d workflow --help lists them\n");
    return EXIT_FAILURE;
}
