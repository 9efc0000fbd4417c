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

/* A UTF-8 text, copied: text/plain or text/html. */
void h3_event_send_text (H3Event *event, const char *text);
void h3_event_send_html (H3Event *event, const char *html);

/**
 * h3_event_send_data:
 * @event: the exchange
 * @type: (nullable): its media type; %NULL: the one that was set, if any
 * @data: (array length=length) (element-type guint8): copied
 * @length: of @data
 */
void h3_event_send_data (H3Event *event, const char *type, const char *data, gsize length);

/* (skip) Bytes that live as long as the program: nothing is copied, nothing allocated. So must
 * `type`, which h3_headers_is_value () must allow. */
void h3_event_send_static (H3Event *event, const char *type, H3View body);

/* Referenced, never copied. `type` is (nullable). */
void h3_event_send_bytes (H3Event *event, const char *type, GBytes *bytes);

/* No body; `status` is 200 to 599. */
void h3_event_send_empty (H3Event *event, guint status);

/**
 * h3_event_send_json: (skip)
 * @event: the exchange
 * @document: (transfer full) (nullable): %NULL, which is what json_pack () gives for texts that are
 *   not UTF-8, is answered 500, as is a document that contains itself
 *
 * Compact, unless the app is set to write JSON for people.
 */
void h3_event_send_json (H3Event *event, json_t *document);

/* (skip) The same with line ends and two blanks a level. */
void h3_event_send_json_pretty (H3Event *event, json_t *document);

/* A JSON text, copied and sent as it is: the introspectable twin. */
void h3_event_send_json_text (H3Event *event, const char *text);

/* (skip) What was written into the event's arena, without copying it; 500 where it is no text. */
void h3_event_send_json_writer (H3Event *event, H3JsonWriter *writer);

/**
 * h3_event_send_file:
 * @event: the exchange
 * @path: a regular file, chosen by the program: nothing holds a path that a client chose to a
 *   folder
 *
 * Its media type follows from the name, where none was set. A 200 to GET or HEAD gets an ETag and
 * Last-Modified, unless they were set, and may become 304, 412, 206 or 416 by what the request asks
 * for: see <h3/http/ranged-answer.h>. 404 where there is no such file, 403 where it may not be
 * read.
 */
void h3_event_send_file (H3Event *event, const char *path);

/**
 * h3_event_redirect:
 * @event: the exchange
 * @status: 301, 302, 303, 307 or 308
 * @location: a URL or a reference; what may not stand in one is escaped
 *
 * A location with a control, such as CR and LF, is never sent but answered 500. Where it leads is
 * the program's to check: see h3_event_redirect_back().
 */
void h3_event_redirect (H3Event *event, guint status, const char *location);

/**
 * h3_event_redirect_back:
 * @event: the exchange
 * @fallback: a path of this server, "/…"; anything else stands for "/"
 *
 * 303 to the path and query of the Referer where that is of this host, else to @fallback: never to
 * another host.
 */
void h3_event_redirect_back (H3Event *event, const char *fallback);

/**
 * h3_event_set_cookie:
 * @event: the exchange
 * @cookie: (transfer none): what to set; one that is too long for browsers goes in chunks
 * @error: %H3_ERROR_INVALID or %H3_ERROR_LIMIT, as of h3_cookie_to_strings()
 *
 * Appends a Set-Cookie field, or one for each chunk, and has the client forget chunks of a longer
 * value that it sent. h3_event_get_cookie() joins chunks again.
 *
 * Returns: %FALSE, with nothing set, for a cookie that browsers would not take
 */
gboolean h3_event_set_cookie (H3Event *event, const H3Cookie *cookie, GError **error);

/* Has the client forget a cookie, and the chunks of it that it sent. `path` and `domain` are
 * (nullable) and must be those it was set with. FALSE as above. */
gboolean h3_event_delete_cookie (H3Event *event, const char *name, const char *path,
                                 const char *domain, GError **error);

/* Cache-Control (RFC 9111 §5.2): "no-store", "public, max-age=60". FALSE as of set_header. */
gboolean h3_event_set_cache_control (H3Event *event, const char *directives);

/* ETag, with its quotes: "\"x\"" or "W/\"x\"". FALSE with a critical for anything else. */
gboolean h3_event_set_etag (H3Event *event, const char *etag);

/* Last-Modified, in seconds since 1970; what is before the year 0 or after 9999 is written as that
 * end. FALSE as of set_header. */
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
 */
gboolean h3_event_check_fresh (H3Event *event, const char *etag, gint64 last_modified);

/* Content-Disposition (RFC 6266): to be saved, or to be shown, and in both cases called `name`
 * where it is saved: UTF-8, (nullable), and a client's choice is safe. Only what stands behind its
 * last slash or backslash counts, without controls and marks of writing direction. FALSE, with
 * nothing set, where it is not UTF-8. */
gboolean h3_event_set_attachment (H3Event *event, const char *name);
gboolean h3_event_set_inline (H3Event *event, const char *name);

G_END_DECLS
