/* SPDX-License-Identifier: MIT */

#include "h3/app/app.h"
#include "h3/http/answer.h"
#include "h3/loop/ticks.h"
#include "h3/monitor/metrics-inside.h"
#include "tests/app/ask.h"

#include <pthread.h>

/* The row that is looked for, as it was found. */
typedef struct {
    const char *route, *method;
    MetricsRoute row;
    gboolean is_found;
} Search;

static void
compare (const MetricsRoute *route, gpointer data)
{
    Search *search = data;

    if (strcmp (route->route, search->route) != 0 || strcmp (route->method, search->method) != 0)
        return;
    ck_assert (!search->is_found);
    search->row = *route;
    search->is_found = TRUE;
}

static MetricsRoute
get_row (H3Metrics *metrics, const char *route, const char *method)
{
    Search search = { .route = route, .method = method };

    metrics_foreach_route (metrics, compare, &search);
    ck_assert_msg (search.is_found, "no row for %s %s", method, route);
    return search.row;
}

static gboolean
has_row (H3Metrics *metrics, const char *route, const char *method)
{
    Search search = { .route = route, .method = method };

    metrics_foreach_route (metrics, compare, &search);
    return search.is_found;
}

/* Takes as many milliseconds as its path says. */
static void
take_time (H3Event *event, gpointer user_data)
{
    ticks_drive (g_ascii_strtoull (h3_event_get_param (event, "time"), NULL, 10) * 1000000);
    h3_event_send_text (event, "done");
}

static void
refuse (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 503, NULL);
}

/* (transfer full) */
static H3App *
make_app (H3Metrics *metrics)
{
    H3App *app = h3_app_new ();

    ticks_take_control ();
    h3_app_use (app, "/", h3_metrics_new_middleware (metrics));
    h3_app_get (app, "/take/:time", take_time, NULL);
    h3_app_all (app, "/fail", refuse, NULL);
    return app;
}

START_TEST (requests_are_timed_by_route)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = make_app (metrics);
    MetricsRoute row;

    ck_assert_uint_eq (ask_status (app, "GET", "/take/3"), 200);
    ck_assert_uint_eq (ask_status (app, "GET", "/take/40"), 200);
    row = get_row (metrics, "/take/:time", "GET");
    ck_assert_uint_eq (row.n_requests, 2);
    ck_assert_uint_eq (row.n_timed, 2);
    ck_assert_uint_eq (row.sum, 43000000);
    ck_assert_uint_eq (row.buckets[histogram_index_of (3000000)], 1);
    ck_assert_uint_eq (row.buckets[histogram_index_of (40000000)], 1);
    ck_assert_uint_eq (row.bytes_out, 8);
    ck_assert_uint_gt (row.bytes_in, 20);
}
END_TEST

START_TEST (statuses_and_methods_are_counted)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = make_app (metrics);

    ask_status (app, "GET", "/fail");
    ask_status (app, "POST", "/fail");
    ask_status (app, "BREW", "/fail");
    ask_status (app, "BREW", "/fail");
    ck_assert_uint_eq (get_row (metrics, "/fail", "GET").statuses[5], 1);
    ck_assert_uint_eq (get_row (metrics, "/fail", "POST").statuses[5], 1);
    ck_assert_uint_eq (get_row (metrics, "/fail", "OTHER").statuses[5], 2);
    ck_assert (!has_row (metrics, "/fail", "PUT"));
}
END_TEST

START_TEST (requests_without_a_route_share_a_row)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = make_app (metrics);

    ask_status (app, "GET", "/nowhere");
    ask_status (app, "GET", "/nowhere/else");
    ck_assert_uint_eq (get_row (metrics, "", "GET").statuses[4], 2);
    ck_assert (!has_row (metrics, "/nowhere", "GET"));
}
END_TEST

START_TEST (requests_that_cannot_be_read_are_counted)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = make_app (metrics);
    g_autoptr (H3Injected) injected = ask_raw (app, "GET / HTTP/1.1\r\nHost : x\r\n\r\n");

    ck_assert_uint_eq (h3_injected_get_status (injected), 400);
    ck_assert_uint_eq (get_row (metrics, "", "OTHER").statuses[4], 1);
}
END_TEST

START_TEST (routes_left_out_are_not_measured)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = make_app (metrics);

    h3_metrics_leave_out (h3_app_get (app, "/quiet", refuse, NULL));
    ask_status (app, "GET", "/quiet");
    ask_status (app, "GET", "/fail");
    ck_assert (!has_row (metrics, "/quiet", "GET"));
    ck_assert (has_row (metrics, "/fail", "GET"));
}
END_TEST

START_TEST (apps_with_the_same_patterns_share_rows)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = make_app (metrics);
    g_autoptr (H3App) other = make_app (metrics);

    ask_status (app, "GET", "/fail");
    ask_status (other, "GET", "/fail");
    ck_assert_uint_eq (get_row (metrics, "/fail", "GET").n_requests, 2);
}
END_TEST

START_TEST (metrics_of_one_thread_are_kept_apart)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3Metrics) other = h3_metrics_new ();
    const MetricsSample sample = { .duration = 5000, .status = 200, .is_timed = TRUE };

    for (guint i = 0; i < 3; i++) {
        metrics_note (metrics, "/a", H3_METHOD_GET, &sample);
        metrics_note (other, "/a", H3_METHOD_GET, &sample);
        metrics_note (other, "/a", H3_METHOD_GET, &sample);
    }
    ck_assert_uint_eq (get_row (metrics, "/a", "GET").n_timed, 3);
    ck_assert_uint_eq (get_row (other, "/a", "GET").n_timed, 6);
}
END_TEST

START_TEST (more_routes_than_are_allowed_share_a_row)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    const MetricsSample sample = { .duration = 5000, .status = 200, .is_timed = TRUE };

    for (guint i = 0; i < METRICS_MAX_ROUTES + 7; i++) {
        g_autofree char *route = g_strdup_printf ("/%u", i);

        metrics_note (metrics, route, H3_METHOD_GET, &sample);
    }
    ck_assert_uint_eq (get_row (metrics, "/999", "GET").n_requests, 1);
    ck_assert (!has_row (metrics, "/1000", "GET"));
    ck_assert_uint_eq (get_row (metrics, "other", "GET").n_requests, 7);
}
END_TEST

START_TEST (odd_samples_are_told_apart)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    const MetricsSample gone = { .duration = 1, .is_timed = TRUE, .is_aborted = TRUE };
    const MetricsSample late = { .duration = G_MAXUINT64, .status = 200, .is_timed = TRUE };
    const MetricsSample switched = { .duration = 9, .status = 101 };
    MetricsRoute row;

    metrics_note (metrics, "/a", H3_METHOD_GET, &gone);
    metrics_note (metrics, "/a", H3_METHOD_GET, &late);
    metrics_note (metrics, "/a", H3_METHOD_GET, &switched);
    row = get_row (metrics, "/a", "GET");
    ck_assert_uint_eq (row.statuses[0], 1);
    ck_assert_uint_eq (row.statuses[1], 1);
    ck_assert_uint_eq (row.aborted, 1);
    ck_assert_uint_eq (row.n_requests, 3);
    ck_assert_uint_eq (row.n_timed, 2);
    ck_assert_uint_eq (row.buckets[0], 1);
    ck_assert_uint_eq (row.buckets[HISTOGRAM_N_BUCKETS - 1], 1);
}
END_TEST

#define N_THREADS 4
#define N_SAMPLES 20000

typedef struct {
    H3Metrics *metrics;
    guint index;
} Writer;

static void *
write_samples (void *data)
{
    const Writer *writer = data;
    g_autofree char *route = g_strdup_printf ("/%u", writer->index);

    for (guint i = 0; i < N_SAMPLES; i++) {
        const MetricsSample sample = { .duration = i * 1000, .status = 200, .is_timed = TRUE };

        metrics_note (writer->metrics, i % 2 == 0 ? "/shared" : route, H3_METHOD_GET, &sample);
    }
    return NULL;
}

static void
add_up (const MetricsRoute *route, gpointer data)
{
    *(guint64 *) data += route->n_requests;
}

START_TEST (threads_write_while_others_read)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    pthread_t threads[N_THREADS];
    Writer writers[N_THREADS];
    guint64 before = 0;

    for (guint i = 0; i < N_THREADS; i++) {
        writers[i] = (Writer){ metrics, i };
        ck_assert_int_eq (pthread_create (&threads[i], NULL, write_samples, &writers[i]), 0);
    }
    while (before < N_THREADS * N_SAMPLES / 2) {
        guint64 n = 0;

        metrics_foreach_route (metrics, add_up, &n);
        ck_assert_uint_ge (n, before);
        before = n;
    }
    for (guint i = 0; i < N_THREADS; i++)
        pthread_join (threads[i], NULL);
    ck_assert_uint_eq (get_row (metrics, "/shared", "GET").n_requests, N_THREADS * N_SAMPLES / 2);
    ck_assert_uint_eq (get_row (metrics, "/3", "GET").n_requests, N_SAMPLES / 2);
}
END_TEST

START_TEST (numbers_outlive_their_threads)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();

    for (guint i = 0; i < 20; i++) {
        pthread_t thread;
        Writer writer = { metrics, i % 2 };

        ck_assert_int_eq (pthread_create (&thread, NULL, write_samples, &writer), 0);
        pthread_join (thread, NULL);
    }
    ck_assert_uint_eq (get_row (metrics, "/shared", "GET").n_requests, 10 * N_SAMPLES);
    ck_assert_uint_eq (get_row (metrics, "/1", "GET").n_requests, 5 * N_SAMPLES);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "requests", requests_are_timed_by_route,
                    statuses_and_methods_are_counted, requests_without_a_route_share_a_row,
                    requests_that_cannot_be_read_are_counted, routes_left_out_are_not_measured,
                    apps_with_the_same_patterns_share_rows, NULL);
    suite_add_case (suite, "rows", metrics_of_one_thread_are_kept_apart,
                    more_routes_than_are_allowed_share_a_row, odd_samples_are_told_apart, NULL);
    suite_add_case (suite, "threads", threads_write_while_others_read,
                    numbers_outlive_their_threads, NULL);
}

int
main (void)
{
    return suite_run ("monitor/metrics", add_tests);
}
