/* SPDX-License-Identifier: MIT
 *
 * The life of an app around its runs: started again, not started, one of two, let go. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}

static void
note_freed (gpointer data)
{
    latch_raise (data);
}

static void
init (void)
{
    test_server_init (&server);
    h3_app_get (server.app, "/", answer, (gpointer) "one");
}

START_TEST (app_starts_again_after_its_end)
{
    init ();
    for (guint i = 0; i < 5; i++) {
        test_server_start (&server);
        test_server_expect (&server, GET ("/"), 200, "one");
        h3_app_stop (server.app);
        ck_assert (h3_server_wait (h3_app_get_server (server.app)));
        ck_assert (!h3_server_is_running (h3_app_get_server (server.app)));
    }
    test_server_end_stopped (&server, TRUE);
}
END_TEST

START_TEST (stop_without_a_start_is_no_harm)
{
    init ();
    h3_app_stop (server.app);
    ck_assert (h3_server_wait (h3_app_get_server (server.app)));
    test_server_start (&server);
    test_server_expect (&server, GET ("/"), 200, "one");
    test_server_end (&server);
}
END_TEST

START_TEST (port_in_use_leaves_nothing_started)
{
    g_autoptr (GError) error = NULL;
    H3App *second;

    init ();
    test_server_start (&server);
    test_server_expect (&server, GET ("/"), 200, "one");
    second = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_app_get (second, "/", answer, (gpointer) "two");
    ck_assert (h3_app_listen (second, server.address, NULL));
    ck_assert (!h3_app_start (second, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS));
    ck_assert_ptr_nonnull (strstr (error->message, server.address));
    ck_assert (!h3_server_is_running (h3_app_get_server (second)));
    test_server_expect (&server, GET ("/"), 200, "one");
    h3_app_stop (server.app);
    ck_assert (h3_server_wait (h3_app_get_server (server.app)));
    ck_assert (h3_app_start (second, NULL));
    h3_app_stop (second);
    ck_assert (h3_server_wait (h3_app_get_server (second)));
    g_object_unref (second);
    test_server_run_context ();
    test_server_end_stopped (&server, TRUE);
}
END_TEST

START_TEST (failed_start_leaves_no_descriptor)
{
    LiveSnapshot before;
    g_autoptr (H3App) second = NULL;

    init ();
    test_server_start (&server);
    test_server_expect (&server, GET ("/"), 200, "one");
    second = h3_app_new_with_preset (H3_PRESET_TESTING);
    ck_assert (h3_app_listen (second, server.address, NULL));
    before = live_snapshot_take ();
    for (guint i = 0; i < 3; i++) {
        ck_assert (!h3_app_start (second, NULL));
        /* One fewer where the server has meanwhile seen its client's end. */
        ck_assert_uint_le (live_snapshot_take ().descriptors, before.descriptors);
    }
    g_clear_object (&second);
    test_server_end (&server);
}
END_TEST

START_TEST (route_that_cannot_be_is_told_at_the_start)
{
    g_autoptr (GError) error = NULL;

    init ();
    ck_assert_ptr_null (h3_app_get (server.app, "/:a/:a", answer, NULL));
    ck_assert (!h3_app_start (server.app, &error));
    ck_assert_ptr_nonnull (strstr (error->message, "/:a/:a"));
    test_server_end_stopped (&server, TRUE);
}
END_TEST

START_TEST (two_apps_serve_in_one_process)
{
    TestServer second;

    init ();
    test_server_start (&server);
    test_server_init (&second);
    h3_app_get (second.app, "/", answer, (gpointer) "two");
    test_server_start (&second);
    for (guint i = 0; i < 5; i++) {
        test_server_expect (&server, GET ("/"), 200, "one");
        test_server_expect (&second, GET ("/"), 200, "two");
    }
    h3_app_stop (second.app);
    ck_assert (h3_server_wait (h3_app_get_server (second.app)));
    test_server_expect (&server, GET ("/"), 200, "one");
    g_object_unref (second.app);
    g_free (second.address);
    test_server_end (&server);
}
END_TEST

/* What a running server needs it holds. */
START_TEST (app_let_go_while_it_runs_serves_on)
{
    static Latch freed = LATCH_INIT;
    g_autoptr (H3Server) of_app = NULL;

    init ();
    h3_app_route (server.app, "GET", "/kept", answer, (gpointer) "kept", NULL);
    h3_app_route (server.app, "GET", "/freed", answer, &freed, note_freed);
    test_server_start (&server);
    of_app = g_object_ref (h3_app_get_server (server.app));
    g_clear_object (&server.app);
    test_server_expect (&server, GET ("/kept"), 200, "kept");
    ck_assert_uint_eq (latch_get (&freed), 0);
    h3_server_stop (of_app);
    ck_assert (h3_server_wait (of_app));
    latch_wait (&freed, 1, "what a route was given");
    g_clear_object (&of_app);
    test_server_run_context ();
    g_free (server.address);
    assert_nothing_left (&server.before);
}
END_TEST

static guint n_stopped;
static gboolean was_finished;

static void
unref_in_stopped (H3Server *of_app, gboolean finished, gpointer user_data)
{
    n_stopped++;
    was_finished = finished;
    g_clear_object (&server.app);
}

static void
run_until_stopped (guint times)
{
    while (n_stopped < times)
        (void) g_main_context_iteration (NULL, TRUE);
}

START_TEST (app_let_go_in_stopped_is_freed)
{
    init ();
    test_server_start (&server);
    test_server_expect (&server, GET ("/"), 200, "one");
    g_signal_connect (h3_app_get_server (server.app), "stopped", G_CALLBACK (unref_in_stopped),
                      NULL);
    h3_app_stop (server.app);
    run_until_stopped (1);
    ck_assert (was_finished);
    ck_assert_ptr_null (server.app);
    test_server_run_context ();
    g_free (server.address);
    assert_nothing_left (&server.before);
}
END_TEST

static void
start_in_stopped (H3Server *of_app, gboolean finished, gpointer user_data)
{
    ck_assert (finished);
    ck_assert (!h3_server_is_running (of_app));
    if (++n_stopped < 3)
        test_server_start (&server);
}

START_TEST (app_starts_again_in_stopped)
{
    init ();
    test_server_start (&server);
    g_signal_connect (h3_app_get_server (server.app), "stopped", G_CALLBACK (start_in_stopped),
                      NULL);
    for (guint i = 1; i <= 3; i++) {
        test_server_expect (&server, GET ("/"), 200, "one");
        h3_app_stop (server.app);
        run_until_stopped (i);
    }
    test_server_end_stopped (&server, TRUE);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "again", app_starts_again_after_its_end, app_starts_again_in_stopped,
                    stop_without_a_start_is_no_harm, NULL);
    suite_add_case (suite, "failing", port_in_use_leaves_nothing_started,
                    failed_start_leaves_no_descriptor, route_that_cannot_be_is_told_at_the_start,
                    NULL);
    suite_add_case (suite, "two", two_apps_serve_in_one_process, NULL);
    suite_add_case (suite, "let go", app_let_go_while_it_runs_serves_on,
                    app_let_go_in_stopped_is_freed, NULL);
}

int
main (void)
{
    return suite_run ("e2e/shutdown-app", add_cases);
}
