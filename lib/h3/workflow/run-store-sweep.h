/* SPDX-License-Identifier: MIT
 *
 * Lets go of ended runs when there are too many, or they are too old: a little at a time, so that
 * what is told does not wait for it. Owned by the store's thread. */

#pragma once

#include "run-store-database.h"

G_BEGIN_DECLS

typedef struct {
    RunDatabase *database; /* borrowed */
    gint64 max_runs;
    gint64 max_age;  /* milliseconds */
    gint64 n_ended;  /* runs that have ended; -1: to be counted */
    guint n_dropped; /* since they were counted: others may drop some as well */
} RunSweeper;

void run_sweeper_init (RunSweeper *sweeper, RunDatabase *database);
void run_sweeper_note_ended (RunSweeper *sweeper, guint n);

/* One step. `*out_wait`: 0 where there is more to be done, else milliseconds until there will be,
 * -1 never. FALSE with an error: it failed. */
gboolean run_sweeper_step (RunSweeper *sweeper, gint64 now, gint64 *out_wait, GError **error);

G_END_DECLS
