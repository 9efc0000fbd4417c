/* SPDX-License-Identifier: MIT
 *
 * One fetch, by each way that a program has to make it: waited for, on a main context, in a
 * handler. Every wait has a deadline that fails the test. Main thread. */

#pragma once

#include "latch.h"
#include "test-server.h"

#include "h3/client/client.h"

typedef enum { FETCH_WAITING, FETCH_ASYNC, FETCH_IN_HANDLER, N_FETCH_WAYS } FetchWay;

/* What the three have in common; one at a time. */
typedef struct {
    TestServer server; /* that of the handler */
    FetchWay way;
    H3Client *client; /* ref: its settings may be changed before the first fetch */
    Latch answered;   /* how many have come to their end */
    guint n_asked;
    pthread_mutex_t lock;       /* of all below, which go to a worker and back */
    H3ClientRequest *asked;     /* ref */
    H3ClientResponse *response; /* ref; NULL: an error */
    GError *error;              /* owned */
} FetchWays;

/* Begins to count what lives. */
void fetch_ways_init (FetchWays *ways, FetchWay way);
/* Ends all, and fails the test unless nothing is left. */
void fetch_ways_clear (FetchWays *ways);

/* (transfer none) (nullable): the answer, until the next fetch; NULL: `out_error` (transfer full)
 * says why there is none. `request` (transfer full), `cancellable` (nullable): not in a handler. */
H3ClientResponse *fetch_ways_run (FetchWays *ways, H3ClientRequest *request,
                                  GCancellable *cancellable, GError **out_error);
/* The same of a GET. A URL that cannot be is an error too. */
H3ClientResponse *fetch_ways_get (FetchWays *ways, const char *url, GError **out_error);

/* (transfer full): the client of a handler that fetches; the fetch is not waited for. `request`
 * (transfer full). */
RawClient *fetch_ways_begin (FetchWays *ways, H3ClientRequest *request);
/* (transfer full): why that fetch has failed. */
GError *fetch_ways_wait_error (FetchWays *ways);
