/* SPDX-License-Identifier: MIT
 *
 * `h3d demo --processes`: what the master does when processes end, when it is told to, and when it
 * ends itself. */

#include "tests/support/askers.h"
#include "tests/support/children.h"
#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/supervisor.h"

#include "h3/engine/listen-group.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static Subprocess demo;
static char *address; /* owned */

static void
start (const char *n_processes, const char *where)
{
    subprocess_start (&demo, 0, "demo", "--processes", n_processes, "--workers", "2", "--listen",
                      where, NULL);
    address = subprocess_read_address (&demo);
}

static void
end (int status)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), status);
    g_clear_pointer (&address, g_free);
}

static void
expect_served (guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autoptr (RawClient) client = raw_client_new (address);

        raw_client_expect (client, GET ("/plaintext"), 200, "Hello, World!");
    }
}

START_TEST (processes_serve_and_end_with_their_master)
{
    Children pids;

    start ("3", "127.0.0.1:0");
    pids = children_list (demo.pid);
    ck_assert_uint_eq (pids.n, 3);
    expect_served (30);
    end (0);
    children_expect_gone (&pids);
}
END_TEST

START_TEST (process_that_is_killed_is_replaced)
{
    Children before, after;
    guint n_same = 0;

    start ("3", "127.0.0.1:0");
    before = children_list (demo.pid);
    (void) kill (before.all[1], SIGKILL);
    while (after = children_list (demo.pid), after.n != 3 || children_have (&after, before.all[1]))
        (void) sched_yield ();
    /* What comes to the sockets of the one that was killed waits for the other. */
    expect_served (60);
    for (guint i = 0; i < 3; i++)
        n_same += children_have (&after, before.all[i]);
    ck_assert_uint_eq (n_same, 2);
    end (0);
    children_expect_gone (&after);
}
END_TEST

START_TEST (processes_that_crash_on_end_all)
{
    g_autofree char *errors = NULL;
    Children pids;

    start ("4", "127.0.0.1:0");
    pids = children_list (demo.pid);
    ck_assert_uint_eq (pids.n, 4);
    (void) kill (demo.pid, SIGSTOP);
    for (guint i = 0; i < 3; i++)
        (void) kill (pids.all[i], SIGKILL);
    (void) kill (demo.pid, SIGCONT);
    errors = subprocess_read_errors (&demo);
    ck_assert_msg (strstr (errors, "h3d demo: 3 processes ended unasked within 5 seconds") != NULL,
                   "%s", errors);
    ck_assert_msg (strstr (errors, "by signal 9") != NULL, "%s", errors);
    ck_assert_int_eq (subprocess_wait (&demo), 1);
    children_expect_gone (&pids);
    g_clear_pointer (&address, g_free);
}
END_TEST

START_TEST (what_hinders_the_start_is_told_once)
{
    g_autofree char *errors = NULL;

    subprocess_start (&demo, 0, "demo", "--processes", "4", "--listen", "127.0.0.1:0", "--listen",
                      "https://127.0.0.1:0", NULL);
    errors = subprocess_read_errors (&demo);
    ck_assert_msg (g_str_has_prefix (errors, "h3d demo: cannot listen on https://127.0.0.1:0"),
                   "%s", errors);
    ck_assert_uint_eq (strcspn (errors, "\n"), strlen (errors) - 1);
    ck_assert_int_eq (subprocess_wait (&demo), 1);
}
END_TEST

static void
check_rolling (const char *where)
{
    Askers askers;
    Children before, after;

    start ("2", where);
    askers_start (&askers, address, "/plaintext");
    for (guint i = 0; i < 3; i++) {
        askers_await (&askers, 10);
        before = children_list (demo.pid);
        subprocess_signal (&demo, SIGUSR2);
        after = children_await_others (demo.pid, 2, &before);
        children_expect_gone (&before);
    }
    askers_await (&askers, 10);
    askers_end (&askers);
    end (0);
    children_expect_gone (&after);
}

START_TEST (rolling_restart_fails_no_request)
{
    check_rolling ("127.0.0.1:0");
}
END_TEST

START_TEST (rolling_restart_of_a_unix_socket_fails_no_request)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "socket", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, NULL);

    check_rolling (text);
    ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

START_TEST (processes_whose_master_was_killed_end)
{
    Children pids;

    ck_assert_int_eq (prctl (PR_SET_CHILD_SUBREAPER, 1), 0);
    start ("3", "127.0.0.1:0");
    pids = children_list (demo.pid);
    ck_assert_uint_eq (pids.n, 3);
    subprocess_signal (&demo, SIGKILL);
    for (guint i = 0; i < pids.n; i++) {
        int status;

        /* They are this one's when the master has gone, and not before. */
        while (waitpid (pids.all[i], &status, 0) < 0)
            (void) sched_yield ();
        ck_assert (WIFEXITED (status));
        ck_assert_int_eq (WEXITSTATUS (status), 0);
    }
    ck_assert_int_eq (waitpid (demo.pid, NULL, 0), demo.pid);
    demo.pid = 0;
    g_clear_pointer (&address, g_free);
}
END_TEST

START_TEST (inherited_sockets_are_served_by_all)
{
    g_autoptr (ListenGroup) group = listen_group_open ("127.0.0.1:0", 1, NULL);
    int socket = listen_group_get_fd (group, 0);
    const SubprocessGifts gifts = { &socket, 1, NULL };
    Children before, after;

    subprocess_start_with (&demo, &gifts, "demo", "--processes", "2", "--listen", "systemd", NULL);
    address = subprocess_read_address (&demo);
    ck_assert_str_eq (address, listen_group_get_text (group));
    expect_served (20);
    before = children_list (demo.pid);
    subprocess_signal (&demo, SIGUSR2);
    after = children_await_others (demo.pid, 2, &before);
    expect_served (20);
    end (0);
    children_expect_gone (&after);
}
END_TEST

START_TEST (service_manager_hears_of_the_master_alone)
{
    Supervisor supervisor;
    g_autofree char *variable = NULL, *message = NULL, *expected = NULL;

    supervisor_init (&supervisor, FALSE);
    variable = g_strconcat ("NOTIFY_SOCKET=", supervisor.name, NULL);
    {
        const char *const environment[] = { variable, "WATCHDOG_USEC=40000", NULL };
        const SubprocessGifts gifts = { NULL, 0, environment };

        subprocess_start_with (&demo, &gifts, "demo", "--processes", "2", "--listen", "127.0.0.1:0",
                               NULL);
    }
    message = supervisor_hear (&supervisor);
    expected = g_strdup_printf ("READY=1\nMAINPID=%d\n", (int) demo.pid);
    ck_assert_msg (g_str_has_prefix (message, expected), "%s", message);
    for (guint i = 0; i < 2; i++) {
        supervisor_await (&supervisor, "WATCHDOG=1", "READY=1");
        subprocess_signal (&demo, SIGHUP);
        supervisor_await (&supervisor, "RELOADING=1", "READY=1");
        supervisor_await (&supervisor, "READY=1", "RELOADING=1");
    }
    subprocess_signal (&demo, SIGTERM);
    supervisor_await (&supervisor, "STOPPING=1", NULL);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    supervisor_clear (&supervisor);
}
END_TEST

START_TEST (second_signal_cuts_what_runs)
{
    RawClient *client;
    RawAnswer *head;

    start ("2", "127.0.0.1:0");
    client = raw_client_new (address);
    ck_assert (raw_client_send (client, GET ("/drip?duration=600&numbytes=600")));
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 200);
    raw_answer_free (head);
    subprocess_signal (&demo, SIGTERM);
    end (3);
    raw_client_free (client);
}
END_TEST

/* Who comes then is not kept waiting for an end, but refused, or served by whoever is there next.
 */
START_TEST (address_is_free_while_processes_drain)
{
    RawClient *client;
    RawAnswer *head;
    ListenGroup *next;

    subprocess_start (&demo, 0, "demo", "--processes", "2", "--drain-timeout", "0", "--listen",
                      "127.0.0.1:0", NULL);
    address = subprocess_read_address (&demo);
    client = raw_client_new (address);
    ck_assert (raw_client_send (client, GET ("/drip?duration=600&numbytes=600")));
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 200);
    raw_answer_free (head);
    subprocess_signal (&demo, SIGTERM);
    while ((next = listen_group_open (address, 1, NULL)) == NULL)
        (void) sched_yield ();
    listen_group_close (next);
    end (3);
    raw_client_free (client);
}
END_TEST

/* Whether it has a line, and whether it may be read to its end. */
static gboolean
has_line (const char *path)
{
    g_autofree char *text = NULL;

    return g_file_get_contents (path, &text, NULL, NULL) && strchr (text, '\n') != NULL;
}

/* The log's file was moved away: who serves writes to a new one, also who is started later. */
START_TEST (logs_are_opened_anew_by_all)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *log = g_build_filename (folder, "log", NULL);
    g_autofree char *moved = g_build_filename (folder, "moved", NULL);
    g_autofree char *option = g_strconcat ("--access-log=json:", log, NULL);
    Children before, after;

    subprocess_start (&demo, 0, "demo", "--processes", "1", "--listen", "127.0.0.1:0", option,
                      NULL);
    address = subprocess_read_address (&demo);
    expect_served (1);
    while (!has_line (log))
        (void) sched_yield ();
    ck_assert_int_eq (g_rename (log, moved), 0);
    subprocess_signal (&demo, SIGUSR1);
    while (!has_line (log))
        expect_served (1);
    ck_assert_int_eq (g_unlink (log), 0);
    subprocess_signal (&demo, SIGUSR1);
    while (!has_line (log))
        expect_served (1);
    before = children_list (demo.pid);
    (void) kill (before.all[0], SIGKILL);
    after = children_await_others (demo.pid, 1, &before);
    ck_assert_int_eq (g_unlink (log), 0);
    ck_assert_int_eq (g_unlink (moved), 0);
    expect_served (1);
    end (0);
    ck_assert_msg (has_line (log), "the second process wrote to the file of before");
    children_expect_gone (&after);
    ck_assert_int_eq (g_unlink (log), 0);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "life", processes_serve_and_end_with_their_master,
                    process_that_is_killed_is_replaced, processes_that_crash_on_end_all,
                    what_hinders_the_start_is_told_once, processes_whose_master_was_killed_end,
                    second_signal_cuts_what_runs, address_is_free_while_processes_drain, NULL);
    suite_add_case (suite, "rolling", rolling_restart_fails_no_request,
                    rolling_restart_of_a_unix_socket_fails_no_request, NULL);
    suite_add_case (suite, "services", inherited_sockets_are_served_by_all,
                    service_manager_hears_of_the_master_alone, logs_are_opened_anew_by_all, NULL);
}

int
main (void)
{
    return suite_run ("e2e/processes", add_cases);
}
