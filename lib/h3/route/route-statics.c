/* SPDX-License-Identifier: MIT */

#include "route-statics.h"

#include "route-segment.h"
#include "route-tree-private.h"

typedef struct {
    SegmentKey key;     /* of the whole path, as if it were a segment */
    char *path;         /* owned; NULL: free */
    const TreeEnd *end; /* borrowed: the tree's */
} Static;

/* Open addressing, half full at most: a search ends at the first free place. */
struct _RouteStatics {
    Static *places; /* owned */
    gsize mask;     /* of a hash; one less than there are places */
    guint8 *hints;  /* owned; bits: some path is as long and ends like this */
    gsize n_hints;  /* a power of two */
    gsize longest;  /* of the paths */
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

void
route_statics_add (RouteStatics *statics, const Pattern *pattern, const TreeEnd *end)
{
    g_autoptr (GString) text = g_string_new (NULL);
    H3View path;
    gsize hint;
    SegmentKey key;
    Static *place;

    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        if (segment->kind != PATTERN_LITERAL)
            return;
        g_string_append_c (text, '/');
        g_string_append (text, segment->text);
    }
    path = h3_view (text->str, text->len);
    hint = find_hint (statics, path);
    key = segment_key (path);
    place = find_place (statics, &key, path);
    if (place->path != NULL)
        return;
    *place = (Static){ key, h3_view_dup (path), end };
    statics->hints[hint / 8] |= (guint8) (1 << hint % 8);
    statics->longest = MAX (statics->longest, path.length);
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
    return place->path != NULL ? tree_end_pick (place->end, method) : NULL;
}
