/* SPDX-License-Identifier: MIT */

#include "h3/base/histogram.h"
#include "tests/support/suite.h"

START_TEST (histogram_has_each_bound_in_the_bucket_below_it)
{
    for (guint i = 0; i < HISTOGRAM_N_BUCKETS - 1; i++) {
        guint64 bound = histogram_get_bound (i);

        ck_assert_uint_eq (histogram_index_of (bound), i);
        ck_assert_uint_eq (histogram_index_of (bound + 1), i + 1);
    }
    ck_assert_uint_eq (histogram_index_of (0), 0);
    ck_assert_uint_eq (histogram_index_of (1), 0);
    ck_assert_uint_eq (histogram_index_of (G_MAXUINT64), HISTOGRAM_N_BUCKETS - 1);
    ck_assert_uint_eq (histogram_get_bound (HISTOGRAM_N_BUCKETS - 1), G_MAXUINT64);
}
END_TEST

START_TEST (histogram_buckets_are_a_twentieth_wide_at_most)
{
    for (guint i = 1; i < HISTOGRAM_N_BUCKETS - 1; i++) {
        guint64 low = histogram_get_bound (i - 1);

        ck_assert_uint_gt (histogram_get_bound (i), low);
        ck_assert_uint_le ((histogram_get_bound (i) - low) * 20, low);
    }
    ck_assert_uint_eq (histogram_get_bound (0), HISTOGRAM_LEAST);
    ck_assert_uint_eq (histogram_get_bound (HISTOGRAM_N_BUCKETS - 2), HISTOGRAM_MOST);
}
END_TEST

START_TEST (histogram_has_round_bounds)
{
    for (guint64 decade = HISTOGRAM_LEAST; decade < HISTOGRAM_MOST; decade *= 10) {
        const guint64 round[] = { decade, decade * 5 / 2, decade * 5, decade * 10 };

        for (guint i = 0; i < G_N_ELEMENTS (round); i++)
            ck_assert_uint_eq (histogram_get_bound (histogram_index_of (round[i])), round[i]);
    }
}
END_TEST

START_TEST (histogram_takes_any_duration_where_its_bounds_say)
{
    guint32 seed = g_random_int ();
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);

    g_print ("seed %u\n", seed);
    for (guint i = 0; i < 200000; i++) {
        guint64 bits = ((guint64) g_rand_int (random) << 32) | g_rand_int (random);
        guint64 duration = bits >> g_rand_int_range (random, 24, 60);
        guint index = histogram_index_of (duration);

        ck_assert_uint_le (duration, histogram_get_bound (index));
        if (index > 0)
            ck_assert_uint_gt (duration, histogram_get_bound (index - 1));
    }
}
END_TEST

START_TEST (histogram_tells_percentiles_within_a_twentieth)
{
    guint64 buckets[HISTOGRAM_N_BUCKETS] = { 0 };

    for (guint64 i = 1; i <= 10000; i++)
        buckets[histogram_index_of (i * 10000)]++;
    for (guint percent = 1; percent < 100; percent++) {
        double exact = (double) percent * 1e6;
        double told = histogram_get_percentile (buckets, percent / 100.0);

        ck_assert_double_ge (told, exact * 0.95);
        ck_assert_double_le (told, exact * 1.05);
    }
    ck_assert_double_eq_tol (histogram_get_percentile (buckets, 1), 1e8, 1);
    ck_assert_uint_eq (histogram_count (buckets), 10000);
    ck_assert_uint_eq (histogram_count_up_to (buckets, 25000000), 2500);
    ck_assert_uint_eq (histogram_count_up_to (buckets, HISTOGRAM_MOST), 10000);
}
END_TEST

START_TEST (histogram_tells_percentiles_of_few)
{
    guint64 buckets[HISTOGRAM_N_BUCKETS] = { 0 };

    ck_assert_double_eq (histogram_get_percentile (buckets, 0.5), 0);
    buckets[HISTOGRAM_N_BUCKETS - 1] = 1;
    ck_assert_double_eq (histogram_get_percentile (buckets, 0.5), (double) HISTOGRAM_MOST);
    buckets[0] = 1;
    ck_assert_double_eq (histogram_get_percentile (buckets, 0.5), (double) HISTOGRAM_LEAST);
    ck_assert_double_eq (histogram_get_percentile (buckets, 0), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "buckets", histogram_has_each_bound_in_the_bucket_below_it,
                    histogram_buckets_are_a_twentieth_wide_at_most, histogram_has_round_bounds,
                    histogram_takes_any_duration_where_its_bounds_say, NULL);
    suite_add_case (suite, "percentiles", histogram_tells_percentiles_within_a_twentieth,
                    histogram_tells_percentiles_of_few, NULL);
}

int
main (void)
{
    return suite_run ("base/histogram", add_tests);
}
