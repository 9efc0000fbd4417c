/* SPDX-License-Identifier: MIT
 *
 * A program whose first argument is a command, and the options of one. */

#pragma once

#include <glib.h>

typedef struct {
    const char *name;
    const char *what; /* for --help */
    int (*run) (int argc, char **argv);
} CommandInfo;

/* Runs the command that the first argument names, with what stands behind it, or prints them all:
 * --help. `program` stands before the command; `rest`, what stands behind it. */
int command_run (const char *program, const char *rest, const CommandInfo *commands, guint n,
                 int argc, char **argv);

/* (transfer full) (nullable): the arguments that are no options, the command's name first. As
 * g_option_context_parse_strv (); where options are listed is said too. */
char **command_parse (GOptionContext *context, int argc, char **argv, GError **error);
