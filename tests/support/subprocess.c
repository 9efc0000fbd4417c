/* SPDX-License-Identifier: MIT */

#include "subprocess.h"

#include "suite.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MILLISECONDS 30000

#define FIRST_GIFT 3

/* What a child is told when only it knows. */
typedef struct {
    guint descriptors;
    char *pid; /* borrowed: its environment; room for the digits of LISTEN_PID; NULL: it has none */
} Preparation;

/* In the child, before exec: nothing that allocates. */
static void
prepare_child (gpointer data)
{
    Preparation *preparation = data;
    struct rlimit limit = { preparation->descriptors, preparation->descriptors };
    guint pid = (guint) getpid ();

    /* A test that fails leaves nobody behind. */
    (void) prctl (PR_SET_PDEATHSIG, SIGKILL);
    if (preparation->descriptors > 0)
        (void) setrlimit (RLIMIT_NOFILE, &limit);
    for (gsize i = preparation->pid != NULL ? strlen (preparation->pid) : 0; i-- > 0; pid /= 10)
        preparation->pid[i] = (char) ('0' + pid % 10);
}

/* (transfer full): the test's own, and for a build with ThreadSanitizer the list of what GIO does
 * with its threads: see gio-threads.supp. */
static char **
dup_environment (void)
{
    const char *top = g_getenv ("top_srcdir");
    const char *options = g_getenv ("TSAN_OPTIONS");
    g_autofree char *more =
        g_strdup_printf ("%s suppressions='%s/tests/support/gio-threads.supp'",
                         options != NULL ? options : "", top != NULL ? top : ".");

    return g_environ_setenv (g_get_environ (), "TSAN_OPTIONS", more, TRUE);
}

/* A file without a name: however much is written there, nobody waits. */
static int
make_errors (void)
{
    g_autofree char *name = NULL;
    int fd = g_file_open_tmp ("h3-errors-XXXXXX", &name, NULL);

    ck_assert_int_ge (fd, 0);
    (void) unlink (name);
    return fd;
}

/* (transfer full) */
static char **
dup_environment_with (const SubprocessGifts *gifts, Preparation *preparation)
{
    char **environment = dup_environment ();
    g_autofree char *n_sockets = g_strdup_printf ("%u", gifts->n_sockets);

    for (guint i = 0; gifts->environment != NULL && gifts->environment[i] != NULL; i++) {
        g_auto (GStrv) pair = g_strsplit (gifts->environment[i], "=", 2);

        environment = g_environ_setenv (environment, pair[0], pair[1], TRUE);
    }
    if (gifts->n_sockets > 0) {
        environment = g_environ_setenv (environment, "LISTEN_FDS", n_sockets, TRUE);
        environment = g_environ_setenv (environment, "LISTEN_PID", "0000000000", TRUE);
        preparation->pid = (char *) g_environ_getenv (environment, "LISTEN_PID");
    }
    return environment;
}

/* `rest`: the arguments behind `first`. */
static void
start_program (Subprocess *process, const char *program, guint descriptors,
               const SubprocessGifts *gifts, const char *first, va_list rest)
{
    const char *top = g_getenv ("top_builddir");
    Preparation preparation = { descriptors, NULL };
    g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
    g_auto (GStrv) environment = dup_environment_with (gifts, &preparation);
    g_autofree int *targets = g_new (int, gifts->n_sockets + 1);
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < gifts->n_sockets; i++)
        targets[i] = FIRST_GIFT + (int) i;
    g_ptr_array_add (arguments, g_path_is_absolute (program)
                                    ? g_strdup (program)
                                    : g_build_filename (top != NULL ? top : ".", program, NULL));
    for (const char *argument = first; argument != NULL; argument = va_arg (rest, const char *))
        g_ptr_array_add (arguments, g_strdup (argument));
    g_ptr_array_add (arguments, NULL);
    process->errors = make_errors ();
    if (!g_spawn_async_with_pipes_and_fds (
            NULL, (const char *const *) arguments->pdata, (const char *const *) environment,
            G_SPAWN_DO_NOT_REAP_CHILD, prepare_child, &preparation, -1, -1, process->errors,
            gifts->sockets, targets, gifts->n_sockets, &process->pid, NULL, &process->output, NULL,
            &error))
        ck_abort_msg ("%s", error->message);
}

void
subprocess_start (Subprocess *process, guint descriptors, const char *first, ...)
{
    const SubprocessGifts none = { 0 };
    va_list rest;

    va_start (rest, first);
    start_program (process, "bin/h3d", descriptors, &none, first, rest);
    va_end (rest);
}

void
subprocess_start_with (Subprocess *process, const SubprocessGifts *gifts, const char *first, ...)
{
    va_list rest;

    va_start (rest, first);
    start_program (process, "bin/h3d", 0, gifts, first, rest);
    va_end (rest);
}

void
subprocess_start_program (Subprocess *process, const char *program, guint descriptors,
                          const char *first, ...)
{
    const SubprocessGifts none = { 0 };
    va_list rest;

    va_start (rest, first);
    start_program (process, program, descriptors, &none, first, rest);
    va_end (rest);
}

/* 0: the end. */
static gsize
read_some (int fd, char *data, gsize length, const char *what)
{
    struct pollfd ready = { fd, POLLIN, 0 };
    ssize_t n;

    ck_assert_msg (poll (&ready, 1, PATIENCE_MILLISECONDS) == 1, "the program does not %s", what);
    n = read (fd, data, length);
    ck_assert_msg (n >= 0, "reading what the program prints: %s", g_strerror (errno));
    return (gsize) n;
}

char *
subprocess_try_line (Subprocess *process)
{
    GString *line = g_string_new (NULL);
    char c;

    while (read_some (process->output, &c, 1, "print a line") == 1 && c != '\n')
        g_string_append_c (line, c);
    return g_string_free (line, line->len == 0);
}

char *
subprocess_read_line (Subprocess *process)
{
    char *line = subprocess_try_line (process);

    ck_assert_msg (line != NULL, "the program printed nothing");
    return line;
}

/* Its pipe ends when it does. */
GString *
subprocess_read_output (Subprocess *process)
{
    GString *text = g_string_new (NULL);
    char piece[4096];
    gsize n;

    while ((n = read_some (process->output, piece, sizeof piece, "end")) > 0)
        g_string_append_len (text, piece, (gssize) n);
    return text;
}

char *
subprocess_read_errors (Subprocess *process)
{
    GString *text = g_string_new (NULL);
    char piece[4096];
    ssize_t n;

    g_string_free (subprocess_read_output (process), TRUE);
    while ((n = pread (process->errors, piece, sizeof piece, (off_t) text->len)) > 0)
        g_string_append_len (text, piece, n);
    return g_string_free (text, FALSE);
}

char *
subprocess_read_address (Subprocess *process)
{
    g_autofree char *line = subprocess_read_line (process);
    const char *address = line + strlen ("Listening on ");

    ck_assert_msg (g_str_has_prefix (line, "Listening on "), "not an address: %s", line);
    return g_strdup (g_str_has_prefix (address, "http://") ? address + strlen ("http://")
                                                           : address);
}

void
subprocess_signal (Subprocess *process, int number)
{
    ck_assert_int_eq (kill (process->pid, number), 0);
}

int
subprocess_wait (Subprocess *process)
{
    g_autofree char *errors = subprocess_read_errors (process);
    int status;

    ck_assert_int_eq (waitpid (process->pid, &status, 0), process->pid);
    process->pid = 0;
    (void) close (process->output);
    (void) close (process->errors);
    ck_assert_msg (WIFEXITED (status), "the program died of signal %d: %s", WTERMSIG (status),
                   errors);
    if (WEXITSTATUS (status) != 0)
        g_printerr ("%s", errors);
    return WEXITSTATUS (status);
}

guint64
subprocess_get_ticks (const Subprocess *process)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) process->pid);
    g_autofree char *text = NULL;
    g_auto (GStrv) fields = NULL;
    const char *behind_name;

    ck_assert (g_file_get_contents (path, &text, NULL, NULL));
    behind_name = strrchr (text, ')');
    ck_assert_ptr_nonnull (behind_name);
    fields = g_strsplit (behind_name + 2, " ", -1); /* proc (5): utime is the 12th from here */
    ck_assert_uint_gt (g_strv_length (fields), 13);
    return g_ascii_strtoull (fields[11], NULL, 10) + g_ascii_strtoull (fields[12], NULL, 10);
}
