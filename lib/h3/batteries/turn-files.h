/* SPDX-License-Identifier: MIT
 *
 * Small files that are asked for more than once in one turn of a loop, by many clients at once:
 * read once, and kept until the turn ends, so that what changes is seen by the next. Each thread
 * has its own. */

#pragma once

#include <h3/base/view.h>
#include <h3/http/headers.h>
#include <h3/loop/loop.h>

#include <glib.h>

G_BEGIN_DECLS

/* Larger ones are sent by the kernel, which costs less than to copy them. */
#define TURN_FILES_MAX_LENGTH 16384
/* Of path and field together. */
#define TURN_FILES_MAX_KEY 256

/* What an answer follows from, beside the file. */
typedef struct {
    guint64 owner; /* whose files: no two have the same */
    H3View path;   /* borrowed */
    H3View accept; /* borrowed: Accept-Encoding; data is NULL where there is none */
} TurnKey;

/* What was asked for in this turn. Borrowed from the thread, for as long as the caller does not
 * return. */
typedef struct {
    const char *type;   /* a literal */
    H3Headers *headers; /* ref */
    GBytes *bytes;      /* ref; NULL: nothing is kept */
    gboolean is_wanted; /* asked for before, so that it is worth keeping */
} TurnFile;

/* Notes that it was asked for. (nullable): NULL where the key is too long. `loop` is the thread's.
 */
TurnFile *turn_files_ask (Loop *loop, const TurnKey *key);

/* Reads `length` bytes of `fd`, and keeps them with what goes along. FALSE, with nothing kept,
 * where they cannot be read. */
gboolean turn_files_keep (TurnFile *file, int fd, gsize length, const char *type,
                          H3Headers *headers);

G_END_DECLS
