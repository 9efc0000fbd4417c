/* SPDX-License-Identifier: MIT
 *
 * A client for measuring WebSockets: so many connections, each sends a message and the next one
 * when it has come back, for so many seconds. Usage: websocket PORT CONNECTIONS LENGTH SECONDS
 * [PATH] */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_LENGTH 60000

static char message[MAX_LENGTH + 8]; /* a masked frame */
static size_t message_length;
static size_t answer_length; /* of the frame that comes back */

static void
die (const char *what)
{
    perror (what);
    exit (EXIT_FAILURE);
}

static double
get_seconds (void)
{
    struct timespec now;

    (void) clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* The mask is zero: masking is the client's own cost. */
static void
make_message (size_t length)
{
    size_t head = length < 126 ? 6 : 8;

    message[0] = (char) 0x82;
    message[1] = (char) (0x80 | (length < 126 ? length : 126));
    if (length >= 126) {
        message[2] = (char) (length >> 8);
        message[3] = (char) length;
    }
    memset (message + head, 'x', length);
    message_length = head + length;
    answer_length = message_length - 4;
}

static void
send_message (int fd)
{
    if (send (fd, message, message_length, 0) != (ssize_t) message_length)
        die ("send");
}

static int
open_websocket (int port, const char *path)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons ((unsigned short) port) };
    int fd = socket (AF_INET, SOCK_STREAM, 0), on = 1;
    char text[4096];
    size_t have = 0;
    int length;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
        die ("connect");
    (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    length = snprintf (text, sizeof text,
                       "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n",
                       path);
    if (length < 0 || (size_t) length >= sizeof text
        || send (fd, text, (size_t) length, 0) != length)
        die ("send");
    do {
        ssize_t got = recv (fd, text + have, sizeof text - 1 - have, 0);

        if (got <= 0)
            die ("recv");
        have += (size_t) got;
        text[have] = '\0';
    } while (strstr (text, "\r\n\r\n") == NULL);
    if (strncmp (text, "HTTP/1.1 101", 12) != 0) {
        fprintf (stderr, "no WebSocket: %.60s\n", text);
        exit (EXIT_FAILURE);
    }
    return fd;
}

/* Bytes that the answer still has, by descriptor. */
static size_t left[65536];

static unsigned long
take_answers (int poll)
{
    static char buffer[65536];
    struct epoll_event events[256];
    unsigned long n_done = 0;
    int n = epoll_wait (poll, events, 256, 1000);

    if (n < 0 && errno != EINTR)
        die ("epoll_wait");
    for (int i = 0; i < n; i++) {
        int fd = events[i].data.fd;
        ssize_t got = recv (fd, buffer, left[fd], 0);

        if (got <= 0)
            die ("recv");
        left[fd] -= (size_t) got;
        if (left[fd] > 0)
            continue;
        n_done++;
        left[fd] = answer_length;
        send_message (fd);
    }
    return n_done;
}

int
main (int argc, char **argv)
{
    int n_connections, poll = epoll_create1 (0);
    unsigned long n_done = 0;
    double begun, seconds;
    size_t length;

    if (argc < 5 || poll < 0) {
        fputs ("usage: websocket PORT CONNECTIONS LENGTH SECONDS [PATH]\n", stderr);
        return EXIT_FAILURE;
    }
    n_connections = atoi (argv[2]);
    length = (size_t) atol (argv[3]);
    seconds = atof (argv[4]);
    if (length > MAX_LENGTH || n_connections < 1 || n_connections > 60000) {
        fprintf (stderr, "at most 60000 connections, %d bytes\n", MAX_LENGTH);
        return EXIT_FAILURE;
    }
    make_message (length);
    for (int i = 0; i < n_connections; i++) {
        int fd = open_websocket (atoi (argv[1]), argc > 5 ? argv[5] : "/websocket/echo");
        struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

        if (fd >= (int) (sizeof left / sizeof *left)
            || epoll_ctl (poll, EPOLL_CTL_ADD, fd, &event) < 0)
            die ("epoll_ctl");
        left[fd] = answer_length;
        send_message (fd);
    }
    begun = get_seconds ();
    while (get_seconds () - begun < seconds)
        n_done += take_answers (poll);
    printf ("%d connections, %zu bytes: %.0f messages a second\n", n_connections, length,
            (double) n_done / (get_seconds () - begun));
    return EXIT_SUCCESS;
}
