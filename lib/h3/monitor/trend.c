/* SPDX-License-Identifier: MIT */

#include "trend.h"

#include "trend-private.h"

#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/loop.h>
#include <h3/monitor/memory.h>
#include <h3/route/chain-inside.h>

#include <stdlib.h>
#include <string.h>

#define RESIDENT (TREND_KINDS - 1)

/* Growth of less is nothing. */
#define LEAST_OBJECTS  100
#define LEAST_BYTES    (G_GUINT64_CONSTANT (1) << 20)
#define LEAST_RESIDENT (G_GUINT64_CONSTANT (16) << 20)

G_DEFINE_TYPE (H3Trend, h3_trend, G_TYPE_OBJECT)

static guint regression_signal, recovery_signal, growth_signal, growth_ended_signal;

/* What a step found, told when nothing is locked any more. */
typedef struct {
    guint signal;
    char *name, *method; /* owned; `method` is NULL for kinds */
    double before, now;  /* seconds, or how many */
} Finding;

static void
clear_finding (gpointer data)
{
    Finding *finding = data;

    g_free (finding->name);
    g_free (finding->method);
}

/* What rests, or has a bound that it fills to when all is well. */
static gboolean
may_grow (Counter kind)
{
    return kind == COUNTER_EVENTS_POOLED || kind == COUNTER_MAP_ENTRIES
           || kind == COUNTER_STORE_ENTRIES || kind == COUNTER_STORE_BYTES;
}

static gboolean
is_in_bytes (const char *kind)
{
    return g_str_has_suffix (kind, "_bytes");
}

/* The system may not tell, as where no descriptor is left. */
static void
see_kinds (H3Trend *trend)
{
    guint64 resident = h3_memory_get_resident ();

    for (Counter i = 0; i < RESIDENT; i++)
        trend_growth_see (&trend->growths[i], (guint64) MAX (counters_read (i), 0));
    if (resident > 0)
        trend_growth_see (&trend->growths[RESIDENT], resident);
}

static double
to_seconds (double nanoseconds)
{
    return nanoseconds / 1e9;
}

/* What a step works on. */
typedef struct {
    H3Trend *trend;
    GArray *findings; /* Finding */
    guint64 requests;
} Step;

static void
find_route (Step *step, const TrendRoute *route, TrendVerdict verdict)
{
    Finding finding = { .signal = verdict == TREND_REGRESSION ? regression_signal : recovery_signal,
                        .name = g_strdup (route->route),
                        .method = g_strdup (route->method),
                        .before = to_seconds (route->before),
                        .now = to_seconds (route->now) };

    step->trend->n_regressions += verdict == TREND_REGRESSION;
    g_array_append_val (step->findings, finding);
}

static void
step_route (const MetricsRoute *route, gpointer data)
{
    Step *step = data;
    g_autofree char *key = g_strconcat (route->method, " ", route->route, NULL);
    TrendRoute *known = g_hash_table_lookup (step->trend->routes, key);
    TrendVerdict verdict;

    step->requests += route->n_requests;
    if (known == NULL) {
        known = trend_route_new (route);
        g_hash_table_insert (step->trend->routes, g_steal_pointer (&key), known);
        /* What was before there was a trend is of no time. */
        if (step->trend->n_steps == 0)
            memcpy (known->seen, route->buckets, sizeof known->seen);
    }
    verdict = trend_route_step (known, route);
    if (verdict != TREND_SAME)
        find_route (step, known, verdict);
}

static void
find_growth (Step *step, const TrendGrowth *growth, GrowthVerdict verdict)
{
    Finding finding = { .signal = verdict == GROWTH_BEGUN ? growth_signal : growth_ended_signal,
                        .name = g_strdup (growth->kind),
                        .before = (double) growth->from,
                        .now = (double) growth->lows[TREND_GROWTH_WINDOWS - 1] };

    step->trend->n_growths += verdict == GROWTH_BEGUN;
    g_array_append_val (step->findings, finding);
}

/* How many times as many requests the later windows had. */
static double
compare_loads (const H3Trend *trend)
{
    double first = 0, later = 0;

    for (guint i = 0; i < TREND_GROWTH_WINDOWS / 2; i++) {
        first += (double) trend->loads[i];
        later += (double) trend->loads[i + TREND_GROWTH_WINDOWS / 2];
    }
    return first > 0 ? later / first : 1;
}

static void
end_window (Step *step)
{
    H3Trend *trend = step->trend;

    memmove (trend->loads, trend->loads + 1, sizeof trend->loads - sizeof *trend->loads);
    trend->loads[TREND_GROWTH_WINDOWS - 1] = trend->requests - trend->window_requests;
    trend->window_requests = trend->requests;
    for (guint i = 0; i < TREND_KINDS; i++) {
        GrowthVerdict verdict;

        if (i != RESIDENT && may_grow (i))
            continue;
        verdict = trend_growth_end_window (&trend->growths[i], compare_loads (trend));
        if (verdict != GROWTH_SAME)
            find_growth (step, &trend->growths[i], verdict);
    }
}

static gboolean
is_due (const H3Trend *trend)
{
    return trend->last_step == 0 || clock_get_now () - trend->last_step >= TREND_SLICE_TIME;
}

/* With the mutex held. */
static void
step_all (Step *step)
{
    H3Trend *trend = step->trend;

    metrics_foreach_route (trend->metrics, step_route, step);
    trend->requests = step->requests;
    see_kinds (trend);
    trend->n_steps++;
    trend->last_step = clock_get_now ();
    if (trend->n_steps % TREND_WINDOW_SLICES == 0)
        end_window (step);
}

static void
tell_route (H3Trend *trend, const Finding *finding)
{
    if (finding->signal == regression_signal)
        g_message ("%s %s has become slower: 95 of 100 requests took up to %.2f ms, now %.2f ms",
                   finding->method, finding->name, finding->before * 1e3, finding->now * 1e3);
    else
        g_message ("%s %s is no longer slower than usual: 95 of 100 requests take up to %.2f ms",
                   finding->method, finding->name, finding->now * 1e3);
    g_signal_emit (trend, finding->signal, 0, finding->name, finding->method, finding->before,
                   finding->now);
}

static void
tell_growth (H3Trend *trend, const Finding *finding)
{
    if (finding->signal == growth_signal)
        g_message ("%s grow and grow: from %.0f to %.0f within %d minutes", finding->name,
                   finding->before, finding->now,
                   TREND_GROWTH_WINDOWS * TREND_WINDOW_SLICES * TREND_SLICE_TIME / 60000);
    else
        g_message ("%s grow no more: there are %.0f", finding->name, finding->now);
    g_signal_emit (trend, finding->signal, 0, finding->name, finding->before, finding->now);
}

void
h3_trend_step (H3Trend *trend)
{
    g_autoptr (GArray) findings = NULL;
    Step step = { .trend = trend };

    g_return_if_fail (H3_IS_TREND (trend));
    findings = g_array_new (FALSE, FALSE, sizeof (Finding));
    g_array_set_clear_func (findings, clear_finding);
    step.findings = findings;
    pthread_mutex_lock (&trend->mutex);
    if (is_due (trend))
        step_all (&step);
    pthread_mutex_unlock (&trend->mutex);
    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = &g_array_index (findings, Finding, i);

        if (finding->method != NULL)
            tell_route (trend, finding);
        else
            tell_growth (trend, finding);
    }
}

/* A worker's turn to step, which whoever comes first takes. */
typedef struct {
    Alarm alarm;
    H3Trend *trend; /* ref */
} Turn;

static void
on_due (Alarm *alarm)
{
    Turn *turn = (Turn *) alarm;

    h3_trend_step (turn->trend);
    alarms_set (loop_get_alarms (loop_get_current ()), alarm, clock_get_now () + TREND_SLICE_TIME);
}

static void
on_dropped (Alarm *alarm)
{
    Turn *turn = (Turn *) alarm;

    g_object_unref (turn->trend);
    g_free (turn);
}

static void
start_on_worker (gpointer user_data)
{
    Turn *turn = g_new0 (Turn, 1);

    turn->trend = g_object_ref (user_data);
    turn->alarm.on_due = on_due;
    turn->alarm.on_dropped = on_dropped;
    h3_trend_step (turn->trend);
    alarms_set (loop_get_alarms (loop_get_current ()), &turn->alarm,
                clock_get_now () + TREND_SLICE_TIME);
}

static void
pass (H3Event *event, gpointer user_data)
{
    chain_next (event);
}

static gboolean
stands_nowhere (const H3Route *route, gpointer user_data)
{
    return FALSE;
}

H3Middleware *
h3_trend_new_middleware (H3Trend *trend)
{
    H3Middleware *middleware;

    g_return_val_if_fail (H3_IS_TREND (trend), NULL);
    middleware = h3_middleware_new (pass, g_object_ref (trend), g_object_unref);
    middleware_set_start (middleware, start_on_worker);
    middleware_set_choice (middleware, stands_nowhere);
    return middleware;
}

static guint
count_slower (H3Trend *trend)
{
    GHashTableIter iter;
    gpointer route;
    guint n = 0;

    g_hash_table_iter_init (&iter, trend->routes);
    while (g_hash_table_iter_next (&iter, NULL, &route))
        n += ((const TrendRoute *) route)->is_slower;
    return n;
}

guint
h3_trend_count_regressions (H3Trend *trend)
{
    guint n;

    g_return_val_if_fail (H3_IS_TREND (trend), 0);
    pthread_mutex_lock (&trend->mutex);
    n = count_slower (trend);
    pthread_mutex_unlock (&trend->mutex);
    return n;
}

guint
h3_trend_count_growths (H3Trend *trend)
{
    guint n = 0;

    g_return_val_if_fail (H3_IS_TREND (trend), 0);
    pthread_mutex_lock (&trend->mutex);
    for (guint i = 0; i < TREND_KINDS; i++)
        n += trend->growths[i].is_growing;
    pthread_mutex_unlock (&trend->mutex);
    return n;
}

static void
finalize (GObject *object)
{
    H3Trend *trend = H3_TREND (object);

    if (trend->metrics != NULL)
        metrics_remove_collector (trend->metrics, trend);
    g_hash_table_unref (trend->routes);
    h3_metrics_unref (trend->metrics);
    pthread_mutex_destroy (&trend->mutex);
    G_OBJECT_CLASS (h3_trend_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, gboolean has_method, gboolean has_before)
{
    GType types[4];
    guint n = 0;

    types[n++] = G_TYPE_STRING;
    if (has_method)
        types[n++] = G_TYPE_STRING;
    if (has_before)
        types[n++] = G_TYPE_DOUBLE;
    types[n++] = G_TYPE_DOUBLE;
    return g_signal_newv (name, H3_TYPE_TREND, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                          G_TYPE_NONE, n, types);
}

static void
h3_trend_class_init (H3TrendClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
    regression_signal = add_signal ("regression", TRUE, TRUE);
    recovery_signal = add_signal ("recovery", TRUE, TRUE);
    growth_signal = add_signal ("growth", FALSE, TRUE);
    growth_ended_signal = add_signal ("growth-ended", FALSE, TRUE);
}

static void
h3_trend_init (H3Trend *trend)
{
    pthread_mutex_init (&trend->mutex, NULL);
    trend->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, trend_route_free);
    for (guint i = 0; i < RESIDENT; i++) {
        const char *kind = counters_get_name (i);

        trend_growth_init (&trend->growths[i], kind,
                           is_in_bytes (kind) ? LEAST_BYTES : LEAST_OBJECTS);
    }
    trend_growth_init (&trend->growths[RESIDENT], "resident_bytes", LEAST_RESIDENT);
}

H3Trend *
h3_trend_new (H3Metrics *metrics)
{
    H3Trend *trend;

    g_return_val_if_fail (metrics != NULL, NULL);
    trend = g_object_new (H3_TYPE_TREND, NULL);
    trend->metrics = h3_metrics_ref (metrics);
    metrics_add_collector (metrics, trend_write, trend);
    return trend;
}
