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
 * What is going to be sent. The wire adds Date, Content-Length or Transfer-Encoding, and
 * Connection; those set by a program are refused with a critical.
 */
typedef struct _H3Response H3Response;

/* 200 where nothing was set. 200 to 599; others are a critical. */
guint h3_response_get_status (const H3Response *response);
void h3_response_set_status (H3Response *response, guint status);

/* The reason phrase of a status ("Not Found"), "" for unknown ones. Any thread. */
const char *h3_status_get_reason (guint status);

/* Fields, as of <h3/http/headers.h>: `set` replaces, `add` appends; FALSE with a critical for a
 * name or value that must not be sent. */
gboolean h3_response_set_header (H3Response *response, const char *name, const char *value);
gboolean h3_response_add_header (H3Response *response, const char *name, const char *value);
void h3_response_remove_header (H3Response *response, const char *name);

/* Whether `set` and `add` would take these; to be asked where a client has chosen them, because
 * what they refuse is told to the program as a bug of its own. */
gboolean h3_response_can_set_header (const H3Response *response, const char *name,
                                     const char *value);

/* Returns: (nullable): the value that would be sent. */
const char *h3_response_get_header (const H3Response *response, const char *name);

/* The same as set, and the field stays when an error takes the answer's place (CORS needs it). */
gboolean h3_response_set_header_always (H3Response *response, const char *name, const char *value);
/* The same as add: for fields of which there may be several (WWW-Authenticate). */
gboolean h3_response_add_header_always (H3Response *response, const char *name, const char *value);

/* Names `field` in Vary (RFC 9110 §12.5.5), unless that has it, or "*", already; it stays
 * when an error takes the answer's place, for that was chosen by the field too. */
void h3_response_add_vary (H3Response *response, const char *field);

/* Content-Type. The text is copied. */
gboolean h3_response_set_content_type (H3Response *response, const char *media_type);

/* Returns: (nullable): the value that would be sent. */
const char *h3_response_get_content_type (const H3Response *response);

/* The length of the body that will be sent, -1 where it is not known. */
gint64 h3_response_get_length (const H3Response *response);

/* Returns: (transfer none) (nullable): the whole body where it is in memory as GBytes. */
GBytes *h3_response_get_body (const H3Response *response);

/* Bodies; each replaces the one before. `text` is copied; `bytes` is referenced and never copied.
 */
void h3_response_set_body_text (H3Response *response, const char *text);
void h3_response_set_body_bytes (H3Response *response, GBytes *bytes);
void h3_response_clear_body (H3Response *response);

G_END_DECLS
