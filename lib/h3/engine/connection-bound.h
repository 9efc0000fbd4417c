/* SPDX-License-Identifier: MIT
 *
 * How many connections a server takes, in all and from one address. Shared by its workers: the sum
 * is an atomic, the table of addresses (only where there is a bound for one) has a mutex. */

#pragma once

#include <h3/format/address.h>

G_BEGIN_DECLS

typedef struct _ConnectionBound ConnectionBound;

/* `per_address` 0: no bound. */
ConnectionBound *connection_bound_new (guint total, guint per_address);
void connection_bound_free (ConnectionBound *bound);

/* Where the sum is reached: whether somebody has left for the one who comes. */
typedef gboolean (*BoundMakeRoom) (gpointer data);

/* Counts a connection in; FALSE, with nothing counted, where it is one too many and no room could
 * be made (NULL: none can). For an address that has its share none is made. Unix sockets count for
 * the sum only. */
gboolean connection_bound_enter (ConnectionBound *bound, const H3Address *peer,
                                 BoundMakeRoom make_room, gpointer data);
void connection_bound_leave (ConnectionBound *bound, const H3Address *peer);

guint connection_bound_count (const ConnectionBound *bound);

G_END_DECLS
