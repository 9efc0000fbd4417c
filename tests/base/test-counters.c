/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/base/shared-count.h"
#include "tests/support/suite.h"

#include <pthread.h>

#define N_THREADS 4
#define N_ROUNDS  20000

static void *
count (void *data)
{
    for (int i = 0; i < N_ROUNDS; i++) {
        counters_add (COUNTER_REQUESTS, 1);
        counters_add (COUNTER_QUEUE_BYTES, 3);
        counters_add (COUNTER_QUEUE_BYTES, -3);
    }
    return NULL;
}

static void *
count_one_down (void *data)
{
    counters_add (COUNTER_EVENTS_LIVE, -1);
    return NULL;
}

static pthread_key_t late_key;

static void
count_late (void *data)
{
    counters_add (COUNTER_REQUESTS, 1);
}

static void *
count_in_a_destructor (void *data)
{
    pthread_setspecific (late_key, &late_key);
    counters_add (COUNTER_REQUESTS, 1);
    return NULL;
}

START_TEST (counters_keep_what_ended_threads_counted)
{
    pthread_t threads[N_THREADS];

    for (int i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, count, NULL), 0);
    for (int i = 0; i < 100; i++)
        ck_assert_int_le (counters_read (COUNTER_REQUESTS), N_THREADS * N_ROUNDS);
    for (int i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    ck_assert_int_eq (counters_read (COUNTER_REQUESTS), N_THREADS * N_ROUNDS);
    ck_assert_int_eq (counters_read (COUNTER_QUEUE_BYTES), 0);
    ck_assert_int_eq (counters_read_peak (COUNTER_QUEUE_BYTES), 3 * N_THREADS);
}
END_TEST

START_TEST (counters_taken_up_here_and_down_there_come_to_zero)
{
    pthread_t thread;

    counters_add (COUNTER_EVENTS_LIVE, 1);
    ck_assert_int_eq (pthread_create (&thread, NULL, count_one_down, NULL), 0);
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
    ck_assert_int_eq (counters_read (COUNTER_EVENTS_LIVE), 0);
    ck_assert_int_eq (counters_read_peak (COUNTER_EVENTS_LIVE), 1);
}
END_TEST

START_TEST (counters_count_in_a_destructor_of_an_ending_thread)
{
    gint64 before = counters_read (COUNTER_REQUESTS);
    pthread_t thread;

    ck_assert_int_eq (pthread_key_create (&late_key, count_late), 0);
    ck_assert_int_eq (pthread_create (&thread, NULL, count_in_a_destructor, NULL), 0);
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
    ck_assert_int_eq (counters_read (COUNTER_REQUESTS), before + 2);
    pthread_key_delete (late_key);
}
END_TEST

START_TEST (counters_remember_the_peak)
{
    counters_add (COUNTER_BUFFER_BYTES, 10);
    counters_add (COUNTER_BUFFER_BYTES, 5);
    counters_add (COUNTER_BUFFER_BYTES, -12);
    counters_add (COUNTER_BUFFER_BYTES, 4);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 7);
    ck_assert_int_eq (counters_read_peak (COUNTER_BUFFER_BYTES), 15);
}
END_TEST

static void *
end_what_another_began (void *data)
{
    shared_count_add (COUNTER_STORE_ENTRIES, -1);
    return NULL;
}

/* However often one thread begins what another ends. */
START_TEST (counters_that_are_shared_remember_the_peak_of_all_threads)
{
    gint64 before = counters_read (COUNTER_STORE_ENTRIES);

    for (int i = 0; i < 50; i++) {
        pthread_t thread;

        shared_count_add (COUNTER_STORE_ENTRIES, 1);
        ck_assert_int_eq (counters_read (COUNTER_STORE_ENTRIES), before + 1);
        ck_assert_int_eq (pthread_create (&thread, NULL, end_what_another_began, NULL), 0);
        ck_assert_int_eq (pthread_join (thread, NULL), 0);
    }
    ck_assert_int_eq (counters_read (COUNTER_STORE_ENTRIES), before);
    ck_assert_int_le (counters_read_peak (COUNTER_STORE_ENTRIES), before + 1);
}
END_TEST

START_TEST (counters_have_names_of_their_own)
{
    g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

    for (Counter i = 0; i < N_COUNTERS; i++) {
        ck_assert (g_hash_table_add (names, (gpointer) counters_get_name (i)));
        ck_assert_uint_gt (strlen (counters_get_description (i)), 0);
    }
    ck_assert_str_eq (counters_get_name (COUNTER_TIMERS_LIVE), "timers");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "sums", counters_keep_what_ended_threads_counted,
                    counters_taken_up_here_and_down_there_come_to_zero,
                    counters_count_in_a_destructor_of_an_ending_thread, counters_remember_the_peak,
                    NULL);
    suite_add_case (suite, "names", counters_that_are_shared_remember_the_peak_of_all_threads,
                    counters_have_names_of_their_own, NULL);
}

int
main (void)
{
    return suite_run ("base/counters", add_tests);
}
