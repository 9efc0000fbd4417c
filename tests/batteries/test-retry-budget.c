/* SPDX-License-Identifier: MIT */

#include "h3/batteries/retry-budget.h"

#include "tests/support/suite.h"

static guint
take_all (RetryBudget *budget, gint64 now)
{
    guint n = 0;

    while (retry_budget_take (budget, now))
        n++;
    return n;
}

START_TEST (a_share_of_what_is_sent_may_be_sent_again)
{
    RetryBudget budget;

    retry_budget_init (&budget, 20, 0);
    ck_assert_uint_eq (take_all (&budget, 1), 0);
    for (guint i = 0; i < 4; i++)
        retry_budget_earn (&budget);
    ck_assert_uint_eq (take_all (&budget, 1), 0);
    retry_budget_earn (&budget);
    ck_assert_uint_eq (take_all (&budget, 1), 1);
    for (guint i = 0; i < 100; i++)
        retry_budget_earn (&budget);
    ck_assert_uint_eq (take_all (&budget, 1), 20);
    retry_budget_clear (&budget);
}
END_TEST

START_TEST (what_was_earned_in_good_times_is_bounded)
{
    RetryBudget budget;

    retry_budget_init (&budget, 100, 0);
    for (guint i = 0; i < 10 * RETRY_BUDGET_MAX_EARNED; i++)
        retry_budget_earn (&budget);
    ck_assert_uint_eq (take_all (&budget, 1), RETRY_BUDGET_MAX_EARNED);
    retry_budget_clear (&budget);
}
END_TEST

START_TEST (so_many_a_second_may_be_sent_again_in_any_case)
{
    RetryBudget budget;

    retry_budget_init (&budget, 0, 10);
    ck_assert_uint_eq (take_all (&budget, 5), 10);
    ck_assert_uint_eq (take_all (&budget, 104), 0);
    ck_assert_uint_eq (take_all (&budget, 204), 1);
    /* The rest of the time is not lost with it, and a long rest is a second's worth. */
    ck_assert_uint_eq (take_all (&budget, 1005), 9);
    ck_assert_uint_eq (take_all (&budget, 100000), 10);
    /* Whoever read the clock before somebody else. */
    ck_assert_uint_eq (take_all (&budget, 99000), 0);
    ck_assert_uint_eq (take_all (&budget, 100100), 1);
    retry_budget_clear (&budget);
}
END_TEST

#define THREADS     4
#define REQUESTS    20000
#define SECOND      1000
#define PERCENT     20
#define PER_SECOND  10
#define EACH_SECOND 500

typedef struct {
    RetryBudget budget;
    atomic_uint n_retries;
} Storm;

/* Every request fails, and whoever may sends it again, which fails too. */
static void *
storm (void *data)
{
    Storm *storm = data;

    for (guint i = 0; i < REQUESTS; i++) {
        retry_budget_earn (&storm->budget);
        while (retry_budget_take (&storm->budget, (gint64) i * SECOND / EACH_SECOND))
            atomic_fetch_add (&storm->n_retries, 1);
    }
    return NULL;
}

START_TEST (a_storm_is_a_fifth_more_and_no_multiple)
{
    Storm all = { 0 };
    pthread_t threads[THREADS];
    guint earned = THREADS * REQUESTS * PERCENT / 100;
    guint allowed = PER_SECOND * (REQUESTS / EACH_SECOND + 1);

    retry_budget_init (&all.budget, PERCENT, PER_SECOND);
    for (guint i = 0; i < THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, storm, &all), 0);
    for (guint i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    ck_assert_uint_le (atomic_load (&all.n_retries), earned + allowed);
    ck_assert_uint_ge (atomic_load (&all.n_retries), earned);
    retry_budget_clear (&all.budget);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "budget", a_share_of_what_is_sent_may_be_sent_again,
                    what_was_earned_in_good_times_is_bounded,
                    so_many_a_second_may_be_sent_again_in_any_case,
                    a_storm_is_a_fifth_more_and_no_multiple, NULL);
}

int
main (void)
{
    return suite_run ("batteries/retry-budget", add_cases);
}
