/* SPDX-License-Identifier: MIT */

#include "transport-private.h"

#include <h3/base/counters.h>
#include <h3/net/socket-calls.h>
#include <h3/net/transport-peer.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What an idle connection costs. GSlice would round it, and the connection, up by a sixth. */
G_STATIC_ASSERT (sizeof (Transport) <= 192);

Backlog *
transport_get_backlog (Transport *transport)
{
    if (transport->backlog == NULL) {
        transport->backlog = g_slice_new0 (Backlog);
        transport->backlog->transport = transport;
        output_queue_init (&transport->backlog->queue, transport->shared->settings.buffers);
    }
    return transport->backlog;
}

void
transport_drop_backlog (Transport *transport)
{
    Backlog *backlog = g_steal_pointer (&transport->backlog);

    if (backlog == NULL)
        return;
    deadline_disarm (&backlog->deadline);
    output_queue_clear (&backlog->queue);
    g_slice_free (Backlog, backlog);
}

static void
tell_drained (Transport *transport)
{
    transport->relieved = FALSE;
    if (transport_get_waiting (transport) == 0)
        transport->wants_drained = FALSE;
    transport->functions->on_drained (transport->owner);
}

static void
settle_open (Transport *transport)
{
    if (transport->unflushed)
        transport_flush (transport);
    if (transport->failed) {
        if (transport->told)
            return;
        transport->told = TRUE;
        transport->functions->on_failed (transport->owner, transport->error_number);
    } else if (transport->relieved) {
        tell_drained (transport);
    }
}

/* GONE, and no call is due any more that would find it. */
static void
free_gone (Transport *transport)
{
    TransportShared *shared = transport->shared;

    if (transport->scheduled || transport->posted)
        return;
    g_free (transport);
    counters_add (COUNTER_TRANSPORTS_LIVE, -1);
    transport_shared_remove (shared);
}

static void
settle (gpointer data)
{
    Transport *transport = data;

    transport->scheduled = FALSE;
    if (transport->state == TRANSPORT_OPEN)
        settle_open (transport);
    else if (transport->state == TRANSPORT_GONE)
        free_gone (transport);
}

static void
on_next_turn (gpointer data)
{
    Transport *transport = data;

    transport->posted = FALSE;
    if (transport->state == TRANSPORT_GONE) {
        free_gone (transport);
        return;
    }
    if (transport->wants_drained && transport->state == TRANSPORT_OPEN && !transport->failed
        && transport_get_waiting (transport) == 0)
        tell_drained (transport);
    if (transport->is_tls && transport->state == TRANSPORT_OPEN)
        transport_tls_on_next_turn (transport);
}

/* The loop closes first. */
static void
on_next_turn_dropped (gpointer data)
{
    Transport *transport = data;

    transport->posted = FALSE;
    if (transport->state == TRANSPORT_GONE)
        free_gone (transport);
}

void
transport_schedule (Transport *transport)
{
    if (transport->scheduled)
        return;
    transport->scheduled = TRUE;
    loop_defer (transport->shared->settings.loop, settle, transport);
}

void
transport_post (Transport *transport)
{
    if (transport->posted)
        return;
    transport->posted = TRUE;
    loop_post (transport->shared->settings.loop, on_next_turn, transport, on_next_turn_dropped);
}

/* Nobody reads: what has come stays where it is, and is not told again. But who has gone for good
 * is missed, though nothing be written. */
static void
leave_unread (Transport *transport)
{
    struct pollfd fd = { .fd = transport->fd };

    if (!transport->failed && poll (&fd, 1, 0) > 0 && (fd.revents & POLLERR) != 0)
        transport_fail (transport, ECONNRESET);
    else if (!transport_set_interest (transport, transport->interest & EV_WRITE))
        transport_fail (transport, ENOMEM);
}

static void
on_socket_ready (evutil_socket_t fd, short what, void *data)
{
    Transport *transport = data;

    if (G_LIKELY (what == EV_READ && transport->reading && transport->state == TRANSPORT_OPEN)) {
        transport->functions->on_readable (transport->owner);
        return;
    }
    if (transport->state == TRANSPORT_LINGERING) {
        transport_throw_away (transport);
        return;
    }
    if ((what & EV_WRITE) != 0 && transport->is_tls)
        transport_tls_on_writable (transport);
    if ((what & EV_WRITE) != 0 && transport->backlog != NULL)
        transport_drain (transport);
    if ((what & EV_READ) == 0 || transport->state != TRANSPORT_OPEN)
        return;
    if (transport->reading)
        transport->functions->on_readable (transport->owner);
    else
        leave_unread (transport);
}

/* Errors come as readiness to read. While there is neither that nor writing to wait for, each
 * arrival is told once, where the system can do that. */
static short
wait_for_the_end (const Transport *transport)
{
    const struct event_base *base = loop_get_base (transport->shared->settings.loop);

    if (transport->state != TRANSPORT_OPEN || transport->ended || transport->failed
        || (event_base_get_features (base) & EV_FEATURE_ET) == 0)
        return 0;
    return EV_READ | EV_ET;
}

gboolean
transport_set_interest (Transport *transport, short interest)
{
    struct event *event = &transport->event;

    interest &= EV_READ | EV_WRITE;
    if (interest == 0)
        interest = wait_for_the_end (transport);
    if (interest == transport->interest)
        return TRUE;
    if (transport->interest != 0)
        (void) event_del (event);
    transport->interest = 0;
    if (interest == 0)
        return TRUE;
    if (event_assign (event, loop_get_base (transport->shared->settings.loop), transport->fd,
                      (short) (interest | EV_PERSIST), on_socket_ready, transport)
            != 0
        || event_add (event, NULL) != 0)
        return FALSE;
    transport->interest = (guint8) interest;
    return TRUE;
}

Transport *
transport_make (gsize size, TransportShared *shared, int fd, const TransportOwner *owner_functions,
                gpointer owner)
{
    Transport *transport;
    int on = 1;

    g_return_val_if_fail (shared != NULL && fd >= 0 && owner_functions != NULL, NULL);

    transport = g_malloc0 (size);
    transport->functions = owner_functions;
    transport->owner = owner;
    transport->shared = shared;
    transport->fd = fd;
    if (event_assign (&transport->event, loop_get_base (shared->settings.loop), fd,
                      EV_READ | EV_PERSIST, on_socket_ready, transport)
        != 0) {
        (void) close (fd);
        g_free (transport);
        return NULL;
    }
    /* Refused by Unix sockets, which do not wait anyway. */
    (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    counters_add (COUNTER_TRANSPORTS_LIVE, 1);
    transport_shared_add (shared);
    return transport;
}

Transport *
transport_new (TransportShared *shared, int fd, const TransportOwner *owner_functions,
               gpointer owner)
{
    return transport_make (sizeof (Transport), shared, fd, owner_functions, owner);
}

void
transport_set_owner (Transport *transport, const TransportOwner *owner_functions, gpointer owner)
{
    g_return_if_fail (transport->state == TRANSPORT_OPEN);

    transport->functions = owner_functions;
    transport->owner = owner;
}

void
transport_set_reading (Transport *transport, gboolean reading)
{
    g_return_if_fail (transport->state == TRANSPORT_OPEN);

    transport->reading = reading && !transport->ended;
    if (transport->reading && !transport_set_interest (transport, transport->interest | EV_READ))
        transport_fail (transport, ENOMEM);
    else if (transport->reading && transport->is_tls)
        transport_tls_on_reading (transport);
}

/* Nothing more comes; a socket at its end is readable for ever, so nobody may wait for that. */
static void
end_receiving (Transport *transport)
{
    transport->ended = TRUE;
    transport->reading = FALSE;
    if (!transport_set_interest (transport, transport->interest & EV_WRITE))
        transport_fail (transport, ENOMEM);
}

/* What ends is known already, or inside records. */
static G_GNUC_NO_INLINE gssize
receive_otherwise (Transport *transport, char *data, gsize length)
{
    gssize received;

    if (transport->ended)
        return transport->broken ? RECEIVE_FAILED : RECEIVE_END;
    received = transport_tls_receive (transport, data, length);
    if (received > 0 || received == RECEIVE_WAIT)
        return received;
    transport->broken = received == RECEIVE_FAILED;
    end_receiving (transport);
    return received;
}

/* Nothing came, or not at once. */
static G_GNUC_NO_INLINE gssize
receive_again (Transport *transport, char *data, gsize length, gssize received)
{
    while (received < 0 && errno == EINTR)
        received = socket_receive (transport->fd, data, length);
    if (received > 0)
        return received;
    if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return RECEIVE_WAIT;
    transport->broken = received < 0;
    end_receiving (transport);
    return transport->broken ? RECEIVE_FAILED : RECEIVE_END;
}

gssize
transport_receive (Transport *transport, char *data, gsize length)
{
    gssize received;

    g_return_val_if_fail (transport->state == TRANSPORT_OPEN && length > 0, RECEIVE_FAILED);

    if (G_UNLIKELY (transport->ended || transport->is_tls))
        return receive_otherwise (transport, data, length);
    received = socket_receive (transport->fd, data, length);
    if (G_LIKELY (received > 0))
        return received;
    return receive_again (transport, data, length, received);
}

gsize
transport_get_arrived (const Transport *transport)
{
    int arrived = 0;

    if (ioctl (transport->fd, FIONREAD, &arrived) != 0)
        return 0;
    return (gsize) arrived;
}

guint64
transport_get_waiting (const Transport *transport)
{
    const TransportShared *shared = transport->shared;
    guint64 waiting = transport->backlog != NULL ? transport->backlog->queue.length : 0;

    return waiting + (shared->holder == transport ? shared->output_length : 0);
}

guint64
transport_get_sent (const Transport *transport)
{
    return transport->sent;
}

gboolean
transport_has_failed (const Transport *transport)
{
    return transport->failed;
}

void
transport_want_drained (Transport *transport)
{
    transport->wants_drained = TRUE;
    if (transport_get_waiting (transport) == 0)
        transport_post (transport);
}

typedef int (*GetName) (int fd, struct sockaddr *native, socklen_t *length);

static void
get_name (const Transport *transport, GetName function, H3SocketAddress *out_address)
{
    struct sockaddr_storage native;
    socklen_t length = sizeof native;

    memset (out_address, 0, sizeof *out_address);
    if (function (transport->fd, (struct sockaddr *) &native, &length) == 0)
        h3_socket_address_from_native ((struct sockaddr *) &native, length, out_address);
}

static int
get_peer_name (int fd, struct sockaddr *native, socklen_t *length)
{
    return getpeername (fd, native, length);
}

static int
get_socket_name (int fd, struct sockaddr *native, socklen_t *length)
{
    return getsockname (fd, native, length);
}

/* Few have one, so that it is not in the transport. */
void
transport_set_peer (Transport *transport, const TransportPeer *peer)
{
    TransportShared *shared = transport->shared;

    g_return_if_fail (transport->state == TRANSPORT_OPEN);

    if (shared->peers == NULL)
        shared->peers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    g_hash_table_replace (shared->peers, transport, g_memdup2 (peer, sizeof *peer));
    transport->has_peer = TRUE;
}

static const TransportPeer *
find_peer (const Transport *transport)
{
    return transport->has_peer ? g_hash_table_lookup (transport->shared->peers, transport) : NULL;
}

gboolean
transport_is_secure (const Transport *transport)
{
    const TransportPeer *peer = find_peer (transport);

    return transport->is_tls || (peer != NULL && peer->is_secure);
}

void
transport_get_peer (const Transport *transport, H3SocketAddress *out_address)
{
    const TransportPeer *peer = find_peer (transport);

    if (peer != NULL) {
        *out_address = peer->address;
        return;
    }
    get_name (transport, get_peer_name, out_address);
}

void
transport_get_local (const Transport *transport, H3SocketAddress *out_address)
{
    get_name (transport, get_socket_name, out_address);
}
