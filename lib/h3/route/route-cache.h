/* SPDX-License-Identifier: MIT
 *
 * The last matches of routes with parameters, in front of a frozen router, with the least recently
 * used given up first. It owns copies of its keys and remembers where parameters stand, never a
 * slice of a request; what it answers is what the router would answer. Owned by a worker, whose
 * thread alone touches it, but for the statistics; the router lives longer. */

#pragma once

#include <h3/base/view.h>
#include <h3/route/router.h>

#include <glib.h>

G_BEGIN_DECLS

/* Longer paths are matched and not remembered. */
#define ROUTE_CACHE_MAX_PATH 512

#define ROUTE_CACHE_MAX_CAPACITY 65536

typedef struct _RouteCache RouteCache;

/* Routes without parameters, and paths that lead nowhere, count neither way. */
typedef struct {
    guint64 hits;
    guint64 misses;
    guint64 evictions;
    guint n_entries;
    guint capacity;
    double hit_rate; /* hits among hits and misses, 0 to 1; 0 before the first */
} RouteCacheStatistics;

/* Returns: (transfer full): an empty cache of at most `capacity` entries (and of
 * ROUTE_CACHE_MAX_CAPACITY), 0 for none. Borrows the router. */
RouteCache *route_cache_new (const Router *router, guint capacity);
void route_cache_free (RouteCache *cache);

/* What router_match_method () answers. */
RouterResult route_cache_match (RouteCache *cache, guint method, H3View path,
                                RouterMatch *out_match);

/* Remembers where the canonical paths of the NULL-terminated list lead, without counting them as
 * hits or misses; the last of them is the most recent. */
void route_cache_warm_up (RouteCache *cache, guint method, const char *const *paths);

/* Forgets all entries; what was counted stays. */
void route_cache_clear (RouteCache *cache);

/* Keeps the most recent entries of those that no longer find room. */
void route_cache_resize (RouteCache *cache, guint capacity);

/* Any thread, while the cache lives; numbers that are read while they change may be of different
 * moments. */
void route_cache_get_statistics (const RouteCache *cache, RouteCacheStatistics *out_statistics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RouteCache, route_cache_free)

G_END_DECLS
