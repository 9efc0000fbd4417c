/* SPDX-License-Identifier: MIT
 *
 * Conditional requests and ranges (RFC 9110 §8.8, §13, §14): what a request that may have If-*
 * and Range fields is to be answered with, and the tags for it. Values and functions; any thread.
 */

#pragma once

#include <h3/base/view.h>
#include <h3/http/headers.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3Validators:
 * @etag: (nullable): the entity tag with its quotes, "\"x\"" or "W/\"x\""; %NULL: it has none
 * @last_modified: in whole seconds since 1970-01-01 00:00:00 UTC; negative: not known
 *
 * What is known of a representation as it is now.
 *
 * Since: 0.1
 */
typedef struct {
    const char *etag; /* borrowed: whoever made the struct */
    gint64 last_modified;
} H3Validators;

/**
 * H3Precondition:
 * @H3_PRECONDITION_PROCEED: answer as if there were no condition
 * @H3_PRECONDITION_NOT_MODIFIED: answer 304
 * @H3_PRECONDITION_FAILED: answer 412, and do nothing
 *
 * What the conditions of a request come to (RFC 9110 §13).
 *
 * Since: 0.1
 */
typedef enum {
    H3_PRECONDITION_PROCEED,
    H3_PRECONDITION_NOT_MODIFIED,
    H3_PRECONDITION_FAILED,
} H3Precondition;

/**
 * h3_precondition_evaluate: (skip)
 * @method: the request's, as it was sent
 * @if_match: the field's value, repeats joined by ", "; its data is %NULL where it is absent
 * @if_none_match: likewise
 * @if_modified_since: likewise
 * @if_unmodified_since: likewise
 * @validators: (nullable): %NULL: the target has no representation now (so `*` matches nothing)
 *
 * Weighs the conditions of a request. Bindings have h3_precondition_evaluate_headers(), and for an
 * event h3_event_check_fresh().
 *
 * The order is that of RFC 9110 §13.2.2. If-Match compares strongly, If-None-Match weakly; dates
 * count in whole seconds, and a date that is not one, or has nothing to be compared with, is
 * ignored. A list of tags that is malformed matches nothing in If-Match; malformed in If-None-Match
 * it is ignored for GET and HEAD, and fails other methods: what was to happen only once must not
 * happen for a typing error.
 *
 * Returns: what is to be done
 *
 * Since: 0.1
 */
H3Precondition h3_precondition_evaluate (const char *method, H3View if_match, H3View if_none_match,
                                         H3View if_modified_since, H3View if_unmodified_since,
                                         const H3Validators *validators);

/**
 * h3_precondition_evaluate_headers:
 * @method: the request's, as it was sent
 * @headers: the request's fields
 * @validators: (nullable): %NULL: the target has no representation now (so `*` matches nothing)
 *
 * Weighs the conditions that the fields of a request state, in the order of RFC 9110 §13.2.2. For
 * an event: h3_event_check_fresh().
 *
 * If-Match compares strongly, If-None-Match weakly; dates count in whole seconds, and a date that
 * is not one, or has nothing to be compared with, is ignored. A list of tags that is malformed
 * matches nothing in If-Match; malformed in If-None-Match it is ignored for GET and HEAD, and fails
 * other methods.
 *
 * Returns: what is to be done
 *
 * Since: 0.1
 */
H3Precondition h3_precondition_evaluate_headers (const char *method, const H3Headers *headers,
                                                 const H3Validators *validators);

/**
 * h3_etag_is_valid: (skip)
 * @etag: a whole value
 *
 * Does what h3_etag_is_valid_string() does, which is the twin for bindings, with a view.
 *
 * Returns: %TRUE where it is one
 *
 * Since: 0.1
 */
gboolean h3_etag_is_valid (H3View etag);

/**
 * h3_etag_is_valid_string:
 * @etag: a whole value, with its quotes
 *
 * Tells whether this is an entity tag (RFC 9110 §8.8.3). Any thread.
 *
 * Returns: %TRUE where it is one
 *
 * Since: 0.1
 */
gboolean h3_etag_is_valid_string (const char *etag);

/**
 * h3_etag_for_bytes:
 * @bytes: a representation
 *
 * Makes a strong entity tag, the same for the same bytes in every process: 128 bits of their
 * SHA-256. Any thread.
 *
 * Returns: (transfer full): the tag, with its quotes, to be freed with g_free()
 *
 * Since: 0.1
 */
char *h3_etag_for_bytes (GBytes *bytes);

/**
 * h3_etag_for_view: (skip)
 * @bytes: a representation
 *
 * Does what h3_etag_for_bytes() does, which is the twin for bindings, with a view.
 *
 * Returns: (transfer full): the tag, with its quotes, to be freed with g_free()
 *
 * Since: 0.1
 */
char *h3_etag_for_view (H3View bytes);

/**
 * h3_etag_for_file:
 * @size: in bytes
 * @modified: the time of the last change, in nanoseconds since 1970
 * @inode: the number of the file, so that another one moved to its place is told apart
 * @now: the time when the first three were read, in nanoseconds since 1970
 *
 * Makes an entity tag that shows none of these numbers. It is weak while the last change is less
 * than two seconds old, because one more could come without being seen in it; the same one is
 * strong from then on. Any thread.
 *
 * Returns: (transfer full): the tag, with its quotes, to be freed with g_free()
 *
 * Since: 0.1
 */
char *h3_etag_for_file (guint64 size, gint64 modified, guint64 inode, gint64 now);

/**
 * H3Range:
 * @first: offset of the first byte
 * @last: offset of the last byte, never before the first
 *
 * A range of bytes, as Content-Range writes it (RFC 9110 §14.4).
 *
 * Since: 0.1
 */
typedef struct {
    guint64 first;
    guint64 last;
} H3Range;

/**
 * H3_RANGES_MAX:
 *
 * As many ranges as are served at once; a request for more is answered with the whole.
 *
 * Since: 0.1
 */
#define H3_RANGES_MAX 16

/**
 * H3RangesResult:
 * @H3_RANGES_IGNORE: answer with the whole, 200
 * @H3_RANGES_SATISFIABLE: answer with the ranges, 206
 * @H3_RANGES_NOT_SATISFIABLE: answer 416
 *
 * What a Range field comes to (RFC 9110 §14.2).
 *
 * Since: 0.1
 */
typedef enum {
    H3_RANGES_IGNORE,
    H3_RANGES_SATISFIABLE,
    H3_RANGES_NOT_SATISFIABLE,
} H3RangesResult;

/**
 * h3_ranges_parse: (skip)
 * @value: of the Range field; its data is %NULL where it is absent
 * @size: of the representation, in bytes
 * @out_ranges: (out) (array length=max): room for @max ranges
 * @max: how many ranges may be asked for, %H3_RANGES_MAX as a rule
 * @out_n: (out): how many were written; 0 unless satisfiable
 *
 * Reads "bytes=…" (RFC 9110 §14.1.2). Bindings answer with h3_event_send_ranged() or
 * h3_event_send_ranged_bytes(), which read it themselves.
 *
 * Ranges that overlap or touch are one, in the place of the first of them; else they keep the order
 * they were asked in. Anything malformed, another unit, a range from high to low, and more than
 * @max ranges are ignored as a whole.
 *
 * Returns: what is to be done; @out_ranges is set where it is %H3_RANGES_SATISFIABLE
 *
 * Since: 0.1
 */
H3RangesResult h3_ranges_parse (H3View value, guint64 size, H3Range *out_ranges, guint max,
                                guint *out_n);

/**
 * h3_ranges_parse_string: (skip)
 * @value: (nullable): of the Range field; %NULL where it is absent
 * @size: of the representation, in bytes
 * @out_ranges: (out) (array length=max): room for @max ranges
 * @max: how many ranges may be asked for, %H3_RANGES_MAX as a rule
 * @out_n: (out): how many were written; 0 unless satisfiable
 *
 * Does what h3_ranges_parse() does, with a string. Bindings, which cannot hand over room for
 * ranges, answer with h3_event_send_ranged() or h3_event_send_ranged_bytes().
 *
 * Returns: what is to be done
 *
 * Since: 0.1
 */
H3RangesResult h3_ranges_parse_string (const char *value, guint64 size, H3Range *out_ranges,
                                       guint max, guint *out_n);

/**
 * h3_if_range_matches: (skip)
 * @if_range: of the If-Range field; its data is %NULL where it is absent
 * @validators: (nullable): %NULL: the target has no representation now
 *
 * Does what h3_if_range_matches_string() does, which is the twin for bindings, with a view.
 *
 * Returns: %TRUE where the Range field counts
 *
 * Since: 0.1
 */
gboolean h3_if_range_matches (H3View if_range, const H3Validators *validators);

/**
 * h3_if_range_matches_string:
 * @if_range: (nullable): of the If-Range field; %NULL where it is absent
 * @validators: (nullable): %NULL: the target has no representation now
 *
 * Tells whether the Range field counts (RFC 9110 §13.1.5): If-Range is absent, or is the strong tag
 * of the representation, or its very date. Any thread.
 *
 * Returns: %TRUE where it counts
 *
 * Since: 0.1
 */
gboolean h3_if_range_matches_string (const char *if_range, const H3Validators *validators);

G_END_DECLS
