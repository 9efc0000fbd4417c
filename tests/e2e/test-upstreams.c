/* SPDX-License-Identifier: MIT
 *
 * Several servers behind a proxy, some of which die, hang, fail, and come back. */

#include "tests/support/scripted-server.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"
#include "h3/loop/clock.h"

#include <pthread.h>
#include <stdatomic.h>

#define OPEN       1000
#define FIRST_BYTE 5000

#define GET  "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"

#define SAY(text)                                                                                  \
    SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n" text)

static const ScriptStep says_one[] = { SCRIPT_REQUEST, SAY ("one"), SCRIPT_CLOSE };
static const ScriptStep says_two[] = { SCRIPT_REQUEST, SAY ("two"), SCRIPT_CLOSE };
static const ScriptStep hangs[] = { SCRIPT_REQUEST, SCRIPT_HANG, SCRIPT_CLOSE };
static const ScriptStep waits[] = { SCRIPT_REQUEST, SCRIPT_WAIT, SAY ("one"), SCRIPT_CLOSE };

static TestServer front;
static ScriptedServer first, second;
static H3Upstreams *upstreams; /* owned */
static RawClient *client;      /* owned */

static void
collect (const H3UpstreamReport *report, gpointer data)
{
    H3UpstreamReport **next = data;

    *(*next)++ = *report;
}

static H3UpstreamReport
get_report (guint place)
{
    H3UpstreamReport reports[2], *next = reports;

    ck_assert_uint_le (h3_upstreams_count (upstreams), 2);
    h3_upstreams_foreach (upstreams, collect, &next);
    return reports[place];
}

static void
answer_turn (H3Event *event, gpointer user_data)
{
    if (strcmp (h3_request_get_path (h3_event_get_request (event)), "/turn") == 0)
        h3_event_send_text (event, "turned");
}

/* What the worker was at, it has done: a request that was heard behind waits for its answer. */
static void
wait_for_turn (void)
{
    g_autoptr (RawClient) other = test_server_connect (&front);

    raw_client_expect (other, "GET /turn HTTP/1.1\r\nHost: a\r\n\r\n", 200, "turned");
}

/* On a driven clock; `other` is (nullable): there is no second server. */
static void
start (const ScriptStep *one, const ScriptStep *other)
{
    H3Proxy *proxy;

    clock_take_control ();
    test_server_init (&front);
    scripted_server_start (&first, NULL, one);
    upstreams = h3_upstreams_new ();
    ck_assert (h3_upstreams_add (upstreams, first.url, 1, NULL));
    if (other != NULL) {
        scripted_server_start (&second, NULL, other);
        ck_assert (h3_upstreams_add (upstreams, second.url, 1, NULL));
    }
    h3_upstreams_set_breaker (upstreams, 2, 0, OPEN);
    h3_upstreams_set_timeouts (upstreams, 0, FIRST_BYTE, 0);
    proxy = h3_proxy_new (upstreams);
    h3_app_use (front.app, "/", h3_proxy_to_middleware (proxy));
    h3_proxy_unref (proxy);
    h3_app_on_request (front.app, answer_turn, NULL, NULL);
    /* What one request has told is known when the next one comes. */
    h3_server_set_workers (h3_app_get_server (front.app), 1);
    test_server_start (&front);
    client = test_server_connect (&front);
}

static void
finish (void)
{
    g_clear_pointer (&client, raw_client_free);
    scripted_server_clear (&first);
    if (h3_upstreams_count (upstreams) == 2)
        scripted_server_clear (&second);
    g_clear_pointer (&upstreams, h3_upstreams_unref);
    test_server_end (&front);
}

START_TEST (a_server_that_dies_is_left_alone_and_found_again)
{
    start (says_one, says_two);
    raw_client_expect (client, GET, 200, "one");
    raw_client_expect (client, GET, 200, "two");
    scripted_server_refuse (&first);
    for (guint i = 0; i < 10; i++)
        raw_client_expect (client, GET, 200, "two");
    ck_assert_int_eq (get_report (0).state, H3_UPSTREAM_OPEN);
    ck_assert_uint_eq (get_report (0).failures, 2);
    ck_assert_uint_eq (get_report (0).requests, 3);
    /* Tried once, in vain. */
    clock_drive (2 * OPEN);
    for (guint i = 0; i < 4; i++)
        raw_client_expect (client, GET, 200, "two");
    ck_assert_uint_eq (get_report (0).failures, 3);
    scripted_server_listen (&first);
    raw_client_expect (client, GET, 200, "two");
    clock_drive (3 * OPEN);
    for (guint i = 0; i < 4; i++)
        raw_client_expect (client, GET, 200, NULL);
    ck_assert_int_eq (get_report (0).state, H3_UPSTREAM_UP);
    ck_assert_uint_eq (scripted_server_count_requests (&first), 3);
    finish ();
}
END_TEST

START_TEST (a_server_that_hangs_costs_no_answer_and_then_nothing)
{
    start (hangs, says_two);
    for (guint i = 1; i <= 2; i++) {
        raw_client_send (client, GET);
        scripted_server_wait_requests (&first, i);
        wait_for_turn ();
        clock_drive (FIRST_BYTE + 1);
        raw_client_expect_answer (client, 200, "two");
    }
    ck_assert_int_eq (get_report (0).state, H3_UPSTREAM_OPEN);
    for (guint i = 0; i < 4; i++)
        raw_client_expect (client, GET, 200, "two");
    ck_assert_uint_eq (scripted_server_count_requests (&first), 2);
    finish ();
}
END_TEST

START_TEST (one_request_finds_out_while_all_others_are_refused_at_once)
{
    RawClient *trying;

    start (waits, NULL);
    scripted_server_refuse (&first);
    for (guint i = 0; i < 2; i++)
        raw_client_expect (client, GET, 502, NULL);
    raw_client_expect (client, GET, 503, NULL);
    scripted_server_listen (&first);
    clock_drive (2 * OPEN);
    trying = test_server_connect (&front);
    raw_client_send (trying, GET);
    scripted_server_wait_waiting (&first, 1);
    for (guint i = 0; i < 5; i++) {
        g_autoptr (RawAnswer) answer = NULL;

        raw_client_send (client, POST);
        answer = raw_client_read (client, FALSE);
        ck_assert_uint_eq (answer->status, 503);
        raw_answer_expect_header (answer, "Retry-After", "1");
    }
    ck_assert_int_eq (get_report (0).state, H3_UPSTREAM_TRIED);
    ck_assert_uint_eq (scripted_server_count_requests (&first), 1);
    scripted_server_permit (&first);
    raw_client_expect_answer (trying, 200, "one");
    raw_client_free (trying);
    scripted_server_permit (&first);
    raw_client_expect (client, GET, 200, "one");
    ck_assert_int_eq (get_report (0).state, H3_UPSTREAM_UP);
    finish ();
}
END_TEST

START_TEST (a_client_that_gives_up_while_trying_leaves_it_to_the_next)
{
    RawClient *trying;

    start (hangs, NULL);
    scripted_server_add (&first, says_one);
    scripted_server_refuse (&first);
    for (guint i = 0; i < 2; i++)
        raw_client_expect (client, GET, 502, NULL);
    scripted_server_listen (&first);
    clock_drive (2 * OPEN);
    trying = test_server_connect (&front);
    raw_client_send (trying, GET);
    scripted_server_wait_requests (&first, 1);
    raw_client_reset (trying);
    raw_client_free (trying);
    scripted_server_wait_ended (&first, 1);
    ck_assert_uint_eq (get_report (0).failures, 2);
    raw_client_expect (client, GET, 200, "one");
    finish ();
}
END_TEST

START_TEST (an_answer_of_500_is_the_request_s_and_no_failure)
{
    static const ScriptStep fails[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno"),
        SCRIPT_AGAIN,
    };

    start (fails, NULL);
    for (guint i = 0; i < 5; i++)
        raw_client_expect (client, GET, 500, "no");
    ck_assert_int_eq (get_report (0).state, H3_UPSTREAM_UP);
    ck_assert_uint_eq (get_report (0).failures, 0);
    finish ();
}
END_TEST

/* Servers of our own, with threads of their own. */
#define SERVERS  3
#define CLIENTS  4
#define REQUESTS 200
#define AT_ONCE  10

typedef struct {
    TestServer server;
    char name[2];
    atomic_uint asked;
} Backend;

static void
say_unavailable (H3Event *event, gpointer user_data)
{
    Backend *backend = user_data;

    atomic_fetch_add (&backend->asked, 1);
    h3_event_set_status (event, 503);
    h3_event_send_text (event, "not now");
}

static void
say_name (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, ((const Backend *) user_data)->name);
}

static void
start_backends (Backend *backends, guint n, H3Handler handler)
{
    test_server_init (&front);
    upstreams = h3_upstreams_new ();
    for (guint i = 0; i < n; i++) {
        Backend *backend = &backends[i];
        g_autofree char *url = NULL;

        backend->name[0] = (char) ('a' + i);
        test_server_init (&backend->server);
        h3_app_get (backend->server.app, "/", handler, backend);
        test_server_start (&backend->server);
        url = g_strconcat ("http://", backend->server.address, NULL);
        ck_assert (h3_upstreams_add (upstreams, url, 1, NULL));
    }
}

static void
start_front (void)
{
    H3Proxy *proxy = h3_proxy_new (upstreams);

    h3_app_use (front.app, "/", h3_proxy_to_middleware (proxy));
    h3_proxy_unref (proxy);
    h3_server_set_workers (h3_app_get_server (front.app), 2);
    test_server_start (&front);
}

/* Counts of what lives are those before all of them. */
static void
finish_all (Backend *backends, guint n)
{
    g_clear_pointer (&upstreams, h3_upstreams_unref);
    h3_app_stop (front.app);
    ck_assert (h3_server_wait (h3_app_get_server (front.app)));
    for (guint i = 0; i < n; i++) {
        h3_app_stop (backends[i].server.app);
        ck_assert (h3_server_wait (h3_app_get_server (backends[i].server.app)));
        g_object_unref (backends[i].server.app);
        g_free (backends[i].server.address);
    }
    test_server_end_stopped (&front, TRUE);
}

static void *
storm (void *data)
{
    RawClient *own = test_server_connect (&front);

    for (guint i = 0; i < REQUESTS; i++)
        raw_client_expect (own, GET, 503, NULL);
    raw_client_free (own);
    return NULL;
}

START_TEST (when_all_fail_what_is_sent_again_is_a_fifth)
{
    Backend backends[SERVERS] = { 0 };
    pthread_t threads[CLIENTS];
    guint asked = 0, requests = CLIENTS * REQUESTS;

    /* No time passes, so that what comes back with it is there once. */
    clock_take_control ();
    start_backends (backends, SERVERS, say_unavailable);
    h3_upstreams_set_breaker (upstreams, 0, 0, 0);
    h3_upstreams_set_retries (upstreams, 3, 20, AT_ONCE);
    start_front ();
    for (guint i = 0; i < CLIENTS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, storm, NULL), 0);
    for (guint i = 0; i < CLIENTS; i++)
        pthread_join (threads[i], NULL);
    for (guint i = 0; i < SERVERS; i++)
        asked += atomic_load (&backends[i].asked);
    ck_assert_uint_ge (asked, requests + requests / 5);
    ck_assert_uint_le (asked, requests + requests / 5 + AT_ONCE);
    finish_all (backends, SERVERS);
}
END_TEST

START_TEST (a_client_s_address_leads_to_one_server_through_proxies)
{
    Backend backends[SERVERS] = { 0 };
    guint n[SERVERS] = { 0 };
    RawClient *own;

    start_backends (backends, SERVERS, say_name);
    h3_upstreams_set_strategy (upstreams, H3_BALANCE_ADDRESS_HASH);
    h3_upstreams_set_hash_key (upstreams, "always the same");
    ck_assert (h3_app_trust_proxy (front.app, "127.0.0.0/8", NULL));
    start_front ();
    own = test_server_connect (&front);
    for (guint i = 0; i < 60; i++) {
        g_autofree char *request = g_strdup_printf (
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.%u\r\n\r\n", i % 20);
        static char names[20];
        RawAnswer *answer;

        raw_client_send (own, request);
        answer = raw_client_read (own, FALSE);
        ck_assert_uint_eq (answer->status, 200);
        ck_assert (i < 20 || names[i % 20] == answer->body->str[0]);
        names[i % 20] = answer->body->str[0];
        n[names[i % 20] - 'a']++;
        raw_answer_free (answer);
    }
    for (guint i = 0; i < SERVERS; i++)
        ck_assert_uint_ge (n[i], 3);
    raw_client_free (own);
    finish_all (backends, SERVERS);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "servers", a_server_that_dies_is_left_alone_and_found_again,
                    a_server_that_hangs_costs_no_answer_and_then_nothing,
                    one_request_finds_out_while_all_others_are_refused_at_once,
                    a_client_that_gives_up_while_trying_leaves_it_to_the_next,
                    an_answer_of_500_is_the_request_s_and_no_failure,
                    when_all_fail_what_is_sent_again_is_a_fifth,
                    a_client_s_address_leads_to_one_server_through_proxies, NULL);
}

int
main (void)
{
    return suite_run ("e2e/upstreams", add_cases);
}
