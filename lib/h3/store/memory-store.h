/* SPDX-License-Identifier: MIT
 *
 * A store in the memory of this process: bounded, gone with it. Since: 0.1 */

#pragma once

#include <h3/store/store.h>

G_BEGIN_DECLS

/**
 * H3MemoryStore:
 *
 * A store in the memory of this process: bounded, gone with it. What it is asked, #H3Store says.
 *
 * Since: 0.1
 */
typedef struct _H3MemoryStore H3MemoryStore;

#define H3_TYPE_MEMORY_STORE (h3_memory_store_get_type ())
GType h3_memory_store_get_type (void);

/**
 * h3_memory_store_new: (constructor)
 * @max_entries: the most keys it holds, at least 1
 * @max_bytes: the most memory it takes, keys, values and what they are kept in, at least 4096
 *
 * Makes a store in the memory of this process, which is gone with it. Any thread.
 *
 * Where another one would be too many, those used longest ago go. A big store is in parts (up to
 * 16), each with its part of the bounds: a value that would not fit in one is refused, and one
 * part may be full a little before the whole is.
 *
 * Returns: (transfer full) (type H3MemoryStore): the store
 *
 * Since: 0.1
 */
H3Store *h3_memory_store_new (guint max_entries, gsize max_bytes);

/**
 * h3_memory_store_set_name:
 * @store: (type H3MemoryStore): a store
 * @name: UTF-8, copied; `store` where nothing is said. Several may have the same
 *
 * Sets what the report of memory calls it (docs/memory.md). Any thread.
 *
 * Since: 0.1
 */
void h3_memory_store_set_name (H3Store *store, const char *name);

G_END_DECLS
