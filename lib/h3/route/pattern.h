/* SPDX-License-Identifier: MIT
 *
 * A route's pattern, read once: its segments, and the names of its parameters. Owned by one route;
 * never changed after it was made, so any thread may read.
 *
 *     pattern  = 1*( "/" segment )
 *     segment  = literal | ":" name | ":" name "(" regex ")" | "*" | "*:" name
 *     last     = segment | ":" name "?" | "**" | "**:" name
 *
 * A literal is what a canonical path has there: characters as they are, and %2F, %5C and %25
 * escaped. `: * ? # ( ) { } \` are written percent-encoded, so that a slip in one of the other
 * forms is told and not taken for a literal; controls cannot be. A parameter and `*` take one
 * segment that is not empty. `/a/:b?` takes `/a` and `/a/x`, not `/a/`; `**` behind `/a/` takes
 * `/a` and `/a/`, both with nothing as the rest, and all below. A slash at the end counts: `/a/` is
 * not `/a`. Unnamed wildcards are named "0", "1", … */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

#define PATTERN_MAX_SEGMENTS 128
#define PATTERN_MAX_PARAMS   32
#define PATTERN_MAX_LENGTH   8192

typedef struct _Pattern Pattern;

/* The lower, the more specific: where two patterns differ, the lower kind wins. */
typedef enum {
    PATTERN_LITERAL,
    PATTERN_CONSTRAINED, /* :name(regex) */
    PATTERN_PARAMETER,   /* :name */
    PATTERN_WILDCARD,    /* * */
    PATTERN_OPTIONAL,    /* :name? */
    PATTERN_REST,        /* ** */
} PatternKind;

typedef struct {
    PatternKind kind;
    char *text;    /* owned; a literal in canonical form, a regex as written, else NULL */
    char *name;    /* owned; NULL where nothing is captured */
    GRegex *regex; /* owned; of PATTERN_CONSTRAINED only */
} PatternSegment;

/* Returns: (transfer full): NULL with H3_ERROR_INVALID, whose message names the pattern, the place
 * in it (in characters, from 1) and what to write instead. */
Pattern *pattern_new (const char *text, GError **error);
void pattern_free (Pattern *pattern);

/* Returns: (transfer none): as it was written. */
const char *pattern_get_text (const Pattern *pattern);

guint pattern_count_segments (const Pattern *pattern);
const PatternSegment *pattern_get_segment (const Pattern *pattern, guint index);

/* Parameters count from the left; a wildcard is one too. */
guint pattern_count_params (const Pattern *pattern);
const char *pattern_get_param_name (const Pattern *pattern, guint index);
/* Returns: (transfer none): all of them, as many as are counted. */
const char *const *pattern_get_param_names (const Pattern *pattern);

/* The index of the parameter called `name`, or -1. */
int pattern_find_param (const Pattern *pattern, H3View name);

/* Whether a segment of a canonical path fits the regex of `segment`, once decoded. Allocates; a
 * regex that takes too long does not fit. */
gboolean pattern_segment_fits (const PatternSegment *segment, H3View raw);

gsize pattern_decode_escaped (H3View raw, char *buffer);

/* Decodes the three escapes that a canonical path keeps (%2F, %5C, %25) into `buffer`, which has
 * room for `raw.length` bytes. Returns how many were written. Few values have one. */
static inline gsize
pattern_decode (H3View raw, char *buffer)
{
    gsize i = 0;

    for (; i < raw.length && raw.data[i] != '%'; i++)
        buffer[i] = raw.data[i];
    if (i < raw.length)
        i += pattern_decode_escaped (h3_view (raw.data + i, raw.length - i), buffer + i);
    return i;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pattern, pattern_free)

G_END_DECLS
