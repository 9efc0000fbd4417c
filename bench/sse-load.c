/* SPDX-License-Identifier: MIT
 *
 * A client that listens: events a second on one connection, how long a message takes to many, and
 * what a stream costs its server in memory. Asks h3d demo. Usage: sse-load PORT PID, the server's
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_STREAMS 10000
#define N_EVENTS    500000 /* on one connection */
#define N_MESSAGES  20000  /* through a channel to one */
#define BATCH       50     /* messages asked to be published at a time */
#define N_LISTENERS 1000
#define N_TIMED     200 /* messages to all of them */
#define PAUSE       20  /* milliseconds between those */

static struct sockaddr_in server;
static int epoll;
static int listeners[MAX_STREAMS];
static int n_listeners;

static _Noreturn void
fail (const char *what)
{
    perror (what);
    exit (EXIT_FAILURE);
}

static double
get_seconds (void)
{
    struct timespec now;

    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* Each thousand come from an address of their own, so that ports do not run out. */
static int
open_connection (int index)
{
    struct sockaddr_in here = { .sin_family = AF_INET };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    here.sin_addr.s_addr = htonl (INADDR_LOOPBACK + (unsigned) (index / 1000));
    if (fd < 0 || bind (fd, (struct sockaddr *) &here, sizeof here) < 0
        || connect (fd, (struct sockaddr *) &server, sizeof server) < 0)
        fail ("connect");
    return fd;
}

static void
send_all (int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send (fd, text, length, MSG_NOSIGNAL);

        if (sent <= 0)
            fail ("send");
        text += sent;
        length -= (size_t) sent;
    }
}

/* A stream whose head has come. */
static int
listen_to (const char *path, int index)
{
    char text[4096];
    int fd = open_connection (index);
    size_t n = 0;

    send_all (
        fd, text,
        (size_t) snprintf (text, sizeof text, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", path));
    do {
        if (n == sizeof text - 1 || recv (fd, text + n, 1, 0) != 1)
            fail ("no head");
        text[++n] = '\0';
    } while (n < 4 || strcmp (text + n - 4, "\r\n\r\n") != 0);
    if (strncmp (text, "HTTP/1.1 200", 12) != 0) {
        fprintf (stderr, "%s\n", text);
        exit (EXIT_FAILURE);
    }
    return fd;
}

/* How many events have ended in what a connection received; `state` is its own. */
static int
count_events (const char *data, ssize_t length, char *state)
{
    int n = 0;

    for (ssize_t i = 0; i < length; i++) {
        n += data[i] == '\n' && *state == '\n';
        *state = data[i];
    }
    return n;
}

static int
receive_events (int fd, char *state)
{
    static char data[65536];
    ssize_t n = recv (fd, data, sizeof data, 0);

    if (n <= 0)
        fail ("the stream ended");
    return count_events (data, n, state);
}

static void
measure_stream (void)
{
    char path[64], state = 0;
    double began;
    int fd, n = 0;

    (void) snprintf (path, sizeof path, "/sse?count=%d&interval=0", N_EVENTS);
    began = get_seconds ();
    fd = listen_to (path, 0);
    while (n < N_EVENTS)
        n += receive_events (fd, &state);
    printf ("a stream of one connection: %.0f events/s\n", N_EVENTS / (get_seconds () - began));
    close (fd);
}

/* Asks to publish the time, as often as `n` says. */
static void
publish (int fd, int n)
{
    static char text[65536];
    char body[32];
    size_t length = 0;

    for (int i = 0; i < n; i++) {
        int body_length = snprintf (body, sizeof body, "%.9f", get_seconds ());

        length += (size_t) snprintf (text + length, sizeof text - length,
                                     "POST /sse/channel HTTP/1.1\r\nHost: bench\r\n"
                                     "Content-Length: %d\r\n\r\n%s",
                                     body_length, body);
    }
    send_all (fd, text, length);
}

/* The answers of `n` requests. */
static void
read_answers (int fd, int n)
{
    static const char mark[] = "HTTP/1.1 200";
    static char data[65536];
    size_t matched = 0;

    while (n > 0) {
        ssize_t got = recv (fd, data, sizeof data, 0);

        if (got <= 0)
            fail ("no answer");
        for (ssize_t i = 0; i < got; i++) {
            matched = data[i] == mark[matched] ? matched + 1 : data[i] == mark[0];
            n -= matched == sizeof mark - 1;
            matched = matched == sizeof mark - 1 ? 0 : matched;
        }
    }
    /* The last body may be on its way: the socket is used for nothing that it could spoil. */
}

static void
measure_channel (void)
{
    int publisher = open_connection (0), fd = listen_to ("/sse/channel", 0), n = 0;
    double began = get_seconds ();
    char state = 0;

    for (int i = 0; i < N_MESSAGES; i += BATCH) {
        publish (publisher, BATCH);
        read_answers (publisher, BATCH);
        while (n < i + BATCH / 2)
            n += receive_events (fd, &state);
    }
    while (n < N_MESSAGES)
        n += receive_events (fd, &state);
    printf ("a channel, each message published by a request, to one connection: %.0f events/s\n",
            N_MESSAGES / (get_seconds () - began));
    close (fd);
    close (publisher);
}

static int
compare (const void *a, const void *b)
{
    double left = *(const double *) a, right = *(const double *) b;

    return left < right ? -1 : left > right;
}

/* The time in an event that has come as a whole; they are small. */
static double
read_latency (int fd)
{
    char data[4096];
    ssize_t n = recv (fd, data, sizeof data - 1, 0);
    double now = get_seconds ();
    const char *at;

    if (n <= 0)
        fail ("the stream ended");
    data[n] = '\0';
    at = strstr (data, "data: ");
    return at != NULL ? now - atof (at + 6) : -1;
}

static void
add_listeners (int n)
{
    while (n_listeners < n) {
        struct epoll_event event = { .events = EPOLLIN };
        int fd = listen_to ("/sse/channel", n_listeners);

        event.data.fd = listeners[n_listeners++] = fd;
        if (epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event) != 0)
            fail ("epoll");
    }
}

/* One message to all; their latencies. */
static void
tell_all (int publisher, double *latencies)
{
    struct epoll_event ready[256];
    int left = n_listeners;

    publish (publisher, 1);
    while (left > 0) {
        int n = epoll_wait (epoll, ready, 256, 10000);

        if (n <= 0)
            fail ("nothing came");
        for (int i = 0; i < n; i++) {
            double latency = read_latency (ready[i].data.fd);

            if (latency >= 0)
                latencies[--left] = latency;
        }
    }
    read_answers (publisher, 1);
}

static void
print_latencies (const char *what, double *latencies, size_t n)
{
    qsort (latencies, n, sizeof *latencies, compare);
    printf ("%s: p50 %.2f ms, p99 %.2f ms, highest %.2f ms\n", what, latencies[n / 2] * 1e3,
            latencies[n * 99 / 100] * 1e3, latencies[n - 1] * 1e3);
}

static void
measure_latency (void)
{
    static double latencies[N_LISTENERS * N_TIMED];
    struct timespec pause = { .tv_nsec = PAUSE * 1000000L };
    int publisher = open_connection (0);

    add_listeners (N_LISTENERS);
    for (int i = 0; i < N_TIMED; i++) {
        tell_all (publisher, latencies + (size_t) i * N_LISTENERS);
        nanosleep (&pause, NULL);
    }
    print_latencies ("a channel to 1,000 connections", latencies, N_LISTENERS * N_TIMED);
    close (publisher);
}

/* Resident kibibytes of a process. */
static long
read_memory (const char *pid)
{
    char path[64], line[256];
    long kibibytes = -1;
    FILE *file;

    (void) snprintf (path, sizeof path, "/proc/%s/status", pid);
    file = fopen (path, "r");
    if (file == NULL)
        fail (path);
    while (fgets (line, sizeof line, file) != NULL)
        (void) sscanf (line, "VmRSS: %ld", &kibibytes);
    fclose (file);
    return kibibytes;
}

static void
measure_memory (const char *pid)
{
    static double latencies[MAX_STREAMS];
    int publisher = open_connection (0), had = n_listeners;
    long before = read_memory (pid);

    add_listeners (MAX_STREAMS);
    printf ("%d streams: %.0f bytes of resident memory for each", MAX_STREAMS,
            (double) (read_memory (pid) - before) * 1024 / (MAX_STREAMS - had));
    tell_all (publisher, latencies);
    printf (", %.0f after a message to all\n",
            (double) (read_memory (pid) - before) * 1024 / (MAX_STREAMS - had));
    print_latencies ("a message to all of them", latencies, MAX_STREAMS);
    close (publisher);
}

int
main (int argc, char **argv)
{
    struct rlimit limit;

    if (argc != 3) {
        fprintf (stderr, "usage: sse-load PORT PID\n");
        return EXIT_FAILURE;
    }
    server.sin_family = AF_INET;
    server.sin_port = htons ((unsigned short) atoi (argv[1]));
    server.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void) setrlimit (RLIMIT_NOFILE, &limit);
    }
    epoll = epoll_create1 (EPOLL_CLOEXEC);
    setvbuf (stdout, NULL, _IOLBF, 0);
    measure_stream ();
    measure_channel ();
    measure_latency ();
    measure_memory (argv[2]);
    return EXIT_SUCCESS;
}
