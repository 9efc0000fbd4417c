/* SPDX-License-Identifier: MIT */

#include "transport-tls.h"

#include "client-tls-context.h"
#include "client-tls-fault.h"
#include "tls-context.h"
#include "tls-socket.h"
#include "transport-private.h"

#include <h3/base/error.h>

#include <errno.h>
#include <openssl/err.h>

/* The most that one record has: more at once would be sent in several calls anyway. */
#define RECORD_LENGTH 16384

/* So much may wait of what is said by the protocol itself. A peer can ask for more and more of it.
 */
#define MOST_KEPT (64 * 1024)

/* So much more than was asked for is received in one turn. OpenSSL reads on by itself while records
 * come that are no data: a peer that sends them without an end must not have the worker for itself.
 * The socket tells again of what is left. */
#define SPARE_LENGTH (2 * RECORD_LENGTH)

/* What has no TLS needs none of this, so it is behind the transport. */
typedef struct {
    Transport transport;      /* first: the transport is this */
    SSL *ssl;                 /* owned */
    TlsContext *context;      /* ref; NULL: it is a client */
    ClientTlsContext *client; /* ref; NULL: it is a server */
    TlsSocket socket;
    unsigned long code; /* of OpenSSL's first error when it failed; 0: none */
    gsize in_flight;    /* of what waits, so much is in a record that the kernel refused */
    gint8 end;          /* ReceiveResult that was met behind what was received; 1: none */
    guint8 is_open : 1; /* the handshake is done */
    guint8 is_truncated : 1;
    guint8 waits_to_write : 1; /* reading goes on when what is kept has left */
    guint8 has_said_end : 1;
    guint8 wakes : 1; /* the owner reads in the next turn, whatever the socket says */
} TlsTransport;

static inline TlsTransport *
tls_of (const Transport *transport)
{
    return (TlsTransport *) transport;
}

/* OpenSSL takes what is left there by others for its own. */
static inline void
clear_errors (void)
{
    if (G_UNLIKELY (ERR_peek_error () != 0))
        ERR_clear_error ();
}

/* Bytes that the socket does not tell of. */
static gboolean
has_pending (const TlsTransport *tls)
{
    return SSL_has_pending (tls->ssl) == 1 || tls->socket.early != NULL;
}

Transport *
transport_new_for_tls (TransportShared *shared, int fd, const TransportOwner *owner_functions,
                       gpointer owner)
{
    return transport_make (sizeof (TlsTransport), shared, fd, owner_functions, owner);
}

/* Takes `ssl`, NULL where there is none. */
static gboolean
begin (TlsTransport *tls, SSL *ssl, H3View received)
{
    BIO *bio = NULL;

    if (ssl != NULL)
        bio = tls_socket_open (&tls->socket);
    if (bio == NULL) {
        SSL_free (ssl);
        ERR_clear_error ();
        return FALSE;
    }
    SSL_set_bio (ssl, bio, bio);
    tls->ssl = ssl;
    tls_socket_init (&tls->socket, tls->transport.fd, received);
    tls->end = 1;
    tls->transport.is_tls = TRUE;
    return TRUE;
}

gboolean
transport_begin_tls (Transport *transport, TlsContext *context, H3View received)
{
    TlsTransport *tls = tls_of (transport);

    g_return_val_if_fail (transport->state == TRANSPORT_OPEN && !transport->is_tls, FALSE);
    clear_errors ();
    if (!begin (tls, tls_context_open (context), received))
        return FALSE;
    tls->context = tls_context_ref (context);
    return TRUE;
}

gboolean
transport_begin_client_tls (Transport *transport, ClientTlsContext *context, const char *host,
                            guint16 port)
{
    TlsTransport *tls = tls_of (transport);

    g_return_val_if_fail (transport->state == TRANSPORT_OPEN && !transport->is_tls, FALSE);
    clear_errors ();
    if (!begin (tls, client_tls_context_open (context, host, port), H3_VIEW_EMPTY))
        return FALSE;
    tls->client = client_tls_context_ref (context);
    return TRUE;
}

void
transport_tls_clear (Transport *transport)
{
    TlsTransport *tls = tls_of (transport);

    transport->is_tls = FALSE;
    g_clear_pointer (&tls->ssl, SSL_free);
    g_clear_pointer (&tls->context, tls_context_unref);
    g_clear_pointer (&tls->client, client_tls_context_unref);
    tls_socket_clear (&tls->socket);
    clear_errors ();
}

/* What is kept leaves when the socket takes bytes again. Much of it must leave first: the socket
 * may be readable all the time. */
static void
wait_to_write (TlsTransport *tls)
{
    Transport *transport = &tls->transport;
    short interest = transport->interest & (EV_READ | EV_WRITE);

    if (tls->socket.kept->len > MOST_KEPT)
        tls->waits_to_write = TRUE;
    if (tls->waits_to_write)
        interest = 0;
    if (!transport_set_interest (transport, (short) (interest | EV_WRITE)))
        transport_fail (transport, ENOMEM);
}

/* After OpenSSL has read, and may have had something to say. */
static void
note_kept (TlsTransport *tls)
{
    if (G_UNLIKELY (tls->socket.kept != NULL))
        wait_to_write (tls);
}

/* The owner reads in the next turn. */
static void
wake (TlsTransport *tls)
{
    tls->wakes = TRUE;
    transport_post (&tls->transport);
}

static void
read_on (TlsTransport *tls)
{
    Transport *transport = &tls->transport;

    if (!transport->reading)
        return;
    if (transport_set_interest (transport, transport->interest | EV_READ))
        transport->functions->on_readable (transport->owner);
    else
        transport_fail (transport, ENOMEM);
}

void
transport_tls_on_next_turn (Transport *transport)
{
    TlsTransport *tls = tls_of (transport);
    gboolean wakes = tls->wakes;

    tls->wakes = FALSE;
    if (wakes)
        read_on (tls);
}

void
transport_tls_on_writable (Transport *transport)
{
    TlsTransport *tls = tls_of (transport);
    gboolean waited = tls->waits_to_write;

    /* What waits in the queue is behind it, and finds an error as well. */
    if (transport->backlog != NULL)
        return;
    if (!tls_socket_flush (&tls->socket)) {
        if (tls->socket.error_number != 0)
            transport_fail (transport, tls->socket.error_number);
        return;
    }
    tls->waits_to_write = FALSE;
    if (!transport_set_interest (transport, transport->interest & EV_READ))
        transport_fail (transport, ENOMEM);
    else if (waited)
        read_on (tls);
}

void
transport_tls_on_reading (Transport *transport)
{
    if (transport_has_unread (transport))
        wake (tls_of (transport));
}

TlsHandshake
transport_handshake (Transport *transport)
{
    TlsTransport *tls = tls_of (transport);
    int result, code;

    clear_errors ();
    tls->socket.allowance = SPARE_LENGTH;
    result = SSL_do_handshake (tls->ssl);
    note_kept (tls);
    if (result == 1) {
        tls->is_open = TRUE;
        return TLS_HANDSHAKE_DONE;
    }
    code = SSL_get_error (tls->ssl, result);
    if (code == SSL_ERROR_WANT_READ)
        return TLS_HANDSHAKE_WAIT;
    g_debug ("transport %p: no handshake: %s", (gpointer) transport,
             ERR_peek_error () != 0 ? ERR_reason_error_string (ERR_peek_error ())
                                    : "the peer ended");
    if (ERR_GET_REASON (ERR_peek_error ()) == SSL_R_HTTP_REQUEST) {
        transport_tls_clear (transport);
        return TLS_HANDSHAKE_NO_TLS;
    }
    if (tls->client != NULL)
        client_tls_context_forget (tls->client, tls->ssl);
    tls->code = ERR_peek_error ();
    ERR_clear_error ();
    return TLS_HANDSHAKE_FAILED;
}

/* Why nothing was received. */
static gssize
find_end (TlsTransport *tls)
{
    switch (SSL_get_error (tls->ssl, 0)) {
    case SSL_ERROR_WANT_READ:
        return RECEIVE_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return RECEIVE_END;
    case SSL_ERROR_SYSCALL:
        if (!tls->socket.has_ended)
            break;
        tls->is_truncated = TRUE;
        return RECEIVE_END;
    default:
        break;
    }
    tls->code = ERR_peek_error ();
    ERR_clear_error ();
    return RECEIVE_FAILED;
}

gssize
transport_tls_receive (Transport *transport, char *data, gsize length)
{
    TlsTransport *tls = tls_of (transport);
    gsize total = 0;
    gssize end = tls->end;

    if (G_UNLIKELY (tls->waits_to_write) && tls->socket.kept != NULL) {
        wait_to_write (tls);
        return RECEIVE_WAIT;
    }
    clear_errors ();
    tls->socket.allowance = length + SPARE_LENGTH;
    /* Records that have come already are read now: nothing else tells of them. */
    while (end == 1 && total < length) {
        size_t n = 0;

        if (SSL_read_ex (tls->ssl, data + total, length - total, &n) != 1)
            end = find_end (tls);
        total += n;
        note_kept (tls);
        if (end == 1 && !has_pending (tls))
            return (gssize) total;
    }
    if (total == 0)
        return end;
    if (end == RECEIVE_END || end == RECEIVE_FAILED)
        tls->end = (gint8) end;
    if (end != RECEIVE_WAIT)
        wake (tls);
    return (gssize) total;
}

gboolean
transport_has_unread (const Transport *transport)
{
    const TlsTransport *tls = tls_of (transport);

    return transport->is_tls && (tls->end != 1 || has_pending (tls));
}

gboolean
transport_is_truncated (const Transport *transport)
{
    return transport->is_tls && tls_of (transport)->is_truncated;
}

guint64
transport_tls_get_written (const Transport *transport)
{
    return tls_of (transport)->socket.written;
}

/* How much of it, in one record, the kernel has taken; 0: it takes no more, and the same has to
 * come again, whatever is behind it then. -1 and errno. */
static gssize
write_piece (TlsTransport *tls, const char *data, gsize length)
{
    size_t n = tls->in_flight;
    int code;

    if (!tls_socket_flush (&tls->socket)) {
        errno = tls->socket.error_number;
        return errno != 0 ? -1 : 0;
    }
    tls->in_flight = 0;
    if (n > 0)
        return (gssize) n;
    if (SSL_write_ex (tls->ssl, data, length, &n) == 1) {
        if (G_LIKELY (tls->socket.kept == NULL))
            return (gssize) n;
        tls->in_flight = n;
        return 0;
    }
    code = SSL_get_error (tls->ssl, 0);
    ERR_clear_error ();
    errno = code == SSL_ERROR_SYSCALL && tls->socket.error_number != 0 ? tls->socket.error_number
                                                                       : EPROTO;
    return -1;
}

gssize
transport_tls_send (Transport *transport, const char *data, gsize length)
{
    TlsTransport *tls = tls_of (transport);
    gsize total = 0;

    clear_errors ();
    while (total < length) {
        gssize n = write_piece (tls, data + total, length - total);

        if (n < 0)
            return -1;
        if (n == 0)
            break;
        total += (gsize) n;
    }
    return (gssize) total;
}

/* What waits is put together, as long as it is less than a record. */
static OutputResult
send_records (TlsTransport *tls, OutputQueue *queue, char *room)
{
    gsize share = OUTPUT_QUEUE_SHARE;

    /* What is said at the end has nothing behind it. */
    if (queue->length == 0 && !tls_socket_flush (&tls->socket)) {
        errno = tls->socket.error_number;
        return errno != 0 ? OUTPUT_FAILED : OUTPUT_BLOCKED;
    }
    while (queue->length > 0) {
        const char *data;
        gssize n;

        if (share == 0)
            return OUTPUT_AGAIN;
        n = output_queue_peek (queue, room, RECORD_LENGTH, &data);
        if (n > 0)
            n = write_piece (tls, data, (gsize) n);
        if (n < 0)
            return OUTPUT_FAILED;
        if (n == 0)
            return OUTPUT_BLOCKED;
        share -= MIN (share, (gsize) n);
        output_queue_consume (queue, (gsize) n);
    }
    return OUTPUT_DRAINED;
}

OutputResult
transport_tls_drain (Transport *transport)
{
    TlsTransport *tls = tls_of (transport);
    OutputQueue *queue = &transport->backlog->queue;
    Buffer *room = buffers_take (transport->shared->settings.buffers, RECORD_LENGTH);
    OutputResult result;
    int error_number;

    if (room == NULL) {
        errno = ENOMEM;
        return OUTPUT_FAILED;
    }
    clear_errors ();
    result = send_records (tls, queue, room->data);
    error_number = errno;
    buffers_give (transport->shared->settings.buffers, room);
    if (result == OUTPUT_DRAINED)
        output_queue_clear (queue);
    /* So the socket takes bytes, which reading may wait for. */
    if (tls->waits_to_write && tls->socket.kept == NULL) {
        tls->waits_to_write = FALSE;
        wake (tls);
    }
    errno = error_number;
    return result;
}

gboolean
transport_tls_say_end (Transport *transport)
{
    TlsTransport *tls = tls_of (transport);

    if (transport->failed)
        return TRUE;
    if (tls->is_open && !tls->has_said_end) {
        clear_errors ();
        (void) SSL_shutdown (tls->ssl);
        clear_errors ();
    }
    tls->has_said_end = TRUE;
    return tls_socket_flush (&tls->socket) || tls->socket.error_number != 0;
}

gboolean
transport_get_tls_facts (const Transport *transport, TlsFacts *out_facts)
{
    const TlsTransport *tls = tls_of (transport);

    if (!transport->is_tls || !tls->is_open)
        return FALSE;
    tls_facts_read (out_facts, tls->ssl);
    return TRUE;
}

void
transport_set_tls_error (const Transport *transport, const char *host, GError **error)
{
    const TlsTransport *tls = tls_of (transport);
    const char *refusal = client_tls_context_get_refusal (tls->ssl);
    const ClientTlsFault fault = {
        .code = tls->code,
        .error_number = tls->socket.error_number,
        .has_ended = tls->socket.has_ended,
        .is_open = tls->is_open,
        .has_own = client_tls_context_has_own (tls->client),
        .was_asked = client_tls_context_was_asked (tls->ssl),
        .is_1_3 = client_tls_context_is_1_3 (tls->client),
    };
    g_autofree char *reason = refusal == NULL ? client_tls_fault_dup (&fault) : g_strdup (refusal);

    g_set_error (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TLS, "no TLS with %s: %s", host, reason);
}

gboolean
transport_has_tls_fault (const Transport *transport)
{
    return transport->is_tls && tls_of (transport)->code != 0;
}
