/* SPDX-License-Identifier: MIT
 *
 * The canonical path: the one spelling of a request's path that router, middleware and every check
 * see, so that no two of them can read it differently. Holds nothing; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * h3_path_canonicalize: (skip)
 * @raw: the path of a request target, without its query
 * @out: room for `raw.length + 2` bytes, not where @raw lies
 * @out_length: (out): bytes written before the NUL
 *
 * Writes the canonical form of a path. Any thread. For bindings there is
 * h3_path_canonicalize_string().
 *
 * Writes the path with each escape decoded, but `%2F`, `%5C` and `%25`, which stay and have
 * upper-case digits; then without dot segments (RFC 3986 §5.2.4), however they were spelled, never
 * above the root; with one `/` in front, however many there were. Empty segments further on stay.
 *
 * The result is UTF-8 and its own canonical form. It may hold what a raw path may not (a blank,
 * `?`, letters beyond ASCII): as text it is decoded, but for the three escapes, which
 * h3_param_decode() takes away once a part has been cut out.
 *
 * Returns: %FALSE, with @out unset, when @raw does not begin with `/`; has a control, a blank, a
 *   byte ≥ 0x80 or one of `"<>\^{|}#?` or a backquote; has a malformed escape or one of NUL, of a
 *   control or of DEL; or is not UTF-8 when decoded. It is the peer's fault: 400
 *
 * Since: 0.1
 */
gboolean h3_path_canonicalize (H3View raw, char *out, gsize *out_length);

/**
 * h3_path_canonicalize_string:
 * @raw: the path of a request target, without its query
 *
 * Makes a string of what h3_path_canonicalize() writes. Any thread.
 *
 * Returns: (transfer full) (nullable): the path; %NULL where that refuses
 *
 * Since: 0.1
 */
char *h3_path_canonicalize_string (const char *raw) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_param_decode: (skip)
 * @captured: a part of a canonical path
 * @out: room for `captured.length + 1` bytes; may be where @captured lies
 * @out_length: (out): bytes written before the NUL
 *
 * Makes text of a part of a canonical path. Any thread.
 *
 * For bindings there is h3_percent_unescape(), which does the same with these three.
 *
 * Decodes once the three escapes a canonical path still has.
 *
 * Returns: %FALSE, with @out unset, on any other `%`, which no canonical path has
 *
 * Since: 0.1
 */
gboolean h3_param_decode (H3View captured, char *out, gsize *out_length);

G_END_DECLS
