/* SPDX-License-Identifier: MIT */

#include "client-exchange.h"

#include "client-exchange-private.h"

#include <h3/base/bytes.h>
#include <h3/base/counters.h>
#include <h3/base/debug.h>
#include <h3/loop/clock.h>
#include <h3/net/transport-tls.h>
#include <h3/wire/http1-request-writer.h>

#define EXCHANGE_OF(node, member)                                                                  \
    ((ClientExchange *) (void *) ((char *) (node) -G_STRUCT_OFFSET (ClientExchange, member)))

void
client_exchange_set_state (ClientExchange *exchange, ExchangeState state)
{
    static const char *const names[] = { "in line", "connecting", "answering",
                                         "tunnel",  "failing",    "over" };

    debug_tell ("exchange %p: %s to %s", (gpointer) exchange, names[exchange->state], names[state]);
    exchange->state = (guint8) state;
}

static void
free_exchange (ClientExchange *exchange)
{
    client_answer_clear (&exchange->answer);
    gathered_clear (&exchange->held);
    g_clear_pointer (&exchange->body, g_bytes_unref);
    g_clear_error (&exchange->error);
    client_peer_unref (exchange->peer);
    counters_add (COUNTER_CLIENT_EXCHANGES_LIVE, -1);
    client_loop_leave (exchange->client);
    g_free (exchange);
}

/* Out of the line, and off its connection. */
static void
let_go (ClientExchange *exchange, ClientClose how)
{
    ClientConnection *connection = g_steal_pointer (&exchange->connection);

    client_pool_leave_line (exchange->client->pool, &exchange->ticket);
    if (connection != NULL)
        client_connection_close (connection, how);
}

/* Nothing is called any more. */
static void
be_over (ClientExchange *exchange)
{
    client_exchange_set_state (exchange, EXCHANGE_OVER);
    client_exchange_disarm (exchange);
    client_exchange_unwatch (exchange);
    endings_remove (&exchange->client->endings, &exchange->ending);
    client_exchange_schedule (exchange);
}

static void
tell_end (ClientExchange *exchange, const H3Headers *trailers, const GError *error)
{
    exchange->timing.ended = clock_get_precise ();
    be_over (exchange);
    exchange->listener->on_end (exchange, trailers, error, exchange->data);
}

void
client_exchange_fail (ClientExchange *exchange, GError *error)
{
    let_go (exchange, CLIENT_CLOSE_CUT);
    tell_end (exchange, NULL, error);
    g_error_free (error);
}

void
client_exchange_fail_later (ClientExchange *exchange, GError *error)
{
    let_go (exchange, CLIENT_CLOSE_CUT);
    client_exchange_disarm (exchange);
    exchange->error = error;
    client_exchange_set_state (exchange, EXCHANGE_FAILING);
    client_exchange_schedule (exchange);
}

void
client_exchange_cancel (ClientExchange *exchange)
{
    if (exchange->state == EXCHANGE_OVER)
        return;
    let_go (exchange, CLIENT_CLOSE_CUT);
    be_over (exchange);
}

/* All that came was the answer, all of the request has left, and nothing else is on its way. */
static gboolean
leaves_connection (const ClientExchange *exchange, H3View rest)
{
    Transport *transport = client_exchange_get_transport (exchange);

    return exchange->answer.keeps && exchange->outgoing == OUTGOING_SENT && rest.length == 0
           && !transport_has_failed (transport) && !transport_has_unread (transport);
}

void
client_exchange_complete (ClientExchange *exchange, H3View rest)
{
    g_autoptr (H3Headers) trailers = client_answer_dup_trailers (&exchange->answer);
    ClientPool *pool = exchange->client->pool;

    if (leaves_connection (exchange, rest)) {
        ClientConnection *connection = g_steal_pointer (&exchange->connection);

        (void) client_connection_keep (connection, H3_VIEW_EMPTY);
        client_connection_note_kept (connection, exchange->answer.kept_seconds);
        client_pool_give_back (pool, connection);
    } else {
        let_go (exchange, exchange->outgoing == OUTGOING_SENT || exchange->state == EXCHANGE_TUNNEL
                              ? CLIENT_CLOSE_DROP
                              : CLIENT_CLOSE_CUT);
    }
    tell_end (exchange, trailers, NULL);
}

/* On a connection that is read from. */
static void
begin_answering (ClientExchange *exchange)
{
    client_exchange_set_state (exchange, EXCHANGE_ANSWERING);
    if (exchange->is_paused)
        transport_set_reading (client_exchange_get_transport (exchange), FALSE);
    client_exchange_send (exchange);
}

static void
on_ready (gpointer user)
{
    ClientExchange *exchange = user;
    const ClientConnectionTiming *timing = client_connection_get_timing (exchange->connection);

    exchange->timing.resolved = timing->resolved;
    exchange->timing.connected = timing->connected;
    exchange->timing.secured = timing->secured;
    begin_answering (exchange);
}

static void
on_no_connection (gpointer user, GError *error)
{
    ClientExchange *exchange = user;

    exchange->connection = NULL;
    client_exchange_fail (exchange, error);
}

/* A server that refuses a body may have answered before it closed: what has come is read first, and
 * the end, or the error, is told there. */
static void
on_send_failed (gpointer user, int error_number)
{
    ClientExchange *exchange = user;

    if (error_number == EPIPE || error_number == ECONNRESET) {
        if (!exchange->is_paused)
            client_exchange_on_input (exchange);
        return;
    }
    client_exchange_fail (exchange, client_peer_error (exchange->peer, H3_CLIENT_ERROR_CLOSED,
                                                       "the request could not be sent: %s",
                                                       g_strerror (error_number)));
}

static const ClientConnectionUser connection_user = {
    on_ready,       client_exchange_on_input, client_exchange_on_drained,
    on_send_failed, on_no_connection,
};

static void
take_connection (ClientExchange *exchange, ClientConnection *connection)
{
    exchange->connection = connection;
    client_connection_set_user (connection, &connection_user, exchange);
    if (client_connection_is_ready (connection)) {
        exchange->timing.is_reused = TRUE;
        begin_answering (exchange);
        return;
    }
    client_exchange_set_state (exchange, EXCHANGE_CONNECTING);
    client_exchange_arm (exchange);
}

static void
on_turn (ClientTicket *ticket, ClientConnection *connection)
{
    take_connection (EXCHANGE_OF (ticket, ticket), connection);
}

static void
ask_pool (ClientExchange *exchange, ClientPoolWish wish)
{
    ClientConnection *connection =
        client_pool_take (exchange->client->pool, exchange->peer, wish, &exchange->ticket);

    if (connection != NULL)
        take_connection (exchange, connection);
    else
        client_exchange_arm (exchange);
}

/* A body that came by writes is gone. */
static gboolean
may_repeat (const ClientExchange *exchange)
{
    return exchange->timing.is_reused && !exchange->was_repeated && !exchange->has_answered
           && exchange->is_safe_to_repeat && (exchange->length == 0 || exchange->body != NULL);
}

void
client_exchange_lose (ClientExchange *exchange, GError *error)
{
    if (!may_repeat (exchange)) {
        client_exchange_fail (exchange, error);
        return;
    }
    g_error_free (error);
    let_go (exchange, CLIENT_CLOSE_CUT);
    exchange->was_repeated = TRUE;
    exchange->timing.is_reused = FALSE;
    exchange->outgoing = OUTGOING_HELD;
    deadline_disarm (&exchange->patience);
    client_answer_init (&exchange->answer, &exchange->client->context.tools,
                        (H3Method) exchange->method, exchange->upgrade, exchange->max_body);
    client_exchange_set_state (exchange, EXCHANGE_IN_LINE);
    ask_pool (exchange, CLIENT_POOL_NEW);
}

static void
run_turn (gpointer data)
{
    ClientExchange *exchange = data;

    exchange->turn_is_due = FALSE;
    if (exchange->state == EXCHANGE_OVER) {
        free_exchange (exchange);
        return;
    }
    if (exchange->state == EXCHANGE_FAILING) {
        tell_end (exchange, NULL, exchange->error);
        return;
    }
    if (exchange->room_is_due) {
        exchange->room_is_due = FALSE;
        if (exchange->listener->on_room != NULL && exchange->outgoing == OUTGOING_OPEN)
            exchange->listener->on_room (exchange, exchange->data);
    }
    if (exchange->reads_on)
        client_exchange_read_on (exchange);
}

void
client_exchange_schedule (ClientExchange *exchange)
{
    if (exchange->turn_is_due)
        return;
    exchange->turn_is_due = TRUE;
    loop_defer (exchange->client->context.loop, run_turn, exchange);
}

static void
on_ending (EndingNode *node)
{
    ClientExchange *exchange = EXCHANGE_OF (node, ending);

    client_exchange_fail (exchange, client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED,
                                                       "its loop has come to its end"));
}

static Http1Framing
find_framing (gint64 length)
{
    if (length < 0)
        return FRAMING_CHUNKED;
    return length > 0 ? FRAMING_LENGTH : FRAMING_NONE;
}

/* (nullable): where whole URLs are asked for. "*" is that of the server as such (RFC 9112 §3.2.4).
 */
static char *
make_whole_target (const ClientPeer *peer, const ClientCall *call)
{
    H3View target = h3_view_equal (call->target, H3_VIEW ("*")) ? H3_VIEW_EMPTY : call->target;

    if (!client_peer_wants_whole_url (peer))
        return NULL;
    return g_strdup_printf ("http://%.*s%.*s", H3_VIEW_ARGS (call->host), H3_VIEW_ARGS (target));
}

/* With its head behind it, as it may have to be sent twice. A head that must not be sent has no
 * length. */
static ClientExchange *
make_exchange (ClientPeer *peer, const ClientCall *call, gint64 length)
{
    const ClientPeerSettings *settings = client_peer_get_settings (peer);
    g_autofree char *whole_target = make_whole_target (peer, call);
    H3View upgrade = h3_view_of (call->upgrade);
    Http1RequestHead head = { .method = call->method,
                              .target =
                                  whole_target != NULL ? h3_view_of (whole_target) : call->target,
                              .host = call->host,
                              .headers = call->headers,
                              .framing = find_framing (length),
                              .length = (guint64) MAX (length, 0),
                              .upgrade = upgrade,
                              .expects_continue = call->expects_continue && length != 0 };
    gsize room;
    ClientExchange *exchange;

    if (whole_target != NULL)
        head.proxy_credentials = h3_view_of (settings->proxy_authorization);
    room = http1_request_writer_measure (&head);
    exchange = g_malloc (sizeof *exchange + room + upgrade.length);
    memset (exchange, 0, sizeof *exchange);
    if (room > 0)
        exchange->head_length = http1_request_writer_write (&head, exchange->head);
    bytes_copy (exchange->head + exchange->head_length, upgrade.data, upgrade.length);
    exchange->upgrade = h3_view (exchange->head + exchange->head_length, upgrade.length);
    exchange->expects_continue = head.expects_continue;
    exchange->length = length;
    return exchange;
}

static void
copy_call (ClientExchange *exchange, const ClientCall *call)
{
    exchange->method = (guint8) h3_method_from_view (call->method);
    exchange->milliseconds[WAIT_CONNECTION] = call->connect_milliseconds;
    exchange->milliseconds[WAIT_HEAD] = call->first_byte_milliseconds;
    exchange->milliseconds[WAIT_TAKEN] = call->idle_milliseconds;
    exchange->milliseconds[WAIT_BODY] = call->idle_milliseconds;
    exchange->total_milliseconds = call->total_milliseconds;
    exchange->max_body = call->max_body;
    exchange->is_safe_to_repeat = call->is_safe_to_repeat;
    if (call->body != NULL && exchange->length > 0)
        exchange->body = g_bytes_ref (call->body);
}

/* What must not begin is told as an end. */
static GError *
find_objection (ClientExchange *exchange, const ClientCall *call)
{
    if (client_loop_is_ending (exchange->client))
        return client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED,
                                  "its loop has come to its end");
    if (exchange->head_length == 0 || exchange->method == H3_METHOD_CONNECT)
        return client_peer_error (exchange->peer, H3_CLIENT_ERROR_INVALID_URL,
                                  "the method, the target, the host or a second Content-Type "
                                  "cannot be sent");
    if (client_exchange_watch (exchange, call->cancellable))
        return client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED, "cancelled");
    return NULL;
}

ClientExchange *
client_exchange_start (ClientLoop *client, ClientPeer *peer, const ClientCall *call,
                       const ClientListener *listener, gpointer data)
{
    gint64 length = call->body != NULL ? (gint64) g_bytes_get_size (call->body) : call->length;
    ClientExchange *exchange = make_exchange (peer, call, length);
    GError *objection;

    counters_add (COUNTER_CLIENT_EXCHANGES_LIVE, 1);
    client_loop_enter (client);
    exchange->client = client;
    exchange->peer = client_peer_ref (peer);
    exchange->listener = listener;
    exchange->data = data;
    exchange->ticket.on_turn = on_turn;
    exchange->timing.started = clock_get_precise ();
    copy_call (exchange, call);
    client_answer_init (&exchange->answer, &client->context.tools, (H3Method) exchange->method,
                        exchange->upgrade, call->max_body);
    objection = find_objection (exchange, call);
    if (!client_loop_is_ending (client)) {
        exchange->ending.on_ending = on_ending;
        endings_add (&client->endings, ENDING_CLOSE, &exchange->ending);
    }
    if (objection != NULL) {
        client_exchange_fail_later (exchange, objection);
        return exchange;
    }
    client_exchange_arm_total (exchange);
    ask_pool (exchange, CLIENT_POOL_ANY);
    return exchange;
}

void
client_exchange_get_timing (const ClientExchange *exchange, ClientTiming *out)
{
    *out = exchange->timing;
}
