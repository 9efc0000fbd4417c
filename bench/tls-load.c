/* SPDX-License-Identifier: MIT
 *
 * tls-load PORT WHAT COUNT: one client that comes COUNT times by TLS 1.3, asks for /plaintext and
 * goes: each time by a whole handshake (WHAT is "full") or with the ticket of the last time
 * ("resumed"). Prints how often a second that was. Fails where an answer is not the right one. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static SSL_SESSION *ticket; /* owned: the last; NULL: none came yet */

static void
die (const char *what)
{
    fprintf (stderr, "tls-load: %s\n", what);
    exit (1);
}

static int
on_ticket (SSL *ssl, SSL_SESSION *session)
{
    SSL_SESSION_free (ticket);
    ticket = session;
    return 1;
}

static int
open_socket (int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
    struct linger linger = { 1, 0 };
    int fd = socket (AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
        die ("nobody listens there");
    /* So that ports are not used up. */
    (void) setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    return fd;
}

static void
come_once (SSL_CTX *context, int port, bool resumes)
{
    static const char request[] = "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = open_socket (port);
    SSL *ssl = SSL_new (context);
    bool had_ticket = resumes && ticket != NULL;
    char answer[4096];
    int length;

    if (ssl == NULL || SSL_set_fd (ssl, fd) != 1)
        die ("no memory");
    if (had_ticket && SSL_set_session (ssl, ticket) != 1)
        die ("the ticket is not taken");
    if (SSL_connect (ssl) != 1)
        die ("no handshake");
    if (had_ticket && SSL_session_reused (ssl) != 1)
        die ("the session was not resumed");
    length = (int) sizeof request - 1;
    if (SSL_write (ssl, request, length) != length)
        die ("the request was not taken");
    length = SSL_read (ssl, answer, sizeof answer);
    if (length < 12 || memcmp (answer, "HTTP/1.1 200", 12) != 0)
        die ("the answer is not the right one");
    SSL_set_shutdown (ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free (ssl);
    (void) close (fd);
}

static double
get_seconds (void)
{
    struct timespec now;

    (void) clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

int
main (int argc, char **argv)
{
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
    double began;
    long count;
    bool resumes;

    if (argc != 4 || context == NULL)
        die ("arguments: PORT full|resumed COUNT");
    resumes = strcmp (argv[2], "resumed") == 0;
    count = atol (argv[3]);
    SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb (context, on_ticket);
    (void) SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION);
    come_once (context, atoi (argv[1]), resumes);
    began = get_seconds ();
    for (long i = 0; i < count; i++)
        come_once (context, atoi (argv[1]), resumes);
    printf ("%.0f\n", (double) count / (get_seconds () - began));
    SSL_SESSION_free (ticket);
    SSL_CTX_free (context);
    return 0;
}
