/* SPDX-License-Identifier: MIT */

#include "h3/batteries/rate-window.h"

#include "tests/support/suite.h"

#define LENGTH 60000

START_TEST (a_window_begins_where_the_one_before_ends)
{
    RateWindow last = rate_window_at (3 * LENGTH - 1, LENGTH);
    RateWindow first = rate_window_at (3 * LENGTH, LENGTH);
    RateWindow next = rate_window_next (last);

    ck_assert_int_eq (last.index, 2);
    ck_assert_int_eq (last.left, 1);
    ck_assert_int_eq (first.index, 3);
    ck_assert_int_eq (first.left, LENGTH);
    ck_assert_int_eq (next.index, first.index);
    ck_assert_int_eq (next.left, first.left);
}
END_TEST

START_TEST (what_was_counted_before_counts_less_and_less)
{
    RateWindow start = rate_window_at (0, LENGTH);
    RateWindow middle = rate_window_at (LENGTH / 2, LENGTH);
    RateWindow end = rate_window_at (LENGTH - 1, LENGTH);

    ck_assert_int_eq (rate_window_get_bound (start, 100, 0), 100);
    ck_assert_int_eq (rate_window_get_bound (start, 100, 100), 0);
    ck_assert_int_eq (rate_window_get_bound (middle, 100, 100), 50);
    /* A fraction counts as a whole one. */
    ck_assert_int_eq (rate_window_get_bound (end, 100, 100), 99);
    ck_assert_int_eq (rate_window_get_bound (middle, 100, 99), 50);
    ck_assert_int_eq (rate_window_get_bound (middle, 100, 101), 49);
    /* A limit that was lowered meanwhile. */
    ck_assert_int_eq (rate_window_get_bound (start, 100, 500), 0);
}
END_TEST

START_TEST (the_largest_numbers_do_not_overflow)
{
    RateWindow start = rate_window_at (0, RATE_WINDOW_MAX_LENGTH);
    gint64 limit = RATE_WINDOW_MAX_LIMIT;

    ck_assert_int_eq (rate_window_get_bound (start, limit, limit), 0);
    ck_assert_int_eq (rate_window_get_wait (start, limit, limit, 0, limit), RATE_WINDOW_MAX_LENGTH);
    ck_assert_int_eq (rate_window_get_wait (start, limit, 0, limit, limit),
                      2 * RATE_WINDOW_MAX_LENGTH);
}
END_TEST

static RateWindow
after (RateWindow window, gint64 milliseconds)
{
    return rate_window_at ((window.index + 1) * window.length - window.left + milliseconds,
                           window.length);
}

/* Whether the amount fits `milliseconds` later, told by what bounds it then. */
static gboolean
fits_after (RateWindow window, gint64 limit, gint64 previous, gint64 current, gint64 amount,
            gint64 milliseconds)
{
    RateWindow then = after (window, milliseconds);

    if (then.index == window.index)
        return current + amount <= rate_window_get_bound (then, limit, previous);
    if (then.index == window.index + 1)
        return amount <= rate_window_get_bound (then, limit, current);
    return TRUE;
}

START_TEST (the_wait_is_over_when_there_is_room_and_not_before)
{
    g_autoptr (GRand) random = NULL;
    guint32 seed = g_random_int ();

    g_print ("seed %u\n", seed);
    random = g_rand_new_with_seed (seed);
    for (guint i = 0; i < 100000; i++) {
        gint64 length = g_rand_int_range (random, 1, 5000);
        RateWindow window = rate_window_at (g_rand_int_range (random, 0, 1 << 20), length);
        gint64 limit = g_rand_int_range (random, 1, 50);
        gint64 previous = g_rand_int_range (random, 0, (gint32) limit + 1);
        gint64 current = g_rand_int_range (random, 0, (gint32) limit + 1);
        gint64 amount = g_rand_int_range (random, 1, (gint32) limit + 1);
        gint64 wait = rate_window_get_wait (window, limit, previous, current, amount);

        ck_assert_int_ge (wait, 0);
        ck_assert (fits_after (window, limit, previous, current, amount, wait));
        if (wait > 0)
            ck_assert (!fits_after (window, limit, previous, current, amount, wait - 1));
    }
}
END_TEST

START_TEST (seconds_are_rounded_up)
{
    ck_assert_int_eq (rate_window_to_seconds (0), 0);
    ck_assert_int_eq (rate_window_to_seconds (1), 1);
    ck_assert_int_eq (rate_window_to_seconds (1000), 1);
    ck_assert_int_eq (rate_window_to_seconds (1001), 2);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (
        suite, "window", a_window_begins_where_the_one_before_ends,
        what_was_counted_before_counts_less_and_less, the_largest_numbers_do_not_overflow,
        the_wait_is_over_when_there_is_room_and_not_before, seconds_are_rounded_up, NULL);
}

int
main (void)
{
    return suite_run ("batteries/rate-window", add_cases);
}
