/* SPDX-License-Identifier: MIT
 *
 * How a connection becomes a stream. */

#pragma once

#include <h3/engine/stream.h>
#include <h3/net/transport.h>

G_BEGIN_DECLS

/* A worker's streams that are open. */
typedef struct {
    H3Stream *first;      /* borrowed: each is held by who reads it, or by the program */
    gboolean is_draining; /* what is taken over now is asked to end at once */
    gboolean has_ended;   /* what is taken over now is closed at once */
    /* A connection that was taken over has ended; its client's address. NULL: nobody asks. */
    void (*on_closed) (gpointer data, const H3Address *peer);
    gpointer on_closed_data; /* borrowed: the worker */
} StreamList;

/* (transfer full): takes the transport over; `received` is what came behind the head, copied. */
H3Stream *stream_new (Loop *loop, Transport *transport, TransportShared *shared, StreamList *list,
                      H3View received);

/* The server begins to end: `function` is called instead of the end, once and not inline, and sees
 * to it that the stream ends soon. One drained already calls it at the end of the turn. */
void stream_on_server_drain (H3Stream *stream, void (*function) (gpointer data), gpointer data);

/* Offers the kernel now what was written. */
void stream_flush (H3Stream *stream);

/* Bytes written that the kernel has not taken. */
guint64 stream_get_waiting (const H3Stream *stream);

/* The server begins to end: who wants to be told is, the others end as below. */
void stream_list_drain (StreamList *list);
/* The server ends: readers are told with H3_ERROR_CLOSED, what was written is sent, all close. */
void stream_list_end (StreamList *list);

G_END_DECLS
