/* SPDX-License-Identifier: MIT
 *
 * Bodies of JSON documents, one a line (application/x-ndjson), of any length: read document by
 * document as they come, written as they are made, each side slowed down by the other. Worker only,
 * but where marked. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3JsonLineFunction: (skip)
 * @event: (transfer none): the exchange
 * @document: (nullable) (transfer none): the next document; %NULL: the end, or with @error its
 *   failure
 * @error: (nullable): %H3_ERROR_CLOSED where the client has gone, else %H3_HTTP_ERROR, for
 *   h3_event_fail(): 400 for a line that is no JSON, 413 for one longer than H3Limits.json_line;
 *   both say which
 * @user_data: (nullable): what was given with the function
 *
 * Is given the next document of a request's body, on the event's worker.
 *
 * Returns: %FALSE: no more until h3_event_resume_json_lines(), and the client is slowed down. What
 *   it returns for %NULL does not matter
 *
 * Since: 0.1
 */
typedef gboolean (*H3JsonLineFunction) (H3Event *event, json_t *document, const GError *error,
                                        gpointer user_data);

/**
 * h3_event_read_json_lines: (skip)
 * @event: an exchange, best of a route whose bodies are streamed
 * @function: (scope notified): called, never inline, for each document, then once with %NULL
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the last call
 *
 * Reads the request's body, of JSON documents, one a line. The event is held meanwhile. Worker
 * only. Bindings read texts: h3_event_read_body().
 *
 * A document's depth is bounded by H3Limits.json_depth. Once an event, in the place of
 * h3_event_read_body().
 *
 * Since: 0.1
 */
void h3_event_read_json_lines (H3Event *event, H3JsonLineFunction function, gpointer user_data,
                               GDestroyNotify destroy);

/**
 * h3_event_resume_json_lines: (skip)
 * @event: an exchange of h3_event_read_json_lines()
 *
 * Has documents come again, never inline. Where they come already, nothing happens. Worker only.
 *
 * Since: 0.1
 */
void h3_event_resume_json_lines (H3Event *event);

/**
 * h3_event_write_json_line: (skip)
 * @event: an exchange that is not answered yet, or by this
 * @document: (transfer full) (nullable): %NULL, which is what json_pack () gives for texts that are
 *   not UTF-8, fails the event
 *
 * Writes a document and a line end; bindings write a text of both with h3_event_write(). The first
 * begins the answer, as application/x-ndjson where no type was set. As of h3_event_write(), with
 * which it may be mixed; h3_event_finish() ends it. Any thread that holds the event, the first time
 * the worker.
 *
 * Returns: %FALSE when more waits for the client than should, or it has gone
 *
 * Since: 0.1
 */
gboolean h3_event_write_json_line (H3Event *event, json_t *document);

G_END_DECLS
