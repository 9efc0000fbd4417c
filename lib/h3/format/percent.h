/* SPDX-License-Identifier: MIT
 *
 * Percent coding (RFC 3986 §2.1): what may stand in a part of a URL, and back. Strict: a `%` that
 * two hex digits do not follow is an error, and NUL never passes, neither plain nor escaped.
 * Holds nothing; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3PercentSet:
 * @H3_PERCENT_SEGMENT: one segment of a path: pchar of RFC 3986 §3.3, so `/` and `%` are escaped
 * @H3_PERCENT_QUERY: a name or a value of a query; a blank becomes `%20`
 * @H3_PERCENT_FORM: the same as application/x-www-form-urlencoded (WHATWG URL); a blank becomes `+`
 *
 * What the text is to become a part of, and so which characters stay as they are.
 */
typedef enum {
    H3_PERCENT_SEGMENT,
    H3_PERCENT_QUERY,
    H3_PERCENT_FORM,
} H3PercentSet;

/**
 * h3_percent_decode: (skip)
 * @text: what to decode
 * @out: room for `text.length + 1` bytes; may be where @text lies
 * @out_length: (out): bytes written before the NUL
 *
 * Decodes every escape once; `+` stays. The bytes need not be UTF-8.
 *
 * Returns: %FALSE, with @out unset, on a malformed escape and on NUL
 */
gboolean h3_percent_decode (H3View text, char *out, gsize *out_length);

/**
 * h3_percent_decode_form: (skip)
 *
 * h3_percent_decode() for application/x-www-form-urlencoded: `+` is a blank.
 */
gboolean h3_percent_decode_form (H3View text, char *out, gsize *out_length);

/**
 * h3_percent_encode: (skip)
 * @text: any bytes
 * @set: where they go
 * @out: room for `3 * text.length + 1` bytes, not where @text lies
 *
 * Escapes with upper-case digits and ends with a NUL. (The segments "." and ".." cannot be escaped:
 * every reader of URLs resolves them however they are spelled.)
 *
 * Returns: the length without the NUL
 */
gsize h3_percent_encode (H3View text, H3PercentSet set, char *out);

/**
 * h3_percent_escape:
 * @text: a string
 * @set: where it goes
 *
 * Returns: (transfer full): h3_percent_encode() as a string of its own
 */
char *h3_percent_escape (const char *text, H3PercentSet set) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_percent_unescape:
 * @text: a string
 *
 * Returns: (transfer full) (nullable): what h3_percent_decode() gives; %NULL where it refuses
 */
char *h3_percent_unescape (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
