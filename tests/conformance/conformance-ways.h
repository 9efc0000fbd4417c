/* SPDX-License-Identifier: MIT
 *
 * The ways a case reaches the server: over sockets to a real one with two workers, and, where the
 * server must have taken one part before the next is sent, to a connection whose loop the test
 * runs: the same code without a listener. Main thread. */

#pragma once

#include "wire-answer.h"
#include "wire-cases.h"

#include "tests/support/test-server.h"

/* A request that fills all that a handler could see with "secret", one behind it that has next to
 * nothing, and what their handlers must see. */
#define BEFORE                                                                                     \
    "POST /params/secret/secret?secret HTTP/1.1\r\nHost: secret\r\nX: secret\r\n"                  \
    "Cookie: a=secret\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\nsecret"
#define BEFORE_SEEN                                                                                \
    "POST /params/secret/secret?secret (a=secret)(b=secret) [Host: secret] [X: secret] "           \
    "[Cookie: a=secret] [Expect: 100-continue] [Content-Length: 6] <secret>"
#define AFTER      "GET /after HTTP/1.1\r\nHost: b\r\n\r\n"
#define AFTER_SEEN "GET /after [Host: b] <>"

/* What the case expects of its answer. */
WireExpected wire_expected_of (const WireCase *wire_case);

/* Starts a server with the suite's program; test_server_end () ends it. */
void conformance_start_server (TestServer *server);
/* Sends `bytes` in pieces of `piece`, takes all that comes up to the end of the connection, which
 * is asked for unless it should come by itself. Returns: (transfer full) (nullable): what is wrong
 * with the `n` answers; NULL: nothing. */
char *conformance_ask_server (TestServer *server, H3View bytes, gsize piece,
                              const WireExpected *expected, guint n);
/* The case behind BEFORE, and before AFTER where the connection goes on. */
char *conformance_ask_between (TestServer *server, H3View bytes, const WireExpected *expected);

/* The program without a server. */
void conformance_start_memory (void);
void conformance_end_memory (void);
/* Sends what stands before `cut`, has it read, sends the rest with AFTER behind it, which must be
 * answered where the connection goes on, and only then. */
char *conformance_ask_memory (H3View bytes, gsize cut, const WireExpected *expected);
/* The same one byte at a time. */
char *conformance_ask_memory_in_bytes (H3View bytes, const WireExpected *expected);
