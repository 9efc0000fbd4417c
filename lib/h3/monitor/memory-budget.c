/* SPDX-License-Identifier: MIT
 *
 * How the process stands to its budget. */

#include "memory-inside.h"

#include <malloc.h>
#include <stdatomic.h>

static _Atomic guint64 budget;
static atomic_bool is_told; /* the system has told what is resident, once at least */

const char *
h3_memory_health_get_name (H3MemoryHealth health)
{
    static const char *const names[] = { "good", "pressed", "critical" };

    g_return_val_if_fail (health <= H3_MEMORY_CRITICAL, NULL);
    return names[health];
}

H3MemoryHealth
h3_memory_health_of (guint64 used, guint64 of)
{
    if (of == 0)
        return H3_MEMORY_GOOD;
    if (used >= of - of / 10)
        return H3_MEMORY_CRITICAL;
    return used >= of - of / 4 ? H3_MEMORY_PRESSED : H3_MEMORY_GOOD;
}

void
h3_memory_set_budget (guint64 bytes)
{
    atomic_store (&budget, bytes);
}

guint64
h3_memory_get_budget (void)
{
    return atomic_load (&budget);
}

/* 0: the system tells at other times, but not now. */
static guint64
get_used (void)
{
    guint64 resident = h3_memory_get_resident ();

    if (resident != 0)
        atomic_store (&is_told, TRUE);
    else if (!atomic_load (&is_told))
        return h3_memory_get_allocated ();
    return resident;
}

H3MemoryHealth
h3_memory_get_health (void)
{
    guint64 of = h3_memory_get_budget ();

    return of != 0 ? h3_memory_health_of (get_used (), of) : H3_MEMORY_GOOD;
}

gboolean
memory_exceeds (guint64 used, guint64 of, gboolean was)
{
    return of != 0 && used >= of - of / 20 * (was ? 3 : 2);
}

gboolean
memory_is_short (guint64 of, gboolean was)
{
    guint64 used = get_used ();

    if (used == 0)
        return was;
    if (!memory_exceeds (used, of, was))
        return FALSE;
#ifdef __GLIBC__
    (void) malloc_trim (0);
    used = get_used ();
#endif
    return used == 0 ? was : memory_exceeds (used, of, was);
}
