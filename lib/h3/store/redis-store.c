/* SPDX-License-Identifier: MIT */

#include "redis-store.h"

#include "redis-links.h"
#include "redis-reply.h"
#include "store-private.h"

#include <h3/base/error.h>

struct _H3RedisStore {
    H3Store parent;
    RedisLinks *links; /* ref */
};

typedef struct {
    H3StoreClass parent_class;
} H3RedisStoreClass;

G_DEFINE_TYPE (H3RedisStore, h3_redis_store, H3_TYPE_STORE)

static gboolean
fits (const StoreOrder *order)
{
    return (order->value == NULL || g_bytes_get_size (order->value) <= REDIS_MAX_TEXT)
           && (order->expected == NULL || g_bytes_get_size (order->expected) <= REDIS_MAX_TEXT);
}

static void
ask (H3Store *store, const StoreOrder *order, StoreQuestion *question)
{
    RedisLinks *links = ((H3RedisStore *) store)->links;

    if (!fits (order)) {
        store_question_fail (question, H3_STORE_ERROR_FULL,
                             "the value is larger than this store may keep");
        return;
    }
    redis_links_ask (links, store_question_get_loop (question),
                     redis_command_new (order, redis_links_get_url (links)->prefix), question);
}

static gboolean
is_well (H3Store *store)
{
    return redis_links_are_well (((H3RedisStore *) store)->links);
}

static void
finalize (GObject *object)
{
    H3RedisStore *self = (H3RedisStore *) object;

    if (self->links != NULL)
        redis_links_end (self->links);
    G_OBJECT_CLASS (h3_redis_store_parent_class)->finalize (object);
}

static void
h3_redis_store_class_init (H3RedisStoreClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
    class->parent_class.ask = ask;
    class->parent_class.is_well = is_well;
}

static void
h3_redis_store_init (H3RedisStore *self)
{
}

H3Store *
h3_redis_store_new (const char *url, GError **error)
{
    g_autoptr (StoreUrl) parsed = NULL;
    H3RedisStore *self;

    g_return_val_if_fail (url != NULL, NULL);
    parsed = store_url_parse (url, error);
    if (parsed == NULL)
        return NULL;
    if (parsed->kind != STORE_URL_REDIS) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "a Redis store's URL: it begins with redis:// or redis+unix:");
        return NULL;
    }
    if (!redis_reader_is_there (error))
        return NULL;
    self = g_object_new (H3_TYPE_REDIS_STORE, NULL);
    self->links = redis_links_new (g_steal_pointer (&parsed));
    return H3_STORE (self);
}
