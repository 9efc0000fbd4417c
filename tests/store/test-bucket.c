/* SPDX-License-Identifier: MIT */

#include "h3/store/bucket.h"
#include "tests/support/suite.h"

START_TEST (bucket_takes_its_capacity_and_no_more)
{
    Bucket bucket = { 0 };

    for (int i = 0; i < 3; i++)
        ck_assert (bucket_fill (&bucket, 1, 3, 1000, 5));
    ck_assert (!bucket_fill (&bucket, 1, 3, 1000, 5));
    ck_assert_int_eq (bucket_get_level (&bucket), 3000);
    ck_assert_int_eq (bucket_get_time_to_empty (&bucket, 3), 1000);
    ck_assert_int_eq (bucket_get_time_to_room (&bucket, 1, 3), 334);
    ck_assert (!bucket_fill (&bucket, 1, 3, 1000, 5 + 333));
    ck_assert (bucket_fill (&bucket, 1, 3, 1000, 5 + 334));
    ck_assert_int_eq (bucket_get_level (&bucket), 2998);
}
END_TEST

START_TEST (bucket_is_empty_after_its_period)
{
    Bucket bucket = { 0 };

    ck_assert (bucket_fill (&bucket, 7, 7, 1000, 0));
    ck_assert (!bucket_fill (&bucket, 7, 7, 1000, 999));
    ck_assert (bucket_fill (&bucket, 7, 7, 1000, 1000));
}
END_TEST

START_TEST (bucket_waits_exactly_until_there_is_room)
{
    for (gint64 capacity = 1; capacity < 50; capacity += 3) {
        for (gint64 period = 1; period < 2000; period = period * 3 + 1) {
            Bucket bucket = { 0 };
            gint64 wait;

            ck_assert (bucket_fill (&bucket, capacity, capacity, period, 0));
            ck_assert (!bucket_fill (&bucket, 1, capacity, period, 0));
            wait = bucket_get_time_to_room (&bucket, 1, capacity);
            ck_assert_int_gt (wait, 0);
            ck_assert (!bucket_fill (&bucket, 1, capacity, period, wait - 1));
            ck_assert (bucket_fill (&bucket, 1, capacity, period, wait));
        }
    }
}
END_TEST

START_TEST (bucket_bears_the_largest_numbers_and_a_clock_that_goes_back)
{
    gint64 largest = G_GINT64_CONSTANT (1) << 50;
    Bucket bucket = { 0 };

    ck_assert (bucket_fill (&bucket, largest, largest, 1, 0));
    ck_assert_int_eq (bucket_get_level (&bucket), largest * 1000);
    ck_assert_int_eq (bucket_get_time_to_room (&bucket, largest, largest), 1);
    ck_assert_int_eq (bucket_get_time_to_room (&bucket, largest + 1, largest), -1);
    ck_assert (!bucket_fill (&bucket, G_MAXINT64, largest, 1, 0));
    ck_assert (!bucket_fill (&bucket, 1, largest, 1, -5));
    ck_assert (!bucket_fill (&bucket, 1, 1, largest, -5));
    ck_assert_int_eq (bucket_get_time_to_empty (&bucket, 1), largest);
    ck_assert (bucket_fill (&bucket, 1, 1, largest, G_MAXINT64 / 2));
    ck_assert_int_eq (bucket_get_time_to_empty (&bucket, 1), largest);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "bucket", bucket_takes_its_capacity_and_no_more,
                    bucket_is_empty_after_its_period, bucket_waits_exactly_until_there_is_room,
                    bucket_bears_the_largest_numbers_and_a_clock_that_goes_back, NULL);
}

int
main (void)
{
    return suite_run ("store/bucket", add);
}
