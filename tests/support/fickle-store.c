/* SPDX-License-Identifier: MIT */

#include "fickle-store.h"

#include "asked-store.h"

#include "h3/store/memory-store.h"

G_DEFINE_TYPE (FickleStore, fickle_store, h3_store_get_type ())

static void
ask (H3Store *base, const StoreOrder *order, StoreQuestion *question)
{
    FickleStore *store = (FickleStore *) base;
    guint n = atomic_fetch_add (&store->n_asked, 1) + 1;

    if (order->act != STORE_COUNT) {
        pthread_mutex_lock (&store->lock);
        memcpy (store->last_key, order->key.data, order->key.length);
        store->last_key[order->key.length] = '\0';
        pthread_mutex_unlock (&store->lock);
    }
    atomic_fetch_add (&store->n_of[order->act], 1);
    if (atomic_load (&store->fails_always) || n == atomic_load (&store->fails_at))
        store_question_fail (question, H3_STORE_ERROR_UNREACHABLE, "the store is away");
    else
        H3_STORE_GET_CLASS (store->inner)->ask (store->inner, order, question);
}

static void
finalize (GObject *object)
{
    FickleStore *store = (FickleStore *) object;

    g_object_unref (store->inner);
    (void) pthread_mutex_destroy (&store->lock);
    G_OBJECT_CLASS (fickle_store_parent_class)->finalize (object);
}

static void
fickle_store_class_init (FickleStoreClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
    H3_STORE_CLASS (class)->ask = ask;
}

static void
fickle_store_init (FickleStore *store)
{
    (void) pthread_mutex_init (&store->lock, NULL);
    store->inner = h3_memory_store_new (100000, (gsize) 64 << 20);
}

FickleStore *
fickle_store_new (void)
{
    return g_object_new (fickle_store_get_type (), NULL);
}

guint
fickle_store_count (FickleStore *store)
{
    return (guint) ask_count (store->inner)->number;
}
