/* SPDX-License-Identifier: MIT */

#include "check.h"

#include "command.h"

#include <h3/h3.h>

#include <stdlib.h>

/* What options say. */
static gboolean is_listing, is_markdown;
static char **files; /* owned; NULL: none */

/* Whether nothing is wrong with it. */
static gboolean
check_file (const char *file)
{
    g_auto (GStrv) faults = h3_config_check_file (file);

    for (guint i = 0; faults[i] != NULL; i++)
        g_print ("%s\n", faults[i]);
    if (faults[0] == NULL)
        g_print ("%s is right\n", file);
    return faults[0] == NULL;
}

static int
check_files (void)
{
    gboolean are_right = TRUE;

    if (files == NULL) {
        g_printerr ("h3d check: the file to look at is missing: h3d check FILE\n");
        return EXIT_FAILURE;
    }
    for (guint i = 0; files[i] != NULL; i++)
        are_right = check_file (files[i]) && are_right;
    return are_right ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
list_keys (void)
{
    g_autofree char *text = is_markdown ? h3_config_dup_keys_markdown () : h3_config_dup_keys ();

    g_print ("%s", text);
    return EXIT_SUCCESS;
}

int
check_run (int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        { "keys", 0, 0, G_OPTION_ARG_NONE, &is_listing, "List every group and key", NULL },
        { "markdown", 0, 0, G_OPTION_ARG_NONE, &is_markdown,
          "… as the tables of docs/configuration.md", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE…" },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_auto (GStrv) arguments = NULL;
    g_autoptr (GError) error = NULL;
    int status = EXIT_FAILURE;

    g_set_prgname ("h3d check");
    g_option_context_set_summary (context, "Says what is wrong with a file that h3d run is to "
                                           "follow, a line each: FILE:LINE: what.");
    g_option_context_add_main_entries (context, entries, NULL);
    arguments = command_parse (context, argc, argv, &error);
    if (arguments == NULL)
        g_printerr ("h3d check: %s\n", error->message);
    else if (is_markdown && !is_listing)
        g_printerr ("h3d check: --markdown goes with --keys\n");
    else
        status = is_listing ? list_keys () : check_files ();
    g_strfreev (files);
    return status;
}
