/* SPDX-License-Identifier: MIT
 *
 * The memory stores there are, for reports. Any thread. */

#pragma once

#include <h3/store/memory-core.h>

G_BEGIN_DECLS

typedef struct {
    char *name; /* owned */
    guint64 entries, max_entries, bytes, max_bytes;
} MemoryStoreFacts;

/* (transfer full): one for each, in the order in which they were made. */
GArray *memory_list_describe (void);

/* A store's: it is there from `add` on, called "store", until `remove`; what is given is its core.
 */
void memory_list_add (MemoryCore *core);
void memory_list_set_name (const MemoryCore *core, const char *name);
void memory_list_remove (const MemoryCore *core);

G_END_DECLS
