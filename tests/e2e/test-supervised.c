/* SPDX-License-Identifier: MIT
 *
 * What a service manager hears of a server: ready, reloading, stopping, and its workers' signs of
 * life. */

#include "tests/support/latch.h"
#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/supervisor.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"
#include "h3/loop/clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static Supervisor supervisor;
static Subprocess demo;
static char *address; /* owned */

static void
start (const char *watchdog)
{
    g_autofree char *variable = g_strconcat ("NOTIFY_SOCKET=", supervisor.name, NULL);
    const char *const environment[] = { variable, watchdog, NULL };
    const SubprocessGifts gifts = { NULL, 0, environment };

    subprocess_start_with (&demo, &gifts, "demo", "--listen", "127.0.0.1:0", "--workers", "2",
                           NULL);
}

static void
end (void)
{
    subprocess_signal (&demo, SIGTERM);
    supervisor_await (&supervisor, "STOPPING=1", NULL);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    g_clear_pointer (&address, g_free);
    supervisor_clear (&supervisor);
}

START_TEST (ready_means_that_clients_may_come)
{
    g_autofree char *message = NULL;
    g_autofree char *pid = NULL;
    const char *status;
    RawClient *client;

    supervisor_init (&supervisor, _i == 1);
    start (NULL);
    message = supervisor_hear (&supervisor);
    pid = g_strdup_printf ("READY=1\nMAINPID=%d\n", (int) demo.pid);
    ck_assert_msg (g_str_has_prefix (message, pid), "%s", message);
    status = strstr (message, "STATUS=Serves on 127.0.0.1:");
    ck_assert_msg (status != NULL, "%s", message);
    client = raw_client_new (status + strlen ("STATUS=Serves on "));
    raw_client_expect (client, GET ("/plaintext"), 200, "Hello, World!");
    raw_client_free (client);
    end ();
}
END_TEST

START_TEST (hang_up_reloads)
{
    supervisor_init (&supervisor, FALSE);
    start (NULL);
    supervisor_expect (&supervisor, "READY=1");
    for (guint i = 0; i < 3; i++) {
        subprocess_signal (&demo, SIGHUP);
        supervisor_expect (&supervisor, "RELOADING=1");
        supervisor_expect (&supervisor, "READY=1");
    }
    address = subprocess_read_address (&demo);
    {
        g_autoptr (RawClient) client = raw_client_new (address);

        raw_client_expect (client, GET ("/plaintext"), 200, "Hello, World!");
    }
    end ();
}
END_TEST

START_TEST (stopping_is_told_before_what_runs_ends)
{
    RawClient *client;

    supervisor_init (&supervisor, FALSE);
    start (NULL);
    supervisor_expect (&supervisor, "READY=1");
    address = subprocess_read_address (&demo);
    client = raw_client_new (address);
    ck_assert (raw_client_send (client, GET ("/plaintext") GET ("/slow?ms=50000")));
    raw_client_expect_answer (client, 200, "Hello, World!");
    subprocess_signal (&demo, SIGTERM);
    supervisor_expect (&supervisor, "STOPPING=1");
    supervisor_expect (&supervisor, "EXTEND_TIMEOUT_USEC=30000000");
    subprocess_signal (&demo, SIGTERM);
    raw_client_expect_end (client);
    raw_client_free (client);
    ck_assert_int_eq (subprocess_wait (&demo), 3);
    g_clear_pointer (&address, g_free);
    supervisor_clear (&supervisor);
}
END_TEST

START_TEST (watchdog_hears_signs_of_life)
{
    supervisor_init (&supervisor, FALSE);
    start ("WATCHDOG_USEC=100000");
    supervisor_expect (&supervisor, "READY=1");
    for (guint i = 0; i < 3; i++)
        supervisor_expect (&supervisor, "WATCHDOG=1");
    end ();
}
END_TEST

START_TEST (watchdog_of_another_process_is_not_meant)
{
    const char *environment[] = { "WATCHDOG_USEC=1000", "WATCHDOG_PID=1", NULL, NULL };
    const SubprocessGifts gifts = { NULL, 0, environment };
    g_autofree char *variable = NULL;

    supervisor_init (&supervisor, FALSE);
    environment[2] = variable = g_strconcat ("NOTIFY_SOCKET=", supervisor.name, NULL);
    subprocess_start_with (&demo, &gifts, "demo", "--listen", "127.0.0.1:0", NULL);
    supervisor_expect (&supervisor, "READY=1");
    for (guint i = 0; i < 20; i++) {
        subprocess_signal (&demo, SIGHUP);
        supervisor_expect (&supervisor, "RELOADING=1");
        supervisor_expect (&supervisor, "READY=1");
    }
    end ();
}
END_TEST

START_TEST (what_is_no_address_or_number_is_named)
{
    const char *const wrong[][3] = {
        { "NOTIFY_SOCKET=relative", NULL, NULL },
        { "NOTIFY_SOCKET=@x", "WATCHDOG_USEC=soon", NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        const SubprocessGifts gifts = { NULL, 0, wrong[i] };
        g_autofree char *text = NULL;

        subprocess_start_with (&demo, &gifts, "demo", "--listen", "127.0.0.1:0", NULL);
        text = subprocess_read_errors (&demo);
        ck_assert_int_eq (subprocess_wait (&demo), 1);
        ck_assert_msg (strstr (text, i == 0 ? "NOTIFY_SOCKET" : "WATCHDOG_USEC") != NULL, "%s",
                       text);
    }
}
END_TEST

static Latch is_hanging = LATCH_INIT, may_go = LATCH_INIT;
static guint n_reloads;

static void
hang (H3Event *event, gpointer user_data)
{
    latch_raise (&is_hanging);
    latch_wait (&may_go, 1, "the end of the test");
    h3_event_send_text (event, "late");
}

static void
count_reload (H3Server *server, gpointer data)
{
    n_reloads++;
}

/* A turn of the steward, which speaks for the server, lies between the two messages of a reload,
 * and what was due by the clock before them has happened at the end of the next. */
static void
pass (H3Server *server, const char *never)
{
    clock_drive (1000);
    for (guint i = 0; i < 2; i++) {
        h3_server_reload (server);
        supervisor_await (&supervisor, "RELOADING=1", never);
        supervisor_await (&supervisor, "READY=1", never);
    }
}

START_TEST (hung_worker_silences_the_watchdog)
{
    TestServer server;
    H3Server *served;
    g_autoptr (RawClient) client = NULL;

    clock_take_control ();
    supervisor_init (&supervisor, TRUE);
    g_setenv ("NOTIFY_SOCKET", supervisor.name, TRUE);
    g_setenv ("WATCHDOG_USEC", "2000000", TRUE);
    test_server_init (&server);
    served = h3_app_get_server (server.app);
    h3_app_get (server.app, "/hang", hang, NULL);
    h3_server_set_workers (served, 2);
    h3_server_set_supervised (served, TRUE);
    g_signal_connect (served, "reload", G_CALLBACK (count_reload), NULL);
    test_server_start (&server);
    supervisor_expect (&supervisor, "READY=1");
    for (guint i = 0; i < 3; i++) {
        clock_drive (1000);
        supervisor_expect (&supervisor, "WATCHDOG=1");
    }
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/hang")));
    latch_wait (&is_hanging, 1, "the handler");
    for (guint i = 0; i < 5; i++)
        pass (served, "WATCHDOG=1");
    ck_assert_uint_eq (n_reloads, 10);
    latch_raise (&may_go);
    raw_client_expect_answer (client, 200, "late");
    supervisor_await (&supervisor, "WATCHDOG=1", NULL);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
    ck_assert_ptr_null (g_getenv ("NOTIFY_SOCKET"));
    ck_assert_ptr_null (g_getenv ("WATCHDOG_USEC"));
    supervisor_clear (&supervisor);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("start");

    tcase_add_loop_test (tcase, ready_means_that_clients_may_come, 0, 2);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
    suite_add_case (suite, "life", hang_up_reloads, stopping_is_told_before_what_runs_ends,
                    what_is_no_address_or_number_is_named, NULL);
    suite_add_case (suite, "watchdog", watchdog_hears_signs_of_life,
                    watchdog_of_another_process_is_not_meant, hung_worker_silences_the_watchdog,
                    NULL);
}

int
main (void)
{
    return suite_run ("e2e/supervised", add_cases);
}
