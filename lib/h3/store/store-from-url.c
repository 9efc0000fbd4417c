/* SPDX-License-Identifier: MIT
 *
 * A store by its URL: which of them that is. */

#include "memory-store.h"
#include "redis-store.h"
#include "store-url.h"
#include "store.h"

H3Store *
h3_store_new_from_url (const char *url, GError **error)
{
    g_autoptr (StoreUrl) parsed = NULL;

    g_return_val_if_fail (url != NULL, NULL);
    parsed = store_url_parse (url, error);
    if (parsed == NULL)
        return NULL;
    if (parsed->kind == STORE_URL_REDIS)
        return h3_redis_store_new (url, error);
    return h3_memory_store_new (parsed->max_entries, parsed->max_bytes);
}
