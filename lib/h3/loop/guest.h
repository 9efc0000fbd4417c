/* SPDX-License-Identifier: MIT
 *
 * Loops as guests of a GMainContext: a source of it steps them, on the thread that runs the
 * context, whenever they have something to do. Nothing is asked by the clock: the context waits
 * for what the loops wait for. Owned by whoever made it; the context's thread only. */

#pragma once

#include <h3/loop/loop.h>

G_BEGIN_DECLS

typedef struct _Guest Guest;

/* Steps both (refs), which are neither closed before guest_free () nor stepped by anybody else.
 * Once the first is stopped, `stopped (data)` is called in the place of its turn, once, and nothing
 * is stepped any more; it may free the guest. */
Guest *guest_new (GMainContext *context, Loop *first, Loop *second, LoopFunction stopped,
                  gpointer data);

/* Not within a turn of one of the loops. NULL is allowed. */
void guest_free (Guest *guest);

G_END_DECLS
