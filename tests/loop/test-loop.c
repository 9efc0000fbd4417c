/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/loop/alarms.h"
#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "tests/support/suite.h"

#include <pthread.h>

#define TEXT(literal) ((gpointer) (literal))
#define N_POSTERS     4
#define N_POSTS       2000

static Loop *
open_loop (void)
{
    g_autoptr (GError) error = NULL;
    Loop *loop = loop_new (&error);

    ck_assert_ptr_nonnull (loop);
    return loop;
}

static void
close_loop (Loop *loop)
{
    loop_close (loop);
    loop_unref (loop);
    ck_assert_int_eq (counters_read (COUNTER_POSTS_LIVE), 0);
}

static GString *order; /* what ran, in order */

static void
note (gpointer data)
{
    g_string_append (order, data);
}

static void
stop (gpointer data)
{
    loop_stop (data);
}

static void
defer_more (gpointer data)
{
    note (TEXT ("d"));
    loop_defer (loop_get_current (), note, TEXT ("e"));
    loop_post (loop_get_current (), note, TEXT ("p"), NULL);
}

START_TEST (loop_runs_posts_in_order_and_never_inline)
{
    Loop *loop = open_loop ();

    order = g_string_new (NULL);
    loop_post (loop, note, TEXT ("1"), NULL);
    loop_post (loop, note, TEXT ("2"), NULL);
    ck_assert_str_eq (order->str, "");
    ck_assert_int_eq (counters_read (COUNTER_POSTS_LIVE), 2);
    ck_assert (loop_step (loop, TRUE));
    ck_assert_str_eq (order->str, "12");
    ck_assert_int_eq (counters_read (COUNTER_POSTS_LIVE), 0);
    close_loop (loop);
    g_string_free (order, TRUE);
}
END_TEST

START_TEST (loop_runs_deferred_at_the_end_of_the_turn_and_what_they_defer_and_post)
{
    Loop *loop = open_loop ();

    order = g_string_new (NULL);
    loop_defer (loop, defer_more, NULL);
    loop_post (loop, note, TEXT ("1"), NULL);
    loop_step (loop, TRUE);
    ck_assert_str_eq (order->str, "1de");
    loop_step (loop, TRUE);
    ck_assert_str_eq (order->str, "1dep");
    close_loop (loop);
    g_string_free (order, TRUE);
}
END_TEST

START_TEST (loop_does_not_wait_while_something_is_deferred)
{
    Loop *loop = open_loop ();

    order = g_string_new (NULL);
    loop_defer (loop, note, TEXT ("1"));
    loop_step (loop, TRUE);
    ck_assert_str_eq (order->str, "1");
    close_loop (loop);
    g_string_free (order, TRUE);
}
END_TEST

START_TEST (loop_is_current_in_its_turns_and_while_entered)
{
    Loop *loop = open_loop ();

    order = g_string_new (NULL);
    ck_assert_ptr_null (loop_get_current ());
    loop_post (loop, defer_more, NULL, NULL);
    loop_step (loop, TRUE);
    ck_assert_ptr_null (loop_get_current ());
    loop_enter (loop);
    ck_assert_ptr_eq (loop_get_current (), loop);
    loop_leave (loop);
    ck_assert_ptr_null (loop_get_current ());
    close_loop (loop);
    g_string_free (order, TRUE);
}
END_TEST

static void
post_late (gpointer data)
{
    Loop *loop = loop_get_current ();

    note (TEXT ("1"));
    loop_post (loop, note, TEXT ("never"), (GDestroyNotify) note);
}

START_TEST (loop_close_runs_what_waits_and_drops_what_comes_later)
{
    Loop *loop = open_loop ();
    guint descriptors;

    order = g_string_new (NULL);
    loop_post (loop, post_late, NULL, note);
    loop_defer (loop, note, TEXT ("2"));
    loop_close (loop);
    ck_assert_str_eq (order->str, "1never2");
    g_string_truncate (order, 0);
    descriptors = suite_count_descriptors ();
    loop_post (loop, note, TEXT ("dropped"), NULL);
    ck_assert_str_eq (order->str, "");
    loop_post (loop, stop, TEXT ("d"), note);
    ck_assert_str_eq (order->str, "d");
    loop_stop (loop);
    loop_close (loop);
    loop_unref (loop);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
    ck_assert_int_eq (counters_read (COUNTER_POSTS_LIVE), 0);
    g_string_free (order, TRUE);
}
END_TEST

START_TEST (loop_closed_keeps_no_descriptor_while_references_last)
{
    guint descriptors;
    Loop *loop;

    descriptors = suite_count_descriptors ();
    loop = open_loop ();
    ck_assert_uint_gt (suite_count_descriptors (), descriptors);
    loop_close (loop);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
    loop_unref (loop);
}
END_TEST

typedef struct {
    Loop *loop;
    int *last;   /* the number this poster posted last, as the loop saw it */
    int *n_left; /* posts to come, of all posters */
} Poster;

typedef struct {
    Poster *poster;
    int number;
} Posted;

static void
take_posted (gpointer data)
{
    Posted *posted = data;
    Poster *poster = posted->poster;

    ck_assert_int_eq (posted->number, *poster->last + 1);
    *poster->last = posted->number;
    if (--*poster->n_left == 0)
        loop_stop (loop_get_current ());
    g_free (posted);
}

static void *
post_many (void *data)
{
    Poster *poster = data;

    for (int i = 1; i <= N_POSTS; i++) {
        Posted *posted = g_new (Posted, 1);

        posted->poster = poster;
        posted->number = i;
        loop_post (poster->loop, take_posted, posted, g_free);
    }
    loop_unref (poster->loop);
    return NULL;
}

START_TEST (loop_takes_posts_of_many_threads_each_in_order)
{
    Loop *loop = open_loop ();
    pthread_t threads[N_POSTERS];
    Poster posters[N_POSTERS];
    int last[N_POSTERS] = { 0 };
    int n_left = N_POSTERS * N_POSTS;

    for (int i = 0; i < N_POSTERS; i++) {
        posters[i] = (Poster){ loop_ref (loop), &last[i], &n_left };
        ck_assert_int_eq (pthread_create (&threads[i], NULL, post_many, &posters[i]), 0);
    }
    loop_run (loop);
    for (int i = 0; i < N_POSTERS; i++) {
        pthread_join (threads[i], NULL);
        ck_assert_int_eq (last[i], N_POSTS);
    }
    close_loop (loop);
}
END_TEST

static void *
stop_from_outside (void *data)
{
    loop_stop (data);
    return NULL;
}

START_TEST (loop_stops_for_another_thread)
{
    Loop *loop = open_loop ();
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, stop_from_outside, loop), 0);
    loop_run (loop);
    pthread_join (thread, NULL);
    ck_assert (!loop_step (loop, FALSE));
    close_loop (loop);
}
END_TEST

typedef struct {
    Alarm alarm;
    int number;
} Numbered;

static GArray *fired;

static void
note_alarm (Alarm *alarm)
{
    g_array_append_val (fired, ((Numbered *) alarm)->number);
}

static void
drop_alarm (Alarm *alarm)
{
    int number = -((Numbered *) alarm)->number;

    g_array_append_val (fired, number);
}

START_TEST (alarms_fire_in_order_whatever_order_they_were_set_and_cleared_in)
{
    guint32 seed = g_random_int ();
    GRand *random = g_rand_new_with_seed (seed);
    Loop *loop = open_loop ();
    Numbered alarms[300] = { 0 };
    gint64 start;
    int last = -1, n_set = 0;

    g_print ("seed %u\n", seed);
    clock_take_control ();
    start = clock_get_now ();
    fired = g_array_new (FALSE, FALSE, sizeof (int));
    for (int round = 0; round < 3000; round++) {
        Numbered *one = &alarms[g_rand_int_range (random, 0, 300)];

        one->alarm.on_due = note_alarm;
        one->number = g_rand_int_range (random, 0, 1000);
        if (round % 3 == 0)
            alarms_clear (loop_get_alarms (loop), &one->alarm);
        else
            alarms_set (loop_get_alarms (loop), &one->alarm, start + one->number);
    }
    for (int i = 0; i < 300; i++) {
        n_set += alarms[i].alarm.place != 0;
        if (alarms[i].alarm.place != 0)
            alarms[i].number = (int) (alarms[i].alarm.when - start);
    }
    for (int i = 0; i < 10; i++) {
        clock_drive (100);
        loop_step (loop, TRUE);
        ck_assert (fired->len == 0 || g_array_index (fired, int, fired->len - 1) <= (i + 1) * 100);
    }
    ck_assert_int_eq (fired->len, n_set);
    for (guint i = 0; i < fired->len; i++) {
        ck_assert_int_ge (g_array_index (fired, int, i), last);
        last = g_array_index (fired, int, i);
    }
    g_array_unref (fired);
    g_rand_free (random);
    close_loop (loop);
}
END_TEST

START_TEST (alarms_wake_a_loop_that_waits)
{
    Loop *loop = open_loop ();
    Numbered soon = { { .on_due = note_alarm }, 1 }, later = { { .on_due = note_alarm }, 2 },
             never = { { .on_due = note_alarm, .on_dropped = drop_alarm }, 3 };
    Alarms *alarms = loop_get_alarms (loop);

    fired = g_array_new (FALSE, FALSE, sizeof (int));
    alarms_set (alarms, &later.alarm, clock_get_now () + 30);
    alarms_set (alarms, &soon.alarm, clock_get_now () + 10);
    alarms_set (alarms, &never.alarm, clock_get_now () + 100000);
    while (fired->len < 2)
        loop_step (loop, TRUE);
    ck_assert_int_eq (g_array_index (fired, int, 0), 1);
    ck_assert_int_eq (g_array_index (fired, int, 1), 2);
    close_loop (loop);
    ck_assert_int_eq (g_array_index (fired, int, 2), -3);
    g_array_unref (fired);
}
END_TEST

static void *
drive (void *data)
{
    clock_drive (1000);
    return NULL;
}

START_TEST (clock_driven_by_another_thread_wakes_the_loop)
{
    Loop *loop = open_loop ();
    Numbered alarm = { { .on_due = note_alarm }, 1 };
    pthread_t thread;
    gint64 before = clock_get_now (), seconds;

    fired = g_array_new (FALSE, FALSE, sizeof (int));
    clock_take_control ();
    ck_assert_int_ge (clock_get_now (), before);
    before = clock_get_now ();
    seconds = clock_get_real_seconds ();
    alarms_set (loop_get_alarms (loop), &alarm.alarm, before + 1000);
    ck_assert_int_eq (pthread_create (&thread, NULL, drive, NULL), 0);
    while (fired->len == 0)
        loop_step (loop, TRUE);
    pthread_join (thread, NULL);
    ck_assert_int_eq (clock_get_now (), before + 1000);
    ck_assert_int_eq (clock_get_real_seconds (), seconds + 1);
    ck_assert_int_gt (clock_get_precise (), 0);
    close_loop (loop);
    g_array_unref (fired);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "turns", loop_runs_posts_in_order_and_never_inline,
                    loop_runs_deferred_at_the_end_of_the_turn_and_what_they_defer_and_post,
                    loop_does_not_wait_while_something_is_deferred,
                    loop_is_current_in_its_turns_and_while_entered, NULL);
    suite_add_case (suite, "close", loop_close_runs_what_waits_and_drops_what_comes_later,
                    loop_closed_keeps_no_descriptor_while_references_last, NULL);
    suite_add_case (suite, "threads", loop_takes_posts_of_many_threads_each_in_order,
                    loop_stops_for_another_thread, NULL);
    /* The first needs the system's clock, of which the others take control for good. */
    suite_add_case (suite, "alarms", alarms_wake_a_loop_that_waits,
                    alarms_fire_in_order_whatever_order_they_were_set_and_cleared_in,
                    clock_driven_by_another_thread_wakes_the_loop, NULL);
}

int
main (void)
{
    return suite_run ("loop/loop", add_tests);
}
