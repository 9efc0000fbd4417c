/* SPDX-License-Identifier: MIT
 *
 * A client for counting: sends exactly N requests over one keep-alive connection, so many at a
 * time, and reads the answers. Usage: load PORT N DEPTH bare|browser PATH, or "load fields", which
 * prints what a browser sends. */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Eight fields as a browser sends them. */
static const char browser[] =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;"
    "q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=0123456789abcdef; theme=dark\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Cache-Control: max-age=0\r\n";

static int
open_connection (int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons ((unsigned short) port) };
    int fd = socket (AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) < 0) {
        perror ("connect");
        exit (EXIT_FAILURE);
    }
    return fd;
}

/* Answers are counted by their first bytes, found wherever a read has cut them. */
static void
read_answers (int fd, int n)
{
    static const char mark[] = "HTTP/1.1 200";
    static char buffer[65536];
    static size_t matched;
    int found = 0;

    while (found < n) {
        ssize_t got = read (fd, buffer, sizeof buffer);

        if (got <= 0) {
            fprintf (stderr, "the server closed after %d of %d answers\n", found, n);
            exit (EXIT_FAILURE);
        }
        for (ssize_t i = 0; i < got; i++) {
            matched = buffer[i] == mark[matched] ? matched + 1 : buffer[i] == mark[0];
            if (matched == sizeof mark - 1) {
                matched = 0;
                found++;
            }
        }
    }
}

int
main (int argc, char **argv)
{
    static char request[65536];
    static char batch[1 << 20];
    size_t length, filled = 0;
    int n, depth, fd;

    if (argc == 2 && strcmp (argv[1], "fields") == 0) {
        fputs (browser, stdout);
        return EXIT_SUCCESS;
    }
    if (argc != 6) {
        fprintf (stderr, "usage: load PORT N DEPTH bare|browser PATH\n");
        return EXIT_FAILURE;
    }
    n = atoi (argv[2]);
    depth = atoi (argv[3]);
    fd = open_connection (atoi (argv[1]));
    length =
        (size_t) snprintf (request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n",
                           argv[5], strcmp (argv[4], "browser") == 0 ? browser : "");
    for (int i = 0; i < depth; i++, filled += length)
        memcpy (batch + filled, request, length);
    for (int sent = 0; sent < n; sent += depth) {
        if (write (fd, batch, filled) != (ssize_t) filled) {
            perror ("write");
            return EXIT_FAILURE;
        }
        read_answers (fd, depth);
    }
    close (fd);
    return EXIT_SUCCESS;
}
