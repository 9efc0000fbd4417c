/* SPDX-License-Identifier: MIT */

#include "route-cache.h"

#include <h3/base/bounded-map.h>
#include <h3/base/counters.h>

#include <stdatomic.h>

/* The numbers are written by the cache's own thread alone, so that a load and a store suffice. */
struct _RouteCache {
    const Router *router; /* borrowed: whoever made the cache */
    BoundedMap *map;      /* owned; a method and a path to an Entry; NULL when the capacity is 0 */
    _Atomic guint64 hits, misses, evictions;
    atomic_uint n_entries, capacity; /* those of the map, for other threads */
};

typedef struct {
    const H3Route *route; /* borrowed: the router's */
    guint32 n_params;
    struct {
        guint16 offset, length;
    } params[];
} Entry;

/* The number of the method, then the path. */
typedef struct {
    char bytes[1 + ROUTE_CACHE_MAX_PATH];
} Key;

G_STATIC_ASSERT (ROUTE_CACHE_MAX_PATH <= G_MAXUINT16);
G_STATIC_ASSERT (METHODS_MAX_OF_ROUTER <= G_MAXUINT8);

static inline H3View
write_key (Key *key, guint method, H3View path)
{
    key->bytes[0] = (char) method;
    if (path.length > 0)
        memcpy (key->bytes + 1, path.data, path.length);
    return h3_view (key->bytes, 1 + path.length);
}

static inline void
add_to (_Atomic guint64 *number, guint64 n)
{
    atomic_store_explicit (number, atomic_load_explicit (number, memory_order_relaxed) + n,
                           memory_order_relaxed);
}

/* After every change of the map. */
static void
note_size (RouteCache *cache)
{
    gboolean has_map = cache->map != NULL;

    atomic_store_explicit (&cache->n_entries, has_map ? bounded_map_get_size (cache->map) : 0,
                           memory_order_relaxed);
    atomic_store_explicit (&cache->capacity, has_map ? bounded_map_get_max (cache->map) : 0,
                           memory_order_relaxed);
}

static void
count_evictions (RouteCache *cache, guint64 n)
{
    add_to (&cache->evictions, n);
    if (n > 0)
        counters_add (COUNTER_ROUTE_CACHE_EVICTIONS, (gint64) n);
}

static void
remember (RouteCache *cache, H3View key, const RouterMatch *match)
{
    Entry *entry = g_malloc (sizeof *entry + match->n_params * sizeof *entry->params);
    guint64 evictions = bounded_map_get_evictions (cache->map);

    entry->route = match->route;
    entry->n_params = match->n_params;
    for (guint i = 0; i < match->n_params; i++) {
        entry->params[i].offset = (guint16) match->params[i].offset;
        entry->params[i].length = (guint16) match->params[i].length;
    }
    bounded_map_put (cache->map, key, entry, 0);
    count_evictions (cache, bounded_map_get_evictions (cache->map) - evictions);
    note_size (cache);
}

static gboolean
recall (RouteCache *cache, H3View key, RouterMatch *out_match)
{
    const Entry *entry = bounded_map_get (cache->map, key, 0);

    if (entry == NULL)
        return FALSE;
    out_match->route = entry->route;
    out_match->n_params = entry->n_params;
    for (guint i = 0; i < entry->n_params; i++) {
        out_match->params[i].offset = entry->params[i].offset;
        out_match->params[i].length = entry->params[i].length;
    }
    return TRUE;
}

RouterResult
route_cache_match (RouteCache *cache, guint method, H3View path, RouterMatch *out_match)
{
    RouterResult result;
    H3View view;
    Key key; /* unset but for what is used */

    if (path.length > ROUTE_CACHE_MAX_PATH || cache->map == NULL)
        return router_match_method (cache->router, method, path, out_match);
    view = write_key (&key, method, path);
    if (recall (cache, view, out_match)) {
        add_to (&cache->hits, 1);
        counters_add (COUNTER_ROUTE_CACHE_HITS, 1);
        return ROUTER_FOUND;
    }
    result = router_match_method (cache->router, method, path, out_match);
    if (result == ROUTER_FOUND && out_match->n_params > 0) {
        add_to (&cache->misses, 1);
        counters_add (COUNTER_ROUTE_CACHE_MISSES, 1);
        remember (cache, view, out_match);
    }
    return result;
}

void
route_cache_warm_up (RouteCache *cache, guint method, const char *const *paths)
{
    for (guint i = 0; paths[i] != NULL && cache->map != NULL; i++) {
        H3View path = h3_view_of (paths[i]);
        RouterMatch match;
        Key key;

        if (path.length <= ROUTE_CACHE_MAX_PATH
            && router_match_method (cache->router, method, path, &match) == ROUTER_FOUND
            && match.n_params > 0)
            remember (cache, write_key (&key, method, path), &match);
    }
}

void
route_cache_clear (RouteCache *cache)
{
    if (cache->map != NULL)
        bounded_map_clear (cache->map);
    note_size (cache);
}

void
route_cache_resize (RouteCache *cache, guint capacity)
{
    capacity = MIN (capacity, ROUTE_CACHE_MAX_CAPACITY);
    if (capacity == 0 && cache->map != NULL) {
        count_evictions (cache, bounded_map_get_size (cache->map));
        g_clear_pointer (&cache->map, bounded_map_free);
    } else if (capacity > 0 && cache->map == NULL) {
        cache->map = bounded_map_new (capacity, 0, g_free);
    } else if (capacity > 0) {
        guint64 evictions = bounded_map_get_evictions (cache->map);

        bounded_map_set_max (cache->map, capacity);
        count_evictions (cache, bounded_map_get_evictions (cache->map) - evictions);
    }
    note_size (cache);
}

RouteCache *
route_cache_new (const Router *router, guint capacity)
{
    RouteCache *cache = g_new0 (RouteCache, 1);

    cache->router = router;
    route_cache_resize (cache, capacity);
    return cache;
}

void
route_cache_free (RouteCache *cache)
{
    if (cache == NULL)
        return;
    bounded_map_free (cache->map);
    g_free (cache);
}

void
route_cache_get_statistics (const RouteCache *cache, RouteCacheStatistics *out_statistics)
{
    RouteCache *self = (RouteCache *) cache; /* clang has atomics of what is not const only */
    guint64 hits = atomic_load_explicit (&self->hits, memory_order_relaxed);
    guint64 misses = atomic_load_explicit (&self->misses, memory_order_relaxed);

    *out_statistics = (RouteCacheStatistics){
        .hits = hits,
        .misses = misses,
        .evictions = atomic_load_explicit (&self->evictions, memory_order_relaxed),
        .n_entries = atomic_load_explicit (&self->n_entries, memory_order_relaxed),
        .capacity = atomic_load_explicit (&self->capacity, memory_order_relaxed),
        .hit_rate = hits + misses > 0 ? (double) hits / (double) (hits + misses) : 0,
    };
}
