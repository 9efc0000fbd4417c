/* SPDX-License-Identifier: MIT
 *
 * h3d, the ready server: its first argument is the command. */

#include "check.h"
#include "command.h"
#include "demo.h"
#include "fetch.h"
#include "password.h"
#include "run.h"
#include "serve.h"
#include "workflow.h"

#include <locale.h>
#include <stdlib.h>

static int
print_version (int argc, char **argv)
{
    static const char *const features[] = { "brotli", "redis", "zstd" };

    g_print ("h3d %s\n", H3_VERSION_STRING);
    for (guint i = 0; i < G_N_ELEMENTS (features); i++)
        g_print ("%s %s\n", h3_has_feature (features[i]) ? "with" : "without", features[i]);
    return EXIT_SUCCESS;
}

static const CommandInfo commands[] = {
    { "demo", "serves everything at once, as httpbin does (demo --help lists its options)",
      demo_run },
    { "serve", "serves the files of a directory (serve --help lists its options)", serve_run },
    { "run", "serves as a key file says (run --help)", run_run },
    { "check", "says what is wrong with such a file, and what can stand in it (check --help)",
      check_run },
    { "password", "makes a line of a file of passwords (password --help)", password_run },
    { "fetch", "asks a server, as curl does (fetch --help lists its options)", fetch_run },
    { "workflow", "looks at a workflow's plan, or runs it (workflow --help lists its commands)",
      workflow_run },
    { "--version", "prints the version, and what it was built with", print_version },
};

int
main (int argc, char **argv)
{
    setlocale (LC_ALL, "");
    g_set_prgname ("h3d");
    return command_run ("h3d", "[OPTION...]", commands, G_N_ELEMENTS (commands), argc, argv);
}
