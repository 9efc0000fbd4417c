/* SPDX-License-Identifier: MIT
 *
 * What the tree is made of, for those that know: route-tree makes it, route-walk and
 * route-statics read it. */

#pragma once

#include <h3/route/methods.h>
#include <h3/route/pattern.h>
#include <h3/route/route-segment.h>
#include <h3/route/route-tree.h>

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

struct _TreeEnd {
    guint64 set; /* of the methods below */
    guint n_routes;
    guint8 *methods;        /* owned; `n_routes` */
    const H3Route **routes; /* owned array, borrowed routes: the router's */
    const H3Route *any;     /* borrowed: the router's; NULL for none */
};

/* Ways for a path to end at a node, the most specific first. */
enum {
    END_EXACT,
    END_ABSENT, /* without the optional parameter that could follow */
    END_EMPTY,  /* with nothing as the rest */
    N_ENDS
};

typedef struct _TreeNode TreeNode;

/* A pattern of a segment that is not a literal, and what comes behind it. */
typedef struct {
    PatternKind kind;
    const PatternSegment *segment; /* borrowed: a pattern of a route that the router owns */
    TreeNode *next;                /* borrowed: the tree's nodes */
} TreeAlternative;

/* A literal segment, and what comes behind it. */
typedef struct {
    SegmentKey key;
    char *text;     /* owned */
    TreeNode *next; /* borrowed: the tree's nodes; NULL: a free place */
} TreeLiteral;

/* Where a path is behind one of its segments. */
struct _TreeNode {
    guint32 n_literals;
    guint32 n_alternatives;
    TreeLiteral *literals;         /* owned; open addressing, half full at most; NULL for none */
    guint32 mask;                  /* of a hash; one less than there are places */
    TreeAlternative *alternatives; /* owned; the most specific first */
    TreeEnd *ends[N_ENDS];         /* borrowed: the tree's; NULL for none */
};

struct _RouteTree {
    TreeNode *root;   /* borrowed: nodes */
    GPtrArray *nodes; /* owned */
    GPtrArray *ends;  /* owned */
};

/* Where the literal `key`, which begins at `text`, is, or would be. There are places. */
static inline TreeLiteral *
tree_node_find_place (const TreeNode *node, const SegmentKey *key, const char *text)
{
    guint at = segment_hash (key);
    TreeLiteral *place = &node->literals[at & node->mask];

    while (place->next != NULL && !segment_equal (&place->key, place->text, key, text))
        place = &node->literals[++at & node->mask];
    return place;
}

/* The route at `end` that answers `method`: HEAD falls back on GET, all on any. */
static inline const H3Route *
tree_end_pick (const TreeEnd *end, guint method)
{
    if (end->set & METHOD_BIT (method))
        return end->n_routes == 1 ? end->routes[0] : tree_end_get (end, method);
    if (method == H3_METHOD_HEAD && (end->set & METHOD_BIT (H3_METHOD_GET)))
        return tree_end_get (end, H3_METHOD_GET);
    return end->any;
}

G_END_DECLS
