/* SPDX-License-Identifier: MIT
 *
 * The part of the workflows that shares runs with other processes; of those that share none it
 * does nothing. The loop's thread, but where it says otherwise. */

#pragma once

#include "workflows-private.h"

G_BEGIN_DECLS

/* Any thread: whether the url can be one. */
gboolean workflows_queue_check (const char *url, GError **error);

gboolean workflows_queue_open (H3Workflows *workflows, GError **error);
void workflows_queue_close (H3Workflows *workflows);
/* What the room is now. */
void workflows_queue_set_room (H3Workflows *workflows);

/* Under the lock, any thread: a run for whoever has room first. */
void workflows_queue_give (H3Workflows *workflows, const char *id, H3Plan *plan, const char *input);
/* Of a run that is not here. */
void workflows_queue_cancel (H3Workflows *workflows, const char *id);
/* A loop's thread: as workflows_ask_run (), of a run that is not here. */
void workflows_queue_ask (H3Workflows *workflows, const char *id, RunAnswer answer, gpointer data,
                          GDestroyNotify dropped);

/* Whether a run that was found is the queue's to give to somebody. */
gboolean workflows_queue_leaves (H3Workflows *workflows, const RunFound *found, H3Plan *plan);
/* It is over here; where it was interrupted others may run it on. */
void workflows_queue_note_over (H3Workflows *workflows, const Run *run, RunState state);
/* The server ends: what of ended runs is still to be told is told, as far as it can be. */
void workflows_queue_stop (H3Workflows *workflows);
/* Whether all that was told has arrived; else workflows_thread_end_if_done () is called when it
 * has. */
gboolean workflows_queue_is_done (H3Workflows *workflows);

void workflows_queue_free_shared (gpointer shared);

/* (transfer full): a run's document, of which nothing else is known; `plan` (nullable): whose steps
 * have not begun. */
GString *workflows_queue_describe (const RunRecord *record, const H3Plan *plan, RunState state,
                                   const char *why);

G_END_DECLS
