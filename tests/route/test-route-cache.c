/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/route/route-cache.h"
#include "tests/support/suite.h"

static Router *
new_router (void)
{
    static const char *const patterns[] = { "/u/:id", "/u/:id/p/:post", "/static", "/f/**",
                                            "/n/:n([0-9]+)" };
    Router *router = router_new ();

    for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
        ck_assert_ptr_nonnull (router_add (router, "GET", patterns[i], NULL, NULL, NULL));
    ck_assert_ptr_nonnull (router_add (router, "POST", "/:any/:id", NULL, NULL, NULL));
    ck_assert (router_freeze (router, NULL));
    return router;
}

static RouterResult
ask (RouteCache *cache, const char *path)
{
    RouterMatch match;

    return route_cache_match (cache, H3_METHOD_GET, h3_view_of (path), &match);
}

static void
assert_statistics (const RouteCache *cache, guint64 hits, guint64 misses, guint64 evictions,
                   guint n_entries)
{
    RouteCacheStatistics found;

    route_cache_get_statistics (cache, &found);
    ck_assert_uint_eq (found.hits, hits);
    ck_assert_uint_eq (found.misses, misses);
    ck_assert_uint_eq (found.evictions, evictions);
    ck_assert_uint_eq (found.n_entries, n_entries);
    if (hits + misses > 0)
        ck_assert_double_eq_tol (found.hit_rate, (double) hits / (double) (hits + misses), 1e-9);
}

START_TEST (route_cache_counts_routes_with_parameters_only)
{
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 8);

    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq (ask (cache, "/u/1"), ROUTER_FOUND);
        ck_assert_int_eq (ask (cache, "/static"), ROUTER_FOUND);
        ck_assert_int_eq (ask (cache, "/none"), ROUTER_NOT_FOUND);
        ck_assert_int_eq (ask (cache, "/x/y"), ROUTER_METHOD_NOT_ALLOWED);
    }
    assert_statistics (cache, 2, 1, 0, 1);
}
END_TEST

START_TEST (route_cache_gives_up_the_least_recently_used)
{
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 2);

    ask (cache, "/u/1");
    ask (cache, "/u/2");
    ask (cache, "/u/1");
    ask (cache, "/u/3");
    assert_statistics (cache, 1, 3, 1, 2);
    ask (cache, "/u/1");
    assert_statistics (cache, 2, 3, 1, 2);
    ask (cache, "/u/2");
    assert_statistics (cache, 2, 4, 2, 2);
}
END_TEST

START_TEST (route_cache_owns_its_keys)
{
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 8);
    char path[] = "/u/1";

    ask (cache, path);
    path[3] = '2';
    ask (cache, path);
    path[3] = '1';
    ask (cache, path);
    assert_statistics (cache, 1, 2, 0, 2);
}
END_TEST

START_TEST (route_cache_tells_methods_apart)
{
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 8);
    RouterMatch match;

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq (route_cache_match (cache, H3_METHOD_GET, H3_VIEW ("/u/1"), &match),
                          ROUTER_FOUND);
        ck_assert_uint_eq (match.n_params, 1);
        ck_assert_int_eq (route_cache_match (cache, H3_METHOD_POST, H3_VIEW ("/u/1"), &match),
                          ROUTER_FOUND);
        ck_assert_uint_eq (match.n_params, 2);
        ck_assert_int_eq (route_cache_match (cache, H3_METHOD_PUT, H3_VIEW ("/u/1"), &match),
                          ROUTER_METHOD_NOT_ALLOWED);
    }
}
END_TEST

START_TEST (route_cache_does_not_remember_long_paths)
{
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 8);
    g_autofree char *path = g_strnfill (ROUTE_CACHE_MAX_PATH + 1, 'x');

    memcpy (path, "/u/", 3);
    ck_assert_int_eq (ask (cache, path), ROUTER_FOUND);
    assert_statistics (cache, 0, 0, 0, 0);
    path[ROUTE_CACHE_MAX_PATH] = '\0';
    ask (cache, path);
    ask (cache, path);
    assert_statistics (cache, 1, 1, 0, 1);
}
END_TEST

START_TEST (route_cache_warms_up_clears_and_resizes)
{
    static const char *const paths[] = { "/u/1", "/u/2", "/static", "/none", "/u/3", NULL };
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 8);
    gint64 hits = counters_read (COUNTER_ROUTE_CACHE_HITS);
    gint64 misses = counters_read (COUNTER_ROUTE_CACHE_MISSES);
    gint64 evictions = counters_read (COUNTER_ROUTE_CACHE_EVICTIONS);

    route_cache_warm_up (cache, H3_METHOD_GET, paths);
    assert_statistics (cache, 0, 0, 0, 3);
    ask (cache, "/u/1");
    assert_statistics (cache, 1, 0, 0, 3);
    route_cache_resize (cache, 2);
    assert_statistics (cache, 1, 0, 1, 2);
    ask (cache, "/u/1");
    ask (cache, "/u/3");
    assert_statistics (cache, 3, 0, 1, 2);
    route_cache_resize (cache, 100);
    ask (cache, "/u/3");
    assert_statistics (cache, 4, 0, 1, 2);
    route_cache_clear (cache);
    assert_statistics (cache, 4, 0, 1, 0);
    ask (cache, "/u/3");
    assert_statistics (cache, 4, 1, 1, 1);
    route_cache_resize (cache, 0);
    ask (cache, "/u/3");
    assert_statistics (cache, 4, 1, 2, 0);
    ck_assert_int_eq (counters_read (COUNTER_ROUTE_CACHE_HITS), hits + 4);
    ck_assert_int_eq (counters_read (COUNTER_ROUTE_CACHE_MISSES), misses + 1);
    ck_assert_int_eq (counters_read (COUNTER_ROUTE_CACHE_EVICTIONS), evictions + 2);
}
END_TEST

START_TEST (route_cache_never_changes_an_answer)
{
    static const char *const formats[] = { "u", "u/", "f", "static", "n", "x" };
    g_autoptr (Router) router = new_router ();
    g_autoptr (RouteCache) cache = route_cache_new (router, 16);
    const char *wish = g_getenv ("ROUTER_SEED");
    guint32 seed = wish != NULL ? (guint32) g_ascii_strtoull (wish, NULL, 10) : g_random_int ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    g_print ("ROUTER_SEED=%u\n", seed);
    for (int i = 0; i < 20000; i++) {
        g_autofree char *path =
            g_strdup_printf ("/%s/%d%s", formats[g_rand_int_range (rand, 0, 6)],
                             g_rand_int_range (rand, 0, 9), g_rand_boolean (rand) ? "" : "/p/7");
        guint method = (guint) g_rand_int_range (rand, H3_METHOD_GET, H3_METHOD_PUT + 1);
        RouterMatch plain, cached;
        RouterResult result = router_match_method (router, method, h3_view_of (path), &plain);

        ck_assert_int_eq (route_cache_match (cache, method, h3_view_of (path), &cached), result);
        if (i % 1000 == 0)
            route_cache_resize (cache, (guint) g_rand_int_range (rand, 0, 40));
        if (result != ROUTER_FOUND)
            continue;
        ck_assert_ptr_eq (cached.route, plain.route);
        ck_assert_uint_eq (cached.n_params, plain.n_params);
        ck_assert_mem_eq (cached.params, plain.params, plain.n_params * sizeof *plain.params);
    }
}
END_TEST

START_TEST (router_tells_where_a_regex_may_be_asked)
{
    g_autoptr (Router) router = new_router ();
    g_autoptr (Router) wild = router_new ();

    ck_assert (router_is_costly (router, H3_VIEW ("/n/1")));
    ck_assert (router_is_costly (router, H3_VIEW ("/n")));
    ck_assert (!router_is_costly (router, H3_VIEW ("/u/1")));
    ck_assert (!router_is_costly (router, H3_VIEW ("/static")));
    ck_assert_ptr_nonnull (router_add (wild, "GET", "/:any/:n([0-9]+)", NULL, NULL, NULL));
    ck_assert (router_freeze (wild, NULL));
    ck_assert (router_is_costly (wild, H3_VIEW ("/u/1")));
}
END_TEST

START_TEST (router_finds_plain_routes_without_its_tree)
{
    g_autoptr (Router) router = new_router ();
    RouterMatch found = { .n_params = 7 };

    ck_assert (router_match_plain (router, H3_METHOD_GET, H3_VIEW ("/static"), &found));
    ck_assert_str_eq (h3_route_get_pattern (found.route), "/static");
    ck_assert_uint_eq (found.n_params, 0);
    ck_assert (router_match_plain (router, H3_METHOD_GET, H3_VIEW ("/u/1"), &found));
    ck_assert_uint_eq (found.n_params, 1);
    ck_assert_uint_eq (found.params[0].offset, 3);
    ck_assert_uint_eq (found.params[0].length, 1);
    ck_assert (!router_match_plain (router, H3_METHOD_GET, H3_VIEW ("/n/1"), &found));
    ck_assert (!router_match_plain (router, H3_METHOD_PATCH, H3_VIEW ("/static"), &found));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "cache", route_cache_counts_routes_with_parameters_only,
                    route_cache_gives_up_the_least_recently_used, route_cache_owns_its_keys,
                    route_cache_tells_methods_apart, route_cache_does_not_remember_long_paths,
                    route_cache_warms_up_clears_and_resizes, route_cache_never_changes_an_answer,
                    router_tells_where_a_regex_may_be_asked,
                    router_finds_plain_routes_without_its_tree, NULL);
}

int
main (void)
{
    return suite_run ("route/route-cache", add_tests);
}
