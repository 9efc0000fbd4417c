/* SPDX-License-Identifier: MIT
 *
 * What client-exchange.c (life, ends), -send.c (the way out), -read.c (the way in), -deadlines.c
 * and -cancel.c share.
 *
 *   IN_LINE ── on_turn ──▶ CONNECTING ── on_ready ──▶ ANSWERING ── 101 ──▶ TUNNEL
 *      ▲ ╰──────── a connection that was kept ────────▶│   │                │
 *      │ ╰──── (CONNECTING: a new one) ────────────────╯   │                │
 *      ╰──────── the kept one was dead: once more ─────────┤                │
 *   each ── within a call of the program's ──▶ FAILING     ├─ whole ─▶ OVER ◀─ its end
 *   each ── cancel, error ──▶ OVER
 *
 *   IN_LINE     there are as many connections as may be
 *   CONNECTING  its connection is being made
 *   ANSWERING   the request is on its way or sent; `answer` says how far the answer has come
 *   TUNNEL      bytes of another protocol go both ways
 *   FAILING     `error` is told at the end of the turn; the connection has gone
 *   OVER        nothing is called any more; freed at the end of the turn */

#pragma once

#include "client-exchange.h"
#include "client-loop-inside.h"

#include <h3/http/gathered.h>

G_BEGIN_DECLS

typedef enum {
    EXCHANGE_IN_LINE,
    EXCHANGE_CONNECTING,
    EXCHANGE_ANSWERING,
    EXCHANGE_TUNNEL,
    EXCHANGE_FAILING,
    EXCHANGE_OVER,
} ExchangeState;

/* Where the request's body is. It overlaps with the answer. */
typedef enum {
    OUTGOING_HELD,    /* there is no connection yet, or 100 (Continue) is waited for */
    OUTGOING_OPEN,    /* goes out as it is written */
    OUTGOING_LEAVING, /* whole, and some of it waits for the kernel */
    OUTGOING_SENT,
} Outgoing;

/* What is waited for now, and bounded. */
typedef enum {
    WAIT_NOTHING,
    WAIT_CONNECTION,
    WAIT_TAKEN, /* for bytes of the request to be taken */
    WAIT_HEAD,
    WAIT_BODY,
    N_WAITS,
} ExchangeWait;

typedef struct _ClientBell ClientBell;

struct _ClientExchange {
    ClientLoop *client;             /* borrowed: stays while there are exchanges */
    ClientPeer *peer;               /* ref */
    const ClientListener *listener; /* borrowed: static */
    gpointer data;                  /* borrowed: the listener's */
    ClientConnection *connection;   /* owned, shared with the pool; NULL: IN_LINE, FAILING, OVER */
    GBytes *body;                   /* ref; NULL: none, or written */
    ClientBell *bell;               /* owned; NULL: nothing to be cancelled by */
    GError *error;                  /* owned; NULL but while FAILING */
    Gathered held;                  /* written while HELD */
    ClientTicket ticket;
    EndingNode ending; /* of the client's loop */
    DeadlineNode wait, total, patience;
    gint64 milliseconds[N_WAITS]; /* 0: not bounded */
    gint64 total_milliseconds;
    gint64 length;      /* of the body; -1: in chunks */
    guint64 written;    /* of it */
    guint64 taken_mark; /* bytes taken by the kernel when WAIT_TAKEN began */
    guint64 max_body;
    gsize head_length;
    H3View upgrade; /* in `head`, behind the request's; empty: none */
    ClientTiming timing;
    ClientAnswer answer;
    guint8 state;
    guint8 outgoing;
    guint8 waits_for; /* ExchangeWait */
    guint8 method;
    guint8 expects_continue : 1;
    guint8 is_safe_to_repeat : 1;
    guint8 was_repeated : 1;
    guint8 has_answered : 1; /* a byte has come */
    guint8 is_finished : 1;  /* the program has said so */
    guint8 is_paused : 1;
    guint8 turn_is_due : 1;
    guint8 wants_room : 1;  /* a write said FALSE */
    guint8 room_is_due : 1; /* on_room, at the end of the turn */
    guint8 reads_on : 1;    /* resumed: what was kept is read at the end of the turn */
    char head[];            /* of the request, to be sent again; then the upgrade's name */
};

static inline gboolean
client_exchange_is_connected (const ClientExchange *exchange)
{
    return exchange->state == EXCHANGE_ANSWERING || exchange->state == EXCHANGE_TUNNEL;
}

static inline Transport *
client_exchange_get_transport (const ClientExchange *exchange)
{
    return client_connection_get_transport (exchange->connection);
}

/* client-exchange.c: the one place where the state changes. */
void client_exchange_set_state (ClientExchange *exchange, ExchangeState state);
/* Within the loop's own calls: ends it, and tells. `error` is (transfer full). */
void client_exchange_fail (ClientExchange *exchange, GError *error);
/* Within a program's: it is told at the end of the turn. */
void client_exchange_fail_later (ClientExchange *exchange, GError *error);
/* The connection broke: tries again where that may be, else fails. `error` is (transfer full). */
void client_exchange_lose (ClientExchange *exchange, GError *error);
/* The answer is whole; `rest` came behind it. */
void client_exchange_complete (ClientExchange *exchange, H3View rest);
/* on_room, reading on, the end: at the end of the turn. */
void client_exchange_schedule (ClientExchange *exchange);

/* client-exchange-send.c: on a connection that is there. */
void client_exchange_send (ClientExchange *exchange);
/* The body is waited for no longer: HELD to OPEN, or further. */
void client_exchange_open_body (ClientExchange *exchange);
void client_exchange_on_drained (gpointer user);

/* client-exchange-read.c */
void client_exchange_on_input (gpointer user);
void client_exchange_read_on (ClientExchange *exchange);

/* client-exchange-deadlines.c: looks at what is waited for now. Something has come, or a wait of
 * another kind begins: it begins anew. */
void client_exchange_arm (ClientExchange *exchange);
void client_exchange_arm_total (ClientExchange *exchange);
void client_exchange_arm_patience (ClientExchange *exchange);
void client_exchange_disarm (ClientExchange *exchange);

/* client-exchange-cancel.c: TRUE where it is cancelled already. */
gboolean client_exchange_watch (ClientExchange *exchange, GCancellable *cancellable);
void client_exchange_unwatch (ClientExchange *exchange);

G_END_DECLS
