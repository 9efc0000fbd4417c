/* SPDX-License-Identifier: MIT
 *
 * A carrier without a socket: reads a head from a text, runs handlers, keeps what would be sent.
 * One thread, on whose loop the events are; other threads may hold events. */

#pragma once

#include <h3/http/event-carried.h>
#include <h3/http/event-pool.h>
#include <h3/loop/loop.h>
#include <h3/wire/http1-reader.h>

#define FAKE_MAX_FIELDS   200
#define FAKE_MAX_HANDLERS 4

typedef struct {
    Carrier carrier;     /* first: what the event sees */
    EventPool *pool;     /* owned */
    Http1Reader *reader; /* owned */
    H3Limits limits;
    HeadField fields[FAKE_MAX_FIELDS];
    char *buffer; /* owned: as a receive buffer, spoilt when the handlers have returned */
    gsize buffer_length;
    H3Event *event; /* borrowed: the exchange under way; NULL: none */
    H3SocketAddress peer;
    gboolean secure;
    const H3TrustedProxies *trusted; /* borrowed: the test */
    gboolean writes_pretty;
    const char *body; /* borrowed: the test; the whole body of the next request; NULL: none */
    gboolean holds;   /* answers stay unsent until the test finishes them */
    guint64 waiting;
    gboolean generator_waits; /* it gave an empty piece */
    H3Handler handlers[FAKE_MAX_HANDLERS];
    gpointer user_data;
    void (*on_fail) (H3Event *event, GError *error); /* NULL: the default answer */
    /* What the event said. */
    guint n_sent;
    guint status;
    gint64 length;
    guint body_kind;
    gboolean asks_close;
    char *type;         /* owned; NULL: none */
    H3Headers *headers; /* owned; NULL: nothing sent */
    GString *sent;      /* owned: bodies */
    guint n_writes, n_flushes, n_finished, n_cancelled, n_interim, n_failed, n_reads, n_paused,
        n_resumed, n_wants;
    gint64 deadline;
} FakeCarrier;

FakeCarrier *fake_carrier_new (void);
void fake_carrier_free (FakeCarrier *carrier);

/* A request is read from `head`, which may want its last empty line; nothing runs yet. */
H3Event *fake_carrier_begin (FakeCarrier *carrier, const char *head);

/* The handlers run, as a connection has them run. */
void fake_carrier_dispatch (FakeCarrier *carrier);

/* Both, with one handler, until nothing is left to do. */
void fake_carrier_run (FakeCarrier *carrier, const char *head, H3Handler handler,
                       gpointer user_data);

/* What was posted and deferred runs. */
void fake_carrier_pump (FakeCarrier *carrier);

/* Ends the exchange under way. */
void fake_carrier_end (FakeCarrier *carrier, H3Outcome outcome);

/* The value that was sent; "" where there is none. */
const char *fake_carrier_get (const FakeCarrier *carrier, const char *name);

/* Forgets what was sent. */
void fake_carrier_clear (FakeCarrier *carrier);

/* Runs `function (data)` on another thread and waits for its end. */
void fake_carrier_run_elsewhere (void (*function) (gpointer data), gpointer data);
