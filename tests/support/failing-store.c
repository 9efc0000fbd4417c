/* SPDX-License-Identifier: MIT */

#include "failing-store.h"

#include "h3/store/store-inside.h"

#include <stdatomic.h>

typedef struct {
    H3Store parent;
    H3Store *behind; /* ref */
    atomic_bool fails;
    atomic_uint n_asked;
} FailingStore;

typedef H3StoreClass FailingStoreClass;

GType failing_store_get_type (void);
G_DEFINE_TYPE (FailingStore, failing_store, H3_TYPE_STORE)

static void
ask (H3Store *store, const StoreOrder *order, StoreQuestion *question)
{
    FailingStore *self = (FailingStore *) store;

    atomic_fetch_add (&self->n_asked, 1);
    if (atomic_load (&self->fails))
        store_question_fail (question, H3_STORE_ERROR_UNREACHABLE, "it was told to fail");
    else
        H3_STORE_GET_CLASS (self->behind)->ask (self->behind, order, question);
}

static void
finalize (GObject *object)
{
    g_object_unref (((FailingStore *) object)->behind);
    G_OBJECT_CLASS (failing_store_parent_class)->finalize (object);
}

static void
failing_store_class_init (FailingStoreClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
    class->ask = ask;
}

static void
failing_store_init (FailingStore *self)
{
    atomic_init (&self->fails, FALSE);
    atomic_init (&self->n_asked, 0);
}

H3Store *
failing_store_new (H3Store *behind)
{
    FailingStore *self = g_object_new (failing_store_get_type (), NULL);

    self->behind = behind;
    return (H3Store *) self;
}

void
failing_store_set_failing (H3Store *store, gboolean fails)
{
    atomic_store (&((FailingStore *) store)->fails, fails);
}

guint
failing_store_count_asked (H3Store *store)
{
    return atomic_load (&((FailingStore *) store)->n_asked);
}
