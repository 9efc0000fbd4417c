/* SPDX-License-Identifier: MIT
 *
 * A store by its URL: which of them that is. */

#include "memory-store.h"
#include "store-url.h"
#include "store.h"

#include <h3/base/error.h>

H3Store *
h3_store_new_from_url (const char *url, GError **error)
{
    g_autoptr (StoreUrl) parsed = NULL;

    g_return_val_if_fail (url != NULL, NULL);
    parsed = store_url_parse (url, error);
    if (parsed == NULL)
        return NULL;
    if (parsed->kind != STORE_URL_MEMORY) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "a store's URL: only memory: can be opened yet");
        return NULL;
    }
    return h3_memory_store_new (parsed->max_entries, parsed->max_bytes);
}
