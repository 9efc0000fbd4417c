/* SPDX-License-Identifier: MIT
 *
 * A part of a memory store: a keyed hash table with a bound of entries and one of bytes, where the
 * entry used longest ago makes room. Nothing is freed here: what has gone waits in `garbage` until
 * whoever locks the shard has unlocked it. One thread at a time. */

#pragma once

#include <h3/base/view.h>
#include <h3/store/bucket.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef enum { ENTRY_BYTES, ENTRY_COUNTER, ENTRY_BUCKET } EntryKind;

typedef struct _MemoryUse MemoryUse;
struct _MemoryUse {
    MemoryUse *newer, *older; /* borrowed: the ring; the shard's own stands between the ends */
};

/* Bytes that may be read as long as there is a reference, also when the entry has gone. */
typedef struct _MemoryEntry MemoryEntry;
struct _MemoryEntry {
    MemoryUse use;     /* first: a use is an entry */
    MemoryEntry *next; /* owned: the chain, or the garbage */
    gint64 end;        /* clock_get_now () milliseconds */
    atomic_uint references;
    guint hash;
    guint16 key_length;
    guint8 kind;
    union {
        gsize length; /* ENTRY_BYTES: never changes */
        gint64 number;
        Bucket bucket;
    };
    char data[]; /* the key, then the bytes */
};

typedef struct {
    MemoryEntry **chains; /* owned, and all entries with it */
    guint mask;           /* the number of chains - 1 */
    guint size, max_entries;
    gsize bytes, max_bytes;
    guint cursor;         /* the chain that the next sweep begins with */
    MemoryUse ring;       /* newer: the oldest; older: the newest */
    MemoryEntry *garbage; /* owned */
    gpointer old_chains;  /* owned: garbage too */
} MemoryShard;

/* What has gone, taken away from its shard. */
typedef struct {
    MemoryEntry *entries;
    gpointer chains;
} MemoryGarbage;

/* (transfer full): of no shard yet. `value` is empty for the kinds that have numbers. */
MemoryEntry *memory_entry_new (EntryKind kind, H3View key, guint hash, H3View value, gint64 end);
/* Any thread. */
MemoryEntry *memory_entry_ref (MemoryEntry *entry);
void memory_entry_unref (MemoryEntry *entry);
H3View memory_entry_get_value (const MemoryEntry *entry);
/* What it costs, with what malloc and the table need for it. */
gsize memory_entry_get_cost (gsize key_length, gsize value_length);

void memory_shard_init (MemoryShard *shard, guint max_entries, gsize max_bytes);
void memory_shard_clear (MemoryShard *shard);

/* (transfer none) (nullable): the entry, the one used last from now on; NULL: none, or its time is
 * up, and it has gone. */
MemoryEntry *memory_shard_find (MemoryShard *shard, H3View key, guint hash, gint64 now);
/* Takes it (transfer full), for a key that has none; others make room. */
void memory_shard_insert (MemoryShard *shard, MemoryEntry *entry, gint64 now);
void memory_shard_remove (MemoryShard *shard, MemoryEntry *entry);

/* Looks at the next so many chains for entries whose time is up. */
void memory_shard_sweep (MemoryShard *shard, gint64 now, guint n_chains);

MemoryGarbage memory_shard_take_garbage (MemoryShard *shard);
/* Any thread, without the lock. */
void memory_garbage_free (MemoryGarbage garbage);

G_END_DECLS
