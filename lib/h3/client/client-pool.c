/* SPDX-License-Identifier: MIT */

#include "client-pool.h"

#include "client-connection-private.h"

/* What is of one peer; there is one as long as it has connections (so nobody waits without). */
typedef struct {
    ClientPeer *peer;    /* ref */
    guint n_connections; /* those at rest too */
    GQueue idle;         /* of ClientConnection, the last at rest first */
    GQueue line;         /* of ClientTicket, the first come first */
    gboolean is_held;    /* somebody is about to put a connection on it */
} Shelf;

struct _ClientPool {
    ClientContext *context; /* borrowed */
    GHashTable *shelves;    /* owned: ClientPeer to Shelf */
    GQueue idle;            /* of ClientConnection, the last at rest first */
    guint n_connections, n_waiting;
    gboolean is_ending; /* nobody's turn comes any more */
};

static void
free_shelf (gpointer data)
{
    Shelf *shelf = data;

    client_peer_unref (shelf->peer);
    g_free (shelf);
}

static Shelf *
find_shelf (ClientPool *pool, ClientPeer *peer)
{
    Shelf *shelf = g_hash_table_lookup (pool->shelves, peer);

    if (shelf != NULL)
        return shelf;
    shelf = g_new0 (Shelf, 1);
    shelf->peer = client_peer_ref (peer);
    g_hash_table_insert (pool->shelves, shelf->peer, shelf);
    return shelf;
}

static ClientConnection *
make_connection (ClientPool *pool, Shelf *shelf)
{
    ClientConnection *connection = client_connection_new (pool->context, shelf->peer);

    connection->shelf = shelf;
    shelf->n_connections++;
    pool->n_connections++;
    return connection;
}

static void
unshelve (ClientPool *pool, ClientConnection *connection)
{
    Shelf *shelf = connection->shelf;

    g_queue_unlink (&shelf->idle, &connection->in_shelf);
    g_queue_unlink (&pool->idle, &connection->in_all);
    connection->in_shelf.data = connection->in_all.data = NULL;
}

/* (nullable): whose turn it is. */
static ClientTicket *
call_next (ClientPool *pool, Shelf *shelf)
{
    GList *link = pool->is_ending ? NULL : g_queue_pop_head_link (&shelf->line);
    ClientTicket *ticket;

    if (link == NULL)
        return NULL;
    ticket = link->data;
    ticket->shelf = NULL;
    pool->n_waiting--;
    return ticket;
}

/* While the pool ends there may be a line without connections. */
static void
remove_empty (ClientPool *pool, Shelf *shelf)
{
    if (shelf->n_connections == 0 && shelf->line.length == 0 && !shelf->is_held)
        g_hash_table_remove (pool->shelves, shelf->peer);
}

/* In its place there is room for another. */
static void
on_closed (ClientConnection *connection, gpointer keeper)
{
    ClientPool *pool = keeper;
    Shelf *shelf = connection->shelf;
    ClientTicket *ticket;

    if (connection->in_shelf.data != NULL)
        unshelve (pool, connection);
    connection->shelf = NULL;
    shelf->n_connections--;
    pool->n_connections--;
    ticket = call_next (pool, shelf);
    if (ticket != NULL)
        ticket->on_turn (ticket, make_connection (pool, shelf));
    else
        remove_empty (pool, shelf);
}

ClientPool *
client_pool_new (ClientContext *context)
{
    ClientPool *pool = g_new0 (ClientPool, 1);

    pool->context = context;
    pool->shelves = g_hash_table_new_full (client_peer_hash, client_peer_equal, NULL, free_shelf);
    context->on_closed = on_closed;
    context->keeper = pool;
    return pool;
}

void
client_pool_free (ClientPool *pool)
{
    if (pool == NULL)
        return;
    g_assert (pool->n_connections == 0 && pool->n_waiting == 0);
    g_hash_table_unref (pool->shelves);
    g_free (pool);
}

static void
stand_in_line (ClientPool *pool, Shelf *shelf, ClientPoolWish wish, ClientTicket *ticket)
{
    ticket->shelf = shelf;
    ticket->link.data = ticket;
    if (wish == CLIENT_POOL_NEW)
        g_queue_push_head_link (&shelf->line, &ticket->link);
    else
        g_queue_push_tail_link (&shelf->line, &ticket->link);
    pool->n_waiting++;
}

/* (nullable): the last that rests and is still there. The shelf stays, also where none is. */
static ClientConnection *
take_idle (ClientPool *pool, Shelf *shelf)
{
    ClientConnection *connection;

    while ((connection = g_queue_peek_head (&shelf->idle)) != NULL) {
        unshelve (pool, connection);
        if (client_connection_is_alive (connection)) {
            client_connection_wake (connection);
            return connection;
        }
        shelf->is_held = TRUE;
        client_connection_close (connection, CLIENT_CLOSE_DROP);
        shelf->is_held = FALSE;
    }
    return NULL;
}

ClientConnection *
client_pool_take (ClientPool *pool, ClientPeer *peer, ClientPoolWish wish, ClientTicket *ticket)
{
    Shelf *shelf = find_shelf (pool, peer);
    guint most = client_peer_get_settings (peer)->max_connections;
    ClientConnection *connection;

    g_assert (!pool->is_ending);
    if (wish == CLIENT_POOL_ANY && (connection = take_idle (pool, shelf)) != NULL)
        return connection;
    /* Those at rest are as old as the one that was dead, or older. The new one is made first, so
     * that the shelf stays. */
    if (shelf->n_connections < most || shelf->idle.length > 0) {
        connection = make_connection (pool, shelf);
        if (shelf->n_connections > most)
            client_connection_close (g_queue_peek_tail (&shelf->idle), CLIENT_CLOSE_DROP);
        return connection;
    }
    stand_in_line (pool, shelf, wish, ticket);
    return NULL;
}

void
client_pool_leave_line (ClientPool *pool, ClientTicket *ticket)
{
    Shelf *shelf = ticket->shelf;

    if (shelf == NULL)
        return;
    g_queue_unlink (&shelf->line, &ticket->link);
    ticket->shelf = NULL;
    pool->n_waiting--;
    remove_empty (pool, shelf);
}

void
client_pool_give_back (ClientPool *pool, ClientConnection *connection)
{
    Shelf *shelf = connection->shelf;
    ClientTicket *ticket;

    /* What rests is looked at when it is taken. This one goes from hand to hand, and what came
     * behind its answer would be the answer of the next. */
    if (shelf->line.length > 0 && !client_connection_is_alive (connection)) {
        client_connection_close (connection, CLIENT_CLOSE_DROP);
        return;
    }
    ticket = call_next (pool, shelf);
    if (ticket != NULL) {
        ticket->on_turn (ticket, connection);
        return;
    }
    client_connection_rest (connection);
    connection->in_shelf.data = connection->in_all.data = connection;
    g_queue_push_head_link (&shelf->idle, &connection->in_shelf);
    g_queue_push_head_link (&pool->idle, &connection->in_all);
    if (pool->idle.length > CLIENT_POOL_MAX_IDLE)
        client_connection_close (g_queue_peek_tail (&pool->idle), CLIENT_CLOSE_DROP);
}

void
client_pool_end (ClientPool *pool)
{
    pool->is_ending = TRUE;
    while (pool->idle.length > 0)
        client_connection_close (g_queue_peek_head (&pool->idle), CLIENT_CLOSE_DROP);
}

void
client_pool_count (const ClientPool *pool, guint *out_connections, guint *out_idle,
                   guint *out_waiting)
{
    *out_connections = pool->n_connections;
    *out_idle = pool->idle.length;
    *out_waiting = pool->n_waiting;
}
