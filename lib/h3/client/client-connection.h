/* SPDX-License-Identifier: MIT
 *
 * One outgoing connection: made (by way of a proxy, with TLS), used by one request at a time,
 * watched while none uses it. It owns its transport and itself, until it is closed; then it is
 * freed at the end of the turn. The loop's thread only.
 *
 *   CONNECTING ─ on_connected ─▶ ASKING_PROXY ─ granted ─▶ HANDSHAKING ─ done ─▶ IN_USE
 *        │ ╰────────────── https without a proxy ──────────────▶│                 ▲ │ rest
 *        ╰──────────────── http ─────────────────────────────── ┴ ──────────▶ wake │ ▼
 *   each ── close, or its fault ──▶ CLOSED                                        IDLE
 *
 *   CONNECTING    the connector is under way
 *   ASKING_PROXY  CONNECT was sent; its answer is read
 *   HANDSHAKING   TLS
 *   IN_USE        somebody's, who reads and writes
 *   IDLE          nobody's: the first byte, the end, or its time closes it
 *   CLOSED        the transport has been let go */

#pragma once

#include <h3/client/client-answer.h>
#include <h3/client/client-peer.h>
#include <h3/net/buffers.h>
#include <h3/net/transport.h>

G_BEGIN_DECLS

typedef struct _ClientConnection ClientConnection;

/* What the connections of a loop borrow from it. */
typedef struct {
    Loop *loop;           /* ref */
    Deadlines *deadlines; /* owned, as the rest */
    Buffers *buffers;
    TransportShared *shared;
    char *receive; /* borrowed: shared's buffer */
    gsize receive_size;
    AnswerTools tools;
    /* The connection has been closed, by whomever; it is nobody's any more. */
    void (*on_closed) (ClientConnection *connection, gpointer keeper);
    gpointer keeper; /* borrowed: the pool */
} ClientContext;

/* What a connection tells its user, on the loop's thread, never within a call. */
typedef struct {
    /* It is there: IN_USE. */
    void (*on_ready) (gpointer user);
    /* Something can be received. */
    void (*on_input) (gpointer user);
    /* As the transport's. */
    void (*on_drained) (gpointer user);
    /* Nothing more can be sent. */
    void (*on_send_failed) (gpointer user, int error_number);
    /* There will be no connection: `error` is (transfer full). It is closed already. */
    void (*on_no_connection) (gpointer user, GError *error);
} ClientConnectionUser;

/* (transfer none): begins to connect; `user` hears of it. */
ClientConnection *client_connection_new (ClientContext *context, ClientPeer *peer);
void client_connection_set_user (ClientConnection *connection,
                                 const ClientConnectionUser *functions, gpointer user);

ClientPeer *client_connection_get_peer (const ClientConnection *connection);
/* While IN_USE. */
Transport *client_connection_get_transport (const ClientConnection *connection);
/* What it is about while it is not there yet, for people. */
const char *client_connection_explain (const ClientConnection *connection);
gboolean client_connection_is_ready (const ClientConnection *connection);

/* Microseconds of clock_get_precise (); 0: was not. */
typedef struct {
    gint64 resolved, connected, secured;
} ClientConnectionTiming;
const ClientConnectionTiming *client_connection_get_timing (const ClientConnection *connection);

/* Receives; *out_input is all that has come and is unread: inside the loop's receive buffer, or
 * kept from before. As transport_receive () otherwise. */
gssize client_connection_receive (ClientConnection *connection, H3View *out_input);
/* What is unread without receiving. */
H3View client_connection_get_unread (const ClientConnection *connection);
/* Before returning to the loop: keeps the rest of the input, FALSE where there is no memory. */
gboolean client_connection_keep (ClientConnection *connection, H3View rest);

/* So long the server keeps it, by its own word: it rests no longer than that, less half a second
 * for the way, so that no request meets with its end. 0: the server did not say. */
void client_connection_note_kept (ClientConnection *connection, guint32 seconds);

/* IN_USE to IDLE and back. Whoever brings it to rest has read all. */
void client_connection_rest (ClientConnection *connection);
void client_connection_wake (ClientConnection *connection);
/* One that is IDLE, or between two exchanges: FALSE where the end has come, or bytes that nobody
 * asked for, and the loop has not told of it yet. It is then closed by who asks. */
gboolean client_connection_is_alive (ClientConnection *connection);

/* CUT: nothing that waits is sent, and the other side sees that it was not the end. DROP: what was
 * written leaves as far as it can at once. */
typedef enum { CLIENT_CLOSE_CUT, CLIENT_CLOSE_DROP } ClientClose;
void client_connection_close (ClientConnection *connection, ClientClose how);

G_END_DECLS
