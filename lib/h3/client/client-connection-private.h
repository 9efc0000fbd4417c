/* SPDX-License-Identifier: MIT
 *
 * What client-connection.c (life, rest), client-connection-open.c (the way to a connection),
 * client-connection-input.c (what came) and the pool share. */

#pragma once

#include "client-connection.h"

#include <h3/net/connector.h>

G_BEGIN_DECLS

typedef enum {
    CLIENT_CONNECTING,
    CLIENT_ASKING_PROXY,
    CLIENT_HANDSHAKING,
    CLIENT_IN_USE,
    CLIENT_IDLE,
    CLIENT_CLOSED,
} ClientConnectionState;

struct _ClientConnection {
    ClientContext *context;                /* borrowed: the loop's */
    ClientPeer *peer;                      /* ref */
    const ClientConnectionUser *functions; /* borrowed: static; NULL: nobody's */
    gpointer user;                         /* borrowed: clears it before it goes */
    Connector *connector;                  /* owned; NULL but while CONNECTING */
    Transport *transport;                  /* owned; NULL while CONNECTING, and when CLOSED */
    Buffer *input;                         /* owned: received and not yet read; NULL: nothing */
    ClientAnswer *proxy_answer;            /* owned; NULL but while ASKING_PROXY */
    DeadlineNode idle;
    ClientConnectionTiming timing;
    guint32 kept_seconds; /* by the server's word; 0: it did not say */
    guint8 state;
    gpointer shelf;         /* borrowed: the pool's part for this peer */
    GList in_shelf, in_all; /* of the pool, while IDLE */
};

/* The one place where the state changes. */
void client_connection_set_state (ClientConnection *connection, ClientConnectionState state);

/* Begins; the state is CONNECTING. */
void client_connection_open (ClientConnection *connection);
/* What came while it is ASKING_PROXY or HANDSHAKING. */
void client_connection_open_further (ClientConnection *connection);
/* It cannot be: `error` is (transfer full). */
void client_connection_give_up (ClientConnection *connection, GError *error);
/* What only the way to a connection needs. */
void client_connection_clear_opening (ClientConnection *connection);

extern const TransportOwner client_connection_owner;

G_END_DECLS
