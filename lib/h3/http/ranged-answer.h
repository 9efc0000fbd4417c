/* SPDX-License-Identifier: MIT
 *
 * Answers of which a client may ask for a part (RFC 9110 §14). A 200 to GET is weighed:
 *
 *   If-Match, If-None-Match, … against the ETag and Last-Modified that were set    412, 304
 *   no Range, one that is malformed, or If-Range that names another version        200, the whole
 *   one range, or several that touch                                               206
 *   several                                                                        206, multipart
 *   more than H3_RANGES_MAX                                                        200, the whole
 *   none that lies within                                                          416
 *
 * HEAD is answered as a GET without Range. To other methods, and with another status, the whole is
 * sent. Any thread that holds the event. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * h3_event_send_ranged_bytes:
 * @event: the exchange
 * @type: (nullable): its media type; %NULL: the one that was set, if any
 * @bytes: (transfer none): the whole; referenced, never copied
 *
 * Answers with bytes, or with the part of them that the request asks for (RFC 9110 §14). A 200 to
 * GET is weighed:
 *
 * - If-Match, If-None-Match, … against the ETag and Last-Modified that were set: 412, 304
 * - no Range, one that is malformed, or If-Range that names another version: 200, the whole
 * - one range, or several that touch: 206
 * - several: 206, multipart
 * - more than %H3_RANGES_MAX: 200, the whole
 * - none that lies within: 416
 *
 * HEAD is answered as a GET without Range. To other methods, and with another status, the whole is
 * sent. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_ranged_bytes (H3Event *event, const char *type, GBytes *bytes);

/**
 * H3RangeFunction:
 * @offset: of the first byte that is wanted
 * @length: how many at most, never 0
 * @user_data: (nullable) (closure): what was given with the function
 * @error: set for a failure, which cuts the connection
 *
 * Makes the next bytes of an answer of which a client may ask for a part.
 *
 * Runs on the event's worker, and must not block. An empty piece is nothing now: see
 * h3_event_resume_generator().
 *
 * Returns: (transfer full) (nullable): bytes from @offset on, no more than @length; %NULL with
 *   @error
 *
 * Since: 0.1
 */
typedef GBytes *(*H3RangeFunction) (guint64 offset, guint64 length, gpointer user_data,
                                    GError **error);

/**
 * h3_event_send_ranged:
 * @event: the exchange
 * @type: (nullable): its media type; %NULL: the one that was set, if any
 * @size: of the whole, in bytes, at most 2^63 - 1
 * @function: (scope notified) (closure user_data) (destroy destroy): makes the bytes that are sent,
 *   piece by piece, as the client takes them
 * @user_data: (nullable): for @function
 * @destroy: (nullable): called once, when no more is wanted
 *
 * Answers with what is not in memory, or with the part of it that the request asks for, as
 * h3_event_send_ranged_bytes() does. Any thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_send_ranged (H3Event *event, const char *type, guint64 size, H3RangeFunction function,
                           gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
