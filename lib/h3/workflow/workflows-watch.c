/* SPDX-License-Identifier: MIT */

#include "workflows-private.h"

#include <stdatomic.h>

struct _WorkflowsWatch {
    atomic_int references;
    H3Workflows *workflows;       /* borrowed: outlives the watch */
    Loop *loop;                   /* ref */
    char *id;                     /* owned */
    WorkflowsCommitted committed; /* its loop's; NULL: it is not watched any more */
    gpointer data;                /* its function's */
    gboolean is_posted;           /* under the workflows' lock */
};

static void
unref_watch (gpointer data)
{
    WorkflowsWatch *watch = data;

    if (atomic_fetch_sub_explicit (&watch->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_unref (watch->loop);
    g_free (watch->id);
    g_free (watch);
}

static void
tell (gpointer data)
{
    WorkflowsWatch *watch = data;

    if (watch->committed != NULL) {
        pthread_mutex_lock (&watch->workflows->lock);
        watch->is_posted = FALSE;
        pthread_mutex_unlock (&watch->workflows->lock);
        watch->committed (watch->data);
    }
    unref_watch (watch);
}

/* The store's thread. */
static void
on_committed (const char *id, guint64 last, gpointer data)
{
    H3Workflows *workflows = data;
    GPtrArray *watches;

    pthread_mutex_lock (&workflows->lock);
    watches = g_hash_table_lookup (workflows->watches, id);
    for (guint i = 0; watches != NULL && i < watches->len; i++) {
        WorkflowsWatch *watch = g_ptr_array_index (watches, i);

        if (watch->is_posted)
            continue;
        watch->is_posted = TRUE;
        atomic_fetch_add_explicit (&watch->references, 1, memory_order_relaxed);
        loop_post (watch->loop, tell, watch, unref_watch);
    }
    pthread_mutex_unlock (&workflows->lock);
}

static void
on_store_changed (const char *why, gpointer data)
{
    H3Workflows *workflows = data;
    char *copy = g_strdup (why);

    pthread_mutex_lock (&workflows->lock);
    g_free (workflows->store_fault);
    workflows->store_fault = copy;
    pthread_mutex_unlock (&workflows->lock);
}

const RunStoreListener workflows_store_listener = { on_committed, on_store_changed };

WorkflowsWatch *
workflows_watch (H3Workflows *workflows, const char *id, WorkflowsCommitted committed,
                 gpointer data)
{
    WorkflowsWatch *watch = g_new0 (WorkflowsWatch, 1);
    GPtrArray *watches;

    g_assert (loop_get_current () != NULL);
    atomic_init (&watch->references, 1);
    watch->workflows = workflows;
    watch->loop = loop_ref (loop_get_current ());
    watch->id = g_strdup (id);
    watch->committed = committed;
    watch->data = data;
    pthread_mutex_lock (&workflows->lock);
    watches = g_hash_table_lookup (workflows->watches, id);
    if (watches == NULL) {
        watches = g_ptr_array_new ();
        g_hash_table_insert (workflows->watches, g_strdup (id), watches);
    }
    g_ptr_array_add (watches, watch);
    pthread_mutex_unlock (&workflows->lock);
    return watch;
}

void
workflows_unwatch (WorkflowsWatch *watch)
{
    GPtrArray *watches;

    if (watch == NULL)
        return;
    watch->committed = NULL;
    pthread_mutex_lock (&watch->workflows->lock);
    watches = g_hash_table_lookup (watch->workflows->watches, watch->id);
    (void) g_ptr_array_remove_fast (watches, watch);
    if (watches->len == 0)
        (void) g_hash_table_remove (watch->workflows->watches, watch->id);
    pthread_mutex_unlock (&watch->workflows->lock);
    unref_watch (watch);
}
