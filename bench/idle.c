/* SPDX-License-Identifier: MIT
 *
 * A client for weighing: opens N connections, asks once on each, says "open" and holds them until
 * its standard input ends. Usage: idle PORT N PATH */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* N descriptors and a few. */
static void
raise_limit (int n)
{
    struct rlimit limit;

    if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t) n + 64) {
        limit.rlim_cur = (rlim_t) n + 64;
        if (limit.rlim_max < limit.rlim_cur)
            limit.rlim_max = limit.rlim_cur;
        if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
            perror ("setrlimit");
    }
}

/* Each thousand connections come from an address of their own, so that ports do not run out. */
static int
open_connection (int port, int index)
{
    struct sockaddr_in here = { .sin_family = AF_INET };
    struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons ((unsigned short) port) };
    int fd = socket (AF_INET, SOCK_STREAM, 0);

    here.sin_addr.s_addr = htonl (INADDR_LOOPBACK + (unsigned) (index / 1000));
    there.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (fd < 0 || bind (fd, (struct sockaddr *) &here, sizeof here) < 0
        || connect (fd, (struct sockaddr *) &there, sizeof there) < 0) {
        perror ("connect");
        exit (EXIT_FAILURE);
    }
    return fd;
}

static void
ask (int fd, const char *request, int length)
{
    char answer[65536];

    if (write (fd, request, (size_t) length) != length || read (fd, answer, sizeof answer) <= 0) {
        perror ("no answer");
        exit (EXIT_FAILURE);
    }
}

int
main (int argc, char **argv)
{
    char request[4096];
    char byte;
    int n, length;

    if (argc != 4) {
        fprintf (stderr, "usage: idle PORT N PATH\n");
        return EXIT_FAILURE;
    }
    n = atoi (argv[2]);
    raise_limit (n);
    length =
        snprintf (request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", argv[3]);
    for (int i = 0; i < n; i++)
        ask (open_connection (atoi (argv[1]), i), request, length);
    puts ("open");
    fflush (stdout);
    while (read (STDIN_FILENO, &byte, 1) > 0)
        ;
    return EXIT_SUCCESS;
}
