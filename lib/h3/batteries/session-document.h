/* SPDX-License-Identifier: MIT
 *
 * What is kept of a session between requests, in a store or sealed in a cookie: when it began, when
 * it was last written, a secret that others may be bound to, and values by name. Embedded in a
 * session; one thread at a time. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

#define SESSION_BINDING_LENGTH 32
/* Bytes before the values. */
#define SESSION_HEAD_LENGTH (1 + 8 + 8 + SESSION_BINDING_LENGTH)
/* The longest name of a value. */
#define SESSION_MAX_NAME 128

typedef struct {
    gint64 created; /* seconds since 1970 */
    gint64 renewed; /* the same */
    guint8 binding[SESSION_BINDING_LENGTH];
    json_t *values; /* owned: an object; NULL: none, or not read yet */
    H3View
        unread; /* borrowed: what was given to read; data is NULL where there is nothing unread */
    gsize size; /* of the values, as they are written */
} SessionDocument;

/* Without values. */
void session_document_init (SessionDocument *document);
void session_document_clear (SessionDocument *document);

/* Reads what stands before the values. `bytes` must live until those are read, or the document is
 * cleared. FALSE where it is no document. */
gboolean session_document_read_head (SessionDocument *document, H3View bytes);
/* FALSE where the values cannot be read: there are none then. */
gboolean session_document_read_values (SessionDocument *document);

/* (transfer full): wiped when nobody holds it any more. */
GBytes *session_document_write (const SessionDocument *document);

/* Once the values have been read: (transfer none) (nullable) */
json_t *session_document_get (const SessionDocument *document, const char *name);
/* Takes `value` (transfer full). FALSE, and nothing changed, where name or value cannot be
 * (H3_ERROR_INVALID), or all would come to more than `most` bytes (H3_ERROR_LIMIT). */
gboolean session_document_set (SessionDocument *document, const char *name, json_t *value,
                               gsize most, GError **error);
/* Whether there was one. */
gboolean session_document_remove (SessionDocument *document, const char *name);

/* (transfer full) (nullable): the value as it will be read again, for session_document_set (). NULL
 * where it would not be: H3_ERROR_INVALID. */
json_t *session_document_copy_value (const json_t *value, GError **error);
json_t *session_document_parse_value (const char *text, GError **error);

/* What a request has done to a value. */
typedef struct {
    gboolean is_added; /* a number was added to what was there */
    gint64 amount;
} SessionChange;

/* Does to `document` what was done to `from`: `changes` is of SessionChange, by name; what is not
 * in it stays as it is. */
void session_document_apply (SessionDocument *document, const SessionDocument *from,
                             GHashTable *changes);

/* The sum, as near to it as numbers go. */
gint64 session_add_numbers (gint64 a, gint64 b);

G_END_DECLS
