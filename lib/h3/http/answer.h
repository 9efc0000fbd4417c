/* SPDX-License-Identifier: MIT
 *
 * Answers in one call. Each `send`, and each redirect, ends what h3_event_send () ends: answering
 * twice is a warning and no harm. They keep the status that was set, and a Content-Type that was
 * set before where they are not given another. Any thread that holds the event. Since: 0.1 */

#pragma once

#include <h3/format/cookie.h>
#include <h3/format/json-writer.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * h3_event_send_text:
 * @event: the exchange
 * @text: in UTF-8; copied
 *
 * Answers with a text, as text/plain where no type was set, and with the status that was set.
 * Answering twice is a warning and no harm, here as in all that follows: they end as
 * h3_event_send() does. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_text (H3Event *event, const char *text);

/**
 * h3_event_send_html:
 * @event: the exchange
 * @html: a page in UTF-8; copied
 *
 * Answers with a page, as text/html where no type was set, and with the status that was set. Any
 * thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_html (H3Event *event, const char *html);

/**
 * h3_event_send_data:
 * @event: the exchange
 * @type: (nullable): its media type; %NULL: the one that was set, if any
 * @data: (nullable) (array length=length) (element-type guint8): copied; %NULL where @length is 0
 * @length: of @data, in bytes
 *
 * Answers with bytes, and with the status that was set. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_data (H3Event *event, const char *type, const char *data, gsize length);

/**
 * h3_event_send_static: (skip)
 * @event: the exchange
 * @type: its media type, which h3_headers_is_value() must allow; it lives as long as the program
 * @body: bytes that live as long as the program
 *
 * Answers with bytes that are neither copied nor referenced: nothing is allocated. Its twin for
 * bindings is h3_event_send_bytes().
 *
 * Since: 0.1
 */
void h3_event_send_static (H3Event *event, const char *type, H3View body);

/**
 * h3_event_send_bytes:
 * @event: the exchange
 * @type: (nullable): its media type; %NULL: the one that was set, if any
 * @bytes: (transfer none): referenced, never copied
 *
 * Answers with bytes, and with the status that was set. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_bytes (H3Event *event, const char *type, GBytes *bytes);

/**
 * h3_event_send_empty:
 * @event: the exchange
 * @status: 200 to 599
 *
 * Answers with a status and no body.
 *
 * Since: 0.1
 */
void h3_event_send_empty (H3Event *event, guint status);

/**
 * h3_event_send_json: (skip)
 * @event: the exchange
 * @document: (transfer full) (nullable): %NULL, which is what json_pack () gives for texts that are
 *   not UTF-8, is answered 500, as is a document that contains itself
 *
 * Answers with a JSON document: compact, unless the app is set to write JSON for people. Its twin
 * for bindings is h3_event_send_json_text().
 *
 * Since: 0.1
 */
void h3_event_send_json (H3Event *event, json_t *document);

/**
 * h3_event_send_json_pretty: (skip)
 * @event: the exchange
 * @document: (transfer full) (nullable): as of h3_event_send_json()
 *
 * Answers with a JSON document, with line ends and two blanks a level. Its twin for bindings is
 * h3_event_send_json_text().
 *
 * Since: 0.1
 */
void h3_event_send_json_pretty (H3Event *event, json_t *document);

/**
 * h3_event_send_json_text:
 * @event: the exchange
 * @text: JSON; copied
 *
 * Answers with a JSON text, sent as it is: what bindings have in the place of h3_event_send_json().
 *
 * Since: 0.1
 */
void h3_event_send_json_text (H3Event *event, const char *text);

/**
 * h3_event_send_json_writer: (skip)
 * @event: the exchange
 * @writer: one that writes into the event's arena
 *
 * Answers with what was written, without copying it; 500 where it is no whole text. Its twin for
 * bindings is h3_event_send_json_text().
 *
 * Since: 0.1
 */
void h3_event_send_json_writer (H3Event *event, H3JsonWriter *writer);

/**
 * h3_event_send_file:
 * @event: the exchange
 * @path: (type filename): a regular file, chosen by the program: nothing holds a path that a client
 *   chose to a folder
 *
 * Answers with a file.
 *
 * Its media type follows from the name, where none was set. A 200 to GET or HEAD gets an ETag and
 * Last-Modified, unless they were set, and may become 304, 412, 206 or 416 by what the request asks
 * for: see h3_event_send_ranged_bytes(). 404 where there is no such file, 403 where it may not be
 * read.
 *
 * Since: 0.1
 */
void h3_event_send_file (H3Event *event, const char *path);

/**
 * h3_event_redirect:
 * @event: the exchange
 * @status: 301, 302, 303, 307 or 308
 * @location: a URL or a reference; what may not stand in one is escaped
 *
 * Answers with a redirect (RFC 9110 §15.4).
 *
 * A location with a control, such as CR and LF, is never sent but answered 500. Where it leads is
 * the program's to check: see h3_event_redirect_back().
 *
 * Since: 0.1
 */
void h3_event_redirect (H3Event *event, guint status, const char *location);

/**
 * h3_event_redirect_back:
 * @event: the exchange
 * @fallback: a path of this server, "/…"; anything else stands for "/"
 *
 * Answers with a 303 to the path and query of the Referer where that is of this host, and else to
 * the fallback: never to another host.
 *
 * Since: 0.1
 */
void h3_event_redirect_back (H3Event *event, const char *fallback);

/**
 * h3_event_set_cookie:
 * @event: the exchange
 * @cookie: (transfer none): what to set; one that is too long for browsers goes in chunks
 * @error: %H3_ERROR_INVALID or %H3_ERROR_LIMIT, as of h3_cookie_to_strings()
 *
 * Appends a Set-Cookie field (RFC 6265 §4.1), or one for each chunk, and has the client forget
 * chunks of a longer value that it sent. h3_event_get_cookie() joins chunks again.
 *
 * Returns: %FALSE, with nothing set, for a cookie that browsers would not take
 *
 * Since: 0.1
 */
gboolean h3_event_set_cookie (H3Event *event, const H3Cookie *cookie, GError **error);

/**
 * h3_event_delete_cookie:
 * @event: the exchange
 * @name: of the cookie
 * @path: (nullable): that it was set with
 * @domain: (nullable): that it was set with
 * @error: as of h3_event_set_cookie()
 *
 * Has the client forget a cookie, and the chunks of it that it sent.
 *
 * Returns: %FALSE, with nothing set, as of h3_event_set_cookie()
 *
 * Since: 0.1
 */
gboolean h3_event_delete_cookie (H3Event *event, const char *name, const char *path,
                                 const char *domain, GError **error);

/**
 * h3_event_set_cache_control:
 * @event: the exchange
 * @directives: "no-store", "public, max-age=60"
 *
 * Sets Cache-Control (RFC 9111 §5.2).
 *
 * Returns: %FALSE as of h3_event_set_header()
 *
 * Since: 0.1
 */
gboolean h3_event_set_cache_control (H3Event *event, const char *directives);

/**
 * h3_event_set_etag:
 * @event: the exchange
 * @etag: with its quotes: "\"x\"" or "W/\"x\""
 *
 * Sets ETag (RFC 9110 §8.8.3).
 *
 * Returns: %FALSE with a critical for anything else, or as of h3_event_set_header()
 *
 * Since: 0.1
 */
gboolean h3_event_set_etag (H3Event *event, const char *etag);

/**
 * h3_event_set_last_modified:
 * @event: the exchange
 * @seconds: since 1970-01-01 00:00:00 UTC; what is before the year 0 or after 9999 is written as
 *   that end
 *
 * Sets Last-Modified (RFC 9110 §8.8.2).
 *
 * Returns: %FALSE as of h3_event_set_header()
 *
 * Since: 0.1
 */
gboolean h3_event_set_last_modified (H3Event *event, gint64 seconds);

/**
 * h3_event_check_fresh:
 * @event: the exchange
 * @etag: (nullable): of what would be sent, with its quotes
 * @last_modified: in seconds since 1970, negative where it is not known
 *
 * Sets ETag and Last-Modified, and weighs the request's conditions against them (RFC 9110 §13).
 *
 * Returns: %TRUE when the event was answered, with 304 or 412, and nothing is left to do
 *
 * Since: 0.1
 */
gboolean h3_event_check_fresh (H3Event *event, const char *etag, gint64 last_modified);

/**
 * h3_event_set_attachment:
 * @event: the exchange
 * @name: (nullable): in UTF-8: what it is called where it is saved; a client's choice is safe. Only
 *   what stands behind its last slash or backslash counts, without controls and marks of writing
 *   direction
 *
 * Sets Content-Disposition (RFC 6266): the answer is to be saved.
 *
 * Returns: %FALSE, with nothing set, where @name is not UTF-8
 *
 * Since: 0.1
 */
gboolean h3_event_set_attachment (H3Event *event, const char *name);

/**
 * h3_event_set_inline:
 * @event: the exchange
 * @name: (nullable): as of h3_event_set_attachment()
 *
 * Sets Content-Disposition (RFC 6266): the answer is to be shown, and is called @name where it is
 * saved.
 *
 * Returns: %FALSE, with nothing set, where @name is not UTF-8
 *
 * Since: 0.1
 */
gboolean h3_event_set_inline (H3Event *event, const char *name);

G_END_DECLS
