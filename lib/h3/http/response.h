/* SPDX-License-Identifier: MIT
 *
 * The answer to be sent: status, fields, body. Part of its event: borrowed from
 * h3_event_get_response (), gone with it. Everything may be changed until the head leaves; a
 * change after that is a warning and no harm. One thread at a time. Since: 0.1 */

#pragma once

#include <h3/http/headers.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Response:
 *
 * What is going to be sent: status, fields, body.
 *
 * It is a part of its event: borrowed from h3_event_get_response(), gone with it. Everything may be
 * changed until the head leaves; a change after that is a warning and no harm. The wire adds Date,
 * Content-Length or Transfer-Encoding, and Connection; those set by a program are refused with a
 * critical. For the thread that holds the event, one at a time.
 *
 * Since: 0.1
 */
typedef struct _H3Response H3Response;

#define H3_TYPE_RESPONSE (h3_response_get_type ())
GType h3_response_get_type (void);

/**
 * h3_response_get_status:
 * @response: the response of an event
 *
 * Tells the status that will be sent.
 *
 * Returns: the status; 200 where nothing was set
 *
 * Since: 0.1
 */
guint h3_response_get_status (const H3Response *response);

/**
 * h3_response_set_status:
 * @response: the response of an event
 * @status: 200 to 599 (RFC 9110 §15), or 101 for h3_event_take_over(); others are a critical
 *
 * Sets the status that will be sent.
 *
 * Since: 0.1
 */
void h3_response_set_status (H3Response *response, guint status);

/**
 * h3_status_get_reason:
 * @status: a status
 *
 * Tells the reason phrase of a status ("Not Found"). Any thread.
 *
 * Returns: (transfer none): the phrase, which lives as long as the program; "" for an unknown
 *   status
 *
 * Since: 0.1
 */
const char *h3_status_get_reason (guint status);

/**
 * h3_response_set_header:
 * @response: the response of an event
 * @name: of the field, as of h3_headers_set(); copied. Not Connection, Content-Length, Keep-Alive,
 *   Trailer, Transfer-Encoding, which the server sets itself
 * @value: as of h3_headers_set(); copied
 *
 * Replaces all fields of this name by one.
 *
 * Returns: %FALSE with a critical for a name or value that must not be sent, with a warning where
 *   the head has left
 *
 * Since: 0.1
 */
gboolean h3_response_set_header (H3Response *response, const char *name, const char *value);

/**
 * h3_response_add_header:
 * @response: the response of an event
 * @name: of the field, as of h3_response_set_header()
 * @value: as of h3_response_set_header()
 *
 * Appends a field, beside those of the same name.
 *
 * Returns: %FALSE as of h3_response_set_header()
 *
 * Since: 0.1
 */
gboolean h3_response_add_header (H3Response *response, const char *name, const char *value);

/**
 * h3_response_remove_header:
 * @response: the response of an event
 * @name: of the fields, in any case
 *
 * Removes all fields of this name, those that would stay when an error takes the answer's place
 * too.
 *
 * Since: 0.1
 */
void h3_response_remove_header (H3Response *response, const char *name);

/**
 * h3_response_can_set_header:
 * @response: the response of an event
 * @name: of a field
 * @value: its value
 *
 * Tells whether `set` and `add` would take these. To be asked where a client has chosen them,
 * because what they refuse is told to the program as a bug of its own.
 *
 * Returns: %TRUE where they would
 *
 * Since: 0.1
 */
gboolean h3_response_can_set_header (const H3Response *response, const char *name,
                                     const char *value);

/**
 * h3_response_get_header:
 * @response: the response of an event
 * @name: of the field, in any case
 *
 * Finds the first value of a field that would be sent.
 *
 * Returns: (transfer none) (nullable): the value, until the field changes; %NULL where there is no
 *   such field
 *
 * Since: 0.1
 */
const char *h3_response_get_header (const H3Response *response, const char *name);

/**
 * h3_response_set_header_always:
 * @response: the response of an event
 * @name: of the field, as of h3_response_set_header()
 * @value: as of h3_response_set_header()
 *
 * Does what h3_response_set_header() does, and the field stays when an error takes the answer's
 * place (CORS needs it).
 *
 * Returns: %FALSE as of h3_response_set_header()
 *
 * Since: 0.1
 */
gboolean h3_response_set_header_always (H3Response *response, const char *name, const char *value);

/**
 * h3_response_add_header_always:
 * @response: the response of an event
 * @name: of the field, as of h3_response_set_header()
 * @value: as of h3_response_set_header()
 *
 * Does what h3_response_add_header() does, and the field stays when an error takes the answer's
 * place: for fields of which there may be several (WWW-Authenticate).
 *
 * Returns: %FALSE as of h3_response_set_header()
 *
 * Since: 0.1
 */
gboolean h3_response_add_header_always (H3Response *response, const char *name, const char *value);

/**
 * h3_response_add_vary:
 * @response: the response of an event
 * @field: the name of a field of the request
 *
 * Names @field in Vary (RFC 9110 §12.5.5), unless that has it, or `*`, already. It stays when an
 * error takes the answer's place, for that was chosen by the field too.
 *
 * Since: 0.1
 */
void h3_response_add_vary (H3Response *response, const char *field);

/**
 * h3_response_set_content_type:
 * @response: the response of an event
 * @media_type: such as "text/plain; charset=utf-8"; copied
 *
 * Sets Content-Type (RFC 9110 §8.3).
 *
 * Returns: %FALSE as of h3_response_set_header()
 *
 * Since: 0.1
 */
gboolean h3_response_set_content_type (H3Response *response, const char *media_type);

/**
 * h3_response_get_content_type:
 * @response: the response of an event
 *
 * Tells the Content-Type that would be sent.
 *
 * Returns: (transfer none) (nullable): the media type, until it changes; %NULL where none is set
 *
 * Since: 0.1
 */
const char *h3_response_get_content_type (const H3Response *response);

/**
 * h3_response_get_length:
 * @response: the response of an event
 *
 * Tells how long the body is that will be sent.
 *
 * Returns: its length in bytes, -1 where that is not known
 *
 * Since: 0.1
 */
gint64 h3_response_get_length (const H3Response *response);

/**
 * h3_response_get_body:
 * @response: the response of an event
 *
 * Gives the whole body, where it is in memory as GBytes.
 *
 * Returns: (transfer none) (nullable): the body, until it changes; %NULL for any other body, and
 *   none
 *
 * Since: 0.1
 */
GBytes *h3_response_get_body (const H3Response *response);

/**
 * h3_response_set_body_text:
 * @response: the response of an event
 * @text: the body; copied
 *
 * Replaces the body by a text. Content-Type is left as it is.
 *
 * Since: 0.1
 */
void h3_response_set_body_text (H3Response *response, const char *text);

/**
 * h3_response_set_body_bytes:
 * @response: the response of an event
 * @bytes: (transfer none): the body; referenced, never copied
 *
 * Replaces the body by these bytes. Content-Type is left as it is.
 *
 * Since: 0.1
 */
void h3_response_set_body_bytes (H3Response *response, GBytes *bytes);

/**
 * h3_response_clear_body:
 * @response: the response of an event
 *
 * Drops the body: none is sent.
 *
 * Since: 0.1
 */
void h3_response_clear_body (H3Response *response);

G_END_DECLS
