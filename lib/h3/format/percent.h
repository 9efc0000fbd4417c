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
 * @H3_PERCENT_FORM: the same as application/x-www-form-urlencoded (WHATWG URL); a blank becomes
 *   `+`
 *
 * What the text is to become a part of, and so which characters stay as they are.
 *
 * Since: 0.1
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
 * Decodes a text (RFC 3986 §2.1). Any thread. For bindings there is h3_percent_unescape().
 *
 * Decodes every escape once; `+` stays. The bytes need not be UTF-8.
 *
 * Returns: %FALSE, with @out unset, on a malformed escape and on NUL
 *
 * Since: 0.1
 */
gboolean h3_percent_decode (H3View text, char *out, gsize *out_length);

/**
 * h3_percent_decode_form: (skip)
 * @text: what to decode
 * @out: room for `text.length + 1` bytes; may be where @text lies
 * @out_length: (out): bytes written before the NUL
 *
 * Decodes a text as h3_percent_decode() does, for application/x-www-form-urlencoded: `+` is a
 * blank. Any thread.
 *
 * Returns: %FALSE, with @out unset, on a malformed escape and on NUL
 *
 * Since: 0.1
 */
gboolean h3_percent_decode_form (H3View text, char *out, gsize *out_length);

/**
 * h3_percent_encode: (skip)
 * @text: any bytes
 * @set: where they go
 * @out: room for `3 * text.length + 1` bytes, not where @text lies
 *
 * Escapes what may not stand in a part of a URL. Any thread. For bindings there is
 * h3_percent_escape().
 *
 * Escapes with upper-case digits and ends with a NUL. (The segments "." and ".." cannot be
 * escaped: every reader of URLs resolves them however they are spelled.)
 *
 * Returns: the length without the NUL
 *
 * Since: 0.1
 */
gsize h3_percent_encode (H3View text, H3PercentSet set, char *out);

/**
 * h3_percent_escape:
 * @text: a string
 * @set: where it goes
 *
 * Makes a string of what h3_percent_encode() writes. Any thread.
 *
 * Returns: (transfer full): the escaped text
 *
 * Since: 0.1
 */
char *h3_percent_escape (const char *text, H3PercentSet set) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_percent_unescape:
 * @text: a string
 *
 * Makes a string of what h3_percent_decode() writes. Any thread.
 *
 * Returns: (transfer full) (nullable): the text; %NULL where that refuses
 *
 * Since: 0.1
 */
char *h3_percent_unescape (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
