/* SPDX-License-Identifier: MIT
 *
 * What a server measures while clients come and go, and others read. */

#include "h3/engine/websocket.h"
#include "h3/http/answer.h"
#include "h3/loop/clock.h"
#include "h3/monitor/metrics-inside.h"
#include "h3/monitor/trend-inside.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <jansson.h>
#include <sched.h>

#define N_CLIENTS  4
#define N_REQUESTS 100

static TestServer server;
static H3Metrics *metrics; /* owned */
static H3Trend *trend;     /* owned */

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "done");
}

static void
let_go (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    h3_event_unref (event);
}

/* Held until its client has gone. */
static void
never_answer (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (h3_event_defer (event), let_go, NULL, NULL);
}

static void
accept_websocket (H3Event *event, gpointer user_data)
{
    h3_websocket_unref (h3_event_accept_websocket (event, NULL));
}

static void
start (void)
{
    metrics = h3_metrics_new ();
    trend = h3_trend_new (metrics);
    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), 2);
    h3_app_use (server.app, "/", h3_metrics_new_middleware (metrics));
    h3_app_use (server.app, "/", h3_trend_new_middleware (trend));
    h3_app_all (server.app, "/answer/:n", answer, NULL);
    h3_app_get (server.app, "/never", never_answer, NULL);
    h3_app_get (server.app, "/ws", accept_websocket, NULL);
    ck_assert (h3_app_set_limit (server.app, "max-body", 10, NULL));
    test_server_start (&server);
}

static void
end (void)
{
    test_server_end (&server);
    g_clear_object (&trend);
    g_clear_pointer (&metrics, h3_metrics_unref);
}

typedef struct {
    const char *route, *method;
    MetricsRoute row; /* zero where there is none */
} Search;

static void
compare (const MetricsRoute *route, gpointer data)
{
    Search *search = data;

    if (strcmp (route->route, search->route) == 0 && strcmp (route->method, search->method) == 0)
        search->row = *route;
}

/* The row, once so many requests are in it: a client has its answer before it is counted. */
static MetricsRoute
wait_for_row (const char *route, const char *method, guint64 n_requests)
{
    for (;;) {
        Search search = { .route = route, .method = method };

        metrics_foreach_route (metrics, compare, &search);
        ck_assert_uint_le (search.row.n_requests, n_requests);
        if (search.row.n_requests == n_requests)
            return search.row;
        sched_yield ();
    }
}

START_TEST (workers_count_while_others_read)
{
    static const char request[] = "GET /answer/1 HTTP/1.1\r\nHost: a\r\n\r\n";
    RawClient *clients[N_CLIENTS];
    MetricsRoute row;

    start ();
    for (guint i = 0; i < N_CLIENTS; i++)
        clients[i] = test_server_connect (&server);
    for (guint i = 0; i < N_CLIENTS * N_REQUESTS; i++)
        ck_assert (raw_client_send (clients[i % N_CLIENTS], request));
    for (guint i = 0; i < 20; i++) {
        g_autofree char *text = h3_metrics_to_text (metrics, H3_METRICS_PROMETHEUS);
        g_autofree char *known = h3_trend_describe_text (trend);

        ck_assert (text != NULL && known != NULL);
    }
    for (guint i = 0; i < N_CLIENTS * N_REQUESTS; i++)
        raw_client_expect_answer (clients[i % N_CLIENTS], 200, "done");
    row = wait_for_row ("/answer/:n", "GET", N_CLIENTS * N_REQUESTS);
    ck_assert_uint_eq (row.statuses[2], N_CLIENTS * N_REQUESTS);
    ck_assert_uint_eq (row.n_timed, N_CLIENTS * N_REQUESTS);
    ck_assert_uint_eq (row.bytes_out, N_CLIENTS * N_REQUESTS * strlen ("done"));
    ck_assert_uint_eq (row.aborted, 0);
    for (guint i = 0; i < N_CLIENTS; i++)
        raw_client_free (clients[i]);
    end ();
}
END_TEST

START_TEST (clients_that_go_are_counted)
{
    MetricsRoute row;
    RawClient *client;

    start ();
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n"));
    raw_client_reset (client);
    raw_client_free (client);
    row = wait_for_row ("/never", "GET", 1);
    ck_assert_uint_eq (row.aborted, 1);
    ck_assert_uint_eq (row.statuses[0], 1);
    end ();
}
END_TEST

START_TEST (requests_refused_before_routing_are_counted)
{
    start ();
    test_server_expect (&server, "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505, NULL);
    test_server_expect (&server, "GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL);
    ck_assert_uint_eq (wait_for_row ("", "OTHER", 2).statuses[4], 1);
    test_server_expect (&server, "POST /answer/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n",
                        413, NULL);
    ck_assert_uint_eq (wait_for_row ("/answer/:n", "POST", 1).statuses[4], 1);
    end ();
}
END_TEST

START_TEST (bodies_are_counted)
{
    MetricsRoute row;

    start ();
    test_server_expect (&server,
                        "PUT /answer/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123456789",
                        200, "done");
    row = wait_for_row ("/answer/:n", "PUT", 1);
    ck_assert_uint_eq (row.bytes_in,
                       strlen ("PUT /answer/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
                           + 9);
    ck_assert_uint_eq (row.bytes_out, 4);
    end ();
}
END_TEST

START_TEST (websockets_are_counted_and_not_timed)
{
    g_autoptr (RawAnswer) head = NULL;
    RawClient *client;
    MetricsRoute row;

    start ();
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
                                        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 101);
    raw_client_free (client);
    row = wait_for_row ("/ws", "GET", 1);
    ck_assert_uint_eq (row.statuses[1], 1);
    ck_assert_uint_eq (row.n_timed, 0);
    end ();
}
END_TEST

/* Of the only route. */
static gsize
count_slices (void)
{
    json_t *document = trend_describe (trend);
    json_t *route = json_array_get (json_object_get (document, "routes"), 0);
    gsize n = json_array_size (json_object_get (json_object_get (route, "series"), "n"));

    json_decref (document);
    return n;
}

START_TEST (workers_step_the_trend)
{
    clock_take_control ();
    start ();
    test_server_expect (&server, "GET /answer/1 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "done");
    wait_for_row ("/answer/:n", "GET", 1);
    for (guint i = 0; i < 3; i++) {
        gsize before = count_slices ();

        clock_drive (TREND_SLICE_TIME);
        while (count_slices () == before)
            sched_yield ();
        ck_assert_uint_eq (count_slices (), before + 1);
    }
    end ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "counting", workers_count_while_others_read, clients_that_go_are_counted,
                    requests_refused_before_routing_are_counted, bodies_are_counted,
                    websockets_are_counted_and_not_timed, NULL);
    suite_add_case (suite, "trend", workers_step_the_trend, NULL);
}

int
main (void)
{
    return suite_run ("e2e/metrics", add_tests);
}
