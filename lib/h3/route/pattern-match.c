/* SPDX-License-Identifier: MIT */

#include "pattern-match.h"

/* The path's segments, one at a time: what stands behind each slash. "/" has none but for a
 * literal, which finds an empty one. */
typedef struct {
    H3View rest; /* behind the last slash taken; its data is NULL behind the last segment */
    gboolean is_root;
} Walk;

static gboolean
is_used_up (const Walk *walk)
{
    return walk->rest.data == NULL;
}

static gboolean
fits (const PatternSegment *segment, H3View part)
{
    switch (segment->kind) {
    case PATTERN_LITERAL:
        return h3_view_equal (part, h3_view_of (segment->text));
    case PATTERN_CONSTRAINED:
        return part.length > 0 && pattern_segment_fits (segment, part);
    default:
        return part.length > 0;
    }
}

/* A path of more segments than a router looks at is nobody's. */
static gboolean
is_too_deep (H3View path)
{
    guint n_slashes = 0;

    for (gsize i = 0; i < path.length; i++)
        n_slashes += path.data[i] == '/';
    return n_slashes > PATTERN_MAX_SEGMENTS;
}

static gboolean
match_segment (const PatternSegment *segment, Walk *walk, H3View *value, gboolean *out_ends)
{
    *value = h3_view ("", 0);
    if (segment->kind == PATTERN_REST) {
        *out_ends = TRUE;
        if (!is_used_up (walk))
            *value = walk->rest;
        return TRUE;
    }
    if (segment->kind == PATTERN_OPTIONAL && (is_used_up (walk) || walk->is_root)) {
        *out_ends = TRUE;
        return TRUE;
    }
    return h3_view_split (&walk->rest, '/', value) && fits (segment, *value);
}

gboolean
pattern_match (const Pattern *pattern, H3View path, H3View *out_values)
{
    gboolean ends = FALSE;
    guint n_values = 0;
    Walk walk;

    if (path.length == 0 || *path.data != '/' || is_too_deep (path))
        return FALSE;
    walk = (Walk){ h3_view (path.data + 1, path.length - 1), path.length == 1 };
    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);
        H3View value;

        if (!match_segment (segment, &walk, &value, &ends))
            return FALSE;
        if (segment->name != NULL && out_values != NULL)
            out_values[n_values++] = value;
    }
    return ends || is_used_up (&walk);
}

static const PatternSegment *
get_segment (const Pattern *pattern, guint index)
{
    return index < pattern_count_segments (pattern) ? pattern_get_segment (pattern, index) : NULL;
}

int
pattern_compare (const Pattern *a, const Pattern *b)
{
    for (guint i = 0;; i++) {
        const PatternSegment *left = get_segment (a, i);
        const PatternSegment *right = get_segment (b, i);
        int order;

        if (left == NULL || right == NULL)
            return (left != NULL) - (right != NULL);
        if (left->kind != right->kind)
            return (int) left->kind - (int) right->kind;
        order = g_strcmp0 (left->text, right->text);
        if (order != 0)
            return order;
    }
}

/* One segment of each, neither of which may be absent nor be a rest. */
static PatternCover
cover_segment (const PatternSegment *segment, const PatternSegment *other)
{
    gboolean is_same = g_strcmp0 (segment->text, other->text) == 0;

    if (other->kind == PATTERN_LITERAL)
        return fits (segment, h3_view_of (other->text)) ? PATTERN_COVERS_ALL : PATTERN_COVERS_NONE;
    if (segment->kind == PATTERN_LITERAL)
        return fits (other, h3_view_of (segment->text)) ? PATTERN_COVERS_SOME : PATTERN_COVERS_NONE;
    if (segment->kind == PATTERN_CONSTRAINED && !(other->kind == PATTERN_CONSTRAINED && is_same))
        return PATTERN_COVERS_SOME;
    return PATTERN_COVERS_ALL;
}

/* `segment` and `other` (nullable: behind the last) of two patterns that agree so far. `*out_ends`
 * where nothing behind them counts. */
static PatternCover
cover_next (const PatternSegment *segment, const PatternSegment *other, gboolean *out_ends)
{
    *out_ends = TRUE;
    if (segment != NULL && segment->kind == PATTERN_REST)
        return PATTERN_COVERS_ALL;
    if (other == NULL)
        return segment == NULL || segment->kind == PATTERN_OPTIONAL ? PATTERN_COVERS_ALL
                                                                    : PATTERN_COVERS_NONE;
    if (other->kind == PATTERN_REST)
        return PATTERN_COVERS_SOME;
    if (other->kind == PATTERN_OPTIONAL)
        return segment != NULL && segment->kind == PATTERN_OPTIONAL ? PATTERN_COVERS_ALL
                                                                    : PATTERN_COVERS_SOME;
    if (segment == NULL)
        return PATTERN_COVERS_NONE;
    *out_ends = FALSE;
    return cover_segment (segment, other);
}

/* A pattern of literals is one path. */
static gboolean
is_static (const Pattern *pattern)
{
    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        if (pattern_get_segment (pattern, i)->kind != PATTERN_LITERAL)
            return FALSE;
    }
    return TRUE;
}

PatternCover
pattern_cover (const Pattern *pattern, const Pattern *other)
{
    PatternCover all = PATTERN_COVERS_ALL;
    gboolean ends = FALSE;

    if (is_static (other)) {
        g_autofree char *path = pattern_dup_sample (other);

        return pattern_match (pattern, h3_view_of (path), NULL) ? PATTERN_COVERS_ALL
                                                                : PATTERN_COVERS_NONE;
    }
    for (guint i = 0; !ends; i++)
        all = MIN (all, cover_next (get_segment (pattern, i), get_segment (other, i), &ends));
    return all;
}

char *
pattern_dup_sample (const Pattern *pattern)
{
    g_autoptr (GString) path = g_string_new (NULL);

    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        if (segment->kind == PATTERN_CONSTRAINED)
            return NULL;
        g_string_append_printf (path, "/%s",
                                segment->kind == PATTERN_LITERAL ? segment->text : "sample");
    }
    return g_string_free (g_steal_pointer (&path), FALSE);
}
