/* SPDX-License-Identifier: MIT
 *
 * Runs that an earlier process of this folder left, where runs are shared: the queue says whose
 * they are. */

#include "workflows-queue.h"

#include <h3/loop/clock.h>

typedef struct {
    H3Workflows *workflows; /* borrowed */
    char *id;               /* owned */
    H3Plan *plan;           /* ref */
    char *input;            /* owned; NULL: none */
    gboolean was_begun;
} Left;

static void
free_left (gpointer data)
{
    Left *left = data;

    g_free (left->id);
    h3_plan_unref (left->plan);
    g_free (left->input);
    g_free (left);
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Left *left = data;
    H3Workflows *self = left->workflows;
    Run *run;

    (void) error;
    if (!self->is_stopping && !g_hash_table_contains (self->runs, left->id)) {
        run = run_new (&self->context, left->id, left->plan, left->input);
        if (left->was_begun)
            run_resume_document (run, document != NULL ? document->json : NULL, FALSE);
        workflows_thread_take_run (self, run);
    }
    free_left (left);
}

/* Nothing is sure while the queue is silent: a run is rather left alone than run twice. One that it
 * does not know was run here because the queue could not have it, and nobody else has it. */
static void
on_known (const RunDocument *document, const GError *error, gpointer data)
{
    Left *left = data;
    H3Workflows *self = left->workflows;

    (void) g_hash_table_add (self->known, g_strdup (left->id));
    if (document == NULL && error == NULL) {
        run_store_ask_run (self->store, left->id, on_document, left, free_left);
        return;
    }
    if (document != NULL)
        run_store_set_run (self->store, left->id, RUN_INTERRUPTED,
                           "the process that ran it has ended; another goes on with it",
                           clock_get_real ());
    free_left (left);
}

gboolean
workflows_queue_leaves (H3Workflows *self, const RunFound *found, H3Plan *plan)
{
    Left *left;

    if (self->queue == NULL)
        return FALSE;
    run_end_left (found);
    left = g_new (Left, 1);
    *left = (Left){ self, g_strdup (found->run.id), h3_plan_ref (plan), g_strdup (found->run.input),
                    found->state != RUN_PENDING };
    run_queue_ask (self->queue, found->run.id, on_known, left, free_left);
    return TRUE;
}
