/* SPDX-License-Identifier: MIT
 *
 * The way out: the head, the body as it was promised, then raw bytes. */

#include "client-exchange-private.h"

#include <h3/loop/clock.h>

static void
note_sent (ClientExchange *exchange)
{
    Transport *transport = client_exchange_get_transport (exchange);

    if (exchange->outgoing != OUTGOING_LEAVING)
        return;
    if (transport_get_waiting (transport) > 0) {
        transport_want_drained (transport);
        return;
    }
    exchange->outgoing = OUTGOING_SENT;
    exchange->timing.sent = clock_get_precise ();
}

/* The program has said all; what TLS and sockets have for it. */
static void
end_tunnel_side (ClientExchange *exchange)
{
    Transport *transport = client_exchange_get_transport (exchange);

    if (transport_flush (transport) > 0)
        transport_want_drained (transport);
    else
        transport_end_sending (transport);
}

static void
end_body (ClientExchange *exchange)
{
    Transport *transport = client_exchange_get_transport (exchange);

    if (exchange->length < 0)
        transport_write (transport, HTTP1_LAST_CHUNK.data, HTTP1_LAST_CHUNK.length);
    exchange->outgoing = OUTGOING_LEAVING;
    (void) transport_flush (transport);
    note_sent (exchange);
}

/* One piece: `bytes`, else `piece`. */
static void
emit (ClientExchange *exchange, H3View piece, GBytes *bytes)
{
    Transport *transport = client_exchange_get_transport (exchange);
    gboolean is_chunk = exchange->length < 0 && exchange->state != EXCHANGE_TUNNEL;
    char line[HTTP1_CHUNK_LINE_ROOM];

    if (is_chunk)
        transport_write (transport, line, http1_writer_write_chunk_line (piece.length, line));
    if (bytes != NULL)
        transport_write_bytes (transport, bytes, 0, piece.length);
    else
        transport_write (transport, piece.data, piece.length);
    if (is_chunk)
        transport_write (transport, "\r\n", 2);
}

static void
send_held (ClientExchange *exchange)
{
    gsize length = exchange->held.length;
    g_autoptr (GBytes) bytes = NULL;

    if (length == 0)
        return;
    bytes = gathered_take (&exchange->held);
    emit (exchange, h3_view (g_bytes_get_data (bytes, NULL), length), bytes);
}

void
client_exchange_open_body (ClientExchange *exchange)
{
    Transport *transport = client_exchange_get_transport (exchange);

    deadline_disarm (&exchange->patience);
    exchange->outgoing = OUTGOING_OPEN;
    if (exchange->body != NULL) {
        transport_write_bytes (transport, exchange->body, 0, (gsize) exchange->length);
        end_body (exchange);
        return;
    }
    send_held (exchange);
    if (exchange->is_finished) {
        end_body (exchange);
        return;
    }
    exchange->wants_room = FALSE;
    exchange->room_is_due = TRUE;
    client_exchange_schedule (exchange);
}

/* What is whole now leaves in one send; what the program goes on to write, with the end of the
 * turn. */
void
client_exchange_send (ClientExchange *exchange)
{
    ClientContext *context = &exchange->client->context;
    Transport *transport = client_exchange_get_transport (exchange);
    gboolean is_streamed = exchange->length != 0 && exchange->body == NULL;

    if (!is_streamed)
        transport_shared_hold (context->shared, transport);
    transport_write (transport, exchange->head, exchange->head_length);
    if (exchange->length == 0)
        end_body (exchange);
    else if (!exchange->expects_continue)
        client_exchange_open_body (exchange);
    else
        client_exchange_arm_patience (exchange);
    if (!is_streamed) {
        (void) transport_flush (transport);
        transport_shared_hold (context->shared, NULL);
    }
    client_exchange_arm (exchange);
}

void
client_exchange_on_drained (gpointer user)
{
    ClientExchange *exchange = user;

    note_sent (exchange);
    if (exchange->state == EXCHANGE_TUNNEL && exchange->is_finished)
        end_tunnel_side (exchange);
    client_exchange_arm (exchange);
    if (!exchange->wants_room || exchange->is_finished)
        return;
    exchange->wants_room = FALSE;
    if (exchange->listener->on_room != NULL)
        exchange->listener->on_room (exchange, exchange->data);
}

/* FALSE: it must not come, or nothing can come of it. */
static gboolean
may_write (ClientExchange *exchange, gsize length)
{
    guint64 promised = (guint64) exchange->length;

    if (exchange->state >= EXCHANGE_FAILING)
        return FALSE;
    g_return_val_if_fail (!exchange->is_finished, FALSE);
    if (exchange->state == EXCHANGE_TUNNEL)
        return TRUE;
    g_return_val_if_fail (exchange->length != 0 && exchange->body == NULL, FALSE);
    if (exchange->length < 0 || length <= promised - exchange->written)
        return TRUE;
    client_exchange_fail_later (exchange,
                                client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED,
                                                   "the body is longer than the %" G_GUINT64_FORMAT
                                                   " bytes that were promised",
                                                   promised));
    return FALSE;
}

static gboolean
has_room (ClientExchange *exchange)
{
    gboolean is_held = exchange->outgoing == OUTGOING_HELD;
    guint64 waiting = is_held ? exchange->held.length
                              : transport_get_waiting (client_exchange_get_transport (exchange));

    if (!is_held && exchange->waits_for == WAIT_NOTHING)
        client_exchange_arm (exchange);
    if (waiting <= CLIENT_EXCHANGE_WAIT_MARK)
        return TRUE;
    exchange->wants_room = TRUE;
    if (!is_held)
        transport_want_drained (client_exchange_get_transport (exchange));
    return FALSE;
}

static gboolean
write_piece (ClientExchange *exchange, H3View piece, GBytes *bytes)
{
    if (!may_write (exchange, piece.length))
        return FALSE;
    exchange->written += piece.length;
    if (piece.length == 0)
        return has_room (exchange);
    if (exchange->outgoing != OUTGOING_HELD) {
        emit (exchange, piece, bytes);
    } else if (!gathered_append (&exchange->held, piece)) {
        client_exchange_fail_later (exchange,
                                    client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED,
                                                       "no memory for the body"));
        return FALSE;
    }
    return has_room (exchange);
}

gboolean
client_exchange_write (ClientExchange *exchange, const char *data, gsize length)
{
    return write_piece (exchange, h3_view (data, length), NULL);
}

gboolean
client_exchange_write_bytes (ClientExchange *exchange, GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    return write_piece (exchange, h3_view (data, length), bytes);
}

void
client_exchange_finish (ClientExchange *exchange)
{
    if (exchange->state >= EXCHANGE_FAILING || exchange->is_finished)
        return;
    g_return_if_fail (exchange->state == EXCHANGE_TUNNEL
                      || (exchange->length != 0 && exchange->body == NULL));
    exchange->is_finished = TRUE;
    if (exchange->state == EXCHANGE_TUNNEL) {
        end_tunnel_side (exchange);
    } else if (exchange->length > 0 && exchange->written < (guint64) exchange->length) {
        client_exchange_fail_later (
            exchange, client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED,
                                         "the body ended after %" G_GUINT64_FORMAT
                                         " of the %" G_GINT64_FORMAT " bytes that were promised",
                                         exchange->written, exchange->length));
    } else if (exchange->outgoing == OUTGOING_OPEN) {
        end_body (exchange);
        client_exchange_arm (exchange);
    }
}
