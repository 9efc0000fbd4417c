/* SPDX-License-Identifier: MIT
 *
 * JSON documents, over jansson. The one header that names it, so <h3/h3.h> leaves it out: include
 * it where documents are built or read. A document belongs to who holds a reference, and to one
 * thread at a time. */

#pragma once

#include <h3/base/error.h>
#include <h3/base/view.h>
#include <h3/format/json-scan.h>

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/**
 * H3JsonStyle: (skip)
 * @H3_JSON_COMPACT: no blanks
 * @H3_JSON_PRETTY: lines, with two blanks a level
 *
 * How a document is written.
 *
 * Since: 0.1
 */
typedef enum {
    H3_JSON_COMPACT,
    H3_JSON_PRETTY,
} H3JsonStyle;

/**
 * h3_json_parse: (skip)
 * @text: a whole JSON text
 * @max_depth: as for h3_json_scan(); %H3_JSON_MAX_DEPTH for what a peer sends
 * @error: %H3_ERROR_SYNTAX, which names the place: `line 3, column 7: …`
 *
 * Reads a document (RFC 8259). Any thread.
 *
 * Refuses what h3_json_scan() refuses; a name twice in one object, because two readers would take
 * different values of it; and numbers that neither a 64-bit integer nor a double holds.
 *
 * Returns: (transfer full): the document; %NULL with @error set
 *
 * Since: 0.1
 */
json_t *h3_json_parse (H3View text, guint max_depth, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_json_to_text: (skip)
 * @document: any value
 * @style: with blanks or without
 *
 * Writes a document. One thread, that of the document.
 *
 * Names keep the order they were set in.
 *
 * Returns: (transfer full) (nullable): the text; %NULL when the document contains itself
 *
 * Since: 0.1
 */
char *h3_json_to_text (const json_t *document, H3JsonStyle style) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_json_get: (skip)
 * @root: (nullable): where to start
 * @path: names and indices, `a.b[0].c`; names with other characters as in JSON, `a["b.c"]`; the
 *   empty path is @root itself
 *
 * Finds a value in a document.
 *
 * Returns: (transfer none) (nullable): the value, the document's; %NULL when there is none, or
 *   @path is malformed
 *
 * Since: 0.1
 */
json_t *h3_json_get (const json_t *root, const char *path);

/**
 * h3_json_set: (skip)
 * @root: an object or an array
 * @path: as of h3_json_get(), not empty; written by the program, never by a peer
 * @value: (transfer full) (nullable): the value, taken in any case; %NULL, which is what jansson
 *   gives for texts that are not UTF-8, is refused
 *
 * Puts @value there, in place of what was. Objects and arrays on the way that are not there are
 * made; an array grows by one at its end.
 *
 * Returns: %FALSE where it cannot stand there: something on the way is of another kind, an index
 *   is beyond the end, or @path is malformed. What was made on the way stays
 *
 * Since: 0.1
 */
gboolean h3_json_set (json_t *root, const char *path, json_t *value);

/**
 * h3_json_get_string: (skip)
 * @root: (nullable): where to start
 * @path: as of h3_json_get()
 *
 * Finds a text in a document.
 *
 * Returns: (transfer none) (nullable): the text, the document's; %NULL when there is none at
 *   @path, or it has a control that is neither HTAB, CR nor LF: json_string_value() gives that too
 *
 * Since: 0.1
 */
const char *h3_json_get_string (const json_t *root, const char *path);

/**
 * h3_json_get_int: (skip)
 * @root: (nullable): where to start
 * @path: as of h3_json_get()
 * @out_value: (out): the number
 *
 * Finds an integer in a document. A double is never one.
 *
 * Returns: %FALSE, with @out_value untouched, when there is no integer at @path
 *
 * Since: 0.1
 */
gboolean h3_json_get_int (const json_t *root, const char *path, gint64 *out_value);

/**
 * h3_json_get_double: (skip)
 * @root: (nullable): where to start
 * @path: as of h3_json_get()
 * @out_value: (out): the number
 *
 * Finds a number in a document. An integer is a double as well.
 *
 * Returns: %FALSE, with @out_value untouched, when there is no number at @path
 *
 * Since: 0.1
 */
gboolean h3_json_get_double (const json_t *root, const char *path, double *out_value);

/**
 * h3_json_get_boolean: (skip)
 * @root: (nullable): where to start
 * @path: as of h3_json_get()
 * @out_value: (out): the value
 *
 * Finds true or false in a document.
 *
 * Returns: %FALSE, with @out_value untouched, when there is neither at @path
 *
 * Since: 0.1
 */
gboolean h3_json_get_boolean (const json_t *root, const char *path, gboolean *out_value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

G_END_DECLS
