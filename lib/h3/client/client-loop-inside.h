/* SPDX-License-Identifier: MIT
 *
 * What exchanges see of their loop's part. The loop's thread only. */

#pragma once

#include <h3/client/client-loop.h>
#include <h3/client/client-pool.h>

G_BEGIN_DECLS

struct _ClientLoop {
    ClientContext context;
    ClientPool *pool;         /* owned */
    Endings endings;          /* who runs, and is told with ENDING_CLOSE */
    EndingNode ending;        /* of the loop */
    Offload *own_offload;     /* owned; NULL: the loop has one */
    gboolean lends_deadlines; /* to the loop, which has none */
    guint n_users;            /* exchanges that are not freed */
    gboolean is_freed;        /* it is going to be, at the end of the turn */
};

/* Once an exchange; while there are any it is not freed. */
void client_loop_enter (ClientLoop *client);
void client_loop_leave (ClientLoop *client);

static inline gboolean
client_loop_is_ending (const ClientLoop *client)
{
    return client->endings.has_come[ENDING_CLOSE];
}

G_END_DECLS
