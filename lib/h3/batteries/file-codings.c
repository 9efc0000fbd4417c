/* SPDX-License-Identifier: MIT */

#include "file-codings.h"

#include <h3/format/negotiation.h>

#include <string.h>
#include <unistd.h>

/* Of those that are liked equally the first is taken: smallest first. */
static const struct {
    const char *name;
    const char *suffix;
} codings[] = { { "br", ".br" }, { "zstd", ".zst" }, { "gzip", ".gz" } };

#define N_CODINGS      G_N_ELEMENTS (codings)
#define LONGEST_SUFFIX sizeof ".zst"

/* A copy that is older was made of something else. */
static gboolean
is_older (const struct stat *copy, const struct stat *original)
{
    if (copy->st_mtim.tv_sec != original->st_mtim.tv_sec)
        return copy->st_mtim.tv_sec < original->st_mtim.tv_sec;
    return copy->st_mtim.tv_nsec < original->st_mtim.tv_nsec;
}

static gboolean
open_copy (const BeneathRoot *root, const char *path, const struct stat *original,
           FileCopy *out_copy)
{
    int fd = beneath_root_open_file (root, path, &out_copy->info);

    if (fd < 0)
        return FALSE;
    if (is_older (&out_copy->info, original)) {
        (void) close (fd);
        return FALSE;
    }
    out_copy->fd = fd;
    return TRUE;
}

static guint
find_coding (const char *name)
{
    guint i = 0;

    while (i < N_CODINGS && strcmp (codings[i].name, name) != 0)
        i++;
    return i;
}

gboolean
file_codings_open (const BeneathRoot *root, const char *path, const struct stat *original,
                   H3View accept, H3Arena *arena, FileCopy *out_copy)
{
    const char *offers[N_CODINGS + 1];
    gssize n = 0;
    gsize length = strlen (path);
    char *copy;

    if (accept.data == NULL)
        return FALSE;
    for (guint i = 0; i < N_CODINGS; i++)
        offers[n++] = codings[i].name;
    offers[n++] = "identity";
    copy = memcpy (h3_arena_alloc (arena, length + LONGEST_SUFFIX), path, length);
    /* What is liked best is looked for first; where it is not there, what is liked best of the
     * rest. */
    for (;;) {
        gssize best = h3_negotiate_encoding (accept, offers, n);
        guint found = best >= 0 ? find_coding (offers[best]) : N_CODINGS;

        if (found == N_CODINGS)
            return FALSE;
        strcpy (copy + length, codings[found].suffix);
        out_copy->coding = codings[found].name;
        if (open_copy (root, copy, original, out_copy))
            return TRUE;
        memmove (&offers[best], &offers[best + 1], (gsize) (n - best - 1) * sizeof *offers);
        n--;
    }
}
