/* SPDX-License-Identifier: MIT
 *
 * What the files of transport share: the structs, and the end of a transport. The loop's thread
 * only. */

#pragma once

#include <h3/net/transport-tls.h>

#include <event2/event.h>
#include <event2/event_struct.h>

G_BEGIN_DECLS

#define TRANSPORT_BUFFER_SIZE (64 * 1024)

/* OPEN: has an owner. DRAINING: closed, bytes wait. LINGERING: all sent, the peer was told; what it
 * still sends is thrown away. GONE: the descriptor is closed, the memory lasts to the end of the
 * turn.
 *
 *     OPEN ── close ──▶ DRAINING ── drained ──▶ LINGERING ── end, deadline, bound ──▶ GONE
 *      └───── reset, or close of a failed one ──────────────────────────────────────▶ GONE
 */
typedef enum {
    TRANSPORT_OPEN,
    TRANSPORT_DRAINING,
    TRANSPORT_LINGERING,
    TRANSPORT_GONE,
} TransportState;

/* What only a transport has that waits for its peer: bytes that the kernel refused, or the end. */
typedef struct _Backlog Backlog;
struct _Backlog {
    OutputQueue queue;
    DeadlineNode deadline;    /* of writing; of the linger */
    Transport *transport;     /* borrowed: whose it is */
    gint64 taken;             /* by the peer when the deadline of writing was armed */
    gsize thrown_away;        /* while LINGERING */
    Backlog *next, *previous; /* borrowed: others without an owner, in shared->ending */
};

struct _Transport {
    const TransportOwner *functions; /* borrowed: static data of the owner's */
    gpointer owner;                  /* borrowed; unset when closed */
    TransportShared *shared;         /* borrowed: outlives all transports */
    Backlog *backlog;                /* owned; NULL while nothing waits */
    guint64 sent;
    int fd; /* owned; -1 when GONE */
    int error_number;
    guint8 state;          /* TransportState */
    guint8 interest;       /* EV_READ, EV_WRITE and EV_ET as libevent has them */
    guint8 reading : 1;    /* the owner's wish */
    guint8 ended : 1;      /* nothing more can be received */
    guint8 is_tls : 1;     /* what is received and sent is inside records */
    guint8 broken : 1;     /* … because of an error */
    guint8 failed : 1;     /* nothing more can be sent */
    guint8 told : 1;       /* … and the owner knows */
    guint8 scheduled : 1;  /* settles at the end of this turn */
    guint8 posted : 1;     /* and what wants_drained asks for is looked at in the next */
    guint8 unflushed : 1;  /* bytes in the queue that nobody tried to send */
    guint8 above_mark : 1; /* … until half of it */
    guint8 relieved : 1;   /* on_drained is due */
    guint8 wants_drained : 1;
    guint8 has_peer : 1; /* in shared->peers */
    struct event event;
};

struct _TransportShared {
    TransportSettings settings;
    char *output; /* borrowed: output_buffer */
    gsize output_length;
    Transport *holder;     /* borrowed: whose bytes are in `output`; NULL: nobody's */
    const Transport *held; /* borrowed: whose owner will flush it in this turn; NULL: nobody's */
    guint count;
    gboolean watching;      /* settles at the end of this turn */
    gboolean freed;         /* … and is freed then */
    Buffer *output_buffer;  /* owned */
    Buffer *receive_buffer; /* owned */
    Backlog *ending;        /* borrowed: the transports own them */
    DeadlineList *writing;  /* borrowed: the deadlines */
    DeadlineList *lingering;
    GHashTable *peers;     /* owned: transports to TransportPeer; NULL: none ever had one */
    LoopFunction on_empty; /* NULL: nobody asked */
    gpointer on_empty_data;
};

/* A transport, of `size` bytes for what is behind it (0 there); else as transport_new (). */
Transport *transport_make (gsize size, TransportShared *shared, int fd,
                           const TransportOwner *owner_functions, gpointer owner);

/* One transport more; one less, of which nothing of `shared` may be touched any more. */
void transport_shared_add (TransportShared *shared);
void transport_shared_remove (TransportShared *shared);
/* Looks at the end of the turn for what somebody forgot. */
void transport_shared_watch (TransportShared *shared);

/* Settles at the end of the turn: flushes what nobody flushed, tells the owner, frees. */
void transport_schedule (Transport *transport);
/* In the next turn, on_drained that was asked for. (Not in this one: a producer whose peer takes
 * all at once would never let the turn end.) */
void transport_post (Transport *transport);
/* Tells libevent what to wait for: EV_READ, EV_WRITE; none of them on an open transport is still to
 * miss a peer that has gone. FALSE: it has no memory for it. */
gboolean transport_set_interest (Transport *transport, short interest);
/* The backlog, made where there is none. */
Backlog *transport_get_backlog (Transport *transport);
void transport_drop_backlog (Transport *transport);

/* The peer has to take some bytes until then. */
void transport_arm_write_deadline (Transport *transport);
void transport_on_write_due (DeadlineNode *node);
void transport_on_linger_due (DeadlineNode *node);

/* Nothing more can be sent: the owner is told at the end of the turn, or there is none and the
 * transport ends. */
void transport_fail (Transport *transport, int error_number);
/* Sends what waits in the queue. */
void transport_drain (Transport *transport);

/* DRAINING to LINGERING, or to GONE. */
void transport_linger (Transport *transport);
void transport_throw_away (Transport *transport);
/* GONE from wherever it is; freed at the end of the turn. */
void transport_end (Transport *transport);

/* transport-tls.c: what is done otherwise where `is_tls` is set. */
/* A ReceiveResult that has no other effect. */
gssize transport_tls_receive (Transport *transport, char *data, gsize length);
/* How much of it was taken; what was not comes again by way of the queue. -1 and errno. */
gssize transport_tls_send (Transport *transport, const char *data, gsize length);
/* As output_queue_send (). */
OutputResult transport_tls_drain (Transport *transport);
/* Tells the peer that nothing more comes. FALSE: the socket takes no more, ask again. */
gboolean transport_tls_say_end (Transport *transport);
/* Bytes that the kernel took, of records. */
guint64 transport_tls_get_written (const Transport *transport);
void transport_tls_on_writable (Transport *transport);
/* In the turn behind transport_post (). */
void transport_tls_on_next_turn (Transport *transport);
/* Its owner begins to read. */
void transport_tls_on_reading (Transport *transport);
/* As a plain one again. */
void transport_tls_clear (Transport *transport);

G_END_DECLS
