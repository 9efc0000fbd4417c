/* SPDX-License-Identifier: MIT */

#include "route-statics.h"

#include "route-segment.h"
#include "route-tree-private.h"

/* A path, or the stem of paths that go on with one parameter, up to its slash, or both. */
typedef struct {
    SegmentKey key;       /* of all of it, as if it were a segment */
    char *path;           /* owned; NULL: free */
    const TreeEnd *end;   /* borrowed: the tree's; NULL: no path */
    const TreeEnd *param; /* borrowed: the tree's, behind the parameter; NULL: no stem */
    const TreeNode *node; /* borrowed: the tree's, in front of it */
} Static;

/* Open addressing, half full at most: a search ends at the first free place. */
struct _RouteStatics {
    Static *places; /* owned */
    gsize mask;     /* of a hash; one less than there are places */
    guint8 *hints;  /* owned; bits: some path is as long and ends like this */
    gsize n_hints;  /* a power of two */
    gsize longest;  /* of the paths and stems */
};

/* Length and last byte tell most paths with parameters from those without: no need to hash. */
static inline gsize
find_hint (const RouteStatics *statics, H3View path)
{
    return (path.length * 29 + (guchar) path.data[path.length - 1]) & (statics->n_hints - 1);
}

/* Where `path` is, or would be. */
static inline Static *
find_place (const RouteStatics *statics, const SegmentKey *key, H3View path)
{
    gsize at = segment_hash (key);
    Static *place = &statics->places[at & statics->mask];

    while (place->path != NULL && !segment_equal (&place->key, place->path, key, path.data))
        place = &statics->places[++at & statics->mask];
    return place;
}

RouteStatics *
route_statics_new (guint n)
{
    RouteStatics *statics = g_new0 (RouteStatics, 1);
    gsize n_places = 2;

    while (n_places < 2 * (gsize) n + 1)
        n_places *= 2;
    statics->places = g_new0 (Static, n_places);
    statics->mask = n_places - 1;
    statics->n_hints = MAX (64, 8 * n_places);
    statics->hints = g_new0 (guint8, statics->n_hints / 8);
    return statics;
}

void
route_statics_free (RouteStatics *statics)
{
    if (statics == NULL)
        return;
    for (gsize i = 0; i <= statics->mask; i++)
        g_free (statics->places[i].path);
    g_free (statics->places);
    g_free (statics->hints);
    g_free (statics);
}

/* The literals of `pattern` up to the first segment that is none, each behind a slash. */
static char *
dup_literals (const Pattern *pattern, guint *out_n)
{
    GString *text = g_string_new (NULL);
    guint i;

    for (i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        if (segment->kind != PATTERN_LITERAL)
            break;
        g_string_append_c (text, '/');
        g_string_append (text, segment->text);
    }
    *out_n = i;
    return g_string_free (text, FALSE);
}

/* Where the tree is behind the first `n` segments of `pattern`, all literals. */
static const TreeNode *
find_node (const RouteTree *tree, const Pattern *pattern, guint n)
{
    const TreeNode *node = tree->root;

    for (guint i = 0; i < n; i++) {
        const char *text = pattern_get_segment (pattern, i)->text;
        SegmentKey key = segment_key (h3_view_of (text));

        node = tree_node_find_place (node, &key, text)->next;
    }
    return node;
}

static Static *
add_place (RouteStatics *statics, H3View path)
{
    SegmentKey key = segment_key (path);
    Static *place = find_place (statics, &key, path);

    if (place->path == NULL)
        *place = (Static){ .key = key, .path = h3_view_dup (path) };
    statics->longest = MAX (statics->longest, path.length);
    return place;
}

/* Only where nothing but a literal is tried before the parameter. */
static void
add_stem (RouteStatics *statics, const char *literals, const TreeNode *node, const TreeEnd *end)
{
    g_autofree char *stem = g_strconcat (literals, "/", NULL);
    PatternKind first = node->alternatives->kind;
    Static *place;

    if ((first != PATTERN_PARAMETER && first != PATTERN_WILDCARD)
        || node->alternatives->next->ends[END_EXACT] != end)
        return;
    place = add_place (statics, h3_view_of (stem));
    place->param = end;
    place->node = node;
}

void
route_statics_add (RouteStatics *statics, const RouteTree *tree, const Pattern *pattern,
                   const TreeEnd *end)
{
    guint n_segments = pattern_count_segments (pattern);
    guint n_literals;
    g_autofree char *literals = dup_literals (pattern, &n_literals);

    if (n_literals == n_segments) {
        H3View path = h3_view_of (literals);
        gsize hint = find_hint (statics, path);

        add_place (statics, path)->end = end;
        statics->hints[hint / 8] |= (guint8) (1 << hint % 8);
    } else if (n_literals == n_segments - 1) {
        add_stem (statics, literals, find_node (tree, pattern, n_literals), end);
    }
}

const H3Route *
route_statics_find (const RouteStatics *statics, guint method, H3View path)
{
    const Static *place;
    SegmentKey key;
    gsize hint;

    if (path.length > statics->longest || path.length == 0)
        return NULL;
    hint = find_hint (statics, path);
    if ((statics->hints[hint / 8] >> hint % 8 & 1) == 0)
        return NULL;
    key = segment_key (path);
    place = find_place (statics, &key, path);
    return place->path != NULL && place->end != NULL ? tree_end_pick (place->end, method) : NULL;
}

/* Whether the segment from `at` to the path's end is a literal at `node`, which goes first. */
static inline gboolean
is_literal (const TreeNode *node, H3View path, gsize at)
{
    SegmentKey key;

    if (node->n_literals == 0)
        return FALSE;
    key = segment_read (path, at);
    return tree_node_find_place (node, &key, path.data + at)->next != NULL;
}

const H3Route *
route_statics_find_stem (const RouteStatics *statics, guint method, H3View path, gsize *out_at)
{
    gsize at = path.length;
    const Static *place;
    H3View stem;
    SegmentKey key;

    while (at > 0 && path.data[at - 1] != '/')
        at--;
    if (at == path.length || at == 0 || at > statics->longest || path.length > G_MAXINT32)
        return NULL;
    stem = h3_view (path.data, at);
    key = segment_key (stem);
    place = find_place (statics, &key, stem);
    if (place->path == NULL || place->param == NULL || is_literal (place->node, path, at))
        return NULL;
    *out_at = at;
    return tree_end_pick (place->param, method);
}
