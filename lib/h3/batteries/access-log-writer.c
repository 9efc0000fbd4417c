/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* memrchr */

#include "access-log-writer.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Lines are gathered so long before they are written, unless this much is there. */
#define GATHER_MILLISECONDS  50
#define GATHER_BYTES(writer) ((writer)->capacity / 4)
#define LAST_MICROSECONDS    G_USEC_PER_SEC

struct _AccessLogWriter {
    pthread_mutex_t lock; /* guards what follows up to `thread` */
    pthread_cond_t changed;
    char *filling; /* owned */
    gsize length, capacity;
    guint64 n_dropped;
    gboolean is_running;
    pthread_t thread;

    atomic_bool is_ending;
    _Atomic gint64 last_moment; /* of the precise clock, once it is ending */

    /* The thread's own. */
    int fd; /* owned where owns_fd */
    gboolean owns_fd;
    gboolean is_file;      /* never makes us wait for a reader */
    gboolean line_is_open; /* a line was written in part */
    guint generation;      /* of reopening */
    guint64 n_lost;        /* lines that could not be written */
    char *path;            /* owned; NULL: cannot be opened anew */
    char *writing;         /* owned */
    AccessLogLoss loss;
};

static atomic_uint reopen_generation;

gboolean
access_log_writer_open (const char *path, int *out_fd, GError **error)
{
    /* A pipe that nobody reads is an error, and not waited for; a full one is awaited by poll ().
     */
    int fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);

    if (fd < 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the access log %s cannot be opened: %s",
                     path, g_strerror (errno));
        return FALSE;
    }
    *out_fd = fd;
    return TRUE;
}

static void
look_at_file (AccessLogWriter *writer)
{
    struct stat status;

    writer->is_file = fstat (writer->fd, &status) == 0 && S_ISREG (status.st_mode);
}

/* Where it cannot be opened, the lines go on into the old one. */
static void
reopen (AccessLogWriter *writer)
{
    g_autoptr (GError) error = NULL;
    guint generation = atomic_load (&reopen_generation);
    int fd;

    if (writer->path == NULL || generation == writer->generation)
        return;
    writer->generation = generation;
    if (!access_log_writer_open (writer->path, &fd, &error)) {
        g_debug ("%s", error->message);
        return;
    }
    if (writer->owns_fd)
        (void) close (writer->fd);
    writer->fd = fd;
    writer->owns_fd = TRUE;
    writer->line_is_open = FALSE;
    look_at_file (writer);
}

/* FALSE when it is time to give up. A pipe that is ready takes PIPE_BUF bytes without blocking. */
static gboolean
wait_for_reader (AccessLogWriter *writer)
{
    struct pollfd poll_fd = { .fd = writer->fd, .events = POLLOUT };

    while (!writer->is_file && poll (&poll_fd, 1, 100) <= 0) {
        if (atomic_load (&writer->is_ending)
            && clock_get_precise () > atomic_load (&writer->last_moment))
            return FALSE;
    }
    return TRUE;
}

/* How much of it is written at once. What a pipe takes whole are lines: other processes may write
 * to the same one. */
static gsize
choose_piece (const AccessLogWriter *writer, const char *data, gsize length)
{
    const char *end;

    if (writer->is_file || length <= PIPE_BUF)
        return length;
    end = memrchr (data, '\n', PIPE_BUF);
    return end != NULL ? (gsize) (end - data) + 1 : PIPE_BUF;
}

/* Returns how much was written. */
static gsize
write_all (AccessLogWriter *writer, const char *data, gsize length)
{
    gsize written = 0;

    while (written < length && wait_for_reader (writer)) {
        gsize piece = choose_piece (writer, data + written, length - written);
        gssize n = write (writer->fd, data + written, piece);

        if (n > 0)
            written += (gsize) n;
        else if (n == 0 || (errno != EINTR && errno != EAGAIN))
            break;
    }
    if (written > 0)
        writer->line_is_open = data[written - 1] != '\n';
    return written;
}

static guint64
count_lines (const char *data, gsize length)
{
    guint64 n = 0;

    for (gsize i = 0; i < length; i++)
        n += data[i] == '\n';
    return n;
}

/* What has been lost is told as soon as something can be written again. */
static gboolean
tell_loss (AccessLogWriter *writer)
{
    char text[160];
    int length;

    if (writer->line_is_open && write_all (writer, "\n", 1) == 0)
        return FALSE;
    if (writer->n_lost == 0)
        return TRUE;
    length = snprintf (text, sizeof text, "%s%" G_GUINT64_FORMAT "%s", writer->loss.before,
                       writer->n_lost, writer->loss.after);
    if (write_all (writer, text, (gsize) length) < (gsize) length)
        return FALSE;
    writer->n_lost = 0;
    return TRUE;
}

static void
write_lines (AccessLogWriter *writer, gsize length)
{
    gsize written = 0;

    reopen (writer);
    if (tell_loss (writer))
        written = write_all (writer, writer->writing, length);
    writer->n_lost += count_lines (writer->writing + written, length - written);
}

static void
wait_gathering (AccessLogWriter *writer)
{
    struct timespec until;

    clock_gettime (CLOCK_MONOTONIC, &until);
    until.tv_nsec += GATHER_MILLISECONDS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    while (!atomic_load (&writer->is_ending) && writer->length < GATHER_BYTES (writer)) {
        if (pthread_cond_timedwait (&writer->changed, &writer->lock, &until) == ETIMEDOUT)
            break;
    }
}

static void *
run (void *data)
{
    AccessLogWriter *writer = data;

    pthread_mutex_lock (&writer->lock);
    for (;;) {
        char *full;
        gsize length;

        while (writer->length == 0 && !atomic_load (&writer->is_ending))
            pthread_cond_wait (&writer->changed, &writer->lock);
        if (writer->length == 0)
            break;
        wait_gathering (writer);
        full = writer->filling;
        length = writer->length;
        writer->filling = writer->writing;
        writer->length = 0;
        writer->n_lost += writer->n_dropped;
        writer->n_dropped = 0;
        pthread_mutex_unlock (&writer->lock);
        writer->writing = full;
        write_lines (writer, length);
        pthread_mutex_lock (&writer->lock);
    }
    writer->n_lost += writer->n_dropped;
    pthread_mutex_unlock (&writer->lock);
    if (writer->n_lost > 0)
        (void) tell_loss (writer);
    return NULL;
}

/* Signals are for other threads; SIGPIPE, which only a write of this one raises, for nobody. */
static void
start (AccessLogWriter *writer)
{
    sigset_t all, before;

    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    writer->is_running = pthread_create (&writer->thread, NULL, run, writer) == 0;
    pthread_sigmask (SIG_SETMASK, &before, NULL);
}

AccessLogWriter *
access_log_writer_new (int fd, gboolean owns_fd, const char *path, gsize capacity,
                       AccessLogLoss loss)
{
    AccessLogWriter *writer = g_new0 (AccessLogWriter, 1);
    pthread_condattr_t attributes;

    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init (&writer->lock, NULL);
    pthread_cond_init (&writer->changed, &attributes);
    pthread_condattr_destroy (&attributes);
    writer->filling = g_malloc (capacity);
    writer->writing = g_malloc (capacity);
    writer->capacity = capacity;
    writer->fd = fd;
    writer->owns_fd = owns_fd;
    writer->path = g_strdup (path);
    writer->loss = loss;
    writer->generation = atomic_load (&reopen_generation);
    look_at_file (writer);
    return writer;
}

void
access_log_writer_free (AccessLogWriter *writer)
{
    gboolean is_running;

    if (writer == NULL)
        return;
    pthread_mutex_lock (&writer->lock);
    atomic_store (&writer->last_moment, clock_get_precise () + LAST_MICROSECONDS);
    atomic_store (&writer->is_ending, TRUE);
    is_running = writer->is_running;
    pthread_cond_signal (&writer->changed);
    pthread_mutex_unlock (&writer->lock);
    if (is_running)
        (void) pthread_join (writer->thread, NULL);
    if (writer->owns_fd)
        (void) close (writer->fd);
    pthread_cond_destroy (&writer->changed);
    pthread_mutex_destroy (&writer->lock);
    g_free (writer->filling);
    g_free (writer->writing);
    g_free (writer->path);
    g_free (writer);
}

void
access_log_writer_add (AccessLogWriter *writer, const char *line, gsize length)
{
    gsize before;

    pthread_mutex_lock (&writer->lock);
    if (!writer->is_running)
        start (writer);
    before = writer->length;
    if (!writer->is_running || length > writer->capacity - before) {
        writer->n_dropped++;
    } else {
        memcpy (writer->filling + before, line, length);
        writer->length = before + length;
        if (before == 0
            || (before < GATHER_BYTES (writer) && writer->length >= GATHER_BYTES (writer)))
            pthread_cond_signal (&writer->changed);
    }
    pthread_mutex_unlock (&writer->lock);
}

void
access_log_writer_reopen_all (void)
{
    atomic_fetch_add (&reopen_generation, 1);
}
