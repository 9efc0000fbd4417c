/* SPDX-License-Identifier: MIT
 *
 * What the tree is made of, for those that know: route-tree makes it, route-walk and
 * route-statics read it. */

#pragma once

#include <h3/route/methods.h>
#include <h3/route/pattern.h>
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

struct _TreeNode {
    guint32 n_label;
    guint16 n_children;
    guint16 n_alternatives;        /* not 0 only where a segment begins */
    char *label;                   /* owned; the bytes from the parent to here */
    guchar *keys;                  /* owned; the first byte of each child's label */
    TreeNode **children;           /* owned array, borrowed nodes: the tree's */
    TreeAlternative *alternatives; /* owned; the most specific first */
    TreeEnd *ends[N_ENDS];         /* borrowed: the tree's; NULL for none */
};

struct _RouteTree {
    TreeNode *root;   /* borrowed: nodes */
    GPtrArray *nodes; /* owned */
    GPtrArray *ends;  /* owned */
};

static inline const TreeNode *
tree_node_find_child (const TreeNode *node, char byte)
{
    const guchar *key;

    if (node->n_children == 1)
        return node->keys[0] == (guchar) byte ? node->children[0] : NULL;
    key = node->n_children > 0 ? memchr (node->keys, (guchar) byte, node->n_children) : NULL;
    return key != NULL ? node->children[key - node->keys] : NULL;
}

/* The route at `end` that answers `method`: HEAD falls back on GET, all on any. */
static inline const H3Route *
tree_end_pick (const TreeEnd *end, guint method)
{
    if (end->set & METHOD_BIT (method))
        return tree_end_get (end, method);
    if (method == H3_METHOD_HEAD && (end->set & METHOD_BIT (H3_METHOD_GET)))
        return tree_end_get (end, H3_METHOD_GET);
    return end->any;
}

G_END_DECLS
