/* SPDX-License-Identifier: MIT
 *
 * The C library's calls that make and end things, under their own names: each asks first whether it
 * has to fail. */

#include "fault-calls.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

int __poll_chk (struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __open_2 (const char *path, int flags);
int __open64_2 (const char *path, int flags);

int
socket (int domain, int type, int protocol)
{
    return fault_fails (FAULT_SOCKET) ? -1 : REAL (socket) (domain, type, protocol);
}

int
bind (int fd, const struct sockaddr *address, socklen_t length)
{
    return fault_fails (FAULT_BIND) ? -1 : REAL (bind) (fd, address, length);
}

int
listen (int fd, int backlog)
{
    return fault_fails (FAULT_LISTEN) ? -1 : REAL (listen) (fd, backlog);
}

int
connect (int fd, const struct sockaddr *address, socklen_t length)
{
    return fault_fails (FAULT_CONNECT) ? -1 : REAL (connect) (fd, address, length);
}

int
setsockopt (int fd, int level, int name, const void *value, socklen_t length)
{
    return fault_fails (FAULT_SETSOCKOPT) ? -1 : REAL (setsockopt) (fd, level, name, value, length);
}

int
getsockopt (int fd, int level, int name, void *value, socklen_t *length)
{
    return fault_fails (FAULT_GETSOCKOPT) ? -1 : REAL (getsockopt) (fd, level, name, value, length);
}

int
getsockname (int fd, struct sockaddr *address, socklen_t *length)
{
    return fault_fails (FAULT_GETSOCKNAME) ? -1 : REAL (getsockname) (fd, address, length);
}

int
getpeername (int fd, struct sockaddr *address, socklen_t *length)
{
    return fault_fails (FAULT_GETPEERNAME) ? -1 : REAL (getpeername) (fd, address, length);
}

int
shutdown (int fd, int how)
{
    return fault_fails (FAULT_SHUTDOWN) ? -1 : REAL (shutdown) (fd, how);
}

static int
note_accepted (int fd)
{
    int size = fault_get_send_buffer ();

    if (fd < 0)
        return fd;
    fault_note_accepted (fd);
    if (size > 0)
        (void) REAL (setsockopt) (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return fd;
}

int
accept (int fd, struct sockaddr *address, socklen_t *length)
{
    return fault_fails (FAULT_ACCEPT) ? -1 : note_accepted (REAL (accept) (fd, address, length));
}

int
accept4 (int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    return fault_fails (FAULT_ACCEPT) ? -1
                                      : note_accepted (REAL (accept4) (fd, address, length, flags));
}

int
epoll_create (int size)
{
    return fault_fails (FAULT_EPOLL_CREATE) ? -1 : REAL (epoll_create) (size);
}

int
epoll_create1 (int flags)
{
    return fault_fails (FAULT_EPOLL_CREATE) ? -1 : REAL (epoll_create1) (flags);
}

/* Taking one out, or waiting for something else of it, needs nothing that could be missing. */
int
epoll_ctl (int epoll_fd, int what, int fd, struct epoll_event *event)
{
    if (what == EPOLL_CTL_ADD && fault_fails (FAULT_EPOLL_CTL))
        return -1;
    return REAL (epoll_ctl) (epoll_fd, what, fd, event);
}

int
epoll_wait (int epoll_fd, struct epoll_event *events, int n, int timeout)
{
    return fault_fails (FAULT_EPOLL_WAIT) ? -1 : REAL (epoll_wait) (epoll_fd, events, n, timeout);
}

int
poll (struct pollfd *fds, nfds_t n, int timeout)
{
    return fault_fails (FAULT_POLL) ? -1 : REAL (poll) (fds, n, timeout);
}

int
__poll_chk (struct pollfd *fds, nfds_t n, int timeout, size_t room)
{
    return poll (fds, n, timeout);
}

int
eventfd (unsigned int count, int flags)
{
    int fd = fault_fails (FAULT_EVENTFD) ? -1 : REAL_ON_FD (eventfd) (count, flags);

    fault_note_eventfd (fd);
    return fd;
}

int
timerfd_create (int clock, int flags)
{
    return fault_fails (FAULT_TIMERFD) ? -1 : REAL (timerfd_create) (clock, flags);
}

int
pipe (int fds[2])
{
    return fault_fails (FAULT_PIPE) ? -1 : REAL_ON_FD (pipe) (fds);
}

int
pipe2 (int fds[2], int flags)
{
    return fault_fails (FAULT_PIPE) ? -1 : REAL_ON_FD (pipe2) (fds, flags);
}

int
socketpair (int domain, int type, int protocol, int fds[2])
{
    return fault_fails (FAULT_SOCKETPAIR) ? -1 : REAL (socketpair) (domain, type, protocol, fds);
}

static mode_t
get_mode (int flags, va_list rest)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t) va_arg (rest, int) : 0;
}

#define MODE(flags)                                                                                \
    ({                                                                                             \
        va_list rest;                                                                              \
        mode_t mode;                                                                               \
                                                                                                   \
        va_start (rest, flags);                                                                    \
        mode = get_mode (flags, rest);                                                             \
        va_end (rest);                                                                             \
        mode;                                                                                      \
    })

int
open (const char *path, int flags, ...)
{
    return fault_fails (FAULT_OPEN) ? -1 : REAL (open) (path, flags, MODE (flags));
}

int
open64 (const char *path, int flags, ...)
{
    return fault_fails (FAULT_OPEN) ? -1 : REAL (open64) (path, flags, MODE (flags));
}

int
openat (int folder, const char *path, int flags, ...)
{
    return fault_fails (FAULT_OPEN) ? -1 : REAL (openat) (folder, path, flags, MODE (flags));
}

int
openat64 (int folder, const char *path, int flags, ...)
{
    return fault_fails (FAULT_OPEN) ? -1 : REAL (openat64) (folder, path, flags, MODE (flags));
}

int
__open_2 (const char *path, int flags)
{
    return open (path, flags);
}

int
__open64_2 (const char *path, int flags)
{
    return open64 (path, flags);
}

int
fsync (int fd)
{
    return fault_fails (FAULT_FSYNC) ? -1 : REAL (fsync) (fd);
}

int
fdatasync (int fd)
{
    return fault_fails (FAULT_FSYNC) ? -1 : REAL (fdatasync) (fd);
}

int
ftruncate (int fd, off_t length)
{
    return fault_fails (FAULT_FTRUNCATE) ? -1 : REAL (ftruncate) (fd, length);
}

int
ftruncate64 (int fd, off64_t length)
{
    return fault_fails (FAULT_FTRUNCATE) ? -1 : REAL (ftruncate64) (fd, length);
}

int
linkat (int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return fault_fails (FAULT_LINKAT) ? -1
                                      : REAL (linkat) (from_folder, from, to_folder, to, flags);
}

int
rename (const char *from, const char *to)
{
    return fault_fails (FAULT_RENAME) ? -1 : REAL (rename) (from, to);
}

int
fstat (int fd, struct stat *status)
{
    return fault_fails (FAULT_FSTAT) ? -1 : REAL (fstat) (fd, status);
}

int
fstat64 (int fd, struct stat64 *status)
{
    return fault_fails (FAULT_FSTAT) ? -1 : REAL (fstat64) (fd, status);
}

/* Letting a lock go, and asking whose it is, needs nothing that could be missing. */
static bool
locks (int what, const void *range)
{
    if (what != F_SETLK && what != F_SETLKW && what != F_OFD_SETLK && what != F_OFD_SETLKW)
        return false;
    return ((const struct flock *) range)->l_type != F_UNLCK;
}

/* Only a duplicate and a lock can be refused. */
static bool
fails_fcntl (int what, const void *argument)
{
    if (what == F_DUPFD || what == F_DUPFD_CLOEXEC)
        return fault_fails (FAULT_DUP);
    return locks (what, argument) && fault_fails (FAULT_FLOCK);
}

/* One argument at most, as wide as a pointer. */
int
fcntl (int fd, int what, ...)
{
    va_list rest;
    void *argument;

    va_start (rest, what);
    argument = va_arg (rest, void *);
    va_end (rest);
    return fails_fcntl (what, argument) ? -1 : REAL (fcntl) (fd, what, argument);
}

int
fcntl64 (int fd, int what, ...)
{
    va_list rest;
    void *argument;

    va_start (rest, what);
    argument = va_arg (rest, void *);
    va_end (rest);
    return fails_fcntl (what, argument) ? -1 : REAL (fcntl64) (fd, what, argument);
}

/* The descriptor is closed whatever is said (close (2)). */
int
close (int fd)
{
    bool was_accepted = fault_forget (fd);
    int result = REAL_ON_FD (close) (fd);

    if (was_accepted)
        fault_tell_closed ();
    return fault_fails (FAULT_CLOSE) ? -1 : result;
}

int
pthread_create (pthread_t *id, const pthread_attr_t *attributes, void *(*function) (void *),
                void *data)
{
    int error_number;

    if (fault_meets (FAULT_PTHREAD_CREATE, &error_number))
        return error_number;
    return REAL (pthread_create) (id, attributes, function, data);
}

int
posix_spawn (pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
             const posix_spawnattr_t *attributes, char *const argv[], char *const environment[])
{
    int error_number;

    if (fault_meets (FAULT_SPAWN, &error_number))
        return error_number;
    return REAL (posix_spawn) (pid, path, actions, attributes, argv, environment);
}

int
waitid (idtype_t kind, id_t id, siginfo_t *info, int options)
{
    return fault_fails (FAULT_WAITID) ? -1 : REAL (waitid) (kind, id, info, options);
}
