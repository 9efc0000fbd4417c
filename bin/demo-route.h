/* SPDX-License-Identifier: MIT
 *
 * What the routes of the demo share. */

#pragma once

#include <h3/h3.h>

typedef struct json_t json_t;

/* Adds a route that the page of `/` explains with `what`, a literal. */
H3Route *demo_add (H3App *app, const char *methods, const char *pattern, H3Handler handler,
                   gpointer user_data, const char *what);

/* The number of query field `name`, up to `maximum`; -1, with the event answered 400, where it is
 * malformed or above. 0 where it is absent. */
gint64 demo_read_number (H3Event *event, const char *name, gint64 maximum);

/* (transfer none) (nullable): the first query field called `name`, its letters in any case. */
const char *demo_get_query (H3Event *event, const char *name);

/* The number that the parameter `name` of the path is, from `minimum` to `maximum`. FALSE, with the
 * event answered 400, where it is none or another. */
gboolean demo_read_param (H3Event *event, const char *name, guint64 minimum, guint64 maximum,
                          guint64 *out_number);

/* Answers with JSON as httpbin writes it: names sorted, indented by two, a line end behind it.
 * `document` is (transfer full) (nullable): NULL is answered 500. */
void demo_send_json (H3Event *event, json_t *document);

/* (transfer full): `path` of this server as a URL; `path` itself where the client, of HTTP/1.0, has
 * not said for which host. */
char *demo_dup_url (H3Event *event, const char *path);

/* (transfer full): a field's value, which is bytes, as a text: what is not UTF-8 counts as
 * Latin-1. */
char *demo_dup_as_utf8 (const char *value);
