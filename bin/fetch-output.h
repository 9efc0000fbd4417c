/* SPDX-License-Identifier: MIT
 *
 * Where `h3d fetch` writes the body: the standard output, or a file that has its name only once it
 * is whole. Main thread. */

#pragma once

#include <glib.h>

typedef struct {
    int fd;          /* owned, unless it is the standard output; -1: not open */
    char *path;      /* owned; NULL: the standard output */
    char *temporary; /* owned: what is to be renamed; NULL: `path` is written itself */
    gsize most;      /* bytes of one write, so that a slow reader never holds us up */
    gboolean is_terminal;
} FetchOutput;

/* `path` (nullable): NULL and "-" are the standard output. FALSE with FETCH_ERROR. */
gboolean fetch_output_open (FetchOutput *output, const char *path, GError **error);

/* How many bytes were taken, some at least; 0: none as yet, the descriptor is to be waited for; -1
 * with FETCH_ERROR. */
gssize fetch_output_write (FetchOutput *output, const char *data, gsize length, GError **error);

/* All was written: the file gets its name. FALSE with FETCH_ERROR. */
gboolean fetch_output_finish (FetchOutput *output, GError **error);

/* Closes what is open; what is not finished goes. */
void fetch_output_clear (FetchOutput *output);
