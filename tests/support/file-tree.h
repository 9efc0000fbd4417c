/* SPDX-License-Identifier: MIT
 *
 * A temporary directory with files that a test makes up, and what lies beside it. Whatever cannot
 * be made fails the test. Main thread. */

#pragma once

#include <glib.h>

typedef struct {
    char *base; /* owned: the temporary directory */
    char *root; /* owned: `base`/root, in which the files below are */
} FileTree;

/* Makes `root`, and `base`/secret.txt ("secret") beside it. */
void file_tree_init (FileTree *tree);
/* Removes all. */
void file_tree_clear (FileTree *tree);

/* (transfer full): the absolute path of a name beneath `root`; "../x" is beside it. */
char *file_tree_path (const FileTree *tree, const char *name);
/* Each makes the directories on the way. */
void file_tree_write (const FileTree *tree, const char *name, const char *text);
void file_tree_write_data (const FileTree *tree, const char *name, const char *data, gsize length);
void file_tree_make_folder (const FileTree *tree, const char *name);
void file_tree_link (const FileTree *tree, const char *name, const char *target);
void file_tree_make_fifo (const FileTree *tree, const char *name);
/* A socket that nobody listens on. */
void file_tree_make_socket (const FileTree *tree, const char *name);
/* The time of the last change, in seconds since 1970. */
void file_tree_set_time (const FileTree *tree, const char *name, gint64 seconds);
