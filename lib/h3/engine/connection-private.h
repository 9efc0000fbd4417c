/* SPDX-License-Identifier: MIT
 *
 * What connection.c (reads, turns, ends) and connection-carrier.c (sends) share.
 *
 *             ┌────────────────────── exchange_over ───────────────────────┐
 *             ▼                                                            │
 *   READING_HEAD ── begin_exchange ─▶ READING_BODY ── whole ─▶ HANDLING ───┤
 *       ▲   │              └────── no body, or streamed ──────────▲        │ body left
 *       │   │                                                              ▼
 *       └───┼─────────────── all thrown away ──────────────────────── DISCARDING
 *           │
 *           └─ end, refusal, deadline ─▶ DRAINING ── last byte out ─▶ CLOSED ─▶ freed
 *
 *   READING_HEAD  no event; `input` has the beginning of a head, or nothing (idle)
 *   READING_BODY  `event` waits for its whole body
 *   HANDLING      `event` is with its handlers, or its answer is being written
 *   DISCARDING    no event; the rest of a body nobody read is thrown away
 *   DRAINING      nothing is read; events wait in `unsent` for their last byte
 *   CLOSED        the transport has been let go; freed at the end of the turn */

#pragma once

#include "connection-activity.h"
#include "connection.h"

#include <h3/engine/stream-inside.h>
#include <h3/http/event-carried.h>

G_BEGIN_DECLS

/* The rest of a body that nobody read is thrown away up to here, to keep the connection. */
#define CONNECTION_MAX_DISCARD (256 * 1024)

typedef enum {
    CONNECTION_READING_HEAD,
    CONNECTION_READING_BODY,
    CONNECTION_HANDLING,
    CONNECTION_DISCARDING,
    CONNECTION_DRAINING,
    CONNECTION_CLOSED,
} ConnectionState;

/* Where the request's body is. */
typedef enum {
    INCOMING_NONE,    /* none was declared, or it has ended */
    INCOMING_WAITING, /* declared; nobody has asked for it yet */
    INCOMING_READING, /* pieces go to the event, or are gathered */
} Incoming;

struct _Connection {
    ConnectionContext *context; /* borrowed: the worker */
    Transport *transport;       /* owned until CLOSED; then NULL */
    Activity *activity;         /* owned; NULL: at rest, READING_HEAD and nothing waits */
    guint8 state;
    guint8 incoming;
    guint8 framing;  /* of a streamed answer */
    guint8 keep : 1; /* another request may follow */
    guint8 in_turn : 1;
    guint8 turn_is_due : 1;
    guint8 peer_ended : 1;
    guint8 body_paused : 1;
    guint8 sent_continue : 1;
    guint8 head_was_split : 1;
    guint8 generator_waits : 1; /* it gave an empty piece */
    guint8 is_reading : 1;      /* as the transport was told last */
    DeadlineNode deadline;      /* of what is waited for */
    guint64 n_requests;
    gint64 opened;               /* milliseconds */
    Connection *next, *previous; /* borrowed: the context's list */
};

extern const CarrierFunctions connection_carrier_functions;
extern const TransportOwner connection_owner_functions;

/* The exchange's answer has been handed to the transport as a whole. */
void connection_exchange_over (Connection *connection, H3Event *event);
/* More is to be read: now where a turn is under way, else at the end of the loop's turn. */
void connection_schedule_turn (Connection *connection);
/* The client is lost, or has to be: nothing more is sent. */
void connection_cut (Connection *connection);
/* After the transport has gone to somebody else (`taken`), or was closed. */
void connection_retire (Connection *connection, gboolean is_taken);
/* Asks the generator for pieces while there is room. */
void connection_generate (Connection *connection);
/* The handlers may take activity->answer_time from now on. */
void connection_arm_answer (Connection *connection);
/* From here to connection_end_turn () nothing that happens asks for another turn. */
static inline void
connection_begin_turn (Connection *connection)
{
    connection->in_turn = TRUE;
    connection->context->now = 0;
}
/* One turn's reading is over: what was written is sent, what is waited for gets its deadline. */
void connection_end_turn (Connection *connection);
/* Closes without lingering. */
void connection_drop (Connection *connection);
/* Nothing more is read. What was written still leaves, and who waits for that is told. */
void connection_close_when_sent (Connection *connection);

/* connection-input.c: receives into the worker's buffer where nothing is kept, else behind what is.
 */
gssize connection_receive (Connection *connection);
/* Keeps what a turn has left unread. */
void connection_stash_pending (Connection *connection);

/* connection-request.c: what one step of a turn says to the loop that runs them. */
typedef enum { STEP_MORE, STEP_WAIT } Step;
Step connection_step_head (Connection *connection);
Step connection_step_body (Connection *connection);
Step connection_step_discard (Connection *connection);
/* The answer to a head that cannot be read: nothing behind it is parsed. */
void connection_refuse_head (Connection *connection, guint status);
void connection_start_reading_body (Connection *connection);
/* The body cannot be read on. */
void connection_fail_body (Connection *connection, guint status, const char *detail);
/* Of the carrier. */
void connection_carry_read_body (Carrier *carrier, H3Event *event);
void connection_carry_pause_body (Carrier *carrier, H3Event *event);
void connection_carry_resume_body (Carrier *carrier, H3Event *event);

/* connection-tls.c: of the carrier. */
gboolean connection_carry_tls (Carrier *carrier, H3Arena *arena, H3TlsInfo *out_info);

/* connection-deadlines.c: whether what is waited for is a head, or the first byte of one. It still
 * is while a request is handled that is answered in the turn it came in. */
gboolean connection_waits_for_head (const Connection *connection);
void connection_deadlines_init (ConnectionDeadlines *deadlines, const H3Limits *limits,
                                Deadlines *all);

G_END_DECLS
