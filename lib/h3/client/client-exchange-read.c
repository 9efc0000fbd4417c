/* SPDX-License-Identifier: MIT
 *
 * The way in: what was received goes through the answer to the listener. Within each call of the
 * listener's the exchange may be cancelled: it is there until the end of the turn, and its state
 * tells. */

#include "client-exchange-private.h"

#include <h3/loop/clock.h>
#include <h3/net/transport-tls.h>

static void
tell_interim (ClientExchange *exchange, const Http1Response *response)
{
    if (exchange->listener->on_interim != NULL)
        exchange->listener->on_interim (exchange, response, exchange->data);
}

/* A body that still waits for 100 is wanted no more: the answer is there without. */
static void
tell_head (ClientExchange *exchange, const Http1Response *response)
{
    deadline_disarm (&exchange->patience);
    if (response->is_upgrade) {
        client_exchange_set_state (exchange, EXCHANGE_TUNNEL);
        exchange->outgoing = OUTGOING_OPEN;
        exchange->is_finished = FALSE;
    }
    client_exchange_arm (exchange);
    if (exchange->listener->on_head != NULL)
        exchange->listener->on_head (exchange, response, exchange->data);
}

static void
tell_piece (ClientExchange *exchange, H3View piece)
{
    if (exchange->listener->on_body != NULL)
        exchange->listener->on_body (exchange, piece, exchange->data);
}

static void
go_on_sending (ClientExchange *exchange)
{
    if (exchange->outgoing == OUTGOING_HELD)
        client_exchange_open_body (exchange);
}

static void
fail_broken (ClientExchange *exchange)
{
    const ClientAnswer *answer = &exchange->answer;
    GError *error;

    if (answer->is_too_large)
        error = client_peer_error (exchange->peer, H3_CLIENT_ERROR_TOO_LARGE,
                                   "the answer's body is larger than the %" G_GUINT64_FORMAT
                                   " bytes that are taken",
                                   exchange->max_body);
    else
        error = client_peer_error (exchange->peer, H3_CLIENT_ERROR_PROTOCOL,
                                   "the answer is not HTTP as it has to be: %s", answer->problem);
    client_exchange_fail (exchange, error);
}

/* Until nothing more can be read of `*input`, or is to be. */
static void
read_input (ClientExchange *exchange, H3View *input)
{
    Http1Response response;
    H3View piece;

    while (client_exchange_is_connected (exchange) && !exchange->is_paused) {
        switch (client_answer_step (&exchange->answer, input, &response, &piece)) {
        case ANSWER_WAITS:
            return;
        case ANSWER_GOES_ON:
            go_on_sending (exchange);
            break;
        case ANSWER_IS_INTERIM:
            tell_interim (exchange, &response);
            break;
        case ANSWER_HAS_HEAD:
            tell_head (exchange, &response);
            break;
        case ANSWER_HAS_PIECE:
            tell_piece (exchange, piece);
            break;
        case ANSWER_IS_WHOLE:
            client_exchange_complete (exchange, *input);
            return;
        case ANSWER_IS_BROKEN:
            fail_broken (exchange);
            return;
        }
    }
}

/* What is left is kept. FALSE: it goes no further. */
static gboolean
read_and_keep (ClientExchange *exchange, H3View input)
{
    read_input (exchange, &input);
    if (!client_exchange_is_connected (exchange))
        return FALSE;
    if (client_connection_keep (exchange->connection, input))
        return TRUE;
    client_exchange_fail (exchange, client_peer_error (exchange->peer, H3_CLIENT_ERROR_CLOSED,
                                                       "no memory for what came"));
    return FALSE;
}

/* A server that wants a certificate of the client's says so only when the handshake is done. */
static GError *
explain_end (const ClientExchange *exchange, gssize result)
{
    Transport *transport = client_exchange_get_transport (exchange);
    const char *name = client_peer_get_name (exchange->peer), *where = exchange->answer.problem;
    GError *error = NULL;

    if (result != RECEIVE_END && !exchange->has_answered && transport_has_tls_fault (transport)) {
        transport_set_tls_error (transport, client_peer_get_settings (exchange->peer)->host,
                                 &error);
        g_prefix_error (&error, "%s: ", name);
        return error;
    }
    return client_peer_error (exchange->peer, H3_CLIENT_ERROR_CLOSED, "%s %s",
                              result == RECEIVE_END ? "the server ended the connection"
                                                    : "the connection broke",
                              where != NULL ? where : "before its end");
}

/* The server's end; or the connection broke, which is no end of anything. */
static void
end_input (ClientExchange *exchange, gssize result)
{
    gboolean is_truncated = transport_is_truncated (client_exchange_get_transport (exchange));
    AnswerStep step = client_answer_end_of_input (&exchange->answer, is_truncated);

    if (step == ANSWER_IS_WHOLE && result == RECEIVE_END)
        client_exchange_complete (exchange, H3_VIEW_EMPTY);
    else
        client_exchange_lose (exchange, explain_end (exchange, result));
}

/* Nothing can be sent any more, and there is no answer that came before. */
static void
end_unsent (ClientExchange *exchange)
{
    if (transport_has_failed (client_exchange_get_transport (exchange)))
        client_exchange_lose (exchange,
                              client_peer_error (exchange->peer, H3_CLIENT_ERROR_CLOSED,
                                                 "the connection broke while it was sent to"));
}

void
client_exchange_on_input (gpointer user)
{
    ClientExchange *exchange = user;
    H3View input;
    gssize n = client_connection_receive (exchange->connection, &input);

    if (n == RECEIVE_WAIT) {
        end_unsent (exchange);
        return;
    }
    if (n > 0 && !exchange->has_answered) {
        exchange->has_answered = TRUE;
        exchange->timing.first_byte = clock_get_precise ();
    }
    if (!read_and_keep (exchange, input))
        return;
    if (n < 0 || n == RECEIVE_END) {
        if (!exchange->is_paused)
            end_input (exchange, n);
        return;
    }
    client_exchange_arm (exchange);
}

/* First what was kept, which may be as much as is read at once; only then more. With what was kept
 * the answer may be whole, and the connection the next one's, who reads from it. */
void
client_exchange_read_on (ClientExchange *exchange)
{
    exchange->reads_on = FALSE;
    if (!client_exchange_is_connected (exchange) || exchange->is_paused)
        return;
    transport_set_reading (client_exchange_get_transport (exchange), TRUE);
    if (!read_and_keep (exchange, client_connection_get_unread (exchange->connection))
        || exchange->is_paused)
        return;
    client_exchange_arm (exchange);
    client_exchange_on_input (exchange);
}

void
client_exchange_pause (ClientExchange *exchange)
{
    exchange->is_paused = TRUE;
    if (!client_exchange_is_connected (exchange))
        return;
    transport_set_reading (client_exchange_get_transport (exchange), FALSE);
    client_exchange_arm (exchange);
}

void
client_exchange_resume (ClientExchange *exchange)
{
    if (!exchange->is_paused)
        return;
    exchange->is_paused = FALSE;
    if (!client_exchange_is_connected (exchange))
        return;
    exchange->reads_on = TRUE;
    client_exchange_schedule (exchange);
}
