/* SPDX-License-Identifier: MIT
 *
 * What a request says, read when it is asked for: query, body, cookies, what the client accepts,
 * who it is. All that is lent lives as long as the event, whose arena holds it; asking twice costs
 * nothing more. One thread at a time, that which holds the event. Parameters and query values are
 * UTF-8 and free of NUL, or the request is answered 400 before a handler sees it. Since: 0.1 */

#pragma once

#include <h3/format/cookie.h>
#include <h3/format/query.h>
#include <h3/http/event.h>
#include <h3/http/forwarded.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * h3_event_get_query:
 * @event: an event
 * @name: of the field
 *
 * Finds the first value of a field of the query.
 *
 * Returns: (transfer none) (nullable): the value, decoded, as long as the event; %NULL where there
 *   is no such field
 *
 * Since: 0.1
 */
const char *h3_event_get_query (H3Event *event, const char *name);

/**
 * h3_event_get_query_values:
 * @event: an event
 * @name: of the fields
 *
 * Finds all values of a field of the query, in their order.
 *
 * Returns: (transfer none) (array zero-terminated=1): the values, decoded, as long as the event;
 *   none where there is no such field
 *
 * Since: 0.1
 */
const char *const *h3_event_get_query_values (H3Event *event, const char *name);

/**
 * h3_event_get_query_table: (skip)
 * @event: an event
 *
 * Gives the whole query. Bindings have h3_event_get_query() and h3_event_get_query_values().
 *
 * Returns: (transfer none) (nullable): the fields, as long as the event; empty where there is no
 *   query, %NULL where it is malformed
 *
 * Since: 0.1
 */
const H3Query *h3_event_get_query_table (H3Event *event);

/**
 * h3_event_parse_query:
 * @event: an event
 * @error: a 400 of %H3_HTTP_ERROR: a bad escape, NUL or another control, not UTF-8, more than
 *   H3Limits.query_fields
 *
 * Reads the query, and tells whether it can be read.
 *
 * Returns: %FALSE with @error set where it cannot
 *
 * Since: 0.1
 */
gboolean h3_event_parse_query (H3Event *event, GError **error);

/**
 * h3_event_parse_json: (skip)
 * @event: an exchange whose route keeps the body whole
 * @error: of H3_HTTP_ERROR, for h3_event_fail(): 415 where the body is not called application/json
 *   or …+json, 400 where it is called nothing or is not JSON, with line and column
 *
 * Reads the body as JSON. Its twin for bindings is h3_event_parse_json_text().
 *
 * The depth is bounded by H3Limits.json_depth; a name twice in one object is refused.
 *
 * Returns: (transfer full): the document; %NULL with @error
 *
 * Since: 0.1
 */
json_t *h3_event_parse_json (H3Event *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_event_parse_json_text:
 * @event: an exchange whose route keeps the body whole
 * @error: of %H3_HTTP_ERROR, for h3_event_fail(): 415 where the body is not called application/json
 *   or …+json, 400 where it is called nothing or is not JSON, with line and column
 *
 * Reads the body as JSON, as h3_event_parse_json() does, and gives it as a text.
 *
 * Returns: (transfer full): the text, which is JSON, to be freed with g_free(); %NULL
 *   with @error set
 *
 * Since: 0.1
 */
char *h3_event_parse_json_text (H3Event *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_event_parse_form: (skip)
 * @event: an exchange whose route keeps the body whole
 * @error: of H3_HTTP_ERROR: 415 where the body is not application/x-www-form-urlencoded, 400 where
 *   it is called nothing, is malformed, or has more than H3Limits.query_fields
 *
 * Reads the body as the fields of a form. Bindings have h3_event_get_form_field().
 *
 * Returns: (transfer none): the fields, as long as the event; %NULL with @error set
 *
 * Since: 0.1
 */
const H3Query *h3_event_parse_form (H3Event *event, GError **error);

/**
 * h3_event_get_form_field:
 * @event: an exchange whose route keeps the body whole
 * @name: of the field
 *
 * Finds the first value of a field of the form that is the body
 * (application/x-www-form-urlencoded).
 *
 * Returns: (transfer none) (nullable): the value, decoded, as long as the event; %NULL where there
 *   is no such field, also where the form is malformed
 *
 * Since: 0.1
 */
const char *h3_event_get_form_field (H3Event *event, const char *name);

/**
 * h3_event_require_content_type: (skip)
 * @event: an event
 * @first: a pattern, as of h3_media_type_matches()
 * @...: further ones, ended by %NULL
 *
 * Holds the body's media type to one of these patterns. Its twin for bindings is
 * h3_event_require_content_types().
 *
 * Returns: %FALSE: the event has been failed, with 400 where the request names no type or none that
 *   is one, else 415
 *
 * Since: 0.1
 */
gboolean h3_event_require_content_type (H3Event *event, const char *first,
                                        ...) G_GNUC_NULL_TERMINATED;

/**
 * h3_event_require_content_types: (rename-to h3_event_require_content_type)
 * @event: an event
 * @types: (array zero-terminated=1): patterns, as of h3_media_type_matches()
 *
 * Holds the body's media type to one of these patterns.
 *
 * Returns: %FALSE: the event has been failed, with 400 where the request names no type or none that
 *   is one, else 415
 *
 * Since: 0.1
 */
gboolean h3_event_require_content_types (H3Event *event, const char *const *types);

/**
 * h3_event_get_cookie:
 * @event: an event
 * @name: of the cookie
 *
 * Finds a cookie that the client sent (RFC 6265 §4.2); one that was set in chunks is put together
 * again.
 *
 * Returns: (transfer none) (nullable): its value, quotes and all, as long as the event; %NULL where
 *   there is no such cookie
 *
 * Since: 0.1
 */
const char *h3_event_get_cookie (H3Event *event, const char *name);

/**
 * H3CookieFunction:
 * @name: of a cookie
 * @value: its value, quotes and all
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is shown one cookie of a request.
 *
 * Returns: %FALSE to stop
 *
 * Since: 0.1
 */
typedef gboolean (*H3CookieFunction) (const char *name, const char *value, gpointer user_data);

/**
 * h3_event_foreach_cookie:
 * @event: an event
 * @function: (scope call) (closure user_data): what to call
 * @user_data: (nullable): for @function
 *
 * Calls @function for each cookie in order, chunks as they came, until it says %FALSE.
 *
 * Since: 0.1
 */
void h3_event_foreach_cookie (H3Event *event, H3CookieFunction function, gpointer user_data);

/**
 * h3_event_negotiate_type:
 * @event: an event
 * @offers: (array zero-terminated=1): media types
 *
 * Chooses the offer that the client likes best (RFC 9110 §12.5.1), and names Accept in Vary of the
 * answer.
 *
 * Returns: (transfer none) (nullable): one of @offers; %NULL: none will do
 *
 * Since: 0.1
 */
const char *h3_event_negotiate_type (H3Event *event, const char *const *offers);

/**
 * h3_event_negotiate_encoding:
 * @event: an event
 * @offers: (array zero-terminated=1): content codings, such as "gzip"
 *
 * Chooses the offer that the client likes best (RFC 9110 §12.5.3), and names Accept-Encoding in
 * Vary of the answer.
 *
 * Returns: (transfer none) (nullable): one of @offers; %NULL: none will do
 *
 * Since: 0.1
 */
const char *h3_event_negotiate_encoding (H3Event *event, const char *const *offers);

/**
 * h3_event_negotiate_language:
 * @event: an event
 * @offers: (array zero-terminated=1): language tags
 *
 * Chooses the offer that the client likes best (RFC 9110 §12.5.4), and names Accept-Language in
 * Vary of the answer.
 *
 * Returns: (transfer none) (nullable): one of @offers; %NULL: none will do
 *
 * Since: 0.1
 */
const char *h3_event_negotiate_language (H3Event *event, const char *const *offers);

/**
 * h3_event_get_client: (skip)
 * @event: an event
 *
 * Tells who asks, in which scheme, for which host, through the proxies that the app trusts. First
 * asked for on the event's worker, before the exchange is over.
 *
 * Bindings have h3_event_get_client_address(), h3_event_get_scheme() and h3_event_get_host().
 *
 * Returns: (transfer none): the client, as long as the event
 *
 * Since: 0.1
 */
const H3Forwarded *h3_event_get_client (H3Event *event);

/**
 * h3_event_get_client_address:
 * @event: an event
 *
 * Tells the address of who asks, through the proxies that the app trusts. First asked for on the
 * event's worker, before the exchange is over.
 *
 * Returns: (transfer none): the address in its canonical form (RFC 5952), as long as the event; ""
 *   where it is not known, "unix" for a Unix socket
 *
 * Since: 0.1
 */
const char *h3_event_get_client_address (H3Event *event);

/**
 * h3_event_get_scheme:
 * @event: an event
 *
 * Tells in which scheme was asked, through the proxies that the app trusts. First asked for on the
 * event's worker, before the exchange is over.
 *
 * Returns: (transfer none): "http" or "https", as long as the event
 *
 * Since: 0.1
 */
const char *h3_event_get_scheme (H3Event *event);

/**
 * h3_event_get_host:
 * @event: an event
 *
 * Tells for which host was asked, through the proxies that the app trusts. First asked for on the
 * event's worker, before the exchange is over.
 *
 * Returns: (transfer none): the host with its port, as long as the event; "" where there is none
 *
 * Since: 0.1
 */
const char *h3_event_get_host (H3Event *event);

G_END_DECLS
