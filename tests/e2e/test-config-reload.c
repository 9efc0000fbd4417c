/* SPDX-License-Identifier: MIT
 *
 * h3d run is told to read its file anew: a new server follows the old without a request lost, a
 * wrong file changes nothing, and nothing is left of those before. */

#include "config-fixture.h"
#include "tests/support/tls-authority.h"
#include "tests/support/tls-client.h"

#include <pthread.h>
#include <stdatomic.h>

START_TEST (hang_up_has_the_file_read_anew)
{
    g_autofree char *again = NULL;

    start_tree ();
    start (LISTEN FILES);
    file_tree_write (&tree, "other/a.txt", "another");
    reload (LISTEN "[files /]\ndirectory = other\n[rule /old]\nredirect = 302 /x\n");
    again = read_address ();
    ck_assert_str_eq (again, address);
    await (LAST ("/a.txt"), 200, "another");
    await (LAST ("/old"), 302, "");
    end ();
}
END_TEST

START_TEST (a_wrong_file_changes_nothing)
{
    static const char *const wrong[] = {
        LISTEN FILES "[rule /a.txt]\nredirect = 999 /b\n",
        LISTEN "[files /]\ndirectory = nowhere\n",
        LISTEN FILES "[files /]\n",
        LISTEN FILES "[listen other]\naddress = 192.0.2.1:1\n",
        "[server]\nuser = nobody-of-this-name\n" FILES,
        "",
        "# " LISTEN,
    };

    start_tree ();
    start (LISTEN FILES);
    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        reload (wrong[i]);
        expect (LAST ("/a.txt"), 200, "text A");
    }
    file_tree_write (&tree, "other/a.txt", "another");
    reload (LISTEN "[files /]\ndirectory = other\n");
    await (LAST ("/a.txt"), 200, "another");
    end ();
}
END_TEST

/* Signals in a row may be one: what counts is that it lives, and follows the last file. */
START_TEST (many_hang_ups_and_an_end_do_no_harm)
{
    start_tree ();
    start (LISTEN FILES);
    file_tree_write (&tree, "other/a.txt", "another");
    write_file (LISTEN "[files /]\ndirectory = other\n");
    for (guint i = 0; i < 50; i++)
        subprocess_signal (&process, SIGHUP);
    await (LAST ("/a.txt"), 200, "another");
    for (guint i = 0; i < 20; i++)
        subprocess_signal (&process, SIGHUP);
    end ();
}
END_TEST

/* What a process has at a time of rest. */
typedef struct {
    guint n_descriptors, n_threads;
    guint64 resident; /* KiB */
} Holdings;

static guint
count_entries (const char *name)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/%s", (int) process.pid, name);
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    guint n = 0;

    ck_assert_ptr_nonnull (folder);
    while (g_dir_read_name (folder) != NULL)
        n++;
    return n;
}

static Holdings
look_at_holdings (void)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/status", (int) process.pid);
    g_autofree char *text = NULL;
    const char *line;

    ck_assert (g_file_get_contents (path, &text, NULL, NULL));
    line = strstr (text, "VmRSS:");
    ck_assert_ptr_nonnull (line);
    return (Holdings){ count_entries ("fd"), count_entries ("task"),
                       g_ascii_strtoull (line + strlen ("VmRSS:"), NULL, 10) };
}

/* What the threads of a server open for themselves may not be there yet when it is ready; one more
 * with each reload would be many more. */
#define SPARE_DESCRIPTORS 20
#define SPARE_THREADS     4

/* Until hardly more are left than there were: servers that part end when their clients have. */
static void
await_holdings (const Holdings *before)
{
    while (TRUE) {
        Holdings now = look_at_holdings ();

        if (now.n_descriptors <= before->n_descriptors + SPARE_DESCRIPTORS
            && now.n_threads <= before->n_threads + SPARE_THREADS)
            return;
        g_usleep (1000);
    }
}

#define MUCH                                                                                       \
    LISTEN FILES                                                                                   \
        "[access-log]\nfile = access.log\n[rate-limit a]\npreset = api\n[compression]\n"           \
        "[metrics]\n[health]\n[clients a]\npath = /workflows\nallow = ::1\n"                       \
        "[workflows]\nplans = one.json\ndata = runs\n[proxy /b]\nservers = http://127.0.0.1:1\n"   \
        "[sessions]\nsecrets = secrets\n[csrf]\n"

START_TEST (a_hundred_reloads_leave_nothing)
{
    Holdings first;

    start_tree ();
    file_tree_write (&tree, "one.json",
                     "{\"name\": \"one\", \"steps\": [{\"id\": \"say\", \"run\": [\"echo\"]}]}");
    file_tree_write (&tree, "secrets", "0123456789abcdef0123456789abcdef\n");
    start (MUCH);
    for (guint i = 0; i < 20; i++)
        reload (i % 2 == 0 ? MUCH "[decoding]\n" : MUCH);
    expect (LAST ("/a.txt"), 200, "text A");
    first = look_at_holdings ();
    for (guint i = 0; i < 80; i++)
        reload (i % 4 == 0 ? MUCH "[decoding]\n" : i % 4 == 2 ? MUCH "[nothing]\n" : MUCH);
    expect (LAST ("/a.txt"), 200, "text A");
    await_holdings (&first);
    if (g_getenv ("H3_SANITIZED") == NULL)
        ck_assert_uint_lt (look_at_holdings ().resident, first.resident + 8 * 1024);
    end ();
}
END_TEST

START_TEST (addresses_come_and_go)
{
    g_autofree char *path = NULL;
    g_autofree char *socket = NULL;
    g_autofree char *text = NULL;

    start_tree ();
    start (LISTEN FILES);
    path = file_tree_path (&tree, "h3.sock");
    socket = g_strconcat ("unix:", path, NULL);
    text = g_strdup_printf (LISTEN FILES "[listen local]\naddress = %s\nmode = 0600\n", socket);
    reload (text);
    {
        g_autoptr (RawClient) client = raw_client_new (socket);

        raw_client_expect (client, GET ("/a.txt"), 200, "text A");
    }
    reload (LISTEN FILES);
    expect (LAST ("/a.txt"), 200, "text A");
    end ();
}
END_TEST

/* Asks until it is told to end: each time by a new connection, or twice by one. */
static atomic_bool is_over;
static atomic_uint n_answers;

static void *
ask_on (void *data)
{
    while (!atomic_load (&is_over)) {
        g_autoptr (RawClient) client = raw_client_new (data);

        raw_client_expect (client, LAST ("/a.txt"), 200, "text A");
        atomic_fetch_add (&n_answers, 1);
    }
    return NULL;
}

/* Until each client has been answered so many times more. */
static void
await_answers (guint n)
{
    guint wanted = atomic_load (&n_answers) + n;

    while (atomic_load (&n_answers) < wanted)
        g_usleep (1000);
}

START_TEST (no_request_is_lost_by_reloads)
{
    pthread_t clients[3];

    start_tree ();
    start (LISTEN FILES);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        ck_assert_int_eq (pthread_create (&clients[i], NULL, ask_on, address), 0);
    for (guint i = 0; i < 6; i++) {
        await_answers (5);
        reload (i % 2 == 0 ? LISTEN FILES "[compression]\n" : LISTEN FILES "[nothing]\n");
    }
    await_answers (5);
    atomic_store (&is_over, TRUE);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        ck_assert_int_eq (pthread_join (clients[i], NULL), 0);
    end ();
}
END_TEST

#define LIMIT "[rate-limit few]\nrequests = 3\nper = 1h\n"

START_TEST (what_was_counted_outlives_a_reload)
{
    start_tree ();
    start (LISTEN FILES LIMIT);
    expect (LAST ("/a.txt"), 200, "text A");
    expect (LAST ("/a.txt"), 200, "text A");
    reload (LIMIT LISTEN FILES "[compression]\n");
    expect (LAST ("/a.txt"), 200, "text A");
    expect (LAST ("/a.txt"), 429, NULL);
    reload (LISTEN FILES "[rate-limit few]\nrequests = 4\nper = 1h\n");
    await (LAST ("/a.txt"), 200, "text A");
    end ();
}
END_TEST

/* Until a server shows itself with this name. */
static void
await_tls (const char *name, const char *authority)
{
    const TlsWishes wishes = { .name = "localhost", .authority = authority };
    gboolean is_it = FALSE;

    while (!is_it) {
        g_autoptr (RawClient) client = tls_client_new (address, &wishes);
        g_autofree char *server = tls_client_dup_server (client);

        raw_client_expect (client, LAST ("/a.txt"), 200, "text A");
        is_it = strcmp (server, name) == 0;
    }
}

START_TEST (certificates_are_read_anew)
{
    TlsAuthority authority;
    const TlsWish first = { .subject = "first", .names = "DNS:localhost" };
    const TlsWish second = { .subject = "second", .names = "DNS:localhost" };
    g_autofree char *path = NULL;
    static const char text[] = LISTEN FILES
        "[certificate a]\ncertificate = server.pem\nkey = server.key\n[tls]\nminimum = 1.3\n";

    start_tree ();
    tls_authority_init (&authority, "Authority");
    tls_authority_write (&authority, &tree, "authority.pem");
    tls_authority_sign (&authority, &tree, "server", &first);
    path = file_tree_path (&tree, "authority.pem");
    start (text);
    await_tls ("first", path);
    tls_authority_sign (&authority, &tree, "server", &second);
    reload (text);
    await_tls ("second", path);
    file_tree_write (&tree, "server.key", "no key");
    reload (text);
    await_tls ("second", path);
    tls_authority_clear (&authority);
    end ();
}
END_TEST

#define PLAN(name, word)                                                                           \
    "{\"name\": \"" name "\", \"steps\": [{\"id\": \"say\", \"run\": [\"echo\", \"" word "\"]}]}"
#define WORKFLOWS                                                                                  \
    "[workflows]\nplans = one.json; two.json\ndata = runs\n"                                       \
    "[clients near]\npath = /workflows\nallow = 127.0.0.1\n"

/* (transfer full): the path of a run that was begun. */
static char *
start_run (const char *name)
{
    g_autoptr (RawClient) client = raw_client_new (address);
    g_autofree char *request =
        g_strdup_printf ("POST /workflows/%s/runs HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                         "Connection: close\r\n\r\n",
                         name);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_msg (answer != NULL && answer->status == 202, "%s", answer->head);
    return raw_answer_dup_header (answer, "Location");
}

/* Until the run has printed this. */
static void
await_output (const char *path, const char *text)
{
    g_autofree char *request =
        g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", path);

    while (TRUE) {
        g_autoptr (RawClient) client = raw_client_new (address);
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (client, request));
        answer = raw_client_read (client, FALSE);
        ck_assert_ptr_nonnull (answer);
        ck_assert_ptr_null (strstr (answer->body->str, "\"failed\""));
        if (strstr (answer->body->str, "\"succeeded\"") != NULL
            && strstr (answer->body->str, text) != NULL)
            return;
    }
}

START_TEST (plans_are_read_anew_and_runs_stay)
{
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autofree char *third = NULL;

    start_tree ();
    file_tree_write (&tree, "one.json", PLAN ("one", "first"));
    file_tree_write (&tree, "two.json", PLAN ("two", "second"));
    start (LISTEN WORKFLOWS);
    first = start_run ("one");
    await_output (first, "first");
    file_tree_write (&tree, "one.json", PLAN ("one", "changed"));
    reload (LISTEN WORKFLOWS);
    second = start_run ("one");
    await_output (second, "changed");
    await_output (first, "first");
    file_tree_write (&tree, "one.json", "no plan");
    reload (LISTEN WORKFLOWS);
    third = start_run ("one");
    await_output (third, "changed");
    end ();
}
END_TEST

/* Until the file has so many lines. */
static void
await_lines (const char *path, guint n)
{
    while (TRUE) {
        g_autofree char *text = NULL;
        guint found = 0;

        (void) g_file_get_contents (path, &text, NULL, NULL);
        for (const char *at = text; at != NULL && *at != '\0'; at++)
            found += *at == '\n';
        if (found >= n)
            return;
        g_usleep (1000);
    }
}

/* Other bounds are another executor: what the one before had under way is ended with it, and is
 * begun again by its successor, not by the next start alone. */
START_TEST (run_goes_on_where_bounds_change)
{
    g_autofree char *begun = NULL;
    g_autofree char *go = NULL;
    g_autofree char *plan = NULL;
    g_autofree char *run = NULL;

    start_tree ();
    begun = file_tree_path (&tree, "begun");
    go = file_tree_path (&tree, "go");
    plan = g_strdup_printf (
        "{\"name\": \"one\", \"on_interrupt\": \"resume\", \"steps\": [{\"id\": \"wait\", \"run\": "
        "[\"sh\", \"-c\", \"echo x >> %s; until [ -e %s ]; do sleep 0.05; done; echo gone\"]}]}",
        begun, go);
    file_tree_write (&tree, "one.json", plan);
    file_tree_write (&tree, "two.json", PLAN ("two", "second"));
    start (LISTEN WORKFLOWS);
    run = start_run ("one");
    await_lines (begun, 1);
    reload (LISTEN WORKFLOWS "[compression]\n");
    reload ("[limits]\nparting-timeout = 1ms\n" LISTEN
            "[workflows]\nplans = one.json; two.json\ndata = runs\nruns = 3\n"
            "[clients near]\npath = /workflows\nallow = 127.0.0.1\n");
    await_lines (begun, 2);
    file_tree_write (&tree, "go", "");
    await_output (run, "gone");
    end ();
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "reloads", hang_up_has_the_file_read_anew, a_wrong_file_changes_nothing,
                    many_hang_ups_and_an_end_do_no_harm, a_hundred_reloads_leave_nothing,
                    addresses_come_and_go, no_request_is_lost_by_reloads,
                    what_was_counted_outlives_a_reload, certificates_are_read_anew,
                    plans_are_read_anew_and_runs_stay, run_goes_on_where_bounds_change, NULL);
}

int
main (void)
{
    return suite_run ("e2e/config-reload", add);
}
