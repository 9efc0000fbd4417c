/* SPDX-License-Identifier: MIT
 *
 * Many sessions, and many writes to one, on one loop: what is held does not grow. */

#include "tests/support/asked-store.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/batteries/session.h>
#include <h3/batteries/sessions.h>
#include <h3/http/answer.h>
#include <h3/route/chain-inside.h>
#include <h3/store/memory-store.h>

#define MOST 1000

static LiveSnapshot before;
static H3Store *store;
static FakeCarrier *carrier;
static Chain *chain;

static void
add_one (H3Event *event, gpointer user_data)
{
    H3Session *session = h3_event_get_session (event);
    g_autofree char *name = NULL;
    gint64 n;

    ck_assert (h3_session_add_int (session, "n", 1, &n, NULL));
    name = g_strdup_printf ("name %" G_GINT64_FORMAT, n % 7);
    ck_assert (h3_session_set_string (session, name, "some text", NULL));
    h3_event_send_empty (event, 204);
}

static const char *
get_route_label (const H3Event *event)
{
    return "/";
}

static const EventHost host = { chain_next, event_answer_error, get_route_label };

static void
set_up (void)
{
    ChainLink link = { NULL, NULL };

    (void) g_main_context_default ();
    before = live_snapshot_take ();
    store = h3_memory_store_new (MOST, (gsize) 16 << 20);
    link.middleware = h3_sessions_new (store);
    chain = chain_new (&link, 1, add_one, NULL);
    h3_middleware_unref (link.middleware);
    carrier = fake_carrier_new ();
}

static void
tear_down (void)
{
    fake_carrier_free (carrier);
    chain_free (chain);
    g_object_unref (store);
    ask_clear ();
    assert_nothing_left (&before);
}

/* Sanitized and under valgrind each takes many times as long. */
static guint
get_rounds (void)
{
    return g_getenv ("H3_SANITIZED") != NULL || g_getenv ("CK_FORK") != NULL ? 5000 : 100000;
}

static void
ask (const char *head)
{
    H3Event *event;

    fake_carrier_clear (carrier);
    event = fake_carrier_begin (carrier, head);
    event->host = &host;
    chain_start (chain, event);
    fake_carrier_dispatch (carrier);
    while (carrier->event != NULL)
        fake_carrier_pump (carrier);
    ck_assert_uint_eq (carrier->status, 204);
}

START_TEST (a_hundred_thousand_sessions_keep_within_the_store)
{
    gint64 arena = 0;

    for (guint i = 0; i < get_rounds (); i++) {
        ask ("GET / HTTP/1.1\r\nHost: h\r\n");
        if (i == MOST)
            arena = counters_read (COUNTER_ARENA_BYTES);
    }
    ck_assert_int_eq (counters_read (COUNTER_ARENA_BYTES), arena);
    ck_assert_int_eq (counters_read (COUNTER_SESSIONS_LIVE), 0);
    ck_assert_int_le (ask_count (store)->number, MOST);
    ck_assert_int_ge (ask_count (store)->number, MOST / 2);
}
END_TEST

START_TEST (a_hundred_thousand_writes_to_one_session_keep_within_it)
{
    g_autofree char *head = NULL;
    const char *set;
    gint64 bytes = 0;

    ask ("GET / HTTP/1.1\r\nHost: h\r\n");
    set = fake_carrier_get (carrier, "Set-Cookie");
    head = g_strdup_printf ("GET / HTTP/1.1\r\nHost: h\r\nCookie: %.*s\r\n",
                            (int) strcspn (set, ";"), set);
    for (guint i = 0; i < get_rounds (); i++) {
        ask (head);
        if (i == MOST)
            bytes = counters_read (COUNTER_STORE_BYTES);
    }
    ck_assert_int_eq (ask_count (store)->number, 1);
    /* The number has two digits more. */
    ck_assert_int_le (counters_read (COUNTER_STORE_BYTES), bytes + 64);
    ck_assert_int_eq (counters_read (COUNTER_SESSIONS_LIVE), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("many");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 300);
    tcase_add_test (tcase, a_hundred_thousand_sessions_keep_within_the_store);
    tcase_add_test (tcase, a_hundred_thousand_writes_to_one_session_keep_within_it);
}

int
main (void)
{
    return suite_run ("batteries/session-many", add_tests);
}
