/* SPDX-License-Identifier: MIT
 *
 * Workflows of several processes that share their runs over a queue: what is started goes there,
 * what there is room for comes from there, and what becomes of it is told there. The loop's
 * thread, but where it says otherwise. */

#include "workflows-queue.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>
#include <h3/store/store-url.h>

#define LOST "another process has taken the run"

/* A run that was taken from the queue, until its end is told there. */
struct _SharedRun {
    H3Workflows *workflows; /* borrowed */
    char *id, *workflow;    /* owned */
    gint64 at;              /* when it was asked for */
    WorkflowsWatch *watch;  /* owned */
    RunState state;         /* of one that is over */
    gboolean is_over;       /* here */
    gboolean is_asking;     /* the store, for its document */
    gboolean is_behind;     /* more of it was kept meanwhile */
    gboolean is_left;       /* it is not ours any more: nothing of it is told */
    gboolean is_given_back; /* as soon as its document is known */
};

static void
end_shared (SharedRun *shared)
{
    H3Workflows *self = shared->workflows;

    workflows_unwatch (g_steal_pointer (&shared->watch));
    if (shared->is_asking) {
        shared->is_left = TRUE;
        (void) g_hash_table_steal (self->shared, shared->id);
    } else {
        (void) g_hash_table_remove (self->shared, shared->id);
    }
    workflows_thread_end_if_done (self);
}

void
workflows_queue_free_shared (gpointer data)
{
    SharedRun *shared = data;

    workflows_unwatch (shared->watch);
    g_free (shared->id);
    g_free (shared->workflow);
    g_free (shared);
}

static void ask_document (SharedRun *shared);

/* All are told that it has ended, but not what it did. */
static void
tell_end_only (SharedRun *shared, const char *why)
{
    RunRecord record = { .id = shared->id, .workflow = shared->workflow, .at = shared->at };
    g_autoptr (GString) json = workflows_queue_describe (&record, NULL, shared->state, why);

    run_queue_end (shared->workflows->queue, shared->id, json->str, json->len);
}

/* Whether its end was told, and it is no more. While what it did cannot be kept that waits; where
 * the server ends it cannot, nor where the run was swept away already. */
static gboolean
tell_end (SharedRun *shared, const RunDocument *document, const GError *error)
{
    H3Workflows *self = shared->workflows;

    if (document != NULL && document->has_ended && document->length <= RUN_QUEUE_DOCUMENT_MAX)
        run_queue_end (self->queue, shared->id, document->json, document->length);
    else if (document != NULL && document->has_ended)
        tell_end_only (shared, "what it printed is too much to be shared");
    else if (shared->is_over && error == NULL && document == NULL)
        tell_end_only (shared, "what it did is not kept any more");
    else if (shared->is_over && error != NULL && self->is_stopping)
        tell_end_only (shared, error->message);
    else
        return FALSE;
    end_shared (shared);
    return TRUE;
}

/* Who goes on with it does so from its document: without the last one steps would be done again. */
static void
give_back (SharedRun *shared, const RunDocument *document)
{
    RunQueue *queue = shared->workflows->queue;

    if (document != NULL)
        (void) run_queue_publish (queue, shared->id, document->json, document->length);
    run_queue_release (queue, shared->id, TRUE);
    end_shared (shared);
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    SharedRun *shared = data;
    H3Workflows *self = shared->workflows;

    shared->is_asking = FALSE;
    if (shared->is_left) {
        workflows_queue_free_shared (shared);
        return;
    }
    if (shared->is_given_back && !shared->is_behind) {
        give_back (shared, document);
        return;
    }
    if (tell_end (shared, document, error))
        return;
    if (document != NULL)
        (void) run_queue_publish (self->queue, shared->id, document->json, document->length);
    if (shared->is_behind)
        ask_document (shared);
}

static void
on_dropped (gpointer data)
{
    SharedRun *shared = data;

    shared->is_asking = FALSE;
    if (shared->is_left)
        workflows_queue_free_shared (shared);
}

static void
ask_document (SharedRun *shared)
{
    shared->is_behind = shared->is_asking;
    if (shared->is_asking)
        return;
    shared->is_asking = TRUE;
    run_store_ask_run (shared->workflows->store, shared->id, on_document, shared, on_dropped);
}

static void
on_committed (gpointer data)
{
    ask_document (data);
}

static void
share (H3Workflows *self, const RunRecord *record)
{
    SharedRun *shared = g_new0 (SharedRun, 1);

    shared->workflows = self;
    shared->id = g_strdup (record->id);
    shared->workflow = g_strdup (record->workflow);
    shared->at = record->at;
    shared->state = RUN_INTERRUPTED;
    (void) g_hash_table_replace (self->shared, shared->id, shared);
    shared->watch = workflows_watch (self, record->id, on_committed, shared);
}

/* --- what comes from the queue --- */

static void
add_to_store (H3Workflows *self, const RunRecord *record, const H3Plan *plan)
{
    g_autofree const char **steps = g_new0 (const char *, plan->n_steps + 1);
    RunRecord whole = *record;

    for (guint i = 0; i < plan->n_steps; i++)
        steps[i] = plan->steps[i].id;
    whole.steps = steps;
    run_store_add_run (self->store, &whole);
}

/* Nobody can run it. */
static void
refuse (H3Workflows *self, const RunRecord *record, const char *why)
{
    g_autoptr (GString) json = workflows_queue_describe (record, NULL, RUN_FAILED, why);

    run_queue_end (self->queue, record->id, json->str, json->len);
}

/* One that the queue gives although it is here: it was run here because nobody could say that the
 * queue had it, or it is one that was lost and has not ended yet. */
static void
take_again (H3Workflows *self, Run *run, const RunTaken *taken)
{
    if (self->is_stopping || run_is_interrupted (run)) {
        run_queue_release (self->queue, taken->run.id, TRUE);
        return;
    }
    share (self, &taken->run);
    if (taken->is_cancelled)
        run_end (run, RUN_CANCELLED, "the run was cancelled");
}

static void
on_taken (const RunTaken *taken, gpointer data)
{
    H3Workflows *self = data;
    const RunRecord *record = &taken->run;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Plan) plan = h3_plan_new_from_text (record->plan, -1, &error);
    gboolean is_known = g_hash_table_contains (self->known, record->id);
    Run *run = g_hash_table_lookup (self->runs, record->id);

    if (run != NULL) {
        take_again (self, run, taken);
        return;
    }
    if (self->is_stopping) {
        run_queue_release (self->queue, record->id, taken->was_begun);
        return;
    }
    if (plan == NULL) {
        refuse (self, record, error->message);
        return;
    }
    add_to_store (self, record, plan);
    share (self, record);
    run = run_new (&self->context, record->id, plan, record->input);
    if (taken->was_begun)
        run_resume_document (run, taken->document, !is_known);
    if (taken->is_cancelled)
        run_end (run, RUN_CANCELLED, "the run was cancelled");
    workflows_thread_take_run (self, run);
}

static void
on_cancelled (const char *id, gpointer data)
{
    H3Workflows *self = data;
    Run *run = g_hash_table_lookup (self->runs, id);

    if (run != NULL)
        run_end (run, RUN_CANCELLED, "the run was cancelled");
}

static void
on_lost (const char *id, gpointer data)
{
    H3Workflows *self = data;
    Run *run = g_hash_table_lookup (self->runs, id);
    SharedRun *shared = g_hash_table_lookup (self->shared, id);

    if (shared != NULL)
        end_shared (shared);
    if (run != NULL)
        run_end (run, RUN_INTERRUPTED, LOST);
}

static void
on_queue_changed (const char *why, gpointer data)
{
    workflows_store_listener.changed (why, data);
}

static const RunQueueListener listener = { on_taken, on_cancelled, on_lost, on_queue_changed };

void
workflows_queue_set_room (H3Workflows *self)
{
    guint n = self->n_begun + self->line.length;

    if (self->queue != NULL)
        run_queue_set_room (self->queue,
                            n < self->max_runs && !self->is_stopping ? self->max_runs - n : 0);
}

/* --- what goes there --- */

/* A run on its way into the queue. */
typedef struct {
    H3Workflows *workflows; /* borrowed */
    char *id;               /* owned */
    H3Plan *plan;           /* ref */
    char *input;            /* owned; NULL: none */
    gint64 at;
} Given;

static void
free_given (gpointer data)
{
    Given *given = data;

    g_free (given->id);
    h3_plan_unref (given->plan);
    g_free (given->input);
    g_free (given);
}

static RunRecord
get_record (const Given *given)
{
    return (RunRecord){ given->id, given->plan->name, given->plan->text, given->input,
                        NULL,      given->at };
}

/* Where the queue cannot have it, it is run here: it was accepted. */
static void
on_added (const GError *error, gpointer data)
{
    Given *given = data;
    H3Workflows *self = given->workflows;
    RunRecord record = get_record (given);

    if (error != NULL) {
        pthread_mutex_lock (&self->lock);
        workflows_account_note (self, given->id, given->plan->name, RUN_PENDING);
        pthread_mutex_unlock (&self->lock);
        add_to_store (self, &record, given->plan);
        workflows_thread_take_run (self,
                                   run_new (&self->context, given->id, given->plan, given->input));
    }
    free_given (given);
}

static void
on_given (gpointer data)
{
    Given *given = data;
    RunRecord record = get_record (given);
    g_autoptr (GString) document =
        workflows_queue_describe (&record, given->plan, RUN_PENDING, NULL);

    run_queue_add (given->workflows->queue, &record, document->str, on_added, given, free_given);
}

/* Under the lock, any thread. */
void
workflows_queue_give (H3Workflows *self, const char *id, H3Plan *plan, const char *input)
{
    Given *given = g_new (Given, 1);

    *given =
        (Given){ self, g_strdup (id), h3_plan_ref (plan), g_strdup (input), clock_get_real () };
    loop_post (self->loop, on_given, given, free_given);
}

/* One that the queue could not have is here by now. */
static void
on_cancel_told (const GError *error, gpointer data)
{
    Given *given = data;

    if (error != NULL)
        on_cancelled (given->id, given->workflows);
    free_given (given);
}

void
workflows_queue_cancel (H3Workflows *self, const char *id)
{
    Given *given = g_new0 (Given, 1);

    given->workflows = self;
    given->id = g_strdup (id);
    run_queue_cancel (self->queue, id, on_cancel_told, given, free_given);
}

/* --- its life --- */

gboolean
workflows_queue_check (const char *url, GError **error)
{
    StoreUrl *parsed = store_url_parse (url, error);

    if (parsed == NULL)
        return FALSE;
    store_url_free (parsed);
    return TRUE;
}

gboolean
workflows_queue_open (H3Workflows *self, GError **error)
{
    g_autofree char *consumer = run_id_new (error);

    self->shared =
        g_hash_table_new_full (g_str_hash, g_str_equal, NULL, workflows_queue_free_shared);
    self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    if (self->queue_url == NULL)
        return TRUE;
    if (consumer == NULL)
        return FALSE;
    self->queue = run_queue_new (self->loop, self->queue_url, consumer, &listener, self, error);
    return self->queue != NULL;
}

void
workflows_queue_close (H3Workflows *self)
{
    g_clear_pointer (&self->queue, run_queue_free);
    g_clear_pointer (&self->shared, g_hash_table_unref);
    g_clear_pointer (&self->known, g_hash_table_unref);
}

/* Another has it: here it is told as interrupted, whatever its plan says. */
static void
note_lost (H3Workflows *self, const Run *run)
{
    run_store_set_run (self->store, run_get_id (run), RUN_INTERRUPTED, LOST, clock_get_real ());
    pthread_mutex_lock (&self->lock);
    workflows_account_note (self, run_get_id (run), run_get_workflow (run), RUN_INTERRUPTED);
    pthread_mutex_unlock (&self->lock);
}

void
workflows_queue_note_over (H3Workflows *self, const Run *run, RunState state)
{
    SharedRun *shared = g_hash_table_lookup (self->shared, run_get_id (run));
    gboolean goes_on = state == RUN_INTERRUPTED && run_goes_on (run);

    if (shared == NULL && goes_on && !self->is_stopping)
        note_lost (self, run);
    if (shared == NULL)
        return;
    if (goes_on && run_has_begun (run)) {
        shared->is_given_back = TRUE;
        ask_document (shared);
        return;
    }
    if (goes_on) {
        run_queue_release (self->queue, shared->id, FALSE);
        end_shared (shared);
        return;
    }
    shared->is_over = TRUE;
    shared->state = state;
    if (self->is_stopping)
        ask_document (shared);
}

void
workflows_queue_stop (H3Workflows *self)
{
    GHashTableIter iter;
    gpointer value;

    workflows_queue_set_room (self);
    g_hash_table_iter_init (&iter, self->shared);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        SharedRun *shared = value;

        if (shared->is_over)
            ask_document (shared);
    }
}

static void
on_drained (const GError *error, gpointer data)
{
    H3Workflows *self = data;

    self->is_drained = TRUE;
    workflows_thread_end_if_done (self);
}

gboolean
workflows_queue_is_done (H3Workflows *self)
{
    if (self->queue == NULL)
        return TRUE;
    if (g_hash_table_size (self->shared) > 0)
        return FALSE;
    if (!self->is_drained && !self->is_draining) {
        self->is_draining = TRUE;
        run_queue_drain (self->queue, on_drained, self);
    }
    return self->is_drained;
}
