/* SPDX-License-Identifier: MIT
 *
 * h3d run with several processes: a new file is followed by one after another without a request
 * refused, a wrong one by none, and what hinders one of them leads back. */

#include "config-fixture.h"
#include "tests/support/askers.h"
#include "tests/support/children.h"

#include <glib/gstdio.h>
#include <sched.h>

#define SEVERAL(n) "[server]\nworkers = 2\nprocesses = " n "\n[listen web]\naddress = 127.0.0.1:0\n"

/* The master may have been told, and not have forked the last yet. */
static Children
await_processes (guint n)
{
    const Children none = { .n = 0 };

    return children_await_others (process.pid, n, &none);
}

static void
end_all (void)
{
    Children last = children_list (process.pid);

    end ();
    children_expect_gone (&last);
}

START_TEST (processes_serve_as_the_file_says)
{
    start_tree ();
    start (SEVERAL ("3") FILES);
    ck_assert_uint_eq (children_list (process.pid).n, 3);
    for (guint i = 0; i < 20; i++)
        expect (LAST ("/a.txt"), 200, "text A");
    end_all ();
}
END_TEST

/* Each number of processes that follows another: as many, more, fewer, one. */
START_TEST (reload_refuses_no_client)
{
    static const struct {
        const char *text;
        guint n;
    } next[] = {
        { SEVERAL ("2") FILES "[compression]\n", 2 },
        { SEVERAL ("4") FILES, 4 },
        { SEVERAL ("3") FILES, 3 },
        { SEVERAL ("1") FILES, 1 },
        { SEVERAL ("2") FILES, 2 },
    };
    Askers askers;
    Children before;

    start_tree ();
    start (SEVERAL ("2") FILES);
    askers_start (&askers, address, "/a.txt");
    for (guint i = 0; i < G_N_ELEMENTS (next); i++) {
        g_autofree char *again = NULL;

        askers_await (&askers, 5);
        before = children_list (process.pid);
        reload (next[i].text);
        again = read_address ();
        ck_assert_str_eq (again, address);
        (void) children_await_others (process.pid, next[i].n, &before);
        children_expect_gone (&before);
    }
    askers_await (&askers, 5);
    askers_end (&askers);
    end_all ();
}
END_TEST

START_TEST (new_file_is_what_all_follow)
{
    Children before;

    start_tree ();
    file_tree_write (&tree, "other/a.txt", "another");
    start (SEVERAL ("2") FILES);
    before = children_list (process.pid);
    reload (SEVERAL ("2") "[files /]\ndirectory = other\n");
    (void) children_await_others (process.pid, 2, &before);
    for (guint i = 0; i < 20; i++)
        expect (LAST ("/a.txt"), 200, "another");
    before = children_list (process.pid);
    subprocess_signal (&process, SIGUSR2);
    (void) children_await_others (process.pid, 2, &before);
    for (guint i = 0; i < 20; i++)
        expect (LAST ("/a.txt"), 200, "another");
    end_all ();
}
END_TEST

START_TEST (wrong_file_leaves_each_process_alone)
{
    static const char *const wrong[] = {
        SEVERAL ("2") FILES "[rule /a.txt]\nredirect = 999 /b\n",
        SEVERAL ("2") "[files /]\ndirectory = nowhere\n",
        SEVERAL ("0") FILES,
        SEVERAL ("1000") FILES,
        SEVERAL ("2") FILES "[listen other]\naddress = 192.0.2.1:1\n",
        SEVERAL ("2") FILES "[sessions]\n",
        ("[server]\nuser = nobody-of-this-name\nprocesses = 2\n" FILES),
        "",
    };
    Children before;

    start_tree ();
    start (SEVERAL ("2") FILES);
    before = children_list (process.pid);
    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        Children after;

        reload (wrong[i]);
        after = children_list (process.pid);
        ck_assert_uint_eq (after.n, 2);
        ck_assert (children_have (&before, after.all[0]) && children_have (&before, after.all[1]));
        expect (LAST ("/a.txt"), 200, "text A");
    }
    reload (SEVERAL ("2") FILES);
    (void) children_await_others (process.pid, 2, &before);
    end_all ();
}
END_TEST

#define BROKEN                                                                                     \
    SEVERAL ("3")                                                                                  \
    FILES "[workflows]\nplans = one.json\ndata = runs\nqueue = redis://127.0.0.1:1/0\n"            \
          "[clients near]\npath = /workflows\nallow = ::1\n"

/* What keeps runs is read by those that serve, and not by who checks the file. */
START_TEST (configuration_that_no_process_can_follow_is_given_up)
{
    Children before, after;

    start_tree ();
    file_tree_write (&tree, "one.json",
                     "{\"name\": \"one\", \"steps\": [{\"id\": \"say\", \"run\": [\"echo\"]}]}");
    file_tree_write (&tree, "runs/workflows.sqlite", "this is no database, as anyone can see");
    start (SEVERAL ("2") FILES);
    before = children_list (process.pid);
    for (guint i = 0; i < 4; i++) {
        reload (BROKEN);
        after = await_processes (2);
        ck_assert (children_have (&before, after.all[0]) && children_have (&before, after.all[1]));
        expect (LAST ("/a.txt"), 200, "text A");
    }
    reload (SEVERAL ("2") FILES);
    (void) children_await_others (process.pid, 2, &before);
    end_all ();
}
END_TEST

START_TEST (addresses_come_and_go_with_processes)
{
    g_autofree char *path = NULL;
    g_autofree char *socket = NULL;
    g_autofree char *text = NULL;
    Children before;

    start_tree ();
    start (SEVERAL ("2") FILES);
    path = file_tree_path (&tree, "h3.sock");
    socket = g_strconcat ("unix:", path, NULL);
    text =
        g_strdup_printf (SEVERAL ("2") FILES "[listen local]\naddress = %s\nmode = 0600\n", socket);
    for (guint i = 0; i < 2; i++) {
        g_autoptr (RawClient) client = NULL;

        before = children_list (process.pid);
        reload (text);
        (void) children_await_others (process.pid, 2, &before);
        client = raw_client_new (socket);
        raw_client_expect (client, GET ("/a.txt"), 200, "text A");
    }
    before = children_list (process.pid);
    reload (SEVERAL ("2") FILES);
    (void) children_await_others (process.pid, 2, &before);
    ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
    expect (LAST ("/a.txt"), 200, "text A");
    end_all ();
}
END_TEST

START_TEST (processes_that_crash_on_end_the_run)
{
    g_autofree char *errors = NULL;
    Children all;

    start_tree ();
    start (SEVERAL ("3") FILES);
    all = children_list (process.pid);
    (void) kill (process.pid, SIGSTOP);
    for (guint i = 0; i < all.n; i++)
        (void) kill (all.all[i], SIGKILL);
    (void) kill (process.pid, SIGCONT);
    errors = subprocess_read_errors (&process);
    ck_assert_msg (strstr (errors, "3 processes ended unasked within 5 seconds") != NULL, "%s",
                   errors);
    ck_assert_int_eq (subprocess_wait (&process), 1);
    children_expect_gone (&all);
    g_clear_pointer (&address, g_free);
    supervisor_clear (&supervisor);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (what_hinders_the_first_start_is_told)
{
    g_autofree char *path = NULL;
    g_autofree char *errors = NULL;

    start_tree ();
    path = file_tree_path (&tree, "h3d.conf");
    write_file (SEVERAL ("2") FILES "[listen other]\naddress = 192.0.2.1:1\n");
    subprocess_start (&process, 0, "run", path, NULL);
    errors = subprocess_read_errors (&process);
    ck_assert_msg (strstr (errors, "192.0.2.1:1") != NULL, "%s", errors);
    ck_assert_int_eq (subprocess_wait (&process), 1);
    supervisor_clear (&supervisor);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (server_without_a_master_gets_none_by_a_reload)
{
    start_tree ();
    start (LISTEN FILES);
    reload (SEVERAL ("2") FILES);
    ck_assert_uint_eq (children_list (process.pid).n, 0);
    expect (LAST ("/a.txt"), 200, "text A");
    end ();
}
END_TEST

static void
expect_identity (GPid pid, const char *line)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/status", (int) pid);
    g_autofree char *text = NULL;

    ck_assert (g_file_get_contents (path, &text, NULL, NULL));
    ck_assert_msg (strstr (text, line) != NULL, "%s", text);
}

/* The folder is root's alone, and so are its files. */
#define USER(n)                                                                                    \
    "[server]\nprocesses = 2\nuser = " n "\n[listen web]\naddress = 127.0.0.1:0\n"                 \
    "[rule /x]\nredirect = /y\n"

/* The master stays root, so that the next may read what the user may not. */
START_TEST (each_process_becomes_the_user_of_its_file)
{
    Children first, next;

    if (geteuid () != 0)
        return;
    start_tree ();
    start (USER ("54321"));
    first = children_list (process.pid);
    for (guint i = 0; i < first.n; i++)
        expect_identity (first.all[i], "Uid:\t54321\t54321\t54321\t54321");
    expect_identity (process.pid, "Uid:\t0\t0\t0\t0");
    expect (LAST ("/x"), 308, "");
    reload (USER ("54322"));
    next = children_await_others (process.pid, 2, &first);
    for (guint i = 0; i < next.n; i++)
        expect_identity (next.all[i], "Uid:\t54322\t54322\t54322\t54322");
    expect (LAST ("/x"), 308, "");
    end_all ();
}
END_TEST

/* Who was asked is told by the label. */
START_TEST (metrics_say_which_process_they_are_of)
{
    gboolean seen[2] = { FALSE, FALSE };

    start_tree ();
    start (SEVERAL ("2") FILES "[metrics]\n");
    while (!seen[0] || !seen[1]) {
        g_autoptr (RawClient) client = raw_client_new (address);
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (client, LAST ("/metrics")));
        answer = raw_client_read (client, FALSE);
        ck_assert_uint_eq (answer->status, 200);
        for (guint i = 0; i < 2; i++) {
            g_autofree char *label = g_strdup_printf ("{process=\"%u\"", i);

            seen[i] = seen[i] || strstr (answer->body->str, label) != NULL;
        }
    }
    end_all ();
}
END_TEST

/* Whether it has a line, and whether it may be read to its end. */
static gboolean
has_line (const char *path)
{
    g_autofree char *text = NULL;

    return g_file_get_contents (path, &text, NULL, NULL) && strchr (text, '\n') != NULL;
}

START_TEST (log_is_opened_anew_by_all_processes)
{
    g_autofree char *log = NULL;
    g_autofree char *moved = NULL;

    start_tree ();
    log = file_tree_path (&tree, "access.log");
    moved = file_tree_path (&tree, "moved.log");
    start (SEVERAL ("1") FILES "[access-log]\nfile = access.log\n");
    for (guint i = 0; i < 2; i++) {
        Children before = children_list (process.pid);

        while (!has_line (log))
            expect (LAST ("/a.txt"), 200, "text A");
        ck_assert_int_eq (g_rename (log, moved), 0);
        subprocess_signal (&process, SIGUSR1);
        while (!has_line (log))
            expect (LAST ("/a.txt"), 200, "text A");
        reload (SEVERAL ("1") FILES "[access-log]\nfile = access.log\n");
        (void) children_await_others (process.pid, 1, &before);
    }
    end_all ();
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (
        suite, "life", processes_serve_as_the_file_says, processes_that_crash_on_end_the_run,
        what_hinders_the_first_start_is_told, each_process_becomes_the_user_of_its_file,
        metrics_say_which_process_they_are_of, log_is_opened_anew_by_all_processes, NULL);
    suite_add_case (
        suite, "reloads", reload_refuses_no_client, new_file_is_what_all_follow,
        wrong_file_leaves_each_process_alone, configuration_that_no_process_can_follow_is_given_up,
        addresses_come_and_go_with_processes, server_without_a_master_gets_none_by_a_reload, NULL);
}

int
main (void)
{
    return suite_run ("e2e/config-processes", add);
}
