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
 * Bytes in as they come, JSON documents out, one a line: what was fed and not taken yet.
 *
 * One owner; one thread at a time.
 *
 * Since: 0.1
 */
typedef struct _H3NdjsonReader H3NdjsonReader;

/**
 * H3NdjsonStep: (skip)
 * @H3_NDJSON_DOCUMENT: there is a document
 * @H3_NDJSON_WAIT: more must be fed, or the end be told
 * @H3_NDJSON_END: all has been taken
 * @H3_NDJSON_FAILED: a line is no document, or too long; the reader stays so
 *
 * What h3_ndjson_reader_take() found.
 *
 * Since: 0.1
 */
typedef enum {
    H3_NDJSON_DOCUMENT,
    H3_NDJSON_WAIT,
    H3_NDJSON_END,
    H3_NDJSON_FAILED,
} H3NdjsonStep;

/**
 * h3_ndjson_reader_new: (skip)
 * @max_line: the longest line that is taken, in bytes, without its end
 * @max_depth: as of h3_json_parse()
 *
 * Makes a reader to which nothing was fed.
 *
 * Returns: (transfer full): the reader, to be freed with h3_ndjson_reader_free()
 *
 * Since: 0.1
 */
H3NdjsonReader *h3_ndjson_reader_new (gsize max_line, guint max_depth);

/**
 * h3_ndjson_reader_free: (skip)
 * @reader: (nullable) (transfer full): a reader; %NULL is allowed
 *
 * Frees a reader.
 *
 * Since: 0.1
 */
void h3_ndjson_reader_free (H3NdjsonReader *reader);

/**
 * h3_ndjson_reader_feed: (skip)
 * @reader: a reader whose end was not told
 * @data: (array length=length) (nullable): more bytes, which are copied
 * @length: how many
 *
 * Feeds what has come. All that is fed and not taken is held, so take before you feed.
 *
 * Since: 0.1
 */
void h3_ndjson_reader_feed (H3NdjsonReader *reader, const char *data, gsize length);

/**
 * h3_ndjson_reader_end: (skip)
 * @reader: a reader
 *
 * Tells that nothing more will be fed: the last line may go without its end.
 *
 * Since: 0.1
 */
void h3_ndjson_reader_end (H3NdjsonReader *reader);

/**
 * h3_ndjson_reader_take: (skip)
 * @reader: a reader
 * @out_document: (out) (transfer full): the document, with %H3_NDJSON_DOCUMENT; else untouched
 * @error: with %H3_NDJSON_FAILED, %H3_ERROR_SYNTAX, `line 3, column 7: …`, or %H3_ERROR_LIMIT for
 *   a line that is too long; told once
 *
 * Takes the next document. Lines end with LF or CR LF; those with blanks only are passed over.
 *
 * Returns: whether there is a document, and why not
 *
 * Since: 0.1
 */
H3NdjsonStep h3_ndjson_reader_take (H3NdjsonReader *reader, json_t **out_document, GError **error);

/**
 * h3_ndjson_reader_get_line: (skip)
 * @reader: a reader
 *
 * Tells which line was taken last.
 *
 * Returns: its number, from 1; 0 before the first
 *
 * Since: 0.1
 */
guint64 h3_ndjson_reader_get_line (const H3NdjsonReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3NdjsonReader, h3_ndjson_reader_free)

G_END_DECLS
