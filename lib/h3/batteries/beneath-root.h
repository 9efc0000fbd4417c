/* SPDX-License-Identifier: MIT
 *
 * A folder, and files opened beneath it: no path leads out of it, whatever it says and whatever
 * links there are, also while others rename. Held by what serves the folder; never changed, so any
 * thread. */

#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

typedef struct _BeneathRoot BeneathRoot;

/* How paths are followed: by the kernel where it can (openat2 ()), else step by step. */
typedef enum { BENEATH_BEST, BENEATH_BY_STEPS } BeneathWay;

/* NULL with an H3_ERROR that names the folder, what is wrong, and what to do. */
BeneathRoot *beneath_root_new (const char *path, BeneathWay way, GError **error);
void beneath_root_free (BeneathRoot *root);

gboolean beneath_root_is_by_steps (const BeneathRoot *root);

/* Opens `path`, which is relative and not empty, to be read; never waits, for a FIFO say. Links are
 * followed where they stay beneath the root; an absolute one never does. Returns a descriptor, or
 * -1 with errno: EXDEV where the way leads out, ELOOP where there are too many links. */
int beneath_root_open (const BeneathRoot *root, const char *path);

/* The same for a regular file: EISDIR for a directory, ENOENT for what is neither. */
int beneath_root_open_file (const BeneathRoot *root, const char *path, struct stat *out_info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BeneathRoot, beneath_root_free)

G_END_DECLS
