/* SPDX-License-Identifier: MIT */

#include "command.h"

#include <stdlib.h>
#include <string.h>

static int
print_help (const char *program, const char *rest, const CommandInfo *commands, guint n)
{
    g_print ("Usage: %s COMMAND %s\n\nCommands:\n", program, rest);
    for (guint i = 0; i < n; i++)
        g_print ("  %-10s %s\n", commands[i].name, commands[i].what);
    g_print ("  %-10s %s\n", "--help", "prints this");
    return EXIT_SUCCESS;
}

int
command_run (const char *program, const char *rest, const CommandInfo *commands, guint n, int argc,
             char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    if (g_strcmp0 (name, "--help") == 0)
        return print_help (program, rest, commands, n);
    for (guint i = 0; name != NULL && i < n; i++) {
        if (strcmp (commands[i].name, name) == 0)
            return commands[i].run (argc - 1, argv + 1);
    }
    if (name != NULL)
        g_printerr ("%s: '%s' is no command: %s --help lists them\n", program, name, program);
    else
        g_printerr ("%s: a command is missing: %s --help lists them\n", program, program);
    return EXIT_FAILURE;
}

char **
command_parse (GOptionContext *context, int argc, char **argv, GError **error)
{
    g_auto (GStrv) arguments = g_new0 (char *, (gsize) argc + 1);
    g_autoptr (GError) found = NULL;

    for (int i = 0; i < argc; i++)
        arguments[i] = g_strdup (argv[i]);
    if (g_option_context_parse_strv (context, &arguments, &found))
        return g_steal_pointer (&arguments);
    if (g_error_matches (found, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
        g_set_error (error, found->domain, found->code, "%s: --help lists them", found->message);
    else
        g_propagate_error (error, g_steal_pointer (&found));
    return NULL;
}
