/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* ppoll */

#include "password.h"

#include <h3/h3.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* One more than any that can be: what is longer is refused, not cut. */
#define MAX_LINE (H3_PASSWORD_MAX_LENGTH + 2)

/* What ends or stops who types. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static volatile sig_atomic_t last_signal;

static void
note_signal (int number)
{
    last_signal = number;
}

typedef struct {
    struct termios terminal;
    sigset_t mask;
    struct sigaction actions[G_N_ELEMENTS (signals)];
} Before;

/* Of what was ignored (as by nohup) nothing is heard. */
static void
hear (int number, struct sigaction *before)
{
    const struct sigaction action = { .sa_handler = note_signal };

    (void) sigaction (number, &action, before);
    if (before->sa_handler == SIG_IGN)
        (void) sigaction (number, before, NULL);
}

/* Signals are heard while a line is awaited, and at no other time: none comes between the look
 * whether there was one and the wait. */
static void
hide (Before *before)
{
    struct termios silent = before->terminal;
    sigset_t set;

    sigemptyset (&set);
    for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
        sigaddset (&set, signals[i]);
    last_signal = 0;
    (void) sigprocmask (SIG_BLOCK, &set, &before->mask);
    for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
        hear (signals[i], &before->actions[i]);
    silent.c_lflag &= ~(tcflag_t) ECHO;
    g_printerr ("Password: ");
    (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
}

static void
show (const Before *before)
{
    (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &before->terminal);
    g_printerr ("\n");
    for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
        (void) sigaction (signals[i], &before->actions[i], NULL);
    (void) sigprocmask (SIG_SETMASK, &before->mask, NULL);
}

/* A terminal gives whole lines: one byte is there, and so are the others. FALSE: a signal or the
 * end came first. */
static gboolean
await_line (char *password, const Before *before)
{
    struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
    gsize length = 0;

    while (length < MAX_LINE) {
        if (ppoll (&input, 1, NULL, &before->mask) < 0 && last_signal != 0)
            return FALSE;
        if (read (STDIN_FILENO, password + length, 1) != 1)
            return FALSE;
        if (password[length++] == '\n')
            break;
    }
    password[length] = '\0';
    return TRUE;
}

/* Whoever ends or stops us finds the terminal as it was; who goes on again is asked again. */
static gboolean
ask_terminal (char *password, const struct termios *terminal)
{
    Before before = { .terminal = *terminal };
    gboolean is_read;

    do {
        hide (&before);
        is_read = await_line (password, &before);
        show (&before);
        if (!is_read && last_signal != 0)
            (void) raise (last_signal);
    } while (!is_read && last_signal != 0);
    return is_read;
}

/* Reads a line of the standard input, which a terminal does not show. FALSE at its end. */
static gboolean
read_password (char *password)
{
    struct termios terminal;
    gboolean is_read = tcgetattr (STDIN_FILENO, &terminal) == 0
                           ? ask_terminal (password, &terminal)
                           : fgets (password, MAX_LINE + 1, stdin) != NULL;

    if (is_read)
        password[strcspn (password, "\r\n")] = '\0';
    return is_read;
}

/* A user that a file of passwords can have. */
static gboolean
check_user (const char *user, const char *hash, GError **error)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();

    return h3_passwords_set_user (passwords, user, hash, NULL, error);
}

int
password_run (int argc, char **argv)
{
    char password[MAX_LINE + 1] = "";
    g_autofree char *hash = NULL;
    g_autoptr (GError) error = NULL;

    if (argc == 2 && strcmp (argv[1], "--help") == 0) {
        g_print ("Usage:\n  h3d password USER\n\nReads a password from the standard input, and "
                 "prints the line that a file of\npasswords has for USER.\n");
        return EXIT_SUCCESS;
    }
    if (argc != 2) {
        g_printerr ("h3d password: name the user: h3d password USER\n");
        return EXIT_FAILURE;
    }
    if (!read_password (password)) {
        g_printerr ("h3d password: no password came\n");
        return EXIT_FAILURE;
    }
    hash = h3_password_hash (password, NULL, &error);
    explicit_bzero (password, sizeof password);
    if (hash == NULL || !check_user (argv[1], hash, &error)) {
        g_printerr ("h3d password: %s\n", error->message);
        return EXIT_FAILURE;
    }
    g_print ("%s:%s\n", argv[1], hash);
    return EXIT_SUCCESS;
}
