/* SPDX-License-Identifier: MIT
 *
 * The C library's calls that move bytes, under their own names: each asks first whether it has to
 * fail, or to move one byte only. */

#include "fault-calls.h"

#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <stdarg.h>
#include <unistd.h>

ssize_t __recv_chk (int fd, void *data, size_t length, size_t room, int flags);
ssize_t __recvfrom_chk (int fd, void *data, size_t length, size_t room, int flags,
                        struct sockaddr *address, socklen_t *address_length);
ssize_t __read_chk (int fd, void *data, size_t length, size_t room);
ssize_t __pread_chk (int fd, void *data, size_t length, off_t offset, size_t room);
ssize_t __pread64_chk (int fd, void *data, size_t length, off64_t offset, size_t room);

/* true: the call ends with `*out_result`. Else it is made, with `*length` at most. */
static bool
cuts (FaultCall call, size_t *length, ssize_t *out_result)
{
    int error_number;

    if (!fault_meets (call, &error_number))
        return false;
    if (error_number == FAULT_SHORT) {
        *length = *length > 0 ? 1 : 0;
        return false;
    }
    *out_result = fault_refuse (error_number);
    return true;
}

/* An error that says that the peer has gone goes with a socket that has ended. */
static bool
cuts_socket (FaultCall call, int fd, size_t *length, ssize_t *out_result)
{
    if (!cuts (call, length, out_result))
        return false;
    if (*out_result < 0 && (errno == EPIPE || errno == ECONNRESET || errno == ETIMEDOUT)) {
        int error_number = errno;

        (void) REAL (shutdown) (fd, SHUT_RDWR);
        errno = error_number;
    }
    return true;
}

ssize_t
recv (int fd, void *data, size_t length, int flags)
{
    ssize_t result;

    return cuts_socket (FAULT_RECV, fd, &length, &result) ? result
                                                          : REAL (recv) (fd, data, length, flags);
}

ssize_t
__recv_chk (int fd, void *data, size_t length, size_t room, int flags)
{
    return recv (fd, data, length, flags);
}

ssize_t
recvfrom (int fd, void *data, size_t length, int flags, struct sockaddr *address,
          socklen_t *address_length)
{
    ssize_t result;

    if (cuts_socket (FAULT_RECV, fd, &length, &result))
        return result;
    return REAL (recvfrom) (fd, data, length, flags, address, address_length);
}

ssize_t
__recvfrom_chk (int fd, void *data, size_t length, size_t room, int flags, struct sockaddr *address,
                socklen_t *address_length)
{
    return recvfrom (fd, data, length, flags, address, address_length);
}

static size_t
measure (const struct iovec *pieces, size_t n)
{
    size_t total = 0;

    for (size_t i = 0; i < n; i++)
        total += pieces[i].iov_len;
    return total;
}

/* The first byte of `pieces`, which have one. */
static void *
find_first (const struct iovec *pieces)
{
    while (pieces->iov_len == 0)
        pieces++;
    return pieces->iov_base;
}

ssize_t
recvmsg (int fd, struct msghdr *message, int flags)
{
    size_t total = measure (message->msg_iov, message->msg_iovlen), length = total;
    ssize_t result;

    if (cuts_socket (FAULT_RECV, fd, &length, &result))
        return result;
    if (length < total)
        return REAL (recv) (fd, find_first (message->msg_iov), length, flags);
    return REAL (recvmsg) (fd, message, flags);
}

ssize_t
send (int fd, const void *data, size_t length, int flags)
{
    ssize_t result;

    return cuts_socket (FAULT_SEND, fd, &length, &result) ? result
                                                          : REAL (send) (fd, data, length, flags);
}

ssize_t
sendto (int fd, const void *data, size_t length, int flags, const struct sockaddr *address,
        socklen_t address_length)
{
    ssize_t result;

    if (cuts_socket (FAULT_SEND, fd, &length, &result))
        return result;
    return REAL (sendto) (fd, data, length, flags, address, address_length);
}

ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
    size_t total = measure (message->msg_iov, message->msg_iovlen), length = total;
    ssize_t result;

    if (cuts_socket (FAULT_SENDMSG, fd, &length, &result))
        return result;
    if (length < total)
        return REAL (send) (fd, find_first (message->msg_iov), length, flags);
    return REAL (sendmsg) (fd, message, flags);
}

ssize_t
sendfile (int to, int from, off_t *offset, size_t length)
{
    ssize_t result;

    if (cuts_socket (FAULT_SENDFILE, to, &length, &result))
        return result;
    return REAL (sendfile) (to, from, offset, length);
}

ssize_t
sendfile64 (int to, int from, off64_t *offset, size_t length)
{
    ssize_t result;

    if (cuts_socket (FAULT_SENDFILE, to, &length, &result))
        return result;
    return REAL (sendfile64) (to, from, offset, length);
}

ssize_t
read (int fd, void *data, size_t length)
{
    ssize_t result;

    if (fault_is_eventfd (fd) ? cuts (FAULT_WOKEN, &length, &result)
                              : cuts (FAULT_READ, &length, &result))
        return result;
    return REAL_ON_FD (read) (fd, data, length);
}

ssize_t
__read_chk (int fd, void *data, size_t length, size_t room)
{
    return read (fd, data, length);
}

ssize_t
pread (int fd, void *data, size_t length, off_t offset)
{
    ssize_t result;

    return cuts (FAULT_PREAD, &length, &result) ? result : REAL (pread) (fd, data, length, offset);
}

ssize_t
pread64 (int fd, void *data, size_t length, off64_t offset)
{
    ssize_t result;

    if (cuts (FAULT_PREAD, &length, &result))
        return result;
    return REAL (pread64) (fd, data, length, offset);
}

ssize_t
__pread_chk (int fd, void *data, size_t length, off_t offset, size_t room)
{
    return pread (fd, data, length, offset);
}

ssize_t
__pread64_chk (int fd, void *data, size_t length, off64_t offset, size_t room)
{
    return pread64 (fd, data, length, offset);
}

ssize_t
pwrite (int fd, const void *data, size_t length, off_t offset)
{
    ssize_t result;

    return cuts (FAULT_PWRITE, &length, &result) ? result
                                                 : REAL (pwrite) (fd, data, length, offset);
}

ssize_t
pwrite64 (int fd, const void *data, size_t length, off64_t offset)
{
    ssize_t result;

    return cuts (FAULT_PWRITE, &length, &result) ? result
                                                 : REAL (pwrite64) (fd, data, length, offset);
}

ssize_t
write (int fd, const void *data, size_t length)
{
    ssize_t result;

    if (fault_is_eventfd (fd) ? cuts (FAULT_WAKE, &length, &result)
                              : cuts (FAULT_WRITE, &length, &result))
        return result;
    return REAL_ON_FD (write) (fd, data, length);
}

ssize_t
writev (int fd, const struct iovec *pieces, int n)
{
    size_t total = measure (pieces, (size_t) n), length = total;
    ssize_t result;

    if (cuts (FAULT_WRITEV, &length, &result))
        return result;
    if (length < total)
        return REAL_ON_FD (write) (fd, find_first (pieces), length);
    return REAL (writev) (fd, pieces, n);
}

ssize_t
getrandom (void *data, size_t length, unsigned int flags)
{
    ssize_t result;

    return cuts (FAULT_GETRANDOM, &length, &result) ? result
                                                    : REAL (getrandom) (data, length, flags);
}

/* Who makes a system call without the C library's function for it makes the same call. */
long
syscall (long number, ...)
{
    va_list rest;
    long a[6];

    va_start (rest, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg (rest, long);
    va_end (rest);
    switch (number) {
    case SYS_recvfrom:
        return recvfrom ((int) a[0], (void *) a[1], (size_t) a[2], (int) a[3], (void *) a[4],
                         (void *) a[5]);
    case SYS_sendto:
        return sendto ((int) a[0], (void *) a[1], (size_t) a[2], (int) a[3], (void *) a[4],
                       (socklen_t) a[5]);
    case SYS_recvmsg:
        return recvmsg ((int) a[0], (void *) a[1], (int) a[2]);
    case SYS_sendmsg:
        return sendmsg ((int) a[0], (void *) a[1], (int) a[2]);
    case SYS_sendfile:
        return sendfile ((int) a[0], (int) a[1], (void *) a[2], (size_t) a[3]);
    case SYS_read:
        return read ((int) a[0], (void *) a[1], (size_t) a[2]);
    case SYS_write:
        return write ((int) a[0], (void *) a[1], (size_t) a[2]);
    case SYS_writev:
        return writev ((int) a[0], (void *) a[1], (int) a[2]);
    case SYS_accept4:
        return accept4 ((int) a[0], (void *) a[1], (void *) a[2], (int) a[3]);
    case SYS_close:
        return close ((int) a[0]);
    case SYS_epoll_ctl:
        return epoll_ctl ((int) a[0], (int) a[1], (int) a[2], (void *) a[3]);
    case SYS_getrandom:
        return getrandom ((void *) a[0], (size_t) a[1], (unsigned) a[2]);
#ifdef SYS_openat2
    case SYS_openat2:
        if (fault_fails (FAULT_OPENAT2))
            return -1;
        return REAL (syscall) (number, a[0], a[1], a[2], a[3]);
#endif
#ifdef SYS_pidfd_open
    case SYS_pidfd_open:
        if (fault_fails (FAULT_PIDFD))
            return -1;
        return REAL (syscall) (number, a[0], a[1]);
#endif
    default:
        return REAL (syscall) (number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }
}
