/* SPDX-License-Identifier: MIT
 *
 * What the tests of configurations share: a folder with two files, and configurations beside them.
 * One at a time; the test's thread only. */

#pragma once

#include "ask.h"

#include <h3/app/config-inside.h>

#include "tests/support/file-tree.h"

static FileTree tree;

/* (transfer full) */
static inline H3Config *
read_text (const char *text, const H3Config *before, GError **error)
{
    g_autofree char *path = file_tree_path (&tree, "h3d.conf");

    file_tree_write (&tree, "h3d.conf", text);
    return config_new_after (path, before, error);
}

/* (transfer full): it is right. */
static inline H3Config *
read_good (const char *text, const H3Config *before)
{
    g_autoptr (GError) error = NULL;
    H3Config *config = read_text (text, before, &error);

    ck_assert_msg (config != NULL, "%s", error != NULL ? error->message : "");
    return config;
}

static inline void
start (void)
{
    file_tree_init (&tree);
    file_tree_write (&tree, "www/index.html", "index");
    file_tree_write (&tree, "www/a.txt", "text A");
}

static inline void
finish (H3Config *config)
{
    h3_config_unref (config);
    file_tree_clear (&tree);
}

/* (transfer full): of a text. */
static inline H3Config *
begin (const char *text)
{
    start ();
    return read_good (text, NULL);
}

#define FILES "[files /]\ndirectory = www\n"
