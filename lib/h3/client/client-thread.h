/* SPDX-License-Identifier: MIT
 *
 * The thread that a client runs on where who asks runs no loop: a loop with a GMainContext of its
 * own. Shared by the client and by the bodies that are still read; any thread. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _ClientThread ClientThread;

/* (transfer full) (nullable): started. NULL with H3_ERROR_FAILED where the system has no thread or
 * no descriptors for it. */
ClientThread *client_thread_new (GError **error);
ClientThread *client_thread_ref (ClientThread *thread);
/* NULL is allowed. With the last reference the thread ends, behind all that was posted to its loop;
 * it has ended when this returns, unless it is the caller. */
void client_thread_unref (ClientThread *thread);

/* Borrowed: until the last reference is dropped. */
Loop *client_thread_get_loop (const ClientThread *thread);

G_END_DECLS
