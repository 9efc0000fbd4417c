/* SPDX-License-Identifier: MIT
 *
 * A Redis server that is slow, silent, lost, back again, or none at all: whoever asks is answered
 * in time, and the store recovers. The clock is driven, so no time passes but what a test lets
 * pass. */

#include "h3/base/version.h"
#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "h3/store/redis-store.h"
#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/redis-proxy.h"
#include "tests/support/redis-server.h"
#include "tests/support/suite.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOUR    3600000
#define TIMEOUT 1000

static Loop *loop;
static LiveSnapshot before;
static RedisServer server;
static RedisProxy proxy;
static gboolean has_server;
static H3Store *store;

static void
set_up (void)
{
    (void) g_main_context_default (); /* has a descriptor, which stays */
    before = live_snapshot_take ();
    clock_take_control ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    has_server = redis_server_start (&server, NULL);
    if (has_server) {
        g_autofree char *url = NULL;

        redis_proxy_start (&proxy, server.socket);
        url = redis_proxy_dup_url (&proxy, "127.0.0.1", "");
        store = h3_store_new_from_url (url, NULL);
        ck_assert_ptr_nonnull (store);
    }
}

static void
tear_down (void)
{
    g_clear_object (&store);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    if (has_server) {
        redis_proxy_stop (&proxy);
        redis_server_clear (&server);
    }
    assert_nothing_left (&before);
}

/* Lets time pass, and the loop see it. */
static void
pass (gint64 milliseconds)
{
    clock_drive (milliseconds);
    for (guint i = 0; i < 3; i++)
        loop_step (loop, FALSE);
}

/* Until the store answers well, letting pauses pass. */
static void
await_recovery (void)
{
    for (guint i = 0; ask_get (store, "any")->outcome == H3_STORE_FAILED; i++) {
        ck_assert_uint_lt (i, 1000);
        pass (100);
    }
    ck_assert (h3_store_is_well (store));
}

START_TEST (redis_answers_within_the_deadline)
{
    StoreAnswer answers[3] = { 0 };

    if (!has_server)
        return;
    expect_outcome (ask_put (store, "a", "right", HOUR), H3_STORE_DONE);
    redis_proxy_set_mode (&proxy, PROXY_HOLDS);
    h3_store_get (store, "none", store_answer_note, &answers[0]);
    pass (0);
    pass (TIMEOUT - 1);
    h3_store_get (store, "none", store_answer_note, &answers[1]);
    ck_assert_uint_eq (answers[0].n, 0);
    pass (1);
    store_answer_wait (&answers[0], 1);
    expect_failure (&answers[0], H3_STORE_ERROR_TIMEOUT);
    ck_assert_uint_eq (answers[1].n, 0);
    /* The late reply is not taken for that of who asks now. */
    h3_store_get (store, "a", store_answer_note, &answers[2]);
    redis_proxy_set_mode (&proxy, PROXY_PASSES);
    store_answer_wait (&answers[2], 1);
    expect_value (&answers[2], H3_STORE_DONE, "right");
    expect_outcome (&answers[1], H3_STORE_ABSENT);
    ck_assert_uint_eq (answers[0].n, 1);
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        store_answer_clear (&answers[i]);
}
END_TEST

START_TEST (redis_is_left_when_it_stays_silent)
{
    StoreAnswer answer = { 0 };

    if (!has_server)
        return;
    expect_outcome (ask_put (store, "a", "x", HOUR), H3_STORE_DONE);
    pass (5000);
    redis_server_freeze (&server);
    h3_store_get (store, "a", store_answer_note, &answer);
    pass (0); /* it is sent */
    pass (TIMEOUT);
    store_answer_wait (&answer, 1);
    expect_failure (&answer, H3_STORE_ERROR_TIMEOUT);
    ck_assert (h3_store_is_well (store));
    /* Now it is left, and a new connection is not greeted either. */
    pass (TIMEOUT);
    h3_store_get (store, "a", store_answer_note, &answer);
    pass (TIMEOUT);
    store_answer_wait (&answer, 2);
    expect_outcome (&answer, H3_STORE_FAILED);
    ck_assert (!h3_store_is_well (store));
    expect_failure (ask_get (store, "a"), H3_STORE_ERROR_UNREACHABLE);
    redis_server_thaw (&server);
    await_recovery ();
    expect_value (ask_get (store, "a"), H3_STORE_DONE, "x");
    store_answer_clear (&answer);
}
END_TEST

START_TEST (redis_is_found_again_when_it_comes_back)
{
    StoreAnswer answer = { 0 };

    if (!has_server)
        return;
    expect_outcome (ask_put (store, "a", "x", HOUR), H3_STORE_DONE);
    redis_server_freeze (&server);
    h3_store_get (store, "a", store_answer_note, &answer);
    loop_step (loop, FALSE);
    redis_server_kill (&server);
    store_answer_wait (&answer, 1);
    expect_failure (&answer, H3_STORE_ERROR_UNREACHABLE);
    for (guint i = 0; i < 20; i++) {
        expect_outcome (ask_get (store, "a"), H3_STORE_FAILED);
        pass (300);
    }
    ck_assert (!h3_store_is_well (store));
    redis_server_begin (&server, NULL);
    await_recovery ();
    expect_outcome (ask_get (store, "a"), H3_STORE_ABSENT);
    expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 1);
    store_answer_clear (&answer);
}
END_TEST

/* Nobody need ask for the store to find that the server is there again. */
START_TEST (redis_is_looked_for_while_nobody_asks)
{
    if (!has_server)
        return;
    redis_server_kill (&server);
    expect_failure (ask_get (store, "a"), H3_STORE_ERROR_UNREACHABLE);
    redis_server_begin (&server, NULL);
    pass (100);
    while (!h3_store_is_well (store))
        loop_step (loop, TRUE);
}
END_TEST

START_TEST (redis_connection_that_was_good_is_made_anew_at_once)
{
    StoreAnswer answer = { 0 };

    if (!has_server)
        return;
    expect_outcome (ask_put (store, "a", "x", HOUR), H3_STORE_DONE);
    pass (5000);
    redis_proxy_set_mode (&proxy, PROXY_HOLDS);
    h3_store_get (store, "a", store_answer_note, &answer);
    loop_step (loop, FALSE);
    redis_proxy_cut (&proxy);
    store_answer_wait (&answer, 1);
    expect_failure (&answer, H3_STORE_ERROR_UNREACHABLE);
    redis_proxy_set_mode (&proxy, PROXY_PASSES);
    ck_assert (h3_store_is_well (store));
    expect_value (ask_get (store, "a"), H3_STORE_DONE, "x");
    store_answer_clear (&answer);
}
END_TEST

START_TEST (redis_may_be_cut_off_in_midst_of_an_answer)
{
    g_autofree char *large = g_strnfill (100000, 'x');

    if (!has_server)
        return;
    expect_outcome (ask_put (store, "a", large, HOUR), H3_STORE_DONE);
    pass (5000);
    redis_proxy_set_mode (&proxy, PROXY_CUTS_HALF);
    expect_failure (ask_get (store, "a"), H3_STORE_ERROR_UNREACHABLE);
    expect_value (ask_get (store, "a"), H3_STORE_DONE, large);
}
END_TEST

START_TEST (redis_answers_may_come_byte_by_byte)
{
    g_autofree char *text = g_strnfill (2000, 'x');

    if (!has_server)
        return;
    redis_proxy_set_mode (&proxy, PROXY_TRICKLES);
    expect_outcome (ask_put (store, "a", text, HOUR), H3_STORE_DONE);
    expect_value (ask_get (store, "a"), H3_STORE_DONE, text);
    expect_number (ask_add (store, "n", 1, 9, HOUR), H3_STORE_DONE, 1);
}
END_TEST

START_TEST (redis_that_is_none_is_told_apart)
{
    if (!has_server)
        return;
    redis_proxy_set_mode (&proxy, PROXY_LIES);
    expect_failure (ask_get (store, "a"), H3_STORE_ERROR_PROTOCOL);
    await_recovery ();
    pass (5000);
    redis_proxy_set_mode (&proxy, PROXY_LIES);
    expect_failure (ask_get (store, "a"), H3_STORE_ERROR_PROTOCOL);
    await_recovery ();
}
END_TEST

START_TEST (redis_is_not_asked_more_than_its_bound)
{
    g_autofree char *url =
        has_server ? redis_proxy_dup_url (&proxy, "127.0.0.1", "?max-waiting=3") : NULL;
    g_autoptr (H3Store) bounded = url != NULL ? h3_redis_store_new (url, NULL) : NULL;
    StoreAnswer answers[4] = { 0 };

    if (!has_server)
        return;
    expect_outcome (ask_get (bounded, "a"), H3_STORE_ABSENT);
    redis_proxy_set_mode (&proxy, PROXY_HOLDS);
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        h3_store_get (bounded, "a", store_answer_note, &answers[i]);
    store_answer_wait (&answers[3], 1);
    expect_failure (&answers[3], H3_STORE_ERROR_BUSY);
    pass (TIMEOUT);
    /* Those that nobody waits for any more count until their replies have come. */
    for (guint i = 0; i < 3; i++) {
        store_answer_wait (&answers[i], 1);
        expect_failure (&answers[i], H3_STORE_ERROR_TIMEOUT);
        store_answer_clear (&answers[i]);
    }
    expect_failure (ask_get (bounded, "a"), H3_STORE_ERROR_BUSY);
    redis_proxy_set_mode (&proxy, PROXY_PASSES);
    while (ask_get (bounded, "a")->outcome == H3_STORE_FAILED)
        continue;
    store_answer_clear (&answers[3]);
}
END_TEST

/* A port that is taken, and that nobody listens on. */
static int
bind_only (char **out_url)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (getsockname (fd, (struct sockaddr *) &address, &length), 0);
    *out_url = g_strdup_printf ("redis://127.0.0.1:%u/3", ntohs (address.sin_port));
    return fd;
}

START_TEST (redis_that_nobody_is_says_so)
{
    g_autoptr (H3Store) nowhere = h3_redis_store_new ("redis+unix:/nonexistent/socket", NULL);
    g_autoptr (H3Store) closed = NULL;
    g_autofree char *url = NULL;
    int fd;

    if (!h3_has_feature ("redis")) /* as set_up () has said */
        return;
    fd = bind_only (&url);
    closed = h3_redis_store_new (url, NULL);
    ck_assert (h3_store_is_well (nowhere));
    expect_failure (ask_get (nowhere, "a"), H3_STORE_ERROR_UNREACHABLE);
    ck_assert (!h3_store_is_well (nowhere));
    expect_failure (ask_get (closed, "a"), H3_STORE_ERROR_UNREACHABLE);
    ck_assert_ptr_nonnull (strstr (ask_get (closed, "a")->error->message, url));
    (void) close (fd);
}
END_TEST

START_TEST (redis_is_looked_up_by_its_name)
{
    g_autofree char *url = has_server ? redis_proxy_dup_url (&proxy, "localhost", "") : NULL;
    g_autoptr (H3Store) named = url != NULL ? h3_redis_store_new (url, NULL) : NULL;
    g_autofree char *label = g_strnfill (70, 'x'); /* longer than a label may be: no name at all */
    g_autofree char *nonsense = g_strconcat ("redis://", label, NULL);
    g_autoptr (H3Store) unnamed = h3_redis_store_new (nonsense, NULL);

    if (!has_server)
        return;
    expect_outcome (ask_put (named, "a", "x", HOUR), H3_STORE_DONE);
    expect_value (ask_get (named, "a"), H3_STORE_DONE, "x");
    expect_failure (ask_get (unnamed, "a"), H3_STORE_ERROR_UNREACHABLE);
}
END_TEST

START_TEST (redis_pauses_grow_and_end)
{
    StoreAnswer answer = { 0 };
    gint64 since;

    if (!has_server)
        return;
    redis_server_kill (&server);
    expect_outcome (ask_get (store, "a"), H3_STORE_FAILED);
    for (guint i = 0; i < 30; i++)
        pass (5000);
    redis_server_begin (&server, NULL);
    since = clock_get_now ();
    await_recovery ();
    ck_assert_int_le (clock_get_now () - since, 5000 + 2 * TIMEOUT);
    store_answer_clear (&answer);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *cases = tcase_create ("failures");

    tcase_set_timeout (cases, 120);
    tcase_add_checked_fixture (cases, set_up, tear_down);
    tcase_add_test (cases, redis_answers_within_the_deadline);
    tcase_add_test (cases, redis_is_left_when_it_stays_silent);
    tcase_add_test (cases, redis_is_found_again_when_it_comes_back);
    tcase_add_test (cases, redis_is_looked_for_while_nobody_asks);
    tcase_add_test (cases, redis_connection_that_was_good_is_made_anew_at_once);
    tcase_add_test (cases, redis_may_be_cut_off_in_midst_of_an_answer);
    tcase_add_test (cases, redis_answers_may_come_byte_by_byte);
    tcase_add_test (cases, redis_that_is_none_is_told_apart);
    tcase_add_test (cases, redis_is_not_asked_more_than_its_bound);
    tcase_add_test (cases, redis_that_nobody_is_says_so);
    tcase_add_test (cases, redis_is_looked_up_by_its_name);
    tcase_add_test (cases, redis_pauses_grow_and_end);
    suite_add_tcase (suite, cases);
}

int
main (void)
{
    return suite_run ("store/redis-failures", add);
}
