/* SPDX-License-Identifier: MIT
 *
 * The thread of a store. In each turn it takes all that was told and asked meanwhile, keeps the one
 * in as few transactions as can be, and answers the other: so what comes during a commit goes into
 * the next one together. */

#include "run-store-private.h"

#include "run-store-answer.h"

#include <h3/loop/clock.h>

#include <time.h>

#define ITEMS_A_COMMIT 4096
#define FIRST_PAUSE    50 /* milliseconds, doubled with each failure */
#define LAST_PAUSE     5000
#define SWEEP_PAUSE    10000
#define LONGEST_WAIT   3600000

/* Waits for something to be told, or for a moment to come. The lock is held. */
static void
await (RunStore *store, gint64 until)
{
    struct timespec at = { .tv_sec = until / G_USEC_PER_SEC,
                           .tv_nsec = until % G_USEC_PER_SEC * 1000 };

    if (until == G_MAXINT64)
        (void) pthread_cond_wait (&store->is_told, &store->lock);
    else
        (void) pthread_cond_timedwait (&store->is_told, &store->lock, &at);
}

/* When there is something to do although nothing is told. */
static gint64
get_due (const RunStore *store)
{
    gint64 due = G_MAXINT64;

    if (store->waiting.first != NULL)
        due = store->write_at;
    else if (store->sweep_at >= 0)
        due = store->sweep_at;
    return due;
}

/* Questions wait for what was told before them, and so for all that is taken with them. */
static void
sort (RunStore *store, RunItemQueue *told)
{
    RunItem *item;

    while ((item = run_item_queue_pop (told)) != NULL)
        run_item_queue_push (run_item_is_question (item) ? &store->questions : &store->waiting,
                             item);
}

static void
take_keep (RunStore *store)
{
    if (!store->keep_is_set)
        return;
    store->keep_is_set = FALSE;
    store->sweeper.max_runs = store->max_runs;
    store->sweeper.max_age = store->max_age;
    store->sweep_at = 0;
}

/* FALSE: the store is ending, and this is the last. */
static gboolean
take_told (RunStore *store)
{
    RunItemQueue told;
    gboolean is_ending;

    run_item_queue_init (&told);
    pthread_mutex_lock (&store->lock);
    while (store->told.first == NULL && !store->is_ending && !store->keep_is_set
           && get_due (store) > clock_get_precise ())
        await (store, get_due (store));
    run_item_queue_append (&told, &store->told);
    is_ending = store->is_ending;
    take_keep (store);
    pthread_mutex_unlock (&store->lock);
    /* Whoever opens the store says first how much it is to keep. */
    if (told.first != NULL && !store->has_begun) {
        store->has_begun = TRUE;
        store->sweep_at = 0;
    }
    sort (store, &told);
    return !is_ending;
}

/* Only what is new is told. */
static void
set_why (RunStore *store, const char *why)
{
    gboolean is_new;

    pthread_mutex_lock (&store->lock);
    is_new = (store->why == NULL) != (why == NULL);
    g_free (store->why);
    store->why = g_strdup (why);
    pthread_mutex_unlock (&store->lock);
    if (is_new && store->listener.changed != NULL)
        store->listener.changed (why, store->listener_data);
}

static void
note_failure (RunStore *store, GError *error)
{
    gint64 pause = MIN ((gint64) FIRST_PAUSE << MIN (store->n_failures, 10), LAST_PAUSE);

    g_debug ("runs cannot be kept: %s", error->message);
    g_clear_error (&store->error);
    store->error = error;
    store->n_failures++;
    store->write_at = clock_get_precise () + pause * 1000;
    set_why (store, error->message);
}

static void
tell_committed (const char *id, guint64 last_sequence, gpointer data)
{
    RunStore *store = data;

    store->listener.committed (id, last_sequence, store->listener_data);
}

static void
note_success (RunStore *store, RunItemQueue *kept)
{
    gsize n_bytes = 0;
    RunItem *item;

    while ((item = run_item_queue_pop (kept)) != NULL) {
        n_bytes += item->size;
        run_item_free (item);
    }
    pthread_mutex_lock (&store->lock);
    store->n_bytes -= n_bytes;
    if (store->n_bytes < store->max_bytes / 2)
        g_hash_table_remove_all (store->gaps);
    pthread_mutex_unlock (&store->lock);
    if (store->listener.committed != NULL)
        run_writer_foreach (&store->writer, tell_committed, store);
    run_sweeper_note_ended (&store->sweeper, store->writer.n_ended);
    if (store->writer.n_ended > 0)
        store->sweep_at = 0;
    store->n_failures = 0;
    g_clear_error (&store->error);
    set_why (store, NULL);
}

/* The items that were put are in `batch`, whatever comes of it. */
static gboolean
put_batch (RunStore *store, RunItemQueue *batch, GError **error)
{
    RunWriter *writer = &store->writer;

    if (!run_writer_begin (writer, error))
        return FALSE;
    for (guint i = 0; i < ITEMS_A_COMMIT && store->waiting.first != NULL; i++) {
        RunItem *item = run_item_queue_pop (&store->waiting);

        run_item_queue_push (batch, item);
        if (!run_writer_put (writer, item, error))
            return FALSE;
    }
    return run_writer_commit (writer, error);
}

/* FALSE: it cannot be kept now, and waits on. */
static gboolean
write_batch (RunStore *store)
{
    RunItemQueue batch;
    GError *error = NULL;

    run_item_queue_init (&batch);
    if (put_batch (store, &batch, &error)) {
        note_success (store, &batch);
        return TRUE;
    }
    run_writer_roll_back (&store->writer);
    run_item_queue_append (&batch, &store->waiting);
    store->waiting = batch;
    if (batch.first == NULL)
        run_item_queue_init (&store->waiting);
    note_failure (store, error);
    return FALSE;
}

static void
write_waiting (RunStore *store)
{
    while (store->waiting.first != NULL) {
        if (!write_batch (store))
            return;
    }
}

static void
answer_questions (RunStore *store)
{
    RunItem *question;

    while ((question = run_item_queue_pop (&store->questions)) != NULL)
        run_answer_give (store->database, question, store->error);
}

static void
sweep (RunStore *store)
{
    g_autoptr (GError) error = NULL;
    gint64 now = clock_get_precise (), wait;

    if (!run_sweeper_step (&store->sweeper, clock_get_real (), &wait, &error)) {
        g_debug ("runs cannot be swept: %s", error->message);
        wait = SWEEP_PAUSE;
    }
    store->sweep_at = wait < 0 ? -1 : now + MIN (wait, LONGEST_WAIT) * 1000;
}

void *
run_store_work (void *data)
{
    RunStore *store = data;
    gboolean goes_on;

    do {
        goes_on = take_told (store);
        if (!goes_on || store->write_at <= clock_get_precise ())
            write_waiting (store);
        answer_questions (store);
        if (goes_on && store->error == NULL && store->sweep_at >= 0
            && store->sweep_at <= clock_get_precise ())
            sweep (store);
    } while (goes_on);
    return NULL;
}
