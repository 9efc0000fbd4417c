/* SPDX-License-Identifier: MIT
 *
 * What a server does with more than it can do, with `queue-delay` and without: clients come at a
 * rate of their own, whatever becomes of those before them, and give up after a second. For each
 * kind of handler and each load a line of what came of it; shedding-plot.py draws them.
 * Usage: shedding [SECONDS A POINT [LOAD…]] */

#include <h3/h3.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE     1.0  /* seconds until a client gives up */
#define WARM_UP      2.0  /* seconds that do not count */
#define WORK         2000 /* microseconds of a processor, or of a pool's thread */
#define LIMIT        50   /* milliseconds: `queue-delay` */
#define POOL_THREADS 2
#define MAX_CLIENTS  8000
#define SEED         7

/* What a client's connection is about. */
typedef struct {
    int fd;
    gboolean is_asking;
    double asked; /* seconds: when it came, which may be before it could be sent */
    GList link;   /* of the resting ones, or of those that ask, oldest first */
} Client;

typedef struct {
    int epoll;
    guint16 port;
    const char *request;
    GQueue resting, asking; /* of Client, by their links */
    guint n_clients;
    double counts_from, counts_until;
    guint n_served, n_refused, n_lost;
    GArray *waits; /* of double: seconds, of those served */
} Crowd;

static double
get_now (void)
{
    struct timespec time;

    clock_gettime (CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* The server's side. */

static void
spin (H3Event *event, gpointer user_data)
{
    struct timespec began, now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &began);
    do {
        clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    } while ((now.tv_sec - began.tv_sec) * 1000000 + (now.tv_nsec - began.tv_nsec) / 1000 < WORK);
    h3_event_send_text (event, "done");
}

static void
ask_elsewhere (gpointer data, GCancellable *cancellable)
{
    g_usleep (WORK);
}

static void
answer (H3Event *event, gpointer data)
{
    h3_event_send_text (event, "done");
}

static void
use_pool (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, ask_elsewhere, answer, NULL, NULL);
}

static void
drop_message (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

/* Does not return: ends with its parent's word. */
static void
serve (int told, gint64 limit)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3Server *server = h3_app_get_server (app);
    guint port;

    g_log_set_default_handler (drop_message, NULL);
    h3_server_set_workers (server, 1);
    h3_server_set_offload_threads (server, POOL_THREADS);
    h3_app_get (app, "/worker", spin, NULL);
    h3_app_get (app, "/pool", use_pool, NULL);
    if (!h3_app_set_limit (app, "queue-delay", limit, NULL)
        || !h3_app_set_limit (app, "max-requests", 0, NULL)
        || !h3_app_listen (app, "127.0.0.1:0", NULL) || !h3_app_start (app, NULL))
        _exit (EXIT_FAILURE);
    port = h3_server_get_port (server);
    if (write (told, &port, sizeof port) != sizeof port)
        _exit (EXIT_FAILURE);
    for (;;)
        pause ();
}

static pid_t
start_server (gint64 limit, guint16 *out_port)
{
    guint port = 0;
    int ends[2];
    pid_t child;

    if (pipe (ends) != 0 || (child = fork ()) < 0)
        g_error ("no server can be started: %s", g_strerror (errno));
    if (child == 0)
        serve (ends[1], limit);
    close (ends[1]);
    if (read (ends[0], &port, sizeof port) != sizeof port)
        g_error ("the server did not start");
    close (ends[0]);
    *out_port = (guint16) port;
    return child;
}

static void
end_server (pid_t child)
{
    kill (child, SIGKILL);
    waitpid (child, NULL, 0);
}

/* The clients' side. */

static gboolean
counts (const Crowd *crowd, double when)
{
    return when >= crowd->counts_from && when < crowd->counts_until;
}

static Client *
add_client (Crowd *crowd)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (crowd->port) };
    struct epoll_event event = { .events = EPOLLIN };
    Client *client = g_new0 (Client, 1);
    int one = 1;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    client->link.data = client;
    client->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 || connect (client->fd, (struct sockaddr *) &address, sizeof address) != 0
        || setsockopt (client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0
        || fcntl (client->fd, F_SETFL, O_NONBLOCK) != 0)
        g_error ("a client cannot connect: %s", g_strerror (errno));
    event.data.ptr = client;
    epoll_ctl (crowd->epoll, EPOLL_CTL_ADD, client->fd, &event);
    crowd->n_clients++;
    return client;
}

static void
remove_client (Crowd *crowd, Client *client)
{
    g_queue_unlink (client->is_asking ? &crowd->asking : &crowd->resting, &client->link);
    close (client->fd);
    g_free (client);
    crowd->n_clients--;
}

static void
ask (Crowd *crowd, double when)
{
    GList *link = g_queue_pop_head_link (&crowd->resting);
    Client *client = link != NULL ? link->data : NULL;

    if (client == NULL && crowd->n_clients >= MAX_CLIENTS) {
        crowd->n_lost += counts (crowd, when) ? 1 : 0;
        return;
    }
    if (client == NULL)
        client = add_client (crowd);
    client->is_asking = TRUE;
    client->asked = when;
    g_queue_push_tail_link (&crowd->asking, &client->link);
    if (write (client->fd, crowd->request, strlen (crowd->request)) < 0)
        remove_client (crowd, client);
}

static void
give_up (Crowd *crowd, double now)
{
    while (crowd->asking.head != NULL) {
        Client *client = crowd->asking.head->data;

        if (now - client->asked < PATIENCE)
            return;
        crowd->n_lost += counts (crowd, now) ? 1 : 0;
        remove_client (crowd, client);
    }
}

/* An answer is short: it comes in one piece. */
static void
hear (Crowd *crowd, Client *client)
{
    char text[4096];
    gssize length = read (client->fd, text, sizeof text);
    double now = get_now (), wait = now - client->asked;

    if (length <= 0 || !client->is_asking) {
        remove_client (crowd, client);
        return;
    }
    if (counts (crowd, now) && strncmp (text, "HTTP/1.1 200", 12) == 0) {
        crowd->n_served++;
        g_array_append_val (crowd->waits, wait);
    } else if (counts (crowd, now)) {
        crowd->n_refused++;
    }
    g_queue_unlink (&crowd->asking, &client->link);
    client->is_asking = FALSE;
    g_queue_push_head_link (&crowd->resting, &client->link);
}

static void
hear_until (Crowd *crowd, double until)
{
    double now;

    while ((now = get_now ()) < until) {
        struct epoll_event events[64];
        int n = epoll_wait (crowd->epoll, events, G_N_ELEMENTS (events),
                            (int) ceil ((until - now) * 1000));

        for (int i = 0; i < n; i++)
            hear (crowd, events[i].data.ptr);
        give_up (crowd, get_now ());
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
    return *(const double *) a < *(const double *) b ? -1 : 1;
}

static double
get_percentile (const GArray *waits, double share)
{
    if (waits->len == 0)
        return NAN;
    return g_array_index (waits, double, (guint) ((waits->len - 1) * share)) * 1000;
}

/* So many a second come, one after another by chance, for so long. */
static void
come (Crowd *crowd, double rate, double seconds)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
    double began = get_now (), next = began;

    crowd->counts_from = began + WARM_UP;
    crowd->counts_until = crowd->counts_from + seconds;
    while (next < crowd->counts_until) {
        next -= log (1 - g_rand_double (rand)) / rate;
        hear_until (crowd, next);
        ask (crowd, next);
    }
}

/* One after another on a few connections, for as long: what it can do at most. */
static double
measure_capacity (Crowd *crowd, double seconds)
{
    crowd->counts_from = get_now () + WARM_UP;
    crowd->counts_until = crowd->counts_from + seconds;
    while (get_now () < crowd->counts_until) {
        while (crowd->asking.length < 2 * POOL_THREADS)
            ask (crowd, get_now ());
        hear_until (crowd, get_now () + 0.0002);
    }
    return crowd->n_served / seconds;
}

static void
begin_crowd (Crowd *crowd, guint16 port, const char *request)
{
    *crowd = (Crowd){ .epoll = epoll_create1 (EPOLL_CLOEXEC), .port = port, .request = request };
    g_queue_init (&crowd->resting);
    g_queue_init (&crowd->asking);
    crowd->waits = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
end_crowd (Crowd *crowd)
{
    while (crowd->asking.head != NULL)
        remove_client (crowd, crowd->asking.head->data);
    while (crowd->resting.head != NULL)
        remove_client (crowd, crowd->resting.head->data);
    close (crowd->epoll);
    g_array_unref (crowd->waits);
}

static double
find_capacity (const char *request, double seconds)
{
    guint16 port;
    pid_t server = start_server (0, &port);
    Crowd crowd;
    double capacity;

    begin_crowd (&crowd, port, request);
    capacity = measure_capacity (&crowd, seconds);
    end_crowd (&crowd);
    end_server (server);
    return capacity;
}

static void
measure (const char *kind, const char *request, gint64 limit, double capacity, double load,
         double seconds)
{
    guint16 port;
    pid_t server = start_server (limit, &port);
    Crowd crowd;

    begin_crowd (&crowd, port, request);
    come (&crowd, capacity * load, seconds);
    g_array_sort (crowd.waits, compare);
    printf ("%s\t%d\t%.2f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", kind, (int) limit, load, capacity,
            crowd.n_served / seconds, crowd.n_refused / seconds, crowd.n_lost / seconds,
            get_percentile (crowd.waits, 0.5), get_percentile (crowd.waits, 0.99));
    fflush (stdout);
    end_crowd (&crowd);
    end_server (server);
}

/* Of the capacity. */
static GArray *
read_loads (int argc, char **argv)
{
    static const double loads[] = { 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 2.5, 3, 4 };
    GArray *read = g_array_new (FALSE, FALSE, sizeof (double));

    for (int i = 2; i < argc; i++) {
        double load = strtod (argv[i], NULL);

        g_array_append_val (read, load);
    }
    if (read->len == 0)
        g_array_append_vals (read, loads, G_N_ELEMENTS (loads));
    return read;
}

int
main (int argc, char **argv)
{
    g_autoptr (GArray) loads = read_loads (argc, argv);
    static const char *const kinds[] = { "worker", "pool" };
    double seconds = argc > 1 ? strtod (argv[1], NULL) : 5;
    struct rlimit descriptors;

    signal (SIGPIPE, SIG_IGN);
    getrlimit (RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit (RLIMIT_NOFILE, &descriptors);
    printf ("# handler\tlimit ms\tload\tcapacity /s\tserved /s\trefused /s\tgiven up /s\t"
            "p50 ms\tp99 ms\n");
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
        g_autofree char *request =
            g_strdup_printf ("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", kinds[k]);
        double capacity = find_capacity (request, seconds);

        for (guint i = 0; i < loads->len; i++) {
            double load = g_array_index (loads, double, i);

            measure (kinds[k], request, LIMIT, capacity, load, seconds);
            measure (kinds[k], request, 0, capacity, load, seconds);
        }
    }
    return EXIT_SUCCESS;
}
