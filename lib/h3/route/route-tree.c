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

    for (guint i = 0; node->literals != NULL && i <= node->mask; i++)
        g_free (node->literals[i].text);
    g_free (node->literals);
    g_free (node->alternatives);
    g_free (node);
}

static TreeNode *
add_node (RouteTree *tree)
{
    TreeNode *node = g_new0 (TreeNode, 1);

    g_ptr_array_add (tree->nodes, node);
    return node;
}

RouteTree *
route_tree_new (void)
{
    RouteTree *tree = g_new0 (RouteTree, 1);

    tree->nodes = g_ptr_array_new_with_free_func (node_free);
    tree->ends = g_ptr_array_new_with_free_func (end_free);
    tree->root = add_node (tree);
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

/* Makes room for one literal more. */
static void
grow (TreeNode *node)
{
    TreeLiteral *old = node->literals;
    guint n_old = old != NULL ? node->mask + 1 : 0;

    if (2 * (node->n_literals + 1) <= n_old)
        return;
    node->mask = MAX (4, 2 * n_old) - 1;
    node->literals = g_new0 (TreeLiteral, node->mask + 1);
    for (guint i = 0; i < n_old; i++) {
        if (old[i].next != NULL)
            *tree_node_find_place (node, &old[i].key, old[i].text) = old[i];
    }
    g_free (old);
}

/* The node behind the literal `text`, seen from `node`. */
static TreeNode *
reach_literal (RouteTree *tree, TreeNode *node, const char *text)
{
    H3View view = h3_view_of (text);
    SegmentKey key = segment_key (view);
    TreeLiteral *place;

    grow (node);
    place = tree_node_find_place (node, &key, text);
    if (place->next == NULL) {
        *place = (TreeLiteral){ key, h3_view_dup (view), add_node (tree) };
        node->n_literals++;
    }
    return place->next;
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
    node->alternatives[i] = (TreeAlternative){ segment->kind, segment, add_node (tree) };
    return node->alternatives[i].next;
}

/* The end of a pattern whose last segment is of kind `last` and leads to `node`. For what may be
 * absent, `before` is where the path ends without it. */
static TreeEnd *
reach_end (RouteTree *tree, PatternKind last, TreeNode *node, TreeNode *before)
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
        before->ends[END_EMPTY] = end;
    return end;
}

TreeEnd *
route_tree_reach (RouteTree *tree, const Pattern *pattern)
{
    TreeNode *node = tree->root, *before = NULL;
    PatternKind last = PATTERN_LITERAL;

    for (guint i = 0; i < pattern_count_segments (pattern); i++) {
        const PatternSegment *segment = pattern_get_segment (pattern, i);

        last = segment->kind;
        if (last >= PATTERN_OPTIONAL) {
            /* No path is shorter than "/", whose one segment is empty. */
            before = i == 0 ? reach_literal (tree, node, "") : node;
        }
        node = last == PATTERN_LITERAL ? reach_literal (tree, node, segment->text)
                                       : reach_alternative (tree, node, segment);
    }
    return reach_end (tree, last, node, before);
}
