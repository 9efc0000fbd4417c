/* SPDX-License-Identifier: MIT
 *
 * A store whose connection to its Redis server meets with calls that fail, each in turn: whoever
 * asks is answered, and the store is well again afterwards. */

#include "fault.h"
#include "sweep.h"

#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "h3/store/redis-store.h"
#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/redis-server.h"
#include "tests/support/suite.h"

#define HOUR 3600000

static RedisServer server;
static Loop *loop;

static void
expect_answer (const StoreAnswer *answer, const Fault *fault)
{
    if (fault->is_harmless)
        expect_outcome (answer, H3_STORE_DONE);
}

/* Each is answered, or the test waits in vain and fails. */
static void
ask_some (H3Store *store, const Fault *fault)
{
    expect_answer (ask_put (store, "a", "some bytes", HOUR), fault);
    expect_answer (ask_get (store, "a"), fault);
    expect_answer (ask_add (store, "n", 1, H3_STORE_MAX_NUMBER, HOUR), fault);
}

/* Lets the pauses pass that failures have led to. */
static void
await_recovery (H3Store *store)
{
    for (guint i = 0; ask_put (store, "a", "x", HOUR)->outcome == H3_STORE_FAILED; i++) {
        ck_assert_uint_lt (i, 1000);
        clock_drive (100);
        if (loop != NULL)
            loop_step (loop, FALSE);
    }
    ck_assert (h3_store_is_well (store));
}

/* Whether the fault was met. */
static gboolean
try_fault (const Fault *fault, guint n, const char *where)
{
    H3Store *store = h3_redis_store_new (server.url, NULL);
    gboolean was_met;

    ck_assert_ptr_nonnull (store);
    sweep_arm (fault, n, where);
    ask_some (store, fault);
    was_met = sweep_disarm (fault);
    await_recovery (store);
    g_object_unref (store);
    if (loop != NULL)
        loop_step (loop, FALSE);
    return was_met;
}

static void
sweep (FaultCall call, const char *where)
{
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    for (guint i = 0; i < n_faults; i++) {
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++) {
            if (!try_fault (&faults[i], n, where))
                break;
        }
    }
}

/* With a store that nothing happened to, so that what comes into being once is there. */
static LiveSnapshot
begin (void)
{
    static const Fault none = { FAULT_SOCKET, 0, TRUE };
    H3Store *store;

    (void) g_main_context_default ();
    clock_take_control ();
    store = h3_redis_store_new (server.url, NULL);
    ask_some (store, &none);
    g_object_unref (store);
    if (loop != NULL)
        loop_step (loop, FALSE);
    return live_snapshot_take ();
}

static const FaultCall calls[] = { FAULT_SOCKET, FAULT_CONNECT,   FAULT_GETSOCKOPT, FAULT_SEND,
                                   FAULT_RECV,   FAULT_EPOLL_CTL, FAULT_EPOLL_WAIT };

START_TEST (one_that_fails_is_answered_and_recovered_from)
{
    LiveSnapshot before;

    if (!redis_server_start (&server, NULL))
        return;
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    before = begin ();
    sweep (calls[_i], "a loop");
    assert_nothing_left (&before);
    loop_close (loop);
    loop_leave (loop);
    g_clear_pointer (&loop, loop_unref);
    redis_server_clear (&server);
    sweep_end (calls[_i]);
}
END_TEST

static const FaultCall own_calls[] = { FAULT_EVENTFD, FAULT_TIMERFD, FAULT_EPOLL_CREATE,
                                       FAULT_PTHREAD_CREATE };

START_TEST (one_that_fails_as_the_store_s_thread_begins_is_answered)
{
    LiveSnapshot before;

    if (!redis_server_start (&server, NULL))
        return;
    before = begin ();
    sweep (own_calls[_i], "a thread");
    assert_nothing_left (&before);
    redis_server_clear (&server);
    sweep_end (own_calls[_i]);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("redis");

    tcase_add_loop_test (tcase, one_that_fails_is_answered_and_recovered_from, 0,
                         G_N_ELEMENTS (calls));
    tcase_add_loop_test (tcase, one_that_fails_as_the_store_s_thread_begins_is_answered, 0,
                         G_N_ELEMENTS (own_calls));
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/redis", add_cases));
}
