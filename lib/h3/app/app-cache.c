/* SPDX-License-Identifier: MIT
 *
 * The route caches of an app's workers. A worker joins with its own and leaves again; what is asked
 * of all is posted to their loops, so that each cache is touched by its worker alone. */

#include "app-private.h"

#include <h3/base/character.h>
#include <h3/base/error.h>
#include <h3/format/path.h>
#include <h3/loop/loop.h>

#include <pthread.h>
#include <stdatomic.h>

#define DEFAULT_CAPACITY 1024

/* How many requests a worker looks up before it turns to its clients again. */
#define WARM_UP_STEP 256

/* Any thread. The mutex is never held while a loop is posted to. */
struct _AppCaches {
    pthread_mutex_t mutex; /* guards all below */
    guint capacity;
    GPtrArray *joined;            /* owned: AppCache, refs */
    GQueue kept;                  /* owned: char *; requests for workers to come, the latest last */
    GHashTable *places;           /* owned; a request of `kept` to its link, both borrowed */
    H3RouteCacheStatistics ended; /* what those that left had counted */
};

/* One worker's. References are its own, the list's above, and those of what is posted. */
struct _AppCache {
    atomic_int references;
    AppCaches *caches;    /* borrowed: the app's, which holds as long as its server runs */
    const Router *router; /* borrowed: the app's table */
    Loop *loop;           /* ref */
    RouteCache *routes;   /* owned; NULL: it has left. Others read its statistics while it is in
                           * the list */
    guint n_clears;       /* the worker's own */
};

/* A list on its way through a worker. */
typedef struct {
    AppCache *cache;     /* ref */
    GPtrArray *requests; /* owned: char *; a copy a worker */
    guint next;
    guint n_clears; /* of the cache, when it was begun: a later one ends it */
} WarmUp;

static AppCache *
ref_cache (AppCache *cache)
{
    atomic_fetch_add_explicit (&cache->references, 1, memory_order_relaxed);
    return cache;
}

static void
unref_cache (gpointer data)
{
    AppCache *cache = data;

    if (atomic_fetch_sub_explicit (&cache->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_unref (cache->loop);
    g_free (cache);
}

static gpointer
copy_cache (gconstpointer cache, gpointer unused)
{
    return ref_cache ((AppCache *) cache);
}

/* (transfer full); with the mutex held. */
static GPtrArray *
copy_joined (const AppCaches *caches)
{
    GPtrArray *joined = g_ptr_array_copy (caches->joined, copy_cache, NULL);

    g_ptr_array_set_free_func (joined, unref_cache);
    return joined;
}

static void
post_to_all (GPtrArray *joined, LoopFunction function)
{
    for (guint i = 0; i < joined->len; i++) {
        AppCache *cache = joined->pdata[i];

        loop_post (cache->loop, function, ref_cache (cache), unref_cache);
    }
}

static gpointer
copy_request (gconstpointer request, gpointer unused)
{
    return g_strdup (request);
}

static GPtrArray *
new_requests (void)
{
    return g_ptr_array_new_with_free_func (g_free);
}

/* (transfer full) */
static GPtrArray *
copy_requests (GPtrArray *requests)
{
    GPtrArray *copy = g_ptr_array_copy (requests, copy_request, NULL);

    g_ptr_array_set_free_func (copy, g_free);
    return copy;
}

AppCaches *
app_caches_new (void)
{
    AppCaches *caches = g_new0 (AppCaches, 1);

    pthread_mutex_init (&caches->mutex, NULL);
    caches->capacity = DEFAULT_CAPACITY;
    caches->joined = g_ptr_array_new_with_free_func (unref_cache);
    g_queue_init (&caches->kept);
    caches->places = g_hash_table_new (g_str_hash, g_str_equal);
    return caches;
}

void
app_caches_free (AppCaches *caches)
{
    if (caches == NULL)
        return;
    g_hash_table_unref (caches->places);
    g_queue_clear_full (&caches->kept, g_free);
    g_ptr_array_unref (caches->joined);
    pthread_mutex_destroy (&caches->mutex);
    g_free (caches);
}

/* What no regex is asked for is never looked up in the cache. */
static void
warm_up_one (AppCache *cache, const char *request)
{
    const char *blank = strchr (request, ' ');
    const char *path[] = { blank + 1, NULL };
    H3View method = h3_view (request, (gsize) (blank - request));

    if (router_is_costly (cache->router, h3_view_of (path[0])))
        route_cache_warm_up (cache->routes, router_find_method (cache->router, method), path);
}

static guint
get_capacity (AppCaches *caches)
{
    guint capacity;

    pthread_mutex_lock (&caches->mutex);
    capacity = caches->capacity;
    pthread_mutex_unlock (&caches->mutex);
    return capacity;
}

/* What is set, or to be warmed up, from when it is in the list is posted to it as well. */
AppCache *
app_cache_join (AppCaches *caches, const Router *router)
{
    AppCache *cache = g_new0 (AppCache, 1);
    g_autoptr (GPtrArray) requests = new_requests ();

    atomic_init (&cache->references, 1);
    cache->caches = caches;
    cache->router = router;
    cache->loop = loop_ref (loop_get_current ());
    cache->routes = route_cache_new (router, get_capacity (caches));
    pthread_mutex_lock (&caches->mutex);
    g_ptr_array_add (caches->joined, ref_cache (cache));
    for (const GList *link = caches->kept.head; link != NULL; link = link->next)
        g_ptr_array_add (requests, g_strdup (link->data));
    pthread_mutex_unlock (&caches->mutex);
    route_cache_resize (cache->routes, get_capacity (caches));
    for (guint i = 0; i < requests->len; i++)
        warm_up_one (cache, requests->pdata[i]);
    return cache;
}

static void
add_counted (H3RouteCacheStatistics *sum, const RouteCache *routes, RouteCacheStatistics *out_own)
{
    route_cache_get_statistics (routes, out_own);
    sum->hits += out_own->hits;
    sum->misses += out_own->misses;
    sum->evictions += out_own->evictions;
}

void
app_cache_leave (AppCache *cache)
{
    RouteCacheStatistics own;
    AppCaches *caches;

    if (cache == NULL)
        return;
    caches = cache->caches;
    pthread_mutex_lock (&caches->mutex);
    add_counted (&caches->ended, cache->routes, &own);
    (void) g_ptr_array_remove_fast (caches->joined, cache);
    pthread_mutex_unlock (&caches->mutex);
    g_clear_pointer (&cache->routes, route_cache_free);
    unref_cache (cache);
}

RouteCache *
app_cache_get (AppCache *cache)
{
    return cache->routes;
}

void
h3_app_get_route_cache_statistics (H3App *app, H3RouteCacheStatistics *out_statistics)
{
    AppCaches *caches;
    H3RouteCacheStatistics sum;

    g_return_if_fail (H3_IS_APP (app) && app->parent == NULL && out_statistics != NULL);
    caches = app->caches;
    pthread_mutex_lock (&caches->mutex);
    sum = caches->ended;
    for (guint i = 0; i < caches->joined->len; i++) {
        RouteCacheStatistics own;

        add_counted (&sum, ((const AppCache *) caches->joined->pdata[i])->routes, &own);
        sum.n_entries += own.n_entries;
        sum.capacity += own.capacity;
    }
    sum.n_caches = caches->joined->len;
    pthread_mutex_unlock (&caches->mutex);
    if (sum.hits + sum.misses > 0)
        sum.hit_rate = (double) sum.hits / (double) (sum.hits + sum.misses);
    *out_statistics = sum;
}

/* As it is wanted by now: of two who set it at once, all workers follow the same. */
static void
resize (gpointer data)
{
    AppCache *cache = data;

    if (cache->routes != NULL)
        route_cache_resize (cache->routes, get_capacity (cache->caches));
    unref_cache (cache);
}

void
h3_app_set_route_cache (H3App *app, guint capacity)
{
    g_autoptr (GPtrArray) joined = NULL;

    g_return_if_fail (H3_IS_APP (app) && app->parent == NULL);
    g_return_if_fail (capacity <= ROUTE_CACHE_MAX_CAPACITY);
    pthread_mutex_lock (&app->caches->mutex);
    app->caches->capacity = capacity;
    joined = copy_joined (app->caches);
    pthread_mutex_unlock (&app->caches->mutex);
    post_to_all (joined, resize);
}

/* (transfer full): in the form that paths are matched in; NULL with H3_ERROR. */
static char *
read_request (const char *text, GError **error)
{
    g_autofree char *path = NULL;
    g_autofree char *request = NULL;
    gsize length = 0;

    while (character_is (text[length], CHARACTER_TOKEN))
        length++;
    if (length > 0 && text[length] == ' ')
        path = h3_path_canonicalize_string (text + length + 1);
    if (path == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "'%s' cannot be looked up: it is no method, blank and path without a query, "
                     "as in GET /users/1",
                     text);
        return NULL;
    }
    request = g_strdup_printf ("%.*s %s", (int) length, text, path);
    return g_steal_pointer (&request);
}

/* With the mutex held. */
static void
keep (AppCaches *caches, char *request)
{
    GList *link = g_hash_table_lookup (caches->places, request);

    if (link != NULL) {
        g_queue_unlink (&caches->kept, link);
        g_queue_push_tail_link (&caches->kept, link);
        return;
    }
    g_queue_push_tail (&caches->kept, g_strdup (request));
    g_hash_table_insert (caches->places, caches->kept.tail->data, caches->kept.tail);
    if (caches->kept.length > ROUTE_CACHE_MAX_CAPACITY) {
        char *oldest = g_queue_pop_head (&caches->kept);

        g_hash_table_remove (caches->places, oldest);
        g_free (oldest);
    }
}

static void
free_warm_up (gpointer data)
{
    WarmUp *warm_up = data;

    unref_cache (warm_up->cache);
    g_ptr_array_unref (warm_up->requests);
    g_free (warm_up);
}

static void
step_warm_up (gpointer data)
{
    WarmUp *warm_up = data;
    AppCache *cache = warm_up->cache;
    guint end = MIN (warm_up->requests->len, warm_up->next + WARM_UP_STEP);

    if (warm_up->next == 0)
        warm_up->n_clears = cache->n_clears;
    if (cache->routes == NULL || warm_up->n_clears != cache->n_clears) {
        free_warm_up (warm_up);
        return;
    }
    for (; warm_up->next < end; warm_up->next++)
        warm_up_one (cache, warm_up->requests->pdata[warm_up->next]);
    if (end < warm_up->requests->len)
        loop_post (cache->loop, step_warm_up, warm_up, free_warm_up);
    else
        free_warm_up (warm_up);
}

gboolean
h3_app_warm_up_route_cache (H3App *app, const char *const *requests, GError **error)
{
    g_autoptr (GPtrArray) read = new_requests ();
    g_autoptr (GPtrArray) joined = NULL;

    g_return_val_if_fail (H3_IS_APP (app) && requests != NULL, FALSE);
    if (!app_can_configure (app, error))
        return FALSE;
    for (guint i = 0; requests[i] != NULL; i++) {
        char *request = read_request (requests[i], error);

        if (request == NULL)
            return FALSE;
        g_ptr_array_add (read, request);
    }
    pthread_mutex_lock (&app->caches->mutex);
    for (guint i = 0; i < read->len; i++)
        keep (app->caches, read->pdata[i]);
    joined = copy_joined (app->caches);
    pthread_mutex_unlock (&app->caches->mutex);
    for (guint i = 0; i < joined->len; i++) {
        WarmUp *warm_up = g_new0 (WarmUp, 1);

        warm_up->cache = ref_cache (joined->pdata[i]);
        warm_up->requests = copy_requests (read);
        loop_post (warm_up->cache->loop, step_warm_up, warm_up, free_warm_up);
    }
    return TRUE;
}

static void
clear (gpointer data)
{
    AppCache *cache = data;

    cache->n_clears++;
    if (cache->routes != NULL)
        route_cache_clear (cache->routes);
    unref_cache (cache);
}

void
h3_app_clear_route_cache (H3App *app)
{
    g_autoptr (GPtrArray) joined = NULL;

    g_return_if_fail (H3_IS_APP (app) && app->parent == NULL);
    pthread_mutex_lock (&app->caches->mutex);
    joined = copy_joined (app->caches);
    pthread_mutex_unlock (&app->caches->mutex);
    post_to_all (joined, clear);
}
