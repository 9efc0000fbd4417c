/* SPDX-License-Identifier: MIT */

#include "prefork-private.h"
#include "service-manager.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* ThreadSanitizer may have one of its own, which is in every process. */
#ifdef __SANITIZE_THREAD__
#define MAX_THREADS 2
#else
#define MAX_THREADS 1
#endif

/* Exit status of a process whose work was cut: as of h3_app_run (). */
#define STATUS_CUT 3

static void
fill_signals (sigset_t *out_signals)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD };

    sigemptyset (out_signals);
    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
        sigaddset (out_signals, numbers[i]);
}

static guint
count_threads (void)
{
    g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
    guint n = 0;

    while (tasks != NULL && g_dir_read_name (tasks) != NULL)
        n++;
    return n;
}

static gboolean
open_signals (Prefork *prefork, GError **error)
{
    sigset_t signals;

    fill_signals (&signals);
    prefork->signals = signalfd (-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (prefork->signals >= 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "signals cannot be read: %s",
                 g_strerror (errno));
    return FALSE;
}

Prefork *
prefork_new (guint n_processes, GError **error)
{
    g_autoptr (Prefork) prefork = g_new0 (Prefork, 1);
    guint n_threads = count_threads ();

    g_assert (n_processes > 0 && n_processes <= PREFORK_MAX_PROCESSES);
    prefork->n_places = prefork->n_wanted = n_processes;
    prefork->processes = g_ptr_array_new_with_free_func ((GDestroyNotify) process_free);
    prefork->signals = prefork->master = -1;
    if (n_threads > MAX_THREADS) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED,
                     "several processes cannot be had: %u threads run already, which none of them "
                     "would have: start them once the server runs",
                     n_threads);
        return NULL;
    }
    if (!service_manager_open_notices (&prefork->notices, error) || !open_signals (prefork, error))
        return NULL;
    return g_steal_pointer (&prefork);
}

void
prefork_free (Prefork *prefork)
{
    if (prefork == NULL)
        return;
    g_ptr_array_unref (prefork->processes);
    g_clear_pointer (&prefork->notices, service_notices_free);
    g_clear_error (&prefork->error);
    if (prefork->signals >= 0)
        (void) close (prefork->signals);
    if (prefork->master >= 0)
        (void) close (prefork->master);
    g_free (prefork);
}

/* Takes the error. */
static void
fail (Prefork *prefork, GError *error)
{
    prefork->has_failed = TRUE;
    if (prefork->error == NULL)
        prefork->error = error;
    else
        g_error_free (error);
    if (prefork->n_stops == 0)
        prefork_stop (prefork);
}

/* Whether there were too many of late. */
static gboolean
note_crash (Prefork *prefork)
{
    gint64 now = clock_get_now ();
    gint64 *oldest = &prefork->crashes[prefork->n_crashes++ % PREFORK_MAX_CRASHES];

    /* The ring's next is the oldest of the last ones, this one among them. */
    *oldest = now;
    return prefork->n_crashes >= PREFORK_MAX_CRASHES
           && now - prefork->crashes[prefork->n_crashes % PREFORK_MAX_CRASHES]
                  <= PREFORK_CRASH_TIME;
}

static void
take_crash (Prefork *prefork, const char *what)
{
    if (!note_crash (prefork)) {
        g_message ("%s: another takes its place", what);
        return;
    }
    fail (prefork,
          g_error_new (H3_ERROR, H3_ERROR_LIMIT,
                       "%u processes ended unasked within %d seconds: no more are started, and the "
                       "others end (the last: %s)",
                       PREFORK_MAX_CRASHES, PREFORK_CRASH_TIME / 1000, what));
}

Process *
prefork_find (const Prefork *prefork, guint place, const Process *other)
{
    for (guint i = 0; i < prefork->processes->len; i++) {
        Process *process = prefork->processes->pdata[i];

        if (process != other && process->place == place && process->stage != PROCESS_LEAVING)
            return process;
    }
    return NULL;
}

static guint
count_stage (const Prefork *prefork, ProcessStage stage)
{
    guint n = 0;

    for (guint i = 0; i < prefork->processes->len; i++)
        n += ((Process *) prefork->processes->pdata[i])->stage == stage;
    return n;
}

/* It is in the list no more. */
static void
take_end (Prefork *prefork, const Process *process, int status)
{
    g_autofree char *what = process_describe_end (process, status);
    gboolean was_well = WIFEXITED (status) && WEXITSTATUS (status) == 0;

    if (process->stage == PROCESS_LEAVING) {
        prefork->was_cut =
            prefork->was_cut || (prefork->n_stops > 0 && process->has_served && !was_well);
        if (!was_well && !(WIFEXITED (status) && WEXITSTATUS (status) == STATUS_CUT))
            g_message ("%s, as it was to end", what);
    } else if (!prefork->is_ready && process->stage == PROCESS_STARTING && WIFEXITED (status)) {
        /* It has said why. */
        prefork->has_failed = TRUE;
        prefork_stop (prefork);
    } else if (process->stage == PROCESS_STARTING
               && prefork_find (prefork, process->place, NULL) != NULL) {
        prefork_give_up_rolling (prefork, what);
    } else {
        take_crash (prefork, what);
    }
}

static void
send_sign_of_life (Prefork *prefork)
{
    if (!prefork->is_ready)
        return;
    for (guint i = 0; i < prefork->processes->len; i++) {
        const Process *process = prefork->processes->pdata[i];

        if (process->stage == PROCESS_READY && !process->has_turned)
            return;
    }
    for (guint i = 0; i < prefork->processes->len; i++)
        ((Process *) prefork->processes->pdata[i])->has_turned = FALSE;
    service_notices_pass (prefork->notices, "WATCHDOG=1");
}

/* Who had the place gives way. */
static void
take_ready (Prefork *prefork, Process *process)
{
    Process *before;

    if (process->stage == PROCESS_STARTING) {
        process->stage = PROCESS_READY;
        process->has_served = process->has_turned = TRUE;
        if (process->late != 0)
            (void) kill (process->pid, process->late);
        before = prefork_find (prefork, process->place, process);
        if (before == NULL)
            return;
        before->stage = PROCESS_LEAVING;
        process_order (before, ORDER_PART);
    } else if (process->is_loading) {
        process->is_loading = FALSE;
        prefork_end_reload (prefork);
    }
}

static void
hear (Prefork *prefork, Process *process)
{
    char *message;

    while ((message = process_hear (process)) != NULL) {
        if (g_str_has_prefix (message, "READY=1")) {
            take_ready (prefork, process);
        } else if (g_str_has_prefix (message, "WATCHDOG=1")) {
            process->has_turned = TRUE;
            send_sign_of_life (prefork);
        } else if (g_str_has_prefix (message, "EXTEND_TIMEOUT_USEC=") && prefork->n_stops > 0) {
            service_notices_pass (prefork->notices, message);
        }
        g_free (message);
    }
}

void
prefork_reap (Prefork *prefork)
{
    for (guint i = 0; i < prefork->processes->len;) {
        Process *process = prefork->processes->pdata[i];
        gboolean was_loading;
        int status;

        if (waitpid (process->pid, &status, WNOHANG) != process->pid) {
            i++;
            continue;
        }
        hear (prefork, process);
        was_loading = process->is_loading;
        (void) g_ptr_array_steal_index (prefork->processes, i);
        take_end (prefork, process, status);
        process_free (process);
        if (was_loading)
            prefork_end_reload (prefork);
        i = 0;
    }
}

/* One that cannot be had at the beginning ends all, later on it is tried for again: those that run
 * are better than none. FALSE: there was none. */
static gboolean
add_process (Prefork *prefork, guint place)
{
    GError *error = NULL;

    if (prefork_fork (prefork, place, &error))
        return TRUE;
    if (!prefork->is_ready) {
        fail (prefork, error);
        return FALSE;
    }
    g_message ("%s: it is tried again in %d ms", error->message, PREFORK_RETRY_TIME);
    g_error_free (error);
    prefork->retry = clock_get_now () + PREFORK_RETRY_TIME;
    return FALSE;
}

/* The first shows alone that they can start: what hinders them is told once. */
static void
fill_places (Prefork *prefork)
{
    guint n = prefork->is_ready || count_stage (prefork, PROCESS_READY) > 0
                  ? MIN (prefork->n_places, prefork->n_wanted)
                  : 1;

    if (clock_get_now () < prefork->retry)
        return;
    prefork->retry = 0;
    for (guint i = 0; i < n && prefork->n_stops == 0 && !prefork->is_process; i++) {
        if (prefork_find (prefork, i, NULL) == NULL && !add_process (prefork, i))
            return;
    }
}

/* Milliseconds; -1: for whatever comes. */
static int
get_patience (const Prefork *prefork)
{
    if (prefork->retry == 0 || prefork->n_stops > 0)
        return -1;
    return (int) CLAMP (prefork->retry - clock_get_now (), 1, PREFORK_RETRY_TIME);
}

static void
await (Prefork *prefork)
{
    guint n = prefork->processes->len;
    g_autofree struct pollfd *fds = g_new0 (struct pollfd, n + 1);

    fds[0] = (struct pollfd){ .fd = prefork->signals, .events = POLLIN };
    for (guint i = 0; i < n; i++) {
        const Process *process = prefork->processes->pdata[i];

        fds[i + 1] =
            (struct pollfd){ .fd = process->is_silent ? -1 : process->fd, .events = POLLIN };
    }
    (void) poll (fds, n + 1, get_patience (prefork));
    for (guint i = 0; i < n; i++) {
        Process *process = prefork->processes->pdata[i];

        if ((fds[i + 1].revents & POLLIN) != 0)
            hear (prefork, process);
        process->is_silent = process->is_silent || (fds[i + 1].revents & (POLLHUP | POLLERR)) != 0;
    }
    prefork_take_signals (prefork);
}

static void
note_ready (Prefork *prefork)
{
    g_autofree char *message = NULL;

    if (prefork->is_ready || prefork->n_stops > 0
        || count_stage (prefork, PROCESS_READY) != prefork->n_places)
        return;
    prefork->is_ready = TRUE;
    message = g_strdup_printf ("READY=1\nMAINPID=%d\nSTATUS=Serves by %u processes",
                               (int) getpid (), prefork->n_places);
    service_notices_pass (prefork->notices, message);
    prefork->events.ready (prefork->events.data);
}

static PreforkEnd
describe_all (Prefork *prefork, GError **error)
{
    if (prefork->has_failed) {
        if (prefork->error != NULL)
            g_propagate_error (error, g_steal_pointer (&prefork->error));
        return PREFORK_FAILED;
    }
    return prefork->was_cut ? PREFORK_CUT : PREFORK_ENDED;
}

PreforkEnd
prefork_run (Prefork *prefork, const PreforkEvents *events, GError **error)
{
    sigset_t signals, before;

    prefork->events = *events;
    fill_signals (&signals);
    (void) sigprocmask (SIG_BLOCK, &signals, &before);
    /* Where the program was started with it ignored no end would be heard of. */
    (void) signal (SIGCHLD, SIG_DFL);
    for (;;) {
        do
            fill_places (prefork);
        while (!prefork->is_process && prefork_roll (prefork));
        if (prefork->is_process)
            return PREFORK_IS_PROCESS;
        if (prefork->processes->len == 0 && prefork->n_stops > 0)
            break;
        await (prefork);
        note_ready (prefork);
    }
    (void) sigprocmask (SIG_SETMASK, &before, NULL);
    return describe_all (prefork, error);
}
