/* SPDX-License-Identifier: MIT
 *
 * Whole lives of a server, from its start to its end, in which one system call fails: it does not
 * start, and says why; or it serves, ends well, and leaves nothing behind. */

#include "exchange.h"
#include "fault-server.h"
#include "sweep.h"

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NEVER 65535

/* One life: where, and how it is to be. */
typedef struct {
    char *folder; /* owned */
    char *served; /* owned: the file that is served */
    char *log;    /* owned */
    char *local;  /* owned: the Unix address */
} Place;

static Place place;
static const char *const lived[] = { "plain", "file", "offload", "source", "large" };

static void
make_place (void)
{
    g_autofree char *text = fault_server_make_text (FAULT_FILE_LENGTH);

    place.folder = g_dir_make_tmp ("h3-fault-XXXXXX", NULL);
    ck_assert_ptr_nonnull (place.folder);
    place.served = g_build_filename (place.folder, "served", NULL);
    place.log = g_build_filename (place.folder, "log", NULL);
    place.local = g_strdup_printf ("unix:%s/socket", place.folder);
    ck_assert (g_file_set_contents (place.served, text, FAULT_FILE_LENGTH, NULL));
}

static void
clear_place (void)
{
    (void) g_remove (place.served);
    (void) g_remove (place.log);
    (void) g_remove (place.local + strlen ("unix:"));
    ck_assert_msg (g_rmdir (place.folder) == 0, "something was left in %s", place.folder);
    g_free (place.folder);
    g_free (place.served);
    g_free (place.log);
    g_free (place.local);
}

/* What a server that has crashed leaves behind: a socket's name, where nobody listens. */
static void
leave_stale (void)
{
    struct sockaddr_un native = { .sun_family = AF_UNIX };
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge (fd, 0);
    g_strlcpy (native.sun_path, place.local + strlen ("unix:"), sizeof native.sun_path);
    (void) unlink (native.sun_path);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &native, sizeof native), 0);
    (void) close (fd);
}

/* What a user is told: which thing, and why. */
static void
check_told (const GError *error, const Fault *fault)
{
    const char *reason = g_strerror (fault->error_number);

    ck_assert_ptr_nonnull (error);
    if (fault->call == FAULT_BIND || fault->call == FAULT_LISTEN)
        ck_assert_msg (strstr (error->message, "127.0.0.1:0") != NULL
                           || strstr (error->message, place.local) != NULL,
                       "no address in: %s", error->message);
    ck_assert_msg (strstr (error->message, reason) != NULL
                       || ((fault->error_number == EADDRINUSE || fault->call == FAULT_CONNECT)
                           && strstr (error->message, "is in use") != NULL),
                   "no reason in: %s", error->message);
}

/* (nullable) (transfer full): started, or NULL with the error. */
static H3App *
start (GError **error)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    H3Middleware *log = h3_access_log_new_full (H3_ACCESS_LOG_COMMON, place.log, error);

    if (log == NULL)
        return NULL;
    h3_app_use (app, "/", log);
    fault_server_add_routes (app, place.served);
    h3_server_set_workers (h3_app_get_server (app), 2);
    if (!h3_app_listen (app, "127.0.0.1:0", error) || !h3_app_listen (app, place.local, error)
        || !h3_app_start (app, error))
        return NULL;
    return g_steal_pointer (&app);
}

/* A line for each request, or the number of those that are missing. */
static void
check_log (guint n_asked, gboolean is_strict)
{
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;
    guint64 n = 0;

    ck_assert (g_file_get_contents (place.log, &text, NULL, NULL));
    lines = g_strsplit (text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix (lines[i], "# "))
            n += g_ascii_strtoull (lines[i] + 2, NULL, 10);
        else if (strstr (lines[i], "HTTP/1.1\"") != NULL)
            n++;
    }
    ck_assert_msg (is_strict ? n == n_asked : n <= n_asked,
                   "%u requests, and %u lines in the log:\n%s", n_asked, (guint) n, text);
}

/* What is asked of one that has started; each address in turn. */
static guint
ask (H3App *app, gboolean is_strict)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (h3_app_get_server (app));

    for (guint i = 0; i < G_N_ELEMENTS (lived); i++) {
        ExchangeTerms terms = { addresses[i % 2], is_strict };

        exchange_run (exchange_find (lived[i]), &terms);
    }
    return 7; /* requests in all: "file" and "large" have two */
}

/* `is_strict`: nothing may be noticed. */
static gboolean
live (const Fault *fault, guint n, gboolean is_strict)
{
    g_autoptr (GError) error = NULL;
    LiveSnapshot before = live_snapshot_take ();
    gboolean was_met;
    guint n_asked = 0;
    H3App *app;

    (void) g_remove (place.log);
    leave_stale ();
    sweep_arm (fault, n, "a life");
    fault_spare_thread (false);
    app = start (&error);
    fault_spare_thread (true);
    if (app != NULL) {
        n_asked = ask (app, is_strict);
        fault_spare_thread (false);
        h3_app_stop (app);
        ck_assert (h3_server_wait (h3_app_get_server (app)));
        g_object_unref (app);
        fault_spare_thread (true);
    }
    was_met = sweep_disarm (fault);
    test_server_run_context ();
    assert_nothing_left (&before);
    ck_assert (app != NULL || (was_met && !is_strict));
    if (app == NULL)
        check_told (error, fault);
    else
        check_log (n_asked, is_strict);
    return was_met;
}

/* Once without a fault: what lives as long as the process is made, and the calls are counted. */
static guint
count_calls (FaultCall call)
{
    Fault none = { call, 0, TRUE };

    ck_assert (!live (&none, NEVER, TRUE));
    return fault_count (call);
}

/* Until there is no n-th call any more; `n_calls` are about as many as there are. */
static void
sweep (const Fault *fault, guint n_calls)
{
    for (guint n = 1;; n++) {
        if (!sweep_wants (fault)) {
            if (n > n_calls)
                break;
        } else if (!live (fault, n, fault->is_harmless)) {
            break;
        }
    }
}

static const FaultCall calls[] = {
    FAULT_SOCKET,      FAULT_BIND,        FAULT_LISTEN,  FAULT_CONNECT, FAULT_SETSOCKOPT,
    FAULT_GETSOCKNAME, FAULT_GETPEERNAME, FAULT_ACCEPT,  FAULT_RECV,    FAULT_SEND,
    FAULT_SENDMSG,     FAULT_SENDFILE,    FAULT_WAKE,    FAULT_WOKEN,   FAULT_OPEN,
    FAULT_FSTAT,       FAULT_WRITE,       FAULT_TIMERFD, FAULT_PIPE,    FAULT_EPOLL_CREATE,
    FAULT_EPOLL_CTL,   FAULT_EPOLL_WAIT,  FAULT_EVENTFD, FAULT_CLOSE,   FAULT_PTHREAD_CREATE,
};

START_TEST (one_call_that_fails_is_told_or_survived)
{
    FaultCall call = calls[_i];
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);
    guint n_calls;

    (void) g_main_context_default ();
    fault_spare_thread (true);
    make_place ();
    n_calls = count_calls (call);
    for (guint i = 0; i < n_faults; i++)
        sweep (&faults[i], n_calls);
    clear_place ();
    sweep_end (call);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("calls");

    tcase_add_loop_test (tcase, one_call_that_fails_is_told_or_survived, 0, G_N_ELEMENTS (calls));
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/lives", add_cases));
}
