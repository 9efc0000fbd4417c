/* SPDX-License-Identifier: MIT
 *
 * A store in the memory of this process: bounded, gone with it. Since: 0.1 */

#pragma once

#include <h3/store/store.h>

G_BEGIN_DECLS

#define H3_TYPE_MEMORY_STORE (h3_memory_store_get_type ())
GType h3_memory_store_get_type (void);

/**
 * h3_memory_store_new:
 * @max_entries: the most keys it holds, at least 1
 * @max_bytes: the most memory it takes, keys, values and what they are kept in, at least 4096
 *
 * Where another one would be too many, those used longest ago go. A big store is in parts (up to
 * 16), each with its part of the bounds: a value that would not fit in one is refused, and one part
 * may be full a little before the whole is.
 *
 * Returns: (transfer full): the store
 */
H3Store *h3_memory_store_new (guint max_entries, gsize max_bytes);

G_END_DECLS
