/* SPDX-License-Identifier: MIT
 *
 * JSON documents, one a line (NDJSON, JSON Lines): bytes in as they come, documents out. Owned by
 * who made it; one thread at a time. */

#pragma once

#include <h3/format/json-scan.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3NdjsonReader: (skip)
 *
 * What was fed and not taken yet.
 */
typedef struct _H3NdjsonReader H3NdjsonReader;

/**
 * H3NdjsonStep:
 * @H3_NDJSON_DOCUMENT: there is a document
 * @H3_NDJSON_WAIT: more must be fed, or the end be told
 * @H3_NDJSON_END: all has been taken
 * @H3_NDJSON_FAILED: a line is no document, or too long; the reader stays so
 */
typedef enum {
    H3_NDJSON_DOCUMENT,
    H3_NDJSON_WAIT,
    H3_NDJSON_END,
    H3_NDJSON_FAILED,
} H3NdjsonStep;

/**
 * h3_ndjson_reader_new: (skip)
 * @max_line: bytes of a line, without its end
 * @max_depth: as of h3_json_parse()
 *
 * Returns: (transfer full): a reader
 */
H3NdjsonReader *h3_ndjson_reader_new (gsize max_line, guint max_depth);

/* NULL is allowed. */
void h3_ndjson_reader_free (H3NdjsonReader *reader);

/* More bytes, which are copied; all that is fed and not taken is held, so take before you feed. */
void h3_ndjson_reader_feed (H3NdjsonReader *reader, const char *data, gsize length);

/* Nothing more will be fed: the last line may go without its end. */
void h3_ndjson_reader_end (H3NdjsonReader *reader);

/**
 * h3_ndjson_reader_take: (skip)
 * @out_document: (out) (transfer full): where there is one
 * @error: %H3_ERROR_SYNTAX, "line 3, column 7: …", or %H3_ERROR_LIMIT for a line that is too long;
 *   told once
 *
 * The next document. Lines end with LF or CR LF; those with blanks only are passed over.
 */
H3NdjsonStep h3_ndjson_reader_take (H3NdjsonReader *reader, json_t **out_document, GError **error);

/* The line that was taken last, from 1. */
guint64 h3_ndjson_reader_get_line (const H3NdjsonReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3NdjsonReader, h3_ndjson_reader_free)

G_END_DECLS
