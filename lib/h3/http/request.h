/* SPDX-License-Identifier: MIT
 *
 * A request as received: method, target, fields, body; query and cookies when asked for. Part of
 * its event: borrowed from h3_event_get_request (), gone with it. What the getters return is
 * borrowed from the event too. One thread at a time. Since: 0.1 */

#pragma once

#include <h3/base/view.h>
#include <h3/http/headers.h>
#include <h3/http/method.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Request:
 *
 * What the client sent. A header field is looked up where it was received; a table of all is made
 * when h3_request_get_headers() asks for one.
 */
typedef struct _H3Request H3Request;

/* The method: as a number, as the client wrote it. */
H3Method h3_request_get_method (const H3Request *request);
const char *h3_request_get_method_name (const H3Request *request);

/* The request target as received (RFC 9112 §3.2). */
const char *h3_request_get_target (const H3Request *request);

/* The canonical path: begins with one '/'; dot segments resolved; escapes decoded but %2F, %5C and
 * %25; UTF-8. Router, middleware and handlers all see this one string. "*" for OPTIONS of the
 * server, the authority for CONNECT. */
const char *h3_request_get_path (const H3Request *request);

/* Returns: (nullable): what follows the '?', not decoded; NULL without one. */
const char *h3_request_get_query_string (const H3Request *request);

/* 0 or 1: HTTP/1.0 or HTTP/1.1. */
guint h3_request_get_minor_version (const H3Request *request);

/* The Host field (or the authority of an absolute target) as received; "" where HTTP/1.0 sent none.
 */
const char *h3_request_get_host (const H3Request *request);

/* Returns: (nullable): the first value of a field, its name in any case; blanks taken off. */
const char *h3_request_get_header (const H3Request *request, const char *name);

/* (skip) The same without measuring; data is NULL where there is no such field. */
H3View h3_request_get_header_view (const H3Request *request, H3View name);

/* How many fields there are, and each by its place; FALSE beyond the last. */
guint h3_request_count_headers (const H3Request *request);
gboolean h3_request_get_header_at (const H3Request *request, guint index, const char **out_name,
                                   const char **out_value);

/* Returns: (transfer none): all fields as a table, made at the first call. */
H3Headers *h3_request_get_headers (H3Request *request);

/* Whether a body was declared, and how long it is: -1 for chunks. */
gboolean h3_request_has_body (const H3Request *request);
gint64 h3_request_get_content_length (const H3Request *request);

/* Returns: (transfer none) (nullable): the whole body, where the route keeps it whole (its
 * default); NULL when there is none, or the route streams it. */
GBytes *h3_request_get_body (const H3Request *request);

/* Returns: (nullable): the first of the trailer fields of this name (RFC 9110 §6.5), once the body
 * has ended. Those of framing, routing, authentication and control are never among them. */
const char *h3_request_get_trailer (const H3Request *request, const char *name);

G_END_DECLS
