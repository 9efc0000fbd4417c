/* SPDX-License-Identifier: MIT */

#include "test-server.h"

#include "suite.h"

#include "h3/base/error.h"

void
test_server_run_context (void)
{
    while (g_main_context_iteration (NULL, FALSE))
        continue;
}

/* The default context and its descriptor live as long as the process: made before the count. So
 * does GLib's lock of the kinds of errors: the first error makes it, and where that is a worker's,
 * ThreadSanitizer does not see how the others come to know of it. */
void
test_server_init (TestServer *server)
{
    g_error_free (g_error_new_literal (H3_ERROR, H3_ERROR_FAILED, "the first"));
    (void) g_main_context_default ();
    server->before = live_snapshot_take ();
    server->app = h3_app_new_with_preset (H3_PRESET_TESTING);
    server->address = NULL;
}

void
test_server_start (TestServer *server)
{
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) addresses = NULL;

    if (!h3_app_start (server->app, &error))
        ck_abort_msg ("not started: %s", error->message);
    addresses = h3_server_dup_addresses (h3_app_get_server (server->app));
    ck_assert_ptr_nonnull (addresses[0]);
    g_free (server->address);
    server->address = g_strdup (addresses[0]);
}

RawClient *
test_server_connect (const TestServer *server)
{
    return raw_client_new (server->address);
}

void
test_server_expect (const TestServer *server, const char *request, guint status, const char *body)
{
    g_autoptr (RawClient) client = test_server_connect (server);

    raw_client_expect (client, request, status, body);
}

void
test_server_end_stopped (TestServer *server, gboolean finished)
{
    ck_assert_int_eq (h3_server_wait (h3_app_get_server (server->app)), finished);
    g_clear_object (&server->app);
    g_clear_pointer (&server->address, g_free);
    test_server_run_context ();
    assert_nothing_left (&server->before);
}

void
test_server_end (TestServer *server)
{
    h3_app_stop (server->app);
    test_server_end_stopped (server, TRUE);
}
