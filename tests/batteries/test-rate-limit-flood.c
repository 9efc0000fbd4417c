/* SPDX-License-Identifier: MIT
 *
 * A million clients, each of which comes once, and one that comes again and again. */

#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include "h3/batteries/rate-limit-private.h"
#include "h3/loop/loop.h"

#include <stdlib.h>

#define BATCH 10000

static guint n_allowed, n_refused;

static void
note (H3RateLimit *limit, const H3RateLimitVerdict *verdict, const RateReceipt *receipt,
      gpointer user_data)
{
    if (verdict->is_allowed)
        n_allowed++;
    else
        n_refused++;
}

static void
wait_for_all (Loop *loop, guint n)
{
    while (n_allowed + n_refused < n)
        (void) loop_step (loop, FALSE);
}

/* The room for all of them would be ten times the bound; under a sanitizer, or valgrind, where
 * tests do not fork, it is one and a half times that. */
static guint
count_clients (void)
{
    gboolean is_slow =
        g_getenv ("H3_SANITIZED") != NULL || g_strcmp0 (g_getenv ("CK_FORK"), "no") == 0;

    return is_slow ? 15 * BATCH : 100 * BATCH;
}

START_TEST (a_flood_takes_no_more_than_its_bound)
{
    LiveSnapshot before = live_snapshot_take ();
    Loop *loop = loop_new (NULL);
    H3RateLimit *limit = h3_rate_limit_new ("flood", 1, 3600, NULL);
    guint n_clients = count_clients ();
    gint64 full = 0;

    loop_enter (loop);
    for (guint i = 0; i < n_clients; i++) {
        char key[RATE_LIMIT_KEY_ROOM];

        if (i % BATCH == 0)
            rate_limit_ask (limit, "limit:flood:stubborn", 1, note, NULL);
        g_snprintf (key, sizeof key, "limit:flood:a%08x", i);
        rate_limit_ask (limit, key, 1, note, NULL);
        if (i % 100 == 99)
            wait_for_all (loop, i + 2 + i / BATCH);
        /* So many fill it. */
        if (i == H3_RATE_LIMIT_CLIENTS + BATCH)
            full = counters_read (COUNTER_STORE_BYTES);
    }
    ck_assert_uint_eq (n_allowed, n_clients + 1);
    ck_assert_uint_eq (n_refused, n_clients / BATCH - 1);
    ck_assert_int_le (counters_read (COUNTER_STORE_ENTRIES), H3_RATE_LIMIT_CLIENTS);
    ck_assert_int_gt (counters_read (COUNTER_STORE_ENTRIES), H3_RATE_LIMIT_CLIENTS / 2);
    ck_assert_int_le (counters_read (COUNTER_STORE_BYTES), full + full / 10);
    ck_assert_int_le (counters_read (COUNTER_STORE_BYTES), H3_RATE_LIMIT_CLIENTS * 512);
    h3_rate_limit_unref (limit);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    assert_nothing_left (&before);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("flood");

    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, a_flood_takes_no_more_than_its_bound);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/rate-limit-flood", add_cases);
}
