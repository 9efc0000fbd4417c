/* SPDX-License-Identifier: MIT */

#include "h3/format/json.h"
#include "h3/monitor/metrics-inside.h"
#include "h3/monitor/traffic.h"
#include "tests/support/suite.h"

#include <stdio.h>

#define SECOND      G_USEC_PER_SEC
#define MILLISECOND G_GUINT64_CONSTANT (1000000)

static void
note (H3Metrics *metrics, const char *route, guint status, guint64 duration)
{
    MetricsSample sample = {
        .duration = duration,
        .bytes_in = 10,
        .bytes_out = 100,
        .status = status,
        .is_timed = TRUE,
        .is_aborted = status == 0,
    };

    metrics_note (metrics, route, H3_METHOD_GET, &sample);
}

static double
get_number (json_t *document, const char *path)
{
    json_t *found = h3_json_get (document, path);

    ck_assert_msg (json_is_number (found), "%s is no number", path);
    return json_number_value (found);
}

static void
assert_number (json_t *document, const char *path, double expected)
{
    double found = get_number (document, path);

    ck_assert_msg (found > expected * 0.999 - 1e-9 && found < expected * 1.001 + 1e-9,
                   "%s is %g, not %g", path, found, expected);
}

START_TEST (rates_are_of_the_last_step)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (Traffic) traffic = traffic_new (metrics, 0);
    json_t *document;

    for (guint i = 0; i < 8; i++)
        note (metrics, "/a", 200, MILLISECOND);
    note (metrics, "/a", 404, MILLISECOND);
    note (metrics, "/b", 0, MILLISECOND);
    traffic_step (traffic, 2 * SECOND);
    document = traffic_describe (traffic);
    assert_number (document, "rate", 5);
    assert_number (document, "statuses[2]", 4);
    assert_number (document, "statuses[4]", 0.5);
    assert_number (document, "statuses[0]", 0.5);
    assert_number (document, "bytes_in", 50);
    assert_number (document, "bytes_out", 500);
    assert_number (document, "aborted", 0.5);
    json_decref (document);
    traffic_step (traffic, 3 * SECOND);
    document = traffic_describe (traffic);
    assert_number (document, "rate", 0);
    assert_number (document, "routes[0].rate", 9 / 3.0);
    json_decref (document);
}
END_TEST

START_TEST (what_was_before_is_in_the_totals_alone)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (Traffic) traffic = NULL;
    json_t *document;

    note (metrics, "/a", 200, 80 * MILLISECOND);
    note (metrics, "/a", 200, 80 * MILLISECOND);
    traffic = traffic_new (metrics, 0);
    document = traffic_describe (traffic);
    ck_assert (json_is_null (h3_json_get (document, "p50")));
    json_decref (document);
    note (metrics, "/a", 200, 2 * MILLISECOND);
    traffic_step (traffic, SECOND);
    document = traffic_describe (traffic);
    assert_number (document, "routes[0].total", 3);
    assert_number (document, "routes[0].rate", 1);
    assert_number (document, "routes[0].statuses[2]", 1);
    ck_assert (get_number (document, "routes[0].p99") < 2.2);
    ck_assert (get_number (document, "p99") < 2.2);
    json_decref (document);
}
END_TEST

START_TEST (percentiles_are_of_the_last_ten_steps)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (Traffic) traffic = traffic_new (metrics, 0);
    json_t *document;

    for (guint i = 0; i < 100; i++)
        note (metrics, "/a", 200, i < 94 ? MILLISECOND : 50 * MILLISECOND);
    for (guint i = 1; i <= TRAFFIC_STEPS; i++)
        traffic_step (traffic, i * SECOND);
    document = traffic_describe (traffic);
    assert_number (document, "window", 10);
    assert_number (document, "routes[0].rate", 10);
    ck_assert (get_number (document, "routes[0].p50") < 1.1);
    ck_assert (get_number (document, "routes[0].p95") > 45);
    ck_assert (get_number (document, "routes[0].p99") < 55);
    json_decref (document);
    traffic_step (traffic, 11 * SECOND);
    document = traffic_describe (traffic);
    ck_assert (json_is_null (h3_json_get (document, "routes[0].p50")));
    assert_number (document, "routes[0].rate", 0);
    assert_number (document, "routes[0].statuses[2]", 0);
    assert_number (document, "routes[0].total", 100);
    json_decref (document);
}
END_TEST

START_TEST (busiest_routes_come_first_and_the_rest_is_counted)
{
    g_autoptr (H3Metrics) metrics = h3_metrics_new ();
    g_autoptr (Traffic) traffic = traffic_new (metrics, 0);
    json_t *document;

    for (guint i = 0; i < TRAFFIC_MAX_ROUTES + 5; i++) {
        char name[32];

        (void) snprintf (name, sizeof name, "/%03u", i);
        note (metrics, name, 200, MILLISECOND);
    }
    note (metrics, "/070", 200, MILLISECOND);
    traffic_step (traffic, SECOND);
    document = traffic_describe (traffic);
    ck_assert_uint_eq (json_array_size (h3_json_get (document, "routes")), TRAFFIC_MAX_ROUTES);
    assert_number (document, "routes_left_out", 5);
    ck_assert_str_eq (json_string_value (h3_json_get (document, "routes[0].route")), "/070");
    ck_assert_str_eq (json_string_value (h3_json_get (document, "routes[1].route")), "/000");
    ck_assert_str_eq (json_string_value (h3_json_get (document, "routes[1].method")), "GET");
    assert_number (document, "rate", TRAFFIC_MAX_ROUTES + 6);
    json_decref (document);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *lately = tcase_create ("lately");

    tcase_add_test (lately, rates_are_of_the_last_step);
    tcase_add_test (lately, what_was_before_is_in_the_totals_alone);
    tcase_add_test (lately, percentiles_are_of_the_last_ten_steps);
    tcase_add_test (lately, busiest_routes_come_first_and_the_rest_is_counted);
    suite_add_tcase (suite, lately);
}

int
main (void)
{
    return suite_run ("monitor/traffic", add);
}
