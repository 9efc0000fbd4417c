/* SPDX-License-Identifier: MIT
 *
 * Days of seeded noise, on the driven clock: routes of their own pace, waves of a day, bursts of
 * load, tails that are heavy. H3_TREND_SEED gives other days. */

#include "h3/base/counters.h"
#include "h3/loop/clock.h"
#include "h3/monitor/metrics-inside.h"
#include "h3/monitor/trend-inside.h"
#include "h3/monitor/trend-private.h"
#include "tests/support/suite.h"

#include <math.h>
#include <stdlib.h>

#define SLICE   (TREND_SLICE_TIME / 1000)
#define MINUTE  60
#define HOUR    3600
#define N_KINDS 3

static const struct {
    const char *route;
    double milliseconds; /* the median */
    double spread;       /* of its logarithm */
    double a_slice;      /* requests, on average */
} routes[] = {
    { "/page", 0.3, 0.3, 60 },
    { "/search", 12, 0.6, 40 },
    { "/report", 250, 0.9, 6 },
    { "/upload", 40, 1.2, 25 },
};

typedef struct {
    GRand *random; /* owned */
    H3Metrics *metrics;
    H3Trend *trend;
    guint burst_left; /* slices */
    double drift[G_N_ELEMENTS (routes)];
    double slower[G_N_ELEMENTS (routes)]; /* what the test does to a route */
    gint64 live[N_KINDS];
    guint n_regressions, n_recoveries, n_growths;
} Day;

static void
note (guint *n)
{
    (*n)++;
}

static void
begin_day (Day *day)
{
    const char *given = g_getenv ("H3_TREND_SEED");
    guint32 seed = given != NULL ? (guint32) atoi (given) : 20261122;

    g_print ("seed %u\n", seed);
    clock_take_control ();
    *day = (Day){ .random = g_rand_new_with_seed (seed), .metrics = h3_metrics_new () };
    day->trend = h3_trend_new (day->metrics);
    /* Hours pass within seconds here, in which a sanitizer keeps all that was freed. */
    day->trend->growths[TREND_KINDS - 1].least = G_MAXUINT64;
    g_signal_connect_swapped (day->trend, "regression", G_CALLBACK (note), &day->n_regressions);
    g_signal_connect_swapped (day->trend, "recovery", G_CALLBACK (note), &day->n_recoveries);
    g_signal_connect_swapped (day->trend, "growth", G_CALLBACK (note), &day->n_growths);
    for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
        day->drift[i] = day->slower[i] = 1;
}

static void
end_day (Day *day)
{
    g_object_unref (day->trend);
    h3_metrics_unref (day->metrics);
    g_rand_free (day->random);
}

static double
draw_normal (GRand *random)
{
    double radius = sqrt (-2 * log (1 - g_rand_double (random)));

    return radius * cos (2 * G_PI * g_rand_double (random));
}

/* Most of a logarithmic bell, one in fifty of a tail without a mean square. */
static double
draw_time (GRand *random, guint route)
{
    double time = routes[route].milliseconds * exp (routes[route].spread * draw_normal (random));

    if (g_rand_double (random) < 0.02)
        time *= pow (1 - g_rand_double (random), -1 / 1.3);
    return time;
}

static void
serve (Day *day, guint route, guint n, double factor)
{
    for (guint i = 0; i < n; i++) {
        const MetricsSample sample = {
            .duration = (guint64) (draw_time (day->random, route) * factor * 1e6),
            .status = 200,
            .is_timed = TRUE,
        };

        metrics_note (day->metrics, routes[route].route, H3_METHOD_GET, &sample);
    }
}

/* What lives goes with the load, each kind by another share, and trembles. */
static void
live (Day *day, double load)
{
    static const Counter kinds[N_KINDS] = { COUNTER_CONNECTIONS_LIVE, COUNTER_TIMERS_LIVE,
                                            COUNTER_EVENTS_LIVE };

    for (guint i = 0; i < N_KINDS; i++) {
        double now = load * (300 + 2000 * i) * exp (0.1 * draw_normal (day->random));

        counters_add (kinds[i], (gint64) now - day->live[i]);
        day->live[i] = (gint64) now;
    }
}

/* A burst comes every half an hour or so, lasts up to a minute and a half, and has everything take
 * three times as long. */
static gboolean
is_burst (Day *day)
{
    if (day->burst_left > 0)
        day->burst_left--;
    else if (g_rand_int_range (day->random, 0, 30 * MINUTE / SLICE) == 0)
        day->burst_left = (guint) g_rand_int_range (day->random, 1, 90 / SLICE + 1);
    return day->burst_left > 0;
}

static void
pass_slice (Day *day, guint second)
{
    double wave = 1 + 0.6 * sin (2 * G_PI * second / (24 * HOUR));
    gboolean in_burst = is_burst (day);
    double load = wave * (in_burst ? 3 : 1);

    for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
        double n = routes[i].a_slice * load * (0.5 + g_rand_double (day->random));

        day->drift[i] = exp (0.98 * log (day->drift[i]) + 0.01 * draw_normal (day->random));
        serve (day, i, (guint) n,
               (0.7 + 0.3 * wave) * day->drift[i] * (in_burst ? 3 : 1) * day->slower[i]);
    }
    live (day, load);
    clock_drive (TREND_SLICE_TIME);
    h3_trend_step (day->trend);
}

static guint
pass_time (Day *day, guint from, guint seconds)
{
    for (guint second = 0; second < seconds; second += SLICE)
        pass_slice (day, from + second);
    return from + seconds;
}

START_TEST (a_day_of_noise_raises_no_alarm)
{
    Day day;

    begin_day (&day);
    pass_time (&day, 0, 24 * HOUR);
    ck_assert_uint_eq (day.n_regressions, 0);
    ck_assert_uint_eq (day.n_recoveries, 0);
    ck_assert_uint_eq (day.n_growths, 0);
    end_day (&day);
}
END_TEST

/* What takes two thirds longer is found within half an hour in the midst of all that, once. */
START_TEST (a_slower_route_is_found_in_noise)
{
    Day day;
    guint second;

    begin_day (&day);
    second = pass_time (&day, 0, 2 * HOUR);
    day.slower[1] = 5.0 / 3;
    second = pass_time (&day, second, 30 * MINUTE);
    ck_assert_uint_eq (day.n_regressions, 1);
    ck_assert_uint_eq (h3_trend_count_regressions (day.trend), 1);
    day.slower[1] = 1;
    pass_time (&day, second, 30 * MINUTE);
    ck_assert_uint_eq (day.n_regressions, 1);
    ck_assert_uint_eq (day.n_recoveries, 1);
    ck_assert_uint_eq (h3_trend_count_regressions (day.trend), 0);
    end_day (&day);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "noise", a_day_of_noise_raises_no_alarm,
                    a_slower_route_is_found_in_noise, NULL);
}

int
main (void)
{
    return suite_run ("monitor/trend-noise", add_tests);
}
