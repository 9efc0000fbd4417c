/* SPDX-License-Identifier: MIT
 *
 * One server takes the place of another that runs, on its sockets: no client notices. */

#include "tests/support/askers.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define LAST(path) "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static LiveSnapshot before;
static GPtrArray *apps; /* owned: all that were started, oldest first */
static Latch held_events = LATCH_INIT;
static H3Event *held; /* behind held_events */

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
    latch_raise (&held_events);
}

static H3App *
new_app (const char *name, const char *address, guint n_workers)
{
    H3App *app = h3_app_new ();
    H3Server *server = h3_app_get_server (app);

    h3_app_get (app, "/", answer, (gpointer) name);
    h3_app_get (app, "/hold", hold, NULL);
    h3_server_set_workers (server, n_workers);
    h3_server_get_limits (server)->drain_time = 60000;
    h3_server_get_limits (server)->parting_time = 60000;
    ck_assert (h3_app_listen (app, address, NULL));
    return app;
}

/* Takes the app. */
static H3Server *
start (H3App *app)
{
    g_autoptr (GError) error = NULL;

    g_ptr_array_add (apps, app);
    if (!h3_app_start (app, &error))
        ck_abort_msg ("%s", error->message);
    return h3_app_get_server (app);
}

static H3Server *
take_over (H3Server *running, H3App *app)
{
    g_autoptr (GError) error = NULL;

    g_ptr_array_add (apps, app);
    if (!h3_server_start_in_place_of (h3_app_get_server (app), running, &error))
        ck_abort_msg ("%s", error->message);
    return h3_app_get_server (app);
}

static char *
dup_address (H3Server *server, guint index)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (server);

    return g_strdup (addresses[index]);
}

static void
expect (const char *address, const char *name)
{
    g_autoptr (RawClient) client = raw_client_new (address);

    raw_client_expect (client, LAST ("/"), 200, name);
    raw_client_expect_end (client);
}

/* Until the old one has heard that it parts, and says with an answer that it is the last. */
static void
expect_last (RawClient *client, const char *name)
{
    gboolean is_last = FALSE;

    while (!is_last) {
        RawAnswer *found;
        g_autofree char *field = NULL;

        ck_assert (raw_client_send (client, GET ("/")));
        found = raw_client_read (client, FALSE);
        ck_assert_ptr_nonnull (found);
        ck_assert_str_eq (found->body->str, name);
        field = raw_answer_dup_header (found, "Connection");
        is_last = g_strcmp0 (field, "close") == 0;
        raw_answer_free (found);
    }
    raw_client_expect_end (client);
}

static void
begin (void)
{
    g_error_free (g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "the first"));
    (void) g_main_context_default ();
    before = live_snapshot_take ();
    apps = g_ptr_array_new_with_free_func (g_object_unref);
    held_events = (Latch) LATCH_INIT;
}

static void
end (void)
{
    for (guint i = 0; i < apps->len; i++)
        h3_app_stop (apps->pdata[i]);
    for (guint i = 0; i < apps->len; i++)
        ck_assert (h3_server_wait (h3_app_get_server (apps->pdata[i])));
    g_clear_pointer (&apps, g_ptr_array_unref);
    test_server_run_context ();
    assert_nothing_left (&before);
}

static void
check_no_failure (const char *address)
{
    static const guint workers[] = { 1, 3, 2, 1, 2, 3 };
    Askers askers;
    H3Server *server;
    g_autofree char *bound = NULL;

    begin ();
    server = start (new_app ("any", address, 2));
    bound = dup_address (server, 0);
    askers_start (&askers, bound, "/");
    for (guint i = 0; i < 18; i++) {
        askers_await (&askers, 5);
        server = take_over (server, new_app ("any", address, workers[i % 6]));
    }
    askers_end (&askers);
    end ();
}

START_TEST (takeovers_fail_no_request)
{
    check_no_failure ("127.0.0.1:0");
}
END_TEST

START_TEST (takeovers_of_a_unix_socket_fail_no_request)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *text = g_strdup_printf ("unix:%s/socket", folder);

    check_no_failure (text);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

START_TEST (takeover_answers_who_is_connected_once_more)
{
    H3Server *old, *next;
    g_autofree char *address = NULL;
    RawClient *kept, *silent, *waiting;

    begin ();
    old = start (new_app ("old", "127.0.0.1:0", 1));
    address = dup_address (old, 0);
    kept = raw_client_new (address);
    raw_client_expect (kept, GET ("/"), 200, "old");
    silent = raw_client_new (address);
    raw_client_expect (silent, GET ("/"), 200, "old");
    waiting = raw_client_new (address);
    ck_assert (raw_client_send (waiting, GET ("/hold")));
    latch_wait (&held_events, 1, "the handler");
    next = take_over (old, new_app ("new", "127.0.0.1:0", 2));
    ck_assert_uint_eq (h3_server_get_port (next), h3_server_get_port (old));
    expect_last (kept, "old");
    expect (address, "new");
    /* Who does not ask any more is closed when the old one need not wait. */
    h3_server_stop (old);
    raw_client_expect_end (silent);
    h3_event_send_text (held, "held");
    g_clear_pointer (&held, h3_event_unref);
    raw_client_expect_answer (waiting, 200, "held");
    raw_client_expect_end (waiting);
    raw_client_free (kept);
    raw_client_free (silent);
    raw_client_free (waiting);
    ck_assert (h3_server_wait (old));
    ck_assert (!h3_server_is_running (old));
    expect (address, "new");
    g_ptr_array_remove_index (apps, 0);
    end ();
}
END_TEST

START_TEST (idle_clients_are_closed_when_they_have_parted)
{
    H3App *app;
    H3Server *old;
    g_autofree char *address = NULL;
    RawClient *idle;

    begin ();
    app = new_app ("old", "127.0.0.1:0", 2);
    h3_server_get_limits (h3_app_get_server (app))->parting_time = 1;
    old = start (app);
    address = dup_address (old, 0);
    idle = raw_client_new (address);
    raw_client_expect (idle, GET ("/"), 200, "old");
    (void) take_over (old, new_app ("new", "127.0.0.1:0", 2));
    raw_client_expect_end (idle);
    raw_client_free (idle);
    ck_assert (h3_server_wait (old));
    end ();
}
END_TEST

/* Nobody is left to part from: it does not wait. */
START_TEST (takeover_ends_a_server_without_clients_at_once)
{
    H3Server *old;

    begin ();
    old = start (new_app ("old", "127.0.0.1:0", 3));
    (void) take_over (old, new_app ("new", "127.0.0.1:0", 1));
    ck_assert (h3_server_wait (old));
    end ();
}
END_TEST

/* The old one's only worker is held, so that it accepts nobody: who comes waits in the queue. */
static void
block (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "blocked");
    latch_raise (user_data);
    latch_wait ((Latch *) user_data + 1, 1, "the test");
}

START_TEST (takeover_serves_who_waits_in_the_queue)
{
    Latch latches[] = { LATCH_INIT, LATCH_INIT };
    H3App *app;
    H3Server *old;
    g_autofree char *address = NULL, *unwanted = NULL;
    RawClient *blocked, *waiting, *lost;

    begin ();
    app = new_app ("old", "127.0.0.1:0", 1);
    ck_assert (h3_app_listen (app, "[::1]:0", NULL));
    h3_app_get (app, "/block", block, latches);
    old = start (app);
    address = dup_address (old, 0);
    unwanted = dup_address (old, 1);
    blocked = raw_client_new (address);
    ck_assert (raw_client_send (blocked, GET ("/block")));
    latch_wait (&latches[0], 1, "the handler");
    waiting = raw_client_new (address);
    ck_assert (raw_client_send (waiting, LAST ("/")));
    lost = raw_client_new (unwanted);
    ck_assert (raw_client_send (lost, LAST ("/")));
    (void) take_over (old, new_app ("new", "127.0.0.1:0", 1));
    raw_client_expect_answer (waiting, 200, "new");
    latch_raise (&latches[1]);
    /* Of the address that is no longer wanted: the old one serves it before it is closed. */
    raw_client_expect_answer (lost, 200, "old");
    raw_client_expect_answer (blocked, 200, "blocked");
    raw_client_free (blocked);
    raw_client_free (waiting);
    raw_client_free (lost);
    ck_assert (h3_server_wait (old));
    ck_assert_ptr_null (raw_client_try (unwanted));
    end ();
}
END_TEST

START_TEST (unix_socket_stays_until_the_last_has_gone)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "socket", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, NULL);
    g_autofree char *private = g_strconcat (text, ",mode=0600", NULL);
    struct stat found;
    H3Server *old;

    begin ();
    old = start (new_app ("old", text, 2));
    (void) take_over (old, new_app ("new", private, 3));
    ck_assert (h3_server_wait (old));
    ck_assert_int_eq (lstat (path, &found), 0);
    ck_assert_uint_eq (found.st_mode, S_IFSOCK | 0600);
    expect (text, "new");
    end ();
    ck_assert_int_ne (lstat (path, &found), 0);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

/* Someone has removed the path: it is there again. */
START_TEST (unix_socket_that_was_removed_is_made_anew)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "socket", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, NULL);
    H3Server *old;

    begin ();
    old = start (new_app ("old", text, 1));
    ck_assert_int_eq (g_unlink (path), 0);
    (void) take_over (old, new_app ("new", text, 1));
    expect (text, "new");
    ck_assert (h3_server_wait (old));
    expect (text, "new");
    end ();
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

static void
check_failure (H3Server *old, H3App *app, int code)
{
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_server_start_in_place_of (h3_app_get_server (app), old, &error));
    ck_assert_msg (g_error_matches (error, H3_ERROR, code), "%s", error->message);
    ck_assert (!h3_server_is_running (h3_app_get_server (app)));
    g_object_unref (app);
}

START_TEST (takeover_that_fails_leaves_the_old_one_as_it_was)
{
    H3Server *old, *other;
    H3App *app;
    g_autofree char *address = NULL, *taken = NULL;
    RawClient *kept;

    begin ();
    old = start (new_app ("old", "127.0.0.1:0", 2));
    other = start (new_app ("other", "127.0.0.1:0", 1));
    address = dup_address (old, 0);
    taken = dup_address (other, 0);
    kept = raw_client_new (address);
    raw_client_expect (kept, GET ("/"), 200, "old");
    app = new_app ("new", address, 2);
    ck_assert (h3_app_listen (app, taken, NULL));
    check_failure (old, app, H3_ERROR_EXISTS);
    app = new_app ("new", address, 2);
    ck_assert (h3_app_listen (app, "https://127.0.0.1:0", NULL));
    check_failure (old, app, H3_ERROR_INVALID);
    raw_client_expect (kept, GET ("/"), 200, "old");
    for (guint i = 0; i < 8; i++)
        expect (address, "old");
    raw_client_free (kept);
    /* A socket is taken once. */
    app = new_app ("new", address, 2);
    ck_assert (h3_app_listen (app, address, NULL));
    check_failure (old, app, H3_ERROR_EXISTS);
    end ();
}
END_TEST

START_TEST (takeover_needs_one_that_runs)
{
    H3Server *old;

    begin ();
    old = start (new_app ("old", "127.0.0.1:0", 1));
    h3_server_stop (old);
    check_failure (old, new_app ("new", "127.0.0.1:0", 1), H3_ERROR_CLOSED);
    ck_assert (h3_server_wait (old));
    check_failure (old, new_app ("new", "127.0.0.1:0", 1), H3_ERROR_CLOSED);
    end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "load", takeovers_fail_no_request,
                    takeovers_of_a_unix_socket_fail_no_request, NULL);
    suite_add_case (suite, "clients", takeover_answers_who_is_connected_once_more,
                    idle_clients_are_closed_when_they_have_parted,
                    takeover_ends_a_server_without_clients_at_once,
                    takeover_serves_who_waits_in_the_queue, NULL);
    suite_add_case (suite, "names", unix_socket_stays_until_the_last_has_gone,
                    unix_socket_that_was_removed_is_made_anew, NULL);
    suite_add_case (suite, "failures", takeover_that_fails_leaves_the_old_one_as_it_was,
                    takeover_needs_one_that_runs, NULL);
}

int
main (void)
{
    return suite_run ("e2e/takeover", add_cases);
}
