/* SPDX-License-Identifier: MIT
 *
 * Accepts what comes to one socket, on a worker's loop; rests when descriptors run out. Owned by a
 * worker; the loop's thread only, but for listener_max_connections (). */

#pragma once

#include <h3/engine/listen-group.h>
#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _Listener Listener;

/* So many are accepted in one turn, at most. */
#define LISTENER_BATCH 64
/* How long it rests when there is no descriptor, or no memory for a socket. */
#define LISTENER_REST_MILLISECONDS 100

/* `fd` is the callee's now: non-blocking, close-on-exec. May stop and free the listener. */
typedef void (*ListenerAccepted) (gpointer data, int fd);

/* Accepts from now on; `fd` is borrowed, and stays open until the listener has stopped. */
Listener *listener_new (Loop *loop, int fd, ListenerAccepted accepted, gpointer data);
/* Accepts all that waits there now, before the socket is closed. Not within its own function. */
void listener_accept_rest (Listener *listener);
/* No more is accepted. */
void listener_stop (Listener *listener);
/* NULL is allowed. Before its loop is closed. */
void listener_free (Listener *listener);

/* Tests: how often accept was called. */
guint64 listener_count_accepts (const Listener *listener);

/* How many connections there can be: `configured` (0: no bound of its own), and no more than the
 * process may have descriptors, without 64 (or half, where there are few) for other things. Raises
 * the soft limit of descriptors towards the hard one as far as `configured` asks. */
guint listener_max_connections (guint configured);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

G_END_DECLS
