/* SPDX-License-Identifier: MIT */

#include "greeting.h"

#include <h3/base/counters.h>
#include <h3/loop/clock.h>
#include <h3/net/transport-peer.h>
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
    DeadlineList *waiting;      /* borrowed: the deadlines; all greetings are in it */
};

struct _Greeting {
    DeadlineNode deadline; /* first: the node is the greeting */
    Greetings *all;        /* borrowed: its worker's */
    Transport *transport;  /* owned; NULL: given away */
    GByteArray *received;  /* owned: a header that has come in part; NULL: nothing */
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

/* Before its client was known. */
static void
drop (Greeting *greeting)
{
    const H3Address none = { H3_ADDRESS_NONE };
    ConnectionContext *context = greeting->all->context;

    transport_drop (greeting->transport);
    free_greeting (greeting);
    context->on_closed (context->on_closed_data, &none);
}

static void
on_expired (DeadlineNode *node)
{
    drop ((Greeting *) node);
}

/* `rest`: the client's, in the receive buffer. */
static void
give_away (Greeting *greeting, const ProxyHeader *header, H3View rest)
{
    ConnectionContext *context = greeting->all->context;
    Transport *transport = greeting->transport;
    TransportPeer peer = { header->client, header->is_secure };
    char answer[CONNECTION_FULL_SIZE];

    if (!header->is_told)
        transport_get_peer (transport, &peer.address);
    if (!connection_bound_claim_address (greeting->all->bound, &peer.address.address)) {
        connection_bound_note_refused (greeting->all->bound);
        transport_write (transport, answer, connection_write_full (answer));
        drop (greeting);
        return;
    }
    transport_set_peer (transport, &peer);
    free_greeting (greeting);
    connection_adopt (context, transport, rest);
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
on_readable (gpointer owner)
{
    Greeting *greeting = owner;
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
        give_away (greeting, &header, h3_view (bytes.data + bytes.length - rest, rest));
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
greetings_new (ConnectionContext *context, ConnectionBound *bound, Deadlines *deadlines)
{
    Greetings *greetings = g_new0 (Greetings, 1);

    greetings->context = context;
    greetings->bound = bound;
    greetings->waiting = deadlines_add_list (deadlines, context->limits->head_time, on_expired);
    return greetings;
}

void
greetings_free (Greetings *greetings)
{
    g_free (greetings);
}

gboolean
greetings_accept (Greetings *greetings, int fd)
{
    Greeting *greeting = g_new0 (Greeting, 1);

    greeting->transport =
        transport_new (greetings->context->shared, fd, &owner_functions, greeting);
    if (greeting->transport == NULL) {
        g_free (greeting);
        return FALSE;
    }
    greeting->all = greetings;
    deadline_arm (&greeting->deadline, greetings->waiting, clock_get_now ());
    transport_set_reading (greeting->transport, TRUE);
    return TRUE;
}

gboolean
greetings_make_room (Greetings *greetings)
{
    DeadlineNode *oldest = deadline_list_get_next (greetings->waiting, NULL);

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

    while ((oldest = deadline_list_get_next (greetings->waiting, NULL)) != NULL)
        drop ((Greeting *) oldest);
}
