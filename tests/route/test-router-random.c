/* SPDX-License-Identifier: MIT
 *
 * The router against a matcher that does it the plain way: every route is tried on every path, and
 * of those that fit, the one with the smallest list of ranks, segment by segment, is the answer.
 * ROUTER_SEED repeats a run. */

#include "h3/route/router.h"
#include "tests/route/invented.h"
#include "tests/support/suite.h"

#define MAX_ROUTES 40
#define MAX_PARTS  8

typedef struct {
    char *method;                /* owned */
    char *pattern;               /* owned */
    char *ranks[MAX_PARTS + 1];  /* owned; how each segment ranks, NULL-terminated */
    char *values[MAX_PARTS + 1]; /* owned; of the last path that fitted */
} Plain;

static const char *const methods[] = { "GET", "GET", "POST", "HEAD", "*", "BREW" };

/* What stands between slashes; unlike with g_strsplit (), "/" has one segment, an empty one. */
static char **
split (const char *path)
{
    const char *const root[] = { "", NULL };

    return path[1] != '\0' ? g_strsplit (path + 1, "/", -1) : g_strdupv ((char **) root);
}

/* A letter for the kind, then what tells two of a kind apart. */
static void
rank_segments (Plain *route)
{
    g_auto (GStrv) written = split (route->pattern);

    for (guint i = 0; written[i] != NULL; i++) {
        const char *text = written[i];
        const char *regex = strchr (text, '(');

        if (g_str_has_prefix (text, "**"))
            route->ranks[i] = g_strdup ("5");
        else if (*text == '*')
            route->ranks[i] = g_strdup ("3");
        else if (*text != ':')
            route->ranks[i] = g_strconcat ("0", text, NULL);
        else if (regex != NULL)
            route->ranks[i] = g_strndup (regex, strlen (regex) - 1);
        else
            route->ranks[i] = g_strdup (g_str_has_suffix (text, "?") ? "4" : "2");
        if (regex != NULL)
            route->ranks[i][0] = '1';
    }
}

static gboolean
segment_fits (const char *rank, const char *part)
{
    g_autofree char *regex = NULL;

    if (*rank == '0')
        return g_str_equal (rank + 1, part);
    if (*part == '\0')
        return FALSE;
    if (*rank != '1')
        return TRUE;
    regex = g_strconcat ("^(", rank + 1, ")$", NULL);
    return g_regex_match_simple (regex, part, 0, 0);
}

/* Whether the route fits the path; notes the values if so. */
static gboolean
plain_fits (Plain *route, const char *path)
{
    g_auto (GStrv) given = split (path);
    guint n_given = g_strv_length (given), i, n_values = 0;
    gboolean is_root = n_given == 1 && *given[0] == '\0';

    for (i = 0; route->ranks[i] != NULL; i++) {
        char kind = *route->ranks[i];
        gboolean used_up = i == n_given || (is_root && i == 0);

        g_clear_pointer (&route->values[n_values], g_free);
        if (kind == '5') {
            route->values[n_values] = used_up ? g_strdup ("") : g_strjoinv ("/", given + i);
            return TRUE;
        }
        if (kind == '4' && used_up) {
            route->values[n_values] = g_strdup ("");
            return TRUE;
        }
        if (i >= n_given || !segment_fits (route->ranks[i], given[i]))
            return FALSE;
        if (kind != '0')
            route->values[n_values++] = g_strdup (given[i]);
    }
    return i == n_given;
}

static int
compare_ranks (const Plain *a, const Plain *b)
{
    for (guint i = 0;; i++) {
        int order = g_strcmp0 (a->ranks[i], b->ranks[i]); /* NULL is the least */

        if (order != 0 || a->ranks[i] == NULL)
            return order;
    }
}

/* How well the route's method takes `method`; 0 when it does not. */
static int
rate_method (const Plain *route, const char *method)
{
    if (g_str_equal (route->method, method))
        return 3;
    if (g_str_equal (method, "HEAD") && g_str_equal (route->method, "GET"))
        return 2;
    return g_str_equal (route->method, "*") ? 1 : 0;
}

static Plain *
plain_match (Plain *routes, guint n_routes, const char *method, const char *path,
             gboolean *out_any_method)
{
    Plain *best = NULL;

    *out_any_method = FALSE;
    for (guint i = 0; i < n_routes; i++) {
        int order;

        if (!plain_fits (&routes[i], path))
            continue;
        *out_any_method = TRUE;
        if (rate_method (&routes[i], method) == 0)
            continue;
        order = best != NULL ? compare_ranks (&routes[i], best) : -1;
        if (order < 0
            || (order == 0 && rate_method (&routes[i], method) > rate_method (best, method)))
            best = &routes[i];
    }
    return best;
}

static void
assert_same_answer (const Router *router, Plain *routes, guint n_routes, const char *method,
                    const char *path)
{
    gboolean any_method;
    const Plain *expected = plain_match (routes, n_routes, method, path, &any_method);
    H3View view = h3_view_of (path);
    RouterMatch match;
    RouterResult result = router_match (router, h3_view_of (method), view, &match);

    if (expected == NULL) {
        ck_assert_int_eq (result, any_method ? ROUTER_METHOD_NOT_ALLOWED : ROUTER_NOT_FOUND);
        return;
    }
    ck_assert_msg (result == ROUTER_FOUND, "%s %s is not found", method, path);
    ck_assert_msg (g_str_equal (h3_route_get_pattern (match.route), expected->pattern)
                       && g_str_equal (h3_route_get_methods (match.route), expected->method),
                   "%s %s leads to %s, not %s", method, path, h3_route_get_pattern (match.route),
                   expected->pattern);
    for (guint i = 0; i < match.n_params; i++)
        ck_assert_msg (h3_view_equal (router_match_get_raw (&match, view, i),
                                      h3_view_of (expected->values[i])),
                       "%s %s: parameter %u of %s", method, path, i, expected->pattern);
}

/* Registers as many of the routes as have no twin; forgets the others. */
static guint
register_routes (Router *router, Plain *routes, guint n_routes, GRand *rand)
{
    guint n_taken = 0;

    for (guint i = 0; i < n_routes; i++) {
        Plain route = { .method =
                            g_strdup (methods[invented_number (rand, G_N_ELEMENTS (methods))]),
                        .pattern = invented_pattern (rand) };

        if (router_add (router, route.method, route.pattern, NULL, NULL, NULL) == NULL) {
            g_free (route.method);
            g_free (route.pattern);
            continue;
        }
        rank_segments (&route);
        routes[n_taken++] = route;
    }
    return n_taken;
}

static Router *
register_shuffled (Plain *routes, guint n_routes, GRand *rand)
{
    Router *router = router_new ();

    for (guint i = n_routes; i > 1; i--) {
        guint j = invented_number (rand, i);
        Plain swapped = routes[i - 1];

        routes[i - 1] = routes[j];
        routes[j] = swapped;
    }
    for (guint i = 0; i < n_routes; i++)
        ck_assert_ptr_nonnull (
            router_add (router, routes[i].method, routes[i].pattern, NULL, NULL, NULL));
    if (invented_number (rand, 2) == 0)
        ck_assert (router_freeze (router, NULL));
    return router;
}

static void
clear_routes (Plain *routes, guint n_routes)
{
    for (guint i = 0; i < n_routes; i++) {
        g_free (routes[i].method);
        g_free (routes[i].pattern);
        for (guint j = 0; j <= MAX_PARTS; j++) {
            g_free (routes[i].ranks[j]);
            g_free (routes[i].values[j]);
        }
    }
}

START_TEST (router_answers_like_the_plain_matcher_in_any_order_of_registration)
{
    const char *wish = g_getenv ("ROUTER_SEED");
    guint32 seed = wish != NULL ? (guint32) g_ascii_strtoull (wish, NULL, 10) : g_random_int ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    g_print ("ROUTER_SEED=%u\n", seed);
    for (int round = 0; round < 300; round++) {
        Plain routes[MAX_ROUTES] = { 0 };
        g_autoptr (Router) first = router_new ();
        guint n_routes =
            register_routes (first, routes, 1 + invented_number (rand, MAX_ROUTES), rand);
        g_autoptr (Router) shuffled = register_shuffled (routes, n_routes, rand);

        for (int i = 0; i < 60; i++) {
            static const char *const asked[] = { "GET", "POST", "HEAD", "BREW", "PUT" };
            const char *method = asked[invented_number (rand, G_N_ELEMENTS (asked))];
            g_autofree char *path = invented_path (rand);

            assert_same_answer (first, routes, n_routes, method, path);
            assert_same_answer (shuffled, routes, n_routes, method, path);
        }
        clear_routes (routes, n_routes);
    }
}
END_TEST

/* All 720 orders of six routes that fit one path. */
START_TEST (router_answers_alike_in_all_orders_of_six_routes)
{
    static const char *const patterns[] = { "/x/1",  "/x/:a(1|2)", "/x/:a([0-9])",
                                            "/x/:a", "/x/**",      "/:b/1" };

    for (guint order = 0; order < 720; order++) {
        g_autoptr (Router) router = router_new ();
        guint left[] = { 0, 1, 2, 3, 4, 5 };
        guint rest = order;
        RouterMatch match;

        for (guint n = 6; n > 0; n--) {
            guint at = rest % n;

            rest /= n;
            ck_assert_ptr_nonnull (router_add (router, left[at] == 0 ? "PUT" : "GET",
                                               patterns[left[at]], NULL, NULL, NULL));
            memmove (&left[at], &left[at + 1], (n - at - 1) * sizeof *left);
        }
        ck_assert_int_eq (router_match (router, H3_VIEW ("GET"), H3_VIEW ("/x/1"), &match),
                          ROUTER_FOUND);
        ck_assert_str_eq (h3_route_get_pattern (match.route), "/x/:a(1|2)");
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "random",
                    router_answers_like_the_plain_matcher_in_any_order_of_registration,
                    router_answers_alike_in_all_orders_of_six_routes, NULL);
}

int
main (void)
{
    return suite_run ("route/router-random", add_tests);
}
