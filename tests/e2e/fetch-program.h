/* SPDX-License-Identifier: MIT
 *
 * What the tests of `h3d fetch` share: a server, and runs of the program that ask it. Included by
 * one source each; main thread. */

#pragma once

#include "tests/support/file-tree.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <stdarg.h>
#include <string.h>

static TestServer server;
static FileTree tree;
static char *base; /* owned: the URL of the server that is asked, without a path */

/* What a run came to. */
typedef struct {
    int status;
    GString *output; /* owned */
    char *errors;    /* owned */
} Run;

static inline void
run_free (Run *run)
{
    g_string_free (run->output, TRUE);
    g_free (run->errors);
    g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

/* (transfer full): waits for its end. */
static inline Run *
run_take (Subprocess *process)
{
    Run *run = g_new0 (Run, 1);

    run->output = subprocess_read_output (process);
    run->errors = subprocess_read_errors (process);
    run->status = subprocess_wait (process);
    return run;
}

/* Starts `h3d fetch` by a shell, with these words, of the server's `path`; $T is the tree. `around`
 * has a %s where the command stands. */
static inline void
fetch_start (Subprocess *process, const char *around, const char *options, const char *path)
{
    g_autofree char *url = g_strconcat (base, path, NULL);
    g_autofree char *fetch = g_strdup_printf ("\"$0\" fetch %s '%s'", options, url);
    g_auto (GStrv) parts = g_strsplit (around, "%s", 2);
    g_autofree char *folder = file_tree_path (&tree, ".");
    g_autofree char *command =
        g_strdup_printf ("T='%s'; %s%s%s", folder, parts[0], fetch, parts[1]);
    const char *top = g_getenv ("top_builddir");
    g_autofree char *program = g_build_filename (top != NULL ? top : ".", "bin", "h3d", NULL);

    subprocess_start_program (process, "/bin/sh", 0, "-c", command, program, NULL);
}

/* (transfer full): the same, waited for. */
static inline Run *
fetch (const char *options, const char *path)
{
    Subprocess process;

    fetch_start (&process, "exec %s", options, path);
    return run_take (&process);
}

/* Fails the test unless it ended so, and wrote this (NULL: whatever). */
static inline void
expect_fetch (const char *options, const char *path, int status, const char *output)
{
    g_autoptr (Run) run = fetch (options, path);

    ck_assert_msg (run->status == status, "%s %s ended with %d, not %d: %s%s", options, path,
                   run->status, status, run->output->str, run->errors);
    if (output != NULL)
        ck_assert_msg (strcmp (run->output->str, output) == 0, "%s %s wrote '%s', not '%s': %s",
                       options, path, run->output->str, output, run->errors);
}

/* The same, and told this on the standard error. */
static inline void
expect_told (const char *options, const char *path, int status, const char *told)
{
    g_autoptr (Run) run = fetch (options, path);

    ck_assert_msg (run->status == status, "%s %s ended with %d, not %d: %s", options, path,
                   run->status, status, run->errors);
    ck_assert_msg (strstr (run->errors, told) != NULL, "%s %s told '%s', not '%s'", options, path,
                   run->errors, told);
}
