/* SPDX-License-Identifier: MIT
 *
 * bench-metrics: what it costs a request to be measured, in processor time of the worker. Two
 * servers, one with metrics and one without, answer the same pipelined requests by turns; medians
 * of both, and of what a turn with metrics took more than the one before it.
 *
 * bench-metrics plain|measured BATCHES asks one of them alone, for callgrind: what BATCHES more of
 * 64 requests take in instructions, of the one and of the other. */

#include <h3/h3.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef BATCH
#define BATCH 64 /* 1: nothing is pipelined */
#endif
#define BATCHES 1500
#define ROUNDS  41

static const char request[] = "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n";

typedef struct {
    H3Metrics *metrics; /* owned; NULL: not measured */
    H3App *app;         /* owned */
    int fd;             /* owned: a client */
    gsize answer;       /* bytes of one */
} Server;

static void
show_plaintext (H3Event *event, gpointer user_data)
{
    h3_event_send_static (event, "text/plain", H3_VIEW ("Hello, World!"));
}

/* The worker's processor time so far. */
static void
show_time (H3Event *event, gpointer user_data)
{
    struct timespec time;
    g_autofree char *text = NULL;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
    text =
        g_strdup_printf ("%020" G_GINT64_FORMAT, (gint64) time.tv_sec * 1000000000 + time.tv_nsec);
    h3_event_send_text (event, text);
}

static void
die (const char *what)
{
    perror (what);
    exit (1);
}

static int
connect_to (guint port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons ((guint16) port),
                                   .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    int fd = socket (AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
        die ("connect");
    return fd;
}

static void
send_all (int fd, const char *data, gsize length)
{
    while (length > 0) {
        gssize n = send (fd, data, length, MSG_NOSIGNAL);

        if (n <= 0)
            die ("send");
        data += n;
        length -= (gsize) n;
    }
}

static void
receive_all (int fd, char *out, gsize length)
{
    while (length > 0) {
        gssize n = recv (fd, out, length, 0);

        if (n <= 0)
            die ("recv");
        out += n;
        length -= (gsize) n;
    }
}

/* How long one answer is, head and all: the first is read to its known end. */
static gsize
measure_answer (int fd, const char *asked, const char *last)
{
    char answer[4096] = "";
    gsize length = 0;

    send_all (fd, asked, strlen (asked));
    while (strstr (answer, last) == NULL) {
        gssize n = recv (fd, answer + length, sizeof answer - 1 - length, 0);

        if (n <= 0)
            die ("recv");
        length += (gsize) n;
        answer[length] = '\0';
    }
    return length;
}

static Server
start (gboolean is_measured)
{
    Server server = { .app = h3_app_new () };
    g_autoptr (GError) error = NULL;

    if (is_measured) {
        server.metrics = h3_metrics_new ();
        h3_app_use (server.app, "/", h3_metrics_new_middleware (server.metrics));
    }
    h3_app_get (server.app, "/plaintext", show_plaintext, NULL);
    h3_app_get (server.app, "/time", show_time, NULL);
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    if (!h3_app_set_limit (server.app, "max-requests", 0, &error)
        || !h3_app_listen (server.app, "127.0.0.1:0", &error)
        || !h3_app_start (server.app, &error)) {
        g_printerr ("%s\n", error->message);
        exit (1);
    }
    server.fd = connect_to (h3_server_get_port (h3_app_get_server (server.app)));
    server.answer = measure_answer (server.fd, request, "Hello, World!");
    return server;
}

static void
end (Server *server)
{
    (void) close (server->fd);
    h3_server_stop (h3_app_get_server (server->app));
    (void) h3_server_wait (h3_app_get_server (server->app));
    g_object_unref (server->app);
    h3_metrics_unref (server->metrics);
}

static gint64
read_time (const Server *server)
{
    static const char asked[] = "GET /time HTTP/1.1\r\nHost: a\r\n\r\n";
    char answer[4096];
    gsize length = 0;
    char *body = NULL;

    send_all (server->fd, asked, strlen (asked));
    while (body == NULL || strlen (body) < 24) {
        gssize n = recv (server->fd, answer + length, sizeof answer - 1 - length, 0);

        if (n <= 0)
            die ("recv");
        length += (gsize) n;
        answer[length] = '\0';
        body = strstr (answer, "\r\n\r\n");
    }
    return g_ascii_strtoll (body, NULL, 10);
}

static void
ask (const Server *server, guint batches)
{
    static char asked[BATCH * sizeof request];
    gsize length = 0;
    g_autofree char *answers = g_malloc (server->answer * BATCH);

    for (guint i = 0; i < BATCH; i++, length += sizeof request - 1)
        memcpy (asked + length, request, sizeof request - 1);
    for (guint i = 0; i < batches; i++) {
        send_all (server->fd, asked, length);
        receive_all (server->fd, answers, server->answer * BATCH);
    }
}

/* Nanoseconds of the worker a request. */
static double
take_turn (const Server *server)
{
    gint64 before = read_time (server);

    ask (server, BATCHES);
    return (double) (read_time (server) - before) / (BATCHES * BATCH);
}

static int
compare (gconstpointer a, gconstpointer b)
{
    double one = *(const double *) a, two = *(const double *) b;

    return (one > two) - (one < two);
}

static double
median (double *values)
{
    qsort (values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

int
main (int argc, char **argv)
{
    double plain[ROUNDS], measured[ROUNDS], more[ROUNDS];
    Server servers[2];

    if (argc == 3) {
        servers[0] = start (g_strcmp0 (argv[1], "measured") == 0);
        ask (&servers[0], (guint) atoi (argv[2]));
        end (&servers[0]);
        return 0;
    }
    servers[0] = start (FALSE);
    servers[1] = start (TRUE);
    for (guint i = 0; i < ROUNDS; i++) {
        plain[i] = take_turn (&servers[0]);
        measured[i] = take_turn (&servers[1]);
        more[i] = measured[i] - plain[i];
    }
    g_print ("plain %.1f ns, measured %.1f ns, more %.1f ns a request (medians of %d turns)\n",
             median (plain), median (measured), median (more), ROUNDS);
    end (&servers[0]);
    end (&servers[1]);
    return 0;
}
