/* SPDX-License-Identifier: MIT */

#include "transport-private.h"

#include <h3/loop/clock.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS_A_TURN 4

/* The one place where the state changes. */
static void
set_state (Transport *transport, TransportState state)
{
    static const char *const names[] = { "open", "draining", "lingering", "gone" };

    g_debug ("transport %p: %s to %s", (gpointer) transport, names[transport->state], names[state]);
    transport->state = (guint8) state;
}

static void
remember (Backlog *backlog)
{
    Backlog **ending = &backlog->transport->shared->ending;

    backlog->next = *ending;
    backlog->previous = NULL;
    if (*ending != NULL)
        (*ending)->previous = backlog;
    *ending = backlog;
}

static void
forget (Backlog *backlog)
{
    if (backlog->previous != NULL)
        backlog->previous->next = backlog->next;
    else
        backlog->transport->shared->ending = backlog->next;
    if (backlog->next != NULL)
        backlog->next->previous = backlog->previous;
}

void
transport_end (Transport *transport)
{
    TransportShared *shared = transport->shared;

    if (transport->state == TRANSPORT_GONE)
        return;
    transport->ended = TRUE;
    (void) transport_set_interest (transport, 0);
    if (shared->holder == transport) {
        shared->holder = NULL;
        shared->output_length = 0;
    }
    if (transport->backlog != NULL && transport->state != TRANSPORT_OPEN)
        forget (transport->backlog);
    transport_drop_backlog (transport);
    if (transport->has_peer)
        (void) g_hash_table_remove (shared->peers, transport);
    transport->has_peer = FALSE;
    if (transport->is_tls)
        transport_tls_clear (transport);
    (void) close (transport->fd);
    transport->fd = -1;
    transport->owner = NULL;
    transport->functions = NULL;
    set_state (transport, TRANSPORT_GONE);
    transport_schedule (transport);
}

void
transport_on_linger_due (DeadlineNode *node)
{
    Backlog *backlog = (Backlog *) ((char *) node - G_STRUCT_OFFSET (Backlog, deadline));

    transport_end (backlog->transport);
}

void
transport_linger (Transport *transport)
{
    TransportShared *shared = transport->shared;

    if (transport->is_tls && !transport_tls_say_end (transport)) {
        if (!transport_set_interest (transport, EV_WRITE))
            transport_end (transport);
        else
            transport_arm_write_deadline (transport);
        return;
    }
    if (transport->is_tls)
        transport_tls_clear (transport);
    /* A peer that has ended sends nothing that could turn our end into a reset. */
    if (transport->failed || transport->ended || shared->settings.linger_milliseconds == 0
        || shutdown (transport->fd, SHUT_WR) != 0 || !transport_set_interest (transport, EV_READ)) {
        transport_end (transport);
        return;
    }
    set_state (transport, TRANSPORT_LINGERING);
    output_queue_clear (&transport->backlog->queue);
    deadline_arm (&transport->backlog->deadline, shared->lingering, clock_get_now ());
}

void
transport_throw_away (Transport *transport)
{
    Backlog *backlog = transport->backlog;
    Buffer *buffer = transport->shared->receive_buffer;

    for (guint i = 0; i < READS_A_TURN; i++) {
        gssize length = recv (transport->fd, buffer->data, buffer->capacity, 0);

        if (length > 0)
            backlog->thrown_away += (gsize) length;
        else if (length < 0 && errno == EINTR)
            continue;
        else if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (length <= 0 || backlog->thrown_away >= TRANSPORT_LINGER_BYTES) {
            transport_end (transport);
            return;
        }
    }
}

/* What TLS has to say, and the kernel did not take, leaves when the socket is writable again; its
 * word is the end, and the socket's would only be another. */
void
transport_end_sending (Transport *transport)
{
    g_return_if_fail (transport->state == TRANSPORT_OPEN);
    g_return_if_fail (transport_get_waiting (transport) == 0);

    if (transport->failed)
        return;
    if (!transport->is_tls)
        (void) shutdown (transport->fd, SHUT_WR);
    else if (!transport_tls_say_end (transport)
             && !transport_set_interest (transport, transport->interest | EV_WRITE))
        transport_fail (transport, ENOMEM);
}

void
transport_close (Transport *transport)
{
    g_return_if_fail (transport != NULL);
    g_return_if_fail (transport->state == TRANSPORT_OPEN);

    transport_flush (transport);
    transport->owner = NULL;
    transport->functions = NULL;
    transport->reading = FALSE;
    if (transport->failed) {
        transport_end (transport);
        return;
    }
    remember (transport_get_backlog (transport));
    set_state (transport, TRANSPORT_DRAINING);
    if (transport->backlog->queue.length == 0)
        transport_linger (transport);
    else if (!transport_set_interest (transport, EV_WRITE))
        transport_end (transport);
}

void
transport_drop (Transport *transport)
{
    g_return_if_fail (transport != NULL);
    g_return_if_fail (transport->state == TRANSPORT_OPEN);

    transport_flush (transport);
    if (transport->is_tls)
        (void) transport_tls_say_end (transport);
    transport_end (transport);
}

void
transport_reset (Transport *transport)
{
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };

    g_return_if_fail (transport != NULL);
    g_return_if_fail (transport->state == TRANSPORT_OPEN);

    (void) setsockopt (transport->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    transport_end (transport);
}
