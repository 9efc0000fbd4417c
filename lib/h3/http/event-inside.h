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
 *   ANSWERED  the answer is set up; it leaves when the outermost handler has returned and no hook
 *             before sending holds it
 *   SENDING   the head has left
 *   OVER      the carrier has let go; hooks have run; the event rests when no reference is left */

#pragma once

#include <h3/base/arena-inside.h>
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

/* Who took the right to answer. LATE: the library, and then the program has set an answer up, for
 * whoever keeps_late. */
enum { CLAIM_NONE, CLAIM_PROGRAM, CLAIM_LIBRARY, CLAIM_LATE };

typedef struct {
    const char *name;  /* borrowed: the route */
    const char *value; /* borrowed: the arena */
} EventParam;

typedef struct _EventHook EventHook;
typedef struct _EventDatum EventDatum;
typedef struct _EventWait EventWait;
typedef struct _EventContent EventContent;

/* Something to be called before the answer leaves, or when the exchange is over. */
struct _EventHook {
    EventHook *next; /* borrowed: the arena */
    union {
        H3Handler on_send;
        H3Disposed on_dispose;
    } function;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    gboolean is_headless;   /* of on_dispose: it reads nothing of the head's bytes */
};

struct _H3Event {
    H3Request request;
    H3Response response;
    H3Arena *arena;         /* owned */
    EventPool *pool;        /* borrowed: the worker's */
    Carrier *carrier;       /* borrowed; NULL when over */
    const H3Limits *limits; /* borrowed: the server's */
    Loop *loop;             /* borrowed; a ref once deferred */
    H3Event *next;     /* borrowed: of the list it is in (pool, or waiting to have been sent) */
    guint64 sent_mark; /* the carrier's: where its last byte stands in all that is sent */
    _Atomic guint64 posted; /* bytes written by other threads and not here yet */
    atomic_int refs;
    atomic_uchar claim;
    atomic_uchar is_over; /* the phase says so: for other threads */
    guint8 phase;
    guint8 outcome;
    /* From here to what is dropped singly, all is zero at rest: event_reset () clears it in one. */
    const EventHost *host;           /* borrowed: the app; NULL before a route was looked for */
    gpointer host_data;              /* borrowed: the app's own */
    gconstpointer route;             /* borrowed: the app's, frozen */
    gconstpointer cursor;            /* borrowed: the host's place in the chain */
    const H3TrustedProxies *trusted; /* borrowed: the app's; NULL trusts nobody */
    EventContent *content;           /* borrowed: the arena; NULL: nothing was asked for */
    EventParam *params;              /* borrowed: the arena */
    guint64 body_sent;               /* the carrier's: bytes of the answer's body it has taken */
    guint64 body_bound;              /* of a whole or streamed body */
    _Atomic (const char *) user;     /* borrowed: the arena; whose exchange it is, for any thread */
    guint16 sent_status;             /* of the answer whose head has left; 0: none */
    guint16 frames;                  /* handlers of this event on the stack */
    guint8 wish;
    guint8 writes_pretty; /* JSON for people: the app's wish; read by other threads, so no bit */
    guint8 n_params;
    guint8 is_streaming : 1; /* an answer written piece by piece, not finished yet */
    guint8 is_reading : 1;   /* a reader waits for the body */
    guint8 is_failing : 1;   /* the error handler has been called */
    guint8 is_left : 1;      /* its last reference was dropped under a handler of it */
    guint8 is_cancelled : 1;
    guint8 body_ended : 1;
    guint8 body_failed : 1; /* the request's: it will never be whole */
    guint8 wants_drain : 1;
    guint8 holds_loop;         /* a reference to the loop */
    atomic_uchar is_full;      /* what another thread wrote found no room; only with holds_loop */
    guint8 keeps_late;         /* an answer is wanted though nobody waits; only with holds_loop */
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

/* Nobody waits for room any more: the wait is freed, and its function not called. */
void event_drop_drain (H3Event *event);

/* The app's: the default answer to an error (transfer full). */
void event_answer_error (H3Event *event, GError *error);
/* Room for `n` parameters, set by the caller, and behind the last of them for `text_size` bytes. */
static inline EventParam *
event_add_params (H3Event *event, guint n, gsize text_size)
{
    event->params = arena_alloc (event->arena, n * sizeof *event->params + text_size);
    event->n_params = (guint8) n;
    return event->params;
}

/* h3_event_on_dispose () on the worker, for a hook of the arena whose function and data are set, of
 * an exchange that is not over. */
static inline void
event_hang_dispose_hook (H3Event *event, EventHook *hook)
{
    hook->next = event->dispose_hooks;
    event->dispose_hooks = hook;
}

G_END_DECLS
