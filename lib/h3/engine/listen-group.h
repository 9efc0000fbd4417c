/* SPDX-License-Identifier: MIT
 *
 * Where a server listens: sockets of one address, or a part of them, and how clients speak there.
 * They are bound and listen before any worker starts, so that a failure starts nothing. Owned by a
 * server, which keeps it until all that listen there have stopped. One thread at a time. */

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

/* (transfer full): one with the same sockets, for another server; clients come there themselves,
 * without TLS, until it says otherwise. */
ListenGroup *listen_group_share (const ListenGroup *group);
/* (transfer full): the same with one of `n_parts` of its descriptors; with all, where there are
 * fewer. */
ListenGroup *listen_group_share_part (const ListenGroup *group, guint part, guint n_parts);

/* Closes its sockets where no other group has them; removes the path of a Unix socket that it made.
 * NULL is allowed. */
void listen_group_close (ListenGroup *group);

/* Whether both are one socket of the system, by two descriptors. */
gboolean listen_group_is_same (const ListenGroup *group, const ListenGroup *other);
/* Whether listen_group_open () would bind what it has already. */
gboolean listen_group_is_at (const ListenGroup *group, const ListenAddress *address);
/* Whether another group has its sockets too. */
gboolean listen_group_is_shared (const ListenGroup *group);

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
/* How many descriptors it has: one for all workers, or one for each of those it was opened for. */
guint listen_group_count (const ListenGroup *group);
/* Borrowed: the one with this number from 0. */
int listen_group_get_fd (const ListenGroup *group, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListenGroup, listen_group_close)

G_END_DECLS
