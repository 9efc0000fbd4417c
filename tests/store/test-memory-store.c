/* SPDX-License-Identifier: MIT */

#include "store-cases.h"

#include "h3/base/counters.h"
#include "h3/base/error.h"
#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "h3/store/memory-store.h"
#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <pthread.h>

#define HOUR 3600000

static Loop *loop;
static LiveSnapshot before;

static void
set_up (void)
{
    (void) g_main_context_default (); /* has a descriptor, which stays */
    before = live_snapshot_take ();
    clock_take_control ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
}

/* Since the test began. */
static gint64
count (Counter counter)
{
    return counters_read (counter) - before.values[counter];
}

static void
end_loop (void)
{
    loop_close (loop);
    loop_leave (loop);
    g_clear_pointer (&loop, loop_unref);
}

static void
tear_down (void)
{
    if (loop != NULL)
        end_loop ();
    assert_nothing_left (&before);
}

/* So long that all is swept, by whichever loop has the sweep. */
static void
sweep_around (void)
{
    for (guint i = 0; i < 1000; i++) {
        clock_drive (250);
        loop_step (loop, FALSE);
    }
}

START_TEST (memory_store_does_what_stores_do)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1000, 1 << 20);

    store_cases[_i](store);
}
END_TEST

START_TEST (memory_store_does_so_without_a_loop)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1 << 20, 1 << 26);

    end_loop ();
    store_cases[_i](store);
    g_clear_object (&store);
    assert_nothing_left (&before);
}
END_TEST

START_TEST (memory_store_ends_keys_in_time)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1000, 1 << 20);

    ask_put (store, "short", "x", 100);
    ask_put (store, "long", "x", 200);
    ask_add (store, "counter", 5, 5, 100);
    clock_drive (99);
    ck_assert_int_eq (ask_get (store, "short")->expires_in, 1);
    expect_number (ask_add (store, "counter", 1, 5, 100), H3_STORE_REFUSED, 5);
    clock_drive (1);
    expect_outcome (ask_get (store, "short"), H3_STORE_ABSENT);
    expect_outcome (ask_touch (store, "short", 1), H3_STORE_ABSENT);
    expect_number (ask_add (store, "counter", 1, 5, 100), H3_STORE_DONE, 1);
    ask_touch (store, "long", 1000);
    clock_drive (999);
    expect_value (ask_get (store, "long"), H3_STORE_DONE, "x");
}
END_TEST

START_TEST (memory_store_lets_buckets_leak)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1000, 1 << 20);

    expect_number (ask_fill (store, "b", 10, 10, 1000), H3_STORE_DONE, 10000);
    ck_assert_int_eq (ask_fill (store, "b", 1, 10, 1000)->expires_in, 100);
    clock_drive (99);
    expect_outcome (ask_fill (store, "b", 1, 10, 1000), H3_STORE_REFUSED);
    clock_drive (1);
    expect_number (ask_fill (store, "b", 1, 10, 1000), H3_STORE_DONE, 10000);
    clock_drive (500);
    expect_number (ask_fill (store, "b", 0, 10, 1000), H3_STORE_DONE, 5000);
    clock_drive (500);
    expect_outcome (ask_remove (store, "b"), H3_STORE_ABSENT);
}
END_TEST

START_TEST (memory_store_gives_up_what_was_used_longest_ago)
{
    g_autoptr (H3Store) store = h3_memory_store_new (3, 1 << 20);

    ask_put (store, "a", "1", HOUR);
    ask_put (store, "b", "2", HOUR);
    ask_put (store, "c", "3", HOUR);
    ask_get (store, "a");
    ask_put (store, "c", "4", HOUR);
    expect_number (ask_count (store), H3_STORE_DONE, 3);
    ask_put (store, "d", "5", HOUR);
    expect_number (ask_count (store), H3_STORE_DONE, 3);
    expect_outcome (ask_get (store, "b"), H3_STORE_ABSENT);
    expect_value (ask_get (store, "a"), H3_STORE_DONE, "1");
    expect_value (ask_get (store, "c"), H3_STORE_DONE, "4");
    ck_assert_int_eq (count (COUNTER_STORE_EVICTIONS), 1);
    ck_assert_int_eq (count (COUNTER_STORE_HITS), 3);
    ck_assert_int_eq (count (COUNTER_STORE_MISSES), 1);
}
END_TEST

START_TEST (memory_store_keeps_within_its_bytes)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1000, 8192);
    g_autofree char *big = g_strnfill (3000, 'x');
    g_autofree char *too_big = g_strnfill (8192, 'x');

    ask_put (store, "a", big, HOUR);
    ask_put (store, "b", big, HOUR);
    ask_put (store, "c", big, HOUR);
    ck_assert_int_le (count (COUNTER_STORE_BYTES), 8192);
    expect_outcome (ask_get (store, "a"), H3_STORE_ABSENT);
    expect_value (ask_get (store, "c"), H3_STORE_DONE, big);
    expect_failure (ask_put (store, "d", too_big, HOUR), H3_STORE_ERROR_FULL);
    expect_failure (ask_compare (store, "c", big, too_big, HOUR), H3_STORE_ERROR_FULL);
    expect_number (ask_count (store), H3_STORE_DONE, 2);
}
END_TEST

START_TEST (memory_store_is_opened_by_a_url)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Store) store = h3_store_new_from_url ("memory:?max-entries=2", &error);

    ck_assert_ptr_nonnull (store);
    ask_put (store, "a", "1", HOUR);
    ask_put (store, "b", "2", HOUR);
    ask_put (store, "c", "3", HOUR);
    expect_number (ask_count (store), H3_STORE_DONE, 2);
    ck_assert_ptr_null (h3_store_new_from_url ("memory:?max-entries=x", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (memory_store_keeps_a_value_for_who_has_it)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1, 1 << 20);
    g_autoptr (GBytes) value = NULL;

    ask_put (store, "a", "kept", HOUR);
    value = g_bytes_ref (ask_get (store, "a")->value);
    ask_put (store, "b", "other", HOUR);
    g_clear_object (&store);
    ck_assert_uint_eq (g_bytes_get_size (value), 4);
    ck_assert_mem_eq (g_bytes_get_data (value, NULL), "kept", 4);
}
END_TEST

static void
keep (H3Store *store, const H3StoreAnswer *answer, gpointer user_data)
{
    H3StoreAnswer **kept = user_data;

    *kept = g_boxed_copy (H3_TYPE_STORE_ANSWER, answer);
}

START_TEST (memory_store_s_answers_are_kept_as_copies)
{
    g_autoptr (H3Store) store = h3_memory_store_new (1, 1 << 20);
    H3StoreAnswer *found = NULL;
    H3StoreAnswer *failed = NULL;

    ask_put (store, "a", "kept", HOUR);
    h3_store_get (store, "a", keep, &found);
    h3_store_get (store, "", keep, &failed);
    while (found == NULL || failed == NULL)
        loop_step (loop, TRUE);
    ask_put (store, "b", "other", HOUR);
    g_clear_object (&store);
    ck_assert_int_eq (found->outcome, H3_STORE_DONE);
    ck_assert_ptr_null (found->error);
    ck_assert_mem_eq (g_bytes_get_data (found->value, NULL), "kept", 4);
    ck_assert_int_eq (failed->outcome, H3_STORE_FAILED);
    ck_assert (g_error_matches (failed->error, H3_STORE_ERROR, H3_STORE_ERROR_KEY));
    ck_assert_ptr_null (failed->value);
    g_boxed_free (H3_TYPE_STORE_ANSWER, found);
    g_boxed_free (H3_TYPE_STORE_ANSWER, failed);
}
END_TEST

START_TEST (memory_store_frees_what_has_ended_without_traffic)
{
    g_autoptr (H3Store) store = h3_memory_store_new (100000, 1 << 26);
    g_autoptr (GBytes) value = g_bytes_new_static ("x", 1);

    for (guint i = 0; i < 20000; i++) {
        g_autofree char *key = g_strdup_printf ("%u", i);

        h3_store_put (store, key, value, i % 2 == 0 ? 1000 : 10 * HOUR, NULL, NULL);
    }
    ck_assert_int_eq (count (COUNTER_STORE_ENTRIES), 20000);
    sweep_around ();
    ck_assert_int_eq (count (COUNTER_STORE_ENTRIES), 10000);
    ck_assert_int_eq (count (COUNTER_STORE_EXPIRED), 10000);
}
END_TEST

START_TEST (memory_store_sweeps_again_after_it_was_empty)
{
    g_autoptr (H3Store) store = h3_memory_store_new (100, 1 << 20);

    for (guint round = 1; round < 4; round++) {
        ask_put (store, "a", "x", 1000);
        ck_assert_int_eq (count (COUNTER_STORE_ENTRIES), 1);
        sweep_around ();
        ck_assert_int_eq (count (COUNTER_STORE_ENTRIES), 0);
        ck_assert_int_eq (count (COUNTER_STORE_EXPIRED), round);
    }
}
END_TEST

START_TEST (memory_store_sweeps_on_another_loop_when_one_has_ended)
{
    g_autoptr (H3Store) store = h3_memory_store_new (100, 1 << 20);

    ask_put (store, "a", "x", 1000);
    end_loop ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    sweep_around ();
    ck_assert_int_eq (count (COUNTER_STORE_ENTRIES), 1);
    expect_outcome (ask_get (store, "b"), H3_STORE_ABSENT);
    sweep_around ();
    ck_assert_int_eq (count (COUNTER_STORE_ENTRIES), 0);
}
END_TEST

/* The keys of a flood: what is held is never more than it may be. */
START_TEST (memory_store_bears_a_million_keys)
{
    const guint n = g_getenv ("H3_SANITIZED") != NULL ? 100000 : 1000000;
    g_autoptr (H3Store) store = h3_memory_store_new (20000, 4 << 20);
    g_autoptr (GBytes) value = g_bytes_new_static ("a value as long as a short session's, say", 41);
    gint64 most = 0, most_bytes = 0;

    for (guint i = 0; i < n; i++) {
        char key[32];

        g_snprintf (key, sizeof key, "flood:%08x", i);
        h3_store_put (store, key, value, HOUR, NULL, NULL);
        if (i % 256 == 0) {
            most = MAX (most, count (COUNTER_STORE_ENTRIES));
            most_bytes = MAX (most_bytes, count (COUNTER_STORE_BYTES));
        }
    }
    ck_assert_int_le (most, 20000);
    ck_assert_int_gt (most, 19000);
    ck_assert_int_le (most_bytes, 4 << 20);
    ck_assert_int_eq (count (COUNTER_STORE_EVICTIONS), n - count (COUNTER_STORE_ENTRIES));
}
END_TEST

static void
ask_again (H3Store *store, const H3StoreAnswer *answer, gpointer data)
{
    StoreAnswer *told = data;

    store_answer_note (store, answer, told);
    if (told->n < 3)
        h3_store_get (store, "a", ask_again, told);
}

START_TEST (memory_store_answers_who_asks_in_an_answer)
{
    StoreAnswer told = { 0 };

    {
        g_autoptr (H3Store) store = h3_memory_store_new (100, 1 << 20);

        h3_store_get (store, "a", ask_again, &told);
    }
    ck_assert_uint_eq (told.n, 0);
    store_answer_wait (&told, 3);
    store_answer_clear (&told);
}
END_TEST

START_TEST (memory_store_answers_before_its_loop_ends)
{
    g_autoptr (H3Store) store = h3_memory_store_new (100, 1 << 20);
    StoreAnswer told = { 0 };

    h3_store_get (store, "a", store_answer_note, &told);
    end_loop ();
    ck_assert_uint_eq (told.n, 1);
    store_answer_clear (&told);
}
END_TEST

START_TEST (memory_store_forgets_who_asked_from_a_context_that_ends)
{
    g_autoptr (H3Store) store = h3_memory_store_new (100, 1 << 20);
    GMainContext *context = g_main_context_new ();
    StoreAnswer told = { 0 };

    end_loop ();
    g_main_context_push_thread_default (context);
    h3_store_get (store, "a", store_answer_note, &told);
    g_main_context_pop_thread_default (context);
    g_main_context_unref (context);
    ck_assert_uint_eq (told.n, 0);
    g_clear_object (&store);
    assert_nothing_left (&before);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *cases = tcase_create ("as all stores");

    tcase_set_timeout (cases, 60);
    tcase_add_checked_fixture (cases, set_up, tear_down);
    tcase_add_loop_test (cases, memory_store_does_what_stores_do, 0, (int) n_store_cases);
    tcase_add_loop_test (cases, memory_store_does_so_without_a_loop, 0, (int) n_store_cases);
    suite_add_tcase (suite, cases);
    cases = tcase_create ("memory");
    tcase_set_timeout (cases, 120);
    tcase_add_checked_fixture (cases, set_up, tear_down);
    tcase_add_test (cases, memory_store_ends_keys_in_time);
    tcase_add_test (cases, memory_store_lets_buckets_leak);
    tcase_add_test (cases, memory_store_gives_up_what_was_used_longest_ago);
    tcase_add_test (cases, memory_store_keeps_within_its_bytes);
    tcase_add_test (cases, memory_store_is_opened_by_a_url);
    tcase_add_test (cases, memory_store_keeps_a_value_for_who_has_it);
    tcase_add_test (cases, memory_store_s_answers_are_kept_as_copies);
    tcase_add_test (cases, memory_store_frees_what_has_ended_without_traffic);
    tcase_add_test (cases, memory_store_sweeps_again_after_it_was_empty);
    tcase_add_test (cases, memory_store_sweeps_on_another_loop_when_one_has_ended);
    tcase_add_test (cases, memory_store_bears_a_million_keys);
    tcase_add_test (cases, memory_store_answers_who_asks_in_an_answer);
    tcase_add_test (cases, memory_store_answers_before_its_loop_ends);
    tcase_add_test (cases, memory_store_forgets_who_asked_from_a_context_that_ends);
    suite_add_tcase (suite, cases);
}

int
main (void)
{
    return suite_run ("store/memory-store", add);
}
