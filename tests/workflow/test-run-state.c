/* SPDX-License-Identifier: MIT */

#include "h3/workflow/run-state.h"
#include "tests/support/suite.h"

START_TEST (each_state_is_found_by_its_name)
{
    for (guint i = 0; i < N_RUN_STATES; i++) {
        RunState found = N_RUN_STATES;

        ck_assert (run_state_find (run_state_get_name ((RunState) i), &found));
        ck_assert_uint_eq (found, i);
    }
}
END_TEST

START_TEST (other_names_are_of_no_state)
{
    static const char *const names[] = { "", "Running", "run", "runnings", "succeeded " };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        RunState found = N_RUN_STATES;

        ck_assert (!run_state_find (names[i], &found));
        ck_assert_uint_eq (found, N_RUN_STATES);
    }
}
END_TEST

START_TEST (all_but_the_first_two_are_ends)
{
    for (guint i = 0; i < N_RUN_STATES; i++)
        ck_assert_int_eq (run_state_is_end ((RunState) i), i != RUN_PENDING && i != RUN_RUNNING);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "state", each_state_is_found_by_its_name, other_names_are_of_no_state,
                    all_but_the_first_two_are_ends, NULL);
}

int
main (void)
{
    return suite_run ("workflow/run-state", add);
}
