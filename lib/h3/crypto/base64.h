/* SPDX-License-Identifier: MIT
 *
 * Bytes as text of 64 characters (RFC 4648 §4, §5). Strict: one text for each sequence of bytes and
 * no other; blanks, line ends, missing or superfluous padding and bits that say nothing are errors.
 * Holds nothing; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3Base64Kind:
 * @H3_BASE64_STANDARD: `+` and `/`, padded with `=` (RFC 4648 §4)
 * @H3_BASE64_URL: `-` and `_`, never padded: for URLs, tokens and file names (§5, RFC 7515 §2)
 *
 * Which 64 characters, and whether they are padded.
 *
 * Since: 0.1
 */
typedef enum {
    H3_BASE64_STANDARD,
    H3_BASE64_URL,
} H3Base64Kind;

/**
 * H3_BASE64_ROOM:
 * @length: bytes, at most %G_MAXSIZE / 2
 *
 * Room for the text of bytes, the NUL with it.
 *
 * Since: 0.1
 */
#define H3_BASE64_ROOM(length) (((length) + 2) / 3 * 4 + 1)

/**
 * h3_base64_encode: (skip)
 * @data: (array length=length) (element-type guint8) (nullable): any bytes
 * @length: how many
 * @kind: which characters
 * @out: room for `H3_BASE64_ROOM (length)` bytes, not where @data lies
 *
 * Writes bytes as text (RFC 4648). Any thread. For bindings there is h3_base64_escape().
 *
 * Writes the text and a NUL.
 *
 * Returns: the length of the text
 *
 * Since: 0.1
 */
gsize h3_base64_encode (const void *data, gsize length, H3Base64Kind kind, char *out);

/**
 * h3_base64_decode: (skip)
 * @text: what to decode
 * @kind: which characters
 * @out: room for `text.length / 4 * 3 + 2` bytes; may be where @text lies
 * @out_length: (out): bytes written
 *
 * Reads the bytes of a text. Any thread. For bindings there is h3_base64_unescape().
 *
 * Returns: %FALSE where the text is none of @kind: @out_length is untouched, @out may not be
 *
 * Since: 0.1
 */
gboolean h3_base64_decode (H3View text, H3Base64Kind kind, void *out, gsize *out_length);

/**
 * h3_base64_escape:
 * @bytes: any bytes
 * @kind: which characters
 *
 * Makes a string of what h3_base64_encode() writes. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_base64_escape (GBytes *bytes, H3Base64Kind kind) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_base64_unescape:
 * @text: a string
 * @kind: which characters
 *
 * Reads the bytes of a string, as h3_base64_decode() does. Any thread.
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL where that refuses
 *
 * Since: 0.1
 */
GBytes *h3_base64_unescape (const char *text, H3Base64Kind kind) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
