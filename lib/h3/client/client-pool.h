/* SPDX-License-Identifier: MIT
 *
 * The connections of a loop, by peer: so many a peer and no more, who comes later waits in line;
 * those at rest are kept, so many in all, the one that rested last is used first. The loop's thread
 * only. */

#pragma once

#include <h3/client/client-connection.h>

G_BEGIN_DECLS

typedef struct _ClientPool ClientPool;

/* So many connections rest in all; the one that rests longest goes first. */
#define CLIENT_POOL_MAX_IDLE 256

/* Who waits in line. Embedded; zeroed. */
typedef struct _ClientTicket ClientTicket;
struct _ClientTicket {
    /* Its turn has come: the connection is its own, ready or being made. Within somebody else's
     * call: nothing may be told to a program. */
    void (*on_turn) (ClientTicket *ticket, ClientConnection *connection);
    gpointer shelf; /* borrowed: the pool's; NULL: not in line */
    GList link;     /* data: the ticket */
};

/* `context` is borrowed; the pool becomes the keeper of its connections. */
ClientPool *client_pool_new (ClientContext *context);
/* Once all connections have been closed and nobody waits. */
void client_pool_free (ClientPool *pool);

/* (transfer none) (nullable): a connection to `peer`, ready or to be made; NULL: there are as many
 * as there may be, and `ticket` waits. NEW: none that was kept, and the first in line, as who asks
 * had one that turned out to be dead. */
typedef enum { CLIENT_POOL_ANY, CLIENT_POOL_NEW } ClientPoolWish;
ClientConnection *client_pool_take (ClientPool *pool, ClientPeer *peer, ClientPoolWish wish,
                                    ClientTicket *ticket);
/* Whether it waited or not. */
void client_pool_leave_line (ClientPool *pool, ClientTicket *ticket);

/* A connection that is IN_USE and can be used again: the next in line has it, or it rests. (Others
 * are closed, of which the pool hears by itself.) */
void client_pool_give_back (ClientPool *pool, ClientConnection *connection);

/* Closes those that rest; from now on nobody's turn comes, and nothing is taken. */
void client_pool_end (ClientPool *pool);

void client_pool_count (const ClientPool *pool, guint *out_connections, guint *out_idle,
                        guint *out_waiting);

G_END_DECLS
