/* SPDX-License-Identifier: MIT
 *
 * The store, as its face and its thread share it. */

#pragma once

#include "run-store-item.h"
#include "run-store-sweep.h"
#include "run-store-write.h"
#include "run-store.h"

#include <pthread.h>

G_BEGIN_DECLS

/* So many bytes wait to be kept, then lines are dropped; half of it, and no new run is begun. */
#define RUN_STORE_WAITING_MAX (64 * 1024 * 1024)

struct _RunStore {
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows; nobody is called while it is held */
    pthread_cond_t is_told;
    RunItemQueue told;
    gsize n_bytes;    /* of what is told and not kept yet, the thread's too */
    gsize max_bytes;  /* RUN_STORE_WAITING_MAX, but in tests */
    GHashTable *gaps; /* owned: streams of which lines were dropped since there was room */
    char *why;        /* owned: what is wrong; NULL: all is well */
    gboolean keep_is_set;
    gint64 max_runs, max_age;
    gboolean is_ending;
    RunStoreListener listener;
    gpointer listener_data;

    /* The thread's: */
    RunDatabase *database;  /* owned */
    RunItemQueue waiting;   /* told, and not kept yet */
    RunItemQueue questions; /* which are answered when all that waits has been tried */
    RunWriter writer;
    RunSweeper sweeper;
    gboolean has_begun; /* something was told or asked */
    GError *error;      /* owned: how it failed last; NULL: it did not */
    guint n_failures;   /* in a row */
    gint64 write_at;    /* microseconds of the precise clock: not before, after a failure */
    gint64 sweep_at;    /* the same: when there will be something to sweep; -1: never */
};

/* The thread, until the store is ending and all has been tried. */
void *run_store_work (void *store);

G_END_DECLS
