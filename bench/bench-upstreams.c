/* SPDX-License-Identifier: MIT
 *
 * What it costs to choose a server, in ns of processor time: choosing, telling that it answered,
 * and that it is over, by each strategy; alone, and with as many threads as there are processors,
 * which share the set. */

#include "h3/batteries/upstreams-inside.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#define N_ROUNDS    5
#define N           200000
#define MAX_THREADS 64

static gint64
now_in_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

typedef struct {
    H3Upstreams *upstreams;
    gint64 taken; /* ns */
} Run;

static void *
run (void *data)
{
    Run *run = data;
    H3Address client = { .family = H3_ADDRESS_IPV4, .bytes = { 192, 0, 2, 1 } };
    gint64 start = now_in_ns ();

    for (guint i = 0; i < N; i++) {
        UpstreamUse use;

        client.bytes[3] = (guint8) i;
        if (upstreams_choose (run->upstreams, &client, NULL, 0, &use) == NULL)
            g_error ("none is fit");
        (void) upstream_use_answered (&use, 200);
        upstream_use_end (&use, NULL);
    }
    run->taken = now_in_ns () - start;
    return NULL;
}

/* The best round of the slowest thread. */
static double
measure (H3Upstreams *upstreams, guint n_threads)
{
    double best = G_MAXDOUBLE;

    for (guint round = 0; round < N_ROUNDS; round++) {
        pthread_t threads[MAX_THREADS];
        Run runs[MAX_THREADS];
        gint64 slowest = 0;

        for (guint i = 0; i < n_threads; i++) {
            runs[i] = (Run){ upstreams, 0 };
            if (pthread_create (&threads[i], NULL, run, &runs[i]) != 0)
                g_error ("no thread");
        }
        for (guint i = 0; i < n_threads; i++) {
            pthread_join (threads[i], NULL);
            slowest = MAX (slowest, runs[i].taken);
        }
        best = MIN (best, (double) slowest / N);
    }
    return best;
}

static void
show (const char *name, H3Balance strategy, guint n_servers, guint n_threads)
{
    H3Upstreams *upstreams = h3_upstreams_new ();

    h3_upstreams_set_strategy (upstreams, strategy);
    for (guint i = 0; i < n_servers; i++) {
        g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", 8000 + i);

        if (!h3_upstreams_add (upstreams, url, 1 + i % 3, NULL))
            g_error ("no server");
    }
    if (!upstreams_freeze (upstreams, NULL))
        g_error ("not frozen");
    g_print ("%-18s %3u servers %7.1f ns, %u threads %7.1f ns each\n", name, n_servers,
             measure (upstreams, 1), n_threads, measure (upstreams, n_threads));
    h3_upstreams_unref (upstreams);
}

int
main (void)
{
    static const char *const names[] = { "round robin", "weighted", "least connections", "random",
                                         "address hash" };
    static const guint sizes[] = { 1, 4, 16, 64 };
    guint n_threads = (guint) CLAMP (sysconf (_SC_NPROCESSORS_ONLN), 2, MAX_THREADS);

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
            show (names[i], (H3Balance) i, sizes[j], n_threads);
    }
    return 0;
}
