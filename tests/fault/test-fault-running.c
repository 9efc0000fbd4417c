/* SPDX-License-Identifier: MIT
 *
 * A running server whose system calls fail, each in turn: it never stops serving, and who asks gets
 * an answer or an end. */

#include "exchange.h"
#include "fault-server.h"
#include "sweep.h"

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <h3/batteries/beneath-root.h>

#include <glib/gstdio.h>
#include <errno.h>
#include <openssl/ssl.h>

#define PATIENCE_MILLISECONDS 30000
#define SEND_BUFFER           4096 /* the kernel makes it as small as it may be */
#define NEVER                 65535

static TestServer server;
static char *folder; /* owned */
static char *path;   /* owned: of the file that is served, in it */
static gboolean speaks_tls;

static void
use_tls (void)
{
    const char *names[] = { "localhost", NULL };
    g_autoptr (H3TlsSettings) settings = h3_tls_settings_new ();

    ck_assert (h3_tls_settings_add_self_signed (settings, names, NULL));
    h3_server_set_tls (h3_app_get_server (server.app), settings);
}

static void
start (void)
{
    g_autofree char *text = fault_server_make_text (FAULT_FILE_LENGTH);

    folder = g_dir_make_tmp ("h3-fault-XXXXXX", NULL);
    ck_assert_ptr_nonnull (folder);
    path = g_build_filename (folder, "served", NULL);
    ck_assert (g_file_set_contents (path, text, FAULT_FILE_LENGTH, NULL));
    fault_spare_thread (true);
    fault_set_send_buffer (SEND_BUFFER);
    test_server_init (&server);
    fault_server_add_routes (server.app, path);
    if (speaks_tls)
        use_tls ();
    test_server_start (&server);
}

static void
end (void)
{
    g_autofree char *stored = g_strconcat (path, FAULT_STORED, NULL);

    test_server_end (&server);
    ck_assert_int_eq (g_remove (path), 0);
    (void) g_remove (stored);
    ck_assert_msg (g_rmdir (folder) == 0, "something was left in %s", folder);
    g_clear_pointer (&path, g_free);
    g_clear_pointer (&folder, g_free);
}

static void
run_exchange (const Exchange *exchange, gboolean is_strict)
{
    ExchangeTerms terms = { server.address, is_strict, speaks_tls };

    exchange_run (exchange, &terms);
    ck_assert_msg (fault_wait_closed (PATIENCE_MILLISECONDS), "a connection is never closed");
}

/* A file is read only where the system cannot send it. */
static void
arm_beside (FaultCall call)
{
    if (call == FAULT_PREAD)
        fault_arm_second (FAULT_SENDFILE, EINVAL, 1, 0);
}

/* Whether the fault was met; whatever came of it, the next client is served. */
static gboolean
try_fault (const Exchange *exchange, const Fault *fault, guint n)
{
    gboolean was_met;

    sweep_arm (fault, n, exchange->name);
    arm_beside (fault->call);
    run_exchange (exchange, fault->is_harmless);
    was_met = sweep_disarm (fault);
    run_exchange (exchange_find ("plain"), TRUE);
    return was_met;
}

static guint
count_calls (const Exchange *exchange, FaultCall call)
{
    fault_arm (call, 0, NEVER, 1);
    arm_beside (call);
    run_exchange (exchange, TRUE);
    return fault_count (call);
}

/* Until there is no n-th call any more; `n_calls` are about as many as there are. */
static void
sweep (const Exchange *exchange, const Fault *fault, guint n_calls)
{
    for (guint n = 1;; n++) {
        if (!sweep_wants (fault)) {
            if (n > n_calls)
                break;
        } else if (!try_fault (exchange, fault, n)) {
            break;
        }
    }
}

/* What is the same in every exchange is tried in few. */
static gboolean
is_for (const Exchange *exchange, FaultCall call)
{
    static const char *const few[] = { "plain", "large", NULL };

    return (call != FAULT_ACCEPT && call != FAULT_GETPEERNAME)
           || g_strv_contains (few, exchange->name);
}

static const FaultCall calls[] = {
    FAULT_ACCEPT,    FAULT_SETSOCKOPT, FAULT_GETPEERNAME, FAULT_SHUTDOWN, FAULT_RECV,  FAULT_SEND,
    FAULT_SENDMSG,   FAULT_SENDFILE,   FAULT_PREAD,       FAULT_WAKE,     FAULT_WOKEN, FAULT_OPEN,
    FAULT_OPENAT2,   FAULT_PWRITE,     FAULT_LINKAT,      FAULT_RENAME,   FAULT_FSTAT, FAULT_PIPE,
    FAULT_EPOLL_CTL, FAULT_EPOLL_WAIT, FAULT_CLOSE,
};

/* Older kernels, and valgrind, have no openat2 (). */
static gboolean
is_made_here (FaultCall call)
{
    g_autoptr (BeneathRoot) root = NULL;

    if (call != FAULT_OPENAT2)
        return TRUE;
    root = beneath_root_new ("/", BENEATH_BEST, NULL);
    return root != NULL && !beneath_root_is_by_steps (root);
}

START_TEST (one_that_fails_is_one_exchange_s_matter)
{
    FaultCall call = calls[_i];
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    if (!is_made_here (call))
        return;
    start ();
    for (guint i = 0; i < exchange_count (); i++) {
        const Exchange *exchange = exchange_get (i);
        guint n_calls = is_for (exchange, call) ? count_calls (exchange, call) : 0;

        for (guint j = 0; n_calls > 0 && j < n_faults; j++)
            sweep (exchange, &faults[j], n_calls);
    }
    end ();
    sweep_end (call);
}
END_TEST

static gboolean
has_records_of_its_own (const Exchange *exchange)
{
    static const char *const all[] = { "keep-alive", "close",  "chunks", "file",
                                       "large",      "events", "stream", NULL };

    return g_strv_contains (all, exchange->name);
}

static const FaultCall record_calls[] = { FAULT_RECV,  FAULT_SEND,      FAULT_SHUTDOWN,
                                          FAULT_PREAD, FAULT_EPOLL_CTL, FAULT_CLOSE };

/* The handshake's calls too. Files are read, whatever the system could send. */
START_TEST (one_that_fails_is_one_exchange_s_matter_with_tls)
{
    FaultCall call = record_calls[_i];
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    /* What OpenSSL makes once is made before anything is counted. */
    SSL_CTX_free (SSL_CTX_new (TLS_method ()));
    speaks_tls = TRUE;
    start ();
    for (guint i = 0; i < exchange_count (); i++) {
        const Exchange *exchange = exchange_get (i);
        guint n_calls = has_records_of_its_own (exchange) ? count_calls (exchange, call) : 0;

        for (guint j = 0; n_calls > 0 && j < n_faults; j++)
            sweep (exchange, &faults[j], n_calls);
    }
    end ();
    speaks_tls = FALSE;
    sweep_end (call);
}
END_TEST

/* As where the server takes a connection and resets it, before the client's connect () is back. */
START_TEST (client_that_is_reset_at_once_has_its_end)
{
    ExchangeTerms terms = { NULL, FALSE, FALSE };

    start ();
    terms.address = server.address;
    for (guint i = 0; i < 2 * exchange_count (); i++) {
        terms.speaks_tls = i % 2 == 1;
        fault_arm (FAULT_CONNECT, ECONNRESET, 1, 1);
        fault_spare_thread (false);
        exchange_run (exchange_get (i / 2), &terms);
        fault_spare_thread (true);
        ck_assert_uint_eq (fault_disarm (), 1);
    }
    end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("calls");

    tcase_add_loop_test (tcase, one_that_fails_is_one_exchange_s_matter, 0, G_N_ELEMENTS (calls));
    tcase_add_test (tcase, client_that_is_reset_at_once_has_its_end);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
    tcase = tcase_create ("records");
    tcase_add_loop_test (tcase, one_that_fails_is_one_exchange_s_matter_with_tls, 0,
                         G_N_ELEMENTS (record_calls));
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/running", add_cases));
}
