/* SPDX-License-Identifier: MIT
 *
 * Each way in which a run fails, and that a good one passes. */

#include "verdict.h"

#include "tests/support/suite.h"

#include <string.h>

static Record *record;

static void
set_both (const char *kind, gint64 before, gint64 after)
{
    record_set_objects (record->objects_before, kind, before);
    record_set_objects (record->objects_after, kind, after);
}

/* A good run of `seconds`, a rest every ten. */
static void
set_up (double seconds)
{
    record = record_new (seconds);
    for (double at = 10; at <= seconds; at += 10) {
        Rest rest = { .seconds = at, .resident = 10000, .heap = 5000, .soaked = 51, .control = 50 };

        record_add_rest (record, &rest);
    }
    set_both ("events", 1, 1);
    set_both ("events_pooled", 0, 100);
    set_both ("arena_bytes", 4080, 101 * 4080);
    set_both ("buffer_bytes", 65536, 262144);
    set_both ("connections", 1, 1);
    set_both ("timers", 0, 0);
}

static Rest *
get_rest (guint i)
{
    return &g_array_index (record->rests, Rest, i);
}

/* NULL: nothing is wrong; else one thing, which says this. */
static void
expect_verdict (const char *text)
{
    g_autoptr (GPtrArray) wrong = verdict_judge (record, JUDGE_GROWTH | JUDGE_DRIFT);

    ck_assert_uint_eq (wrong->len, text != NULL ? 1 : 0);
    if (text != NULL)
        ck_assert_msg (strstr (wrong->pdata[0], text) != NULL, "%s", (char *) wrong->pdata[0]);
    record_free (record);
}

START_TEST (good_run_passes)
{
    set_up (600);
    expect_verdict (NULL);
}
END_TEST

START_TEST (one_error_fails)
{
    set_up (600);
    record->n_errors = 1;
    expect_verdict ("1 errors");
}
END_TEST

START_TEST (object_that_stays_fails)
{
    set_up (600);
    set_both ("timers", 0, 1);
    expect_verdict ("timers: 1 more");
}
END_TEST

/* Fewer are as wrong: something was given back twice. */
START_TEST (object_too_few_fails)
{
    set_up (600);
    set_both ("connections", 1, 0);
    expect_verdict ("connections: -1 more");
}
END_TEST

START_TEST (resting_event_that_keeps_more_than_its_block_fails)
{
    set_up (600);
    set_both ("arena_bytes", 4080, 102 * 4080);
    expect_verdict ("arena_bytes");
}
END_TEST

START_TEST (server_that_says_nothing_of_its_objects_fails)
{
    set_up (600);
    g_hash_table_remove_all (record->objects_after);
    expect_verdict ("did not say");
}
END_TEST

START_TEST (growth_up_to_the_bound_passes_and_beyond_it_fails)
{
    set_up (600);
    get_rest (59)->resident = 10000 + VERDICT_MAX_GROWTH;
    expect_verdict (NULL);
    set_up (600);
    get_rest (59)->resident = 10001 + VERDICT_MAX_GROWTH;
    expect_verdict ("resident memory grew by 513 KiB");
}
END_TEST

/* A leak that fills holes which others have left. */
START_TEST (growth_of_the_heap_alone_fails)
{
    set_up (600);
    get_rest (59)->heap = 5000 + VERDICT_MAX_GROWTH;
    expect_verdict (NULL);
    set_up (600);
    get_rest (59)->heap = 5001 + VERDICT_MAX_GROWTH;
    expect_verdict ("the heap in use grew by 513 KiB");
}
END_TEST

START_TEST (heap_that_is_not_known_is_not_judged)
{
    set_up (600);
    for (guint i = 0; i < 60; i++)
        get_rest (i)->heap = 0;
    expect_verdict (NULL);
}
END_TEST

/* What a server takes to get going is no growth. */
START_TEST (growth_in_the_warm_up_passes)
{
    set_up (600);
    for (guint i = 0; i < 5; i++)
        get_rest (i)->resident = 1000;
    expect_verdict (NULL);
}
END_TEST

START_TEST (memory_that_was_never_weighed_fails)
{
    set_up (600);
    for (guint i = 0; i < 60; i++)
        get_rest (i)->resident = 0;
    expect_verdict ("never seen");
}
END_TEST

START_TEST (drift_up_to_the_bound_passes_and_beyond_it_fails)
{
    set_up (600);
    for (guint i = 50; i < 60; i++)
        get_rest (i)->soaked = 51 * 1.024;
    expect_verdict (NULL);
    set_up (600);
    for (guint i = 50; i < 60; i++)
        get_rest (i)->soaked = 51 * 1.026;
    expect_verdict ("drifted by 2.6 %");
}
END_TEST

/* The machine has become slower, and the control with it. */
START_TEST (drift_that_the_control_shows_too_passes)
{
    set_up (600);
    for (guint i = 50; i < 60; i++) {
        get_rest (i)->soaked *= 3;
        get_rest (i)->control *= 3;
    }
    expect_verdict (NULL);
}
END_TEST

START_TEST (one_odd_rest_does_not_fail)
{
    set_up (600);
    get_rest (55)->soaked *= 10;
    expect_verdict (NULL);
}
END_TEST

START_TEST (minute_of_a_short_run_is_a_third)
{
    ck_assert (verdict_get_minute (600) == 60);
    ck_assert (verdict_get_minute (180) == 60);
    ck_assert (verdict_get_minute (90) == 30);
    set_up (60);
    for (guint i = 4; i < 6; i++)
        get_rest (i)->soaked = 60;
    expect_verdict ("drifted");
}
END_TEST

START_TEST (latencies_that_were_not_seen_fail)
{
    set_up (600);
    for (guint i = 5; i < 12; i++)
        get_rest (i)->control = 0;
    expect_verdict ("not seen in both");
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "run", good_run_passes, one_error_fails, NULL);
    suite_add_case (suite, "objects", object_that_stays_fails, object_too_few_fails,
                    resting_event_that_keeps_more_than_its_block_fails,
                    server_that_says_nothing_of_its_objects_fails, NULL);
    suite_add_case (suite, "memory", growth_up_to_the_bound_passes_and_beyond_it_fails,
                    growth_of_the_heap_alone_fails, heap_that_is_not_known_is_not_judged,
                    growth_in_the_warm_up_passes, memory_that_was_never_weighed_fails, NULL);
    suite_add_case (suite, "latency", drift_up_to_the_bound_passes_and_beyond_it_fails,
                    drift_that_the_control_shows_too_passes, one_odd_rest_does_not_fail,
                    minute_of_a_short_run_is_a_third, latencies_that_were_not_seen_fail, NULL);
}

int
main (void)
{
    return suite_run ("soak/verdict", add_cases);
}
