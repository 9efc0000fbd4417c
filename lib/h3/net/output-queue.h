/* SPDX-License-Identifier: MIT
 *
 * Bytes and file segments waiting for a socket, in order. It owns all it holds: copied bytes,
 * references to GBytes, descriptors; so it outlives every event and arena. Owned by a transport;
 * the loop's thread only. */

#pragma once

#include <h3/net/buffers.h>

G_BEGIN_DECLS

typedef struct _OutputChunk OutputChunk;

typedef struct {
    Buffers *buffers;   /* borrowed: the loop's */
    OutputChunk *first; /* owned */
    OutputChunk *last;  /* borrowed: the list */
    guint64 length;     /* bytes waiting, of segments too */
} OutputQueue;

void output_queue_init (OutputQueue *queue, Buffers *buffers);
void output_queue_clear (OutputQueue *queue);

/* Copies. FALSE where there is no memory: the connection cannot go on. */
gboolean output_queue_append (OutputQueue *queue, const char *data, gsize length);
/* Room for `length` contiguous bytes at the end, to be written by the caller; commit: so many of
 * them were. Nothing else is appended in between. NULL where there is no memory. */
char *output_queue_reserve (OutputQueue *queue, gsize length);
void output_queue_commit (OutputQueue *queue, gsize length);
/* Takes a reference; nothing is copied. */
void output_queue_append_bytes (OutputQueue *queue, GBytes *bytes, gsize offset, gsize length);
/* Takes `fd` over and closes it when done. */
void output_queue_append_file (OutputQueue *queue, int fd, gint64 offset, guint64 length);
/* Borrows `fd`, which a later append_file () to this queue must take over: as what is first in
 * leaves first, it is open as long as it is needed. */
void output_queue_append_segment (OutputQueue *queue, int fd, gint64 offset, guint64 length);

/* For those who send by themselves: what is first, contiguous: where it lies, or, where that is
 * less than `limit` bytes and more is behind it, in `room` (of `limit` bytes). Returns how much; -1
 * and errno as below. Once some of it has left, consume. */
gssize output_queue_peek (const OutputQueue *queue, char *room, gsize limit, const char **out_data);
void output_queue_consume (OutputQueue *queue, gsize length);

/* So many bytes are sent in one turn, so that others get theirs. */
#define OUTPUT_QUEUE_SHARE (1024 * 1024)

/* Sends as much as the socket takes now, many pieces of memory in one sendmsg (), files with
 * sendfile (). DRAINED: nothing waits any more, nothing is held. BLOCKED: wait until the socket is
 * writable. AGAIN: the share of this turn is used up. FAILED: errno tells; a file shorter than
 * promised is EIO. sendfile () raises SIGPIPE: the thread has it blocked or ignored. */
typedef enum { OUTPUT_DRAINED, OUTPUT_BLOCKED, OUTPUT_AGAIN, OUTPUT_FAILED } OutputResult;
OutputResult output_queue_send (OutputQueue *queue, int fd);

G_END_DECLS
