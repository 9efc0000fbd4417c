/* SPDX-License-Identifier: MIT
 *
 * A memory store that fails when it is told to, or lets something happen before it does what it is
 * asked: what others do to a store meanwhile. Any thread. */

#pragma once

#include "h3/store/store-inside.h"

#include <stdatomic.h>

G_DECLARE_FINAL_TYPE (FickleStore, fickle_store, FICKLE, STORE, H3Store)

struct _FickleStore {
    H3Store parent_instance;
    H3Store *inner;                      /* ref */
    atomic_uint n_asked;                 /* in all */
    atomic_uint n_of[16];                /* by StoreAct */
    atomic_uint fails_at;                /* this question in all fails, from 1; 0: none */
    atomic_uint fails_always;            /* every question does */
    char last_key[H3_STORE_MAX_KEY + 1]; /* one thread at a time */
    /* Called before the question is answered, on the asking thread; NULL: nothing. */
    void (*before) (FickleStore *store, StoreAct act, gpointer user_data);
    gpointer user_data;
};

FickleStore *fickle_store_new (void); /* (transfer full) */

/* How many keys it has; waits for the answer on this thread's main context. */
guint fickle_store_count (FickleStore *store);
