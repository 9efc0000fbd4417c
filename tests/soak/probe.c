/* SPDX-License-Identifier: MIT */

#include "probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 20 /* seconds */

void
probe_init (Probe *probe, guint port)
{
    probe->port = port;
    probe->fd = -1;
}

void
probe_clear (Probe *probe)
{
    if (probe->fd >= 0)
        (void) close (probe->fd);
    probe->fd = -1;
}

static gboolean
connect_it (Probe *probe)
{
    struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons ((guint16) probe->port) };
    struct timeval patience = { .tv_sec = PATIENCE };
    int one = 1;

    there.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    probe->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe->fd < 0)
        return FALSE;
    (void) setsockopt (probe->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void) setsockopt (probe->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return connect (probe->fd, (struct sockaddr *) &there, sizeof there) == 0;
}

/* (transfer full) (nullable): an answer with its length in the head; NULL: errno, or it was cut. */
static GString *
exchange (Probe *probe, const char *request)
{
    g_autoptr (GString) answer = g_string_new (NULL);
    gsize wanted = G_MAXSIZE;

    if (probe->fd < 0 && !connect_it (probe))
        return NULL;
    if (send (probe->fd, request, strlen (request), MSG_NOSIGNAL) != (gssize) strlen (request))
        return NULL;
    while (answer->len < wanted) {
        char data[16384];
        gssize n = recv (probe->fd, data, sizeof data, 0);
        const char *end, *length;

        if (n <= 0) {
            if (n == 0)
                errno = ECONNRESET;
            return NULL;
        }
        g_string_append_len (answer, data, n);
        end = strstr (answer->str, "\r\n\r\n");
        length = strstr (answer->str, "Content-Length: ");
        if (end != NULL && length != NULL)
            wanted = (gsize) (end + 4 - answer->str) + (gsize) atoll (length + 16);
    }
    return g_steal_pointer (&answer);
}

static gint64
get_nanoseconds (void)
{
    struct timespec now;

    (void) clock_gettime (CLOCK_MONOTONIC, &now);
    return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

gint64
probe_ask (Probe *probe, char **out_wrong)
{
    gint64 began;
    gint64 taken;
    GString *answer;

    if (probe->fd < 0 && !connect_it (probe)) {
        *out_wrong = g_strdup_printf ("no connection: %s", g_strerror (errno));
        return 0;
    }
    began = get_nanoseconds ();
    answer = exchange (probe, "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n");
    taken = MAX (get_nanoseconds () - began, 1);
    if (answer == NULL) {
        *out_wrong = g_strdup_printf ("no answer: %s", g_strerror (errno));
        probe_clear (probe);
        return 0;
    }
    if (!g_str_has_prefix (answer->str, "HTTP/1.1 200 ")
        || !g_str_has_suffix (answer->str, "\r\n\r\nHello, World!")) {
        *out_wrong = g_strdup_printf ("the answer is '%.100s'", answer->str);
        taken = 0;
    }
    if (strstr (answer->str, "Connection: close") != NULL)
        probe_clear (probe);
    g_string_free (answer, TRUE);
    return taken;
}

static gboolean
ask_into (Probe *probe, GArray *times, char **out_wrong)
{
    double taken = (double) probe_ask (probe, out_wrong);

    g_array_append_val (times, taken);
    return taken > 0;
}

gboolean
probe_compare (Probe *one, Probe *other, gint64 until, double *out_one, double *out_other,
               char **out_wrong)
{
    g_autoptr (GArray) ones = g_array_new (FALSE, FALSE, sizeof (double));
    g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (double));

    do {
        if (!ask_into (one, ones, out_wrong) || !ask_into (other, others, out_wrong))
            return FALSE;
    } while (g_get_monotonic_time () < until);
    *out_one = verdict_get_median (ones);
    *out_other = verdict_get_median (others);
    return TRUE;
}

/* The report is flat enough: "kind":{"now":N, */
static void
read_kinds (const char *text, GHashTable *objects)
{
    static const char mark[] = "\":{\"now\":";

    for (const char *at = text; (at = strstr (at, mark)) != NULL; at += strlen (mark)) {
        const char *start = at;
        g_autofree char *kind = NULL;

        while (start > text && start[-1] != '"')
            start--;
        kind = g_strndup (start, (gsize) (at - start));
        record_set_objects (objects, kind, g_ascii_strtoll (at + strlen (mark), NULL, 10));
    }
}

/* (transfer full) (nullable): what GET /memory says. */
static GString *
ask_memory (guint port, char **out_wrong)
{
    Probe probe;
    GString *answer;

    probe_init (&probe, port);
    answer = exchange (&probe, "GET /memory HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    if (answer == NULL)
        *out_wrong = g_strdup_printf ("no answer: %s", g_strerror (errno));
    probe_clear (&probe);
    return answer;
}

gboolean
probe_objects (guint port, GHashTable *objects, char **out_wrong)
{
    GString *answer = ask_memory (port, out_wrong);

    if (answer == NULL)
        return FALSE;
    read_kinds (answer->str, objects);
    g_string_free (answer, TRUE);
    return TRUE;
}

gboolean
probe_heap (guint port, guint64 *out_kib, char **out_wrong)
{
    static const char mark[] = "\"heap\":";
    GString *answer = ask_memory (port, out_wrong);
    const char *at;

    if (answer == NULL)
        return FALSE;
    at = strstr (answer->str, mark);
    /* Where it is not known it is null, which is 0 as a number. */
    *out_kib = at != NULL ? g_ascii_strtoull (at + strlen (mark), NULL, 10) / 1024 : 0;
    g_string_free (answer, TRUE);
    return TRUE;
}

guint64
probe_resident (guint pid)
{
    g_autofree char *path = g_strdup_printf ("/proc/%u/status", pid);
    g_autofree char *text = NULL;
    const char *line;

    if (pid == 0 || !g_file_get_contents (path, &text, NULL, NULL))
        return 0;
    line = strstr (text, "VmRSS:");
    return line != NULL ? g_ascii_strtoull (line + 6 + strspn (line + 6, " \t"), NULL, 10) : 0;
}
