/* SPDX-License-Identifier: MIT */

#include "greeting.h"

#include <h3/base/counters.h>
#include <h3/format/date.h>
#include <h3/loop/clock.h>
#include <h3/net/tls-context.h>
#include <h3/net/transport-peer.h>
#include <h3/net/transport-tls.h>
#include <h3/wire/proxy-protocol.h>

#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* Who means it speaks at once. */
#define SLOW_ENOUGH 250 /* milliseconds */

typedef struct _Greeting Greeting;

struct _Greetings {
    ConnectionContext *context; /* borrowed: the worker */
    ConnectionBound *bound;     /* borrowed: the server's */
    Tls *tls;                   /* borrowed: the server's; NULL: nobody speaks it */
    DeadlineList *waiting;      /* borrowed: the deadlines; all greetings are in it … */
    DeadlineList *shaking;      /* … or in this, once the handshake has begun */
};

struct _Greeting {
    DeadlineNode deadline; /* first: the node is the greeting */
    Greetings *all;        /* borrowed: its worker's */
    Transport *transport;  /* owned; NULL: given away */
    GByteArray *received;  /* owned: a header that has come in part; NULL: nothing */
    H3Address counted;     /* of the client, by the bound; none: it is not yet known */
    gboolean speaks_tls;   /* the client does, behind the header */
    gboolean is_shaking;   /* the handshake has begun */
};

gboolean
greeting_admit (const H3TrustedProxies *proxies, int fd)
{
    static _Atomic gint64 told;
    char text[H3_ADDRESS_TEXT_SIZE];
    struct sockaddr_storage native;
    socklen_t length = sizeof native;
    H3SocketAddress peer = { 0 };
    gint64 second = clock_get_now () / 1000;

    if (getpeername (fd, (struct sockaddr *) &native, &length) == 0)
        h3_socket_address_from_native ((struct sockaddr *) &native, length, &peer);
    if (h3_trusted_proxies_has (proxies, &peer.address))
        return TRUE;
    (void) close (fd);
    counters_add (COUNTER_REFUSED, 1);
    (void) h3_address_write (&peer.address, text);
    if (atomic_exchange (&told, second) != second)
        g_message ("a connection from %s was closed: it is none of the proxies that may come here",
                   text);
    return FALSE;
}

static void
free_greeting (Greeting *greeting)
{
    deadline_disarm (&greeting->deadline);
    if (greeting->received != NULL)
        g_byte_array_unref (greeting->received);
    g_free (greeting);
}

static void
retire (Greeting *greeting)
{
    ConnectionContext *context = greeting->all->context;
    H3Address counted = greeting->counted;

    free_greeting (greeting);
    context->on_closed (context->on_closed_data, &counted);
}

static void
drop (Greeting *greeting)
{
    transport_drop (greeting->transport);
    retire (greeting);
}

/* So that the peer sees what was said last. */
static void
close_slowly (Greeting *greeting)
{
    transport_close (greeting->transport);
    retire (greeting);
}

static void
on_expired (DeadlineNode *node)
{
    drop ((Greeting *) node);
}

/* `received`: the client's, in the receive buffer. */
static void
give_away (Greeting *greeting, H3View received)
{
    ConnectionContext *context = greeting->all->context;
    Transport *transport = greeting->transport;

    free_greeting (greeting);
    connection_adopt (context, transport, received);
}

/* The request has mostly come with the last of the handshake. */
static void
end_handshake (Greeting *greeting)
{
    const ConnectionContext *context = greeting->all->context;
    gssize n = RECEIVE_WAIT;

    if (transport_has_unread (greeting->transport))
        n = transport_receive (greeting->transport, context->receive, context->receive_size);
    if (n == RECEIVE_END || n == RECEIVE_FAILED)
        close_slowly (greeting);
    else
        give_away (greeting, h3_view (context->receive, n > 0 ? (gsize) n : 0));
}

/* In a tongue that the client understands. */
static void
answer_plainly (Greeting *greeting)
{
    static const char text[] = "This port speaks TLS: ask it by https://\n";
    char date[H3_DATE_SIZE] = "", answer[512];
    int length;

    h3_date_write (clock_get_real_seconds (), date);
    length = g_snprintf (answer, sizeof answer,
                         "HTTP/1.1 400 Bad Request\r\nDate: %s\r\nContent-Type: text/plain\r\n"
                         "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                         date, sizeof text - 1, text);
    transport_write (greeting->transport, answer, (gsize) length);
    close_slowly (greeting);
}

static void
go_on_shaking (Greeting *greeting)
{
    switch (transport_handshake (greeting->transport)) {
    case TLS_HANDSHAKE_WAIT:
        break;
    case TLS_HANDSHAKE_DONE:
        end_handshake (greeting);
        break;
    case TLS_HANDSHAKE_NO_TLS:
        answer_plainly (greeting);
        break;
    case TLS_HANDSHAKE_FAILED:
        close_slowly (greeting);
        break;
    }
}

/* With the certificates that are in use at this moment. FALSE: there is no memory. */
static gboolean
begin_shaking (Greeting *greeting, H3View received)
{
    g_autoptr (TlsContext) tls = tls_ref_context (greeting->all->tls);

    if (!transport_begin_tls (greeting->transport, tls, received))
        return FALSE;
    greeting->is_shaking = TRUE;
    deadline_arm (&greeting->deadline, greeting->all->shaking, clock_get_now ());
    return TRUE;
}

/* `rest`: the client's, in the receive buffer. */
static void
meet_client (Greeting *greeting, const ProxyHeader *header, H3View rest)
{
    Transport *transport = greeting->transport;
    TransportPeer peer = { header->client, header->is_secure };
    char answer[CONNECTION_FULL_SIZE];

    if (!header->is_told)
        transport_get_peer (transport, &peer.address);
    if (!connection_bound_claim_address (greeting->all->bound, &peer.address.address)) {
        connection_bound_note_refused (greeting->all->bound);
        if (!greeting->speaks_tls)
            transport_write (transport, answer, connection_write_full (answer));
        drop (greeting);
        return;
    }
    greeting->counted = peer.address.address;
    transport_set_peer (transport, &peer);
    if (!greeting->speaks_tls)
        give_away (greeting, rest);
    else if (begin_shaking (greeting, rest))
        go_on_shaking (greeting);
    else
        drop (greeting);
}

static H3View
keep (Greeting *greeting, H3View bytes)
{
    if (greeting->received == NULL)
        greeting->received = g_byte_array_new ();
    g_byte_array_append (greeting->received, (const guint8 *) bytes.data, (guint) bytes.length);
    return h3_view ((const char *) greeting->received->data, greeting->received->len);
}

static void
read_header (Greeting *greeting)
{
    ConnectionContext *context = greeting->all->context;
    gssize n = transport_receive (greeting->transport, context->receive, context->receive_size);
    H3View bytes = h3_view (context->receive, n > 0 ? (gsize) n : 0);
    H3View all = bytes;
    ProxyHeader header;
    gsize length, rest;

    if (n == RECEIVE_WAIT)
        return;
    if (greeting->received != NULL && n > 0)
        all = keep (greeting, bytes);
    switch (n > 0 ? proxy_protocol_read (all, &header, &length) : PROXY_REFUSED) {
    case PROXY_WHOLE:
        /* A part of a header was not whole, so that all behind it came last. */
        rest = all.length - length;
        meet_client (greeting, &header, h3_view (bytes.data + bytes.length - rest, rest));
        break;
    case PROXY_NEEDS_MORE:
        if (greeting->received == NULL)
            (void) keep (greeting, bytes);
        break;
    case PROXY_REFUSED:
        drop (greeting);
        break;
    }
}

static void
on_readable (gpointer owner)
{
    Greeting *greeting = owner;

    if (greeting->is_shaking)
        go_on_shaking (greeting);
    else
        read_header (greeting);
}

/* Nothing is written to it. */
static void
on_drained (gpointer owner)
{
}

static void
on_failed (gpointer owner, int error_number)
{
    drop (owner);
}

static const TransportOwner owner_functions = { on_readable, on_drained, on_failed };

Greetings *
greetings_new (ConnectionContext *context, ConnectionBound *bound, Tls *tls, Deadlines *deadlines)
{
    Greetings *greetings = g_new0 (Greetings, 1);

    greetings->context = context;
    greetings->bound = bound;
    greetings->tls = tls;
    greetings->waiting = deadlines_add_list (deadlines, context->limits->head_time, on_expired);
    greetings->shaking =
        deadlines_add_list (deadlines, context->limits->handshake_time, on_expired);
    return greetings;
}

void
greetings_free (Greetings *greetings)
{
    g_free (greetings);
}

/* Whoever is counted by its address is counted out by it, too: after a reset the socket knows none.
 */
static gboolean
begin (Greeting *greeting, GreetingWays ways, const H3SocketAddress *peer)
{
    const TransportPeer known = { *peer, FALSE };

    if ((ways & GREETING_PROXY) != 0) {
        deadline_arm (&greeting->deadline, greeting->all->waiting, clock_get_now ());
        return TRUE;
    }
    greeting->counted = peer->address;
    if (greeting->all->context->limits->connections_address > 0)
        transport_set_peer (greeting->transport, &known);
    return begin_shaking (greeting, H3_VIEW_EMPTY);
}

gboolean
greetings_accept (Greetings *greetings, int fd, GreetingWays ways, const H3SocketAddress *peer)
{
    TransportShared *shared = greetings->context->shared;
    Greeting *greeting = g_new0 (Greeting, 1);

    greeting->all = greetings;
    greeting->speaks_tls = (ways & GREETING_TLS) != 0;
    greeting->transport = greeting->speaks_tls
                              ? transport_new_for_tls (shared, fd, &owner_functions, greeting)
                              : transport_new (shared, fd, &owner_functions, greeting);
    if (greeting->transport == NULL) {
        free_greeting (greeting);
        return FALSE;
    }
    if (!begin (greeting, ways, peer)) {
        transport_drop (greeting->transport);
        free_greeting (greeting);
        return FALSE;
    }
    transport_set_reading (greeting->transport, TRUE);
    return TRUE;
}

static DeadlineNode *
find_oldest (const Greetings *greetings)
{
    DeadlineNode *one = deadline_list_get_next (greetings->waiting, NULL);
    DeadlineNode *other = deadline_list_get_next (greetings->shaking, NULL);

    if (one == NULL || other == NULL)
        return one != NULL ? one : other;
    return deadline_get_since (one) <= deadline_get_since (other) ? one : other;
}

gboolean
greetings_make_room (Greetings *greetings)
{
    DeadlineNode *oldest = find_oldest (greetings);

    if (oldest == NULL || clock_get_now () - deadline_get_since (oldest) < SLOW_ENOUGH
        || transport_get_arrived (((Greeting *) oldest)->transport) > 0)
        return FALSE;
    drop ((Greeting *) oldest);
    return TRUE;
}

void
greetings_end (Greetings *greetings)
{
    DeadlineNode *oldest;

    while ((oldest = find_oldest (greetings)) != NULL)
        drop ((Greeting *) oldest);
}
