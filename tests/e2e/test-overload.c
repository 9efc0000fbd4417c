/* SPDX-License-Identifier: MIT */

#include <h3/base/counters.h>
#include <h3/batteries/access-log.h>
#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/work.h>
#include <h3/loop/clock.h>
#include <h3/monitor/memory.h>
#include <h3/route/chain.h>

#include "tests/support/backend.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST(path) "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"

/* Milliseconds: the limit, what its interval follows to be, and a wait that is too long. */
#define LIMIT    50
#define INTERVAL 250
#define TOO_LONG 60

#define CROWD 8

/* So many have come to where they are held; so many may go on. Each test runs in a process of its
 * own. */
static Latch came = LATCH_INIT, may_go = LATCH_INIT;

static void
wait_for_leave (void)
{
    guint place;

    latch_raise (&came);
    place = latch_get (&came);
    latch_wait (&may_go, place, "the leave to go on");
}

/* Holds the worker. */
static void
hold_worker (H3Event *event, gpointer user_data)
{
    wait_for_leave ();
    h3_event_send_text (event, "held");
}

static void
hold_thread (gpointer data, GCancellable *cancellable)
{
    wait_for_leave ();
}

static void
answer (H3Event *event, gpointer data)
{
    h3_event_send_text (event, "worked");
}

static Latch asked = LATCH_INIT;

static void
work (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, hold_thread, answer, NULL, NULL);
    latch_raise (&asked);
}

static void
say (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}

static void
count (H3Event *event, gpointer user_data)
{
    (*(guint *) user_data)++;
    h3_event_next (event);
}

static guint n_seen; /* by the middleware; the worker's until it has stopped */

/* However far the clock is driven, and however often is asked, connections stay. */
static void
init_server (TestServer *server, const char *limit, gint64 value)
{
    static const char *const others[] = { "idle-timeout", "first-byte-timeout", "handler-timeout",
                                          "max-connection-age", "max-requests" };

    clock_take_control ();
    test_server_init (server);
    ck_assert (h3_app_set_limit (server->app, limit, value, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (others); i++)
        ck_assert (h3_app_set_limit (server->app, others[i], 0, NULL));
}

static void
begin (TestServer *server, const char *limit, gint64 value)
{
    init_server (server, limit, value);
    h3_server_set_offload_threads (h3_app_get_server (server->app), 1);
    h3_app_use (server->app, "/", h3_middleware_new (count, &n_seen, NULL));
    h3_app_all (server->app, "/hold", hold_worker, NULL);
    h3_app_get (server->app, "/work", work, NULL);
    h3_app_all (server->app, "/short", say, (gpointer) "short");
    h3_app_add_health (server->app, "/health", "/ready");
    h3_route_set_essential (h3_app_get (server->app, "/vital", say, (gpointer) "vital"), TRUE);
    test_server_start (server);
}

static void
assert_counted (Counter counter, gint64 expected)
{
    ck_assert_int_eq (counters_read (counter), expected);
}

static void
assert_refused (RawClient *client)
{
    g_autoptr (RawAnswer) refusal = raw_client_read (client, FALSE);

    ck_assert_ptr_nonnull (refusal);
    ck_assert_uint_eq (refusal->status, 503);
    raw_answer_expect_header (refusal, "Content-Type", "application/problem+json");
    raw_answer_expect_header (refusal, "Retry-After", "1");
    raw_answer_expect_header (refusal, "Connection", NULL);
    ck_assert_ptr_nonnull (strstr (refusal->body->str, "come again later"));
}

/* Who is held now goes on after a wait that was too long for who stands behind. */
static void
let_go (void)
{
    clock_drive (TOO_LONG);
    latch_raise (&may_go);
}

static void
send_hold (RawClient *client)
{
    ck_assert (raw_client_send (client, GET ("/hold")));
}

/* Two clients take turns: each time the worker is done with one, the other has been waiting. Ends
 * with the worker held, and with none other waiting; returns how many were held. */
static guint
keep_waiting (RawClient **clients)
{
    guint n = 1;

    send_hold (clients[0]);
    for (gint64 waited = -TOO_LONG; waited <= INTERVAL + TOO_LONG; waited += TOO_LONG) {
        latch_wait (&came, n, "the one before");
        send_hold (clients[n % 2]);
        let_go ();
        raw_client_expect_answer (clients[(n - 1) % 2], 200, "held");
        n++;
    }
    latch_wait (&came, n, "the last");
    return n;
}

/* An answer is there before the turn that gave it is over: the clock may be driven within it, and
 * what it then measures was no wait of anybody's. The second is behind a turn in which nobody
 * waited. */
static void
have_two_turns (RawClient *client)
{
    raw_client_expect (client, GET ("/vital"), 200, "vital");
    raw_client_expect (client, GET ("/vital"), 200, "vital");
}

static void
connect_all (const TestServer *server, RawClient **clients, guint n)
{
    for (guint i = 0; i < n; i++) {
        clients[i] = test_server_connect (server);
        raw_client_expect (clients[i], GET ("/vital"), 200, "vital");
    }
}

static void
free_all (RawClient **clients, guint n)
{
    for (guint i = 0; i < n; i++)
        raw_client_free (clients[i]);
}

START_TEST (a_burst_alone_is_served)
{
    TestServer server;
    RawClient *clients[CROWD];

    if (!backend_is_epoll ())
        return;
    begin (&server, "queue-delay", LIMIT);
    connect_all (&server, clients, CROWD);
    send_hold (clients[0]);
    latch_wait (&came, 1, "the first");
    for (guint i = 1; i < CROWD; i++)
        send_hold (clients[i]);
    for (guint i = 0; i < CROWD; i++) {
        latch_wait (&came, i + 1, "the next");
        let_go ();
        raw_client_expect_answer (clients[i], 200, "held");
    }
    raw_client_expect (clients[0], GET ("/ready"), 200, "{\"status\":\"ready\"}");
    assert_counted (COUNTER_SHED_DELAY, 0);
    free_all (clients, CROWD);
    test_server_end (&server);
}
END_TEST

START_TEST (who_waits_too_long_is_refused_where_all_have)
{
    TestServer server;
    RawClient *clients[6];
    guint n;

    if (!backend_is_epoll ())
        return;
    begin (&server, "queue-delay", LIMIT);
    connect_all (&server, clients, G_N_ELEMENTS (clients));
    n = keep_waiting (clients);
    send_hold (clients[2]);
    ck_assert (raw_client_send (clients[3], POST ("/short")));
    ck_assert (raw_client_send (clients[4], GET ("/ready")));
    ck_assert (raw_client_send (clients[5], GET ("/health")));
    let_go ();
    /* The first behind the one that is held is in time: the worker takes some in each turn. */
    latch_wait (&came, n + 1, "the first of a turn");
    let_go ();
    raw_client_expect_answer (clients[(n - 1) % 2], 200, "held");
    raw_client_expect_answer (clients[2], 200, "held");
    assert_refused (clients[3]);
    raw_client_expect_answer (clients[4], 503,
                              "{\"status\":\"shedding\",\"reason\":\"queue-delay\"}");
    raw_client_expect_answer (clients[5], 200, "{\"status\":\"ok\"}");
    assert_counted (COUNTER_SHED_DELAY, 1);
    have_two_turns (clients[2]);
    clock_drive (INTERVAL);
    /* The body of the one that was refused is out of the way. */
    raw_client_expect (clients[3], GET ("/short"), 200, "short");
    raw_client_expect (clients[3], GET ("/ready"), 200, "{\"status\":\"ready\"}");
    free_all (clients, G_N_ELEMENTS (clients));
    test_server_end (&server);
    /* All but the one that was refused. */
    ck_assert_uint_eq (n_seen, G_N_ELEMENTS (clients) + n + 1 + 2 + 4);
}
END_TEST

/* Sends /work until `n` of the requests have come to the pool or its queue. */
static void
send_work (RawClient **clients, guint first, guint n)
{
    for (guint i = first; i < n; i++) {
        ck_assert (raw_client_send (clients[i], GET ("/work")));
        latch_wait (&asked, i + 1, "the pool to be asked");
    }
}

START_TEST (who_needs_a_pool_that_is_late_is_refused)
{
    TestServer server;
    RawClient *clients[CROWD + 2];
    RawClient *other, *watcher;

    begin (&server, "queue-delay", LIMIT);
    connect_all (&server, clients, G_N_ELEMENTS (clients));
    other = clients[CROWD];
    watcher = clients[CROWD + 1];
    send_work (clients, 0, CROWD);
    have_two_turns (watcher);
    for (guint i = 0; i + 1 < CROWD; i++) {
        latch_wait (&came, i + 1, "the next job");
        let_go ();
        raw_client_expect_answer (clients[i], 200, "worked");
    }
    latch_wait (&came, CROWD, "the last job");
    send_work (clients, CROWD, CROWD + 1);
    have_two_turns (watcher);
    clock_drive (TOO_LONG);
    ck_assert (raw_client_send (clients[0], GET ("/work")));
    assert_refused (clients[0]);
    raw_client_expect (clients[1], GET ("/short"), 200, "short");
    raw_client_expect (clients[1], GET ("/ready"), 503,
                       "{\"status\":\"shedding\",\"reason\":\"queue-delay\"}");
    assert_counted (COUNTER_SHED_POOL, 1);
    assert_counted (COUNTER_SHED_DELAY, 0);
    latch_raise (&may_go);
    latch_raise (&may_go);
    raw_client_expect_answer (clients[CROWD - 1], 200, "worked");
    raw_client_expect_answer (other, 200, "worked");
    /* Nobody waits: there is nothing to refuse for. */
    latch_raise (&may_go);
    raw_client_expect (clients[0], GET ("/work"), 200, "worked");
    have_two_turns (watcher);
    clock_drive (INTERVAL);
    raw_client_expect (clients[0], GET ("/ready"), 200, NULL);
    free_all (clients, G_N_ELEMENTS (clients));
    test_server_end (&server);
}
END_TEST

START_TEST (a_pool_that_does_not_move_is_late)
{
    TestServer server;
    RawClient *clients[6];

    begin (&server, "queue-delay", LIMIT);
    connect_all (&server, clients, G_N_ELEMENTS (clients));
    send_work (clients, 0, 2);
    have_two_turns (clients[5]);
    clock_drive (TOO_LONG);
    send_work (clients, 2, 3);
    have_two_turns (clients[5]);
    clock_drive (INTERVAL);
    send_work (clients, 3, 4);
    ck_assert (raw_client_send (clients[4], GET ("/work")));
    assert_refused (clients[4]);
    for (guint i = 0; i < 4; i++) {
        latch_raise (&may_go);
        raw_client_expect_answer (clients[i], 200, "worked");
    }
    free_all (clients, G_N_ELEMENTS (clients));
    test_server_end (&server);
}
END_TEST

/* Asks until the answer has this status: memory is looked at now and then. */
static void
await_readiness (RawClient *client, guint status)
{
    guint found = 0;

    while (found != status) {
        g_autoptr (RawAnswer) said = NULL;

        clock_drive (1000);
        ck_assert (raw_client_send (client, GET ("/ready")));
        said = raw_client_read (client, FALSE);
        found = said->status;
    }
}

START_TEST (nothing_new_is_taken_while_memory_is_short)
{
    gsize length = h3_memory_get_resident () + (64 << 20);
    TestServer server;
    RawClient *held, *client, *watcher;
    char *memory;

    begin (&server, "memory-budget", (gint64) (h3_memory_get_resident () + length));
    held = test_server_connect (&server);
    client = test_server_connect (&server);
    watcher = test_server_connect (&server);
    await_readiness (watcher, 200);
    raw_client_expect (client, POST ("/short"), 200, "short");
    ck_assert (raw_client_send (held, GET ("/work")));
    latch_wait (&came, 1, "the job");
    memory = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
                   -1, 0);
    ck_assert_ptr_ne (memory, MAP_FAILED);
    await_readiness (watcher, 503);
    raw_client_expect (watcher, GET ("/ready"), 503,
                       "{\"status\":\"shedding\",\"reason\":\"memory\"}");
    for (guint i = 0; i < 3; i++) {
        ck_assert (raw_client_send (client, i == 1 ? GET ("/none") : POST ("/short")));
        assert_refused (client);
    }
    raw_client_expect (client, GET ("/vital"), 200, "vital");
    assert_counted (COUNTER_SHED_MEMORY, 3);
    ck_assert_int_eq (h3_memory_get_health (), H3_MEMORY_CRITICAL);
    latch_raise (&may_go);
    raw_client_expect_answer (held, 200, "worked");
    ck_assert_int_eq (munmap (memory, length), 0);
    await_readiness (watcher, 200);
    raw_client_expect (client, POST ("/short"), 200, "short");
    assert_counted (COUNTER_SHED_MEMORY, 3);
    raw_client_free (held);
    raw_client_free (client);
    raw_client_free (watcher);
    test_server_end (&server);
}
END_TEST

/* The budget is below what the process has at rest. */
START_TEST (what_hears_of_all_requests_hears_of_those_refused)
{
    g_autofree char *path = g_build_filename (g_get_tmp_dir (), "h3-overload-XXXXXX", NULL);
    g_autofree char *logged = NULL;
    H3Middleware *log;
    TestServer server;
    RawClient *client;
    int fd = g_mkstemp (path);

    ck_assert_int_ge (fd, 0);
    ck_assert (g_close (fd, NULL));
    init_server (&server, "memory-budget", 1);
    log = h3_access_log_new_full (H3_ACCESS_LOG_COMMON, path, NULL);
    ck_assert_ptr_nonnull (log);
    h3_app_use (server.app, "/", log);
    h3_app_get (server.app, "/short", say, (gpointer) "short");
    h3_app_add_health (server.app, NULL, "/ready");
    test_server_start (&server);
    client = test_server_connect (&server);
    await_readiness (client, 503);
    ck_assert (raw_client_send (client, GET ("/short")));
    assert_refused (client);
    raw_client_free (client);
    test_server_end (&server);
    ck_assert (g_file_get_contents (path, &logged, NULL, NULL));
    ck_assert_ptr_nonnull (strstr (logged, "\"GET /short HTTP/1.1\" 503 "));
    ck_assert_int_eq (g_unlink (path), 0);
}
END_TEST

/* Workers and the steward may tell at the same moment, and GLib's own writer asks for the local
 * time in memory that all threads share. */
static GLogWriterOutput
drop_message (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    return (level & G_LOG_LEVEL_MESSAGE) != 0
               ? G_LOG_WRITER_HANDLED
               : g_log_writer_default (level, fields, n_fields, user_data);
}

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "worker", a_burst_alone_is_served,
                    who_waits_too_long_is_refused_where_all_have, NULL);
    suite_add_case (suite, "pool", who_needs_a_pool_that_is_late_is_refused,
                    a_pool_that_does_not_move_is_late, NULL);
    suite_add_case (suite, "memory", nothing_new_is_taken_while_memory_is_short,
                    what_hears_of_all_requests_hears_of_those_refused, NULL);
}

int
main (void)
{
    g_log_set_writer_func (drop_message, NULL, NULL);
    return suite_run ("e2e/overload", add_tests);
}
