/* SPDX-License-Identifier: MIT
 *
 * Size classes of buffers, kept for reuse, one set a loop; what rests too long is given back.
 * The loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _Buffers Buffers;

/* Bytes [start, end) of `data` are in use. */
typedef struct _Buffer Buffer;
struct _Buffer {
    Buffer *next; /* for its keeper's list */
    guint32 start, end, capacity;
    char data[];
};

Buffers *buffers_new (Loop *loop);
void buffers_free (Buffers *buffers);

/* (transfer full) (nullable): an empty buffer of at least `capacity` bytes: one of the classes 1,
 * 4, 16, 64 KiB, or a single one of exactly that size above them. NULL where there is no memory for
 * it. */
Buffer *buffers_take (Buffers *buffers, gsize capacity);

/* Takes it back. NULL is allowed. */
void buffers_give (Buffers *buffers, Buffer *buffer);

/* Frees what has rested since the last trim; called by a timer of its own, and by tests. */
void buffers_trim (Buffers *buffers);

/* Bytes resting. */
gsize buffers_get_resting (const Buffers *buffers);

G_END_DECLS
