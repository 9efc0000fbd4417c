/* SPDX-License-Identifier: MIT */

#include "h3/app/app.h"
#include "h3/base/counters.h"
#include "h3/http/headers.h"
#include "h3/loop/clock.h"
#include "h3/loop/ticks.h"
#include "h3/monitor/metrics-inside.h"
#include "h3/monitor/rank-test.h"
#include "h3/monitor/trend-growth.h"
#include "h3/monitor/trend-inside.h"
#include "h3/monitor/trend-private.h"
#include "h3/monitor/trend-route.h"
#include "tests/app/ask.h"

#include <jansson.h>
#include <math.h>

#define SLICES_A_WINDOW TREND_WINDOW_SLICES

/* An app whose handlers do what a test says, its metrics, and what their trend told. */
typedef struct {
    H3Metrics *metrics;
    H3Trend *trend;
    H3App *app;
    guint milliseconds; /* that /work takes */
    GPtrArray *leaked;  /* what /leak has not freed */
    guint n_told;
    char *signal, *name, *method; /* of the last */
    double before, now;
    char *logged; /* the last message */
} Watched;

static void
keep (Watched *watched, const char *signal, const char *name, const char *method)
{
    g_free (watched->signal);
    g_free (watched->name);
    g_free (watched->method);
    watched->signal = g_strdup (signal);
    watched->name = g_strdup (name);
    watched->method = g_strdup (method);
    watched->n_told++;
}

static void
on_route (H3Trend *trend, const char *route, const char *method, double before, double now,
          gpointer data)
{
    Watched *watched = data;

    keep (watched, now > before * 1.2 ? "regression" : "recovery", route, method);
    watched->before = before;
    watched->now = now;
}

static void
on_growth (H3Trend *trend, const char *kind, double from, double to, gpointer data)
{
    Watched *watched = data;

    keep (watched, "growth", kind, NULL);
    watched->before = from;
    watched->now = to;
}

static void
on_growth_ended (H3Trend *trend, const char *kind, double from, double now, gpointer data)
{
    keep (data, "growth-ended", kind, NULL);
}

static void
on_log (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
    Watched *watched = data;

    g_free (watched->logged);
    watched->logged = g_strdup (message);
}

static void
work (H3Event *event, gpointer data)
{
    ticks_drive (((const Watched *) data)->milliseconds * 1000000);
    h3_event_send_text (event, "done");
}

static void
leak (H3Event *event, gpointer data)
{
    g_ptr_array_add (((Watched *) data)->leaked, h3_headers_new ());
    h3_event_send_text (event, "leaked");
}

static void
watched_begin (Watched *watched)
{
    clock_take_control ();
    ticks_take_control ();
    *watched = (Watched){ .metrics = h3_metrics_new (), .app = h3_app_new () };
    watched->trend = h3_trend_new (watched->metrics);
    /* Hours pass within seconds here, in which a sanitizer keeps all that was freed. */
    watched->trend->growths[TREND_KINDS - 1].least = G_MAXUINT64;
    watched->leaked = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_headers_unref);
    g_signal_connect (watched->trend, "regression", G_CALLBACK (on_route), watched);
    g_signal_connect (watched->trend, "recovery", G_CALLBACK (on_route), watched);
    g_signal_connect (watched->trend, "growth", G_CALLBACK (on_growth), watched);
    g_signal_connect (watched->trend, "growth-ended", G_CALLBACK (on_growth_ended), watched);
    g_log_set_handler ("h3", G_LOG_LEVEL_MESSAGE, on_log, watched);
    h3_app_use (watched->app, "/", h3_metrics_new_middleware (watched->metrics));
    h3_app_get (watched->app, "/work/:id", work, watched);
    h3_app_get (watched->app, "/leak", leak, watched);
    watched->milliseconds = 10;
    h3_trend_step (watched->trend); /* what comes from now on is in the first slice */
}

static void
watched_end (Watched *watched)
{
    g_ptr_array_unref (watched->leaked);
    g_object_unref (watched->trend);
    g_object_unref (watched->app);
    h3_metrics_unref (watched->metrics);
    g_free (watched->signal);
    g_free (watched->name);
    g_free (watched->method);
    g_free (watched->logged);
}

/* What /work would be measured with. */
static void
note_work (const Watched *watched)
{
    const MetricsSample sample = { .duration = watched->milliseconds * G_GUINT64_CONSTANT (1000000),
                                   .status = 200,
                                   .is_timed = TRUE };

    metrics_note (watched->metrics, "/work/:id", H3_METHOD_GET, &sample);
}

/* Windows in each of which so many ask for `target`; NULL: as if they had asked for /work. */
static void
pass_windows (Watched *watched, guint n_windows, const char *target, guint n_requests)
{
    for (guint i = 0; i < n_windows * SLICES_A_WINDOW; i++) {
        for (guint j = 0; j < n_requests / SLICES_A_WINDOW; j++) {
            if (target != NULL)
                ck_assert_uint_eq (ask_status (watched->app, "GET", target), 200);
            else
                note_work (watched);
        }
        clock_drive (TREND_SLICE_TIME);
        h3_trend_step (watched->trend);
    }
}

static void
assert_metric (const Watched *watched, const char *line, gboolean is_there)
{
    g_autofree char *text = h3_metrics_to_text (watched->metrics, H3_METRICS_PROMETHEUS);

    ck_assert_msg ((strstr (text, line) != NULL) == is_there, "%s in\n%s", line, text);
}

/* The only route's member. */
static gboolean
is_told_slower (const Watched *watched)
{
    json_t *document = trend_describe (watched->trend);
    json_t *route = json_array_get (json_object_get (document, "routes"), 0);
    gboolean is_slower = json_is_true (json_object_get (route, "regressed"));

    ck_assert_str_eq (json_string_value (json_object_get (route, "route")), "/work/:id");
    json_decref (document);
    return is_slower;
}

START_TEST (a_handler_that_slows_down_is_told)
{
    Watched watched;

    watched_begin (&watched);
    pass_windows (&watched, 12, "/work/1", 210);
    watched.milliseconds = 15;
    pass_windows (&watched, 9, "/work/1", 210);
    ck_assert_uint_eq (watched.n_told, 0);
    ck_assert (!is_told_slower (&watched));
    pass_windows (&watched, 3, "/work/1", 210);
    ck_assert_uint_eq (watched.n_told, 1);
    ck_assert_str_eq (watched.signal, "regression");
    ck_assert_str_eq (watched.name, "/work/:id");
    ck_assert_str_eq (watched.method, "GET");
    ck_assert_double_eq_tol (watched.before, 0.010, 0.0005);
    ck_assert_double_eq_tol (watched.now, 0.015, 0.00075);
    ck_assert_ptr_nonnull (strstr (watched.logged, "GET /work/:id has become slower"));
    ck_assert (is_told_slower (&watched));
    assert_metric (&watched, "\nh3_trend_route_regressed{route=\"/work/:id\",method=\"GET\"} 1\n",
                   TRUE);
    assert_metric (&watched, "\nh3_trend_regressions_total 1\n", TRUE);
    watched_end (&watched);
}
END_TEST

START_TEST (a_handler_that_is_quick_again_is_told)
{
    Watched watched;

    watched_begin (&watched);
    pass_windows (&watched, 12, NULL, 210);
    watched.milliseconds = 15;
    pass_windows (&watched, 12, NULL, 210);
    watched.milliseconds = 10;
    pass_windows (&watched, 2, NULL, 210);
    ck_assert_uint_eq (watched.n_told, 1);
    pass_windows (&watched, 1, NULL, 210);
    ck_assert_uint_eq (watched.n_told, 2);
    ck_assert_str_eq (watched.signal, "recovery");
    ck_assert_double_eq_tol (watched.now, 0.010, 0.0005);
    assert_metric (&watched, "h3_trend_route_regressed{", FALSE);
    ck_assert (!is_told_slower (&watched));
    watched_end (&watched);
}
END_TEST

START_TEST (what_stays_slower_becomes_usual)
{
    Watched watched;

    watched_begin (&watched);
    pass_windows (&watched, 12, NULL, 210);
    watched.milliseconds = 15;
    pass_windows (&watched, 69, NULL, 210);
    ck_assert_uint_eq (watched.n_told, 1);
    pass_windows (&watched, 2, NULL, 210);
    ck_assert_uint_eq (watched.n_told, 2);
    ck_assert_uint_eq (h3_trend_count_regressions (watched.trend), 0);
    pass_windows (&watched, 15, NULL, 210);
    ck_assert_uint_eq (watched.n_told, 2);
    watched_end (&watched);
}
END_TEST

/* Less than 200 in ten minutes say nothing, however slow they are. */
START_TEST (few_requests_say_nothing)
{
    Watched watched;

    watched_begin (&watched);
    pass_windows (&watched, 12, NULL, 210);
    watched.milliseconds = 1000;
    pass_windows (&watched, 120, NULL, 18);
    ck_assert_uint_eq (watched.n_told, 0);
    watched_end (&watched);
}
END_TEST

/* A fifth more is not yet worse, and neither is what nobody would notice. */
START_TEST (what_is_a_little_slower_is_not_told)
{
    Watched watched;

    watched_begin (&watched);
    watched.milliseconds = 100;
    pass_windows (&watched, 12, NULL, 210);
    watched.milliseconds = 110;
    pass_windows (&watched, 15, NULL, 210);
    ck_assert_uint_eq (watched.n_told, 0);
    watched_end (&watched);
}
END_TEST

START_TEST (a_handler_that_leaks_is_told)
{
    Watched watched;

    watched_begin (&watched);
    pass_windows (&watched, 12, "/work/1", 60);
    pass_windows (&watched, 8, "/leak", 60);
    ck_assert_uint_eq (watched.n_told, 0);
    pass_windows (&watched, 2, "/leak", 60);
    ck_assert_uint_eq (watched.n_told, 1);
    ck_assert_str_eq (watched.signal, "growth");
    ck_assert_str_eq (watched.name, "header_tables");
    ck_assert_double_ge (watched.now - watched.before, 500);
    ck_assert_uint_eq (h3_trend_count_growths (watched.trend), 1);
    ck_assert_ptr_nonnull (strstr (watched.logged, "header_tables grow and grow"));
    assert_metric (&watched, "\nh3_trend_kind_growing{kind=\"header_tables\"} 1\n", TRUE);
    assert_metric (&watched, "\nh3_trend_growths_total 1\n", TRUE);
    g_ptr_array_set_size (watched.leaked, 0);
    pass_windows (&watched, 10, "/work/1", 60);
    ck_assert_uint_eq (watched.n_told, 2);
    ck_assert_str_eq (watched.signal, "growth-ended");
    ck_assert_uint_eq (h3_trend_count_growths (watched.trend), 0);
    assert_metric (&watched, "h3_trend_kind_growing{", FALSE);
    watched_end (&watched);
}
END_TEST

static GrowthVerdict
end_window_at (TrendGrowth *growth, guint64 low, double load)
{
    trend_growth_see (growth, low + 50);
    trend_growth_see (growth, low);
    trend_growth_see (growth, low + 70);
    return trend_growth_end_window (growth, load);
}

START_TEST (growth_takes_ten_windows_without_a_fall)
{
    TrendGrowth growth;

    trend_growth_init (&growth, "things", 100);
    for (guint i = 0; i < 9; i++)
        ck_assert_int_eq (end_window_at (&growth, 100 + i * 20, 1), GROWTH_SAME);
    ck_assert_int_eq (end_window_at (&growth, 250, 1), GROWTH_SAME);
    for (guint i = 0; i < 8; i++)
        ck_assert_int_eq (end_window_at (&growth, 260 + i * 20, 1), GROWTH_SAME);
    ck_assert_int_eq (end_window_at (&growth, 420, 1), GROWTH_BEGUN);
    ck_assert_uint_eq (growth.from, 250);
    ck_assert_int_eq (end_window_at (&growth, 430, 1), GROWTH_SAME);
}
END_TEST

START_TEST (growth_of_little_is_nothing)
{
    TrendGrowth few, slow;

    trend_growth_init (&few, "few", 100);
    trend_growth_init (&slow, "slow", 100);
    for (guint i = 0; i < 30; i++) {
        ck_assert_int_eq (end_window_at (&few, 1 + i * 10, 1), GROWTH_SAME);
        ck_assert_int_eq (end_window_at (&slow, 100000 + i * 1000, 1), GROWTH_SAME);
    }
}
END_TEST

/* Twice the load has twice as many connections; three times as many it does not explain. */
START_TEST (growth_with_the_load_is_explained)
{
    TrendGrowth explained, more;

    trend_growth_init (&explained, "explained", 100);
    trend_growth_init (&more, "more", 100);
    for (guint i = 0; i < 9; i++) {
        ck_assert_int_eq (end_window_at (&explained, 1000 + i * 100, 2), GROWTH_SAME);
        ck_assert_int_eq (end_window_at (&more, 1000 + i * 200, 2), GROWTH_SAME);
    }
    ck_assert_int_eq (end_window_at (&explained, 1900, 2), GROWTH_SAME);
    ck_assert_int_eq (end_window_at (&more, 2800, 2), GROWTH_BEGUN);
}
END_TEST

/* By the formula with its correction for ties, on ranks counted by hand. */
START_TEST (rank_test_tells_what_lies_higher)
{
    double sample[HISTOGRAM_N_BUCKETS] = { 0 }, baseline[HISTOGRAM_N_BUCKETS] = { 0 };

    ck_assert_double_eq (rank_test (sample, baseline), 0);
    for (guint i = 10; i < 20; i++)
        sample[i + 5] = baseline[i] = 1;
    /* x = 6:15, y = 1:10: U = 87.5, mean 50, with five ties of two. */
    ck_assert_double_eq_tol (rank_test (sample, baseline),
                             37.5 / sqrt (100.0 / 12 * (21 - 5 * 6.0 / (20 * 19))), 1e-9);
    ck_assert_double_eq_tol (rank_test (baseline, sample), -rank_test (sample, baseline), 1e-9);
    ck_assert_double_eq (rank_test (sample, sample), 0);
}
END_TEST

START_TEST (rank_test_says_nothing_of_one_bucket)
{
    double sample[HISTOGRAM_N_BUCKETS] = { 0 }, baseline[HISTOGRAM_N_BUCKETS] = { 0 };

    sample[7] = 1000;
    baseline[7] = 5000;
    ck_assert_double_eq (rank_test (sample, baseline), 0);
}
END_TEST

START_TEST (steps_are_ten_seconds_apart)
{
    Watched watched;
    g_autofree char *text = NULL;
    json_t *document, *route;

    watched_begin (&watched);
    for (guint i = 0; i < 30; i++) {
        ask_status (watched.app, "GET", "/work/1");
        clock_drive (TREND_SLICE_TIME / 10);
        h3_trend_step (watched.trend);
    }
    text = h3_trend_describe_text (watched.trend);
    document = json_loads (text, 0, NULL);
    route = json_array_get (json_object_get (document, "routes"), 0);
    ck_assert_uint_eq (json_array_size (json_object_get (json_object_get (route, "series"), "p95")),
                       3);
    ck_assert_int_eq (json_integer_value (json_array_get (
                          json_object_get (json_object_get (route, "series"), "n"), 2)),
                      10);
    json_decref (document);
    watched_end (&watched);
}
END_TEST

/* What was measured before the trend was there is in no slice. */
START_TEST (a_trend_begins_with_what_comes)
{
    Watched watched;
    g_autoptr (H3Trend) later = NULL;
    json_t *document, *series;

    watched_begin (&watched);
    for (guint i = 0; i < 5; i++)
        ask_status (watched.app, "GET", "/work/1");
    later = h3_trend_new (watched.metrics);
    h3_trend_step (later);
    document = trend_describe (later);
    series = json_object_get (json_array_get (json_object_get (document, "routes"), 0), "series");
    ck_assert_int_eq (json_integer_value (json_array_get (json_object_get (series, "n"), 0)), 0);
    json_decref (document);
    watched_end (&watched);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "regression", a_handler_that_slows_down_is_told,
                    a_handler_that_is_quick_again_is_told, what_stays_slower_becomes_usual,
                    few_requests_say_nothing, what_is_a_little_slower_is_not_told, NULL);
    suite_add_case (suite, "growth", a_handler_that_leaks_is_told,
                    growth_takes_ten_windows_without_a_fall, growth_of_little_is_nothing,
                    growth_with_the_load_is_explained, NULL);
    suite_add_case (suite, "ranks", rank_test_tells_what_lies_higher,
                    rank_test_says_nothing_of_one_bucket, NULL);
    suite_add_case (suite, "steps", steps_are_ten_seconds_apart, a_trend_begins_with_what_comes,
                    NULL);
}

int
main (void)
{
    return suite_run ("monitor/trend", add_tests);
}
