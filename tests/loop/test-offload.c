/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/loop/loop.h"
#include "h3/loop/offload.h"
#include "tests/support/suite.h"

#include <pthread.h>
#include <stdatomic.h>

#define N_JOBS 200

typedef struct {
    pthread_t worked_on, done_on;
    gboolean is_worked, is_done;
} Asked;

static atomic_int n_worked, n_destroyed;
static int n_done;
static pthread_barrier_t begun, may_end; /* of work_behind_gate () */

static void
work (gpointer data)
{
    Asked *asked = data;

    asked->worked_on = pthread_self ();
    asked->is_worked = TRUE;
    atomic_fetch_add (&n_worked, 1);
}

static void
work_behind_gate (gpointer data)
{
    pthread_barrier_wait (&begun);
    pthread_barrier_wait (&may_end);
    work (data);
}

static void
finish (gpointer data)
{
    Asked *asked = data;

    ck_assert (asked->is_worked);
    asked->done_on = pthread_self ();
    asked->is_done = TRUE;
    n_done++;
}

static void
destroy (gpointer data)
{
    atomic_fetch_add (&n_destroyed, 1);
    g_free (data);
}

static Loop *
open_loop (void)
{
    Loop *loop = loop_new (NULL);

    ck_assert_ptr_nonnull (loop);
    n_done = 0;
    atomic_store (&n_worked, 0);
    atomic_store (&n_destroyed, 0);
    return loop;
}

static void
close_loop (Loop *loop)
{
    loop_close (loop);
    loop_unref (loop);
}

START_TEST (offload_works_on_another_thread_and_answers_on_the_loop)
{
    Loop *loop = open_loop ();
    Offload *offload = offload_new (2);
    Asked asked = { 0 };

    loop_set_offload (loop, offload);
    ck_assert_ptr_eq (loop_get_offload (loop), offload);
    ck_assert_uint_eq (offload_count_threads (offload), 0);
    offload_run (offload, loop, work, finish, &asked, NULL);
    ck_assert (!asked.is_done);
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 1);
    while (n_done == 0)
        loop_step (loop, TRUE);
    ck_assert (!pthread_equal (asked.worked_on, pthread_self ()));
    ck_assert (pthread_equal (asked.done_on, pthread_self ()));
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 0);
    close_loop (loop);
    offload_free (offload);
}
END_TEST

START_TEST (offload_does_all_jobs_on_no_more_threads_than_it_may)
{
    Loop *loop = open_loop ();
    Offload *offload = offload_new (3);

    for (int i = 0; i < N_JOBS; i++) {
        offload_run (offload, loop, work, finish, g_new0 (Asked, 1), destroy);
        ck_assert_uint_le (offload_count_threads (offload), 3);
    }
    while (n_done < N_JOBS)
        loop_step (loop, TRUE);
    ck_assert_int_eq (atomic_load (&n_destroyed), N_JOBS);
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 0);
    close_loop (loop);
    offload_free (offload);
}
END_TEST

START_TEST (offload_threads_end_after_resting_and_start_again)
{
    Loop *loop = open_loop ();
    Offload *offload = offload_new (2);

    offload_set_rest (offload, 0);
    for (int i = 1; i <= 3; i++) {
        offload_run (offload, loop, work, finish, g_new0 (Asked, 1), destroy);
        while (n_done < i)
            loop_step (loop, TRUE);
        while (offload_count_threads (offload) > 0)
            g_thread_yield ();
    }
    close_loop (loop);
    offload_free (offload);
}
END_TEST

START_TEST (offload_destroys_only_where_the_loop_closed_first)
{
    Loop *loop = open_loop ();
    Offload *offload = offload_new (1);

    pthread_barrier_init (&begun, NULL, 2);
    pthread_barrier_init (&may_end, NULL, 2);
    offload_run (offload, loop, work_behind_gate, finish, g_new0 (Asked, 1), destroy);
    pthread_barrier_wait (&begun);
    close_loop (loop);
    pthread_barrier_wait (&may_end);
    offload_free (offload);
    ck_assert_int_eq (n_done, 0);
    ck_assert_int_eq (atomic_load (&n_worked), 1);
    ck_assert_int_eq (atomic_load (&n_destroyed), 1);
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 0);
    pthread_barrier_destroy (&begun);
    pthread_barrier_destroy (&may_end);
}
END_TEST

static void *
open_gate (void *data)
{
    /* The pool drops its queue before it waits for the threads. */
    while (atomic_load (&n_destroyed) < 5)
        g_thread_yield ();
    pthread_barrier_wait (&may_end);
    return NULL;
}

START_TEST (offload_free_finishes_what_was_begun_and_drops_what_was_not)
{
    Loop *loop = open_loop ();
    Offload *offload = offload_new (1);
    pthread_t thread;

    pthread_barrier_init (&begun, NULL, 2);
    pthread_barrier_init (&may_end, NULL, 2);
    offload_run (offload, loop, work_behind_gate, finish, g_new0 (Asked, 1), destroy);
    for (int i = 0; i < 5; i++)
        offload_run (offload, loop, work, finish, g_new0 (Asked, 1), destroy);
    pthread_barrier_wait (&begun);
    close_loop (loop);
    ck_assert_int_eq (pthread_create (&thread, NULL, open_gate, NULL), 0);
    offload_free (offload);
    pthread_join (thread, NULL);
    ck_assert_int_eq (atomic_load (&n_worked), 1);
    ck_assert_int_eq (atomic_load (&n_destroyed), 6);
    ck_assert_int_eq (n_done, 0);
    ck_assert_int_eq (counters_read (COUNTER_JOBS_LIVE), 0);
    pthread_barrier_destroy (&begun);
    pthread_barrier_destroy (&may_end);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "jobs", offload_works_on_another_thread_and_answers_on_the_loop,
                    offload_does_all_jobs_on_no_more_threads_than_it_may,
                    offload_threads_end_after_resting_and_start_again, NULL);
    suite_add_case (suite, "ends", offload_destroys_only_where_the_loop_closed_first,
                    offload_free_finishes_what_was_begun_and_drops_what_was_not, NULL);
}

int
main (void)
{
    return suite_run ("loop/offload", add_tests);
}
