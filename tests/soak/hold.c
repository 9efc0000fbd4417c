/* SPDX-License-Identifier: MIT
 *
 * Clients that say nothing: opens N connections, says "open" and holds them until it is ended.
 * Usage: hold PORT N */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
    struct sockaddr_in there = { .sin_family = AF_INET };
    struct rlimit limit;

    if (argc != 3) {
        fprintf (stderr, "usage: hold PORT N\n");
        return EXIT_FAILURE;
    }
    there.sin_port = htons ((unsigned short) atoi (argv[1]));
    there.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void) setrlimit (RLIMIT_NOFILE, &limit);
    }
    for (int i = atoi (argv[2]); i > 0; i--) {
        int fd = socket (AF_INET, SOCK_STREAM, 0);

        if (fd < 0 || connect (fd, (struct sockaddr *) &there, sizeof there) < 0) {
            perror ("connect");
            return EXIT_FAILURE;
        }
    }
    puts ("open");
    (void) fflush (stdout);
    return pause ();
}
