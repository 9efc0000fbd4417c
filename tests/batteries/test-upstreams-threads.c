/* SPDX-License-Identifier: MIT */

#include "upstreams-asking.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS 8
#define ROUNDS  500
#define TURNS   5000

typedef struct {
    H3Upstreams *upstreams;
    pthread_barrier_t barrier;
    atomic_uint n_let_in, n_wrong;
} Race;

/* Two fail, a while goes by, and of all that come at once one is let in; it fails too. */
static void *
race (void *data)
{
    Race *race = data;

    for (guint i = 0; i < ROUNDS; i++) {
        UpstreamUse use;
        gboolean is_in;

        if (pthread_barrier_wait (&race->barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
            atomic_store (&race->n_let_in, 0);
            clock_drive (20 * OPEN);
        }
        (void) pthread_barrier_wait (&race->barrier);
        is_in = choose (race->upstreams, &use) != NULL;
        if (is_in)
            atomic_fetch_add (&race->n_let_in, 1);
        (void) pthread_barrier_wait (&race->barrier);
        if (atomic_load (&race->n_let_in) != 1)
            atomic_fetch_add (&race->n_wrong, 1);
        if (is_in)
            end_with (&use, H3_CLIENT_ERROR_CONNECT);
    }
    return NULL;
}

static void
run_threads (Race *together, void *(*function) (void *) )
{
    pthread_t threads[THREADS];

    pthread_barrier_init (&together->barrier, NULL, THREADS);
    for (guint i = 0; i < THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, function, together), 0);
    for (guint i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    pthread_barrier_destroy (&together->barrier);
}

START_TEST (of_all_workers_one_tries_a_server)
{
    Race together = { .upstreams = new_set (1) };

    ck_assert (upstreams_freeze (together.upstreams, NULL));
    fail_once (together.upstreams);
    fail_once (together.upstreams);
    run_threads (&together, race);
    ck_assert_uint_eq (atomic_load (&together.n_wrong), 0);
    ck_assert_uint_eq (get_report (together.upstreams, 0).requests, 2 + ROUNDS);
    h3_upstreams_unref (together.upstreams);
}
END_TEST

static void *
take_turns (void *data)
{
    Race *race = data;

    for (guint i = 0; i < TURNS; i++) {
        UpstreamUse use;

        if (choose (race->upstreams, &use) == NULL)
            atomic_fetch_add (&race->n_wrong, 1);
        (void) upstream_use_answered (&use, 200);
        upstream_use_end (&use, NULL);
    }
    return NULL;
}

START_TEST (turns_are_exact_with_many_threads)
{
    static const struct {
        H3Balance strategy;
        guint shares[2]; /* of five */
    } cases[] = {
        { H3_BALANCE_ROUND_ROBIN, { 0, 0 } },
        { H3_BALANCE_WEIGHTED, { 1, 4 } },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        Race together = { .upstreams = h3_upstreams_new () };

        h3_upstreams_set_strategy (together.upstreams, cases[i].strategy);
        ck_assert (h3_upstreams_add (together.upstreams, FIRST, 1, NULL));
        ck_assert (h3_upstreams_add (together.upstreams, SECOND, 4, NULL));
        ck_assert (upstreams_freeze (together.upstreams, NULL));
        run_threads (&together, take_turns);
        ck_assert_uint_eq (atomic_load (&together.n_wrong), 0);
        for (guint j = 0; j < 2; j++) {
            H3UpstreamReport report = get_report (together.upstreams, j);
            guint all = THREADS * TURNS;

            ck_assert_uint_eq (report.requests,
                               cases[i].shares[j] > 0 ? all / 5 * cases[i].shares[j] : all / 2);
            ck_assert_uint_eq (report.in_flight, 0);
        }
        h3_upstreams_unref (together.upstreams);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "threads", of_all_workers_one_tries_a_server,
                    turns_are_exact_with_many_threads, NULL);
}

int
main (void)
{
    return suite_run ("batteries/upstreams-threads", add_cases);
}
