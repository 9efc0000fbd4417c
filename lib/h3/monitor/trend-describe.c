/* SPDX-License-Identifier: MIT
 *
 * What a trend knows, as a document and as metrics. */

#include "trend-private.h"

#include <h3/http/answer.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int
compare_routes (gconstpointer a, gconstpointer b)
{
    const TrendRoute *one = *(const TrendRoute *const *) a;
    const TrendRoute *two = *(const TrendRoute *const *) b;
    int order = strcmp (one->route, two->route);

    return order != 0 ? order : strcmp (one->method, two->method);
}

/* (transfer container); with the mutex held. */
static GPtrArray *
list_routes (H3Trend *trend)
{
    GPtrArray *routes = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer route;

    g_hash_table_iter_init (&iter, trend->routes);
    while (g_hash_table_iter_next (&iter, NULL, &route))
        g_ptr_array_add (routes, route);
    g_ptr_array_sort (routes, compare_routes);
    return routes;
}

static json_t *
describe_time (double nanoseconds)
{
    return json_real (nanoseconds / 1e9);
}

static json_t *
describe_series (const TrendRoute *route)
{
    json_t *n = json_array (), *p50 = json_array (), *p95 = json_array (), *p99 = json_array ();

    for (guint age = MIN (route->n_slices, TREND_SLICES); age-- > 0;) {
        const TrendSlice *slice = trend_route_get_slice (route, age);

        json_array_append_new (n, json_integer ((json_int_t) slice->n));
        json_array_append_new (p50, describe_time (slice->p50));
        json_array_append_new (p95, describe_time (slice->p95));
        json_array_append_new (p99, describe_time (slice->p99));
    }
    return json_pack ("{s:o,s:o,s:o,s:o}", "n", n, "p50", p50, "p95", p95, "p99", p99);
}

static json_t *
describe_baseline (const TrendRoute *route)
{
    return json_pack ("{s:o,s:o,s:o}", "p50",
                      describe_time (trend_get_percentile (route->baseline, 0.5)), "p95",
                      describe_time (trend_get_percentile (route->baseline, 0.95)), "p99",
                      describe_time (trend_get_percentile (route->baseline, 0.99)));
}

static json_t *
describe_route (const TrendRoute *route)
{
    return json_pack ("{s:s,s:s,s:b,s:o,s:o,s:o,s:o}", "route", route->route, "method",
                      route->method, "regressed", route->is_slower, "before",
                      describe_time (route->before), "now", describe_time (route->now), "series",
                      describe_series (route), "baseline", describe_baseline (route));
}

static json_t *
describe_growth (const TrendGrowth *growth)
{
    guint64 now = growth->n_lows > 0 ? growth->lows[growth->n_lows - 1] : 0;

    return json_pack ("{s:s,s:I,s:I,s:b}", "kind", growth->kind, "now", (json_int_t) now, "from",
                      (json_int_t) (growth->is_growing ? growth->from : now), "growing",
                      growth->is_growing);
}

json_t *
trend_describe (H3Trend *trend)
{
    json_t *routes = json_array (), *growths = json_array ();
    g_autoptr (GPtrArray) list = NULL;

    pthread_mutex_lock (&trend->mutex);
    list = list_routes (trend);
    for (guint i = 0; i < list->len; i++)
        json_array_append_new (routes, describe_route (list->pdata[i]));
    for (guint i = 0; i < TREND_KINDS; i++)
        json_array_append_new (growths, describe_growth (&trend->growths[i]));
    pthread_mutex_unlock (&trend->mutex);
    return json_pack ("{s:i,s:o,s:o}", "slice_seconds", TREND_SLICE_TIME / 1000, "routes", routes,
                      "growth", growths);
}

char *
h3_trend_describe_text (H3Trend *trend)
{
    json_t *document;
    char *text, *copy;

    g_return_val_if_fail (H3_IS_TREND (trend), NULL);
    document = trend_describe (trend);
    text = json_dumps (document, JSON_COMPACT);
    copy = g_strdup (text);
    free (text);
    json_decref (document);
    return copy;
}

void
h3_trend_show (H3Event *event, gpointer trend)
{
    g_autofree char *text = NULL;

    g_return_if_fail (event != NULL && H3_IS_TREND (trend));
    text = h3_trend_describe_text (trend);
    h3_event_set_cache_control (event, "no-store");
    h3_event_send_json_text (event, text);
}

static void
write_routes (H3Trend *trend, MetricsText *text)
{
    g_autoptr (GPtrArray) list = list_routes (trend);

    metrics_text_begin (text, "h3_trend_route_regressed", METRICS_GAUGE,
                        "Routes that have become slower than they were: 1");
    for (guint i = 0; i < list->len; i++) {
        const TrendRoute *route = list->pdata[i];

        if (route->is_slower)
            metrics_text_add (text, "", 1, "route", route->route, "method", route->method, NULL);
    }
    metrics_text_begin (text, "h3_trend_regressions", METRICS_COUNTER,
                        "How often a route has become slower");
    metrics_text_add (text, "", (double) trend->n_regressions, NULL);
}

static void
write_growths (H3Trend *trend, MetricsText *text)
{
    metrics_text_begin (text, "h3_trend_kind_growing", METRICS_GAUGE,
                        "Kinds of objects, and memory, that grow and grow: 1");
    for (guint i = 0; i < TREND_KINDS; i++) {
        if (trend->growths[i].is_growing)
            metrics_text_add (text, "", 1, "kind", trend->growths[i].kind, NULL);
    }
    metrics_text_begin (text, "h3_trend_growths", METRICS_COUNTER,
                        "How often something has begun to grow");
    metrics_text_add (text, "", (double) trend->n_growths, NULL);
}

void
trend_write (MetricsText *text, gpointer data)
{
    H3Trend *trend = data;

    pthread_mutex_lock (&trend->mutex);
    write_routes (trend, text);
    write_growths (trend, text);
    pthread_mutex_unlock (&trend->mutex);
}
