/* SPDX-License-Identifier: MIT */

#include "conditional.h"

#include <h3/base/view-scan.h>
#include <h3/format/date.h>

#define STRONG_AGE (2 * G_GINT64_CONSTANT (1000000000)) /* nanoseconds */

typedef struct {
    gboolean weak;
    H3View opaque; /* with its quotes; borrowed: what was parsed */
} Tag;

typedef enum {
    LIST_MALFORMED,
    LIST_MATCHES,
    LIST_OTHER,
} ListResult;

static inline gboolean
is_tag_character (char c)
{
    return (guchar) c >= 0x21 && c != '"' && c != 0x7f;
}

/* Takes one entity tag off the front of `*rest`. */
static gboolean
take_tag (H3View *rest, Tag *out_tag)
{
    gsize length = 1;

    out_tag->weak = h3_view_starts_with (*rest, H3_VIEW ("W/"));
    if (out_tag->weak)
        view_skip (rest, 2);
    if (rest->length == 0 || *rest->data != '"')
        return FALSE;
    while (length < rest->length && is_tag_character (rest->data[length]))
        length++;
    if (length == rest->length || rest->data[length] != '"')
        return FALSE;
    out_tag->opaque = h3_view (rest->data, length + 1);
    view_skip (rest, length + 1);
    return TRUE;
}

static gboolean
parse_tag (H3View text, Tag *out_tag)
{
    return take_tag (&text, out_tag) && text.length == 0;
}

static gboolean
tags_match (const Tag *a, const Tag *b, gboolean strongly)
{
    return h3_view_equal (a->opaque, b->opaque) && !(strongly && (a->weak || b->weak));
}

static gboolean
current_tag (const H3Validators *validators, Tag *out_tag)
{
    return validators != NULL && validators->etag != NULL
           && parse_tag (h3_view_of (validators->etag), out_tag);
}

/* "*", or tags between commas; a list may have empty places (RFC 9110 §5.6.1.2), but not only. */
static ListResult
match_list (H3View list, const H3Validators *validators, gboolean strongly)
{
    ListResult result = LIST_OTHER;
    gboolean any = FALSE, have_current;
    Tag tag, current;

    list = h3_view_trim (list);
    if (h3_view_equal (list, H3_VIEW ("*")))
        return validators != NULL ? LIST_MATCHES : LIST_OTHER;
    have_current = current_tag (validators, &current);
    while (list.length > 0) {
        if (*list.data != ',') {
            if (!take_tag (&list, &tag))
                return LIST_MALFORMED;
            any = TRUE;
            if (have_current && tags_match (&tag, &current, strongly))
                result = LIST_MATCHES;
            view_skip_blanks (&list);
            if (list.length > 0 && *list.data != ',')
                return LIST_MALFORMED;
        }
        if (list.length > 0)
            view_skip (&list, 1);
        view_skip_blanks (&list);
    }
    return any ? result : LIST_MALFORMED;
}

/* FALSE where the date counts for nothing. */
static gboolean
read_date (H3View value, const H3Validators *validators, gint64 *out_seconds)
{
    return value.data != NULL && validators != NULL && validators->last_modified >= 0
           && h3_date_parse (h3_view_trim (value), out_seconds);
}

H3Precondition
h3_precondition_evaluate (const char *method, H3View if_match, H3View if_none_match,
                          H3View if_modified_since, H3View if_unmodified_since,
                          const H3Validators *validators)
{
    gboolean reads;
    gint64 seconds;

    g_return_val_if_fail (method != NULL, H3_PRECONDITION_FAILED);
    g_return_val_if_fail (validators == NULL || validators->etag == NULL
                              || h3_etag_is_valid_string (validators->etag),
                          H3_PRECONDITION_FAILED);
    reads = strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0;
    if (if_match.data != NULL) {
        if (match_list (if_match, validators, TRUE) != LIST_MATCHES)
            return H3_PRECONDITION_FAILED;
    } else if (read_date (if_unmodified_since, validators, &seconds)) {
        if (validators->last_modified > seconds)
            return H3_PRECONDITION_FAILED;
    }
    if (if_none_match.data != NULL) {
        ListResult result = match_list (if_none_match, validators, FALSE);

        if (!reads)
            return result == LIST_OTHER ? H3_PRECONDITION_PROCEED : H3_PRECONDITION_FAILED;
        return result == LIST_MATCHES ? H3_PRECONDITION_NOT_MODIFIED : H3_PRECONDITION_PROCEED;
    }
    if (reads && read_date (if_modified_since, validators, &seconds)
        && validators->last_modified <= seconds)
        return H3_PRECONDITION_NOT_MODIFIED;
    return H3_PRECONDITION_PROCEED;
}

H3Precondition
h3_precondition_evaluate_headers (const char *method, const H3Headers *headers,
                                  const H3Validators *validators)
{
    g_autofree char *if_match = NULL;
    g_autofree char *if_none_match = NULL;
    g_autofree char *if_modified_since = NULL;
    g_autofree char *if_unmodified_since = NULL;

    g_return_val_if_fail (headers != NULL, H3_PRECONDITION_FAILED);
    if_match = h3_headers_dup_joined (headers, "If-Match");
    if_none_match = h3_headers_dup_joined (headers, "If-None-Match");
    if_modified_since = h3_headers_dup_joined (headers, "If-Modified-Since");
    if_unmodified_since = h3_headers_dup_joined (headers, "If-Unmodified-Since");
    return h3_precondition_evaluate (method, h3_view_of (if_match), h3_view_of (if_none_match),
                                     h3_view_of (if_modified_since),
                                     h3_view_of (if_unmodified_since), validators);
}

gboolean
h3_etag_is_valid (H3View etag)
{
    Tag tag;

    return parse_tag (etag, &tag);
}

gboolean
h3_etag_is_valid_string (const char *etag)
{
    g_return_val_if_fail (etag != NULL, FALSE);
    return h3_etag_is_valid (h3_view_of (etag));
}

static char *
make_tag (const char *prefix, H3View bytes)
{
    g_autofree char *digest = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (const guchar *) (bytes.length > 0 ? bytes.data : ""), bytes.length);

    return g_strdup_printf ("%s\"%.32s\"", prefix, digest);
}

char *
h3_etag_for_view (H3View bytes)
{
    return make_tag ("", bytes);
}

char *
h3_etag_for_bytes (GBytes *bytes)
{
    gsize length;
    const char *data;

    g_return_val_if_fail (bytes != NULL, NULL);
    data = g_bytes_get_data (bytes, &length);
    return make_tag ("", h3_view (data, length));
}

char *
h3_etag_for_file (guint64 size, gint64 modified, guint64 inode, gint64 now)
{
    guint64 numbers[] = { GUINT64_TO_LE (size), GUINT64_TO_LE ((guint64) modified),
                          GUINT64_TO_LE (inode) };
    gboolean old = now >= modified && (guint64) now - (guint64) modified >= STRONG_AGE;

    return make_tag (old ? "" : "W/", h3_view ((const char *) numbers, sizeof numbers));
}

/* Takes digits off the front of `*rest`; numbers too big for 64 bits stay at the biggest. */
static gboolean
take_number (H3View *rest, guint64 *out_number)
{
    gsize length = 0;

    while (length < rest->length && g_ascii_isdigit (rest->data[length]))
        length++;
    if (length == 0)
        return FALSE;
    if (!h3_view_parse_uint (h3_view (rest->data, length), G_MAXUINT64, out_number))
        *out_number = G_MAXUINT64;
    view_skip (rest, length);
    return TRUE;
}

/* One range-spec as it was written, and then as it applies to `size`. */
static gboolean
parse_range (H3View spec, guint64 size, H3Range *out_range, gboolean *out_satisfiable)
{
    guint64 first = 0, last = G_MAXUINT64;

    if (spec.length > 0 && *spec.data == '-') {
        view_skip (&spec, 1);
        if (!take_number (&spec, &last) || spec.length > 0)
            return FALSE;
        *out_satisfiable = last > 0;
        *out_range = (H3Range){ size - MIN (last, size), size - 1 };
        return TRUE;
    }
    if (!take_number (&spec, &first) || spec.length == 0 || *spec.data != '-')
        return FALSE;
    view_skip (&spec, 1);
    if (spec.length > 0 && (!take_number (&spec, &last) || spec.length > 0 || last < first))
        return FALSE;
    *out_satisfiable = first < size;
    *out_range = (H3Range){ first, MIN (last, size - 1) };
    return TRUE;
}

static gboolean
ranges_touch (const H3Range *a, const H3Range *b)
{
    return a->first <= b->last + 1 && b->first <= a->last + 1;
}

/* Adds `range` to the `n` ones that lie apart from one another; returns how many there are then. */
static guint
add_range (H3Range *ranges, guint n, H3Range range)
{
    guint at = n, kept = 0;

    for (guint i = 0; i < n; i++) {
        if (!ranges_touch (&ranges[i], &range)) {
            ranges[kept++] = ranges[i];
            continue;
        }
        range.first = MIN (range.first, ranges[i].first);
        range.last = MAX (range.last, ranges[i].last);
        if (at == n)
            at = kept++;
    }
    if (at == n)
        at = kept++;
    ranges[at] = range;
    return kept;
}

static gboolean
take_unit (H3View *value)
{
    H3View unit = H3_VIEW ("bytes=");

    if (value->length < unit.length
        || !h3_view_equal_ignore_case (h3_view (value->data, unit.length), unit))
        return FALSE;
    view_skip (value, unit.length);
    return TRUE;
}

H3RangesResult
h3_ranges_parse (H3View value, guint64 size, H3Range *out_ranges, guint max, guint *out_n)
{
    guint asked = 0, n = 0;
    H3View spec;

    g_return_val_if_fail (out_ranges != NULL && out_n != NULL, H3_RANGES_IGNORE);
    *out_n = 0;
    if (value.data == NULL)
        return H3_RANGES_IGNORE;
    value = h3_view_trim (value);
    if (!take_unit (&value))
        return H3_RANGES_IGNORE;
    while (h3_view_split (&value, ',', &spec)) {
        gboolean satisfiable;
        H3Range range;

        spec = h3_view_trim (spec);
        if (spec.length == 0)
            continue; /* an empty place in a list (RFC 9110 §5.6.1.2) */
        if (++asked > max || !parse_range (spec, size, &range, &satisfiable))
            return H3_RANGES_IGNORE;
        if (!satisfiable)
            continue;
        if (size == 0)
            return H3_RANGES_IGNORE; /* the last bytes of nothing: no Content-Range can say it */
        n = add_range (out_ranges, n, range);
    }
    *out_n = n;
    if (n > 0)
        return H3_RANGES_SATISFIABLE;
    return asked > 0 ? H3_RANGES_NOT_SATISFIABLE : H3_RANGES_IGNORE;
}

H3RangesResult
h3_ranges_parse_string (const char *value, guint64 size, H3Range *out_ranges, guint max,
                        guint *out_n)
{
    return h3_ranges_parse (h3_view_of (value), size, out_ranges, max, out_n);
}

gboolean
h3_if_range_matches (H3View if_range, const H3Validators *validators)
{
    Tag tag, current;
    gint64 seconds;

    if (if_range.data == NULL)
        return TRUE;
    if_range = h3_view_trim (if_range);
    if (parse_tag (if_range, &tag))
        return current_tag (validators, &current) && tags_match (&tag, &current, TRUE);
    return read_date (if_range, validators, &seconds) && seconds == validators->last_modified;
}

gboolean
h3_if_range_matches_string (const char *if_range, const H3Validators *validators)
{
    return h3_if_range_matches (h3_view_of (if_range), validators);
}
