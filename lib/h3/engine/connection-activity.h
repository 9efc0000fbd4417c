/* SPDX-License-Identifier: MIT
 *
 * What only a connection has that is not at rest: from the first byte of a head until the last byte
 * of its answer has left and nothing behind it has come. Lent by the context. Most are given back
 * in the turn they were taken in, so that one serves all connections of a worker in turn: an idle
 * connection is the lighter by some 300 bytes, and these are always in the processor's cache. */

#pragma once

#include "connection.h"

#include <h3/http/gathered.h>

G_BEGIN_DECLS

struct _Activity {
    Carrier carrier;        /* first: the carrier is the activity */
    Connection *connection; /* borrowed: whose it is */
    H3Event *event;         /* ref: the exchange under way; NULL */
    Buffer *input;          /* owned: received and not yet read; NULL: nothing */
    H3View pending;         /* in a turn: what is to be read; in `input` or the receive buffer */
    gint64 answer_time;     /* milliseconds the handlers of this exchange may take; 0: any */
    H3Event *unsent_first;  /* ref each: answers whose last byte the kernel has not taken */
    H3Event *unsent_last;   /* borrowed: the list */
    DeadlineNode write_deadline;
    Http1Lint lint;
    gint64 stream_left;    /* bytes of a streamed answer still promised; -1: any */
    H3Response *generated; /* borrowed: the event's */
    Http1Body body;
    Gathered whole;     /* a body on its way to handlers that want all of it */
    guint64 body_taken; /* bytes of the body that have come */
    guint64 rate_mark;  /* of them, when the rate was last looked at */
    gint64 body_began;  /* milliseconds */
    guint64 discarded;
    Activity *next; /* owned: the context's list, while nobody has it */
};

/* One that is as new, where the context has none at rest. */
Activity *connection_make_activity (ConnectionContext *context);
/* What the activity has kept for its connection is freed, and the context has it. */
void connection_drop_activity (Connection *connection);
void connection_put_to_rest (ConnectionContext *context, Activity *activity);

G_END_DECLS
