/* SPDX-License-Identifier: MIT
 *
 * What the routes of the demo share. */

#pragma once

#include <h3/h3.h>

/* Adds a route that the page of `/` explains with `what`, a literal. */
H3Route *demo_add (H3App *app, const char *methods, const char *pattern, H3Handler handler,
                   gpointer user_data, const char *what);

/* The number of query field `name`, up to `maximum`; -1, with the event answered 400, where it is
 * malformed or above. 0 where it is absent. */
gint64 demo_read_number (H3Event *event, const char *name, gint64 maximum);
