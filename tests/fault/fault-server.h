/* SPDX-License-Identifier: MIT
 *
 * What the servers of these tests serve: a route for each way there is to answer. The workers'. */

#pragma once

#include "h3/app/app.h"

#define FAULT_FILE_LENGTH  40000
#define FAULT_LARGE_LENGTH 100000
#define FAULT_PIECES       20
#define FAULT_EVENTS       30
#define FAULT_PIECE_LENGTH 1000

/* Behind the path of the file that is served: where /upload stores what it is sent. */
#define FAULT_STORED "-stored"

/* Adds the routes; `path` is of the file that /file answers with. */
void fault_server_add_routes (H3App *app, const char *path);

/* (transfer full): `length` bytes that tell their own place. */
char *fault_server_make_text (gsize length);
