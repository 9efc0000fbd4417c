/* SPDX-License-Identifier: MIT */

#include <h3/base/standing-delay.h>

#include "tests/support/suite.h"

#define MS(n) ((gint64) (n) *1000)

static StandingDelay delay;

static void
begin (void)
{
    standing_delay_init (&delay, MS (50));
}

START_TEST (an_interval_is_five_limits_and_at_least_a_tenth_of_a_second)
{
    begin ();
    ck_assert_int_eq (delay.interval, MS (250));
    standing_delay_init (&delay, MS (1));
    ck_assert_int_eq (delay.interval, MS (100));
}
END_TEST

START_TEST (one_long_wait_is_no_standing_queue)
{
    begin ();
    standing_delay_note (&delay, MS (10000), MS (1000));
    ck_assert (!standing_delay_is_on (&delay, MS (1000)));
    standing_delay_note (&delay, MS (10000), MS (1249));
    ck_assert (!standing_delay_is_on (&delay, MS (1249)));
}
END_TEST

START_TEST (waits_above_the_limit_for_a_whole_interval_are_one)
{
    begin ();
    for (gint64 now = MS (1000); now < MS (1250); now += MS (10)) {
        standing_delay_note (&delay, MS (50), now);
        ck_assert (!standing_delay_is_on (&delay, now));
    }
    standing_delay_note (&delay, MS (50), MS (1250));
    ck_assert (standing_delay_is_on (&delay, MS (1250)));
}
END_TEST

START_TEST (one_short_wait_begins_the_interval_anew)
{
    begin ();
    standing_delay_note (&delay, MS (60), MS (1000));
    standing_delay_note (&delay, MS (49), MS (1200));
    standing_delay_note (&delay, MS (60), MS (1300));
    standing_delay_note (&delay, MS (60), MS (1549));
    ck_assert (!standing_delay_is_on (&delay, MS (1549)));
    standing_delay_note (&delay, MS (60), MS (1550));
    ck_assert (standing_delay_is_on (&delay, MS (1550)));
}
END_TEST

START_TEST (it_lasts_an_interval_beyond_the_last_refusal)
{
    begin ();
    standing_delay_note (&delay, MS (60), MS (1000));
    standing_delay_note (&delay, MS (60), MS (1250));
    ck_assert (standing_delay_is_on (&delay, MS (1499)));
    ck_assert (!standing_delay_is_on (&delay, MS (1500)));
    standing_delay_extend (&delay, MS (1400));
    ck_assert (standing_delay_is_on (&delay, MS (1649)));
    ck_assert (!standing_delay_is_on (&delay, MS (1650)));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "standing", an_interval_is_five_limits_and_at_least_a_tenth_of_a_second,
                    one_long_wait_is_no_standing_queue,
                    waits_above_the_limit_for_a_whole_interval_are_one,
                    one_short_wait_begins_the_interval_anew,
                    it_lasts_an_interval_beyond_the_last_refusal, NULL);
}

int
main (void)
{
    return suite_run ("base/standing-delay", add_tests);
}
