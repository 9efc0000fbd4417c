/* SPDX-License-Identifier: MIT
 *
 * What an exchange waits for, and for how long. */

#include "client-exchange-private.h"

#include <h3/loop/clock.h>

#define EXCHANGE_OF(node, member)                                                                  \
    ((ClientExchange *) (void *) ((char *) (node) -G_STRUCT_OFFSET (ClientExchange, member)))

static ExchangeWait
find_wait (const ClientExchange *exchange)
{
    gboolean waits_to_leave;

    if (exchange->state == EXCHANGE_IN_LINE || exchange->state == EXCHANGE_CONNECTING)
        return WAIT_CONNECTION;
    /* Whoever pauses an answer may hold its request up as well: the server may take more only when
     * it has got rid of what it has. */
    if (!client_exchange_is_connected (exchange) || exchange->is_paused)
        return WAIT_NOTHING;
    waits_to_leave = transport_get_waiting (client_exchange_get_transport (exchange)) > 0;
    if (exchange->outgoing != OUTGOING_SENT && waits_to_leave)
        return WAIT_TAKEN;
    /* It is the program's turn; but for a body that is held when the answer's head has come, which
     * is not wanted any more. */
    if (exchange->outgoing == OUTGOING_OPEN || exchange->state == EXCHANGE_TUNNEL)
        return WAIT_NOTHING;
    if (exchange->outgoing == OUTGOING_HELD && !exchange->answer.has_head)
        return WAIT_NOTHING;
    return exchange->answer.has_head ? WAIT_BODY : WAIT_HEAD;
}

static const char *
explain (const ClientExchange *exchange)
{
    switch ((ExchangeWait) exchange->waits_for) {
    case WAIT_CONNECTION:
        return exchange->connection == NULL ? "waiting for one of its connections to be free"
                                            : client_connection_explain (exchange->connection);
    case WAIT_TAKEN:
        return "waiting for the request to be taken";
    case WAIT_HEAD:
        return "waiting for the answer to begin";
    case WAIT_BODY:
        return "waiting for more of the answer";
    default:
        return "waiting for the request's body";
    }
}

static GError *
make_error (const ClientExchange *exchange, const char *which, gint64 milliseconds)
{
    return client_peer_error (exchange->peer, H3_CLIENT_ERROR_TIMEOUT,
                              "%s took longer than its %" G_GINT64_FORMAT " ms: %s", which,
                              milliseconds, explain (exchange));
}

static void
on_wait_due (DeadlineNode *node)
{
    static const char *const names[] = { "nothing", "the connection", "sending", "the first byte",
                                         "a pause" };
    ClientExchange *exchange = EXCHANGE_OF (node, wait);
    guint8 kind = exchange->waits_for;

    exchange->waits_for = WAIT_NOTHING;
    if (kind == WAIT_TAKEN
        && transport_get_sent (client_exchange_get_transport (exchange)) > exchange->taken_mark) {
        client_exchange_arm (exchange);
        return;
    }
    exchange->waits_for = kind;
    client_exchange_fail (exchange,
                          make_error (exchange, names[kind], exchange->milliseconds[kind]));
}

static void
on_total_due (DeadlineNode *node)
{
    ClientExchange *exchange = EXCHANGE_OF (node, total);

    client_exchange_fail (exchange,
                          make_error (exchange, "the whole", exchange->total_milliseconds));
}

/* The server may be one that never says 100 (RFC 9110 §10.1.1). */
static void
on_patience_due (DeadlineNode *node)
{
    ClientExchange *exchange = EXCHANGE_OF (node, patience);

    client_exchange_open_body (exchange);
    client_exchange_arm (exchange);
}

/* (nullable): for waits that have a bound. */
static DeadlineList *
find_list (const ClientExchange *exchange, gint64 milliseconds, DeadlineFunction on_due)
{
    if (milliseconds == 0)
        return NULL;
    return deadlines_find_list (exchange->client->context.deadlines, milliseconds, on_due);
}

void
client_exchange_arm (ClientExchange *exchange)
{
    ExchangeWait kind = find_wait (exchange);
    DeadlineList *list;

    /* More bytes of a request that leaves, or of a head that comes, are no new beginning. */
    if (kind == exchange->waits_for && kind != WAIT_BODY)
        return;
    exchange->waits_for = (guint8) kind;
    list = find_list (exchange, exchange->milliseconds[kind], on_wait_due);
    if (kind == WAIT_TAKEN)
        exchange->taken_mark = transport_get_sent (client_exchange_get_transport (exchange));
    if (list != NULL)
        deadline_arm (&exchange->wait, list, clock_get_now ());
    else
        deadline_disarm (&exchange->wait);
}

void
client_exchange_arm_total (ClientExchange *exchange)
{
    DeadlineList *list = find_list (exchange, exchange->total_milliseconds, on_total_due);

    if (list != NULL)
        deadline_arm (&exchange->total, list, clock_get_now ());
}

void
client_exchange_arm_patience (ClientExchange *exchange)
{
    deadline_arm (&exchange->patience,
                  find_list (exchange, CLIENT_EXCHANGE_CONTINUE_MILLISECONDS, on_patience_due),
                  clock_get_now ());
}

void
client_exchange_disarm (ClientExchange *exchange)
{
    deadline_disarm (&exchange->wait);
    deadline_disarm (&exchange->total);
    deadline_disarm (&exchange->patience);
}
