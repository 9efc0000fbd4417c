/* SPDX-License-Identifier: MIT */

#include "stream.h"

#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/engine/stream-inside.h>

#include <errno.h>
#include <stdatomic.h>

/*   OPEN ── receive: the peer's end ──▶ HALF ── end ──▶ CLOSED
 *    └───────────────────── end ──────────────────────▶ CLOSED
 *   OPEN    bytes go both ways
 *   HALF    the peer has ended, and its reader knows; it may still be written to
 *   CLOSED  the transport has been let go; a reader that was not told yet is, at the turn's end */
typedef enum { STREAM_OPEN, STREAM_HALF, STREAM_CLOSED } StreamState;

typedef struct {
    H3StreamFunction function; /* NULL: nobody reads, or the end was told */
    gpointer user_data;        /* owned, by way of destroy */
    GDestroyNotify destroy;    /* (nullable) */
} Reader;

typedef struct {
    H3StreamDrained function; /* NULL: nobody */
    gpointer user_data;       /* owned, by way of destroy */
    GDestroyNotify destroy;   /* (nullable) */
} Producer;

struct _H3Stream {
    atomic_int refs;
    StreamState state;
    Loop *loop;                /* ref */
    Transport *transport;      /* owned; NULL: CLOSED */
    TransportShared *shared;   /* borrowed: the worker's; outlives the transport */
    StreamList *list;          /* borrowed: the worker's; unset with the transport */
    H3Stream *next, *previous; /* borrowed: neighbours in the list */
    GByteArray *received;      /* owned: came behind the head; NULL: told, or nothing */
    GError *error;             /* owned: why it is CLOSED; NULL: the peer's orderly end */
    Reader reader;             /* holds a ref while its function is set */
    Producer producer;
    void (*on_server_drain) (gpointer data); /* NULL: nobody, or told */
    gpointer on_server_drain_data;           /* borrowed: who reads */
    guint has_reader : 1;                    /* there was one: another cannot be */
    guint paused : 1;                        /* the reader wants nothing */
    guint turn_is_due : 1;                   /* at the end of this turn; holds a ref */
    guint written : 1;                       /* something the producer has not been told about */
    guint new_producer : 1;                  /* was set while the old one was being told */
    guint was_told : 1;                      /* that the server begins to end */
};

G_DEFINE_BOXED_TYPE (H3Stream, h3_stream, h3_stream_ref, h3_stream_unref)

static gboolean
is_on_worker (const H3Stream *stream)
{
    return loop_get_current () == stream->loop;
}

static void
set_state (H3Stream *stream, StreamState state)
{
    static const char *const names[] = { "open", "half", "closed" };

    g_debug ("stream %p: %s to %s", (gpointer) stream, names[stream->state], names[state]);
    stream->state = state;
}

static gboolean
is_reading (const H3Stream *stream)
{
    return stream->state == STREAM_OPEN && stream->reader.function != NULL && !stream->paused;
}

/* Takes the producer away and tells its owner. */
static void
drop_producer (H3Stream *stream)
{
    Producer producer = stream->producer;

    memset (&stream->producer, 0, sizeof stream->producer);
    if (producer.destroy != NULL)
        producer.destroy (producer.user_data);
}

/* The end, once: the reader's reference is the caller's to drop after it. */
static void
tell_end (H3Stream *stream, const GError *error)
{
    Reader reader = stream->reader;

    memset (&stream->reader, 0, sizeof stream->reader);
    reader.function (stream, NULL, 0, error, reader.user_data);
    if (reader.destroy != NULL)
        reader.destroy (reader.user_data);
}

static void
leave_list (H3Stream *stream)
{
    if (stream->previous != NULL)
        stream->previous->next = stream->next;
    else
        stream->list->first = stream->next;
    if (stream->next != NULL)
        stream->next->previous = stream->previous;
    stream->next = stream->previous = NULL;
    stream->list = NULL;
}

/* Lets the transport go, which sends what was written. Nobody is called. */
static void
let_go (H3Stream *stream)
{
    StreamList *list = stream->list;
    H3SocketAddress peer;

    leave_list (stream);
    set_state (stream, STREAM_CLOSED);
    transport_get_peer (stream->transport, &peer);
    if (list->on_closed != NULL)
        list->on_closed (list->on_closed_data, &peer.address);
    g_clear_pointer (&stream->received, g_byte_array_unref);
    stream->shared = NULL;
    transport_close (g_steal_pointer (&stream->transport));
}

static void
free_stream (H3Stream *stream)
{
    if (stream->state != STREAM_CLOSED)
        let_go (stream);
    drop_producer (stream);
    g_clear_error (&stream->error);
    loop_unref (stream->loop);
    g_free (stream);
    counters_add (COUNTER_STREAMS_LIVE, -1);
}

static void
drop (gpointer data)
{
    H3Stream *stream = data;

    if (atomic_fetch_sub_explicit (&stream->refs, 1, memory_order_acq_rel) == 1)
        free_stream (stream);
}

H3Stream *
h3_stream_ref (H3Stream *stream)
{
    g_return_val_if_fail (stream != NULL, NULL);
    atomic_fetch_add_explicit (&stream->refs, 1, memory_order_relaxed);
    return stream;
}

/* Only the worker may drop the last reference: it closes. Where the worker is no more, there is
 * nothing left to close. */
void
h3_stream_unref (H3Stream *stream)
{
    int refs;

    if (stream == NULL)
        return;
    if (is_on_worker (stream)) {
        drop (stream);
        return;
    }
    refs = atomic_load_explicit (&stream->refs, memory_order_relaxed);
    while (refs > 1)
        if (atomic_compare_exchange_weak_explicit (&stream->refs, &refs, refs - 1,
                                                   memory_order_release, memory_order_relaxed))
            return;
    loop_post (stream->loop, drop, stream, drop);
}

static void
close_out (H3Stream *stream)
{
    drop_producer (stream);
    if (stream->reader.function != NULL) {
        tell_end (stream, stream->error);
        h3_stream_unref (stream);
    }
}

/* What was received is given to the reader, in the order it came. */
static void
tell_received (H3Stream *stream)
{
    g_autoptr (GByteArray) received = g_steal_pointer (&stream->received);

    stream->reader.function (stream, (const char *) received->data, received->len, NULL,
                             stream->reader.user_data);
}

static void schedule_turn (H3Stream *stream);

static void
end (H3Stream *stream, H3Error code, const char *reason)
{
    if (stream->state == STREAM_CLOSED)
        return;
    stream->error = g_error_new_literal (H3_ERROR, (gint) code, reason);
    let_go (stream);
    schedule_turn (stream);
}

static void
on_end_received (H3Stream *stream)
{
    if (transport_has_failed (stream->transport) || transport_is_truncated (stream->transport)) {
        end (stream, H3_ERROR_CLOSED, "the peer has gone");
        return;
    }
    set_state (stream, STREAM_HALF);
    tell_end (stream, NULL);
    h3_stream_unref (stream);
}

/* Held by the caller. One read a turn, so that no peer keeps the loop to itself. */
static void
receive (H3Stream *stream)
{
    gsize size;
    char *room = transport_shared_get_receive_buffer (stream->shared, &size);
    gssize length = transport_receive (stream->transport, room, size);

    if (length > 0)
        stream->reader.function (stream, room, (gsize) length, NULL, stream->reader.user_data);
    else if (length == RECEIVE_END)
        on_end_received (stream);
    else if (length == RECEIVE_FAILED)
        end (stream, H3_ERROR_CLOSED, "the peer has gone");
}

static void
drain (H3Stream *stream)
{
    void (*function) (gpointer data) = stream->on_server_drain;

    stream->on_server_drain = NULL;
    if (function != NULL)
        function (stream->on_server_drain_data);
    else if (!stream->was_told)
        end (stream, H3_ERROR_CLOSED, "the server ends");
    stream->was_told = TRUE;
}

/* At the end of the turn that asked: begins or goes on reading, or tells that it is over. */
static void
on_turn_due (gpointer data)
{
    H3Stream *stream = data;

    stream->turn_is_due = FALSE;
    if (stream->list != NULL && stream->list->has_ended)
        end (stream, H3_ERROR_CLOSED, "the server ends");
    else if (stream->list != NULL && stream->list->is_draining)
        drain (stream);
    if (is_reading (stream) && stream->received != NULL)
        tell_received (stream);
    /* The peer's end may have been received already, and is then not told again. */
    if (is_reading (stream))
        receive (stream);
    if (stream->state == STREAM_CLOSED)
        close_out (stream);
    else
        transport_set_reading (stream->transport, is_reading (stream));
    h3_stream_unref (stream);
}

static void
schedule_turn (H3Stream *stream)
{
    if (stream->turn_is_due)
        return;
    stream->turn_is_due = TRUE;
    loop_defer (stream->loop, on_turn_due, h3_stream_ref (stream));
}

static void
on_readable (gpointer owner)
{
    H3Stream *stream = owner;

    /* Whoever asks next has a turn, which reads. */
    if (!is_reading (stream) || stream->received != NULL) {
        transport_set_reading (stream->transport, FALSE);
        return;
    }
    h3_stream_ref (stream);
    receive (stream);
    h3_stream_unref (stream);
}

static void
want_drained (H3Stream *stream)
{
    if (stream->written && stream->producer.function != NULL && stream->state != STREAM_CLOSED)
        transport_want_drained (stream->transport);
}

static void
on_drained (gpointer owner)
{
    H3Stream *stream = owner;
    Producer producer = stream->producer;

    if (!stream->written || producer.function == NULL)
        return;
    h3_stream_ref (stream);
    stream->written = FALSE;
    /* Its data must last until it returns, whatever it does. */
    memset (&stream->producer, 0, sizeof stream->producer);
    stream->new_producer = FALSE;
    producer.function (stream, producer.user_data);
    if (!stream->new_producer && stream->state != STREAM_CLOSED)
        stream->producer = producer;
    else if (producer.destroy != NULL)
        producer.destroy (producer.user_data);
    want_drained (stream);
    h3_stream_unref (stream);
}

static void
on_failed (gpointer owner, int error_number)
{
    H3Stream *stream = owner;

    /* What the peer sent before it went is read first; its end comes behind it. */
    if (is_reading (stream) && (error_number == EPIPE || error_number == ECONNRESET))
        return;
    if (error_number == ETIMEDOUT)
        end (stream, H3_ERROR_TIMEOUT, "the peer takes too little of what was written");
    else
        end (stream, H3_ERROR_CLOSED, "the peer has gone");
}

static const TransportOwner owner_functions = { on_readable, on_drained, on_failed };

void
h3_stream_read (H3Stream *stream, H3StreamFunction function, gpointer user_data,
                GDestroyNotify destroy)
{
    g_return_if_fail (stream != NULL && function != NULL);
    g_return_if_fail (is_on_worker (stream));
    g_return_if_fail (!stream->has_reader);
    stream->has_reader = TRUE;
    stream->reader = (Reader){ function, user_data, destroy };
    h3_stream_ref (stream);
    schedule_turn (stream);
}

void
h3_stream_pause (H3Stream *stream)
{
    g_return_if_fail (stream != NULL && is_on_worker (stream));
    stream->paused = TRUE;
    if (stream->state != STREAM_CLOSED)
        transport_set_reading (stream->transport, FALSE);
}

void
h3_stream_resume (H3Stream *stream)
{
    g_return_if_fail (stream != NULL && is_on_worker (stream));
    if (!stream->paused)
        return;
    stream->paused = FALSE;
    if (is_reading (stream))
        schedule_turn (stream);
}

gboolean
h3_stream_is_open (const H3Stream *stream)
{
    g_return_val_if_fail (stream != NULL, FALSE);
    return stream->state != STREAM_CLOSED && !transport_has_failed (stream->transport);
}

/* Small writes of a turn leave together at its end; many are sent before they are too many. */
static gboolean
note_written (H3Stream *stream)
{
    Transport *transport = stream->transport;

    if (transport_get_waiting (transport) > H3_STREAM_OUTPUT_MARK)
        transport_flush (transport);
    stream->written = TRUE;
    want_drained (stream);
    return h3_stream_is_open (stream) && transport_get_waiting (transport) <= H3_STREAM_OUTPUT_MARK;
}

gboolean
h3_stream_write (H3Stream *stream, const char *data, gsize length)
{
    g_return_val_if_fail (stream != NULL && (data != NULL || length == 0), FALSE);
    g_return_val_if_fail (is_on_worker (stream), FALSE);
    if (!h3_stream_is_open (stream))
        return FALSE;
    transport_write (stream->transport, data, length);
    return note_written (stream);
}

gboolean
h3_stream_write_bytes (H3Stream *stream, GBytes *bytes)
{
    g_return_val_if_fail (stream != NULL && bytes != NULL, FALSE);
    g_return_val_if_fail (is_on_worker (stream), FALSE);
    if (!h3_stream_is_open (stream))
        return FALSE;
    transport_write_bytes (stream->transport, bytes, 0, g_bytes_get_size (bytes));
    return note_written (stream);
}

void
h3_stream_on_drain (H3Stream *stream, H3StreamDrained function, gpointer user_data,
                    GDestroyNotify destroy)
{
    g_return_if_fail (stream != NULL && is_on_worker (stream));
    drop_producer (stream);
    stream->new_producer = TRUE;
    stream->producer = (Producer){ function, user_data, destroy };
    stream->written |= stream_get_waiting (stream) > 0;
    if (stream->state == STREAM_CLOSED)
        schedule_turn (stream);
    want_drained (stream);
}

void
h3_stream_close (H3Stream *stream)
{
    g_return_if_fail (stream != NULL && is_on_worker (stream));
    end (stream, H3_ERROR_CANCELLED, "the stream was closed");
}

H3Stream *
stream_new (Loop *loop, Transport *transport, TransportShared *shared, StreamList *list,
            H3View received)
{
    H3Stream *stream = g_new0 (H3Stream, 1);

    counters_add (COUNTER_STREAMS_LIVE, 1);
    atomic_init (&stream->refs, 1);
    stream->loop = loop_ref (loop);
    stream->transport = transport;
    stream->shared = shared;
    stream->list = list;
    stream->next = list->first;
    if (list->first != NULL)
        list->first->previous = stream;
    list->first = stream;
    if (received.length > 0)
        stream->received = g_byte_array_append (g_byte_array_new (), (const guint8 *) received.data,
                                                (guint) received.length);
    transport_set_owner (transport, &owner_functions, stream);
    transport_set_reading (transport, FALSE);
    if (list->is_draining || list->has_ended)
        schedule_turn (stream);
    return stream;
}

void
stream_on_server_drain (H3Stream *stream, void (*function) (gpointer data), gpointer data)
{
    stream->on_server_drain = function;
    stream->on_server_drain_data = data;
}

void
stream_flush (H3Stream *stream)
{
    if (stream->transport != NULL)
        transport_flush (stream->transport);
}

guint64
stream_get_waiting (const H3Stream *stream)
{
    return stream->transport != NULL ? transport_get_waiting (stream->transport) : 0;
}

void
stream_list_drain (StreamList *list)
{
    list->is_draining = TRUE;
    for (H3Stream *stream = list->first; stream != NULL; stream = stream->next)
        schedule_turn (stream);
}

void
stream_list_end (StreamList *list)
{
    list->has_ended = TRUE;
    while (list->first != NULL)
        end (list->first, H3_ERROR_CLOSED, "the server ends");
}
