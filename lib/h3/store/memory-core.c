/* SPDX-License-Identifier: MIT */

#include "memory-core.h"

#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/loop.h>

/* A shard is worth its lock from so many entries, and so many bytes, on. */
#define MAX_SHARDS    16
#define SHARD_ENTRIES 4096
#define SHARD_BYTES   (1024 * 1024)

/* Referenced by the core, as long as it is the core's, and by its loop, until it is told to end. */
struct _MemorySweep {
    atomic_uint references;
    Loop *loop;        /* ref */
    MemoryCore *core;  /* ref */
    Alarm alarm;       /* the loop's thread, as all below */
    EndingNode ending; /* of the loop */
    gboolean has_ended;
};

static guint
choose_n_shards (guint max_entries, gsize max_bytes)
{
    guint n = 1;

    while (n < MAX_SHARDS && max_entries / (n * 2) >= SHARD_ENTRIES
           && max_bytes / (n * 2) >= SHARD_BYTES)
        n *= 2;
    return n;
}

MemoryCore *
memory_core_new (guint max_entries, gsize max_bytes)
{
    MemoryCore *core = g_new0 (MemoryCore, 1);
    guint n = choose_n_shards (max_entries, max_bytes);

    atomic_init (&core->references, 1);
    atomic_init (&core->is_swept, FALSE);
    pthread_mutex_init (&core->lock, NULL);
    core->n_shards = n;
    core->shards = g_aligned_alloc0 (n, sizeof (LockedShard), __alignof__(LockedShard));
    for (guint i = 0; i < n; i++) {
        pthread_mutex_init (&core->shards[i].lock, NULL);
        memory_shard_init (&core->shards[i].shard, max_entries / n, max_bytes / n);
    }
    return core;
}

MemoryCore *
memory_core_ref (MemoryCore *core)
{
    atomic_fetch_add_explicit (&core->references, 1, memory_order_relaxed);
    return core;
}

void
memory_core_unref (MemoryCore *core)
{
    if (core == NULL || atomic_fetch_sub_explicit (&core->references, 1, memory_order_acq_rel) != 1)
        return;
    for (guint i = 0; i < core->n_shards; i++) {
        memory_shard_clear (&core->shards[i].shard);
        pthread_mutex_destroy (&core->shards[i].lock);
    }
    g_aligned_free (core->shards);
    pthread_mutex_destroy (&core->lock);
    g_free (core);
}

guint
memory_core_get_size (MemoryCore *core)
{
    guint size = 0;

    for (guint i = 0; i < core->n_shards; i++) {
        LockedShard *locked = &core->shards[i];

        pthread_mutex_lock (&locked->lock);
        size += locked->shard.size;
        pthread_mutex_unlock (&locked->lock);
    }
    return size;
}

void
memory_core_add_facts (MemoryCore *core, guint64 *entries, guint64 *max_entries, guint64 *bytes,
                       guint64 *max_bytes)
{
    for (guint i = 0; i < core->n_shards; i++) {
        LockedShard *locked = &core->shards[i];

        pthread_mutex_lock (&locked->lock);
        *entries += locked->shard.size;
        *max_entries += locked->shard.max_entries;
        *bytes += locked->shard.bytes;
        *max_bytes += locked->shard.max_bytes;
        pthread_mutex_unlock (&locked->lock);
    }
}

static void
look (MemoryCore *core)
{
    gint64 now = clock_get_now ();

    for (guint i = 0; i < core->n_shards; i++) {
        LockedShard *locked = &core->shards[i];
        MemoryGarbage garbage;

        pthread_mutex_lock (&locked->lock);
        memory_shard_sweep (&locked->shard, now, locked->shard.mask / MEMORY_SWEEP_ROUNDS + 1);
        garbage = memory_shard_take_garbage (&locked->shard);
        pthread_mutex_unlock (&locked->lock);
        memory_garbage_free (garbage);
    }
}

static void
unref_sweep (gpointer data)
{
    MemorySweep *sweep = data;

    if (atomic_fetch_sub_explicit (&sweep->references, 1, memory_order_acq_rel) != 1)
        return;
    memory_core_unref (sweep->core);
    loop_unref (sweep->loop);
    g_free (sweep);
}

/* Takes the sweep from its core, unless the core has done so itself. */
static void
leave_core (MemorySweep *sweep)
{
    MemoryCore *core = sweep->core;
    gboolean was_the_one;

    pthread_mutex_lock (&core->lock);
    was_the_one = core->sweep == sweep;
    if (was_the_one) {
        core->sweep = NULL;
        atomic_store (&core->is_swept, FALSE);
    }
    pthread_mutex_unlock (&core->lock);
    if (was_the_one)
        unref_sweep (sweep);
}

/* FALSE: another loop sweeps, or there is nothing to sweep for any more. */
static gboolean
join_core (MemorySweep *sweep)
{
    MemoryCore *core = sweep->core;
    gboolean is_the_one;

    pthread_mutex_lock (&core->lock);
    is_the_one = core->sweep == NULL && !core->has_ended;
    if (is_the_one) {
        atomic_fetch_add_explicit (&sweep->references, 1, memory_order_relaxed);
        core->sweep = sweep;
        atomic_store (&core->is_swept, TRUE);
    }
    pthread_mutex_unlock (&core->lock);
    return is_the_one;
}

/* The loop's part of it, once. */
static void
end_on_loop (MemorySweep *sweep)
{
    if (sweep->has_ended)
        return;
    sweep->has_ended = TRUE;
    alarms_clear (loop_get_alarms (sweep->loop), &sweep->alarm);
    endings_remove (loop_get_endings (sweep->loop), &sweep->ending);
    unref_sweep (sweep);
}

static void
on_loop_ending (EndingNode *node)
{
    MemorySweep *sweep =
        (MemorySweep *) (void *) ((char *) node - G_STRUCT_OFFSET (MemorySweep, ending));

    leave_core (sweep);
    end_on_loop (sweep);
}

/* Where nothing is left nobody sweeps. Who asks at the same moment either finds no sweep, and
 * starts one, or has put its entry where this finds it. */
static void
on_due (Alarm *alarm)
{
    MemorySweep *sweep =
        (MemorySweep *) (void *) ((char *) alarm - G_STRUCT_OFFSET (MemorySweep, alarm));
    gboolean goes_on = TRUE;

    look (sweep->core);
    if (memory_core_get_size (sweep->core) == 0) {
        leave_core (sweep);
        goes_on = memory_core_get_size (sweep->core) > 0 && join_core (sweep);
    }
    if (goes_on)
        alarms_set (loop_get_alarms (sweep->loop), alarm, clock_get_now () + MEMORY_SWEEP_PAUSE);
    else
        end_on_loop (sweep);
}

void
memory_core_start_sweep (MemoryCore *core)
{
    Loop *loop = loop_get_current ();
    MemorySweep *sweep;

    if (loop == NULL || loop_get_alarms (loop) == NULL
        || loop_get_endings (loop)->has_come[ENDING_CLOSE])
        return;
    sweep = g_new0 (MemorySweep, 1);
    atomic_init (&sweep->references, 1);
    sweep->loop = loop_ref (loop);
    sweep->core = memory_core_ref (core);
    sweep->alarm.on_due = on_due;
    sweep->ending.on_ending = on_loop_ending;
    if (!join_core (sweep)) {
        unref_sweep (sweep);
        return;
    }
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &sweep->ending);
    alarms_set (loop_get_alarms (loop), &sweep->alarm, clock_get_now () + MEMORY_SWEEP_PAUSE);
}

static void
stop_sweep (gpointer data)
{
    end_on_loop (data);
    unref_sweep (data);
}

void
memory_core_end (MemoryCore *core)
{
    MemorySweep *sweep;

    pthread_mutex_lock (&core->lock);
    core->has_ended = TRUE;
    sweep = core->sweep;
    core->sweep = NULL;
    pthread_mutex_unlock (&core->lock);
    /* What was the core's reference goes with the post. */
    if (sweep != NULL)
        loop_post (sweep->loop, stop_sweep, sweep, unref_sweep);
}
