/* SPDX-License-Identifier: MIT
 *
 * Of several that have the same plans, or the same folder: who begins what is due, who takes up
 * what another left. */

#include "workflows-private.h"

void
workflows_watch_schedules (H3Workflows *self)
{
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init (&iter, self->plans);
    while (g_hash_table_iter_next (&iter, &name, NULL))
        workflows_thread_set_schedules (self, name);
}

void
workflows_set_scheduling (H3Workflows *self, gboolean is_scheduling)
{
    pthread_mutex_lock (&self->lock);
    self->is_unscheduled = !is_scheduling;
    if (self->phase == WORKFLOWS_RUNNING)
        workflows_watch_schedules (self);
    pthread_mutex_unlock (&self->lock);
}

void
workflows_search (H3Workflows *self)
{
    pthread_mutex_lock (&self->lock);
    if (self->phase == WORKFLOWS_RUNNING)
        workflows_thread_search (self);
    pthread_mutex_unlock (&self->lock);
}
