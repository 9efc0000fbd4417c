/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "transport-private.h"

#include <h3/loop/clock.h>
#include <h3/net/socket-calls.h>

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_LINUX_SOCKIOS_H
#include <linux/sockios.h>
#elif defined(TIOCOUTQ)
#define SIOCOUTQ TIOCOUTQ
#endif

#define COPIED_LENGTH 8192  /* a GBytes up to this is copied */
#define READ_LENGTH   16384 /* a file up to this is read: that costs less than a call of its own */

static gboolean
holds_output (const Transport *transport)
{
    return transport->shared->holder == transport;
}

static guint64
get_queued (const Transport *transport)
{
    return transport->backlog != NULL ? transport->backlog->queue.length : 0;
}

/* Bytes that have left the kernel's buffer, give or take a constant: what the kernel took says
 * little, since it takes megabytes at a time. */
static gint64
get_taken (const Transport *transport)
{
    guint64 sent = transport->is_tls ? transport_tls_get_written (transport) : transport->sent;
    int inside = 0;

#ifdef SIOCOUTQ
    if (ioctl (transport->fd, SIOCOUTQ, &inside) != 0)
        inside = 0;
#endif
    return (gint64) sent - inside;
}

void
transport_arm_write_deadline (Transport *transport)
{
    TransportShared *shared = transport->shared;
    Backlog *backlog = transport->backlog;

    if (backlog->deadline.list != NULL || shared->settings.write_bytes_per_second == 0)
        return;
    backlog->taken = get_taken (transport);
    deadline_arm (&backlog->deadline, shared->writing, clock_get_now ());
}

static Backlog *
backlog_of (DeadlineNode *node)
{
    return (Backlog *) ((char *) node - G_STRUCT_OFFSET (Backlog, deadline));
}

/* Whether the peer has taken less than the least rate, in so many milliseconds. */
static gboolean
is_slow (const Backlog *backlog, gint64 milliseconds)
{
    const Transport *transport = backlog->transport;
    gint64 least = milliseconds * transport->shared->settings.write_bytes_per_second / 1000;

    return get_taken (transport) - backlog->taken < least;
}

void
transport_on_write_due (DeadlineNode *node)
{
    Backlog *backlog = backlog_of (node);
    Transport *transport = backlog->transport;

    if (is_slow (backlog, transport->shared->settings.write_grace_milliseconds))
        transport_fail (transport, ETIMEDOUT);
    else
        transport_arm_write_deadline (transport);
}

gpointer
transport_shared_find_slow (TransportShared *shared, const TransportOwner *functions,
                            gint64 milliseconds, guint looked_at)
{
    gint64 now = clock_get_now ();
    DeadlineNode *node = NULL;

    for (guint i = 0; i < looked_at; i++) {
        Backlog *backlog;

        node = deadline_list_get_next (shared->writing, node);
        if (node == NULL || now - deadline_get_since (node) < milliseconds)
            break;
        backlog = backlog_of (node);
        if (backlog->transport->functions == functions
            && is_slow (backlog, now - deadline_get_since (node)))
            return backlog->transport->owner;
    }
    return NULL;
}

void
transport_fail (Transport *transport, int error_number)
{
    TransportShared *shared = transport->shared;

    if (transport->failed)
        return;
    transport->failed = TRUE;
    transport->error_number = error_number;
    if (transport->state != TRANSPORT_OPEN) {
        transport_end (transport);
        return;
    }
    if (holds_output (transport)) {
        shared->holder = NULL;
        shared->output_length = 0;
    }
    transport_drop_backlog (transport);
    (void) transport_set_interest (transport, transport->reading ? EV_READ : 0);
    transport_schedule (transport);
}

static void
on_queue_drained (Transport *transport)
{
    gboolean blocked = (transport->interest & EV_WRITE) != 0;

    if (transport->state == TRANSPORT_DRAINING) {
        transport_linger (transport);
        return;
    }
    transport_drop_backlog (transport);
    transport->relieved |= blocked || transport->above_mark;
    transport->above_mark = FALSE;
    if (!transport_set_interest (transport, transport->interest & EV_READ)) {
        transport_fail (transport, ENOMEM);
        return;
    }
    if (transport->relieved)
        transport_schedule (transport);
    else if (transport->wants_drained)
        transport_post (transport);
}

static void
on_queue_blocked (Transport *transport)
{
    guint64 waiting = get_queued (transport);

    if (!transport_set_interest (transport, transport->interest | EV_WRITE)) {
        transport_fail (transport, ENOMEM);
        return;
    }
    transport_arm_write_deadline (transport);
    if (waiting > TRANSPORT_WAIT_MARK) {
        transport->above_mark = TRUE;
    } else if (transport->above_mark && waiting <= TRANSPORT_WAIT_MARK / 2) {
        transport->above_mark = FALSE;
        transport->relieved = TRUE;
        transport_schedule (transport);
    }
}

void
transport_drain (Transport *transport)
{
    OutputQueue *queue = &transport->backlog->queue;
    guint64 before = queue->length;
    OutputResult result = transport->is_tls ? transport_tls_drain (transport)
                                            : output_queue_send (queue, transport->fd);
    int error_number = errno;

    transport->sent += before - queue->length;
    switch (result) {
    case OUTPUT_DRAINED:
        on_queue_drained (transport);
        break;
    case OUTPUT_BLOCKED:
    case OUTPUT_AGAIN:
        on_queue_blocked (transport);
        break;
    case OUTPUT_FAILED:
        transport_fail (transport, error_number);
        break;
    }
}

/* What the output buffer has goes to the queue, from `offset` on. */
static void
queue_output (Transport *transport, gsize offset)
{
    TransportShared *shared = transport->shared;
    gsize length = shared->output_length - offset;

    shared->holder = NULL;
    shared->output_length = 0;
    if (length > 0
        && !output_queue_append (&transport_get_backlog (transport)->queue, shared->output + offset,
                                 length))
        transport_fail (transport, ENOMEM);
}

static gssize
send_once (Transport *transport)
{
    const TransportShared *shared = transport->shared;
    gssize sent;

    if (shared->output_length == 0)
        return 0;
    if (G_UNLIKELY (transport->is_tls))
        return transport_tls_send (transport, shared->output, shared->output_length);
    do
        sent = socket_send (transport->fd, shared->output, shared->output_length);
    while (G_UNLIKELY (sent < 0) && errno == EINTR);
    return sent;
}

static void
send_output (Transport *transport)
{
    TransportShared *shared = transport->shared;
    gssize sent = send_once (transport);

    if (G_LIKELY (sent == (gssize) shared->output_length)) {
        shared->holder = NULL;
        shared->output_length = 0;
    } else if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        transport_fail (transport, errno);
        return;
    } else {
        sent = MAX (sent, 0);
        queue_output (transport, (gsize) sent);
    }
    transport->sent += (guint64) sent;
    if (transport->backlog != NULL)
        on_queue_blocked (transport);
    else if (transport->wants_drained)
        transport_post (transport);
}

guint64
transport_flush (Transport *transport)
{
    transport->unflushed = FALSE;
    if (holds_output (transport)) /* so it is open, and has not failed */
        send_output (transport);
    else if (transport->failed || transport->state != TRANSPORT_OPEN)
        return 0;
    else if (transport->backlog != NULL && (transport->interest & EV_WRITE) == 0)
        transport_drain (transport);
    return get_queued (transport);
}

/* Whether the output buffer can take bytes of `transport`: it has it, or nobody does and nothing
 * waits before them. */
static inline gboolean
can_use_output (Transport *transport)
{
    TransportShared *shared = transport->shared;

    if (holds_output (transport))
        return TRUE;
    if (shared->holder != NULL || transport->backlog != NULL)
        return FALSE;
    shared->holder = transport;
    if (shared->held != transport)
        transport_shared_watch (shared);
    return TRUE;
}

static gboolean
can_write (const Transport *transport)
{
    return !transport->failed && transport->state == TRANSPORT_OPEN;
}

/* Bytes were put into the queue: in case nobody flushes. */
static void
note_queued (Transport *transport)
{
    if ((transport->interest & EV_WRITE) != 0) {
        on_queue_blocked (transport);
        return;
    }
    transport->unflushed = TRUE;
    transport_schedule (transport);
}

static char *
reserve_in_queue (Transport *transport, gsize length)
{
    char *room = output_queue_reserve (&transport_get_backlog (transport)->queue, length);

    if (room == NULL)
        transport_fail (transport, ENOMEM);
    return room;
}

static G_GNUC_NO_INLINE char *
reserve_slowly (Transport *transport, gsize length)
{
    TransportShared *shared = transport->shared;

    g_assert (length <= TRANSPORT_BUFFER_SIZE);
    while (can_write (transport)) {
        if (!can_use_output (transport))
            return reserve_in_queue (transport, length);
        if (shared->output_length + length <= TRANSPORT_BUFFER_SIZE)
            return shared->output + shared->output_length;
        send_output (transport);
    }
    return NULL;
}

/* Mostly its owner is known to flush it in this turn, and nothing waits before. */
char *
transport_reserve (Transport *transport, gsize length)
{
    TransportShared *shared = transport->shared;

    if (G_UNLIKELY (shared->held != transport || transport->backlog != NULL
                    || (shared->holder != NULL && shared->holder != transport)
                    || !can_write (transport)
                    || length > TRANSPORT_BUFFER_SIZE - shared->output_length))
        return reserve_slowly (transport, length);
    shared->holder = transport;
    return shared->output + shared->output_length;
}

void
transport_commit (Transport *transport, gsize length)
{
    if (holds_output (transport)) {
        g_assert (length <= TRANSPORT_BUFFER_SIZE - transport->shared->output_length);
        transport->shared->output_length += length;
    } else if (can_write (transport)) {
        output_queue_commit (&transport->backlog->queue, length);
        note_queued (transport);
    }
}

void
transport_write (Transport *transport, const char *data, gsize length)
{
    TransportShared *shared = transport->shared;

    while (length > 0 && can_write (transport) && can_use_output (transport)) {
        gsize part = MIN (length, TRANSPORT_BUFFER_SIZE - shared->output_length);

        memcpy (shared->output + shared->output_length, data, part);
        shared->output_length += part;
        data += part;
        length -= part;
        if (length > 0)
            send_output (transport);
    }
    if (length == 0 || !can_write (transport))
        return;
    if (output_queue_append (&transport_get_backlog (transport)->queue, data, length))
        note_queued (transport);
    else
        transport_fail (transport, ENOMEM);
}

void
transport_write_bytes (Transport *transport, GBytes *bytes, gsize offset, gsize length)
{
    gsize size = g_bytes_get_size (bytes);

    g_return_if_fail (offset <= size && length <= size - offset);

    if (length <= COPIED_LENGTH) {
        if (length > 0)
            transport_write (transport, (const char *) g_bytes_get_data (bytes, NULL) + offset,
                             length);
        return;
    }
    if (holds_output (transport))
        queue_output (transport, 0);
    if (!can_write (transport))
        return;
    output_queue_append_bytes (&transport_get_backlog (transport)->queue, bytes, offset, length);
    note_queued (transport);
}

/* Puts a small file behind what it belongs to, to leave in the same bytes. FALSE where it has to
 * wait in the queue. What it does not have was promised: then the peer must see that it is not
 * whole. */
static gboolean
read_file (Transport *transport, int fd, gint64 offset, guint64 length)
{
    TransportShared *shared = transport->shared;

    if (length > READ_LENGTH || !can_write (transport) || !can_use_output (transport)
        || length > TRANSPORT_BUFFER_SIZE - shared->output_length)
        return FALSE;
    while (length > 0) {
        gssize n = pread (fd, shared->output + shared->output_length, length, offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            transport_fail (transport, n == 0 ? EIO : errno);
            break;
        }
        shared->output_length += (gsize) n;
        offset += n;
        length -= (guint64) n;
    }
    return TRUE;
}

void
transport_write_file (Transport *transport, int fd, gint64 offset, guint64 length)
{
    if (read_file (transport, fd, offset, length)) {
        (void) close (fd);
        return;
    }
    if (holds_output (transport) && length > 0)
        queue_output (transport, 0);
    if (!can_write (transport) || length == 0) {
        (void) close (fd);
        return;
    }
    output_queue_append_file (&transport_get_backlog (transport)->queue, fd, offset, length);
    note_queued (transport);
}

void
transport_write_segment (Transport *transport, int fd, gint64 offset, guint64 length)
{
    if (read_file (transport, fd, offset, length))
        return;
    if (holds_output (transport) && length > 0)
        queue_output (transport, 0);
    if (!can_write (transport) || length == 0)
        return;
    output_queue_append_segment (&transport_get_backlog (transport)->queue, fd, offset, length);
    note_queued (transport);
}
