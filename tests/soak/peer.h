/* SPDX-License-Identifier: MIT
 *
 * One client: a connection that does what its plan says, and holds every answer to it. Driven by a
 * crowd; one thread. */

#pragma once

#include "plan.h"

G_BEGIN_DECLS

typedef struct _Peer Peer;

/* (transfer full) (nullable): takes `plan`; connects from an address of its own choice among the
 * loopback's. NULL, with `out_wrong` (transfer full) set, where there is no connection. */
Peer *peer_new (Plan *plan, guint port, GRand *rand, gint64 now, char **out_wrong);
/* Closes; where it has not come to its end, with a reset. */
void peer_free (Peer *peer);

int peer_get_fd (const Peer *peer);
const Plan *peer_get_plan (const Peer *peer);
guint peer_count_answers (const Peer *peer);
/* What to wait for (EPOLLIN, EPOLLOUT), and until when at most, in milliseconds. */
guint32 peer_get_interest (const Peer *peer);
gint64 peer_get_wake (const Peer *peer);

typedef enum { PEER_GOES_ON, PEER_IS_THROUGH, PEER_HAS_FAILED } PeerState;

/* Does what can be done now. `out_wrong` (transfer full) says what has failed. */
PeerState peer_step (Peer *peer, guint32 events, gint64 now, char **out_wrong);

/* A description of where it is, for messages. */
char *peer_describe (const Peer *peer);

G_END_DECLS
