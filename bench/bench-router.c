/* SPDX-License-Identifier: MIT
 *
 * What a match costs: ns of processor time for static, parameter and missing paths among 10, 100
 * and 1,000 routes, straight and through a route cache. The best of seven rounds. */

#include "h3/route/route-cache.h"

#include <time.h>

#define N_MATCHES 200000
#define N_PATHS   64

static const char *const kinds[] = { "static", "parameter", "two parameters", "miss",
                                     "miss at once" };

static char *
dup_path (guint kind, guint resource, guint id)
{
    switch (kind) {
    case 0:
        return g_strdup_printf ("/api/v1/resource%u/list", resource);
    case 1:
        return g_strdup_printf ("/api/v1/resource%u/%u", resource, id);
    case 2:
        return g_strdup_printf ("/api/v1/resource%u/%u/items/7", resource, id);
    case 3:
        return g_strdup_printf ("/api/v1/resource%u/%u/nothing", resource, id);
    default:
        return g_strdup_printf ("/favicon%u.ico", id);
    }
}

static gint64
now_in_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* Four routes a resource. */
static Router *
fill (guint n_routes)
{
    static const char *const tails[] = { "/list", "/:id", "/:id/items/:item", "" };
    Router *router = router_new ();

    for (guint i = 0; i < n_routes; i++) {
        g_autofree char *pattern = g_strdup_printf ("/api/v1/resource%u%s", i / 4, tails[i % 4]);

        if (router_add (router, "GET", pattern, NULL, NULL, NULL) == NULL)
            g_error ("%s was refused", pattern);
    }
    if (!router_freeze (router, NULL))
        g_error ("the router does not freeze");
    return router;
}

static double
measure (const Router *router, RouteCache *cache, H3View *paths)
{
    double best = G_MAXDOUBLE;
    guint found = 0;

    for (int round = 0; round < 7; round++) {
        gint64 start = now_in_ns ();

        for (guint i = 0; i < N_MATCHES; i++) {
            RouterMatch match;

            found += cache != NULL
                         ? route_cache_match (cache, H3_METHOD_GET, paths[i % N_PATHS], &match)
                         : router_match_method (router, H3_METHOD_GET, paths[i % N_PATHS], &match);
        }
        best = MIN (best, (double) (now_in_ns () - start) / N_MATCHES);
    }
    return found != G_MAXUINT ? best : 0;
}

int
main (void)
{
    static const guint sizes[] = { 10, 100, 1000 };

    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
        g_autoptr (Router) router = fill (sizes[s]);
        g_autoptr (RouteCache) cache = route_cache_new (router, 1024);

        for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
            H3View paths[N_PATHS];

            for (guint i = 0; i < N_PATHS; i++) {
                guint resource = i * 7 % MAX (1, sizes[s] / 4);

                paths[i] = h3_view_of (dup_path (k, resource, 1000 + i));
            }
            g_print ("%5u routes, %-15s %6.1f ns, %6.1f ns through a cache\n", sizes[s], kinds[k],
                     measure (router, NULL, paths), measure (router, cache, paths));
            for (guint i = 0; i < N_PATHS; i++)
                g_free ((char *) paths[i].data);
        }
    }
    return 0;
}
