/* SPDX-License-Identifier: MIT */

#include "client-pipe.h"

#include <pthread.h>

/* Room beyond this is given back when all was read. */
#define KEPT_ROOM ((gsize) 64 * 1024)

struct _ClientPipe {
    atomic_int references;
    Loop *loop;         /* ref */
    ClientFetch *fetch; /* borrowed; the loop's thread only; NULL: over */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Under the lock. */
    char *data;               /* owned */
    gsize start, end;         /* what waits lies between */
    gsize capacity;           /* of `data` */
    GError *error;            /* owned: of the end */
    ClientDelivery *delivery; /* ref: who is told; NULL: nobody waits so */
    guint n_wakes;            /* who sleeps looks up when it changes */
    gboolean has_ended;
    gboolean is_closed;
    gboolean is_full; /* the fetch rests */
};

ClientPipe *
client_pipe_ref (ClientPipe *pipe)
{
    atomic_fetch_add_explicit (&pipe->references, 1, memory_order_relaxed);
    return pipe;
}

void
client_pipe_unref (ClientPipe *pipe)
{
    if (atomic_fetch_sub_explicit (&pipe->references, 1, memory_order_acq_rel) != 1)
        return;
    if (pipe->delivery != NULL) /* its context ended before */
        client_delivery_ring (pipe->delivery);
    pthread_cond_destroy (&pipe->changed);
    pthread_mutex_destroy (&pipe->lock);
    g_clear_error (&pipe->error);
    g_free (pipe->data);
    loop_unref (pipe->loop);
    g_free (pipe);
}

static void
unref_posted (gpointer data)
{
    client_pipe_unref (data);
}

/* Under the lock: what was read makes room before more is asked for. */
static void
make_room (ClientPipe *pipe, gsize length)
{
    if (pipe->capacity - pipe->end >= length)
        return;
    if (pipe->start > 0) {
        memmove (pipe->data, pipe->data + pipe->start, pipe->end - pipe->start);
        pipe->end -= pipe->start;
        pipe->start = 0;
    }
    if (pipe->capacity - pipe->end < length) {
        pipe->capacity = MAX (pipe->end + length, MIN (pipe->capacity * 2, CLIENT_PIPE_MARK));
        pipe->data = g_realloc (pipe->data, pipe->capacity);
    }
}

/* Under the lock: who is to be rung when it is given up. */
static ClientDelivery *
wake (ClientPipe *pipe)
{
    pipe->n_wakes++;
    pthread_cond_broadcast (&pipe->changed);
    return g_steal_pointer (&pipe->delivery);
}

static void
ring (ClientDelivery *delivery)
{
    if (delivery != NULL)
        client_delivery_ring (delivery);
}

static void
on_body (ClientFetch *fetch, H3View piece, gpointer data)
{
    ClientPipe *pipe = data;
    ClientDelivery *delivery = NULL;
    gboolean is_full = FALSE;

    pthread_mutex_lock (&pipe->lock);
    if (!pipe->is_closed) {
        make_room (pipe, piece.length);
        memcpy (pipe->data + pipe->end, piece.data, piece.length);
        pipe->end += piece.length;
        is_full = pipe->end - pipe->start > CLIENT_PIPE_MARK && !pipe->is_full;
        pipe->is_full = pipe->is_full || is_full;
        delivery = wake (pipe);
    }
    pthread_mutex_unlock (&pipe->lock);
    ring (delivery);
    if (is_full)
        client_fetch_pause (fetch);
}

static void
on_end (ClientFetch *fetch, H3ClientResponse *response, const GError *error, gpointer data)
{
    ClientPipe *pipe = data;
    ClientDelivery *delivery;

    pipe->fetch = NULL;
    pthread_mutex_lock (&pipe->lock);
    pipe->error = error != NULL ? g_error_copy (error) : NULL;
    pipe->has_ended = TRUE;
    delivery = wake (pipe);
    pthread_mutex_unlock (&pipe->lock);
    ring (delivery);
    client_pipe_unref (pipe);
}

static const ClientFetchListener pipe_listener = { NULL, on_body, on_end };

ClientPipe *
client_pipe_new (Loop *loop, ClientFetch *fetch)
{
    ClientPipe *pipe = g_new0 (ClientPipe, 1);

    /* One is the reader's, the other the fetch's. */
    atomic_init (&pipe->references, 2);
    pipe->loop = loop_ref (loop);
    pipe->fetch = fetch;
    pthread_mutex_init (&pipe->lock, NULL);
    pthread_cond_init (&pipe->changed, NULL);
    client_fetch_set_listener (fetch, &pipe_listener, pipe);
    return pipe;
}

static void
go_on (gpointer data)
{
    ClientPipe *pipe = data;

    if (pipe->fetch != NULL)
        client_fetch_resume (pipe->fetch);
    client_pipe_unref (pipe);
}

/* Under the lock. -1 without an error: there is nothing yet. What came before an error is given
 * first. `*out_has_room`: the fetch is to go on. */
static gssize
take (ClientPipe *pipe, char *room, gsize size, gboolean *out_has_room, GError **error)
{
    gsize length = MIN (size, pipe->end - pipe->start);

    *out_has_room = FALSE;
    if (length == 0) {
        if (pipe->error != NULL)
            g_propagate_error (error, g_error_copy (pipe->error));
        return pipe->has_ended && pipe->error == NULL ? 0 : -1;
    }
    memcpy (room, pipe->data + pipe->start, length);
    pipe->start += length;
    if (pipe->start == pipe->end) {
        pipe->start = pipe->end = 0;
        if (pipe->capacity > KEPT_ROOM && !pipe->is_full) {
            g_clear_pointer (&pipe->data, g_free);
            pipe->capacity = 0;
        }
    }
    if (pipe->is_full && pipe->end - pipe->start <= CLIENT_PIPE_MARK / 2) {
        pipe->is_full = FALSE;
        *out_has_room = TRUE;
    }
    return (gssize) length;
}

static void
tell_of_room (ClientPipe *pipe, gboolean has_room)
{
    if (has_room)
        loop_post (pipe->loop, go_on, client_pipe_ref (pipe), unref_posted);
}

gssize
client_pipe_take (ClientPipe *pipe, char *room, gsize size, GError **error)
{
    gboolean has_room;
    gssize length;

    pthread_mutex_lock (&pipe->lock);
    length = take (pipe, room, size, &has_room, error);
    pthread_mutex_unlock (&pipe->lock);
    tell_of_room (pipe, has_room);
    return length;
}

/* Under the lock: until there is something, or somebody wakes it. */
static void
sleep_until (ClientPipe *pipe)
{
    guint n_wakes = pipe->n_wakes;

    while (n_wakes == pipe->n_wakes)
        pthread_cond_wait (&pipe->changed, &pipe->lock);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
    client_pipe_wake (data);
}

gssize
client_pipe_read (ClientPipe *pipe, char *room, gsize size, GCancellable *cancellable,
                  GError **error)
{
    g_autoptr (GError) problem = NULL;
    gboolean has_room = FALSE;
    gulong handler = 0;
    gssize length = -1;

    if (cancellable != NULL)
        handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), pipe, NULL);
    pthread_mutex_lock (&pipe->lock);
    while (!g_cancellable_set_error_if_cancelled (cancellable, &problem)
           && (length = take (pipe, room, size, &has_room, &problem)) < 0 && problem == NULL)
        sleep_until (pipe);
    pthread_mutex_unlock (&pipe->lock);
    if (cancellable != NULL)
        g_cancellable_disconnect (cancellable, handler);
    tell_of_room (pipe, has_room);
    if (problem != NULL)
        g_propagate_error (error, g_steal_pointer (&problem));
    return length;
}

void
client_pipe_await (ClientPipe *pipe, ClientDelivery *delivery)
{
    ClientDelivery *before;

    pthread_mutex_lock (&pipe->lock);
    before = g_steal_pointer (&pipe->delivery);
    if (pipe->end == pipe->start && !pipe->has_ended)
        pipe->delivery = g_steal_pointer (&delivery);
    pthread_mutex_unlock (&pipe->lock);
    ring (before);
    ring (delivery);
}

void
client_pipe_wake (ClientPipe *pipe)
{
    ClientDelivery *delivery;

    pthread_mutex_lock (&pipe->lock);
    delivery = wake (pipe);
    pthread_mutex_unlock (&pipe->lock);
    ring (delivery);
}

static void
cancel (gpointer data)
{
    ClientPipe *pipe = data;

    if (pipe->fetch != NULL) {
        client_fetch_cancel (g_steal_pointer (&pipe->fetch));
        client_pipe_unref (pipe);
    }
    client_pipe_unref (pipe);
}

void
client_pipe_close (ClientPipe *pipe)
{
    ClientDelivery *delivery;
    gboolean has_ended;

    pthread_mutex_lock (&pipe->lock);
    has_ended = pipe->has_ended || pipe->is_closed;
    pipe->is_closed = TRUE;
    pipe->start = pipe->end = 0;
    delivery = wake (pipe);
    pthread_mutex_unlock (&pipe->lock);
    ring (delivery);
    if (!has_ended)
        loop_post (pipe->loop, cancel, client_pipe_ref (pipe), unref_posted);
}
