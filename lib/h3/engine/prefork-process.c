/* SPDX-License-Identifier: MIT
 *
 * One process of several: how it begins, what it and the master say to each other. */

#define _GNU_SOURCE

#include "prefork-private.h"
#include "service-manager.h"

#include <h3/base/error.h>

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longer than anything a process tells. */
#define MESSAGE_SIZE 4096

void
process_free (Process *process)
{
    if (process->fd >= 0)
        (void) close (process->fd);
    g_free (process);
}

void
process_order (const Process *process, ProcessOrder order)
{
    char letter = (char) order;

    /* One that has gone is reaped soon. */
    (void) send (process->fd, &letter, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

char *
process_hear (const Process *process)
{
    char message[MESSAGE_SIZE];
    ssize_t n;

    do
        n = recv (process->fd, message, sizeof message, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n > 0 ? g_strndup (message, (gsize) n) : NULL;
}

char *
process_describe_end (const Process *process, int status)
{
    if (WIFSIGNALED (status))
        return g_strdup_printf ("process %d ended by signal %d (%s)", (int) process->pid,
                                WTERMSIG (status), strsignal (WTERMSIG (status)));
    return g_strdup_printf ("process %d ended unasked, with status %d", (int) process->pid,
                            WEXITSTATUS (status));
}

/* What the master has is not this one's; its signals come as to any program. ^C, which comes to all
 * processes of a terminal, is for the master to pass on, and the others must not end who does not
 * listen to them yet. */
static void
become_process (Prefork *prefork, guint place, int master)
{
    static const int ignored[] = { SIGINT, SIGHUP, SIGUSR1, SIGUSR2 };
    sigset_t none;

    g_ptr_array_set_size (prefork->processes, 0);
    (void) close (prefork->signals);
    prefork->signals = -1;
    g_clear_pointer (&prefork->notices, service_notices_free);
    prefork->is_process = TRUE;
    prefork->index = place;
    prefork->master = master;
    service_manager_set_master (master);
    for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
        (void) signal (ignored[i], SIG_IGN);
    sigemptyset (&none);
    (void) sigprocmask (SIG_SETMASK, &none, NULL);
}

gboolean
prefork_fork (Prefork *prefork, guint place, GError **error)
{
    int ends[2];
    Process *process;
    pid_t pid;

    if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a process cannot be spoken to: %s",
                     g_strerror (errno));
        return FALSE;
    }
    (void) fflush (NULL);
    pid = fork ();
    if (pid < 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a process cannot be started: %s",
                     g_strerror (errno));
        (void) close (ends[0]);
        (void) close (ends[1]);
        return FALSE;
    }
    (void) close (ends[pid == 0 ? 0 : 1]);
    if (pid == 0) {
        become_process (prefork, place, ends[1]);
        return TRUE;
    }
    process = g_new0 (Process, 1);
    process->pid = pid;
    process->place = place;
    process->generation = prefork->generation;
    process->fd = ends[0];
    g_ptr_array_add (prefork->processes, process);
    return TRUE;
}

guint
prefork_get_index (const Prefork *prefork)
{
    return prefork->index;
}

static gboolean
on_order (int fd, GIOCondition condition, gpointer data)
{
    const PreforkOrders *orders = data;
    char letter;
    ssize_t n = recv (fd, &letter, 1, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (n <= 0) {
        g_message ("the master has gone: this process ends");
        orders->stop (orders->data);
        return G_SOURCE_REMOVE;
    }
    if (letter == ORDER_PART)
        orders->part (orders->data);
    else if (letter == ORDER_STOP)
        orders->stop (orders->data);
    else if (letter == ORDER_CUT)
        orders->cut (orders->data);
    return G_SOURCE_CONTINUE;
}

GSource *
prefork_create_source (const Prefork *prefork, const PreforkOrders *orders)
{
    GSource *source = g_unix_fd_source_new (prefork->master, G_IO_IN | G_IO_HUP | G_IO_ERR);

    g_source_set_callback (source, (GSourceFunc) (void (*) (void)) on_order,
                           g_memdup2 (orders, sizeof *orders), g_free);
    return source;
}
