/* SPDX-License-Identifier: MIT
 *
 * The program h3d demo under way, for tests of what it answers: a fixture for check, and questions.
 * Main thread. */

#pragma once

#include "raw-client.h"

/* Starts it on a port of its own; ends it, and fails the test unless it ended well. */
void running_demo_start (void);
void running_demo_end (void);
/* The same with --store. */
void running_demo_start_with_store (const char *url);

/* (transfer full): a new client. */
RawClient *running_demo_connect (void);
/* (transfer full): the whole answer to a new client. */
RawAnswer *running_demo_ask (const char *request);

/* (transfer full): the same to "METHOD /target", with more fields, each with its CR LF. */
RawAnswer *running_demo_ask_for (const char *line, const char *fields);
/* Fails the test unless the answer to "METHOD /target" has this status, and this in its body. */
void running_demo_expect (const char *line, guint status, const char *in_body);
/* … unless it leads there, and has no body. */
void running_demo_expect_location (const char *line, guint status, const char *location);

/* A number ("now", "peak") that /memory tells of a kind of thing. */
gint64 running_demo_read_memory (const char *kind, const char *number);
/* Until so many are there now: each look is a request of its own, and the test has a deadline. */
void running_demo_wait_for (const char *kind, gint64 number);
