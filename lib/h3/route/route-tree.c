/* SPDX-License-Identifier: MIT */

#include "route-tree.h"

#include "route-tree-private.h"

static void
end_free (gpointer data)
{
    TreeEnd *end = data;

    g_free (end->methods);
    g_free (end->routes);
    g_free (end);
}

static void
node_free (gpointer data)
{
    TreeNode *node = data;

    g_free (node->label);
    g_free (node->keys);
    g_free (node->children);
    g_free (node->alternatives);
    g_free (node);
}

static TreeNode *
add_node (RouteTree *tree, H3View label)
{
    TreeNode *node = g_new0 (TreeNode, 1);

    node->label = h3_view_dup (label);
    node->n_label = (guint32) label.length;
    g_ptr_array_add (tree->nodes, node);
    return node;
}

RouteTree *
route_tree_new (void)
{
    RouteTree *tree = g_new0 (RouteTree, 1);

    tree->nodes = g_ptr_array_new_with_free_func (node_free);
    tree->ends = g_ptr_array_new_with_free_func (end_free);
    tree->root = add_node (tree, H3_VIEW_EMPTY);
    return tree;
}

void
route_tree_free (RouteTree *tree)
{
    if (tree == NULL)
        return;
    g_ptr_array_unref (tree->ends);
    g_ptr_array_unref (tree->nodes);
    g_free (tree);
}

const H3Route *
tree_end_get (const TreeEnd *end, guint method)
{
    for (guint i = 0; i < end->n_routes; i++) {
        if (end->methods[i] == method)
            return end->routes[i];
    }
    return NULL;
}

const H3Route *
tree_end_get_any (const TreeEnd *end)
{
    return end->any;
}

void
tree_end_add (TreeEnd *end, guint method, const H3Route *route)
{
    guint n = end->n_routes++;

    end->set |= METHOD_BIT (method);
    end->methods = g_renew (guint8, end->methods, n + 1);
    end->routes = g_renew (const H3Route *, end->routes, n + 1);
    end->methods[n] = (guint8) method;
    end->routes[n] = route;
}

void
tree_end_set_any (TreeEnd *end, const H3Route *route)
{
    end->any = route;
}

static void
add_child (TreeNode *parent, TreeNode *child)
{
    guint n = parent->n_children++;

    parent->keys = g_renew (guchar, parent->keys, n + 1);
    parent->children = g_renew (TreeNode *, parent->children, n + 1);
    parent->keys[n] = (guchar) child->label[0];
    parent->children[n] = child;
}

/* Puts a node into the edge to `child`, behind the first `length` bytes of its label. */
static TreeNode *
split_edge (RouteTree *tree, TreeNode *parent, TreeNode *child, guint32 length)
{
    TreeNode *middle = add_node (tree, h3_view (child->label, length));

    for (guint i = 0; i < parent->n_children; i++) {
        if (parent->children[i] == child)
            parent->children[i] = middle;
    }
    child->n_label -= length;
    memmove (child->label, child->label + length, child->n_label + 1);
    add_child (middle, child);
    return middle;
}

/* The node that stands behind `bytes`, seen from `node`. */
static TreeNode *
reach_literal (RouteTree *tree, TreeNode *node, H3View bytes)
{
    while (bytes.length > 0) {
        TreeNode *child = (TreeNode *) tree_node_find_child (node, bytes.data[0]);
        guint32 common = 0;

        if (child == NULL) {
            child = add_node (tree, bytes);
            add_child (node, child);
        }
        while (common < child->n_label && common < bytes.length
               && child->label[common] == bytes.data[common])
            common++;
        if (common < child->n_label)
            child = split_edge (tree, node, child, common);
        bytes = h3_view (bytes.data + common, bytes.length - common);
        node = child;
    }
    return node;
}

/* By kind; regexes by their text, so that the order of registration does not matter. */
static int
compare_segments (const PatternSegment *a, const PatternSegment *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->kind == PATTERN_CONSTRAINED ? strcmp (a->text, b->text) : 0;
}

/* The node behind `segment`, which begins at `node`. */
static TreeNode *
reach_alternative (RouteTree *tree, TreeNode *node, const PatternSegment *segment)
{
    guint i;

    for (i = 0; i < node->n_alternatives; i++) {
        int order = compare_segments (segment, node->alternatives[i].segment);

        if (order == 0)
            return node->alternatives[i].next;
        if (order < 0)
            break;
    }
    node->alternatives = g_renew (TreeAlternative, node->alternatives, node->n_alternatives + 1u);
    memmove (node->alternatives + i + 1, node->alternatives + i,
             (node->n_alternatives - i) * sizeof (TreeAlternative));
    node->n_alternatives++;
    node->alternatives[i] =
        (TreeAlternative){ segment->kind, segment, add_node (tree, H3_VIEW_EMPTY) };
    return node->alternatives[i].next;
}

/* The end of a pattern whose last segment is of kind `last` and leads to `node`. For what may be
 * absent, `before` is where the path ends without it, and `slash` where it ends with its slash. */
static TreeEnd *
reach_end (RouteTree *tree, PatternKind last, TreeNode *node, TreeNode *before, TreeNode *slash)
{
    TreeEnd *end = node->ends[END_EXACT];

    if (end != NULL)
        return end;
    end = g_new0 (TreeEnd, 1);
    g_ptr_array_add (tree->ends, end);
    node->ends[END_EXACT] = end;
    if (last == PATTERN_OPTIONAL)
        before->ends[END_ABSENT] = end;
    if (last == PATTERN_REST)
        before->ends[END_EMPTY] = slash->ends[END_EMPTY] = end;
    return end;
}

TreeEnd *
route_tree_reach (RouteTree *tree, const Pattern *pattern)
{
    g_autoptr (GString) literal = g_string_new (NULL);
    TreeNode *node = tree->root, *before = NULL, *slash = NULL;
    PatternKind last = PATTERN_LITERAL;

    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        last = segment->kind;
        if (last >= PATTERN_OPTIONAL)
            before = reach_literal (tree, node, h3_view (literal->str, literal->len));
        g_string_append_c (literal, '/');
        if (last == PATTERN_LITERAL) {
            g_string_append (literal, segment->text);
            continue;
        }
        slash = reach_literal (tree, node, h3_view (literal->str, literal->len));
        if (i == 0)
            before = slash; /* no path is shorter than "/" */
        node = reach_alternative (tree, slash, segment);
        g_string_truncate (literal, 0);
    }
    node = reach_literal (tree, node, h3_view (literal->str, literal->len));
    return reach_end (tree, last, node, before, slash);
}
