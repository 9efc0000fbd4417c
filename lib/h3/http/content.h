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

/* Returns: (transfer none) (nullable): the first value of `name` in the query, decoded. */
const char *h3_event_get_query (H3Event *event, const char *name);

/* Returns: (transfer none) (array zero-terminated=1): all of them, in their order. */
const char *const *h3_event_get_query_values (H3Event *event, const char *name);

/* (skip) Returns: (transfer none) (nullable): the whole query; empty where there is none, NULL
 * where it is malformed. */
const H3Query *h3_event_get_query_table (H3Event *event);

/* Whether the query can be read. FALSE with a 400 of H3_HTTP_ERROR: a bad escape, NUL or another
 * control, not UTF-8, more than H3Limits.query_fields. */
gboolean h3_event_parse_query (H3Event *event, GError **error);

/**
 * h3_event_parse_json: (skip)
 * @event: an exchange whose route keeps the body whole
 * @error: of H3_HTTP_ERROR, for h3_event_fail(): 415 where the body is not called application/json
 *   or …+json, 400 where it is called nothing or is not JSON, with line and column
 *
 * The depth is bounded by H3Limits.json_depth; a name twice in one object is refused.
 *
 * Returns: (transfer full) (nullable): the document
 */
json_t *h3_event_parse_json (H3Event *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its introspectable twin. Returns: (transfer full) (nullable): the text, which is JSON. */
char *h3_event_parse_json_text (H3Event *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_event_parse_form: (skip)
 * @event: an exchange whose route keeps the body whole
 * @error: of H3_HTTP_ERROR: 415 where the body is not application/x-www-form-urlencoded, 400 where
 *   it is called nothing, is malformed, or has more than H3Limits.query_fields
 *
 * Returns: (transfer none) (nullable): the fields
 */
const H3Query *h3_event_parse_form (H3Event *event, GError **error);

/* Its introspectable twin: the first value of a field; NULL also where the form is malformed.
 * Returns: (transfer none) (nullable). */
const char *h3_event_get_form_field (H3Event *event, const char *name);

/* Whether the body's media type matches one of the patterns, as of h3_media_type_matches (), that
 * NULL ends. FALSE: the event has been failed, with 400 where the request names no type or none
 * that is one, else 415. */
gboolean h3_event_require_content_type (H3Event *event, const char *first,
                                        ...) G_GNUC_NULL_TERMINATED;
/* The same; `types` is (array zero-terminated=1). */
gboolean h3_event_require_content_types (H3Event *event, const char *const *types);

/* Returns: (transfer none) (nullable): the value of a cookie, quotes and all; one that was set in
 * chunks is put together again. */
const char *h3_event_get_cookie (H3Event *event, const char *name);

/* Returns: FALSE to stop. */
typedef gboolean (*H3CookieFunction) (const char *name, const char *value, gpointer user_data);

/* Calls `function` (scope call) for each cookie in order, chunks as they came. */
void h3_event_foreach_cookie (H3Event *event, H3CookieFunction function, gpointer user_data);

/* Which of the offers (array zero-terminated=1) the client likes best (RFC 9110 §12.5), and a Vary
 * field in the answer. Returns: (transfer none) (nullable): the offer; NULL: none will do. */
const char *h3_event_negotiate_type (H3Event *event, const char *const *offers);
const char *h3_event_negotiate_encoding (H3Event *event, const char *const *offers);
const char *h3_event_negotiate_language (H3Event *event, const char *const *offers);

/* (skip) Who asks, in which scheme, for which host, through the proxies that the app trusts: first
 * asked for on the event's worker, before the exchange is over. Returns: (transfer none). */
const H3Forwarded *h3_event_get_client (H3Event *event);

/* The same as strings: the address in its canonical form ("" where it is not known, "unix"),
 * "http" or "https", and the host with its port, "" where there is none. (transfer none) */
const char *h3_event_get_client_address (H3Event *event);
const char *h3_event_get_scheme (H3Event *event);
const char *h3_event_get_host (H3Event *event);

G_END_DECLS
