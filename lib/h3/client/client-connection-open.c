/* SPDX-License-Identifier: MIT
 *
 * The way to a connection: connector, proxy, TLS. */

#include "client-connection-private.h"

#include <h3/loop/clock.h>
#include <h3/net/client-tls-context.h>
#include <h3/net/transport-tls.h>
#include <h3/wire/http1-request-writer.h>

#include <unistd.h>

const char *
client_connection_explain (const ClientConnection *connection)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);

    switch ((ClientConnectionState) connection->state) {
    case CLIENT_CONNECTING:
        return settings->proxy_host != NULL ? "connecting to its proxy" : "connecting";
    case CLIENT_ASKING_PROXY:
        return "asking its proxy for a tunnel";
    case CLIENT_HANDSHAKING:
        return "beginning TLS";
    default:
        return "connected";
    }
}

void
client_connection_clear_opening (ClientConnection *connection)
{
    connector_cancel (g_steal_pointer (&connection->connector));
    if (connection->proxy_answer != NULL)
        client_answer_clear (connection->proxy_answer);
    g_clear_pointer (&connection->proxy_answer, g_free);
}

void
client_connection_give_up (ClientConnection *connection, GError *error)
{
    const ClientConnectionUser *functions = connection->functions;
    gpointer user = connection->user;

    /* What TLS has to say about it still leaves. */
    client_connection_close (connection, CLIENT_CLOSE_DROP);
    functions->on_no_connection (user, error);
}

static void
be_ready (ClientConnection *connection)
{
    client_connection_clear_opening (connection);
    client_connection_set_state (connection, CLIENT_IN_USE);
    connection->functions->on_ready (connection->user);
}

static void
give_up_tls (ClientConnection *connection)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);
    GError *error = NULL;

    transport_set_tls_error (connection->transport, settings->host, &error);
    g_prefix_error (&error, "%s: ", client_peer_get_name (connection->peer));
    client_connection_give_up (connection, error);
}

static void
step_handshake (ClientConnection *connection)
{
    switch (transport_handshake (connection->transport)) {
    case TLS_HANDSHAKE_WAIT:
        return;
    case TLS_HANDSHAKE_DONE:
        connection->timing.secured = clock_get_precise ();
        be_ready (connection);
        return;
    default:
        give_up_tls (connection);
        return;
    }
}

static void
begin_tls (ClientConnection *connection)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);

    client_connection_set_state (connection, CLIENT_HANDSHAKING);
    if (transport_begin_client_tls (connection->transport, settings->tls, settings->host,
                                    settings->port))
        step_handshake (connection);
    else
        client_connection_give_up (
            connection,
            client_peer_error (connection->peer, H3_CLIENT_ERROR_TLS, "no memory for TLS"));
}

static char *
make_authority (const ClientPeerSettings *settings)
{
    gboolean is_address = strchr (settings->host, ':') != NULL;

    return g_strdup_printf (is_address ? "[%s]:%u" : "%s:%u", settings->host, settings->port);
}

static void
give_up_proxy (ClientConnection *connection, const char *what)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);

    client_connection_give_up (connection,
                               client_peer_error (connection->peer, H3_CLIENT_ERROR_CONNECT,
                                                  "the proxy %s:%u %s", settings->proxy_host,
                                                  settings->proxy_port, what));
}

static void
ask_proxy (ClientConnection *connection)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);
    g_autofree char *authority = make_authority (settings), *text = NULL;
    Http1RequestHead head = { .method = H3_VIEW ("CONNECT"),
                              .target = h3_view_of (authority),
                              .host = h3_view_of (authority),
                              .proxy_credentials = h3_view_of (settings->proxy_authorization) };
    gsize room = http1_request_writer_measure (&head);

    client_connection_set_state (connection, CLIENT_ASKING_PROXY);
    if (room == 0) {
        give_up_proxy (connection, "cannot be asked for this host, or with these credentials");
        return;
    }
    connection->proxy_answer = g_new0 (ClientAnswer, 1);
    client_answer_init (connection->proxy_answer, &connection->context->tools, H3_METHOD_CONNECT,
                        H3_VIEW_EMPTY, G_MAXUINT64);
    text = g_malloc (room);
    transport_write (connection->transport, text, http1_request_writer_write (&head, text));
    (void) transport_flush (connection->transport);
}

/* What it says beside its status is for nobody: its own page, in the place of the server's. */
static void
take_proxy_answer (ClientConnection *connection, const Http1Response *response, H3View rest)
{
    g_autofree char *what = NULL;

    if (response->status == 407) {
        give_up_proxy (connection, "wants credentials (407): give them with its URL");
    } else if (response->status >= 300 || response->status < 200) {
        what = g_strdup_printf ("refused the tunnel: status %u", response->status);
        give_up_proxy (connection, what);
    } else if (rest.length > 0) {
        give_up_proxy (connection, "sent something before it was asked");
    } else {
        client_connection_keep (connection, rest);
        g_clear_pointer (&connection->proxy_answer, g_free);
        begin_tls (connection);
    }
}

static void
end_proxy_answer (ClientConnection *connection)
{
    ClientAnswer *answer = connection->proxy_answer;
    g_autofree char *what = NULL;

    if (answer->state == ANSWER_BROKEN)
        what = g_strdup_printf ("answers with no HTTP: %s", answer->problem);
    give_up_proxy (connection, what != NULL ? what : "ended the connection before it answered");
}

static void
step_proxy (ClientConnection *connection)
{
    ClientAnswer *answer = connection->proxy_answer;
    H3View input, piece;
    Http1Response response;
    gssize n = client_connection_receive (connection, &input);

    for (;;) {
        switch (client_answer_step (answer, &input, &response, &piece)) {
        case ANSWER_HAS_HEAD:
            take_proxy_answer (connection, &response, input);
            return;
        case ANSWER_GOES_ON:
        case ANSWER_IS_INTERIM:
            continue;
        case ANSWER_WAITS:
            if (n > 0 || n == RECEIVE_WAIT) {
                if (!client_connection_keep (connection, input))
                    give_up_proxy (connection, "answers, and there is no memory for it");
                return;
            }
            end_proxy_answer (connection);
            return;
        default:
            end_proxy_answer (connection);
            return;
        }
    }
}

void
client_connection_open_further (ClientConnection *connection)
{
    if (connection->state == CLIENT_HANDSHAKING)
        step_handshake (connection);
    else
        step_proxy (connection);
}

/* When the name had been looked up is known by a coarser clock, which tests may drive. */
static void
note_connected (ClientConnection *connection, gint64 resolved)
{
    gint64 now = clock_get_precise ();

    connection->timing.connected = now;
    if (resolved > 0)
        connection->timing.resolved = MIN (resolved * 1000, now);
}

static gboolean
make_transport (ClientConnection *connection, int fd)
{
    TransportShared *shared = connection->context->shared;
    gboolean is_secure = client_peer_get_settings (connection->peer)->is_secure;

    connection->transport =
        is_secure ? transport_new_for_tls (shared, fd, &client_connection_owner, connection)
                  : transport_new (shared, fd, &client_connection_owner, connection);
    if (connection->transport == NULL)
        return FALSE;
    transport_set_reading (connection->transport, TRUE);
    return TRUE;
}

static GError *
explain_no_connection (const ClientConnection *connection, const GError *error)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);

    return client_peer_error (connection->peer, (H3ClientError) error->code, "%s%s",
                              settings->proxy_host != NULL ? "its proxy: " : "", error->message);
}

static void
on_connected (gpointer data, int fd, gint64 resolved, const GError *error)
{
    ClientConnection *connection = data;
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);

    connection->connector = NULL;
    if (fd < 0) {
        client_connection_give_up (connection, explain_no_connection (connection, error));
        return;
    }
    note_connected (connection, resolved);
    if (!make_transport (connection, fd))
        client_connection_give_up (connection,
                                   client_peer_error (connection->peer, H3_CLIENT_ERROR_CONNECT,
                                                      "no memory for its socket"));
    else if (settings->is_secure && settings->proxy_host != NULL)
        ask_proxy (connection);
    else if (settings->is_secure)
        begin_tls (connection);
    else
        be_ready (connection);
}

void
client_connection_open (ClientConnection *connection)
{
    const ClientPeerSettings *settings = client_peer_get_settings (connection->peer);
    gboolean has_proxy = settings->proxy_host != NULL;
    ConnectorTarget target = { .host = has_proxy ? settings->proxy_host : settings->host,
                               .port = has_proxy ? settings->proxy_port : settings->port,
                               .unix_path = settings->unix_path };

    if (target.unix_path != NULL)
        target.host = NULL;
    connection->connector =
        connector_start (connection->context->loop, &target, on_connected, connection);
}
