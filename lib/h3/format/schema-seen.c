/* SPDX-License-Identifier: MIT */

#include "schema-run.h"

void
schema_seen_add_name (SchemaSeen *seen, const char *name)
{
    if (seen->names == NULL)
        seen->names = g_hash_table_new (NULL, NULL);
    (void) g_hash_table_add (seen->names, (gpointer) name);
}

void
schema_seen_add_index (SchemaSeen *seen, gsize index)
{
    if (seen->indices == NULL)
        seen->indices = g_hash_table_new (NULL, NULL);
    (void) g_hash_table_add (seen->indices, GSIZE_TO_POINTER (index));
}

gboolean
schema_seen_has_name (const SchemaSeen *seen, const char *name)
{
    return seen->has_all_names
           || (seen->names != NULL && g_hash_table_contains (seen->names, name));
}

gboolean
schema_seen_has_index (const SchemaSeen *seen, gsize index)
{
    return seen->has_all_items || index < seen->first_items
           || (seen->indices != NULL
               && g_hash_table_contains (seen->indices, GSIZE_TO_POINTER (index)));
}

static void
merge (GHashTable **table, GHashTable **from)
{
    GHashTableIter iter;
    gpointer key;

    if (*table == NULL) {
        *table = g_steal_pointer (from);
        return;
    }
    if (*from == NULL)
        return;
    g_hash_table_iter_init (&iter, *from);
    while (g_hash_table_iter_next (&iter, &key, NULL))
        (void) g_hash_table_add (*table, key);
}

void
schema_seen_merge (SchemaSeen *seen, SchemaSeen *from)
{
    merge (&seen->names, &from->names);
    merge (&seen->indices, &from->indices);
    seen->first_items = MAX (seen->first_items, from->first_items);
    seen->has_all_names |= from->has_all_names;
    seen->has_all_items |= from->has_all_items;
    schema_seen_clear (from);
}

void
schema_seen_clear (SchemaSeen *seen)
{
    g_clear_pointer (&seen->names, g_hash_table_unref);
    g_clear_pointer (&seen->indices, g_hash_table_unref);
    *seen = (SchemaSeen){ 0 };
}
