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

typedef enum {
    BOUND_ENTERED,
    BOUND_IS_FULL,   /* and whoever was asked could make no room */
    BOUND_HAS_SHARE, /* the address has all that one may have: no room is made for it */
} BoundAnswer;

/* Counts a connection in, or counts nothing. Unix sockets count for the sum only. */
BoundAnswer connection_bound_enter (ConnectionBound *bound, const H3Address *peer,
                                    BoundMakeRoom make_room, gpointer data);
/* Counts the address of one that is counted in already, without one. FALSE: it has its share. */
gboolean connection_bound_claim_address (ConnectionBound *bound, const H3Address *peer);
void connection_bound_leave (ConnectionBound *bound, const H3Address *peer);

/* Connections that are counted nowhere yet, since another worker is asked for room. Each is a
 * descriptor: FALSE where there are so many that no more may be had. */
gboolean connection_bound_begin_waiting (ConnectionBound *bound);
void connection_bound_end_waiting (ConnectionBound *bound);

/* Counts a client that is turned away, and logs it. */
void connection_bound_note_refused (ConnectionBound *bound);

guint connection_bound_count (const ConnectionBound *bound);

G_END_DECLS
