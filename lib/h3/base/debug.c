/* SPDX-License-Identifier: MIT */

#include "debug.h"

#include <stdatomic.h>

enum { UNKNOWN, UNWANTED, WANTED };

static atomic_int state;

gboolean
debug_is_wanted (void)
{
    int known = atomic_load_explicit (&state, memory_order_relaxed);

    if (G_UNLIKELY (known == UNKNOWN)) {
        known = g_getenv ("G_MESSAGES_DEBUG") != NULL ? WANTED : UNWANTED;
        atomic_store_explicit (&state, known, memory_order_relaxed);
    }
    return known == WANTED;
}
