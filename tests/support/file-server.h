/* SPDX-License-Identifier: MIT
 *
 * A server of static files for tests: a directory, the route `/` and all beneath it, and questions.
 * Each test runs once for each way in which paths are followed. Main thread. */

#pragma once

#include "file-tree.h"
#include "test-server.h"

#include "h3/h3.h"

#include <check.h>

/* The first of January 2020, the time of the two files that are there: "a.txt" ("text A"),
 * "sub/page.html" ("<p>page"). */
#define FILE_SERVER_TIME 1577836800

typedef struct {
    TestServer server;
    FileTree tree;
    H3StaticFiles *files; /* borrowed: its route */
} FileServer;

extern FileServer file_server;

/* Adds a test to `suite` that runs once for each way. */
void file_server_add_test (Suite *suite, const TTest *test);

/* `way` is the test's `_i`. Ready to be set up, and started; or both. */
void file_server_prepare (int way);
void file_server_start (int way);
void file_server_end (void);

/* (transfer full): the whole answer to "METHOD /target", with more fields, each with its CR LF. */
RawAnswer *file_server_ask (const char *line, const char *fields);
/* Fails the test unless the answer has this status and, where not NULL, this body. */
void file_server_expect_with (const char *line, const char *fields, guint status, const char *body);
void file_server_expect (const char *line, guint status, const char *body);
/* … unless it is 301 to there. */
void file_server_expect_location (const char *line, const char *location);
