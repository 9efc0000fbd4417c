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
 * What is known of the representation as it is now.
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
 * @validators: (nullable): %NULL: the target has no representation now (so "*" matches nothing)
 *
 * The order is that of RFC 9110 §13.2.2. If-Match compares strongly, If-None-Match weakly; dates
 * count in whole seconds, and a date that is not one, or has nothing to be compared with, is
 * ignored. A list of tags that is malformed matches nothing in If-Match; malformed in
 * If-None-Match it is ignored for GET and HEAD, and fails other methods: what was to happen only
 * once must not happen for a typing error.
 */
H3Precondition h3_precondition_evaluate (const char *method, H3View if_match, H3View if_none_match,
                                         H3View if_modified_since, H3View if_unmodified_since,
                                         const H3Validators *validators);

/* The same with the fields of a request. `validators` is (nullable). */
H3Precondition h3_precondition_evaluate_headers (const char *method, const H3Headers *headers,
                                                 const H3Validators *validators);

/* Whether `etag`, a whole value, is an entity tag (RFC 9110 §8.8.3). */
gboolean h3_etag_is_valid (H3View etag); /* (skip) */
gboolean h3_etag_is_valid_string (const char *etag);

/* Returns: (transfer full): a strong tag, the same for the same bytes in every process: 128 bits of
 * their SHA-256. To be freed with g_free (). */
char *h3_etag_for_bytes (GBytes *bytes);
char *h3_etag_for_view (H3View bytes); /* (skip) */

/**
 * h3_etag_for_file:
 * @size: in bytes
 * @modified: the time of the last change, in nanoseconds since 1970
 * @inode: the number of the file, so that another one moved to its place is told apart
 * @now: the time when the first three were read, in nanoseconds since 1970
 *
 * Returns: (transfer full): a tag that shows none of these numbers. It is weak while the last
 * change is less than two seconds old, because one more could come without being seen in it; the
 * same one is strong from then on.
 */
char *h3_etag_for_file (guint64 size, gint64 modified, guint64 inode, gint64 now);

/**
 * H3Range:
 * @first: offset of the first byte
 * @last: offset of the last byte, never before the first
 */
typedef struct {
    guint64 first;
    guint64 last;
} H3Range;

/* As many as are served at once. */
#define H3_RANGES_MAX 16

/**
 * H3RangesResult:
 * @H3_RANGES_IGNORE: answer with the whole, 200
 * @H3_RANGES_SATISFIABLE: answer with the ranges, 206
 * @H3_RANGES_NOT_SATISFIABLE: answer 416
 */
typedef enum {
    H3_RANGES_IGNORE,
    H3_RANGES_SATISFIABLE,
    H3_RANGES_NOT_SATISFIABLE,
} H3RangesResult;

/**
 * h3_ranges_parse: (skip)
 * @value: of the Range field; its data is %NULL where it is absent
 * @size: of the representation
 * @out_ranges: (out) (array length=max): room for `max` ranges
 * @max: how many ranges may be asked for, %H3_RANGES_MAX as a rule
 * @out_n: (out): how many were written; 0 unless satisfiable
 *
 * Reads "bytes=…" (RFC 9110 §14.1.2). Ranges that overlap or touch are one, in the place of the
 * first of them; else they keep the order they were asked in. Anything malformed, another unit, a
 * range from high to low, and more than `max` ranges are ignored as a whole.
 */
H3RangesResult h3_ranges_parse (H3View value, guint64 size, H3Range *out_ranges, guint max,
                                guint *out_n);

/* The twin for strings; `value` is (nullable). */
H3RangesResult h3_ranges_parse_string (const char *value, guint64 size, H3Range *out_ranges,
                                       guint max, guint *out_n);

/* Whether the Range field counts (RFC 9110 §13.1.5): `if_range` is absent (its data is NULL), or is
 * the strong tag of the representation, or its very date. `validators` is (nullable). */
gboolean h3_if_range_matches (H3View if_range, const H3Validators *validators); /* (skip) */
gboolean h3_if_range_matches_string (const char *if_range, const H3Validators *validators);

G_END_DECLS
