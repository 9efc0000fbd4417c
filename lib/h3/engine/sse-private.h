/* SPDX-License-Identifier: MIT
 *
 * What the files of sse share.
 *
 *     program, subscriptions ──ref──▶ stream ──ref, while it is open──▶ event ──hold──▶ stream
 *
 * The stream is open from h3_sse_start () to sse_end (); its memory lasts until nobody holds it:
 * the references, the event's hooks and functions that were posted. */

#pragma once

#include <h3/engine/sse.h>
#include <h3/loop/deadlines.h>
#include <h3/loop/endings.h>

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct {
    H3SseFunction function; /* NULL: nobody */
    gpointer user_data;     /* owned, by way of destroy */
    GDestroyNotify destroy; /* (nullable) */
} SseDrain;

struct _H3Sse {
    atomic_int references;
    atomic_int holds; /* one for all references together */
    atomic_size_t bound;
    atomic_uchar is_open;
    _Atomic guint64 waiting; /* for the client, as the worker saw it last */
    Loop *loop;              /* ref */

    /* Other threads leave here what the worker is to write. */
    pthread_mutex_t mutex;
    GString *outbox;    /* owned; NULL: nothing */
    gboolean is_posted; /* the worker is on its way */
    gboolean is_told;   /* somebody was told that enough waits */
    gboolean closes;

    /* The worker only. */
    H3Event *event; /* ref; NULL: over */
    EndingNode ending;
    DeadlineNode heartbeat;
    DeadlineList *heartbeats; /* borrowed: the worker's; NULL: none */
    gint64 flushed;           /* milliseconds */
    GPtrArray *subscriptions; /* owned; ref each; NULL: none yet */
    gboolean is_full;         /* somebody waits for on_drain */
    gboolean is_asked;        /* the event tells when nothing waits any more */
    gboolean has_new_drain;   /* was set while the old one was being told */
    guint8 why;               /* H3SseEnd */
    SseDrain drain;
    struct {
        H3SseEnded function;
        gpointer user_data;
        GDestroyNotify destroy;
    } end;
};

H3Sse *sse_hold (H3Sse *sse);
void sse_let_go (gpointer sse);

/* On the worker. */
void sse_end (H3Sse *sse, H3SseEnd why);
/* Writes a comment that says why, then ends. */
void sse_end_with (H3Sse *sse, H3SseEnd why, const char *comment, gint64 retry);
/* What was written leaves now, and the client has heard something. */
void sse_flush (H3Sse *sse);
/* Bytes that wait; where they are many, sse_ask_for_drain () is called. */
guint64 sse_look_at_waiting (H3Sse *sse);
/* When nothing waits any more, channels go on, and who was told to wait is told. */
void sse_ask_for_drain (H3Sse *sse);

/* sse-feed.c: the channels of a stream. */
void sse_resume_feeds (H3Sse *sse);
void sse_drop_feeds (H3Sse *sse);

G_END_DECLS
