/* SPDX-License-Identifier: MIT */

#include "plain-router.h"

PlainRoute *
plain_route_new (const char *methods, const char *pattern)
{
    g_autofree char *stripped = g_strstrip (g_strdup (methods));
    Pattern *parsed = pattern_new (pattern, NULL);
    PlainRoute *route;

    if (parsed == NULL)
        return NULL;
    route = g_new0 (PlainRoute, 1);
    route->pattern = parsed;
    route->methods = g_strsplit (stripped, " ", -1);
    route->values = g_ptr_array_new_with_free_func (g_free);
    return route;
}

void
plain_route_free (gpointer data)
{
    PlainRoute *route = data;

    g_ptr_array_unref (route->values);
    g_strfreev (route->methods);
    pattern_free (route->pattern);
    g_free (route);
}

/* Below 0 where the first is the more specific one; a list that ends first is. */
static int
compare_ranks (const PlainRoute *a, const PlainRoute *b)
{
    guint n_a = pattern_count_segments (a->pattern), n_b = pattern_count_segments (b->pattern);

    for (guint i = 0; i < n_a && i < n_b; i++) {
        const PatternSegment *x = pattern_get_segment (a->pattern, i);
        const PatternSegment *y = pattern_get_segment (b->pattern, i);
        int order =
            x->kind != y->kind ? (int) x->kind - (int) y->kind : g_strcmp0 (x->text, y->text);

        if (order != 0)
            return order;
    }
    return (int) n_a - (int) n_b;
}

gboolean
plain_routes_clash (const PlainRoute *a, const PlainRoute *b)
{
    if (compare_ranks (a, b) != 0)
        return FALSE;
    for (char **method = a->methods; *method != NULL; method++) {
        if (**method != '\0' && g_strv_contains ((const char *const *) b->methods, *method))
            return TRUE;
    }
    return FALSE;
}

static gboolean
segment_fits (const PatternSegment *segment, const char *part)
{
    if (segment->kind == PATTERN_LITERAL)
        return g_str_equal (segment->text, part);
    if (*part == '\0')
        return FALSE;
    return segment->kind != PATTERN_CONSTRAINED
           || pattern_segment_fits (segment, h3_view_of (part));
}

/* What stands between slashes; unlike with g_strsplit (), "/" has one segment, an empty one. */
static char **
split (const char *path)
{
    const char *const root[] = { "", NULL };

    return path[1] != '\0' ? g_strsplit (path + 1, "/", -1) : g_strdupv ((char **) root);
}

/* Whether the route fits the path; notes the values if so. */
static gboolean
fits (PlainRoute *route, char **given)
{
    guint n_given = g_strv_length (given), n = pattern_count_segments (route->pattern);
    gboolean is_root = n_given == 1 && *given[0] == '\0';

    g_ptr_array_set_size (route->values, 0);
    for (guint i = 0; i < n; i++) {
        const PatternSegment *segment = pattern_get_segment (route->pattern, i);
        gboolean used_up = i == n_given || (is_root && i == 0);

        if (segment->kind == PATTERN_REST) {
            g_ptr_array_add (route->values, used_up ? g_strdup ("") : g_strjoinv ("/", given + i));
            return TRUE;
        }
        if (segment->kind == PATTERN_OPTIONAL && used_up) {
            g_ptr_array_add (route->values, g_strdup (""));
            return TRUE;
        }
        if (i >= n_given || !segment_fits (segment, given[i]))
            return FALSE;
        if (segment->kind != PATTERN_LITERAL)
            g_ptr_array_add (route->values, g_strdup (given[i]));
    }
    return n == n_given;
}

/* How well the route takes `method`; 0 when it does not. */
static int
rate_method (const PlainRoute *route, const char *method)
{
    const char *const *methods = (const char *const *) route->methods;

    if (g_strv_contains (methods, method))
        return 3;
    if (g_str_equal (method, "HEAD") && g_strv_contains (methods, "GET"))
        return 2;
    return g_strv_contains (methods, "*") ? 1 : 0;
}

PlainRoute *
plain_router_match (GPtrArray *routes, const char *method, const char *path,
                    gboolean *out_any_method)
{
    g_auto (GStrv) given = split (path);
    PlainRoute *best = NULL;

    *out_any_method = FALSE;
    if (g_strv_length (given) > PATTERN_MAX_SEGMENTS)
        return NULL;
    for (guint i = 0; i < routes->len; i++) {
        PlainRoute *route = g_ptr_array_index (routes, i);
        int order;

        if (!fits (route, given))
            continue;
        *out_any_method = TRUE;
        if (rate_method (route, method) == 0)
            continue;
        order = best != NULL ? compare_ranks (route, best) : -1;
        if (order < 0 || (order == 0 && rate_method (route, method) > rate_method (best, method)))
            best = route;
    }
    return best;
}
