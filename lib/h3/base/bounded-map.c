/* SPDX-License-Identifier: MIT */

#include "bounded-map.h"

#include "bounded-map-private.h"
#include "counters.h"

#include <stddef.h>

#define FIRST_CHAINS 16

static inline void
unlink_use (MapUse *use)
{
    use->newer->older = use->older;
    use->older->newer = use->newer;
}

static inline void
link_newest (BoundedMap *map, MapUse *use)
{
    use->newer = &map->ring;
    use->older = map->ring.older;
    use->older->newer = use;
    map->ring.older = use;
}

/* Where the pointer to the entry of `key` is, or would be. */
static inline MapEntry **
find (BoundedMap *map, H3View key, guint hash)
{
    MapEntry **at = &map->chains[hash & map->mask];

    while (
        *at != NULL
        && ((*at)->hash != hash || !h3_view_equal (h3_view ((*at)->key, (*at)->key_length), key)))
        at = &(*at)->next;
    return at;
}

/* Takes the entry that `*at` points at out, then ends it. */
static void
remove_at (BoundedMap *map, MapEntry **at)
{
    MapEntry *entry = *at;
    gpointer value = entry->value;

    *at = entry->next;
    unlink_use (&entry->use);
    map->size--;
    counters_add (COUNTER_MAP_ENTRIES, -1);
    g_free (entry);
    if (map->destroy_value != NULL)
        map->destroy_value (value);
}

static void
remove_entry (BoundedMap *map, MapEntry *entry)
{
    MapEntry **at = &map->chains[entry->hash & map->mask];

    while (*at != entry)
        at = &(*at)->next;
    remove_at (map, at);
}

static void
make_room (BoundedMap *map, guint max_entries)
{
    while (map->size > max_entries) {
        map->evictions++;
        remove_entry (map, (MapEntry *) map->ring.newer);
    }
}

/* Twice the chains: as many as entries at least, so that a chain is about one long. */
static void
grow (BoundedMap *map)
{
    guint mask = map->mask * 2 + 1;
    MapEntry **chains = g_new0 (MapEntry *, (gsize) mask + 1);

    for (guint i = 0; i <= map->mask; i++) {
        while (map->chains[i] != NULL) {
            MapEntry *entry = map->chains[i];

            map->chains[i] = entry->next;
            entry->next = chains[entry->hash & mask];
            chains[entry->hash & mask] = entry;
        }
    }
    g_free (map->chains);
    map->chains = chains;
    map->mask = mask;
}

BoundedMap *
bounded_map_new (guint max_entries, gint64 ttl, GDestroyNotify destroy_value)
{
    BoundedMap *map = g_new0 (BoundedMap, 1);

    g_assert (max_entries >= 1 && max_entries <= G_MAXINT && ttl >= 0);
    map->chains = g_new0 (MapEntry *, FIRST_CHAINS);
    map->mask = FIRST_CHAINS - 1;
    map->max_entries = max_entries;
    map->ttl = ttl;
    map->destroy_value = destroy_value;
    map->ring.newer = map->ring.older = &map->ring;
    return map;
}

guint
bounded_map_get_size (const BoundedMap *map)
{
    return map->size;
}

guint
bounded_map_get_max (const BoundedMap *map)
{
    return map->max_entries;
}

guint64
bounded_map_get_evictions (const BoundedMap *map)
{
    return map->evictions;
}

gpointer
bounded_map_get (BoundedMap *map, H3View key, gint64 now)
{
    MapEntry **at = find (map, key, h3_view_hash (key));
    MapEntry *entry = *at;

    if (entry == NULL)
        return NULL;
    if (entry->end <= now) {
        remove_at (map, at);
        return NULL;
    }
    unlink_use (&entry->use);
    link_newest (map, &entry->use);
    return entry->value;
}

void
bounded_map_put_until (BoundedMap *map, H3View key, gpointer value, gint64 end)
{
    guint hash = h3_view_hash (key);
    MapEntry *entry = *find (map, key, hash);
    gpointer replaced = NULL;

    g_assert (value != NULL);
    if (entry != NULL) {
        replaced = entry->value;
        unlink_use (&entry->use);
    } else {
        if (map->size > map->mask)
            grow (map);
        entry = g_malloc (offsetof (MapEntry, key) + key.length);
        if (key.length > 0)
            memcpy (entry->key, key.data, key.length);
        entry->key_length = key.length;
        entry->hash = hash;
        entry->next = map->chains[hash & map->mask];
        map->chains[hash & map->mask] = entry;
        map->size++;
        counters_add (COUNTER_MAP_ENTRIES, 1);
    }
    entry->value = value;
    entry->end = end;
    link_newest (map, &entry->use);
    if (replaced != NULL && map->destroy_value != NULL)
        map->destroy_value (replaced);
    make_room (map, map->max_entries);
}

void
bounded_map_put (BoundedMap *map, H3View key, gpointer value, gint64 now)
{
    bounded_map_put_until (map, key, value, map->ttl > 0 ? now + map->ttl : G_MAXINT64);
}

gboolean
bounded_map_remove (BoundedMap *map, H3View key)
{
    MapEntry **at = find (map, key, h3_view_hash (key));

    if (*at == NULL)
        return FALSE;
    remove_at (map, at);
    return TRUE;
}

void
bounded_map_clear (BoundedMap *map)
{
    while (map->size > 0)
        remove_entry (map, (MapEntry *) map->ring.newer);
}

void
bounded_map_set_max (BoundedMap *map, guint max_entries)
{
    g_assert (max_entries >= 1 && max_entries <= G_MAXINT);
    map->max_entries = max_entries;
    make_room (map, max_entries);
}

guint
bounded_map_sweep (BoundedMap *map, gint64 now, guint max_steps)
{
    guint n_removed = 0;

    for (guint step = 0; step < max_steps && step <= map->mask && map->size > 0; step++) {
        MapEntry **at = &map->chains[map->cursor++ & map->mask];

        /* Only one a chain, after which the destroy function may have changed the chain: the
         * next round finds the rest. */
        while (*at != NULL && (*at)->end > now)
            at = &(*at)->next;
        if (*at != NULL) {
            remove_at (map, at);
            n_removed++;
        }
    }
    return n_removed;
}

void
bounded_map_free (BoundedMap *map)
{
    if (map == NULL)
        return;
    bounded_map_clear (map);
    g_free (map->chains);
    g_free (map);
}
