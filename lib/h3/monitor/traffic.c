/* SPDX-License-Identifier: MIT */

#include "traffic.h"

#include "metrics-inside.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* So many of a bucket. */
typedef struct {
    guint index;
    guint64 n;
} Filled;

/* What came in one step. */
typedef struct {
    guint64 n_requests;
    guint64 statuses[METRICS_N_STATUSES];
    GArray *filled; /* owned: Filled; NULL: none yet */
} Step;

/* A route and a method: what the metrics had at the last step, and what came in the last ones. */
typedef struct {
    const char *route, *method; /* borrowed: the metrics */
    guint64 n_requests, bytes_in, bytes_out, aborted;
    guint64 statuses[METRICS_N_STATUSES];
    guint64 buckets[HISTOGRAM_N_BUCKETS];
    Step steps[TRAFFIC_STEPS];
    Step lately;                                /* their sum, without `filled` */
    guint64 lately_filled[HISTOGRAM_N_BUCKETS]; /* … which is here */
} Row;

struct _Traffic {
    H3Metrics *metrics;                   /* ref */
    GHashTable *rows;                     /* owned: Row, by itself */
    gint64 now;                           /* of the last step */
    gint64 spans[TRAFFIC_STEPS];          /* microseconds */
    guint n_steps;                        /* ever */
    Step last;                            /* all routes' last step, without `filled` */
    guint64 bytes_in, bytes_out, aborted; /* of it */
};

static guint
hash_row (gconstpointer key)
{
    const Row *row = key;

    return g_str_hash (row->route) * 31 + g_str_hash (row->method);
}

static gboolean
rows_are_equal (gconstpointer a, gconstpointer b)
{
    const Row *one = a, *other = b;

    return strcmp (one->route, other->route) == 0 && strcmp (one->method, other->method) == 0;
}

static void
free_row (gpointer data)
{
    Row *row = data;

    for (guint i = 0; i < TRAFFIC_STEPS; i++)
        g_clear_pointer (&row->steps[i].filled, g_array_unref);
    g_free (row);
}

static guint
get_place (const Traffic *traffic)
{
    return traffic->n_steps % TRAFFIC_STEPS;
}

/* What this place had ten steps ago is no longer among the last. */
static void
forget (Row *row, Step *step)
{
    row->lately.n_requests -= step->n_requests;
    for (guint i = 0; i < METRICS_N_STATUSES; i++)
        row->lately.statuses[i] -= step->statuses[i];
    for (guint i = 0; step->filled != NULL && i < step->filled->len; i++) {
        const Filled *filled = &g_array_index (step->filled, Filled, i);

        row->lately_filled[filled->index] -= filled->n;
    }
    step->n_requests = 0;
    memset (step->statuses, 0, sizeof step->statuses);
    if (step->filled != NULL)
        g_array_set_size (step->filled, 0);
}

/* How much more it is than before. Read while others count, a sum may be behind for a moment. */
static guint64
take_growth (guint64 *before, guint64 now)
{
    guint64 growth = now > *before ? now - *before : 0;

    *before += growth;
    return growth;
}

static void
take_buckets (Row *row, Step *step, const MetricsRoute *now)
{
    for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++) {
        Filled filled = { i, take_growth (&row->buckets[i], now->buckets[i]) };

        if (filled.n == 0)
            continue;
        if (step->filled == NULL)
            step->filled = g_array_new (FALSE, FALSE, sizeof (Filled));
        g_array_append_val (step->filled, filled);
        row->lately_filled[i] += filled.n;
    }
}

static void
take_step (Traffic *traffic, Row *row, const MetricsRoute *now)
{
    Step *step = &row->steps[get_place (traffic)];

    step->n_requests = take_growth (&row->n_requests, now->n_requests);
    row->lately.n_requests += step->n_requests;
    traffic->last.n_requests += step->n_requests;
    for (guint i = 0; i < METRICS_N_STATUSES; i++) {
        step->statuses[i] = take_growth (&row->statuses[i], now->statuses[i]);
        row->lately.statuses[i] += step->statuses[i];
        traffic->last.statuses[i] += step->statuses[i];
    }
    take_buckets (row, step, now);
    traffic->bytes_in += take_growth (&row->bytes_in, now->bytes_in);
    traffic->bytes_out += take_growth (&row->bytes_out, now->bytes_out);
    traffic->aborted += take_growth (&row->aborted, now->aborted);
}

/* What it has already was before anybody looked. */
static void
begin_row (const MetricsRoute *now, gpointer data)
{
    Traffic *traffic = data;
    Row *row = g_new0 (Row, 1);

    row->route = now->route;
    row->method = now->method;
    row->n_requests = now->n_requests;
    row->bytes_in = now->bytes_in;
    row->bytes_out = now->bytes_out;
    row->aborted = now->aborted;
    memcpy (row->statuses, now->statuses, sizeof row->statuses);
    memcpy (row->buckets, now->buckets, sizeof row->buckets);
    g_hash_table_add (traffic->rows, row);
}

static void
step_row (const MetricsRoute *now, gpointer data)
{
    Traffic *traffic = data;
    Row key = { .route = now->route, .method = now->method };
    Row *row = g_hash_table_lookup (traffic->rows, &key);

    if (row == NULL) {
        row = g_new0 (Row, 1);
        row->route = now->route;
        row->method = now->method;
        g_hash_table_add (traffic->rows, row);
    }
    take_step (traffic, row, now);
}

Traffic *
traffic_new (H3Metrics *metrics, gint64 now)
{
    Traffic *traffic = g_new0 (Traffic, 1);

    traffic->metrics = h3_metrics_ref (metrics);
    traffic->rows = g_hash_table_new_full (hash_row, rows_are_equal, free_row, NULL);
    traffic->now = now;
    metrics_foreach_route (metrics, begin_row, traffic);
    return traffic;
}

void
traffic_free (Traffic *traffic)
{
    if (traffic == NULL)
        return;
    g_hash_table_unref (traffic->rows);
    h3_metrics_unref (traffic->metrics);
    g_free (traffic);
}

void
traffic_step (Traffic *traffic, gint64 now)
{
    GHashTableIter iter;
    gpointer row;
    guint place = get_place (traffic);

    g_hash_table_iter_init (&iter, traffic->rows);
    while (g_hash_table_iter_next (&iter, &row, NULL))
        forget (row, &((Row *) row)->steps[place]);
    traffic->last = (Step){ 0 };
    traffic->bytes_in = traffic->bytes_out = traffic->aborted = 0;
    traffic->spans[place] = MAX (now - traffic->now, 1);
    traffic->now = now;
    metrics_foreach_route (traffic->metrics, step_row, traffic);
    traffic->n_steps++;
}

/* Of the last steps, in seconds. */
static double
get_span (const Traffic *traffic)
{
    gint64 sum = 0;

    for (guint i = 0; i < TRAFFIC_STEPS; i++)
        sum += traffic->spans[i];
    return (double) sum / G_USEC_PER_SEC;
}

static double
get_last_span (const Traffic *traffic)
{
    return (double) traffic->spans[(traffic->n_steps + TRAFFIC_STEPS - 1) % TRAFFIC_STEPS]
           / G_USEC_PER_SEC;
}

/* Three digits behind the point are all that somebody reads. */
static json_t *
make_number (double number)
{
    return json_real (round (number * 1000) / 1000);
}

static void
set_rate (json_t *object, const char *name, guint64 n, double span)
{
    json_object_set_new (object, name, make_number (span > 0 ? (double) n / span : 0));
}

/* In milliseconds; null where there was nothing to be timed. */
static void
set_percentiles (json_t *object, const guint64 *buckets)
{
    static const struct {
        const char *name;
        double share;
    } kinds[] = { { "p50", 0.5 }, { "p95", 0.95 }, { "p99", 0.99 } };
    gboolean is_empty = histogram_count (buckets) == 0;

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        double nanoseconds = histogram_get_percentile (buckets, kinds[i].share);

        json_object_set_new (object, kinds[i].name,
                             is_empty ? json_null () : make_number (nanoseconds / 1e6));
    }
}

static json_t *
describe_row (const Row *row, double span)
{
    json_t *object = json_object ();
    json_t *statuses = json_array ();

    json_object_set_new (object, "method", json_string (row->method));
    json_object_set_new (object, "route", json_string (row->route));
    json_object_set_new (object, "total", json_integer ((json_int_t) row->n_requests));
    set_rate (object, "rate", row->lately.n_requests, span);
    for (guint i = 0; i < METRICS_N_STATUSES; i++)
        json_array_append_new (statuses, json_integer ((json_int_t) row->lately.statuses[i]));
    json_object_set_new (object, "statuses", statuses);
    set_percentiles (object, row->lately_filled);
    return object;
}

/* The busiest first; those that are alike by name, so that they keep their places. */
static int
compare_rows (gconstpointer a, gconstpointer b)
{
    const Row *one = *(Row *const *) a, *other = *(Row *const *) b;
    int order;

    if (one->n_requests != other->n_requests)
        return one->n_requests > other->n_requests ? -1 : 1;
    order = strcmp (one->route, other->route);
    return order != 0 ? order : strcmp (one->method, other->method);
}

static void
set_routes (const Traffic *traffic, json_t *object)
{
    g_autoptr (GPtrArray) rows = g_ptr_array_new ();
    json_t *routes = json_array ();
    guint64 lately[HISTOGRAM_N_BUCKETS] = { 0 };
    double span = get_span (traffic);
    GHashTableIter iter;
    gpointer row;

    g_hash_table_iter_init (&iter, traffic->rows);
    while (g_hash_table_iter_next (&iter, &row, NULL)) {
        g_ptr_array_add (rows, row);
        for (guint i = 0; i < HISTOGRAM_N_BUCKETS; i++)
            lately[i] += ((const Row *) row)->lately_filled[i];
    }
    g_ptr_array_sort (rows, compare_rows);
    for (guint i = 0; i < MIN (rows->len, TRAFFIC_MAX_ROUTES); i++)
        json_array_append_new (routes, describe_row (rows->pdata[i], span));
    set_percentiles (object, lately);
    json_object_set_new (object, "window", make_number (span));
    json_object_set_new (object, "routes", routes);
    json_object_set_new (
        object, "routes_left_out",
        json_integer ((json_int_t) rows->len - (json_int_t) json_array_size (routes)));
}

json_t *
traffic_describe (const Traffic *traffic)
{
    json_t *object = json_object ();
    json_t *statuses = json_array ();
    double span = get_last_span (traffic);

    set_rate (object, "rate", traffic->last.n_requests, span);
    for (guint i = 0; i < METRICS_N_STATUSES; i++)
        json_array_append_new (
            statuses, make_number (span > 0 ? (double) traffic->last.statuses[i] / span : 0));
    json_object_set_new (object, "statuses", statuses);
    set_rate (object, "bytes_in", traffic->bytes_in, span);
    set_rate (object, "bytes_out", traffic->bytes_out, span);
    set_rate (object, "aborted", traffic->aborted, span);
    set_routes (traffic, object);
    return object;
}
