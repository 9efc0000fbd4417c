/* SPDX-License-Identifier: MIT */

#include "memory-list.h"

#include <string.h>

/* Each is borrowed: its store takes it out before it lets go of it. */
typedef struct {
    MemoryCore *core;
    char *name; /* owned */
} Listed;

/* Guards the list. Nobody is called while it is held but for the numbers of a store, whose locks
 * are taken behind it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Listed *listed; /* owned */
static guint n_listed;

void
memory_list_add (MemoryCore *core)
{
    pthread_mutex_lock (&lock);
    listed = g_renew (Listed, listed, n_listed + 1);
    listed[n_listed++] = (Listed){ core, g_strdup ("store") };
    pthread_mutex_unlock (&lock);
}

/* Under the lock. */
static Listed *
find (const MemoryCore *core)
{
    for (guint i = 0; i < n_listed; i++) {
        if (listed[i].core == core)
            return &listed[i];
    }
    g_assert_not_reached ();
}

void
memory_list_set_name (const MemoryCore *core, const char *name)
{
    Listed *one;

    pthread_mutex_lock (&lock);
    one = find (core);
    g_free (one->name);
    one->name = g_strdup (name);
    pthread_mutex_unlock (&lock);
}

void
memory_list_remove (const MemoryCore *core)
{
    Listed *one;

    pthread_mutex_lock (&lock);
    one = find (core);
    g_free (one->name);
    n_listed--;
    memmove (one, one + 1, (gsize) (&listed[n_listed] - one) * sizeof *one);
    if (n_listed == 0)
        g_clear_pointer (&listed, g_free);
    pthread_mutex_unlock (&lock);
}

static void
clear_facts (gpointer data)
{
    g_free (((MemoryStoreFacts *) data)->name);
}

GArray *
memory_list_describe (void)
{
    GArray *all = g_array_new (FALSE, FALSE, sizeof (MemoryStoreFacts));

    g_array_set_clear_func (all, clear_facts);
    pthread_mutex_lock (&lock);
    for (guint i = 0; i < n_listed; i++) {
        MemoryStoreFacts facts = { .name = g_strdup (listed[i].name) };

        memory_core_add_facts (listed[i].core, &facts.entries, &facts.max_entries, &facts.bytes,
                               &facts.max_bytes);
        g_array_append_val (all, facts);
    }
    pthread_mutex_unlock (&lock);
    return all;
}
