/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* pipe2, posix_spawn_file_actions_addclosefrom_np */

#include "step-process.h"

#include "process-end.h"
#include "process-group.h"

#include <h3/base/error.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/watch.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_SIZE     32768
#define FIRST_FREE_FD 3
#define DEFAULT_PATH  "/usr/local/bin:/usr/bin:/bin"

/*
 *   RUNNING ── on_ended () ──► LEFT ── finish () ──► gone
 *      │                         ▲
 *      └─ step_process_end () ► ENDING ── on_ended ()
 *
 *   RUNNING   the first process lives
 *   ENDING    so it does, but the group was told to end; SIGKILL comes with the alarm
 *   LEFT      it has ended, and is not waited for yet, so that nobody else gets its number; others
 *             of the group may still print, until both pipes end or the alarm comes: that of
 *             ENDING, where they were told to end, too
 */
typedef enum { RUNNING, ENDING, LEFT } State;

typedef struct {
    StepProcess *process; /* borrowed: whose it is */
    RunStream stream;
    int fd;       /* owned; -1: it has ended */
    Watch *watch; /* owned; NULL likewise */
} Pipe;

struct _StepProcess {
    Alarm alarm;
    Loop *loop; /* borrowed: who runs the step */
    const StepProcessListener *listener;
    gpointer data; /* the listener's */
    State state;
    pid_t pid; /* the group's number, too */
    guint64 start;
    int end_fd;          /* owned: of its end; -1: none */
    Watch *ended;        /* owned: of end_fd */
    Pipe pipes[2];       /* by RunStream */
    int unreadable;      /* errno of a pipe that could not be read; 0: none */
    gboolean was_killed; /* SIGKILL came of ENDING */
};

static void
set_state (StepProcess *self, State state)
{
    g_debug ("process %d: %d -> %d", (int) self->pid, (int) self->state, (int) state);
    self->state = state;
}

static void
close_pipe (Pipe *pipe)
{
    g_clear_pointer (&pipe->watch, watch_free);
    if (pipe->fd >= 0)
        (void) close (pipe->fd);
    pipe->fd = -1;
}

static void
free_process (StepProcess *self)
{
    if (loop_get_alarms (self->loop) != NULL)
        alarms_clear (loop_get_alarms (self->loop), &self->alarm);
    close_pipe (&self->pipes[RUN_STDOUT]);
    close_pipe (&self->pipes[RUN_STDERR]);
    watch_free (self->ended);
    if (self->end_fd >= 0)
        (void) close (self->end_fd);
    g_free (self);
}

/* Of a process that has ended, or is about to. FALSE with errno: somebody else has waited for it,
 * or the program ignores SIGCHLD. */
static gboolean
reap (pid_t pid, siginfo_t *out)
{
    int result;

    while ((result = waitid (P_PID, (id_t) pid, out, WEXITED)) < 0 && errno == EINTR)
        ;
    return result == 0;
}

/* Its number is still the group's: nobody has waited for it yet. */
static void
finish (StepProcess *self)
{
    const StepProcessListener *listener = self->listener;
    gpointer data = self->data;
    StepProcessEnd end = { .exit_code = -1, .was_killed = self->was_killed };
    g_autofree char *complaint = NULL;
    siginfo_t info = { 0 };

    (void) kill (-self->pid, SIGKILL);
    if (!reap (self->pid, &info))
        complaint = g_strdup_printf ("nobody knows how it ended: %s", g_strerror (errno));
    else if (info.si_code == CLD_EXITED)
        end.exit_code = info.si_status;
    else
        end.signal = info.si_status;
    if (complaint == NULL && self->unreadable != 0)
        complaint = g_strdup_printf ("what it printed could not be read: %s",
                                     g_strerror (self->unreadable));
    end.complaint = complaint;
    free_process (self);
    listener->on_end (&end, data);
}

static gboolean
has_pipes (const StepProcess *self)
{
    return self->pipes[RUN_STDOUT].fd >= 0 || self->pipes[RUN_STDERR].fd >= 0;
}

static void
on_readable (Watch *watch, WatchFlags ready, gpointer data)
{
    Pipe *pipe = data;
    StepProcess *self = pipe->process;
    char buffer[READ_SIZE];
    gssize n = read (pipe->fd, buffer, sizeof buffer);

    if (n > 0) {
        self->listener->on_output (pipe->stream, buffer, (gsize) n, self->data);
        return;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0)
        self->unreadable = errno;
    close_pipe (pipe);
    if (self->state == LEFT && !has_pipes (self))
        finish (self);
}

static void
on_due (Alarm *alarm)
{
    StepProcess *self = (StepProcess *) alarm;

    if (self->state == LEFT) {
        finish (self);
        return;
    }
    self->was_killed = TRUE;
    (void) kill (-self->pid, SIGKILL);
}

static void
set_alarm (StepProcess *self, gint64 milliseconds)
{
    alarms_set (loop_get_alarms (self->loop), &self->alarm, clock_get_now () + milliseconds);
}

static void
on_ended (Watch *watch, WatchFlags ready, gpointer data)
{
    StepProcess *self = data;

    gboolean has_grace = self->state == ENDING && !self->was_killed;

    g_clear_pointer (&self->ended, watch_free);
    set_state (self, LEFT);
    if (!has_pipes (self))
        finish (self);
    else if (!has_grace)
        set_alarm (self, STEP_PROCESS_DRAIN);
}

void
step_process_end (StepProcess *self)
{
    if (self->state != RUNNING)
        return;
    set_state (self, ENDING);
    (void) kill (-self->pid, SIGTERM);
    set_alarm (self, STEP_PROCESS_GRACE);
}

void
step_process_kill (StepProcess *self)
{
    if (self->state == RUNNING)
        set_state (self, ENDING);
    alarms_clear (loop_get_alarms (self->loop), &self->alarm);
    if (self->state == LEFT)
        set_alarm (self, STEP_PROCESS_DRAIN);
    self->was_killed = TRUE;
    (void) kill (-self->pid, SIGKILL);
}

gint64
step_process_get_group (const StepProcess *self)
{
    return self->pid;
}

guint64
step_process_get_start (const StepProcess *self)
{
    return self->start;
}

/* --- how it begins --- */

static const char *
find_variable (char *const *environment, const char *name)
{
    gsize n = strlen (name);

    for (; *environment != NULL; environment++) {
        if (strncmp (*environment, name, n) == 0 && (*environment)[n] == '=')
            return *environment + n + 1;
    }
    return NULL;
}

/* (transfer full) (nullable): as a shell would find it, in the PATH that it is given itself. */
static char *
find_program (const char *name, char *const *environment, GError **error)
{
    const char *path = find_variable (environment, "PATH");
    g_auto (GStrv) folders = g_strsplit (path != NULL ? path : DEFAULT_PATH, ":", -1);

    if (strchr (name, '/') != NULL)
        return g_strdup (name);
    for (guint i = 0; folders[i] != NULL && name[0] != '\0'; i++) {
        g_autofree char *found = g_build_filename (folders[i], name, NULL);

        if (folders[i][0] != '\0' && g_file_test (found, G_FILE_TEST_IS_REGULAR)
            && access (found, X_OK) == 0)
            return g_steal_pointer (&found);
    }
    g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no program '%s' in PATH", name);
    return NULL;
}

/* One that is none of the three that a child gets in their place. */
static int
lift (int fd)
{
    int lifted;

    if (fd >= FIRST_FREE_FD)
        return fd;
    lifted = fcntl (fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
    (void) close (fd);
    return lifted;
}

/* The end to read goes into the pipe; the other, which blocks, is the child's. */
static gboolean
open_pipe (Pipe *pipe, int *out_write)
{
    int fds[2];

    if (pipe2 (fds, O_CLOEXEC) != 0)
        return FALSE;
    pipe->fd = fds[0];
    *out_write = lift (fds[1]);
    return *out_write >= 0 && fcntl (pipe->fd, F_SETFL, O_NONBLOCK) == 0;
}

static int
prepare_actions (posix_spawn_file_actions_t *actions, const int *writes, const char *directory)
{
    int result = posix_spawn_file_actions_addopen (actions, 0, "/dev/null", O_RDONLY, 0);

    if (result == 0)
        result = posix_spawn_file_actions_adddup2 (actions, writes[RUN_STDOUT], 1);
    if (result == 0)
        result = posix_spawn_file_actions_adddup2 (actions, writes[RUN_STDERR], 2);
    if (result == 0)
        result = posix_spawn_file_actions_addclosefrom_np (actions, FIRST_FREE_FD);
    if (result == 0 && directory != NULL)
        result = posix_spawn_file_actions_addchdir_np (actions, directory);
    return result;
}

static void
prepare_attributes (posix_spawnattr_t *attributes)
{
    sigset_t all, none;

    sigfillset (&all);
    sigemptyset (&none);
    (void) posix_spawnattr_setpgroup (attributes, 0);
    (void) posix_spawnattr_setsigdefault (attributes, &all);
    (void) posix_spawnattr_setsigmask (attributes, &none);
    (void) posix_spawnattr_setflags (attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF
                                                     | POSIX_SPAWN_SETSIGMASK);
}

/* 0, or what kept it from being. */
static int
spawn (StepProcess *self, const char *program, const StepProcessOrder *order, const int *writes)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int result = posix_spawn_file_actions_init (&actions);

    if (result != 0)
        return result;
    result = posix_spawnattr_init (&attributes);
    if (result == 0) {
        prepare_attributes (&attributes);
        result = prepare_actions (&actions, writes, order->directory);
        if (result == 0)
            result = posix_spawn (&self->pid, program, &actions, &attributes, order->argv,
                                  order->environment);
        (void) posix_spawnattr_destroy (&attributes);
    }
    (void) posix_spawn_file_actions_destroy (&actions);
    return result;
}

static gboolean
begin (StepProcess *self, const StepProcessOrder *order, GError **error)
{
    g_autofree char *program = find_program (order->argv[0], order->environment, error);
    int writes[2] = { -1, -1 }, result = 0;

    if (program == NULL)
        return FALSE;
    if (!open_pipe (&self->pipes[RUN_STDOUT], &writes[RUN_STDOUT])
        || !open_pipe (&self->pipes[RUN_STDERR], &writes[RUN_STDERR]))
        result = errno;
    else
        result = spawn (self, program, order, writes);
    for (guint i = 0; i < G_N_ELEMENTS (writes); i++) {
        if (writes[i] >= 0)
            (void) close (writes[i]);
    }
    if (result == 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "cannot run '%s'%s%s: %s", program,
                 order->directory != NULL ? " in " : "",
                 order->directory != NULL ? order->directory : "", g_strerror (result));
    return FALSE;
}

static gboolean
watch_it (StepProcess *self, GError **error)
{
    self->end_fd = process_end_open (self->pid);
    if (self->end_fd < 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a process cannot be waited for: %s%s",
                     g_strerror (errno),
                     errno == ESRCH ? " (the program must not ignore SIGCHLD)" : "");
        return FALSE;
    }
    self->ended = watch_new (self->loop, self->end_fd, WATCH_READ, on_ended, self, error);
    for (guint i = 0; i < G_N_ELEMENTS (self->pipes) && self->ended != NULL; i++) {
        self->pipes[i].watch = watch_new (self->loop, self->pipes[i].fd, WATCH_READ, on_readable,
                                          &self->pipes[i], error);
        if (self->pipes[i].watch == NULL)
            return FALSE;
    }
    return self->ended != NULL;
}

StepProcess *
step_process_start (Loop *loop, const StepProcessOrder *order, const StepProcessListener *listener,
                    gpointer data, GError **error)
{
    StepProcess *self = g_new0 (StepProcess, 1);
    siginfo_t info;

    self->loop = loop;
    self->listener = listener;
    self->data = data;
    self->end_fd = -1;
    self->alarm.on_due = on_due;
    for (guint i = 0; i < G_N_ELEMENTS (self->pipes); i++)
        self->pipes[i] = (Pipe){ .process = self, .stream = (RunStream) i, .fd = -1 };
    if (!begin (self, order, error)) {
        free_process (self);
        return NULL;
    }
    self->start = process_group_get_start (self->pid);
    if (!watch_it (self, error)) {
        /* What nobody can wait for must not run. */
        (void) kill (-self->pid, SIGKILL);
        (void) reap (self->pid, &info);
        free_process (self);
        return NULL;
    }
    return self;
}
