/* SPDX-License-Identifier: MIT
 *
 * The fields of files that were sent lately, so that they are not written anew each time. Each
 * thread has its own, a bounded number. What is found belongs to a file as it is now: it is asked
 * for by all that tells one version from another. */

#pragma once

#include <h3/http/headers.h>

#include <sys/stat.h>

G_BEGIN_DECLS

/* Of which files the fields are kept: the last of those that share a place. */
#define FILE_FACTS_MAX 512

typedef struct {
    guint64 owner;             /* whose files: no two have the same */
    const struct stat *info;   /* borrowed */
    const char *coding;        /* a literal; NULL: none */
    const char *cache_control; /* borrowed: the owner; NULL: none */
    gboolean varies;           /* there may be other codings */
} FileFacts;

/* (transfer none): until the next call: ETag, Last-Modified and what goes with them. Not to be
 * changed: see headers_own (). */
H3Headers *file_facts_get_headers (const FileFacts *facts);

/* Whether a media type, a literal, is worth compressing. */
gboolean file_facts_is_compressible (const char *type);

G_END_DECLS
