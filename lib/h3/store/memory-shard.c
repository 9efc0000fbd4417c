/* SPDX-License-Identifier: MIT */

#include "memory-shard.h"

#include <h3/base/shared-count.h>

#include <stddef.h>

#define FIRST_CHAINS 16

/* What malloc and the chains add to an entry. */
#define OVERHEAD 24

/* Chains that each insertion looks at: twice as many as there are, by the time there are twice as
 * many entries. So without any sweep, too, most of what makes room has ended. */
#define CHAINS_AN_INSERTION 2

MemoryEntry *
memory_entry_new (EntryKind kind, H3View key, guint hash, H3View value, gint64 end)
{
    MemoryEntry *entry = g_malloc (offsetof (MemoryEntry, data) + key.length + value.length);

    atomic_init (&entry->references, 1);
    entry->end = end;
    entry->hash = hash;
    entry->kind = (guint8) kind;
    entry->key_length = (guint16) key.length;
    entry->bucket = (Bucket){ 0 };
    if (kind == ENTRY_BYTES)
        entry->length = value.length;
    memcpy (entry->data, key.data, key.length);
    if (value.length > 0)
        memcpy (entry->data + key.length, value.data, value.length);
    return entry;
}

MemoryEntry *
memory_entry_ref (MemoryEntry *entry)
{
    atomic_fetch_add_explicit (&entry->references, 1, memory_order_relaxed);
    return entry;
}

void
memory_entry_unref (MemoryEntry *entry)
{
    if (entry != NULL
        && atomic_fetch_sub_explicit (&entry->references, 1, memory_order_acq_rel) == 1)
        g_free (entry);
}

H3View
memory_entry_get_value (const MemoryEntry *entry)
{
    g_assert (entry->kind == ENTRY_BYTES);
    return h3_view (entry->data + entry->key_length, entry->length);
}

gsize
memory_entry_get_cost (gsize key_length, gsize value_length)
{
    return offsetof (MemoryEntry, data) + key_length + value_length + OVERHEAD;
}

static gsize
get_cost (const MemoryEntry *entry)
{
    return memory_entry_get_cost (entry->key_length,
                                  entry->kind == ENTRY_BYTES ? entry->length : 0);
}

static inline void
unlink_use (MemoryUse *use)
{
    use->newer->older = use->older;
    use->older->newer = use->newer;
}

static inline void
link_newest (MemoryShard *shard, MemoryUse *use)
{
    use->newer = &shard->ring;
    use->older = shard->ring.older;
    use->older->newer = use;
    shard->ring.older = use;
}

/* Takes the entry that `*at` points at out. */
static void
remove_at (MemoryShard *shard, MemoryEntry **at)
{
    MemoryEntry *entry = *at;

    *at = entry->next;
    unlink_use (&entry->use);
    shard->size--;
    shard->bytes -= get_cost (entry);
    shared_count_add (COUNTER_STORE_ENTRIES, -1);
    shared_count_add (COUNTER_STORE_BYTES, -(gint64) get_cost (entry));
    entry->next = shard->garbage;
    shard->garbage = entry;
}

static void
end_at (MemoryShard *shard, MemoryEntry **at)
{
    remove_at (shard, at);
    counters_add (COUNTER_STORE_EXPIRED, 1);
}

/* Twice the chains, so that a chain is about one long. What was there before is freed later. */
static void
grow (MemoryShard *shard)
{
    guint mask = shard->mask * 2 + 1;
    MemoryEntry **chains = g_new0 (MemoryEntry *, (gsize) mask + 1);

    for (guint i = 0; i <= shard->mask; i++) {
        while (shard->chains[i] != NULL) {
            MemoryEntry *entry = shard->chains[i];

            shard->chains[i] = entry->next;
            entry->next = chains[entry->hash & mask];
            chains[entry->hash & mask] = entry;
        }
    }
    shard->old_chains = shard->chains;
    shard->chains = chains;
    shard->mask = mask;
}

void
memory_shard_init (MemoryShard *shard, guint max_entries, gsize max_bytes)
{
    *shard = (MemoryShard){ .max_entries = max_entries, .max_bytes = max_bytes };
    shard->chains = g_new0 (MemoryEntry *, FIRST_CHAINS);
    shard->mask = FIRST_CHAINS - 1;
    shard->ring.newer = shard->ring.older = &shard->ring;
}

MemoryEntry *
memory_shard_find (MemoryShard *shard, H3View key, guint hash, gint64 now)
{
    MemoryEntry **at = &shard->chains[hash & shard->mask], *entry;

    while (
        (entry = *at) != NULL
        && (entry->hash != hash || !h3_view_equal (h3_view (entry->data, entry->key_length), key)))
        at = &entry->next;
    if (entry == NULL)
        return NULL;
    if (entry->end <= now) {
        end_at (shard, at);
        return NULL;
    }
    unlink_use (&entry->use);
    link_newest (shard, &entry->use);
    return entry;
}

void
memory_shard_remove (MemoryShard *shard, MemoryEntry *entry)
{
    MemoryEntry **at = &shard->chains[entry->hash & shard->mask];

    while (*at != entry)
        at = &(*at)->next;
    remove_at (shard, at);
}

void
memory_shard_sweep (MemoryShard *shard, gint64 now, guint n_chains)
{
    for (guint step = 0; step < n_chains && step <= shard->mask && shard->size > 0; step++) {
        MemoryEntry **at = &shard->chains[shard->cursor++ & shard->mask];

        while (*at != NULL) {
            if ((*at)->end <= now)
                end_at (shard, at);
            else
                at = &(*at)->next;
        }
    }
}

void
memory_shard_insert (MemoryShard *shard, MemoryEntry *entry, gint64 now)
{
    gsize cost = get_cost (entry);

    g_assert (cost <= shard->max_bytes);
    memory_shard_sweep (shard, now, CHAINS_AN_INSERTION);
    while (shard->size >= shard->max_entries || shard->bytes + cost > shard->max_bytes) {
        counters_add (COUNTER_STORE_EVICTIONS, 1);
        memory_shard_remove (shard, (MemoryEntry *) shard->ring.newer);
    }
    if (shard->size > shard->mask)
        grow (shard);
    entry->next = shard->chains[entry->hash & shard->mask];
    shard->chains[entry->hash & shard->mask] = entry;
    link_newest (shard, &entry->use);
    shard->size++;
    shard->bytes += cost;
    shared_count_add (COUNTER_STORE_ENTRIES, 1);
    shared_count_add (COUNTER_STORE_BYTES, (gint64) cost);
}

MemoryGarbage
memory_shard_take_garbage (MemoryShard *shard)
{
    MemoryGarbage garbage = { shard->garbage, shard->old_chains };

    shard->garbage = NULL;
    shard->old_chains = NULL;
    return garbage;
}

void
memory_garbage_free (MemoryGarbage garbage)
{
    while (garbage.entries != NULL) {
        MemoryEntry *entry = garbage.entries;

        garbage.entries = entry->next;
        memory_entry_unref (entry);
    }
    g_free (garbage.chains);
}

void
memory_shard_clear (MemoryShard *shard)
{
    while (shard->size > 0)
        memory_shard_remove (shard, (MemoryEntry *) shard->ring.newer);
    memory_garbage_free (memory_shard_take_garbage (shard));
    g_free (shard->chains);
}
