/* SPDX-License-Identifier: MIT
 *
 * A body on its way from a loop to a reader on any thread: bounded, so that a reader that rests has
 * the server slowed down. Shared by both sides; its mutex guards it, and nobody is called while
 * that is held. */

#pragma once

#include <h3/client/client-delivery.h>
#include <h3/client/client-fetch.h>

G_BEGIN_DECLS

/* What waits for the reader beyond this has the fetch rest. */
#define CLIENT_PIPE_MARK (256 * 1024)

typedef struct _ClientPipe ClientPipe;

/* (transfer full): on the loop of the fetch, in its on_head: the rest of it goes into the pipe. */
ClientPipe *client_pipe_new (Loop *loop, ClientFetch *fetch);
ClientPipe *client_pipe_ref (ClientPipe *pipe);
void client_pipe_unref (ClientPipe *pipe);

/* The reader's side, one thread at a time. Waits for at least a byte. 0: the end; -1 with an error:
 * the fetch's, or G_IO_ERROR_CANCELLED. */
gssize client_pipe_read (ClientPipe *pipe, char *room, gsize size, GCancellable *cancellable,
                         GError **error);
/* The same without waiting: -1 without an error: there is nothing yet. */
gssize client_pipe_take (ClientPipe *pipe, char *room, gsize size, GError **error);

/* Has `delivery` (transfer full) rung when there is something to take, at once where there is; or
 * when client_pipe_wake () is called. One at a time. */
void client_pipe_await (ClientPipe *pipe, ClientDelivery *delivery);
/* Any thread: who waits is to look up. */
void client_pipe_wake (ClientPipe *pipe);

/* Nobody reads any more: what has not come is cancelled. */
void client_pipe_close (ClientPipe *pipe);

G_END_DECLS
