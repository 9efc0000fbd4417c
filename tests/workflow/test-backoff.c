/* SPDX-License-Identifier: MIT */

#include "h3/workflow/backoff.h"
#include "tests/support/suite.h"

START_TEST (backoff_grows_by_its_factor_up_to_its_longest)
{
    PlanRetries retries = { .tries = 9, .delay = 1000, .factor = 2, .max_delay = 5000 };
    static const guint delays[] = { 1000, 2000, 4000, 5000, 5000 };

    for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
        ck_assert_uint_eq (backoff_get_delay (&retries, i + 1, 0.9), delays[i]);
    retries.factor = 1.5;
    ck_assert_uint_eq (backoff_get_delay (&retries, 3, 0), 2250);
    ck_assert_uint_eq (backoff_get_delay (&retries, 100000, 0), 5000);
}
END_TEST

START_TEST (backoff_is_shortened_by_chance_as_far_as_its_jitter)
{
    PlanRetries retries = { .delay = 1000, .factor = 2, .max_delay = 60000, .jitter = 0.5 };
    guint32 seed = g_random_int ();
    GRand *random = g_rand_new_with_seed (seed);
    guint least = G_MAXUINT, most = 0;

    g_print ("seed %u\n", seed);
    for (guint i = 0; i < 10000; i++) {
        guint delay = backoff_get_delay (&retries, 2, g_rand_double (random));

        least = MIN (least, delay);
        most = MAX (most, delay);
    }
    g_rand_free (random);
    ck_assert_uint_ge (least, 1000);
    ck_assert_uint_le (least, 1050);
    ck_assert_uint_le (most, 2000);
    ck_assert_uint_ge (most, 1950);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "backoff", backoff_grows_by_its_factor_up_to_its_longest,
                    backoff_is_shortened_by_chance_as_far_as_its_jitter, NULL);
}

int
main (void)
{
    return suite_run ("workflow/backoff", add);
}
