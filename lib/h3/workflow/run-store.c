/* SPDX-License-Identifier: MIT */

#include "run-store-private.h"

#include "run-store-answer.h"

#include <h3/base/error.h>
#include <h3/loop/loop.h>

#include <signal.h>
#include <time.h>

static void
free_store (RunStore *store)
{
    RunItem *item;

    while ((item = run_item_queue_pop (&store->waiting)) != NULL)
        run_item_free (item);
    run_writer_clear (&store->writer);
    run_database_free (store->database);
    g_clear_error (&store->error);
    g_hash_table_unref (store->gaps);
    g_free (store->why);
    pthread_cond_destroy (&store->is_told);
    pthread_mutex_destroy (&store->lock);
    g_free (store);
}

static RunStore *
new_store (RunDatabase *database)
{
    RunStore *store = g_new0 (RunStore, 1);
    pthread_condattr_t attributes;

    pthread_mutex_init (&store->lock, NULL);
    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_cond_init (&store->is_told, &attributes);
    pthread_condattr_destroy (&attributes);
    run_item_queue_init (&store->told);
    run_item_queue_init (&store->waiting);
    run_item_queue_init (&store->questions);
    store->gaps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    store->max_bytes = RUN_STORE_WAITING_MAX;
    store->database = database;
    store->sweep_at = -1;
    run_writer_init (&store->writer, database);
    run_sweeper_init (&store->sweeper, database);
    return store;
}

/* Signals are for the program's own threads. */
static gboolean
start_thread (RunStore *store, GError **error)
{
    sigset_t all, before;
    int result;

    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    result = pthread_create (&store->thread, NULL, run_store_work, store);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (result == 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "no thread for a store of runs: %s",
                 g_strerror (result));
    return FALSE;
}

RunStore *
run_store_new (const char *path, GError **error)
{
    RunDatabase *database = run_database_new (path, error);
    RunStore *store;

    if (database == NULL)
        return NULL;
    store = new_store (database);
    if (start_thread (store, error))
        return store;
    free_store (store);
    return NULL;
}

void
run_store_free (RunStore *store)
{
    if (store == NULL)
        return;
    pthread_mutex_lock (&store->lock);
    store->is_ending = TRUE;
    pthread_cond_signal (&store->is_told);
    pthread_mutex_unlock (&store->lock);
    (void) pthread_join (store->thread, NULL);
    free_store (store);
}

/* Under the lock. */
static void
push (RunStore *store, RunItem *item)
{
    run_item_queue_push (&store->told, item);
    pthread_cond_signal (&store->is_told);
}

static void
tell (RunStore *store, RunItem *item)
{
    pthread_mutex_lock (&store->lock);
    store->n_bytes += item->size;
    push (store, item);
    pthread_mutex_unlock (&store->lock);
}

void
run_store_add_run (RunStore *store, const RunRecord *record)
{
    RunItemPayload with = { .run = *record };

    tell (store, run_item_new (RUN_ITEM_ADD_RUN, record->id, &with));
}

void
run_store_set_run (RunStore *store, const char *id, RunState state, const char *error, gint64 at)
{
    RunItemPayload with = { .state = { state, error, at } };

    tell (store, run_item_new (RUN_ITEM_SET_RUN, id, &with));
}

void
run_store_set_step (RunStore *store, const char *id, const StepRecord *record)
{
    RunItemPayload with = { .step = *record };

    tell (store, run_item_new (RUN_ITEM_SET_STEP, id, &with));
}

/* Under the lock. There is no room: of each stream one line without text says so, until there is
 * room again. FALSE: it has said so already. */
static gboolean
note_gap (RunStore *store, const char *id, RunItem **item)
{
    const LineRecord *line = &(*item)->with.line;
    RunItemPayload with = { .line = *line };
    char *stream =
        g_strdup_printf ("%s %u %d %s", id, line->attempt, (int) line->stream, line->step);
    RunItem *mark;

    if (!g_hash_table_add (store->gaps, stream))
        return FALSE;
    with.line.length = 0;
    with.line.is_cut = TRUE;
    mark = run_item_new (RUN_ITEM_ADD_LINE, id, &with);
    run_item_free (*item);
    *item = mark;
    return TRUE;
}

void
run_store_add_line (RunStore *store, const char *id, const LineRecord *line)
{
    RunItemPayload with = { .line = *line };
    RunItem *item;

    if (with.line.length > RUN_LINE_MAX) {
        with.line.length = RUN_LINE_MAX;
        with.line.is_cut = TRUE;
    }
    item = run_item_new (RUN_ITEM_ADD_LINE, id, &with);
    pthread_mutex_lock (&store->lock);
    if (store->n_bytes + item->size <= store->max_bytes || note_gap (store, id, &item)) {
        store->n_bytes += item->size;
        push (store, item);
        item = NULL;
    }
    pthread_mutex_unlock (&store->lock);
    run_item_free (item);
}

gboolean
run_store_is_well (RunStore *store, char **out_why)
{
    gboolean is_well;

    pthread_mutex_lock (&store->lock);
    is_well = store->why == NULL;
    if (out_why != NULL)
        *out_why = g_strdup (store->why);
    pthread_mutex_unlock (&store->lock);
    return is_well;
}

gboolean
run_store_has_room (RunStore *store)
{
    gboolean has_room;

    pthread_mutex_lock (&store->lock);
    has_room = store->n_bytes < store->max_bytes / 2;
    pthread_mutex_unlock (&store->lock);
    return has_room;
}

void
run_store_set_keep (RunStore *store, guint max_runs, gint64 max_age_seconds)
{
    pthread_mutex_lock (&store->lock);
    store->max_runs = MAX (max_runs, 1);
    store->max_age = CLAMP (max_age_seconds, 1, G_MAXINT32) * 1000;
    store->keep_is_set = TRUE;
    pthread_cond_signal (&store->is_told);
    pthread_mutex_unlock (&store->lock);
}

void
run_store_listen (RunStore *store, const RunStoreListener *listener, gpointer data)
{
    pthread_mutex_lock (&store->lock);
    store->listener = *listener;
    store->listener_data = data;
    pthread_mutex_unlock (&store->lock);
}

static void
ask (RunStore *store, RunItemKind kind, const char *id, const RunItemPayload *with,
     void (*answer) (void), gpointer data, GDestroyNotify dropped)
{
    RunItem *item = run_item_new (kind, id, with);

    item->answer = answer;
    item->data = data;
    item->dropped = dropped;
    item->loop = loop_ref (loop_get_current ());
    pthread_mutex_lock (&store->lock);
    push (store, item);
    pthread_mutex_unlock (&store->lock);
}

void
run_store_ask_run (RunStore *store, const char *id, RunAnswer answer, gpointer data,
                   GDestroyNotify dropped)
{
    RunItemPayload with = { 0 };

    ask (store, RUN_ITEM_ASK_RUN, id, &with, (void (*) (void)) answer, data, dropped);
}

void
run_store_ask_runs (RunStore *store, const RunFilter *filter, RunAnswer answer, gpointer data,
                    GDestroyNotify dropped)
{
    RunItemPayload with = { .filter = *filter };

    ask (store, RUN_ITEM_ASK_RUNS, NULL, &with, (void (*) (void)) answer, data, dropped);
}

void
run_store_ask_events (RunStore *store, const char *id, guint64 after, guint max,
                      RunEventsAnswer answer, gpointer data, GDestroyNotify dropped)
{
    RunItemPayload with = { .events = { after, max } };

    ask (store, RUN_ITEM_ASK_EVENTS, id, &with, (void (*) (void)) answer, data, dropped);
}

void
run_store_ask_kept (RunStore *store, RunKeptAnswer answer, gpointer data, GDestroyNotify dropped)
{
    RunItemPayload with = { 0 };

    ask (store, RUN_ITEM_ASK_KEPT, NULL, &with, (void (*) (void)) answer, data, dropped);
}

void
run_store_take_unfinished (RunStore *store, RunFoundAnswer answer, gpointer data,
                           GDestroyNotify dropped)
{
    RunItemPayload with = { 0 };

    ask (store, RUN_ITEM_TAKE_UNFINISHED, NULL, &with, (void (*) (void)) answer, data, dropped);
}

gboolean
run_store_wait (RunStore *store, GError **error)
{
    RunItemPayload with = { 0 };
    RunItem *item = run_item_new (RUN_ITEM_ASK_KEPT, NULL, &with);
    RunWaiter *waiter = run_waiter_new ();

    item->data = waiter;
    pthread_mutex_lock (&store->lock);
    push (store, item);
    pthread_mutex_unlock (&store->lock);
    return run_waiter_finish (waiter, error);
}
