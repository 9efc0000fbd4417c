/* SPDX-License-Identifier: MIT
 *
 * What an app's workers remember of their last matches: each has a cache of its own for paths at
 * which a regex may be asked, where the app has routes with one. It never changes an answer. All of
 * this is for any thread, at any time, handlers included, and for the outermost app: a mounted one
 * has no workers. Part of <h3/app/app.h>. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _H3App H3App;

/**
 * H3RouteCacheStatistics:
 * @hits: matches that were remembered
 * @misses: matches that were not, and are from then on
 * @evictions: matches that were forgotten for want of room
 * @n_entries: matches that are remembered now, by all workers that run
 * @capacity: how many there may be, of all workers that run
 * @n_caches: workers that run and have a cache; 0 where no route has a regex
 * @hit_rate: hits among hits and misses, 0 to 1; 0 before the first
 *
 * The first three are of all the app's life, of workers too that have ended. Routes without a
 * parameter, and paths that lead nowhere, count neither way.
 *
 * Since: 0.1
 */
typedef struct {
    guint64 hits;
    guint64 misses;
    guint64 evictions;
    guint64 n_entries;
    guint64 capacity;
    guint n_caches;
    double hit_rate;
} H3RouteCacheStatistics;

/**
 * h3_app_get_route_cache_statistics:
 * @app: an app that is not mounted
 * @out_statistics: (out caller-allocates): the sum over its workers
 *
 * Says what the route caches of all workers have done. Asks no worker and waits for none: what is
 * counted meanwhile may be in one number and not yet in another.
 *
 * Since: 0.1
 */
void h3_app_get_route_cache_statistics (H3App *app, H3RouteCacheStatistics *out_statistics);

/**
 * h3_app_set_route_cache:
 * @app: an app that is not mounted
 * @capacity: how many matches each worker remembers; 0: none; at most 65,536; 1,024 without this
 *
 * Says how many matches each worker remembers. Workers that run hear of it soon: what finds no room
 * any more, used longest ago first, is forgotten. It holds for workers that start later too.
 *
 * Since: 0.1
 */
void h3_app_set_route_cache (H3App *app, guint capacity);

/**
 * h3_app_warm_up_route_cache:
 * @app: an app that is not mounted
 * @requests: (array zero-terminated=1) (transfer none): a method, a blank and a path as clients
 *   write it, without a query: `GET /users/1`. The last is the one that is remembered longest
 * @error: %H3_ERROR_INVALID, which names what is not of this form
 *
 * Has each worker remember where these lead, before a client asks: workers that start later before
 * their first connection, those that run soon, a few at a time between what clients ask. What leads
 * nowhere or asks no regex, or is longer than 512 bytes, is passed over. The app keeps the list, of
 * all lists the last 65,536 requests.
 *
 * Returns: %FALSE where one of @requests cannot be: none of them is taken
 *
 * Since: 0.1
 */
gboolean h3_app_warm_up_route_cache (H3App *app, const char *const *requests, GError **error);

/**
 * h3_app_clear_route_cache:
 * @app: an app that is not mounted
 *
 * Has each worker that runs forget its matches, soon; what is being warmed up by then is left. What
 * was counted stays, and the lists for workers that start later.
 *
 * Since: 0.1
 */
void h3_app_clear_route_cache (H3App *app);

G_END_DECLS
