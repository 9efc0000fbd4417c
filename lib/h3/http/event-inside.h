/* SPDX-License-Identifier: MIT
 *
 * What an event's carrier, host (the app) and pool see. The worker's thread, but where marked.
 *
 *     OPEN ── h3_event_send ──▶ ANSWERED ── commit ──▶ SENDING ── event_finish ──▶ OVER
 *       │                                              ▲                            ▲
 *       ├── h3_event_write, h3_event_take_over ────────┘                            │
 *       └── event_finish (client gone, cut) ────────────────────────────────────────┘
 *
 *   OPEN      handlers run, or hold it; nothing of an answer has left
 *   ANSWERED  the answer is set up; it leaves when the outermost handler has returned
 *   SENDING   the head has left
 *   OVER      the carrier has let go; hooks have run; the event rests when no reference is left */

#pragma once

#include <h3/http/body.h>
#include <h3/http/carrier.h>
#include <h3/http/event-host.h>
#include <h3/http/forwarded.h>
#include <h3/http/limits.h>
#include <h3/http/request-inside.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _EventPool EventPool;

typedef enum { EVENT_OPEN, EVENT_ANSWERED, EVENT_SENDING, EVENT_OVER } EventPhase;

/* Who took the right to answer. */
enum { CLAIM_NONE, CLAIM_PROGRAM, CLAIM_LIBRARY };

typedef struct {
    const char *name;  /* borrowed: the route */
    const char *value; /* borrowed: the arena */
} EventParam;

typedef struct _EventHook EventHook;
typedef struct _EventDatum EventDatum;
typedef struct _EventWait EventWait;
typedef struct _EventContent EventContent;

struct _H3Event {
    H3Request request;
    H3Response response;
    H3Arena *arena;                  /* owned */
    Carrier *carrier;                /* borrowed; NULL when over */
    const EventHost *host;           /* borrowed: the app; NULL before a route was looked for */
    gpointer host_data;              /* borrowed: the app's own */
    gconstpointer route;             /* borrowed: the app's, frozen */
    gconstpointer cursor;            /* borrowed: the host's place in the chain */
    const H3Limits *limits;          /* borrowed: the server's */
    const H3TrustedProxies *trusted; /* borrowed: the app's; NULL trusts nobody */
    EventContent *content;           /* borrowed: the arena; NULL: nothing was asked for */
    Loop *loop;                      /* borrowed; a ref once deferred */
    EventPool *pool;                 /* borrowed: the worker's */
    H3Event *next;     /* borrowed: of the list it is in (pool, or waiting to have been sent) */
    guint64 sent_mark; /* the carrier's: where its last byte stands in all that is sent */
    atomic_int refs;
    atomic_uchar claim;
    atomic_uchar is_over;   /* the phase says so: for other threads */
    _Atomic guint64 posted; /* bytes written by other threads and not here yet */
    guint8 phase;
    guint8 outcome;
    guint8 wish;
    guint8 writes_pretty; /* JSON for people: the app's wish; read by other threads, so no bit */
    guint16 frames;       /* handlers of this event on the stack */
    guint8 n_params;
    guint8 holds_loop : 1;
    guint8 is_streaming : 1; /* an answer written piece by piece, not finished yet */
    guint8 is_reading : 1;   /* a reader waits for the body */
    guint8 is_failing : 1;   /* the error handler has been called */
    guint8 is_left : 1;      /* its last reference was dropped under a handler of it */
    guint8 is_cancelled : 1;
    guint8 body_ended : 1;
    guint8 body_failed : 1; /* the request's: it will never be whole */
    guint8 wants_drain : 1;
    guint16 sent_status;       /* of the answer whose head has left; 0: none */
    guint64 body_sent;         /* the carrier's: bytes of the answer's body it has taken */
    guint64 body_bound;        /* of a whole or streamed body */
    EventParam *params;        /* borrowed: the arena */
    EventHook *send_hooks;     /* borrowed: the arena; last registered first */
    EventHook *dispose_hooks;  /* borrowed: the arena; last registered first */
    EventDatum *data;          /* borrowed: the arena */
    EventWait *waits;          /* borrowed: each holds the event */
    GCancellable *cancellable; /* owned; NULL: nobody asked */
    struct {
        H3BodyFunction function;
        gpointer user_data;
        GDestroyNotify destroy;
    } reader; /* of a streamed body */
    struct {
        H3Handler function;
        gpointer user_data;
        GDestroyNotify destroy;
    } drain; /* called when the client has taken enough */
};

H3Event *event_create (void); /* the pool's, as the next two */
void event_destroy (H3Event *event);
/* Everything of the last exchange is dropped: an event at rest holds nothing of it. */
void event_reset (H3Event *event);

/* For what answers: TRUE once; FALSE (with a warning where the program answered before) after. */
gboolean event_claim (H3Event *event);
/* What was claimed and set up is sent, now or when the outermost handler has returned. */
void event_answer (H3Event *event);
/* Answers or fails where nobody is left who could. */
void event_settle (H3Event *event);
/* Around every callback: an event that ends inside is released only when the outermost has
 * returned. leave settles it, and the caller touches it no more. */
static inline void
event_enter (H3Event *event)
{
    event->frames++;
}
void event_leave (H3Event *event);
/* Runs the hooks and marks the head as final; the carrier is to be called next. */
void event_prepare_head (H3Event *event);
gboolean event_is_on_worker (const H3Event *event);

/* The app's: the default answer to an error (transfer full). */
void event_answer_error (H3Event *event, GError *error);
/* Room for `n` parameters, set by the caller, and behind the last of them for `text_size` bytes. */
EventParam *event_add_params (H3Event *event, guint n, gsize text_size);

G_END_DECLS
