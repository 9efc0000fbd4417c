/* SPDX-License-Identifier: MIT
 *
 * What all requests to other servers share that one loop makes: transports, buffers, deadlines, the
 * connections that are kept. Made when first asked for; ends with its loop: what still runs is then
 * told H3_CLIENT_ERROR_CANCELLED. The loop's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _ClientLoop ClientLoop;

/* (transfer none) (nullable): NULL where the loop has come to its end. A loop that has no deadlines
 * or no pool of threads gets some, until its end. */
ClientLoop *client_loop_get (Loop *loop);

Loop *client_loop_get_loop (const ClientLoop *client);

/* Connections that are there; of them, those kept for requests to come; requests in line. */
typedef struct {
    guint connections, idle, waiting;
} ClientLoopCounts;
void client_loop_count (const ClientLoop *client, ClientLoopCounts *out);

G_END_DECLS
