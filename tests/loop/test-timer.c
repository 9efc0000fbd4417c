/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "h3/loop/timer.h"
#include "tests/support/suite.h"

#include <pthread.h>

static Loop *loop;
static int n_fired, n_destroyed;
static gboolean is_in_function;

static void
set_up (void)
{
    n_fired = n_destroyed = 0;
    clock_take_control ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
}

static void
tear_down (void)
{
    if (loop == NULL)
        return;
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    ck_assert_int_eq (counters_read (COUNTER_TIMERS_LIVE), 0);
}

static void
note_end (gpointer data)
{
    ck_assert (!is_in_function);
    n_destroyed++;
}

static void
note (H3Timer *timer, gpointer data)
{
    n_fired++;
}

static void
cancel_itself (H3Timer *timer, gpointer data)
{
    is_in_function = TRUE;
    n_fired++;
    h3_timer_cancel (timer);
    h3_timer_cancel (timer);
    ck_assert (!h3_timer_is_active (timer));
    ck_assert_int_eq (n_destroyed, 0);
    is_in_function = FALSE;
}

static void
cancel_other (H3Timer *timer, gpointer data)
{
    n_fired++;
    h3_timer_cancel (*(H3Timer **) data);
}

static void
pass (guint milliseconds)
{
    clock_drive (milliseconds);
    loop_step (loop, TRUE);
}

START_TEST (timer_fires_once_when_due)
{
    g_autoptr (H3Timer) timer = h3_timer_start (100, FALSE, note, NULL, note_end);

    pass (99);
    ck_assert_int_eq (n_fired, 0);
    ck_assert (h3_timer_is_active (timer));
    pass (1);
    ck_assert_int_eq (n_fired, 1);
    ck_assert_int_eq (n_destroyed, 1);
    ck_assert (!h3_timer_is_active (timer));
    pass (1000);
    ck_assert_int_eq (n_fired, 1);
    h3_timer_cancel (timer);
    ck_assert_int_eq (n_destroyed, 1);
}
END_TEST

START_TEST (timer_of_nothing_fires_at_the_next_turn)
{
    h3_timer_unref (h3_timer_start (0, FALSE, note, NULL, NULL));
    ck_assert_int_eq (n_fired, 0);
    loop_step (loop, TRUE);
    ck_assert_int_eq (n_fired, 1);
}
END_TEST

START_TEST (timer_repeats_and_skips_what_it_missed)
{
    g_autoptr (H3Timer) timer = h3_timer_start (10, TRUE, note, NULL, note_end);

    for (int i = 1; i <= 5; i++) {
        pass (10);
        ck_assert_int_eq (n_fired, i);
    }
    pass (10000);
    ck_assert_int_eq (n_fired, 6);
    loop_step (loop, FALSE);
    ck_assert_int_eq (n_fired, 6);
    pass (10);
    ck_assert_int_eq (n_fired, 7);
    h3_timer_cancel (timer);
    h3_timer_cancel (timer);
    ck_assert_int_eq (n_destroyed, 1);
    pass (100);
    ck_assert_int_eq (n_fired, 7);
}
END_TEST

START_TEST (timer_cancelled_in_its_function_ends_after_it)
{
    h3_timer_unref (h3_timer_start (10, _i, cancel_itself, NULL, note_end));
    pass (10);
    ck_assert_int_eq (n_fired, 1);
    ck_assert_int_eq (n_destroyed, 1);
    pass (1000);
    ck_assert_int_eq (n_fired, 1);
    ck_assert_int_eq (n_destroyed, 1);
}
END_TEST

START_TEST (timer_cancelled_by_another_due_at_the_same_time_does_not_fire)
{
    H3Timer *other = NULL;

    h3_timer_unref (h3_timer_start (10, FALSE, cancel_other, &other, NULL));
    other = h3_timer_start (10, FALSE, note, NULL, note_end);
    pass (10);
    ck_assert_int_eq (n_fired, 1);
    ck_assert_int_eq (n_destroyed, 1);
    h3_timer_unref (other);
}
END_TEST

START_TEST (timer_under_way_ends_with_its_loop)
{
    H3Timer *kept = h3_timer_start (10, TRUE, note, NULL, note_end);

    h3_timer_unref (h3_timer_start (1000, FALSE, note, NULL, note_end));
    loop_close (loop);
    ck_assert_int_eq (n_destroyed, 2);
    ck_assert_int_eq (n_fired, 0);
    ck_assert (!h3_timer_is_active (kept));
    h3_timer_cancel (kept);
    loop_leave (loop);
    loop_unref (g_steal_pointer (&loop));
    h3_timer_unref (kept);
    ck_assert_int_eq (counters_read (COUNTER_TIMERS_LIVE), 0);
}
END_TEST

static void *
drop (void *data)
{
    h3_timer_unref (data);
    return NULL;
}

START_TEST (timer_references_may_be_dropped_on_any_thread)
{
    H3Timer *timer = h3_timer_start (10, FALSE, note, NULL, note_end);
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, drop, timer), 0);
    pass (10);
    pthread_join (thread, NULL);
    ck_assert_int_eq (n_destroyed, 1);
    ck_assert_int_eq (counters_read (COUNTER_TIMERS_LIVE), 0);
}
END_TEST

START_TEST (timer_is_boxed)
{
    H3Timer *timer = h3_timer_start (10, FALSE, note, NULL, NULL);
    gpointer copy = g_boxed_copy (H3_TYPE_TIMER, timer);

    ck_assert_ptr_eq (copy, timer);
    g_boxed_free (H3_TYPE_TIMER, copy);
    h3_timer_cancel (timer);
    h3_timer_unref (timer);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("timers");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, timer_fires_once_when_due);
    tcase_add_test (tcase, timer_of_nothing_fires_at_the_next_turn);
    tcase_add_test (tcase, timer_repeats_and_skips_what_it_missed);
    tcase_add_loop_test (tcase, timer_cancelled_in_its_function_ends_after_it, 0, 2);
    tcase_add_test (tcase, timer_cancelled_by_another_due_at_the_same_time_does_not_fire);
    tcase_add_test (tcase, timer_under_way_ends_with_its_loop);
    tcase_add_test (tcase, timer_references_may_be_dropped_on_any_thread);
    tcase_add_test (tcase, timer_is_boxed);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("loop/timer", add_tests);
}
