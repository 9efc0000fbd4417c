/* SPDX-License-Identifier: MIT */

#include "store.h"

#include "store-private.h"

#include <stdatomic.h>

typedef struct {
    atomic_uint n_let_go; /* orders the threads that drop references before the one that ends it */
} H3StorePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (H3Store, h3_store, G_TYPE_OBJECT)

static H3StoreAnswer *
copy_answer (const H3StoreAnswer *answer)
{
    H3StoreAnswer *copy = g_memdup2 (answer, sizeof *answer);

    if (answer->error != NULL)
        copy->error = g_error_copy (answer->error);
    if (answer->value != NULL)
        g_bytes_ref (answer->value);
    return copy;
}

static void
free_answer (H3StoreAnswer *answer)
{
    if (answer->error != NULL)
        g_error_free ((GError *) answer->error);
    g_bytes_unref (answer->value);
    g_free (answer);
}

G_DEFINE_BOXED_TYPE (H3StoreAnswer, h3_store_answer, copy_answer, free_answer)

/* Not G_DEFINE_QUARK: what it remembers is a plain variable, which workers write at once. */
GQuark
h3_store_error_quark (void)
{
    return g_quark_from_static_string ("h3-store-error-quark");
}

static void
finalize (GObject *object)
{
    H3StorePrivate *private = h3_store_get_instance_private ((H3Store *) object);

    (void) atomic_load_explicit (&private->n_let_go, memory_order_acquire);
    G_OBJECT_CLASS (h3_store_parent_class)->finalize (object);
}

static void
h3_store_class_init (H3StoreClass *class)
{
    /* What GLib keeps of errors comes into being with the first, which several threads may meet
     * with at once; here all of them come later. */
    g_error_free (g_error_new_literal (H3_STORE_ERROR, 0, ""));
    G_OBJECT_CLASS (class)->finalize = finalize;
}

static void
h3_store_init (H3Store *store)
{
    H3StorePrivate *private = h3_store_get_instance_private (store);

    atomic_init (&private->n_let_go, 0);
}

void
store_let_go (H3Store *store)
{
    H3StorePrivate *private = h3_store_get_instance_private (store);

    atomic_fetch_add_explicit (&private->n_let_go, 1, memory_order_acq_rel);
    g_object_unref (store);
}

static void
ask (H3Store *store, const StoreOrder *order, H3StoreAnswered answered, gpointer user_data)
{
    StoreQuestion *question = store_question_new (store, answered, user_data);

    if (order->act != STORE_COUNT
        && (order->key.length == 0 || order->key.length > H3_STORE_MAX_KEY)) {
        store_question_fail (question, H3_STORE_ERROR_KEY,
                             order->key.length == 0 ? "a key of a store is empty"
                                                    : "a key of a store is longer than 512 bytes");
        return;
    }
    H3_STORE_GET_CLASS (store)->ask (store, order, question);
}

static gboolean
is_ttl (gint64 ttl)
{
    return ttl >= 1 && ttl <= H3_STORE_MAX_TTL;
}

gboolean
h3_store_is_well (H3Store *store)
{
    H3StoreClass *class;

    g_return_val_if_fail (H3_IS_STORE (store), FALSE);
    class = H3_STORE_GET_CLASS (store);
    return class->is_well == NULL || class->is_well (store);
}

void
h3_store_get (H3Store *store, const char *key, H3StoreAnswered answered, gpointer user_data)
{
    StoreOrder order = { .act = STORE_GET, .key = h3_view_of (key) };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL);
    ask (store, &order, answered, user_data);
}

void
h3_store_put (H3Store *store, const char *key, GBytes *value, gint64 ttl, H3StoreAnswered answered,
              gpointer user_data)
{
    StoreOrder order = { .act = STORE_PUT, .key = h3_view_of (key), .value = value, .ttl = ttl };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL && value != NULL && is_ttl (ttl));
    ask (store, &order, answered, user_data);
}

void
h3_store_remove (H3Store *store, const char *key, H3StoreAnswered answered, gpointer user_data)
{
    StoreOrder order = { .act = STORE_REMOVE, .key = h3_view_of (key) };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL);
    ask (store, &order, answered, user_data);
}

void
h3_store_touch (H3Store *store, const char *key, gint64 ttl, H3StoreAnswered answered,
                gpointer user_data)
{
    StoreOrder order = { .act = STORE_TOUCH, .key = h3_view_of (key), .ttl = ttl };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL && is_ttl (ttl));
    ask (store, &order, answered, user_data);
}

void
h3_store_compare_and_set (H3Store *store, const char *key, GBytes *expected, GBytes *value,
                          gint64 ttl, H3StoreAnswered answered, gpointer user_data)
{
    StoreOrder order = { .act = STORE_COMPARE,
                         .key = h3_view_of (key),
                         .value = value,
                         .expected = expected,
                         .ttl = ttl };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL);
    g_return_if_fail (value != NULL ? is_ttl (ttl) : expected != NULL);
    ask (store, &order, answered, user_data);
}

void
h3_store_add (H3Store *store, const char *key, gint64 amount, gint64 bound, gint64 ttl,
              H3StoreAnswered answered, gpointer user_data)
{
    StoreOrder order = {
        .act = STORE_ADD, .key = h3_view_of (key), .amount = amount, .bound = bound, .ttl = ttl
    };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL && is_ttl (ttl));
    g_return_if_fail (amount >= -H3_STORE_MAX_NUMBER && amount <= H3_STORE_MAX_NUMBER);
    g_return_if_fail (bound >= 0 && bound <= H3_STORE_MAX_NUMBER);
    ask (store, &order, answered, user_data);
}

void
h3_store_fill (H3Store *store, const char *key, gint64 amount, gint64 capacity, gint64 period,
               H3StoreAnswered answered, gpointer user_data)
{
    StoreOrder order = { .act = STORE_FILL,
                         .key = h3_view_of (key),
                         .amount = amount,
                         .bound = capacity,
                         .ttl = period };

    g_return_if_fail (H3_IS_STORE (store) && key != NULL && is_ttl (period));
    g_return_if_fail (capacity >= 1 && capacity <= H3_STORE_MAX_NUMBER / period);
    g_return_if_fail (amount >= -capacity);
    ask (store, &order, answered, user_data);
}

void
h3_store_count (H3Store *store, H3StoreAnswered answered, gpointer user_data)
{
    StoreOrder order = { .act = STORE_COUNT };

    g_return_if_fail (H3_IS_STORE (store));
    ask (store, &order, answered, user_data);
}
