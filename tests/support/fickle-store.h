/* SPDX-License-Identifier: MIT
 *
 * A memory store that fails when it is told to, and counts what it is asked. Any thread. */

#pragma once

#include "h3/store/store-inside.h"

#include <pthread.h>
#include <stdatomic.h>

G_DECLARE_FINAL_TYPE (FickleStore, fickle_store, FICKLE, STORE, H3Store)

struct _FickleStore {
    H3Store parent_instance;
    H3Store *inner;           /* ref */
    atomic_uint n_asked;      /* in all */
    atomic_uint n_of[16];     /* by StoreAct */
    atomic_uint fails_at;     /* this question in all fails, from 1; 0: none */
    atomic_uint fails_always; /* every question does */
    pthread_mutex_t lock;     /* guards the next */
    char last_key[H3_STORE_MAX_KEY + 1];
};

FickleStore *fickle_store_new (void); /* (transfer full) */

/* How many keys it has; waits for the answer on this thread's main context. */
guint fickle_store_count (FickleStore *store);
