/* SPDX-License-Identifier: MIT
 *
 * Bound sockets of one address, which several groups may have, of one server or of one and its
 * successor: a socket is closed with the last of them, for what waits in its queue is reset then.
 * Never changed once made, but for its atomic count of references: any thread. */

#pragma once

#include <h3/engine/listen-address.h>

#include <stdatomic.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef struct {
    atomic_uint n_references;
    GArray *fds;            /* owned; of int */
    char *text;             /* owned: the address as bound */
    guint port;             /* 0 where it is not TCP */
    H3SocketAddress wanted; /* as it was asked for, where port 0 is any; none: inherited */
    char *path;             /* owned: absolute, or begins with '@'; NULL: it is no Unix socket */
    char *made;             /* owned: the path of a socket that was made here; NULL: none */
    pid_t maker;            /* … by this process, which removes it */
    dev_t device;           /* … and what it was, so that nobody else's is removed */
    ino_t inode;
} ListenSockets;

/* `n` ≥ 1 of them where the address can have several. NULL with H3_ERROR. */
ListenSockets *listen_sockets_open (const char *text, const ListenAddress *address, guint n,
                                    GError **error);
/* Of an inherited one that listens; the descriptor stays the caller's where it is none (NULL with
 * H3_ERROR). */
ListenSockets *listen_sockets_adopt (int fd, GError **error);
ListenSockets *listen_sockets_ref (ListenSockets *sockets);
/* With the last reference closes all, and removes the path of a Unix socket that it made. NULL is
 * allowed. */
void listen_sockets_unref (ListenSockets *sockets);

/* Whether somebody else has them too. */
gboolean listen_sockets_are_shared (const ListenSockets *sockets);
/* Whether this is what would be bound for the address. */
gboolean listen_sockets_are_at (const ListenSockets *sockets, const ListenAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListenSockets, listen_sockets_unref)

G_END_DECLS
