/* SPDX-License-Identifier: MIT
 *
 * h3d password at a terminal: what is typed is not shown, and whatever ends the question leaves the
 * terminal as it was. */

#include "tests/support/suite.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <glib.h>

#define PATIENCE_MILLISECONDS 60000

static int terminal, other; /* who types; who reads, kept open so that the state can be asked for */
static pid_t process;

/* Until it has written this. */
static void
await (const char *text)
{
    g_autoptr (GString) heard = g_string_new (NULL);
    struct pollfd ready = { terminal, POLLIN, 0 };
    char piece[256];

    while (strstr (heard->str, text) == NULL) {
        ssize_t n;

        ck_assert_msg (poll (&ready, 1, PATIENCE_MILLISECONDS) == 1, "only: %s", heard->str);
        n = read (terminal, piece, sizeof piece);
        ck_assert_int_gt (n, 0);
        g_string_append_len (heard, piece, n);
    }
}

static gboolean
shows_what_is_typed (void)
{
    struct termios now;

    ck_assert_int_eq (tcgetattr (other, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

/* As a shell leaves them to what runs in its foreground, whoever runs the tests. */
static void
set_signals (int ignored)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

    for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
        (void) signal (signals[i], signals[i] == ignored ? SIG_IGN : SIG_DFL);
}

/* Until what is typed is not shown. `ignored`: a signal that who starts it ignores, or 0. */
static void
start (int ignored)
{
    g_autofree char *program = g_build_filename (g_getenv ("top_builddir"), "bin/h3d", NULL);

    ck_assert_int_eq (openpty (&terminal, &other, NULL, NULL, NULL), 0);
    ck_assert (shows_what_is_typed ());
    process = fork ();
    ck_assert_int_ge (process, 0);
    if (process == 0) {
        (void) close (terminal);
        if (login_tty (dup (other)) != 0)
            _exit (100);
        (void) close (other);
        set_signals (ignored);
        (void) execl (program, "h3d", "password", "ada", NULL);
        _exit (101);
    }
    await ("Password: ");
    while (shows_what_is_typed ())
        g_usleep (1000);
}

static int
end (void)
{
    int status;

    while (waitpid (process, &status, 0) < 0)
        ck_assert_int_eq (errno, EINTR);
    ck_assert (shows_what_is_typed ());
    (void) close (terminal);
    (void) close (other);
    return status;
}

static void
type (const char *text)
{
    ck_assert_int_eq (write (terminal, text, strlen (text)), (ssize_t) strlen (text));
}

START_TEST (password_is_not_shown)
{
    int status;

    start (0);
    type ("secret\n");
    await ("ada:$");
    status = end ();
    ck_assert (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}
END_TEST

START_TEST (terminal_is_as_before_where_the_question_is_broken_off)
{
    int status;

    start (0);
    type ("sec\003");
    status = end ();
    ck_assert (WIFSIGNALED (status));
    ck_assert_int_eq (WTERMSIG (status), SIGINT);
}
END_TEST

START_TEST (terminal_is_as_before_where_the_process_is_ended)
{
    static const int signals[] = { SIGTERM, SIGHUP, SIGQUIT };

    for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
        int status;

        start (0);
        (void) kill (process, signals[i]);
        status = end ();
        ck_assert (WIFSIGNALED (status));
        ck_assert_int_eq (WTERMSIG (status), signals[i]);
    }
}
END_TEST

START_TEST (ignored_signal_stays_ignored)
{
    int status;

    start (SIGQUIT);
    (void) kill (process, SIGQUIT);
    type ("secret\n");
    await ("ada:$");
    status = end ();
    ck_assert (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}
END_TEST

START_TEST (end_of_input_is_no_password)
{
    int status;

    start (0);
    type ("\004");
    status = end ();
    ck_assert (WIFEXITED (status) && WEXITSTATUS (status) == 1);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "terminal", password_is_not_shown,
                    terminal_is_as_before_where_the_question_is_broken_off,
                    terminal_is_as_before_where_the_process_is_ended, ignored_signal_stays_ignored,
                    end_of_input_is_no_password, NULL);
}

int
main (void)
{
    return suite_run ("e2e/password", add);
}
