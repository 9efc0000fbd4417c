/* SPDX-License-Identifier: MIT
 *
 * The master of several processes, which do here what the test tells them to: what they say, when
 * they end, what their master then makes of it. */

#define _GNU_SOURCE /* prlimit */

#include "h3/engine/prefork-private.h"
#include "h3/engine/service-manager.h"
#include "tests/support/suite.h"
#include "tests/support/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MILLISECONDS 60000

/* What the test is told of. */
typedef enum {
    TOLD_BORN,   /* a process is there, and does not serve yet */
    TOLD_PART,   /* … was told that it is to part */
    TOLD_STOP,   /* … to stop */
    TOLD_RELOAD, /* … had SIGHUP */
    TOLD_LOGS,   /* … had SIGUSR1 */
    TOLD_READY,  /* the master: all serve */
    TOLD_REOPEN, /* … logs are to be opened anew */
    TOLD_ENDING, /* … all end */
} Told;

typedef struct {
    pid_t pid;
    Told what;
} Report;

static int reports[2]; /* a pipe, to the test */
static Supervisor supervisor;

static void
report (Told what)
{
    Report told = { getpid (), what };

    if (write (reports[1], &told, sizeof told) != (ssize_t) sizeof told)
        _exit (101);
}

/* The next that is told of anybody. */
static Report
hear (void)
{
    struct pollfd ready = { reports[0], POLLIN, 0 };
    Report told;

    ck_assert_msg (poll (&ready, 1, PATIENCE_MILLISECONDS) == 1, "nobody says anything");
    ck_assert_int_eq (read (reports[0], &told, sizeof told), (ssize_t) sizeof told);
    return told;
}

static pid_t
expect (Told what)
{
    Report told = hear ();

    ck_assert_int_eq (told.what, what);
    return told.pid;
}

static void
expect_of (pid_t pid, Told what)
{
    ck_assert_int_eq (expect (what), pid);
}

/* Both, in whatever order. */
static pid_t
expect_two (pid_t pid, Told what, Told other)
{
    Report first = hear (), second = hear ();
    gboolean is_first = first.what == what;

    ck_assert_int_eq (is_first ? first.pid : second.pid, pid);
    ck_assert_int_eq (is_first ? second.what : first.what, other);
    return is_first ? second.pid : first.pid;
}

/* --- a process --- */

static socklen_t
fill_name (pid_t pid, struct sockaddr_un *out_native)
{
    memset (out_native, 0, sizeof *out_native);
    out_native->sun_family = AF_UNIX;
    return (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + 1
                        + (gsize) snprintf (out_native->sun_path + 1,
                                            sizeof out_native->sun_path - 1, "h3-prefork-%d",
                                            (int) pid));
}

static int
open_control (void)
{
    struct sockaddr_un native;
    socklen_t length = fill_name (getpid (), &native);
    int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind (fd, (struct sockaddr *) &native, length) != 0)
        _exit (102);
    return fd;
}

static void
on_signal (int number)
{
    report (number == SIGHUP ? TOLD_RELOAD : TOLD_LOGS);
}

/* What it hears from the test it tells its master. */
static void
pass_on (int control, ServiceNotices *notices)
{
    char text[64];
    ssize_t n = recv (control, text, sizeof text - 1, MSG_DONTWAIT);

    if (n <= 0)
        return;
    text[n] = '\0';
    service_notices_pass (notices, text);
}

static void
take_order (int master)
{
    char letter;
    ssize_t n = recv (master, &letter, 1, MSG_DONTWAIT);

    if (n < 0)
        return;
    if (n == 0)
        _exit (103);
    report (letter == ORDER_PART ? TOLD_PART : TOLD_STOP);
    _exit (0);
}

static _Noreturn void
run_process (const Prefork *prefork)
{
    struct sigaction action = { .sa_handler = on_signal };
    struct pollfd fds[] = { { open_control (), POLLIN, 0 }, { prefork->master, POLLIN, 0 } };
    ServiceNotices *notices;

    (void) sigaction (SIGHUP, &action, NULL);
    (void) sigaction (SIGUSR1, &action, NULL);
    if (!service_manager_open_notices (&notices, NULL))
        _exit (104);
    report (TOLD_BORN);
    for (;;) {
        (void) poll (fds, G_N_ELEMENTS (fds), -1);
        pass_on (fds[0].fd, notices);
        take_order (fds[1].fd);
    }
}

static void
tell (pid_t pid, const char *text)
{
    struct sockaddr_un native;
    socklen_t length = fill_name (pid, &native);
    int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq (
        sendto (fd, text, strlen (text), 0, (const struct sockaddr *) &native, length),
        (ssize_t) strlen (text));
    (void) close (fd);
}

/* --- the master --- */

static void
on_ready (gpointer data)
{
    report (TOLD_READY);
}

static void
on_reopen (gpointer data)
{
    report (TOLD_REOPEN);
}

static void
on_stop (gpointer data)
{
    report (TOLD_ENDING);
}

static _Noreturn void
run_master (guint n_processes)
{
    const PreforkEvents events = { .ready = on_ready, .reopen = on_reopen, .stop = on_stop };
    Prefork *prefork = prefork_new (n_processes, NULL);
    PreforkEnd end;

    /* Check listens to it, and passes it on. */
    (void) signal (SIGTERM, SIG_DFL);
    if (prefork == NULL)
        _exit (105);
    end = prefork_run (prefork, &events, NULL);
    if (end == PREFORK_IS_PROCESS)
        run_process (prefork);
    prefork_free (prefork);
    _exit ((int) end);
}

static pid_t
fork_master (guint n_processes)
{
    pid_t pid;

    ck_assert_int_eq (pipe (reports), 0);
    pid = fork ();
    ck_assert_int_ge (pid, 0);
    if (pid == 0)
        run_master (n_processes);
    return pid;
}

static void
expect_end (pid_t master, PreforkEnd end)
{
    int status;

    ck_assert_int_eq (waitpid (master, &status, 0), master);
    ck_assert_msg (WIFEXITED (status), "the master ended by signal %d", WTERMSIG (status));
    ck_assert_int_eq (WEXITSTATUS (status), (int) end);
    (void) close (reports[0]);
    (void) close (reports[1]);
}

/* All serve, in the order of their places. */
static pid_t
start (guint n_processes, pid_t *out_pids)
{
    pid_t master = fork_master (n_processes);

    out_pids[0] = expect (TOLD_BORN);
    for (guint i = 1; i < n_processes; i++) {
        tell (out_pids[i - 1], "READY=1");
        out_pids[i] = expect (TOLD_BORN);
    }
    tell (out_pids[n_processes - 1], "READY=1");
    expect_of (master, TOLD_READY);
    return master;
}

/* Signals that the master has before are heeded when this is over, and what follows from them. */
static void
await_master (pid_t master, const pid_t *pids, guint n)
{
    for (guint i = 0; i < 3; i++) {
        (void) kill (master, SIGUSR1);
        expect_of (master, TOLD_REOPEN);
        for (guint j = 0; j < n; j++)
            (void) expect (TOLD_LOGS);
    }
}

/* No descriptor can be had any more, or as many as before. */
static void
allow_descriptors (pid_t pid, gboolean are_allowed)
{
    struct rlimit limit;

    ck_assert_int_eq (prlimit (pid, RLIMIT_NOFILE, NULL, &limit), 0);
    limit.rlim_cur = are_allowed ? limit.rlim_max : 3;
    ck_assert_int_eq (prlimit (pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

START_TEST (reload_asked_for_during_the_start_is_not_told_as_its_end)
{
    g_autofree char *message = NULL;
    pid_t master, process;

    supervisor_init (&supervisor, FALSE);
    ck_assert (g_setenv ("NOTIFY_SOCKET", supervisor.name, TRUE));
    master = fork_master (1);
    process = expect (TOLD_BORN);
    (void) kill (master, SIGHUP);
    expect_of (master, TOLD_REOPEN);
    tell (process, "READY=1");
    (void) expect_two (process, TOLD_RELOAD, TOLD_READY);
    message = supervisor_hear (&supervisor);
    ck_assert_msg (g_str_has_prefix (message, "READY=1\nMAINPID="), "%s", message);
    (void) kill (master, SIGTERM);
    (void) expect_two (process, TOLD_STOP, TOLD_ENDING);
    expect_end (master, PREFORK_ENDED);
    supervisor_clear (&supervisor);
}
END_TEST

/* It may have read the files of before. */
START_TEST (process_that_starts_meanwhile_reloads_when_it_serves)
{
    G_GNUC_UNUSED g_autofree char *message = NULL;
    pid_t master, process, next;

    supervisor_init (&supervisor, FALSE);
    ck_assert (g_setenv ("NOTIFY_SOCKET", supervisor.name, TRUE));
    master = start (1, &process);
    supervisor_expect (&supervisor, "READY=1");
    (void) kill (master, SIGUSR2);
    next = expect (TOLD_BORN);
    (void) kill (master, SIGHUP);
    expect_of (master, TOLD_REOPEN);
    expect_of (process, TOLD_RELOAD);
    supervisor_expect (&supervisor, "RELOADING=1");
    tell (process, "READY=1");
    tell (next, "READY=1");
    (void) expect_two (process, TOLD_PART, TOLD_RELOAD);
    /* Its word is the last that the end of the reload waits for. */
    tell (next, "WATCHDOG=1");
    supervisor_expect (&supervisor, "WATCHDOG=1");
    tell (next, "READY=1");
    supervisor_expect (&supervisor, "READY=1");
    (void) kill (master, SIGTERM);
    (void) expect_two (next, TOLD_STOP, TOLD_ENDING);
    expect_end (master, PREFORK_ENDED);
    supervisor_clear (&supervisor);
}
END_TEST

START_TEST (process_that_cannot_be_forked_is_forked_later)
{
    pid_t master, pids[2], next;

    master = start (2, pids);
    allow_descriptors (master, FALSE);
    (void) kill (pids[1], SIGKILL);
    while (kill (pids[1], 0) == 0)
        (void) sched_yield ();
    await_master (master, pids, 1);
    allow_descriptors (master, TRUE);
    next = expect (TOLD_BORN);
    tell (next, "READY=1");
    await_master (master, pids, 2);
    (void) kill (master, SIGTERM);
    expect_of (master, TOLD_ENDING);
    (void) expect (TOLD_STOP);
    (void) expect (TOLD_STOP);
    expect_end (master, PREFORK_ENDED);
}
END_TEST

START_TEST (restart_that_cannot_be_begun_harms_nobody)
{
    pid_t master, process, next;

    master = start (1, &process);
    allow_descriptors (master, FALSE);
    for (guint i = 0; i < 4; i++) {
        (void) kill (master, SIGUSR2);
        await_master (master, &process, 1);
    }
    allow_descriptors (master, TRUE);
    (void) kill (master, SIGUSR2);
    next = expect (TOLD_BORN);
    tell (next, "READY=1");
    expect_of (process, TOLD_PART);
    (void) kill (master, SIGTERM);
    (void) expect_two (next, TOLD_STOP, TOLD_ENDING);
    expect_end (master, PREFORK_ENDED);
}
END_TEST

/* Else a restart that goes on for long looks like a standstill. */
START_TEST (process_that_has_just_come_need_give_no_sign_of_life)
{
    pid_t master, pids[2], next, other;

    supervisor_init (&supervisor, FALSE);
    ck_assert (g_setenv ("NOTIFY_SOCKET", supervisor.name, TRUE));
    master = start (2, pids);
    supervisor_expect (&supervisor, "READY=1");
    (void) kill (master, SIGUSR2);
    next = expect (TOLD_BORN);
    tell (next, "READY=1");
    other = expect_two (pids[0], TOLD_PART, TOLD_BORN);
    tell (pids[1], "WATCHDOG=1");
    supervisor_expect (&supervisor, "WATCHDOG=1");
    tell (other, "READY=1");
    expect_of (pids[1], TOLD_PART);
    (void) kill (master, SIGTERM);
    expect_of (master, TOLD_ENDING);
    (void) expect (TOLD_STOP);
    (void) expect (TOLD_STOP);
    expect_end (master, PREFORK_ENDED);
    supervisor_clear (&supervisor);
}
END_TEST

/* Who was never ready did nothing that could be cut. */
START_TEST (signal_to_all_during_the_start_cuts_nothing)
{
    pid_t master = fork_master (1), process = expect (TOLD_BORN);

    (void) kill (process, SIGSTOP);
    (void) kill (master, SIGTERM);
    expect_of (master, TOLD_ENDING);
    (void) kill (process, SIGTERM);
    (void) kill (process, SIGCONT);
    expect_end (master, PREFORK_ENDED);
}
END_TEST

/* So some shells and supervisors start what they start. */
START_TEST (master_hears_of_ends_that_it_was_started_to_ignore)
{
    pid_t master, process;

    (void) signal (SIGCHLD, SIG_IGN);
    master = start (1, &process);
    (void) signal (SIGCHLD, SIG_DFL);
    (void) kill (process, SIGKILL);
    process = expect (TOLD_BORN);
    tell (process, "READY=1");
    await_master (master, &process, 1);
    (void) kill (master, SIGTERM);
    (void) expect_two (process, TOLD_STOP, TOLD_ENDING);
    expect_end (master, PREFORK_ENDED);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "reload", reload_asked_for_during_the_start_is_not_told_as_its_end,
                    process_that_starts_meanwhile_reloads_when_it_serves, NULL);
    suite_add_case (suite, "life", process_that_cannot_be_forked_is_forked_later,
                    restart_that_cannot_be_begun_harms_nobody,
                    process_that_has_just_come_need_give_no_sign_of_life,
                    signal_to_all_during_the_start_cuts_nothing,
                    master_hears_of_ends_that_it_was_started_to_ignore, NULL);
}

/* qemu-user has a thread of its own in each process; who has threads cannot become a master. */
static gboolean
is_emulated (void)
{
#ifdef __SANITIZE_THREAD__
    return FALSE; /* which has one, too, and is known for it */
#else
    g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
    guint n = 0;

    while (tasks != NULL && g_dir_read_name (tasks) != NULL)
        n++;
    return n > 1;
#endif
}

int
main (void)
{
    if (is_emulated ()) {
        g_print ("SKIP: something else has threads in this process\n");
        return 77;
    }
    return suite_run ("engine/prefork", add_cases);
}
