/* SPDX-License-Identifier: MIT
 *
 * A real server for one test: an app with the testing preset, which listens on a port of its own,
 * and the assertion that it leaves nothing behind. Main thread. */

#pragma once

#include "assert-nothing-left.h"
#include "latch.h"
#include "raw-client.h"

#include "h3/app/app.h"

typedef struct {
    H3App *app;    /* ref */
    char *address; /* owned: the first, as bound */
    LiveSnapshot before;
} TestServer;

/* Notes what lives, and makes an app with no route yet. */
void test_server_init (TestServer *server);
/* Starts it; fails the test where that cannot be. */
void test_server_start (TestServer *server);
/* (transfer full): a client of it. */
RawClient *test_server_connect (const TestServer *server);
/* (transfer full): a new client asks, and closes; fails the test unless it is answered so. */
void test_server_expect (const TestServer *server, const char *request, guint status,
                         const char *body);

/* Stops it, waits, frees the app; fails the test unless all that ran could end and nothing is left.
 * Clients are closed before. */
void test_server_end (TestServer *server);
/* The same where the test has stopped it, and how that ended is `finished`. */
void test_server_end_stopped (TestServer *server, gboolean finished);

/* Runs what waits on the default context. */
void test_server_run_context (void);
