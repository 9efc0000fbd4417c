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
 */
typedef enum {
    H3_BASE64_STANDARD,
    H3_BASE64_URL,
} H3Base64Kind;

/* Room for the text of `length` bytes, the NUL with it. `length` is at most G_MAXSIZE / 2. */
#define H3_BASE64_ROOM(length) (((length) + 2) / 3 * 4 + 1)

/**
 * h3_base64_encode: (skip)
 * @data: (nullable): any bytes
 * @out: room for H3_BASE64_ROOM (@length) bytes, not where @data lies
 *
 * Writes the text and a NUL.
 *
 * Returns: the length of the text
 */
gsize h3_base64_encode (const void *data, gsize length, H3Base64Kind kind, char *out);

/**
 * h3_base64_decode: (skip)
 * @text: what to decode
 * @out: room for `text.length / 4 * 3 + 2` bytes; may be where @text lies
 * @out_length: (out): bytes written
 *
 * Returns: %FALSE where the text is none of @kind: @out_length is untouched, @out may not be
 */
gboolean h3_base64_decode (H3View text, H3Base64Kind kind, void *out, gsize *out_length);

/**
 * h3_base64_escape:
 * @bytes: any bytes
 *
 * Returns: (transfer full): h3_base64_encode() as a string of its own
 */
char *h3_base64_escape (GBytes *bytes, H3Base64Kind kind) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_base64_unescape:
 * @text: a string
 *
 * Returns: (transfer full) (nullable): what h3_base64_decode() gives; %NULL where it refuses
 */
GBytes *h3_base64_unescape (const char *text, H3Base64Kind kind) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
