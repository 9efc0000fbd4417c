/* SPDX-License-Identifier: MIT */

#include "store-cases.h"

#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "h3/store/redis-store.h"
#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/redis-server.h"
#include "tests/support/suite.h"

#define HOUR 3600000

static Loop *loop;
static LiveSnapshot before;
static RedisServer server;
static gboolean has_server;

static void
set_up (void)
{
    clock_take_control ();            /* however slow the machine is, nothing takes too long */
    (void) g_main_context_default (); /* has a descriptor, which stays */
    before = live_snapshot_take ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    has_server = redis_server_start (&server, NULL);
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
    redis_server_clear (&server);
    assert_nothing_left (&before);
}

/* (transfer full): a store on the server, with `options` behind its URL. */
static H3Store *
open_store (const char *options)
{
    g_autofree char *url = g_strconcat (server.url, options, NULL);
    g_autoptr (GError) error = NULL;
    H3Store *store = h3_store_new_from_url (url, &error);

    ck_assert_msg (store != NULL, "%s", error != NULL ? error->message : "");
    return store;
}

START_TEST (redis_store_does_what_stores_do)
{
    if (has_server) {
        g_autoptr (H3Store) store = open_store ("");

        store_cases[_i](store);
    }
}
END_TEST

START_TEST (redis_store_does_so_without_a_loop)
{
    end_loop ();
    if (has_server) {
        g_autoptr (H3Store) store = open_store ("?prefix=some%20where:");

        store_cases[_i](store);
    }
}
END_TEST

START_TEST (redis_store_is_opened_by_what_is_one)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_redis_store_new ("memory:", &error));
    ck_assert_ptr_nonnull (error);
    g_clear_error (&error);
    ck_assert_ptr_null (h3_redis_store_new ("redis://", &error));
    ck_assert_ptr_nonnull (error);
}
END_TEST

START_TEST (redis_store_keeps_to_its_prefix_and_database)
{
    if (has_server) {
        g_autoptr (H3Store) plain = open_store ("");
        g_autoptr (H3Store) shop = open_store ("?prefix=shop:");
        g_autoptr (H3Store) other = open_store ("?db=3");

        ask_put (plain, "a", "plain", HOUR);
        ask_put (shop, "a", "shop", HOUR);
        ask_put (other, "a", "other", HOUR);
        expect_value (ask_get (plain, "a"), H3_STORE_DONE, "plain");
        expect_value (ask_get (shop, "a"), H3_STORE_DONE, "shop");
        expect_value (ask_get (other, "a"), H3_STORE_DONE, "other");
        expect_value (ask_get (plain, "shop:a"), H3_STORE_DONE, "shop");
        expect_number (ask_count (other), H3_STORE_DONE, 1);
        expect_number (ask_count (shop), H3_STORE_DONE, 2);
    }
}
END_TEST

START_TEST (redis_store_sends_a_script_that_the_server_forgot)
{
    if (has_server) {
        g_autoptr (H3Store) store = open_store ("");
        g_autofree char *told = NULL;

        expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 1);
        told = redis_server_tell (&server, "SCRIPT FLUSH");
        ck_assert_str_eq (told, "+OK\r");
        expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 2);
        expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 3);
        expect_outcome (ask_compare (store, "c", NULL, "x", HOUR), H3_STORE_DONE);
    }
}
END_TEST

START_TEST (redis_store_carries_large_values)
{
    if (has_server) {
        g_autoptr (H3Store) store = open_store ("?timeout=60000");
        g_autofree char *large = g_strnfill (5 << 20, 'x');
        g_autofree char *too_large = g_strnfill ((16 << 20) + 1, 'x');
        StoreAnswer answers[4] = { 0 };

        large[12345] = '\n';
        expect_failure (ask_put (store, "a", too_large, HOUR), H3_STORE_ERROR_FULL);
        expect_outcome (ask_put (store, "a", large, HOUR), H3_STORE_DONE);
        for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
            h3_store_get (store, "a", store_answer_note, &answers[i]);
        for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
            store_answer_wait (&answers[i], 1);
            expect_value (&answers[i], H3_STORE_DONE, large);
            store_answer_clear (&answers[i]);
        }
        expect_value (ask_compare (store, "a", "x", "y", HOUR), H3_STORE_CHANGED, large);
    }
}
END_TEST

START_TEST (redis_store_says_what_its_server_refuses)
{
    if (has_server) {
        g_autoptr (H3Store) store = open_store ("");
        g_autofree char *first = NULL;
        g_autofree char *second = NULL;
        g_autofree char *third = NULL;

        expect_outcome (ask_put (store, "a", "x", HOUR), H3_STORE_DONE);
        first = redis_server_tell (&server, "CONFIG SET maxmemory 1");
        expect_failure (ask_put (store, "a", "y", HOUR), H3_STORE_ERROR_FULL);
        expect_failure (ask_add (store, "n", 1, 9, HOUR), H3_STORE_ERROR_FULL);
        second = redis_server_tell (&server, "CONFIG SET maxmemory 0");
        third = redis_server_tell (&server, "REPLICAOF 127.0.0.1 1");
        ck_assert_str_eq (third, "+OK\r");
        expect_failure (ask_put (store, "a", "y", HOUR), H3_STORE_ERROR_REFUSED);
        expect_failure (ask_fill (store, "f", 1, 9, HOUR), H3_STORE_ERROR_REFUSED);
        expect_value (ask_get (store, "a"), H3_STORE_DONE, "x");
        ck_assert (h3_store_is_well (store));
    }
}
END_TEST

START_TEST (redis_store_has_a_password)
{
    if (has_server) {
        g_autofree char *wrong_url = g_strdup_printf ("redis+unix://:wrong@%s", server.socket);
        g_autofree char *right_url =
            g_strdup_printf ("redis+unix://default:secret%%20word@%s?db=1", server.socket);
        g_autoptr (H3Store) none = open_store ("");
        g_autoptr (H3Store) wrong = h3_redis_store_new (wrong_url, NULL);
        g_autoptr (H3Store) right = h3_redis_store_new (right_url, NULL);

        redis_server_kill (&server);
        redis_server_begin (&server, "requirepass \"secret word\"");
        expect_failure (ask_put (none, "a", "x", HOUR), H3_STORE_ERROR_REFUSED);
        ck_assert (!h3_store_is_well (none));
        expect_failure (ask_put (wrong, "a", "x", HOUR), H3_STORE_ERROR_REFUSED);
        expect_failure (ask_get (wrong, "a"), H3_STORE_ERROR_REFUSED);
        expect_outcome (ask_put (right, "a", "x", HOUR), H3_STORE_DONE);
        expect_value (ask_get (right, "a"), H3_STORE_DONE, "x");
        ck_assert (h3_store_is_well (right));
    }
}
END_TEST

/* A user who may not load scripts, nor run them by their names, has them sent. */
START_TEST (redis_store_does_without_loading_scripts)
{
    if (has_server) {
        g_autofree char *url = g_strdup_printf ("redis+unix://shy:word@%s", server.socket);
        g_autoptr (H3Store) store = h3_redis_store_new (url, NULL);

        redis_server_kill (&server);
        redis_server_begin (&server, "user shy on >word ~* +@all -script");
        expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 1);
        expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 2);
    }
}
END_TEST

START_TEST (redis_store_answers_who_has_let_it_go)
{
    StoreAnswer answer = { 0 };

    if (!has_server)
        return;
    {
        g_autoptr (H3Store) store = open_store ("");

        h3_store_get (store, "a", store_answer_note, &answer);
    }
    store_answer_wait (&answer, 1);
    expect_outcome (&answer, H3_STORE_ABSENT);
}
END_TEST

START_TEST (redis_store_ends_on_its_own_thread)
{
    if (!has_server)
        return;
    end_loop ();
    {
        g_autoptr (H3Store) store = open_store ("");

        expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 1);
        h3_store_add (store, "n", 1, 9, HOUR, NULL, NULL);
    }
    {
        g_autoptr (H3Store) store = open_store ("");

        while (ask_add (store, "n", 0, 9, HOUR)->number < 2)
            continue;
    }
}
END_TEST

START_TEST (redis_store_fails_whoever_asks_when_its_loop_ends)
{
    StoreAnswer answer = { 0 };

    if (!has_server)
        return;
    {
        g_autoptr (H3Store) store = open_store ("");

        ask_get (store, "a");
        redis_server_freeze (&server);
        h3_store_get (store, "a", store_answer_note, &answer);
        h3_store_get (store, "a", NULL, NULL);
        end_loop ();
        ck_assert_uint_eq (answer.n, 1);
        expect_failure (&answer, H3_STORE_ERROR_CLOSED);
    }
    store_answer_clear (&answer);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *cases = tcase_create ("as all stores");

    tcase_set_timeout (cases, 120);
    tcase_add_checked_fixture (cases, set_up, tear_down);
    tcase_add_loop_test (cases, redis_store_does_what_stores_do, 0, (int) n_store_cases);
    tcase_add_loop_test (cases, redis_store_does_so_without_a_loop, 0, (int) n_store_cases);
    suite_add_tcase (suite, cases);
    cases = tcase_create ("redis");
    tcase_set_timeout (cases, 120);
    tcase_add_checked_fixture (cases, set_up, tear_down);
    tcase_add_test (cases, redis_store_is_opened_by_what_is_one);
    tcase_add_test (cases, redis_store_keeps_to_its_prefix_and_database);
    tcase_add_test (cases, redis_store_sends_a_script_that_the_server_forgot);
    tcase_add_test (cases, redis_store_carries_large_values);
    tcase_add_test (cases, redis_store_says_what_its_server_refuses);
    tcase_add_test (cases, redis_store_has_a_password);
    tcase_add_test (cases, redis_store_does_without_loading_scripts);
    tcase_add_test (cases, redis_store_answers_who_has_let_it_go);
    tcase_add_test (cases, redis_store_ends_on_its_own_thread);
    tcase_add_test (cases, redis_store_fails_whoever_asks_when_its_loop_ends);
    suite_add_tcase (suite, cases);
}

int
main (void)
{
    return suite_run ("store/redis-store", add);
}
