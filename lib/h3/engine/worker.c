/* SPDX-License-Identifier: MIT */

#include "worker-private.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/loop/deadlines.h>
#include <h3/loop/main-context.h>
#include <h3/net/buffers.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
free_accepter (gpointer data)
{
    Accepter *accepter = data;

    listener_free (accepter->listener);
    g_free (accepter);
}

Worker *
worker_new (const WorkerSettings *settings, GError **error)
{
    g_autoptr (Loop) loop = loop_new (error);
    MainContext *main_context = NULL;
    Worker *worker;

    if (loop == NULL)
        return NULL;
    if (!settings->is_guest && (main_context = main_context_new (loop, error)) == NULL)
        return NULL;
    worker = g_new0 (Worker, 1);
    worker->main_context = main_context;
    worker->settings = *settings;
    worker->loop = g_steal_pointer (&loop);
    worker->accepters = g_ptr_array_new_with_free_func (free_accepter);
    atomic_init (&worker->n_connections, 0);
    return worker;
}

static void
on_connection_closed (gpointer data, const H3Address *peer)
{
    Worker *worker = data;

    atomic_fetch_sub_explicit (&worker->n_connections, 1, memory_order_relaxed);
    connection_bound_leave (worker->settings.bound, peer);
}

static void
set_up (Worker *worker)
{
    const WorkerSettings *settings = &worker->settings;
    const H3Limits *limits = &settings->limits;
    ConnectionContext *context = &worker->context;
    TransportSettings transport = { 0 };

    loop_set_offload (worker->loop, settings->offload);
    if (worker->main_context != NULL)
        main_context_enter (worker->main_context);
    worker->deadlines = deadlines_new (worker->loop);
    loop_set_deadlines (worker->loop, worker->deadlines);
    worker->buffers = buffers_new (worker->loop);
    transport.loop = worker->loop;
    transport.buffers = worker->buffers;
    transport.deadlines = worker->deadlines;
    transport.linger_milliseconds = limits->linger_time;
    transport.write_grace_milliseconds = limits->rate_grace;
    transport.write_bytes_per_second = (guint) limits->write_rate;
    worker->shared = transport_shared_new (&transport);
    worker->events = event_pool_new (settings->pooled_events);
    worker->reader = http1_reader_new (limits);
    worker->fields = g_new0 (HeadField, (gsize) limits->fields);
    worker->gate = worker_open_dispatch (settings, worker->loop, &worker->dispatch);
    context->loop = worker->loop;
    context->shared = worker->shared;
    context->buffers = worker->buffers;
    context->events = worker->events;
    context->reader = worker->reader;
    context->fields = worker->fields;
    context->limits = limits;
    context->dispatch = &worker->dispatch;
    context->on_closed = context->streams.on_closed = on_connection_closed;
    context->on_closed_data = context->streams.on_closed_data = worker;
    connection_context_init (context, worker->deadlines);
    worker->greetings = greetings_new (context, settings->bound, settings->tls, worker->deadlines);
}

/* What was posted or deferred runs as the loop is closed: buffers, pool and reader stay until then.
 */
static void
tear_down (Worker *worker)
{
    g_ptr_array_set_size (worker->accepters, 0);
    worker->settings.dispatch.stop_worker (worker->dispatch.data);
    main_context_free (g_steal_pointer (&worker->main_context));
    event_pool_trim (worker->events, 0);
    transport_shared_free (worker->shared);
    loop_set_deadlines (worker->loop, NULL);
    deadlines_free (worker->deadlines);
    loop_close (worker->loop);
    gate_free (worker->gate);
    connection_context_clear (&worker->context);
    greetings_free (worker->greetings);
    buffers_free (worker->buffers);
    event_pool_free (worker->events);
    http1_reader_free (worker->reader);
    g_free (worker->fields);
}

static void *
run_thread (void *data)
{
    Worker *worker = data;

    loop_enter (worker->loop);
    set_up (worker);
    loop_run (worker->loop);
    tear_down (worker);
    loop_leave (worker->loop);
    counters_add (COUNTER_WORKERS_LIVE, -1);
    return NULL;
}

/* The thread is somebody else's, which may have guests already, and be in a turn of one. */
static void
begin_as_guest (Worker *worker)
{
    Loop *before = loop_switch (worker->loop);

    counters_add (COUNTER_WORKERS_LIVE, 1);
    set_up (worker);
    loop_switch (before);
    loop_enter_as_guest (worker->loop);
}

static void
end_as_guest (Worker *worker)
{
    Loop *before;

    loop_leave (worker->loop);
    before = loop_switch (worker->loop);
    tear_down (worker);
    loop_switch (before);
    counters_add (COUNTER_WORKERS_LIVE, -1);
}

void
worker_set_next (Worker *worker, Worker *next)
{
    worker->next = next;
}

/* A broken pipe is told by the call that met it: sendfile () knows no MSG_NOSIGNAL. */
gboolean
worker_start (Worker *worker, GError **error)
{
    sigset_t pipe, before;
    int result;

    if (worker->settings.is_guest) {
        begin_as_guest (worker);
        worker->is_running = TRUE;
        return TRUE;
    }
    sigemptyset (&pipe);
    sigaddset (&pipe, SIGPIPE);
    pthread_sigmask (SIG_BLOCK, &pipe, &before);
    counters_add (COUNTER_WORKERS_LIVE, 1); /* by now: the thread may be late */
    result = pthread_create (&worker->thread, NULL, run_thread, worker);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (result != 0) {
        counters_add (COUNTER_WORKERS_LIVE, -1);
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a worker thread cannot be started: %s",
                     g_strerror (result));
        return FALSE;
    }
    worker->is_running = TRUE;
    return TRUE;
}

void
worker_free (Worker *worker)
{
    if (worker == NULL)
        return;
    if (worker->is_running && worker->settings.is_guest) {
        end_as_guest (worker);
    } else if (worker->is_running) {
        loop_stop (worker->loop);
        pthread_join (worker->thread, NULL);
    }
    g_ptr_array_unref (worker->accepters);
    main_context_free (worker->main_context); /* there is one where the thread was not started */
    loop_unref (worker->loop);
    g_free (worker);
}

/* One too many: told so in so many words, where they can be read, and closed. */
static void
turn_away (int fd, GreetingWays ways)
{
    char answer[CONNECTION_FULL_SIZE];

    if ((ways & GREETING_TLS) == 0)
        (void) send (fd, answer, connection_write_full (answer), MSG_DONTWAIT | MSG_NOSIGNAL);
    (void) close (fd);
}

static void
get_peer (int fd, H3SocketAddress *out_peer)
{
    struct sockaddr_storage native;
    socklen_t length = sizeof native;

    *out_peer = (H3SocketAddress){ 0 };
    if (getpeername (fd, (struct sockaddr *) &native, &length) == 0)
        h3_socket_address_from_native ((struct sockaddr *) &native, length, out_peer);
}

static gboolean
make_room (gpointer data)
{
    Worker *worker = data;

    return greetings_make_room (worker->greetings)
           || connection_context_make_room (&worker->context);
}

typedef struct {
    Worker *worker; /* borrowed: runs longer than its loop takes posts */
    int fd;         /* owned */
    GreetingWays ways;
    guint n_refused; /* workers that had no room for it */
} Handover;

static void take_handover (gpointer data);
static void drop_handover (gpointer data);

static void
hand_over (Worker *to, int fd, GreetingWays ways, guint n_refused)
{
    Handover *handover = g_new (Handover, 1);

    *handover = (Handover){ to, fd, ways, n_refused };
    loop_post (to->loop, take_handover, handover, drop_handover);
}

/* The bound is the server's, while each worker sees its own connections only: where one finds none
 * that may go, the next takes the client, if it finds one. Who asked first is asked last once more:
 * it has meanwhile read what had arrived, and knows better who is slow. */
static gboolean
ask_next (Worker *worker, int fd, GreetingWays ways, guint n_refused)
{
    if (n_refused > worker->settings.n_workers
        || !connection_bound_begin_waiting (worker->settings.bound))
        return FALSE;
    hand_over (worker->next, fd, ways, n_refused);
    return TRUE;
}

static gboolean
begin (Worker *worker, int fd, GreetingWays ways, const H3SocketAddress *peer)
{
    if (ways != 0)
        return greetings_accept (worker->greetings, fd, ways, peer);
    if (worker->settings.limits.connections_address > 0)
        return connection_accept_from (&worker->context, fd, peer);
    return connection_accept (&worker->context, fd);
}

/* FALSE: there is no room, and nobody else is asked. */
static gboolean
take_in (Worker *worker, int fd, GreetingWays ways, guint n_refused)
{
    ConnectionBound *bound = worker->settings.bound;
    H3SocketAddress peer = { 0 };
    BoundAnswer answer;

    if ((ways & GREETING_PROXY) == 0)
        get_peer (fd, &peer);
    answer = connection_bound_enter (bound, &peer.address, make_room, worker);
    if (answer == BOUND_IS_FULL && ask_next (worker, fd, ways, n_refused + 1))
        return TRUE;
    if (answer != BOUND_ENTERED) {
        connection_bound_note_refused (bound);
        return FALSE;
    }
    atomic_fetch_add_explicit (&worker->n_connections, 1, memory_order_relaxed);
    if (!begin (worker, fd, ways, &peer))
        on_connection_closed (worker, &peer.address);
    return TRUE;
}

static void
adopt (Worker *worker, int fd, GreetingWays ways, guint n_refused)
{
    if (worker->is_drained || worker->is_emptied || !take_in (worker, fd, ways, n_refused))
        turn_away (fd, ways);
}

static void
free_handover (Handover *handover)
{
    if (handover->n_refused > 0)
        connection_bound_end_waiting (handover->worker->settings.bound);
    g_free (handover);
}

static void
take_handover (gpointer data)
{
    Handover *handover = data;
    Worker *worker = handover->worker;
    int fd = handover->fd;
    GreetingWays ways = handover->ways;
    guint n_refused = handover->n_refused;

    free_handover (handover);
    adopt (worker, fd, ways, n_refused);
}

static void
drop_handover (gpointer data)
{
    Handover *handover = data;

    (void) close (handover->fd);
    free_handover (handover);
}

static void
on_accepted (gpointer data, int fd)
{
    Accepter *accepter = data;
    Worker *worker;

    if (accepter->proxies != NULL && !greeting_admit (accepter->proxies, fd))
        return;
    worker = accepter->choose != NULL ? accepter->choose (accepter->data) : NULL;
    if (worker == NULL || worker == accepter->worker)
        adopt (accepter->worker, fd, accepter->ways, 0);
    else
        hand_over (worker, fd, accepter->ways, 0);
}

typedef struct {
    Worker *worker;           /* borrowed: the server frees it after its loop has closed */
    const ListenGroup *group; /* borrowed: stays until the worker no longer listens */
    guint index;              /* of its descriptor */
    WorkerChooser choose;
    gpointer data; /* borrowed: the server */
} ListenOrder;

static void
start_listening (gpointer data)
{
    ListenOrder *order = data;
    Accepter *accepter = g_new0 (Accepter, 1);

    accepter->worker = order->worker;
    accepter->group = order->group;
    accepter->proxies = listen_group_get_proxies (order->group);
    accepter->ways = (accepter->proxies != NULL ? GREETING_PROXY : 0)
                     | (listen_group_is_secure (order->group) ? GREETING_TLS : 0);
    accepter->choose = order->choose;
    accepter->data = order->data;
    accepter->listener =
        listener_new (order->worker->loop, listen_group_get_fd (order->group, order->index),
                      on_accepted, accepter);
    g_ptr_array_add (order->worker->accepters, accepter);
    g_free (order);
}

void
worker_listen (Worker *worker, const ListenGroup *group, guint index, WorkerChooser choose,
               gpointer data)
{
    ListenOrder *order = g_new (ListenOrder, 1);

    *order = (ListenOrder){ worker, group, index, choose, data };
    loop_post (worker->loop, start_listening, order, g_free);
}

Loop *
worker_get_loop (Worker *worker)
{
    return worker->loop;
}

guint
worker_count_connections (const Worker *worker)
{
    return atomic_load_explicit (&((Worker *) worker)->n_connections, memory_order_relaxed);
}

void
worker_ask (Worker *worker, WorkerTold turned, gpointer data)
{
    loop_post (worker->loop, turned, data, NULL);
}
