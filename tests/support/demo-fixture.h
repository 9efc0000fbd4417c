/* SPDX-License-Identifier: MIT
 *
 * h3d demo as a process of its own, for tests that ask it one thing after the other. Main
 * thread. */

#pragma once

#include "raw-client.h"

/* Starts it, and ends it: the test fails where that is not with status 0. */
void demo_fixture_start (void);
void demo_fixture_end (void);

/* (transfer full): the answer to "METHOD /target" with more fields, each with its CR LF. Asked on a
 * connection that is kept for all. */
RawAnswer *demo_fixture_ask (const char *line, const char *fields);

/* Fails the test unless the answer to "METHOD /target" has this status and this in its body. */
void demo_fixture_expect (const char *line, guint status, const char *in_body);

/* … unless that is a redirect to there. */
void demo_fixture_expect_location (const char *line, guint status, const char *location);
