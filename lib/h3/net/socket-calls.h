/* SPDX-License-Identifier: MIT
 *
 * Receiving and sending without the C library's cancellation points. In a program with threads it
 * brackets recv () and send () with two atomic exchanges each, some 40 instructions a call; nobody
 * cancels our threads. Where there is no such system call, and under ThreadSanitizer, which has to
 * see what passes from thread to thread, the functions of the C library are called. Any thread. */

#pragma once

#include <glib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

G_BEGIN_DECLS

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SOCKET_CALLS_ARE_SEEN 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define SOCKET_CALLS_ARE_SEEN 1
#endif

#if defined(SYS_recvfrom) && defined(SYS_sendto) && !defined(SOCKET_CALLS_ARE_SEEN)
#define SOCKET_CALLS_ARE_BARE 1
#endif

/* As recv (2) without flags. */
static inline gssize
socket_receive (int fd, char *data, gsize length)
{
#ifdef SOCKET_CALLS_ARE_BARE
    return syscall (SYS_recvfrom, fd, data, length, 0, NULL, NULL);
#else
    return recv (fd, data, length, 0);
#endif
}

/* As send (2) with MSG_NOSIGNAL. */
static inline gssize
socket_send (int fd, const char *data, gsize length)
{
#ifdef SOCKET_CALLS_ARE_BARE
    return syscall (SYS_sendto, fd, data, length, MSG_NOSIGNAL, NULL, 0);
#else
    return send (fd, data, length, MSG_NOSIGNAL);
#endif
}

G_END_DECLS
