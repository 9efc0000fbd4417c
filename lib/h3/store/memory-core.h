/* SPDX-License-Identifier: MIT
 *
 * What a memory store keeps: shards, each under a lock of its own, and who sweeps them. Without
 * traffic, too, entries end: while there are any, one of the loops that ask looks at a few places
 * now and then, whichever of them asked first. Shared by the store and that loop; any thread. */

#pragma once

#include <h3/store/memory-shard.h>

#include <pthread.h>

G_BEGIN_DECLS

/* Milliseconds between two looks, and how many of them see all places. */
#define MEMORY_SWEEP_PAUSE  250
#define MEMORY_SWEEP_ROUNDS 256

typedef struct {
    pthread_mutex_t lock; /* nobody is called, and nothing freed, while it is held */
    MemoryShard shard;
} __attribute__ ((aligned (64))) LockedShard;

typedef struct _MemorySweep MemorySweep;

typedef struct {
    atomic_uint references;
    guint n_shards;       /* a power of two, from the start on */
    LockedShard *shards;  /* owned */
    atomic_bool is_swept; /* there is a sweep: what every question looks at */
    pthread_mutex_t lock; /* guards the rest */
    MemorySweep *sweep;   /* ref; NULL: no loop sweeps */
    gboolean has_ended;   /* the store is gone */
} MemoryCore;

MemoryCore *memory_core_new (guint max_entries, gsize max_bytes);
MemoryCore *memory_core_ref (MemoryCore *core);
void memory_core_unref (MemoryCore *core);

static inline LockedShard *
memory_core_get_shard (MemoryCore *core, guint hash)
{
    /* The table of a shard goes by the low bits. */
    return &core->shards[(hash >> 24) & (core->n_shards - 1)];
}

/* Entries in all. */
guint memory_core_get_size (MemoryCore *core);

/* Adds what the store keeps, and may keep, to these numbers. */
void memory_core_add_facts (MemoryCore *core, guint64 *entries, guint64 *max_entries,
                            guint64 *bytes, guint64 *max_bytes);

/* Has the current loop sweep from now on, if there is one, and no other does. */
void memory_core_start_sweep (MemoryCore *core);

/* The store's end: the sweep ends too, on its loop. */
void memory_core_end (MemoryCore *core);

G_END_DECLS
