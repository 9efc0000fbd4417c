/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* pipe2 */

#include "config.h"

#include "process-end.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    pid_t pid;
    int fd; /* owned: what ends with the process */
} Vigil;

/* Ends too where somebody waits for the process first, and where there is none. */
static void *
keep_vigil (void *data)
{
    Vigil *vigil = data;
    siginfo_t info;

    while (waitid (P_PID, (id_t) vigil->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
        ;
    (void) close (vigil->fd);
    g_free (vigil);
    return NULL;
}

/* Where there is no pidfd_open () a thread waits, one for each process. */
static int
open_by_thread (pid_t pid)
{
    Vigil *vigil;
    pthread_t thread;
    int ends[2], error_number;

    if (pipe2 (ends, O_CLOEXEC) != 0)
        return -1;
    vigil = g_new (Vigil, 1);
    *vigil = (Vigil){ pid, ends[1] };
    error_number = pthread_create (&thread, NULL, keep_vigil, vigil);
    if (error_number == 0) {
        (void) pthread_detach (thread);
        return ends[0];
    }
    (void) close (ends[0]);
    (void) close (ends[1]);
    g_free (vigil);
    errno = error_number;
    return -1;
}

int
process_end_open (pid_t pid)
{
#if defined(SYS_pidfd_open) && !defined(H3_PORTABLE)
    int fd = (int) syscall (SYS_pidfd_open, pid, 0);

    if (fd >= 0 || errno != ENOSYS)
        return fd;
#endif
    return open_by_thread (pid);
}
