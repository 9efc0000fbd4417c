/* SPDX-License-Identifier: MIT
 *
 * The program h3d demo where a call fails while it starts, or descriptors are few: it tells in one
 * line why it does not start, or serves and ends well. */

#include "sweep.h"

#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#define GET(path)      "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define LEAST          6 /* descriptors: with fewer the libraries cannot be loaded */
#define MOST_FOR_START 40
#define N_CLIENTS      3

static Subprocess demo;

static void
start (guint descriptors)
{
    subprocess_start_program (&demo, "tests/fault/faulty-h3d", descriptors, "demo", "--listen",
                              "127.0.0.1:0", "--workers", "2", NULL);
}

/* (transfer full): what it wrote to standard error, but for what the faults and libevent say. */
static char *
read_errors (gboolean *out_was_met)
{
    g_autofree char *text = subprocess_read_errors (&demo);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
    GString *rest = g_string_new (NULL);

    *out_was_met = FALSE;
    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix (lines[i], "fault: "))
            *out_was_met = TRUE;
        else if (lines[i][0] != '\0' && !g_str_has_prefix (lines[i], "[warn] "))
            g_string_append_printf (rest, "%s\n", lines[i]);
    }
    return g_string_free (rest, FALSE);
}

/* Answered, or closed. */
static void
ask (const char *address)
{
    RawClient *clients[N_CLIENTS];

    for (guint i = 0; i < N_CLIENTS; i++) {
        clients[i] = raw_client_new (address);
        (void) raw_client_send (clients[i], GET ("/plaintext") GET ("/work?ms=20"));
    }
    for (guint i = 0; i < N_CLIENTS; i++) {
        RawAnswer *answer;

        while ((answer = raw_client_read (clients[i], FALSE)) != NULL) {
            ck_assert (answer->status == 200 || answer->status >= 500);
            raw_answer_free (answer);
            if (!raw_client_has_news (clients[i]))
                raw_client_half_close (clients[i]);
        }
        raw_client_free (clients[i]);
    }
}

/* From its start to its end. Returns whether the fault was met. */
static gboolean
live (const char *reason)
{
    g_autofree char *line = subprocess_try_line (&demo);
    g_autofree char *errors = NULL;
    gboolean was_met;

    if (line != NULL) {
        const char *address = line + strlen ("Listening on http://");

        ck_assert_msg (g_str_has_prefix (line, "Listening on http://"), "not an address: %s", line);
        ask (address);
        subprocess_signal (&demo, SIGTERM);
    }
    errors = read_errors (&was_met);
    ck_assert_int_eq (subprocess_wait (&demo), line != NULL ? 0 : 1);
    if (line != NULL)
        return was_met;
    ck_assert_msg (g_str_has_prefix (errors, "h3d demo: ")
                       && strchr (errors, '\n') == errors + strlen (errors) - 1,
                   "not one line: %s", errors);
    ck_assert_msg (strstr (errors, reason) != NULL, "no '%s' in: %s", reason, errors);
    return was_met;
}

/* Those of starting threads are left out: GLib's own, for signals, ends the process. */
static const FaultCall calls[] = {
    FAULT_SOCKET,       FAULT_BIND,      FAULT_LISTEN,  FAULT_SETSOCKOPT, FAULT_GETSOCKNAME,
    FAULT_EPOLL_CREATE, FAULT_EPOLL_CTL, FAULT_EVENTFD, FAULT_TIMERFD,    FAULT_PIPE,
};

START_TEST (start_that_fails_is_told_in_one_line)
{
    FaultCall call = calls[_i];
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    fault_spare_thread (true);
    for (guint i = 0; i < n_faults; i++) {
        for (guint n = 1;; n++) {
            g_autofree char *order =
                g_strdup_printf ("%s:%u:%s", fault_get_name (call), n,
                                 fault_get_error_name (faults[i].error_number));
            const char *reason = faults[i].error_number == EADDRINUSE
                                     ? "in use"
                                     : g_strerror (faults[i].error_number);

            if (n > 1 && !sweep_wants (&faults[i]))
                break;
            sweep_note (&faults[i], n, "a process");
            g_setenv ("H3_FAULT", order, TRUE);
            start (0);
            g_unsetenv ("H3_FAULT");
            if (!live (reason))
                break;
            sweep_count (&faults[i], 1);
        }
    }
    sweep_end (call);
}
END_TEST

START_TEST (few_descriptors_are_told_or_enough)
{
    fault_spare_thread (true);
    for (guint n = LEAST; n <= MOST_FOR_START; n += sweep_get_step ()) {
        start (n);
        (void) live ("ulimit -n");
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("start");

    tcase_add_loop_test (tcase, start_that_fails_is_told_in_one_line, 0, G_N_ELEMENTS (calls));
    tcase_add_test (tcase, few_descriptors_are_told_or_enough);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/demo", add_cases));
}
