/* SPDX-License-Identifier: MIT
 *
 * Where a server listens, who of its workers takes a connection, and how many it takes. */

#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;

/* Which worker this is: its thread, as text. */
static void
show_worker (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strdup_printf ("%p", (void *) pthread_self ());

    h3_event_send_text (event, text);
}

static void
show_client (H3Event *event, gpointer user_data)
{
    const char *address = h3_event_get_client_address (event);

    h3_event_send_text (event, address != NULL ? address : "none");
}

/* As many as check_bound () has clients, no test has more. */
static H3Event *held_events[3];
static guint n_held;
static pthread_mutex_t held_mutex = PTHREAD_MUTEX_INITIALIZER;
static Latch held = LATCH_INIT;

static void
hold (H3Event *event, gpointer user_data)
{
    pthread_mutex_lock (&held_mutex);
    held_events[n_held++] = h3_event_defer (event);
    pthread_mutex_unlock (&held_mutex);
    latch_raise (&held);
}

static void
release_held (void)
{
    pthread_mutex_lock (&held_mutex);
    while (n_held > 0) {
        g_autoptr (H3Event) event = held_events[--n_held];

        h3_event_send_text (event, "held");
    }
    pthread_mutex_unlock (&held_mutex);
}

static void
init (guint n_workers)
{
    test_server_init (&server);
    h3_app_get (server.app, "/worker", show_worker, NULL);
    h3_app_get (server.app, "/client", show_client, NULL);
    h3_app_get (server.app, "/hold", hold, NULL);
    h3_server_set_workers (h3_app_get_server (server.app), n_workers);
}

static void
listen_too (const char *address)
{
    g_autoptr (GError) error = NULL;

    if (!h3_app_listen (server.app, address, &error))
        ck_abort_msg ("%s", error->message);
}

/* FALSE, after saying so, where the machine has no IPv6. */
static gboolean
has_ipv6 (void)
{
    if (g_file_test ("/proc/net/if_inet6", G_FILE_TEST_EXISTS)) {
        g_autofree char *text = NULL;

        if (g_file_get_contents ("/proc/net/if_inet6", &text, NULL, NULL)
            && strstr (text, " lo") != NULL)
            return TRUE;
    }
    g_print ("SKIP: there is no IPv6 on the loopback device\n");
    return FALSE;
}

static void
expect_client (const char *address, const char *shown)
{
    g_autoptr (RawClient) client = raw_client_new (address);

    raw_client_expect (client, GET ("/client"), 200, shown);
}

START_TEST (every_address_is_served)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "socket", NULL);
    g_autofree char *local = g_strdup_printf ("unix:%s,mode=0640", path);
    g_auto (GStrv) addresses = NULL;
    gboolean six = has_ipv6 ();
    GStatBuf about;

    init (2);
    listen_too ("127.0.0.1:0");
    listen_too (local);
    if (six)
        listen_too ("[::1]:0");
    test_server_start (&server);
    addresses = h3_server_dup_addresses (h3_app_get_server (server.app));
    ck_assert_uint_eq (g_strv_length (addresses), six ? 4 : 3);
    ck_assert_str_ne (addresses[0], addresses[1]);
    for (guint i = 0; i < 3; i++) {
        expect_client (addresses[0], "127.0.0.1");
        expect_client (addresses[1], "127.0.0.1");
        if (six)
            expect_client (addresses[3], "::1");
    }
    ck_assert_int_eq (g_stat (path, &about), 0);
    ck_assert_uint_eq (about.st_mode & 0777, 0640);
    g_free (server.address);
    server.address = g_strconcat ("unix:", path, NULL);
    test_server_expect (&server, GET ("/worker"), 200, NULL);
    test_server_end (&server);
    ck_assert_msg (!g_file_test (path, G_FILE_TEST_EXISTS), "the socket's name was left");
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

/* (transfer full): the worker that serves the connection. */
static char *
ask_worker (RawClient *client)
{
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, GET ("/worker")));
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    return g_strdup (answer->body->str);
}

/* How many workers serve connections that stay open together. */
static guint
count_workers (const char *address, guint n_clients)
{
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    RawClient *clients[100];

    ck_assert_uint_le (n_clients, G_N_ELEMENTS (clients));
    for (guint i = 0; i < n_clients; i++) {
        clients[i] = raw_client_new (address);
        g_hash_table_add (seen, ask_worker (clients[i]));
    }
    for (guint i = 0; i < n_clients; i++)
        raw_client_free (clients[i]);
    return g_hash_table_size (seen);
}

/* One descriptor, accepted from by one worker, handed on to the least busy. */
START_TEST (unix_socket_is_served_by_all_workers)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *local = g_strdup_printf ("unix:%s/socket", folder);

    init (4);
    listen_too (local);
    test_server_start (&server);
    ck_assert_uint_eq (count_workers (local, 16), 4);
    test_server_end (&server);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

/* All workers have the same port, which the system chose, and share what comes: with 100 clients
 * the odds that one of two gets none are 2 in 2^100. */
START_TEST (port_zero_is_one_port_for_all_workers)
{
    init (2);
    test_server_start (&server);
    ck_assert_uint_ne (h3_server_get_port (h3_app_get_server (server.app)), 0);
    ck_assert_uint_eq (count_workers (server.address, 100), 2);
    test_server_end (&server);
}
END_TEST

static void
set_limit (const char *name, gint64 value)
{
    ck_assert (h3_app_set_limit (server.app, name, value, NULL));
}

/* All have something to wait for, so that none makes room: one more than the bound is told 503 and
 * closed; when one goes, another may come. */
static void
check_bound (const char *limit, const char *address)
{
    RawClient *clients[3];
    RawClient *more;
    RawAnswer *answer;

    init (2);
    set_limit (limit, G_N_ELEMENTS (clients));
    if (address != NULL)
        listen_too (address);
    test_server_start (&server);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        clients[i] = test_server_connect (&server);
        ck_assert (raw_client_send (clients[i], GET ("/hold")));
        latch_wait (&held, i + 1, "the clients' requests");
    }
    more = test_server_connect (&server);
    answer = raw_client_read (more, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 503);
    raw_answer_expect_header (answer, "Retry-After", "1");
    raw_client_expect_end (more);
    raw_answer_free (answer);
    raw_client_free (more);
    release_held ();
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        raw_client_expect_answer (clients[i], 200, "held");
    ck_assert (raw_client_send (clients[0], "GET /worker HTTP/1.1\r\nHost: a\r\n"
                                            "Connection: close\r\n\r\n"));
    raw_client_expect_answer (clients[0], 200, NULL);
    raw_client_expect_end (clients[0]);
    raw_client_free (clients[0]);
    clients[0] = test_server_connect (&server);
    raw_client_expect (clients[0], GET ("/worker"), 200, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        raw_client_free (clients[i]);
    test_server_end (&server);
}

START_TEST (one_connection_too_many_is_told_503)
{
    check_bound ("max-connections", NULL);
}
END_TEST

START_TEST (one_connection_too_many_of_an_address_is_told_503)
{
    check_bound ("max-connections-per-address", NULL);
}
END_TEST

/* The bound is the server's: a client that is given to a worker all of whose clients are busy is
 * served where another has a slow one. */
START_TEST (room_is_made_by_any_worker)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *local = g_strdup_printf ("unix:%s/socket", folder);
    g_autofree char *busy = NULL;
    RawClient *clients[4], *slow = NULL;
    guint n_busy = 0, n_before = latch_get (&held);

    init (2);
    set_limit ("max-connections", G_N_ELEMENTS (clients));
    listen_too (local);
    test_server_start (&server);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        g_autofree char *worker = NULL;

        clients[i] = raw_client_new (local);
        worker = ask_worker (clients[i]);
        if (busy == NULL)
            busy = g_strdup (worker);
        if (g_str_equal (worker, busy)) {
            ck_assert (raw_client_send (clients[i], GET ("/hold")));
            latch_wait (&held, n_before + ++n_busy, "the clients' requests");
        } else {
            raw_client_expect (clients[i], GET ("/worker") "GET / HTTP/1.1\r\n", 200, worker);
            slow = slow != NULL ? slow : clients[i];
        }
    }
    ck_assert_uint_eq (n_busy, 2);
    g_autoptr (RawClient) more = raw_client_new (local);
    raw_client_expect (more, GET ("/worker"), 200, NULL);
    raw_client_expect_answer (slow, 503, NULL);
    raw_client_expect_end (slow);
    release_held ();
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
        raw_client_free (clients[i]);
    g_clear_pointer (&more, raw_client_free);
    test_server_end (&server);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

/* Another address has a count of its own. */
START_TEST (bound_of_an_address_is_not_the_others)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *local = g_strdup_printf ("unix:%s/socket", folder);
    RawClient *one, *other, *third;

    init (1);
    set_limit ("max-connections-per-address", 1);
    listen_too (local);
    test_server_start (&server);
    one = test_server_connect (&server);
    raw_client_expect (one, GET ("/worker"), 200, NULL);
    other = raw_client_new (local);
    raw_client_expect (other, GET ("/worker"), 200, NULL);
    third = raw_client_new (local);
    raw_client_expect (third, GET ("/worker"), 200, NULL);
    raw_client_free (one);
    raw_client_free (other);
    raw_client_free (third);
    test_server_end (&server);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

/* A reset takes its peer from a socket; whose share is free again is known all the same. */
START_TEST (reset_gives_the_share_back)
{
    RawClient *one;
    guint status = 0;

    init (1);
    set_limit ("max-connections-per-address", 1);
    test_server_start (&server);
    one = test_server_connect (&server);
    raw_client_expect (one, GET ("/worker"), 200, NULL);
    raw_client_reset (one);
    raw_client_free (one);
    /* Until the server has heard of the reset. */
    while (status != 200) {
        g_autoptr (RawClient) next = test_server_connect (&server);
        g_autoptr (RawAnswer) answer = NULL;

        (void) raw_client_send (next, GET ("/worker"));
        answer = raw_client_read (next, FALSE);
        status = answer != NULL ? answer->status : 0;
    }
    test_server_end (&server);
}
END_TEST

#define N_FLOOD 300

/* With 64 descriptors and 300 clients the program rests instead of spinning (less than a quarter
 * of the time it is watched), and serves again when they have gone. */
START_TEST (descriptors_that_run_out_cost_no_processor_time)
{
    Subprocess demo;
    g_autofree char *address = NULL;
    RawClient *clients[N_FLOOD];
    RawClient *client;
    guint64 before, watched = 0;

    subprocess_start (&demo, 64, "demo", "--listen", "127.0.0.1:0", "--workers", "1", NULL);
    address = subprocess_read_address (&demo);
    for (guint i = 0; i < N_FLOOD; i++)
        clients[i] = raw_client_new (address);
    before = subprocess_get_ticks (&demo);
    for (guint i = 0; i < 10; i++) {
        struct timespec slice = { 0, 100000000 };

        clock_nanosleep (CLOCK_MONOTONIC, 0, &slice, NULL);
        watched += (guint64) sysconf (_SC_CLK_TCK) / 10;
    }
    ck_assert_msg (subprocess_get_ticks (&demo) - before <= watched / 4,
                   "%" G_GUINT64_FORMAT " ticks of %" G_GUINT64_FORMAT,
                   subprocess_get_ticks (&demo) - before, watched);
    for (guint i = 0; i < N_FLOOD; i++)
        raw_client_free (clients[i]);
    client = raw_client_new (address);
    raw_client_expect (client, GET ("/plaintext"), 200, "Hello, World!");
    raw_client_free (client);
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "addresses", every_address_is_served,
                    unix_socket_is_served_by_all_workers, port_zero_is_one_port_for_all_workers,
                    NULL);
    suite_add_case (suite, "bounds", one_connection_too_many_is_told_503,
                    one_connection_too_many_of_an_address_is_told_503,
                    bound_of_an_address_is_not_the_others, reset_gives_the_share_back,
                    room_is_made_by_any_worker, descriptors_that_run_out_cost_no_processor_time,
                    NULL);
}

int
main (void)
{
    return suite_run ("e2e/listeners", add_cases);
}
