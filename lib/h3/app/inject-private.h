/* SPDX-License-Identifier: MIT
 *
 * An exchange without a socket, as the files of inject.c share it. Its client reads all at once,
 * and has sent all that it will ever send: so there is no turn and no buffer, only the order of a
 * connection. The injecting thread only. */

#pragma once

#include "app-private.h"
#include "injected-private.h"

#include <h3/http/event-carried.h>
#include <h3/http/event-pool.h>
#include <h3/loop/alarms.h>
#include <h3/wire/http1-body.h>

G_BEGIN_DECLS

typedef struct _Exchange Exchange;
struct _Exchange {
    Carrier carrier;        /* first: what the event sees */
    const H3Limits *limits; /* borrowed: the app's server */
    gpointer worker;        /* owned: what the app keeps for a worker */
    EventPool *pool;        /* owned */
    H3Event *event;         /* ref; NULL: over */
    H3Injected *injected;   /* owned */
    H3View pending;         /* what the client has sent and nobody has read */
    Http1BodyLimits body_limits;
    Http1Body body;
    GByteArray *whole;     /* owned: a body being gathered; NULL: pieces go to the event */
    H3Response *generated; /* borrowed: the event's; NULL: no generator */
    Alarm alarm;
    gint64 answer_time; /* milliseconds; 0: any */
    gint64 left;        /* bytes of the answer still promised; -1: any */
    guint8 framing;
    guint8 reading : 1; /* the body is wanted */
    guint8 paused : 1;
    guint8 reading_is_due : 1;
    guint8 generating_is_due : 1;
    guint8 is_answered : 1; /* whole; the event ends at the end of the turn */
};

/* inject-carrier.c */
extern const CarrierFunctions exchange_carrier_functions;
/* The deadline for what is waited for begins now. */
void exchange_arm (Exchange *exchange);
void exchange_on_due (Alarm *alarm);
void exchange_end (Exchange *exchange, H3Outcome outcome);

/* inject-body.c: the way in. */
void exchange_begin_body (Exchange *exchange);
/* The body is read at the end of the turn. */
void exchange_schedule_reading (Exchange *exchange);
void exchange_run_handlers (Exchange *exchange);

G_END_DECLS
