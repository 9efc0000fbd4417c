/* SPDX-License-Identifier: MIT */

#include "config-kept.h"

typedef struct {
    gatomicrefcount references;
    gpointer thing; /* owned */
    GDestroyNotify destroy;
} KeptThing;

struct _ConfigKept {
    GHashTable *things; /* owned: name → KeptThing, a reference */
    GHashTable *before; /* owned: likewise, of the configuration before; NULL: settled, or none */
};

static void
unref_thing (gpointer data)
{
    KeptThing *kept = data;

    if (!g_atomic_ref_count_dec (&kept->references))
        return;
    kept->destroy (kept->thing);
    g_free (kept);
}

static KeptThing *
ref_thing (KeptThing *kept)
{
    g_atomic_ref_count_inc (&kept->references);
    return kept;
}

static GHashTable *
new_table (void)
{
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_thing);
}

ConfigKept *
config_kept_new (const ConfigKept *before)
{
    ConfigKept *kept = g_new0 (ConfigKept, 1);
    GHashTableIter iter;
    gpointer name, thing;

    kept->things = new_table ();
    if (before == NULL)
        return kept;
    kept->before = new_table ();
    g_hash_table_iter_init (&iter, before->things);
    while (g_hash_table_iter_next (&iter, &name, &thing))
        g_hash_table_insert (kept->before, g_strdup (name), ref_thing (thing));
    return kept;
}

void
config_kept_settle (ConfigKept *kept)
{
    g_clear_pointer (&kept->before, g_hash_table_unref);
}

void
config_kept_free (ConfigKept *kept)
{
    if (kept == NULL)
        return;
    config_kept_settle (kept);
    g_hash_table_unref (kept->things);
    g_free (kept);
}

gpointer
config_kept_find (ConfigKept *kept, const char *name)
{
    KeptThing *found = g_hash_table_lookup (kept->things, name);

    if (found == NULL && kept->before != NULL) {
        found = g_hash_table_lookup (kept->before, name);
        if (found != NULL)
            g_hash_table_insert (kept->things, g_strdup (name), ref_thing (found));
    }
    return found != NULL ? found->thing : NULL;
}

gpointer
config_kept_add (ConfigKept *kept, const char *name, gpointer thing, GDestroyNotify destroy)
{
    KeptThing *added = g_new0 (KeptThing, 1);

    g_atomic_ref_count_init (&added->references);
    added->thing = thing;
    added->destroy = destroy;
    g_hash_table_insert (kept->things, g_strdup (name), added);
    return thing;
}
