/* SPDX-License-Identifier: MIT
 *
 * The last messages of a channel, kept for clients that come back, bounded by number and bytes.
 * Embedded in its channel, whose mutex guards it: what it gives up is therefore handed out, to be
 * freed when the mutex is not held any more. */

#pragma once

#include <h3/engine/message-inside.h>

G_BEGIN_DECLS

typedef struct {
    H3Message **messages; /* owned: a circle of `capacity`; ref each */
    guint capacity;       /* a power of two, or 0 */
    guint first, length;
    guint max_messages; /* 0: none are kept */
    gsize max_bytes;
    gsize bytes; /* of data and names */
} Replay;

/* What does not fit any more is chained before `given_up`, the chain returned. */
H3Message *replay_set_bounds (Replay *replay, guint max_messages, gsize max_bytes,
                              H3Message *given_up);
/* Takes a reference. A message larger than all that may be kept empties it: there are no gaps. */
H3Message *replay_push (Replay *replay, H3Message *message, H3Message *given_up);
void replay_clear (Replay *replay);

/* The newest that has this id; NULL. */
H3Message *replay_find (const Replay *replay, const char *id);
/* The one of this sequence; NULL where it is not kept. */
H3Message *replay_get (const Replay *replay, guint64 sequence);
/* The oldest; NULL. */
H3Message *replay_get_first (const Replay *replay);

/* Of a chain. */
void replay_free_chain (H3Message *given_up);

G_END_DECLS
