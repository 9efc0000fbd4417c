/* SPDX-License-Identifier: MIT
 *
 * What of an app only a running server shows. */

#include <h3/base/counters.h>
#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/failure.h>
#include <h3/loop/loop.h>
#include <h3/route/chain-inside.h>

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

static void
say_params (H3Event *event, gpointer user_data)
{
    const char *a = h3_event_get_param (event, "a");
    const char *b = h3_event_get_param (event, "b");
    g_autofree char *text = g_strdup_printf ("%s %s %s", (const char *) user_data,
                                             a != NULL ? a : "-", b != NULL ? b : "-");

    h3_event_send_text (event, text);
}

static void
say_rest (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data == NULL)
        say_params (event, (gpointer) "streamed");
}

static void
stream_body (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, say_rest, NULL, NULL);
}

static void
add_dynamic_routes (H3App *app)
{
    h3_app_get (app, "/n/:a(\\d+)", say_params, (gpointer) "number");
    h3_app_get (app, "/n/:a", say_params, (gpointer) "name");
    h3_app_get (app, "/n/:a(\\d+)/:b?", say_params, (gpointer) "two");
    h3_app_get (app, "/w/**:a", say_params, (gpointer) "rest");
    h3_route_set_body (h3_app_post (app, "/n/:a(\\d+)", stream_body, NULL), H3_BODY_STREAMED, 0);
}

static const char *const asked[] = {
    "GET /n/1",  "GET /n/x",  "GET /n/1/2",     "GET /w/a/b", "GET /n/1", "POST /n/1",
    "GET /n/22", "GET /n/1/", "GET /n/%2541",   "GET /n/1/2", "GET /w/",  "GET /n/x",
    "PUT /n/1",  "GET /none", "GET /n/1/x%2Fy", "POST /n/1",  "GET /n/1",
};

/* Twice with each capacity: the second time over what is remembered. */
START_TEST (the_route_cache_never_changes_an_answer)
{
    static const guint capacities[] = { 0, 2, 1000 };
    g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; i < G_N_ELEMENTS (capacities); i++) {
        TestServer server;
        RawClient *client;

        test_server_init (&server);
        add_dynamic_routes (server.app);
        h3_app_set_route_cache (server.app, capacities[i]);
        test_server_start (&server);
        client = test_server_connect (&server);
        for (guint j = 0; j < 2 * G_N_ELEMENTS (asked); j++) {
            g_autofree char *request =
                g_strconcat (asked[j % G_N_ELEMENTS (asked)],
                             " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", NULL);
            g_autoptr (RawAnswer) answer = NULL;

            ck_assert (raw_client_send (client, request));
            answer = raw_client_read (client, FALSE);
            ck_assert_ptr_nonnull (answer);
            if (i == 0)
                g_ptr_array_add (expected, g_strdup (answer->body->str));
            else
                ck_assert_str_eq (answer->body->str, expected->pdata[j]);
        }
        raw_client_free (client);
        test_server_end (&server);
    }
    ck_assert_str_eq (expected->pdata[0], "number 1 -");
    ck_assert_str_eq (expected->pdata[1], "name x -");
    ck_assert_str_eq (expected->pdata[2], "two 1 2");
    ck_assert_str_eq (expected->pdata[3], "rest a/b -");
    ck_assert_str_eq (expected->pdata[5], "streamed 1 -");
}
END_TEST

static void
note_end (H3Event *event, H3Outcome outcome, gpointer user_data)
{
}

static void
fail_behind_the_end (H3Event *event, gpointer user_data)
{
    h3_event_start_stream (event, -1);
    (void) h3_event_write (event, "whole", 5);
    h3_event_finish (event);
    h3_event_fail_status (event, 500, "too late");
}

/* The hook keeps the event until its last byte has left. */
START_TEST (failing_behind_the_end_of_an_answer_is_no_harm)
{
    TestServer server;
    RawClient *client;

    test_server_init (&server);
    h3_app_on_response (server.app, note_end, NULL, NULL);
    h3_app_get (server.app, "/", fail_behind_the_end, NULL);
    test_server_start (&server);
    client = test_server_connect (&server);
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "whole");
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "whole");
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
note_loop (gpointer user_data)
{
    Latch *begun = user_data;

    ck_assert_ptr_nonnull (loop_get_current ());
    latch_raise (begun);
}

static H3Middleware *
new_watcher (Latch *begun)
{
    H3Middleware *middleware = h3_middleware_new (say_params, begun, NULL);

    middleware_set_start (middleware, note_loop);
    return middleware;
}

START_TEST (middleware_hears_of_each_worker_on_its_thread)
{
    Latch begun = LATCH_INIT;
    TestServer server;
    H3Route *route;

    test_server_init (&server);
    route = h3_app_get (server.app, "/", say_params, (gpointer) "root");
    h3_app_use (server.app, "/elsewhere", new_watcher (&begun));
    h3_app_use_for (server.app, route, new_watcher (&begun));
    h3_server_set_workers (h3_app_get_server (server.app), 3);
    test_server_start (&server);
    latch_wait (&begun, 6, "three workers, two that hear of them");
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&begun), 6);
}
END_TEST

/* Whoever asks what lives in a server that has just begun hears of the same as later. */
START_TEST (workers_are_counted_from_the_start_to_the_end)
{
    TestServer server;

    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), 16);
    test_server_start (&server);
    ck_assert_int_eq (counters_read (COUNTER_WORKERS_LIVE), 16);
    test_server_end (&server);
    ck_assert_int_eq (counters_read (COUNTER_WORKERS_LIVE), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "server", the_route_cache_never_changes_an_answer,
                    failing_behind_the_end_of_an_answer_is_no_harm,
                    middleware_hears_of_each_worker_on_its_thread,
                    workers_are_counted_from_the_start_to_the_end, NULL);
}

int
main (void)
{
    return suite_run ("e2e/app-server", add_cases);
}
