/* SPDX-License-Identifier: MIT
 *
 * Which of a file's copies a client is sent: the file itself, or one that was compressed before and
 * lies beside it. Holds nothing; any thread. */

#pragma once

#include <h3/base/arena.h>
#include <h3/base/view.h>
#include <h3/batteries/beneath-root.h>

#include <sys/stat.h>

G_BEGIN_DECLS

typedef struct {
    const char *coding; /* a literal: for Content-Encoding */
    int fd;             /* owned by who asked */
    struct stat info;
} FileCopy;

/* FALSE: the file itself is to be sent. What is older than the file, or cannot be read, counts for
 * nothing. `accept` is the Accept-Encoding field, its data NULL where there is none. */
gboolean file_codings_open (const BeneathRoot *root, const char *path, const struct stat *original,
                            H3View accept, H3Arena *arena, FileCopy *out_copy);

G_END_DECLS
