/* SPDX-License-Identifier: MIT
 *
 * A page of what is in a directory. Holds nothing; any thread, but it waits for the disk. */

#pragma once

#include <h3/batteries/beneath-root.h>

#include <gio/gio.h>

G_BEGIN_DECLS

/* So many names are listed; the page says where there are more. */
#define FILE_LISTING_MAX 10000

typedef struct {
    const char *path;  /* borrowed: beneath the root, "" for that itself */
    const char *title; /* borrowed: what it is called */
    gboolean dot_files;
} FileListing;

/* (transfer full) (nullable): HTML; NULL with the errno in `*out_problem`, ECANCELED where it is no
 * longer wanted. Only what a client could ask for is in it: files and directories that links do not
 * lead out to, with names that a path can say. */
char *file_listing_make (const BeneathRoot *root, const FileListing *listing,
                         GCancellable *cancellable, int *out_problem);

G_END_DECLS
