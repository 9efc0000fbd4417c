/* SPDX-License-Identifier: MIT */

#include "memory-store.h"

#include "memory-list.h"
#include "store-inside.h"

#include <h3/base/counters.h>
#include <h3/loop/clock.h>

struct _H3MemoryStore {
    H3Store parent;
    MemoryCore *core; /* ref */
};

typedef struct {
    H3StoreClass parent_class;
} H3MemoryStoreClass;

G_DEFINE_TYPE (H3MemoryStore, h3_memory_store, H3_TYPE_STORE)

/* A question on its way through a shard. */
typedef struct {
    const StoreOrder *order; /* borrowed */
    guint hash;
    gint64 now;
    MemoryEntry *made; /* owned: an entry with the order's value, not yet in the shard */
    H3StoreAnswer answer;
    MemoryEntry *found;  /* ref: the entry whose bytes are the answer */
    gboolean wrong_kind; /* the key is of another */
} Visit;

static MemoryEntry *
find (MemoryShard *shard, const Visit *visit)
{
    return memory_shard_find (shard, visit->order->key, visit->hash, visit->now);
}

static gboolean
is_other_kind (Visit *visit, const MemoryEntry *entry, EntryKind kind)
{
    visit->wrong_kind = entry != NULL && entry->kind != kind;
    return visit->wrong_kind;
}

static void
tell_bytes (Visit *visit, MemoryEntry *entry)
{
    visit->found = memory_entry_ref (entry);
    visit->answer.expires_in = entry->end - visit->now;
}

static void
get (MemoryShard *shard, Visit *visit)
{
    MemoryEntry *entry = find (shard, visit);

    if (is_other_kind (visit, entry, ENTRY_BYTES))
        return;
    counters_add (entry != NULL ? COUNTER_STORE_HITS : COUNTER_STORE_MISSES, 1);
    if (entry != NULL)
        tell_bytes (visit, entry);
    else
        visit->answer.outcome = H3_STORE_ABSENT;
}

static void
put (MemoryShard *shard, Visit *visit)
{
    MemoryEntry *entry = find (shard, visit);

    if (entry != NULL)
        memory_shard_remove (shard, entry);
    memory_shard_insert (shard, g_steal_pointer (&visit->made), visit->now);
    visit->answer.expires_in = visit->order->ttl;
}

static void
take_out (MemoryShard *shard, Visit *visit)
{
    MemoryEntry *entry = find (shard, visit);

    if (entry != NULL)
        memory_shard_remove (shard, entry);
    else
        visit->answer.outcome = H3_STORE_ABSENT;
}

static void
touch (MemoryShard *shard, Visit *visit)
{
    MemoryEntry *entry = find (shard, visit);

    if (entry != NULL) {
        entry->end = visit->now + visit->order->ttl;
        visit->answer.expires_in = visit->order->ttl;
    } else {
        visit->answer.outcome = H3_STORE_ABSENT;
    }
}

static gboolean
has_bytes (const MemoryEntry *entry, GBytes *expected)
{
    gsize length;
    const char *data = g_bytes_get_data (expected, &length);

    return h3_view_equal (memory_entry_get_value (entry), h3_view (data, length));
}

static void
compare (MemoryShard *shard, Visit *visit)
{
    GBytes *expected = visit->order->expected;
    MemoryEntry *entry = find (shard, visit);

    if (is_other_kind (visit, entry, ENTRY_BYTES))
        return;
    if (entry == NULL && expected != NULL) {
        visit->answer.outcome = H3_STORE_ABSENT;
        return;
    }
    if (entry != NULL && (expected == NULL || !has_bytes (entry, expected))) {
        visit->answer.outcome = H3_STORE_CHANGED;
        tell_bytes (visit, entry);
        return;
    }
    if (entry != NULL)
        memory_shard_remove (shard, entry);
    if (visit->made != NULL) {
        memory_shard_insert (shard, g_steal_pointer (&visit->made), visit->now);
        visit->answer.expires_in = visit->order->ttl;
    }
}

static MemoryEntry *
begin (MemoryShard *shard, const Visit *visit, EntryKind kind, gint64 ttl)
{
    MemoryEntry *entry =
        memory_entry_new (kind, visit->order->key, visit->hash, H3_VIEW_EMPTY, visit->now + ttl);

    memory_shard_insert (shard, entry, visit->now);
    return entry;
}

static void
add (MemoryShard *shard, Visit *visit)
{
    const StoreOrder *order = visit->order;
    MemoryEntry *entry = find (shard, visit);
    gint64 sum;

    if (is_other_kind (visit, entry, ENTRY_COUNTER))
        return;
    sum = MAX ((entry != NULL ? entry->number : 0) + order->amount, 0);
    if (order->amount > 0 && sum > order->bound)
        visit->answer.outcome = H3_STORE_REFUSED;
    else if (entry == NULL && sum > 0)
        entry = begin (shard, visit, ENTRY_COUNTER, order->ttl);
    if (entry == NULL)
        return;
    if (visit->answer.outcome == H3_STORE_DONE)
        entry->number = sum;
    visit->answer.number = entry->number;
    visit->answer.expires_in = entry->end - visit->now;
}

static void
fill (MemoryShard *shard, Visit *visit)
{
    const StoreOrder *order = visit->order;
    MemoryEntry *entry = find (shard, visit);
    Bucket bucket = { 0 };
    gint64 rest;

    if (is_other_kind (visit, entry, ENTRY_BUCKET))
        return;
    if (entry != NULL)
        bucket = entry->bucket;
    if (!bucket_fill (&bucket, order->amount, order->bound, order->ttl, visit->now))
        visit->answer.outcome = H3_STORE_REFUSED;
    rest = bucket_get_time_to_empty (&bucket, order->bound);
    if (entry == NULL && rest > 0)
        entry = begin (shard, visit, ENTRY_BUCKET, rest);
    if (entry != NULL) {
        entry->bucket = bucket;
        entry->end = visit->now + rest;
    }
    visit->answer.number = bucket_get_level (&bucket);
    visit->answer.expires_in = visit->answer.outcome == H3_STORE_DONE
                                   ? rest
                                   : bucket_get_time_to_room (&bucket, order->amount, order->bound);
}

static void (*const acts[]) (MemoryShard *shard, Visit *visit) = {
    [STORE_GET] = get,         [STORE_PUT] = put, [STORE_REMOVE] = take_out, [STORE_TOUCH] = touch,
    [STORE_COMPARE] = compare, [STORE_ADD] = add, [STORE_FILL] = fill,
};

/* The bytes stay where they are: the answer holds their entry. */
static GBytes *
take_value (MemoryEntry *entry)
{
    H3View value = memory_entry_get_value (entry);

    return g_bytes_new_with_free_func (value.data, value.length,
                                       (GDestroyNotify) memory_entry_unref, entry);
}

static void
answer (Visit *visit, StoreQuestion *question)
{
    GBytes *value = NULL;

    if (visit->wrong_kind) {
        store_question_fail (question, H3_STORE_ERROR_KIND,
                             "what this key has in the store is of another kind");
        return;
    }
    if (visit->found != NULL && store_question_has_asker (question))
        value = take_value (g_steal_pointer (&visit->found));
    memory_entry_unref (visit->found);
    store_question_answer (question, &visit->answer, NULL, value);
}

/* All that is allocated for it comes before the lock. FALSE: it does not fit, and is answered. */
static gboolean
make_entry (Visit *visit, gsize max_bytes, StoreQuestion *question)
{
    const StoreOrder *order = visit->order;
    gsize length = 0;
    const char *data = order->value != NULL ? g_bytes_get_data (order->value, &length) : NULL;

    if (memory_entry_get_cost (order->key.length, length) > max_bytes) {
        store_question_fail (question, H3_STORE_ERROR_FULL,
                             "the value is larger than this store may keep");
        return FALSE;
    }
    if (order->value != NULL)
        visit->made = memory_entry_new (ENTRY_BYTES, order->key, visit->hash,
                                        h3_view (data, length), visit->now + order->ttl);
    return TRUE;
}

static void
ask (H3Store *store, const StoreOrder *order, StoreQuestion *question)
{
    MemoryCore *core = ((H3MemoryStore *) store)->core;
    Visit visit = { .order = order, .now = clock_get_now () };
    LockedShard *locked;
    MemoryGarbage garbage;

    if (order->act == STORE_COUNT) {
        visit.answer.number = memory_core_get_size (core);
        answer (&visit, question);
        return;
    }
    visit.hash = h3_view_hash (order->key);
    locked = memory_core_get_shard (core, visit.hash);
    if (!make_entry (&visit, locked->shard.max_bytes, question))
        return;
    pthread_mutex_lock (&locked->lock);
    acts[order->act](&locked->shard, &visit);
    garbage = memory_shard_take_garbage (&locked->shard);
    pthread_mutex_unlock (&locked->lock);
    memory_garbage_free (garbage);
    memory_entry_unref (visit.made);
    if (!atomic_load (&core->is_swept))
        memory_core_start_sweep (core);
    answer (&visit, question);
}

static void
finalize (GObject *object)
{
    H3MemoryStore *self = (H3MemoryStore *) object;

    memory_list_remove (self->core);
    memory_core_end (self->core);
    memory_core_unref (self->core);
    G_OBJECT_CLASS (h3_memory_store_parent_class)->finalize (object);
}

static void
h3_memory_store_class_init (H3MemoryStoreClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
    class->parent_class.ask = ask;
}

static void
h3_memory_store_init (H3MemoryStore *self)
{
}

H3Store *
h3_memory_store_new (guint max_entries, gsize max_bytes)
{
    H3MemoryStore *self;

    g_return_val_if_fail (max_entries >= 1 && max_entries <= G_MAXINT && max_bytes >= 4096, NULL);
    self = g_object_new (H3_TYPE_MEMORY_STORE, NULL);
    self->core = memory_core_new (max_entries, max_bytes);
    memory_list_add (self->core);
    return H3_STORE (self);
}

void
h3_memory_store_set_name (H3Store *store, const char *name)
{
    g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (store, H3_TYPE_MEMORY_STORE) && name != NULL);
    memory_list_set_name (((H3MemoryStore *) store)->core, name);
}
