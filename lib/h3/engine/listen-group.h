/* SPDX-License-Identifier: MIT
 *
 * The sockets of one address, bound and listening before any worker starts, so that a failure
 * starts nothing. Owned by a server, which keeps it until all that listen there have stopped.
 * One thread at a time. */

#pragma once

#include <h3/engine/listen-address.h>

G_BEGIN_DECLS

typedef struct _ListenGroup ListenGroup;

/* For `n_workers` ≥ 1; not for inherited sockets. NULL with H3_ERROR: _EXISTS where someone listens
 * there, _INVALID, _FAILED.
 *
 * A TCP port has a socket for each worker (SO_REUSEPORT); it was bound without that first, so that
 * one in use is an error. A Unix path that nobody answers on is taken over; no file that is not a
 * socket is ever removed. */
ListenGroup *listen_group_open (const char *text, guint n_workers, GError **error);

/* Takes over an inherited stream socket of TCP or a Unix path that listens already; the descriptor
 * stays the caller's where it is none (NULL with H3_ERROR). Its path is nobody's to remove here. */
ListenGroup *listen_group_adopt (int fd, GError **error);

/* Closes all; removes the path of a Unix socket that it made. NULL is allowed. */
void listen_group_close (ListenGroup *group);

/* Whether both are one socket of the system, by two descriptors. */
gboolean listen_group_is_same (const ListenGroup *group, const ListenGroup *other);

/* Whose connections begin with a header of the PROXY protocol, and who alone may come; NULL:
 * clients come themselves. A reference is kept. */
void listen_group_set_proxies (ListenGroup *group, H3TrustedProxies *proxies);
const H3TrustedProxies *listen_group_get_proxies (const ListenGroup *group);

/* Whether clients speak TLS there. */
void listen_group_set_secure (ListenGroup *group, gboolean is_secure);
gboolean listen_group_is_secure (const ListenGroup *group);

/* "127.0.0.1:43211", "[::1]:80", "unix:/path": with the port as bound. */
const char *listen_group_get_text (const ListenGroup *group);
/* 0 where it is not TCP. */
guint listen_group_get_port (const ListenGroup *group);
/* One descriptor for all workers. */
gboolean listen_group_is_shared (const ListenGroup *group);
/* Borrowed: of the worker with this number from 0; the one there is where it is shared. */
int listen_group_get_fd (const ListenGroup *group, guint worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListenGroup, listen_group_close)

G_END_DECLS
