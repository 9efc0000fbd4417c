/* SPDX-License-Identifier: MIT */

#include "store-cases.h"

#include "tests/support/asked-store.h"
#include "tests/support/suite.h"

#define HOUR 3600000

static void
bytes_are_kept_and_removed (H3Store *store)
{
    expect_outcome (ask_get (store, "a"), H3_STORE_ABSENT);
    expect_outcome (ask_put (store, "a", "first", HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, "a"), H3_STORE_DONE, "first");
    expect_outcome (ask_put (store, "a", "second", HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, "a"), H3_STORE_DONE, "second");
    expect_outcome (ask_put (store, "b", "", HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, "b"), H3_STORE_DONE, "");
    expect_outcome (ask_remove (store, "a"), H3_STORE_DONE);
    expect_outcome (ask_remove (store, "a"), H3_STORE_ABSENT);
    expect_outcome (ask_get (store, "a"), H3_STORE_ABSENT);
    expect_value (ask_get (store, "b"), H3_STORE_DONE, "");
}

static void
bytes_may_be_any (H3Store *store)
{
    char data[256];
    g_autoptr (GBytes) bytes = NULL;
    StoreAnswer answer = { 0 };

    for (guint i = 0; i < sizeof data; i++)
        data[i] = (char) i;
    bytes = g_bytes_new (data, sizeof data);
    h3_store_put (store, "any\r\n*3\r\n", bytes, HOUR, NULL, NULL);
    h3_store_get (store, "any\r\n*3\r\n", store_answer_note, &answer);
    store_answer_wait (&answer, 1);
    expect_outcome (&answer, H3_STORE_DONE);
    ck_assert (g_bytes_equal (answer.value, bytes));
    store_answer_clear (&answer);
}

static void
ends_are_told (H3Store *store)
{
    gint64 left;

    ask_put (store, "end", "x", HOUR);
    left = ask_get (store, "end")->expires_in;
    ck_assert (left > HOUR / 2 && left <= HOUR);
    expect_outcome (ask_touch (store, "end", 3 * HOUR), H3_STORE_DONE);
    left = ask_get (store, "end")->expires_in;
    ck_assert (left > 2 * HOUR && left <= 3 * HOUR);
    expect_outcome (ask_touch (store, "no end", HOUR), H3_STORE_ABSENT);
}

static void
bytes_change_only_as_expected (H3Store *store)
{
    gint64 left;

    expect_outcome (ask_compare (store, "c", "old", "new", HOUR), H3_STORE_ABSENT);
    expect_outcome (ask_get (store, "c"), H3_STORE_ABSENT);
    expect_outcome (ask_compare (store, "c", NULL, "one", HOUR), H3_STORE_DONE);
    expect_value (ask_compare (store, "c", NULL, "two", 2 * HOUR), H3_STORE_CHANGED, "one");
    left = ask_get (store, "c")->expires_in;
    ck_assert (left > HOUR / 2 && left <= HOUR);
    expect_value (ask_compare (store, "c", "zero", "two", HOUR), H3_STORE_CHANGED, "one");
    expect_value (ask_compare (store, "c", "on", NULL, 0), H3_STORE_CHANGED, "one");
    expect_outcome (ask_compare (store, "c", "one", "two", HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, "c"), H3_STORE_DONE, "two");
    expect_outcome (ask_compare (store, "c", "two", NULL, 0), H3_STORE_DONE);
    expect_outcome (ask_get (store, "c"), H3_STORE_ABSENT);
}

static void
counters_keep_within_their_bound (H3Store *store)
{
    gint64 left;

    expect_number (ask_add (store, "n", 3, 5, HOUR), H3_STORE_DONE, 3);
    expect_number (ask_add (store, "n", 2, 5, 3 * HOUR), H3_STORE_DONE, 5);
    left = ask_add (store, "n", 1, 5, 3 * HOUR)->expires_in;
    ck_assert (left > HOUR / 2 && left <= HOUR);
    expect_number (ask_add (store, "n", 1, 5, HOUR), H3_STORE_REFUSED, 5);
    expect_number (ask_add (store, "n", -1, 0, HOUR), H3_STORE_DONE, 4);
    expect_number (ask_add (store, "n", 0, 0, HOUR), H3_STORE_DONE, 4);
    expect_number (ask_add (store, "n", -9, 5, HOUR), H3_STORE_DONE, 0);
    expect_number (ask_add (store, "n", 5, 5, HOUR), H3_STORE_DONE, 5);
    expect_number (ask_add (store, "m", 6, 5, HOUR), H3_STORE_REFUSED, 0);
    expect_number (ask_add (store, "m", -6, 5, HOUR), H3_STORE_DONE, 0);
    expect_outcome (ask_remove (store, "m"), H3_STORE_ABSENT);
    expect_number (ask_add (store, "big", H3_STORE_MAX_NUMBER, H3_STORE_MAX_NUMBER, HOUR),
                   H3_STORE_DONE, H3_STORE_MAX_NUMBER);
    expect_number (ask_add (store, "big", 1, H3_STORE_MAX_NUMBER, HOUR), H3_STORE_REFUSED,
                   H3_STORE_MAX_NUMBER);
    expect_number (ask_add (store, "big", -1, 0, HOUR), H3_STORE_DONE, H3_STORE_MAX_NUMBER - 1);
}

/* The period is so long that nothing to speak of runs out meanwhile. */
static void
buckets_do_not_run_over (H3Store *store)
{
    const StoreAnswer *answer = ask_fill (store, "f", 2, 3, 100 * HOUR);

    expect_outcome (answer, H3_STORE_DONE);
    ck_assert (answer->number > 1990 && answer->number <= 2000);
    ck_assert (answer->expires_in > 66 * HOUR && answer->expires_in <= 67 * HOUR);
    answer = ask_fill (store, "f", 2, 3, 100 * HOUR);
    expect_outcome (answer, H3_STORE_REFUSED);
    ck_assert (answer->number > 1990 && answer->number <= 2000);
    ck_assert (answer->expires_in > 33 * HOUR && answer->expires_in <= 34 * HOUR);
    expect_outcome (ask_fill (store, "f", 1, 3, 100 * HOUR), H3_STORE_DONE);
    expect_outcome (ask_fill (store, "f", 1, 3, 100 * HOUR), H3_STORE_REFUSED);
    answer = ask_fill (store, "f", 4, 3, 100 * HOUR);
    expect_outcome (answer, H3_STORE_REFUSED);
    ck_assert_int_eq (answer->expires_in, -1);
    expect_outcome (ask_fill (store, "f", 0, 3, 100 * HOUR), H3_STORE_DONE);
    ck_assert_int_le (ask_fill (store, "f", -1, 3, 100 * HOUR)->number, 2000);
    expect_number (ask_fill (store, "f", -3, 3, 100 * HOUR), H3_STORE_DONE, 0);
    expect_outcome (ask_fill (store, "f", 3, 3, 100 * HOUR), H3_STORE_DONE);
    answer = ask_fill (store, "g", 0, 3, HOUR);
    expect_number (answer, H3_STORE_DONE, 0);
    ck_assert_int_eq (answer->expires_in, 0);
    answer = ask_fill (store, "g", 4, 3, HOUR);
    expect_number (answer, H3_STORE_REFUSED, 0);
    ck_assert_int_eq (answer->expires_in, -1);
    expect_outcome (ask_remove (store, "g"), H3_STORE_ABSENT);
}

/* Nor less than nothing, where some of it is given back. */
static void
buckets_give_back (H3Store *store)
{
    const StoreAnswer *answer;

    expect_number (ask_fill (store, "back", -3, 3, 100 * HOUR), H3_STORE_DONE, 0);
    expect_outcome (ask_remove (store, "back"), H3_STORE_ABSENT);
    expect_outcome (ask_fill (store, "back", 3, 3, 100 * HOUR), H3_STORE_DONE);
    answer = ask_fill (store, "back", -2, 3, 100 * HOUR);
    expect_outcome (answer, H3_STORE_DONE);
    ck_assert (answer->number > 990 && answer->number <= 1000);
    expect_outcome (ask_fill (store, "back", 3, 3, 100 * HOUR), H3_STORE_REFUSED);
    /* Also where it is fuller than it may be by now. */
    expect_outcome (ask_fill (store, "back", 2, 3, 100 * HOUR), H3_STORE_DONE);
    expect_outcome (ask_fill (store, "back", -1, 1, 100 * HOUR), H3_STORE_DONE);
    expect_outcome (ask_fill (store, "back", 1, 1, 100 * HOUR), H3_STORE_REFUSED);
    expect_number (ask_fill (store, "back", -3, 3, 100 * HOUR), H3_STORE_DONE, 0);
    expect_outcome (ask_remove (store, "back"), H3_STORE_ABSENT);
}

/* Twice the period is half as fast: what is in it stays as many units. */
static void
buckets_bear_another_period (H3Store *store)
{
    const StoreAnswer *answer;

    expect_outcome (ask_fill (store, "p", 10, 10, 100 * HOUR), H3_STORE_DONE);
    answer = ask_fill (store, "p", 10, 20, 200 * HOUR);
    expect_outcome (answer, H3_STORE_DONE);
    ck_assert (answer->number > 19900 && answer->number <= 20000);
}

static void
kinds_are_not_mixed (H3Store *store)
{
    ask_put (store, "bytes", "5", HOUR);
    ask_add (store, "counter", 5, 9, HOUR);
    ask_fill (store, "bucket", 5, 9, 100 * HOUR);
    expect_failure (ask_add (store, "bytes", 1, 9, HOUR), H3_STORE_ERROR_KIND);
    expect_failure (ask_fill (store, "bytes", 1, 9, HOUR), H3_STORE_ERROR_KIND);
    expect_failure (ask_get (store, "counter"), H3_STORE_ERROR_KIND);
    expect_failure (ask_compare (store, "counter", "5", "6", HOUR), H3_STORE_ERROR_KIND);
    expect_failure (ask_fill (store, "counter", 1, 9, HOUR), H3_STORE_ERROR_KIND);
    expect_failure (ask_add (store, "bucket", 1, 9, HOUR), H3_STORE_ERROR_KIND);
    expect_failure (ask_get (store, "bucket"), H3_STORE_ERROR_KIND);
    expect_outcome (ask_touch (store, "bucket", HOUR), H3_STORE_DONE);
    expect_outcome (ask_put (store, "counter", "bytes now", HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, "counter"), H3_STORE_DONE, "bytes now");
    expect_outcome (ask_remove (store, "bucket"), H3_STORE_DONE);
}

static void
keys_have_a_length (H3Store *store)
{
    g_autofree char *longest = g_strnfill (H3_STORE_MAX_KEY, 'k');
    g_autofree char *longer = g_strnfill (H3_STORE_MAX_KEY + 1, 'k');

    expect_outcome (ask_put (store, longest, "x", HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, longest), H3_STORE_DONE, "x");
    expect_failure (ask_put (store, longer, "x", HOUR), H3_STORE_ERROR_KEY);
    expect_failure (ask_get (store, ""), H3_STORE_ERROR_KEY);
}

static void
keys_are_counted (H3Store *store)
{
    gint64 before = ask_count (store)->number;

    ask_put (store, "one", "1", HOUR);
    ask_add (store, "two", 1, 1, HOUR);
    ask_put (store, "one", "2", HOUR);
    expect_number (ask_count (store), H3_STORE_DONE, before + 2);
}

static void
questions_keep_their_order (H3Store *store)
{
    StoreAnswer answers[200] = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        h3_store_add (store, "in order", 1, 1000, HOUR, store_answer_note, &answers[i]);
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
        store_answer_wait (&answers[i], 1);
        expect_number (&answers[i], H3_STORE_DONE, i + 1);
    }
}

static void
nobody_need_hear_the_answer (H3Store *store)
{
    g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);

    h3_store_put (store, "unheard", bytes, HOUR, NULL, NULL);
    h3_store_add (store, "unheard counter", 7, 9, HOUR, NULL, NULL);
    h3_store_get (store, "unheard", NULL, NULL);
    h3_store_get (store, "", NULL, NULL);
    expect_value (ask_get (store, "unheard"), H3_STORE_DONE, "x");
    expect_number (ask_add (store, "unheard counter", 1, 9, HOUR), H3_STORE_DONE, 8);
}

const StoreCase store_cases[] = {
    bytes_are_kept_and_removed,
    bytes_may_be_any,
    ends_are_told,
    bytes_change_only_as_expected,
    counters_keep_within_their_bound,
    buckets_do_not_run_over,
    buckets_give_back,
    buckets_bear_another_period,
    kinds_are_not_mixed,
    keys_have_a_length,
    keys_are_counted,
    questions_keep_their_order,
    nobody_need_hear_the_answer,
};
const unsigned n_store_cases = G_N_ELEMENTS (store_cases);
