/* SPDX-License-Identifier: MIT
 *
 * Two processes that share runs over a real Redis server, as it were: both are on the test's loop.
 * What one waits for is bounded by the case's timeout. */

#pragma once

#include "h3/workflow/run-queue.h"
#include "tests/support/redis-server.h"

#define SOON   60     /* milliseconds: a silent process is taken for dead */
#define NEVER  600000 /* it is not, as far as these tests go */
#define WAITED "{\"state\":\"pending\"}"

typedef struct {
    RunQueue *queue;
    GPtrArray *taken; /* ids, with a '+' where the run was begun before, and a '-': cancelled */
    char *document;   /* of the one taken last */
    guint n_cancelled, n_lost;
    char *last; /* of these */
    guint n_failures, n_recoveries;
} Peer;

extern RedisServer peers_server;
extern Peer peer_a, peer_b;

/* FALSE: there is no such server. */
gboolean peers_begin (guint claim_time);
void peers_end (void);

void peer_begin (Peer *peer, const char *name, guint claim_time);
/* As if its process were killed. */
void peer_end (Peer *peer);

void peers_step (gboolean wait);
#define AWAIT(condition)                                                                           \
    do {                                                                                           \
        while (!(condition))                                                                       \
            peers_step (TRUE);                                                                     \
    } while (0)

/* The code of the error, or -1; so do the others. */
int try_add (RunQueue *queue, const char *id);
int cancel (RunQueue *queue, const char *id);
int drain (RunQueue *queue);
/* (transfer full): its id. */
char *add_run (RunQueue *queue);
/* (transfer full): "DOCUMENT", with a '.' behind it where the run has ended; "": there is none. */
char *ask (RunQueue *queue, const char *id);
void await_document (RunQueue *queue, const char *id, const char *expected);
void expect_taken (const Peer *peer, guint i, const char *id, const char *sign);
