/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/monitor/metrics-inside.h"
#include "h3/monitor/metrics-program.h"
#include "tests/app/ask.h"

#include <math.h>
#include <pthread.h>

#define LABELS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static char *
show (H3Metrics *metrics)
{
    return h3_metrics_to_text (metrics, H3_METRICS_PROMETHEUS);
}

static void
assert_shows (H3Metrics *metrics, const char *line)
{
    g_autofree char *text = show (metrics);
    g_autofree char *whole = g_strdup_printf ("\n%s\n", line);

    ck_assert_msg (strstr (text, whole) != NULL, "no line \"%s\" in\n%s", line, text);
}

static void
assert_hides (H3Metrics *metrics, const char *part)
{
    g_autofree char *text = show (metrics);

    ck_assert_msg (strstr (text, part) == NULL, "\"%s\" in\n%s", part, text);
}

START_TEST (counter_counts_by_labels)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *orders = h3_metrics_add_counter (metrics, "orders", "Orders", LABELS ("kind", "by"));

    h3_counter_add (orders, 1, LABELS ("book", "post"));
    h3_counter_add (orders, 2.5, LABELS ("book", "post"));
    h3_counter_add (orders, 1, LABELS ("apple", "bike"));
    assert_shows (metrics, "# HELP orders_total Orders\n# TYPE orders_total counter\n"
                           "orders_total{kind=\"apple\",by=\"bike\"} 1\n"
                           "orders_total{kind=\"book\",by=\"post\"} 3.5");
}
END_TEST

START_TEST (gauge_goes_up_and_down)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Gauge *rooms = h3_metrics_add_gauge (metrics, "rooms", "Rooms", NULL);

    assert_shows (metrics, "rooms 0");
    h3_gauge_set (rooms, 3, NULL);
    h3_gauge_add (rooms, -5, NULL);
    assert_shows (metrics, "# TYPE rooms gauge\nrooms -2");
    h3_gauge_set (rooms, NAN, NULL);
    assert_shows (metrics, "rooms NaN");
    h3_gauge_set (rooms, -INFINITY, NULL);
    assert_shows (metrics, "rooms -Inf");
    h3_gauge_set (rooms, 0.1, NULL);
    assert_shows (metrics, "rooms 0.1");
    h3_gauge_set (rooms, 1e300, NULL);
    assert_shows (metrics, "rooms 1e+300");
}
END_TEST

static double
tell (gpointer user_data)
{
    return *(double *) user_data;
}

static void
note_end (gpointer user_data)
{
    *(double *) user_data = -1;
}

START_TEST (gauge_function_is_asked_at_each_reading)
{
    H3Metrics *metrics = h3_metrics_new ();
    double value = 7;

    h3_metrics_add_gauge_function (metrics, "depth", "Depth", tell, &value, note_end);
    assert_shows (metrics, "depth 7");
    value = 8;
    assert_shows (metrics, "depth 8");
    h3_metrics_unref (metrics);
    ck_assert_double_eq (value, -1);
}
END_TEST

/* As bindings hold them: what ends with the metrics has not ended. */
START_TEST (who_holds_a_metric_holds_them_all)
{
    static const double bounds[] = { 1 };
    H3Metrics *metrics = h3_metrics_new ();
    H3Counter *counter = h3_metrics_add_counter (metrics, "c", "C", NULL);
    H3Gauge *gauge = h3_metrics_add_gauge (metrics, "g", "G", NULL);
    H3Histogram *histogram = h3_metrics_add_histogram (metrics, "h", "H", bounds, 1, NULL);
    double value = 7;

    h3_metrics_add_gauge_function (metrics, "depth", "Depth", tell, &value, note_end);
    counter = g_boxed_copy (H3_TYPE_COUNTER, counter);
    gauge = g_boxed_copy (H3_TYPE_GAUGE, gauge);
    histogram = g_boxed_copy (H3_TYPE_HISTOGRAM, histogram);
    h3_metrics_unref (metrics);
    h3_counter_add (counter, 1, NULL);
    assert_shows (metrics, "c_total 1");
    g_boxed_free (H3_TYPE_COUNTER, counter);
    h3_gauge_set (gauge, 2, NULL);
    assert_shows (metrics, "g 2");
    g_boxed_free (H3_TYPE_GAUGE, gauge);
    h3_histogram_observe (histogram, 3, NULL);
    assert_shows (metrics, "h_count 1");
    ck_assert_double_eq (value, 7);
    g_boxed_free (H3_TYPE_HISTOGRAM, histogram);
    ck_assert_double_eq (value, -1);
}
END_TEST

START_TEST (histogram_counts_what_bounds_take)
{
    static const double bounds[] = { 0.5, 1, 10 };
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Histogram *sizes =
        h3_metrics_add_histogram (metrics, "sizes", "Sizes", bounds, 3, LABELS ("of"));

    h3_histogram_observe (sizes, 1, LABELS ("a"));
    h3_histogram_observe (sizes, 1.5, LABELS ("a"));
    h3_histogram_observe (sizes, 11, LABELS ("a"));
    h3_histogram_observe (sizes, -1, LABELS ("a"));
    assert_shows (metrics, "# TYPE sizes histogram\n"
                           "sizes_bucket{of=\"a\",le=\"0.5\"} 1\n"
                           "sizes_bucket{of=\"a\",le=\"1.0\"} 2\n"
                           "sizes_bucket{of=\"a\",le=\"10.0\"} 3\n"
                           "sizes_bucket{of=\"a\",le=\"+Inf\"} 4\n"
                           "sizes_sum{of=\"a\"} 12.5\n"
                           "sizes_count{of=\"a\"} 4");
}
END_TEST

START_TEST (texts_are_escaped)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *odd = h3_metrics_add_counter (metrics, "odd", "a\\b\n\"c\"", LABELS ("value"));

    h3_counter_add (odd, 1, LABELS ("a\\b\n\"c\"}"));
    assert_shows (metrics, "# HELP odd_total a\\\\b\\n\"c\"");
    assert_shows (metrics, "odd_total{value=\"a\\\\b\\n\\\"c\\\"}\"} 1");
}
END_TEST

START_TEST (values_that_are_no_text_are_mended)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *odd = h3_metrics_add_counter (metrics, "odd", "Odd", LABELS ("value"));

    h3_counter_add (odd, 1, LABELS ("a\xff"));
    h3_counter_add (odd, 1, LABELS ("a\xfe"));
    assert_shows (metrics, "odd_total{value=\"a\xef\xbf\xbd\"} 2");
}
END_TEST

START_TEST (series_are_bounded)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *visits = h3_metrics_add_counter (metrics, "visits", "Visits", LABELS ("who"));
    g_autofree char *long_value = g_strnfill (METRICS_MAX_VALUE + 1, 'x');

    for (guint i = 0; i < METRICS_MAX_SERIES + 10; i++) {
        g_autofree char *who = g_strdup_printf ("%u", i);

        h3_counter_add (visits, 1, LABELS (who));
    }
    h3_counter_add (visits, 1, LABELS ("999"));
    assert_shows (metrics, "visits_total{who=\"999\"} 2");
    assert_shows (metrics, "visits_total{who=\"other\"} 10");
    assert_hides (metrics, "who=\"1000\"");
    assert_shows (metrics, "h3_metrics_series_refused_total{metric=\"visits\"} 10");
    h3_counter_add (visits, 1, LABELS (long_value));
    assert_shows (metrics, "visits_total{who=\"other\"} 11");
}
END_TEST

START_TEST (a_name_is_given_once)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *a = h3_metrics_add_counter (metrics, "a", "A", LABELS ("x"));

    ck_assert_ptr_nonnull (a);
    ck_assert_ptr_eq (h3_metrics_add_counter (metrics, "a", "A", LABELS ("x")), a);
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*another metric called a*");
    ck_assert_ptr_null (h3_metrics_add_counter (metrics, "a", "A", LABELS ("y")));
    g_test_assert_expected_messages ();
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*another metric called a*");
    ck_assert_ptr_null (h3_metrics_add_gauge (metrics, "a", "A", LABELS ("x")));
    g_test_assert_expected_messages ();
}
END_TEST

START_TEST (names_that_cannot_be_are_refused)
{
    static const char *const names[] = { "",      "1a",        "a-b",     "a b",     "h3_a",
                                         "a_sum", "process_a", "a_total", "a_count", "\xc3\xa4" };
    static const char *const labels[] = { "", "1", "a:b", "__a", "a-b" };
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*is_free_name*");
        ck_assert_ptr_null (h3_metrics_add_counter (metrics, names[i], "A", NULL));
        g_test_assert_expected_messages ();
    }
    for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
        g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*are_labels*");
        ck_assert_ptr_null (h3_metrics_add_counter (metrics, "a", "A", LABELS (labels[i])));
        g_test_assert_expected_messages ();
    }
}
END_TEST

START_TEST (values_must_fit_the_labels)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *a = h3_metrics_add_counter (metrics, "a", "A", LABELS ("x"));

    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*n_labels*");
    h3_counter_add (a, 1, NULL);
    g_test_assert_expected_messages ();
    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*amount*");
    h3_counter_add (a, -1, LABELS ("x"));
    g_test_assert_expected_messages ();
    assert_hides (metrics, "\na_total{");
}
END_TEST

static void
tell_sample (MetricsText *text, gpointer data)
{
    metrics_text_begin (text, "h3_told", METRICS_GAUGE, "Told");
    metrics_text_add (text, "", 5, NULL);
}

START_TEST (collectors_write_until_they_are_removed)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    int data;

    metrics_add_collector (metrics, tell_sample, &data);
    assert_shows (metrics, "h3_told 5");
    metrics_remove_collector (metrics, &data);
    assert_hides (metrics, "h3_told");
}
END_TEST

START_TEST (routes_are_written_in_order)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    const MetricsSample sample = { .duration = 2500001,
                                   .bytes_in = 20,
                                   .bytes_out = 300,
                                   .status = 404,
                                   .is_timed = TRUE,
                                   .is_aborted = TRUE };

    metrics_note (metrics, "/b", H3_METHOD_PUT, &sample);
    metrics_note (metrics, "/b", H3_METHOD_GET, &sample);
    metrics_note (metrics, "/a", H3_METHOD_OTHER, &sample);
    metrics_note (metrics, "", H3_METHOD_GET, &sample);
    assert_shows (metrics,
                  "# TYPE h3_http_requests_total counter\n"
                  "h3_http_requests_total{route=\"\",method=\"GET\",status=\"4xx\"} 1\n"
                  "h3_http_requests_total{route=\"/a\",method=\"OTHER\",status=\"4xx\"} 1\n"
                  "h3_http_requests_total{route=\"/b\",method=\"GET\",status=\"4xx\"} 1\n"
                  "h3_http_requests_total{route=\"/b\",method=\"PUT\",status=\"4xx\"} 1");
    assert_shows (
        metrics,
        "h3_http_request_duration_seconds_bucket{route=\"/b\",method=\"PUT\",le=\"0.0025\"} 0\n"
        "h3_http_request_duration_seconds_bucket{route=\"/b\",method=\"PUT\",le=\"0.005\"} 1");
    assert_shows (
        metrics,
        "h3_http_request_duration_seconds_bucket{route=\"/b\",method=\"PUT\",le=\"+Inf\"} 1\n"
        "h3_http_request_duration_seconds_sum{route=\"/b\",method=\"PUT\"} 0.002500001\n"
        "h3_http_request_duration_seconds_count{route=\"/b\",method=\"PUT\"} 1");
    assert_shows (metrics, "h3_http_received_bytes_total{route=\"/a\",method=\"OTHER\"} 20");
    assert_shows (metrics, "h3_http_sent_bytes_total{route=\"/a\",method=\"OTHER\"} 300");
    assert_shows (metrics, "h3_http_aborted_requests_total{route=\"/a\",method=\"OTHER\"} 1");
}
END_TEST

START_TEST (library_and_process_are_told)
{
    static const char *const process[] = {
        "\nprocess_cpu_seconds_total ",
        "\nprocess_max_fds ",
        "\nprocess_open_fds ",
        "\nprocess_resident_memory_bytes ",
        "\nprocess_start_time_seconds ",
        "\nprocess_threads ",
        "\nprocess_virtual_memory_bytes ",
        "\nh3_build_info{version=\"",
    };
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autofree char *text = show (metrics);
    const char *started = strstr (text, "\nprocess_start_time_seconds ");

    for (guint i = 0; i < G_N_ELEMENTS (process); i++)
        ck_assert_msg (strstr (text, process[i]) != NULL, "no %s in\n%s", process[i] + 1, text);
    for (Counter i = 0; i < N_COUNTERS; i++) {
        g_autofree char *line = g_strdup_printf ("\nh3_%s%s ", counters_get_name (i),
                                                 i < FIRST_GROWING_COUNTER ? "" : "_total");

        ck_assert_msg (strstr (text, line) != NULL, "no %s in\n%s", line + 1, text);
    }
    started += strlen ("\nprocess_start_time_seconds ");
    ck_assert_double_le (g_ascii_strtod (started, NULL), (double) g_get_real_time () / 1e6 + 2);
    ck_assert_double_ge (g_ascii_strtod (started, NULL), (double) g_get_real_time () / 1e6 - 86400);
}
END_TEST

START_TEST (openmetrics_has_its_own_words)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    H3Counter *odd = h3_metrics_add_counter (metrics, "odd", "\"Odd\"", NULL);
    g_autofree char *text = NULL;

    h3_counter_add (odd, 1, NULL);
    text = h3_metrics_to_text (metrics, H3_METRICS_OPENMETRICS);
    ck_assert_ptr_nonnull (
        strstr (text, "\n# HELP odd \\\"Odd\\\"\n# TYPE odd counter\nodd_total 1\n"));
    ck_assert_ptr_nonnull (strstr (text, "# TYPE h3_build info\nh3_build_info{"));
    ck_assert (g_str_has_suffix (text, "\n# EOF\n"));
}
END_TEST

static void
expect_type (H3App *app, const char *accept, const char *type)
{
    g_autoptr (H3Injected) injected = ask_field (app, "/metrics", "Accept", accept);

    ck_assert_uint_eq (h3_injected_get_status (injected), 200);
    ck_assert_str_eq (h3_injected_get_header (injected, "Content-Type"), type);
}

START_TEST (clients_choose_the_format)
{
    static const char plain[] = "text/plain; version=0.0.4; charset=utf-8";
    static const char open[] = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/metrics", h3_metrics_show, metrics);
    expect_type (app, "*/*", plain);
    expect_type (app, "text/plain", plain);
    expect_type (app, "text/html", plain);
    expect_type (app, "text/plain;version=0.0.4", plain);
    expect_type (app, "application/openmetrics-text; version=1.0.0", open);
    /* What Prometheus 2.42 asks for. */
    expect_type (app,
                 "application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
                 "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                 open);
    /* Prometheus 3. */
    expect_type (app,
                 "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                 "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;"
                 "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                 plain);
}
END_TEST

#define N_THREADS 4
#define N_ROUNDS  5000

static void *
count (void *data)
{
    H3Metrics *metrics = data;
    static const double bounds[] = { 1, 2 };
    H3Counter *plain = h3_metrics_add_counter (metrics, "plain", "Plain", NULL);
    H3Counter *labelled = h3_metrics_add_counter (metrics, "labelled", "Labelled", LABELS ("i"));
    H3Histogram *spread = h3_metrics_add_histogram (metrics, "spread", "Spread", bounds, 2, NULL);

    for (guint i = 0; i < N_ROUNDS; i++) {
        const char digit[] = { (char) ('0' + i % 10), '\0' };

        h3_counter_add (plain, 1, NULL);
        h3_counter_add (labelled, 1, LABELS (digit));
        h3_histogram_observe (spread, i % 3, NULL);
    }
    return NULL;
}

START_TEST (threads_count_while_others_read)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    pthread_t threads[N_THREADS];

    for (guint i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, count, metrics), 0);
    for (guint i = 0; i < 20; i++) {
        g_autofree char *text = show (metrics);

        ck_assert_ptr_nonnull (strstr (text, "# TYPE h3_http_requests_total"));
    }
    for (guint i = 0; i < N_THREADS; i++)
        pthread_join (threads[i], NULL);
    assert_shows (metrics, "plain_total 20000");
    assert_shows (metrics, "labelled_total{i=\"7\"} 2000");
    assert_shows (metrics, "spread_count 20000");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "program", counter_counts_by_labels, gauge_goes_up_and_down,
                    gauge_function_is_asked_at_each_reading, who_holds_a_metric_holds_them_all,
                    histogram_counts_what_bounds_take, series_are_bounded, a_name_is_given_once,
                    names_that_cannot_be_are_refused, values_must_fit_the_labels,
                    threads_count_while_others_read, NULL);
    suite_add_case (suite, "text", texts_are_escaped, values_that_are_no_text_are_mended,
                    collectors_write_until_they_are_removed, routes_are_written_in_order,
                    library_and_process_are_told, openmetrics_has_its_own_words,
                    clients_choose_the_format, NULL);
}

int
main (void)
{
    return suite_run ("monitor/metrics-text", add_tests);
}
