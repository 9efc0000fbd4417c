/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "output-queue.h"

#include <h3/base/counters.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_SYS_SENDFILE_H
#include <sys/sendfile.h>
#endif
#ifndef MSG_MORE
#define MSG_MORE 0
#endif

#define MAX_PIECES       16 /* of one sendmsg () */
#define MAX_CALLS        16 /* of one turn */
#define SMALLEST_BUFFER  1024
#define LARGEST_BUFFER   (64 * 1024)
#define FILE_BUFFER_SIZE (64 * 1024)

typedef enum { CHUNK_BUFFER, CHUNK_BYTES, CHUNK_FILE } ChunkKind;

struct _OutputChunk {
    OutputChunk *next; /* owned: the queue's list */
    ChunkKind kind;
    gboolean owns_fd;
    int fd; /* CHUNK_FILE; owned, or borrowed: a later chunk */
    union {
        Buffer *buffer; /* owned: CHUNK_BUFFER */
        GBytes *bytes;  /* ref: CHUNK_BYTES */
    };
    guint64 offset; /* of the next byte; CHUNK_BUFFER has it in its buffer */
    guint64 length; /* that wait */
};

static void
count (OutputQueue *queue, gint64 delta)
{
    queue->length += (guint64) delta;
    counters_add (COUNTER_QUEUE_BYTES, delta);
}

static OutputChunk *
add_chunk (OutputQueue *queue, ChunkKind kind)
{
    OutputChunk *chunk = g_slice_new0 (OutputChunk);

    chunk->kind = kind;
    if (queue->last != NULL)
        queue->last->next = chunk;
    else
        queue->first = chunk;
    queue->last = chunk;
    return chunk;
}

static void
remove_first (OutputQueue *queue)
{
    OutputChunk *chunk = queue->first;

    queue->first = chunk->next;
    if (queue->first == NULL)
        queue->last = NULL;
    if (chunk->length > 0)
        count (queue, -(gint64) chunk->length);
    switch (chunk->kind) {
    case CHUNK_BUFFER:
        buffers_give (queue->buffers, chunk->buffer);
        break;
    case CHUNK_BYTES:
        g_bytes_unref (chunk->bytes);
        break;
    case CHUNK_FILE:
        if (chunk->owns_fd)
            (void) close (chunk->fd);
        break;
    }
    g_slice_free (OutputChunk, chunk);
}

void
output_queue_init (OutputQueue *queue, Buffers *buffers)
{
    *queue = (OutputQueue){ .buffers = buffers };
}

void
output_queue_clear (OutputQueue *queue)
{
    while (queue->first != NULL)
        remove_first (queue);
}

/* How many bytes the last chunk can take. */
static gsize
get_room (const OutputQueue *queue)
{
    if (queue->last == NULL || queue->last->kind != CHUNK_BUFFER)
        return 0;
    return queue->last->buffer->capacity - queue->last->buffer->end;
}

/* What little waits gets a small buffer, and what much waits a large one. */
static gboolean
add_buffer (OutputQueue *queue, gsize length)
{
    gsize capacity = CLAMP (queue->length, SMALLEST_BUFFER, LARGEST_BUFFER);
    Buffer *buffer = buffers_take (queue->buffers, MAX (length, capacity));

    if (buffer == NULL)
        return FALSE;
    add_chunk (queue, CHUNK_BUFFER)->buffer = buffer;
    return TRUE;
}

char *
output_queue_reserve (OutputQueue *queue, gsize length)
{
    Buffer *buffer;

    if ((queue->last == NULL || get_room (queue) < length) && !add_buffer (queue, length))
        return NULL;
    if (queue->last->kind != CHUNK_BUFFER && !add_buffer (queue, length))
        return NULL;
    buffer = queue->last->buffer;
    return buffer->data + buffer->end;
}

void
output_queue_commit (OutputQueue *queue, gsize length)
{
    g_assert (length <= get_room (queue));
    if (length == 0)
        return;
    queue->last->buffer->end += (guint32) length;
    queue->last->length += length;
    count (queue, (gint64) length);
}

gboolean
output_queue_append (OutputQueue *queue, const char *data, gsize length)
{
    while (length > 0) {
        gsize part = get_room (queue);
        char *room;

        if (part == 0)
            part = LARGEST_BUFFER;
        part = MIN (part, length);
        room = output_queue_reserve (queue, part);
        if (room == NULL)
            return FALSE;
        memcpy (room, data, part);
        output_queue_commit (queue, part);
        data += part;
        length -= part;
    }
    return TRUE;
}

void
output_queue_append_bytes (OutputQueue *queue, GBytes *bytes, gsize offset, gsize length)
{
    gsize size = g_bytes_get_size (bytes);
    OutputChunk *chunk;

    g_return_if_fail (offset <= size && length <= size - offset);

    if (length == 0)
        return;
    chunk = add_chunk (queue, CHUNK_BYTES);
    chunk->bytes = g_bytes_ref (bytes);
    chunk->offset = offset;
    chunk->length = length;
    count (queue, (gint64) length);
}

static void
append_file (OutputQueue *queue, int fd, gboolean owns_fd, gint64 offset, guint64 length)
{
    OutputChunk *chunk = add_chunk (queue, CHUNK_FILE);

    chunk->fd = fd;
    chunk->owns_fd = owns_fd;
    chunk->offset = (guint64) offset;
    chunk->length = length;
    count (queue, (gint64) length);
}

void
output_queue_append_file (OutputQueue *queue, int fd, gint64 offset, guint64 length)
{
    g_return_if_fail (offset >= 0 && length <= (guint64) (G_MAXINT64 - offset));

    if (length > 0)
        append_file (queue, fd, TRUE, offset, length);
    else
        (void) close (fd);
}

void
output_queue_append_segment (OutputQueue *queue, int fd, gint64 offset, guint64 length)
{
    g_return_if_fail (offset >= 0 && length <= (guint64) (G_MAXINT64 - offset));

    if (length > 0)
        append_file (queue, fd, FALSE, offset, length);
}

static const char *
get_memory (const OutputChunk *chunk)
{
    if (chunk->kind == CHUNK_BUFFER)
        return chunk->buffer->data + chunk->buffer->start;
    return (const char *) g_bytes_get_data (chunk->bytes, NULL) + chunk->offset;
}

/* Takes `length` sent bytes off the front. */
static void
consume (OutputQueue *queue, guint64 length)
{
    while (queue->first != NULL && length >= queue->first->length) {
        length -= queue->first->length;
        remove_first (queue);
    }
    if (length == 0)
        return;
    g_assert (queue->first != NULL);
    if (queue->first->kind == CHUNK_BUFFER)
        queue->first->buffer->start += (guint32) length;
    else
        queue->first->offset += length;
    queue->first->length -= length;
    count (queue, -(gint64) length);
}

void
output_queue_consume (OutputQueue *queue, gsize length)
{
    consume (queue, length);
}

/* From the front of a chunk; 0: its file is shorter than was promised. */
static gssize
copy_front (const OutputChunk *chunk, char *room, gsize limit)
{
    gsize length = MIN (chunk->length, limit);
    gssize n;

    if (chunk->kind != CHUNK_FILE) {
        memcpy (room, get_memory (chunk), length);
        return (gssize) length;
    }
    do
        n = pread (chunk->fd, room, length, (off_t) chunk->offset);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        errno = EIO; /* not a file; waiting for the socket would not help */
    return n;
}

gssize
output_queue_peek (const OutputQueue *queue, char *room, gsize limit, const char **out_data)
{
    const OutputChunk *chunk = queue->first;
    gsize total = 0;

    while (chunk != NULL && chunk->length == 0)
        chunk = chunk->next;
    if (chunk != NULL && chunk->kind != CHUNK_FILE
        && (chunk->length >= limit || chunk->next == NULL)) {
        *out_data = get_memory (chunk);
        return (gssize) MIN (chunk->length, limit);
    }
    *out_data = room;
    for (; chunk != NULL && total < limit; chunk = chunk->next) {
        gssize n = copy_front (chunk, room + total, limit - total);

        if (n == 0 && chunk->length > 0)
            errno = EIO;
        if (n < 0 || (n == 0 && chunk->length > 0))
            return -1;
        total += (gsize) n;
        /* Of a file less may be read at once than is there. */
        if ((gsize) n < chunk->length)
            break;
    }
    return (gssize) total;
}

/* All memory up to the next file, `limit` bytes at most. */
static gssize
send_memory (OutputQueue *queue, int fd, gsize limit)
{
    struct iovec pieces[MAX_PIECES];
    struct msghdr message = { .msg_iov = pieces };
    OutputChunk *chunk = queue->first;
    gsize total = 0;
    int flags = MSG_NOSIGNAL;
    gssize sent;

    for (; chunk != NULL && chunk->kind != CHUNK_FILE && message.msg_iovlen < MAX_PIECES
           && total < limit;
         chunk = chunk->next) {
        gsize length = MIN (chunk->length, limit - total);

        if (length == 0)
            continue;
        pieces[message.msg_iovlen++] =
            (struct iovec){ .iov_base = (char *) get_memory (chunk), .iov_len = length };
        total += length;
    }
    /* What precedes a file leaves in one packet with the file's first bytes. */
    if (chunk != NULL && chunk->kind == CHUNK_FILE && total < limit)
        flags |= MSG_MORE;
    sent = sendmsg (fd, &message, flags);
    /* A short write needs no second try to know that the socket is full. */
    if (sent >= 0 && (gsize) sent < total) {
        consume (queue, (guint64) sent);
        errno = EAGAIN;
        return -1;
    }
    return sent;
}

/* For files that the kernel cannot send by itself. What is read and then refused by the socket is
 * read again. */
static gssize
copy_file (OutputQueue *queue, int fd, gsize limit)
{
    const OutputChunk *chunk = queue->first;
    Buffer *buffer = buffers_take (queue->buffers, FILE_BUFFER_SIZE);
    gssize length;
    int error_number;

    if (buffer == NULL) {
        errno = ENOMEM;
        return -1;
    }
    length = pread (chunk->fd, buffer->data, MIN (limit, FILE_BUFFER_SIZE), (off_t) chunk->offset);
    if (length > 0)
        length = send (fd, buffer->data, (gsize) length, MSG_NOSIGNAL);
    else if (length < 0 && errno == EAGAIN)
        errno = EIO; /* not a file; waiting for the socket would not help */
    error_number = errno;
    buffers_give (queue->buffers, buffer);
    errno = error_number;
    return length;
}

static gssize
send_file (OutputQueue *queue, int fd, gsize limit)
{
    const OutputChunk *chunk = queue->first;
    gsize length = MIN (chunk->length, limit);
    gssize sent = -1;

    errno = ENOSYS;
#ifdef HAVE_SYS_SENDFILE_H
    {
        off_t offset = (off_t) chunk->offset;

        sent = sendfile (fd, chunk->fd, &offset, length);
    }
#endif
    if (sent < 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
        sent = copy_file (queue, fd, length);
    if (sent == 0) {
        errno = EIO;
        return -1;
    }
    return sent;
}

OutputResult
output_queue_send (OutputQueue *queue, int fd)
{
    gsize share = OUTPUT_QUEUE_SHARE;

    for (guint calls = 0; queue->length > 0; calls++) {
        gssize sent;

        consume (queue, 0); /* what was reserved and never written */
        if (share == 0 || calls == MAX_CALLS)
            return OUTPUT_AGAIN;
        if (queue->first->kind == CHUNK_FILE)
            sent = send_file (queue, fd, share);
        else
            sent = send_memory (queue, fd, share);
        if (sent > 0) {
            share -= (gsize) sent;
            consume (queue, (guint64) sent);
        } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return OUTPUT_BLOCKED;
        } else if (sent < 0 && errno != EINTR) {
            return OUTPUT_FAILED;
        }
    }
    output_queue_clear (queue);
    return OUTPUT_DRAINED;
}
