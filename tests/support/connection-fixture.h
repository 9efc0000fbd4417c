/* SPDX-License-Identifier: MIT
 *
 * A connection without a server: all that a worker lends is made here, and a program of one
 * function answers. The peer's end of each socket is the test's. Main thread only. */

#pragma once

#include "h3/engine/connection.h"
#include "h3/http/body.h"
#include "h3/http/event-carried.h"

typedef struct {
    Loop *loop; /* ref */
    Buffers *buffers;
    Deadlines *all;
    H3Limits limits;
    HeadField *fields;
    Dispatch dispatch;
    ConnectionContext context;
    H3BodyMode wish;    /* of every route: whole */
    guint64 body_bound; /* 1,024 */
    H3Handler handler;  /* answers; by default what it was asked */
    guint begun, run;   /* calls */
    guint descriptors;
} Fixture;

extern Fixture fixture;

/* `max_resting` 0: events are made and freed. The clock is driven from here on. */
void fixture_set_up (guint max_resting);
/* Makes the context with fixture.limits as they are now. */
void fixture_start (void);
/* Cuts what is left, and asserts that nothing of it is held. */
void fixture_tear_down (void);

/* A connection; the peer's end, non-blocking. */
int fixture_connect (void);
int fixture_connect_tcp (void);

/* Some turns of the loop. */
void fixture_settle (void);
/* Fails where the loop would be woken again and again. */
void fixture_assert_quiet (void);
/* The clock moves on, and what is due happens. */
void fixture_pass (gint64 milliseconds);

/* Sends all, settling. */
void fixture_send (int peer, H3View bytes);
/* What has come since; `out_ended` (nullable): whether the end did, or a reset. */
char *fixture_receive (int peer, gboolean *out_ended);
/* Sends, receives, and asserts what came. */
void fixture_assert_answers (int peer, const char *bytes, const char *const *expected);

/* The default program: 200 with "METHOD path query body-length body". */
void fixture_echo (H3Event *event, gpointer user_data);
/* Occurrences of a text. */
guint fixture_count (const char *text, const char *part);
