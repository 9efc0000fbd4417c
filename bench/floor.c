/* SPDX-License-Identifier: MIT
 *
 * The floor that servers are measured against: a bare epoll loop that answers a constant to every
 * blank line it reads, and parses nothing. Usage: floor PORT */

#define _GNU_SOURCE /* memmem, accept4 */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <netinet/tcp.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n"
                             "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\nHello, World!";

static int
listen_on (int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons ((unsigned short) port) };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind (fd, (struct sockaddr *) &address, sizeof address) < 0 || listen (fd, 4096) < 0) {
        perror ("listen");
        exit (EXIT_FAILURE);
    }
    return fd;
}

static void
serve (int fd)
{
    static char in[65536], out[65536];
    size_t filled = 0;
    ssize_t got = recv (fd, in, sizeof in, 0);

    if (got <= 0) {
        close (fd);
        return;
    }
    for (char *p = in; (p = memmem (p, (size_t) (in + got - p), "\r\n\r\n", 4)) != NULL; p += 4) {
        memcpy (out + filled, answer, sizeof answer - 1);
        filled += sizeof answer - 1;
    }
    (void) !send (fd, out, filled, MSG_NOSIGNAL);
}

int
main (int argc, char **argv)
{
    int listener = listen_on (argc > 1 ? atoi (argv[1]) : 8080);
    int epoll = epoll_create1 (0);
    struct epoll_event events[1024] = { { .events = EPOLLIN, .data.fd = listener } };
    int one = 1;

    epoll_ctl (epoll, EPOLL_CTL_ADD, listener, &events[0]);
    for (;;) {
        int n = epoll_wait (epoll, events, 1024, -1);

        for (int i = 0; i < n; i++) {
            struct epoll_event event = { .events = EPOLLIN };
            int fd = events[i].data.fd;

            if (fd != listener) {
                serve (fd);
                continue;
            }
            event.data.fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK);
            if (event.data.fd < 0)
                continue;
            setsockopt (event.data.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            epoll_ctl (epoll, EPOLL_CTL_ADD, event.data.fd, &event);
        }
    }
}
