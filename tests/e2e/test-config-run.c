/* SPDX-License-Identifier: MIT
 *
 * h3d run: a key file becomes a server, root becomes somebody else, and what cannot be is told. */

#include "config-fixture.h"

#include "h3/base/version.h"

START_TEST (a_file_becomes_a_server)
{
    start_tree ();
    start (LISTEN FILES "[rule /old]\nredirect = /new\n");
    expect (LAST ("/a.txt"), 200, "text A");
    expect (LAST ("/old"), 308, "");
    expect (LAST ("/b.txt"), 404, NULL);
    end ();
}
END_TEST

/* A service manager may ask for a reload as soon as it has heard that the service is there. */
START_TEST (who_is_ready_hears_signals)
{
    start_tree ();
    start_only (LISTEN FILES);
    for (guint i = 0; i < 2; i++) {
        subprocess_signal (&process, SIGHUP);
        supervisor_await (&supervisor, "RELOADING=1", "STOPPING=1");
        supervisor_await (&supervisor, "READY=1", "STOPPING=1");
    }
    address = read_address ();
    expect (LAST ("/a.txt"), 200, "text A");
    end ();
}
END_TEST

/* (transfer full): what the kernel says of all its threads, the same of each. */
static char *
dup_identity (const char *key)
{
    g_autofree char *folder = g_strdup_printf ("/proc/%d/task", (int) process.pid);
    g_autoptr (GDir) tasks = g_dir_open (folder, 0, NULL);
    const char *task;
    char *all = NULL;

    while ((task = g_dir_read_name (tasks)) != NULL) {
        g_autofree char *path = g_strdup_printf ("%s/%s/status", folder, task);
        g_autofree char *text = NULL;
        const char *line, *stop;
        g_autofree char *found = NULL;

        if (!g_file_get_contents (path, &text, NULL, NULL))
            continue;
        line = strstr (text, key);
        ck_assert_ptr_nonnull (line);
        stop = strchr (line, '\n');
        found = g_strstrip (g_strndup (line, (gsize) (stop - line)));
        if (all == NULL)
            all = g_steal_pointer (&found);
        else
            ck_assert_str_eq (found, all);
    }
    return all;
}

START_TEST (root_becomes_the_user)
{
    g_autofree char *users = NULL;
    g_autofree char *group = NULL;
    g_autofree char *groups = NULL;
    g_autofree char *capabilities = NULL;
    g_autofree char *permitted = NULL;

    if (geteuid () != 0)
        return;
    start_tree ();
    file_tree_write (&tree, "www/a.txt", "text A");
    start ("[server]\nuser = 54321\ngroup = 54322\ngroups = 54323;54324\n"
           "[listen web]\naddress = 127.0.0.1:0\n[rule /x]\nredirect = /y\n");
    users = dup_identity ("Uid:");
    group = dup_identity ("Gid:");
    groups = dup_identity ("Groups:");
    ck_assert_str_eq (users, "Uid:\t54321\t54321\t54321\t54321");
    ck_assert_str_eq (group, "Gid:\t54322\t54322\t54322\t54322");
    ck_assert_str_eq (groups, "Groups:\t54323 54324");
    expect (LAST ("/x"), 308, "");
    /* Nothing of root's is left. */
    capabilities = dup_identity ("CapEff:");
    permitted = dup_identity ("CapPrm:");
    ck_assert_str_eq (capabilities, "CapEff:\t0000000000000000");
    ck_assert_str_eq (permitted, "CapPrm:\t0000000000000000");
    /* It may not read the file in a folder of root's any more. */
    reload ("[server]\nuser = 54321\n");
    expect (LAST ("/x"), 308, "");
    end ();
}
END_TEST

/* Who is somebody by then stays that, whatever a new file says: threads of the server before run.
 */
START_TEST (reload_makes_nobody_else_of_root)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    if (geteuid () != 0)
        return;
    start_tree ();
    start (LISTEN FILES);
    before = dup_identity ("Uid:");
    reload ("[server]\nworkers = 2\nuser = 54321\n[listen web]\naddress = 127.0.0.1:0\n" FILES);
    after = dup_identity ("Uid:");
    ck_assert_str_eq (after, before);
    expect (LAST ("/a.txt"), 200, "text A");
    end ();
}
END_TEST

/* Lines, and status 1. */
static void
expect_refusal (const char *text, const char *wanted)
{
    g_autofree char *path = NULL;
    g_autofree char *errors = NULL;

    start_tree ();
    path = file_tree_path (&tree, "h3d.conf");
    if (text != NULL)
        write_file (text);
    subprocess_start (&process, 0, "run", path, NULL);
    errors = subprocess_read_errors (&process);
    ck_assert_int_eq (subprocess_wait (&process), 1);
    ck_assert_msg (strstr (errors, wanted) != NULL, "no %s in %s", wanted, errors);
    supervisor_clear (&supervisor);
    file_tree_clear (&tree);
}

START_TEST (what_cannot_be_served_is_told)
{
    expect_refusal (NULL, "h3d.conf' cannot be read: No such file");
    expect_refusal ("[a]\n[b]\n", "h3d.conf:1: there is no group [a]");
    expect_refusal ("[a]\n[b]\n", "h3d.conf:2: there is no group [b]");
    expect_refusal ("[listen a]\naddress = 192.0.2.1:1\n", "192.0.2.1:1");
}
END_TEST

START_TEST (check_tells_all_and_makes_nothing)
{
    g_autofree char *path = NULL;
    g_autofree char *log = NULL;
    g_autoptr (GString) output = NULL;

    start_tree ();
    path = file_tree_path (&tree, "h3d.conf");
    log = file_tree_path (&tree, "access.log");
    write_file (LISTEN FILES "[access-log]\nfile = access.log\n");
    subprocess_start (&process, 0, "check", path, NULL);
    output = subprocess_read_output (&process);
    ck_assert_int_eq (subprocess_wait (&process), 0);
    ck_assert_ptr_nonnull (strstr (output->str, "h3d.conf is right\n"));
    ck_assert (!g_file_test (log, G_FILE_TEST_EXISTS));
    g_string_free (output, TRUE);
    write_file ("[server]\nworkers = 0\nuse = x\n[access-log]\nfile = no/where/x.log\n");
    subprocess_start (&process, 0, "check", path, NULL);
    output = subprocess_read_output (&process);
    ck_assert_int_eq (subprocess_wait (&process), 1);
    ck_assert_ptr_nonnull (strstr (output->str, "h3d.conf:2: workers takes"));
    ck_assert_ptr_nonnull (strstr (output->str, "h3d.conf:3: [server] has no key 'use'"));
    ck_assert_ptr_nonnull (strstr (output->str, "h3d.conf:5: file: "));
    supervisor_clear (&supervisor);
    file_tree_clear (&tree);
}
END_TEST

/* A proxy that is trusted says how clients came. */
START_TEST (who_comes_without_tls_is_sent_to_https)
{
    static const struct {
        const char *request;
        guint status;
        const char *location;
    } cases[] = {
        { "GET /a.txt?b=%20c HTTP/1.1\r\nHost: example.org:8080\r\n", 308,
          "https://example.org:8443/a.txt?b=%20c" },
        { "GET /x%3Fy HTTP/1.1\r\nHost: [::1]\r\n", 308, "https://[::1]:8443/x%3Fy" },
        { "GET http://other.org?q HTTP/1.1\r\nHost: other.org\r\n", 308,
          "https://other.org:8443/?q" },
        { "GET //evil.org/ HTTP/1.1\r\nHost: a\r\n", 308, "https://a:8443//evil.org/" },
        { "GET /a.txt HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n", 200, NULL },
        { "GET /.well-known/acme-challenge/x HTTP/1.1\r\nHost: a\r\n", 404, NULL },
        { "GET /a.txt HTTP/1.0\r\n", 400, NULL },
    };

    start_tree ();
    start ("[server]\ntrusted-proxies = 127.0.0.1\n[listen web]\naddress = 127.0.0.1:0\n" FILES
           "[to-https]\nport = 8443\n");
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawClient) client = raw_client_new (address);
        g_autofree char *request =
            g_strconcat (cases[i].request, "Connection: close\r\n\r\n", NULL);
        g_autoptr (RawAnswer) answer = NULL;
        g_autofree char *location = NULL;

        ck_assert (raw_client_send (client, request));
        answer = raw_client_read (client, FALSE);
        ck_assert_msg (answer->status == cases[i].status, "%s: %u", request, answer->status);
        location = raw_answer_dup_header (answer, "Location");
        ck_assert_msg (g_strcmp0 (location, cases[i].location) == 0, "%s", location);
    }
    end ();
}
END_TEST

/* That a run is not found where it may be is not that there is none. */
START_TEST (runs_that_cannot_be_asked_for_are_not_told_missing)
{
    static const char *const paths[] = { "GET /workflows/runs/0123456789abcdef",
                                         "GET /workflows/runs/0123456789abcdef/events",
                                         "DELETE /workflows/runs/0123456789abcdef" };

    if (!h3_has_feature ("redis")) {
        g_print ("SKIP: the library was built without Redis\n");
        return;
    }
    start_tree ();
    file_tree_write (&tree, "one.json",
                     "{\"name\": \"one\", \"steps\": [{\"id\": \"say\", \"run\": [\"echo\"]}]}");
    /* Nobody listens there. */
    start (LISTEN "[workflows]\nplans = one.json\nqueue = redis://127.0.0.1:1/0\n"
                  "[clients near]\npath = /workflows\nallow = 127.0.0.1\n");
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (RawClient) client = raw_client_new (address);
        g_autofree char *request =
            g_strconcat (paths[i], " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", NULL);
        g_autoptr (RawAnswer) answer = NULL;
        g_autofree char *after = NULL;

        ck_assert (raw_client_send (client, request));
        answer = raw_client_read (client, FALSE);
        ck_assert_msg (answer->status == 503, "%s: %u", paths[i], answer->status);
        after = raw_answer_dup_header (answer, "Retry-After");
        ck_assert_ptr_nonnull (after);
    }
    end ();
}
END_TEST

/* Reads the events of the page until they have told of both. */
static void
await_events (RawClient *client, const char *one, const char *other)
{
    g_autoptr (GString) text = g_string_new (NULL);
    char data[4096];

    while (strstr (text->str, one) == NULL || strstr (text->str, other) == NULL) {
        gsize length = raw_client_receive (client, data, sizeof data);

        ck_assert_msg (length > 0, "no %s, or no %s: %s", one, other, text->str);
        g_string_append_len (text, data, (gssize) length);
    }
}

/* Also without [metrics]: what the page shows is measured for it. */
START_TEST (the_dashboard_shows_requests_and_workflows)
{
    g_autoptr (RawClient) client = NULL;
    g_autoptr (RawAnswer) head = NULL;

    start_tree ();
    file_tree_write (&tree, "hello.json",
                     "{\"name\": \"hello\", \"steps\": [{\"id\": \"say\", \"run\": [\"true\"]}]}");
    start (LISTEN FILES "[dashboard]\n[workflows]\nplans = hello.json\n"
                        "[clients near]\npath = /_h3; /workflows\nallow = 127.0.0.1\n");
    expect (LAST ("/a.txt"), 200, "text A");
    client = raw_client_new (address);
    ck_assert (raw_client_send (client, GET ("/_h3/events")));
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 200);
    await_events (client, "\"route\":\"/**\"", "\"title\":\"Workflows\"");
    end ();
}
END_TEST

START_TEST (the_trend_is_told_where_the_file_says)
{
    g_autoptr (RawClient) client = NULL;
    g_autoptr (RawAnswer) answer = NULL;

    start_tree ();
    start (LISTEN "[metrics]\ntrend-path = /slower\n");
    client = raw_client_new (address);
    ck_assert (raw_client_send (client, GET ("/slower")));
    answer = raw_client_read (client, FALSE);
    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Content-Type", "application/json");
    ck_assert_ptr_nonnull (strstr (answer->body->str, "\"routes\""));
    end ();
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "serves", a_file_becomes_a_server, who_is_ready_hears_signals,
                    root_becomes_the_user, reload_makes_nobody_else_of_root,
                    what_cannot_be_served_is_told, check_tells_all_and_makes_nothing,
                    runs_that_cannot_be_asked_for_are_not_told_missing,
                    who_comes_without_tls_is_sent_to_https, NULL);
    suite_add_case (suite, "watched", the_dashboard_shows_requests_and_workflows,
                    the_trend_is_told_where_the_file_says, NULL);
}

int
main (void)
{
    return suite_run ("e2e/config-run", add);
}
