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
 * What the client sent.
 *
 * It is a part of its event: borrowed from h3_event_get_request(), gone with it; so is what its
 * functions return. A header field is looked up where it was received; a table of all is made when
 * h3_request_get_headers() asks for one. For the thread that holds the event, one at a time.
 *
 * Since: 0.1
 */
typedef struct _H3Request H3Request;

#define H3_TYPE_REQUEST (h3_request_get_type ())
GType h3_request_get_type (void);

/**
 * h3_request_get_method:
 * @request: the request of an event
 *
 * Tells the method as a number.
 *
 * Returns: the method; %H3_METHOD_OTHER for one that has no number, see
 *   h3_request_get_method_name()
 *
 * Since: 0.1
 */
H3Method h3_request_get_method (const H3Request *request);

/**
 * h3_request_get_method_name:
 * @request: the request of an event
 *
 * Tells the method as the client wrote it.
 *
 * Returns: (transfer none): a token (RFC 9110 §9.1), as long as the event
 *
 * Since: 0.1
 */
const char *h3_request_get_method_name (const H3Request *request);

/**
 * h3_request_get_target:
 * @request: the request of an event
 *
 * Tells the request target as received (RFC 9112 §3.2).
 *
 * Returns: (transfer none): the target, not decoded, as long as the event
 *
 * Since: 0.1
 */
const char *h3_request_get_target (const H3Request *request);

/**
 * h3_request_get_path:
 * @request: the request of an event
 *
 * Tells the canonical path, the one string that router, middleware and handlers all see.
 *
 * It begins with one '/'; dot segments are resolved; escapes are decoded but %2F, %5C and %25; it
 * is UTF-8.
 *
 * Returns: (transfer none): the path, as long as the event; `*` for OPTIONS of the server, the
 *   authority for CONNECT
 *
 * Since: 0.1
 */
const char *h3_request_get_path (const H3Request *request);

/**
 * h3_request_get_query_string:
 * @request: the request of an event
 *
 * Tells what follows the '?' of the target. For single values: h3_event_get_query().
 *
 * Returns: (transfer none) (nullable): the query, not decoded, as long as the event; %NULL without
 *   one
 *
 * Since: 0.1
 */
const char *h3_request_get_query_string (const H3Request *request);

/**
 * h3_request_get_minor_version:
 * @request: the request of an event
 *
 * Tells the minor version of HTTP/1 that the client speaks.
 *
 * Returns: 0 or 1: HTTP/1.0 or HTTP/1.1
 *
 * Since: 0.1
 */
guint h3_request_get_minor_version (const H3Request *request);

/**
 * h3_request_get_host:
 * @request: the request of an event
 *
 * Tells the Host field, or the authority of an absolute target, as received. What trusted proxies
 * say of it: h3_event_get_host().
 *
 * Returns: (transfer none): the host, with its port where it has one, as long as the event; ""
 *   where HTTP/1.0 sent none
 *
 * Since: 0.1
 */
const char *h3_request_get_host (const H3Request *request);

/**
 * h3_request_get_header:
 * @request: the request of an event
 * @name: of the field, in any case
 *
 * Finds the first value of a header field.
 *
 * Returns: (transfer none) (nullable): the value, without the blanks around it, as long as the
 *   event; %NULL where there is no such field
 *
 * Since: 0.1
 */
const char *h3_request_get_header (const H3Request *request, const char *name);

/**
 * h3_request_get_header_view: (skip)
 * @request: the request of an event
 * @name: of the field, in any case
 *
 * Does what h3_request_get_header() does, which is the twin for bindings, without measuring.
 *
 * Returns: the value, borrowed from the event; its data is %NULL where there is no such field
 *
 * Since: 0.1
 */
H3View h3_request_get_header_view (const H3Request *request, H3View name);

/**
 * h3_request_count_headers:
 * @request: the request of an event
 *
 * Counts the header fields, repeats included.
 *
 * Returns: how many fields there are
 *
 * Since: 0.1
 */
guint h3_request_count_headers (const H3Request *request);

/**
 * h3_request_get_header_at:
 * @request: the request of an event
 * @index: the place of the field, from 0
 * @out_name: (out) (transfer none): its name, as the client wrote it, as long as the event
 * @out_value: (out) (transfer none): its value, without the blanks around it, as long as the event
 *
 * Tells a header field by its place.
 *
 * Returns: %FALSE, with nothing set, beyond the last
 *
 * Since: 0.1
 */
gboolean h3_request_get_header_at (const H3Request *request, guint index, const char **out_name,
                                   const char **out_value);

/**
 * h3_request_get_headers:
 * @request: the request of an event
 *
 * Gives all header fields as a table, which is made at the first call.
 *
 * Returns: (transfer none): the fields, as long as the event
 *
 * Since: 0.1
 */
H3Headers *h3_request_get_headers (H3Request *request);

/**
 * h3_request_has_body:
 * @request: the request of an event
 *
 * Tells whether a body was declared, by Content-Length or Transfer-Encoding (RFC 9112 §6).
 *
 * Returns: %TRUE where it was
 *
 * Since: 0.1
 */
gboolean h3_request_has_body (const H3Request *request);

/**
 * h3_request_get_content_length:
 * @request: the request of an event
 *
 * Tells how long the body was declared to be.
 *
 * Returns: its length in bytes; -1 where it comes in chunks, 0 where there is none
 *
 * Since: 0.1
 */
gint64 h3_request_get_content_length (const H3Request *request);

/**
 * h3_request_get_body:
 * @request: the request of an event
 *
 * Gives the whole body, where the route keeps it whole (%H3_BODY_BUFFERED, its default).
 *
 * Returns: (transfer none) (nullable): the body, as long as the event unless a reference is taken;
 *   %NULL when there is none, or the route streams it
 *
 * Since: 0.1
 */
GBytes *h3_request_get_body (const H3Request *request);

/**
 * h3_request_get_trailer:
 * @request: the request of an event
 * @name: of the field, in any case
 *
 * Finds the first trailer field of this name (RFC 9110 §6.5), once the body has ended. Those of
 * framing, routing, authentication and control are never among them.
 *
 * Returns: (transfer none) (nullable): the value, as long as the event; %NULL where there is no
 *   such field
 *
 * Since: 0.1
 */
const char *h3_request_get_trailer (const H3Request *request, const char *name);

G_END_DECLS
