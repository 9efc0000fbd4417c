/* SPDX-License-Identifier: MIT */

#include "route-walk.h"

#include "route-tree-private.h"

#define METHODS_OF_ANY                                                                             \
    (METHOD_BIT (H3_METHOD_GET) | METHOD_BIT (H3_METHOD_HEAD) | METHOD_BIT (H3_METHOD_POST)        \
     | METHOD_BIT (H3_METHOD_PUT) | METHOD_BIT (H3_METHOD_DELETE) | METHOD_BIT (H3_METHOD_PATCH)   \
     | METHOD_BIT (H3_METHOD_OPTIONS) | METHOD_BIT (H3_METHOD_QUERY))

/* Asks for no route, so that a walk goes through all that fit. */
#define METHOD_NONE METHODS_MAX_OF_ROUTER

/* Where other alternatives are left to try. A path has one at most for each of its segments. */
typedef struct {
    const TreeNode *node; /* borrowed: the tree's */
    guint32 at;
    guint32 end; /* of the segment; 0 until known */
    guint16 next;
    guint16 n_params;
} Choice;

typedef struct {
    const char *path; /* borrowed: the caller's */
    guint32 length;
    guint32 at;
    guint method;
    guint n_choices;
    guint n_params;
    guint64 allowed;
    RouterMatch *match; /* borrowed: the caller's */
    Choice choices[PATTERN_MAX_SEGMENTS];
} Walk;

static guint64
get_allowed (const TreeEnd *end)
{
    guint64 set = end->set;

    if (set & METHOD_BIT (H3_METHOD_GET))
        set |= METHOD_BIT (H3_METHOD_HEAD);
    if (end->any != NULL)
        set |= METHODS_OF_ANY;
    return set;
}

static inline void
capture (Walk *walk, guint32 from, guint32 to)
{
    walk->match->params[walk->n_params].offset = from;
    walk->match->params[walk->n_params].length = to - from;
    walk->n_params++;
}

/* The path ends at `node`: whether there is a route for it. */
static gboolean
finish (Walk *walk, const TreeNode *node)
{
    for (guint i = 0; i < N_ENDS; i++) {
        const TreeEnd *end = node->ends[i];
        const H3Route *route;

        if (end == NULL)
            continue;
        route = walk->method != METHOD_NONE ? tree_end_pick (end, walk->method) : NULL;
        if (route == NULL) {
            walk->allowed |= get_allowed (end);
            continue;
        }
        if (i != END_EXACT)
            capture (walk, walk->length, walk->length);
        walk->match->route = route;
        walk->match->n_params = walk->n_params;
        return TRUE;
    }
    return FALSE;
}

/* Where the segment that begins at `at` ends. */
static inline guint32
find_segment_end (const Walk *walk, guint32 at)
{
    while (at < walk->length && walk->path[at] != '/')
        at++;
    return at;
}

/* Takes the next alternative at `choice` that fits; NULL when none is left. */
static const TreeNode *
take_alternative (Walk *walk, Choice *choice)
{
    while (choice->next < choice->node->n_alternatives) {
        const TreeAlternative *alternative = &choice->node->alternatives[choice->next++];
        H3View raw = h3_view (walk->path + choice->at, choice->end - choice->at);

        if (alternative->kind == PATTERN_REST)
            raw.length = walk->length - choice->at;
        else if (raw.length == 0
                 || (alternative->kind == PATTERN_OPTIONAL && choice->end != walk->length)
                 || (alternative->kind == PATTERN_CONSTRAINED
                     && !pattern_segment_fits (alternative->segment, raw)))
            continue;
        walk->n_params = choice->n_params;
        walk->at = choice->at + (guint32) raw.length;
        capture (walk, choice->at, walk->at);
        return alternative->next;
    }
    return NULL;
}

/* Goes back to the last choice with something left to try. */
static const TreeNode *
turn_back (Walk *walk)
{
    while (walk->n_choices > 0) {
        const TreeNode *node = take_alternative (walk, &walk->choices[walk->n_choices - 1]);

        if (node != NULL)
            return node;
        walk->n_choices--;
    }
    return NULL;
}

/* Goes on below `node`, whose label has been read, with at least a byte of the path left. */
static inline const TreeNode *
go_on (Walk *walk, const TreeNode *node)
{
    const TreeNode *child = tree_node_find_child (node, walk->path[walk->at]);

    if (node->n_alternatives > 0) {
        Choice *choice = &walk->choices[walk->n_choices++];

        choice->node = node;
        choice->at = walk->at;
        choice->end = find_segment_end (walk, walk->at);
        choice->next = 0;
        choice->n_params = (guint16) walk->n_params;
    }
    return child != NULL ? child : turn_back (walk);
}

/* A node stands for one sequence of patterns and so is entered once at most: the walk is bounded
 * by the size of the tree, whatever the path. */
static gboolean
walk_tree (Walk *walk, const TreeNode *node)
{
    while (node != NULL) {
        if (walk->length - walk->at < node->n_label
            || memcmp (walk->path + walk->at, node->label, node->n_label) != 0) {
            node = turn_back (walk);
            continue;
        }
        walk->at += node->n_label;
        if (walk->at < walk->length) {
            node = go_on (walk, node);
            continue;
        }
        if (finish (walk, node))
            return TRUE;
        node = turn_back (walk);
    }
    return FALSE;
}

/* Only a long path can have too many segments, so that others need not be counted. */
static gboolean
has_too_many_segments (H3View path)
{
    guint n_slashes = 0;

    if (path.length <= PATTERN_MAX_SEGMENTS)
        return FALSE;
    for (gsize i = 0; i < path.length; i++)
        n_slashes += path.data[i] == '/';
    return n_slashes > PATTERN_MAX_SEGMENTS;
}

/* Begins a walk; FALSE where no route could fit. Its choices stay unset until used. */
static gboolean
begin_walk (Walk *walk, guint method, H3View path, RouterMatch *match)
{
    if (path.length > G_MAXINT32 || has_too_many_segments (path))
        return FALSE;
    walk->path = path.data;
    walk->length = (guint32) path.length;
    walk->at = walk->n_choices = walk->n_params = 0;
    walk->method = method;
    walk->allowed = 0;
    walk->match = match;
    return TRUE;
}

gboolean
route_walk_match (const RouteTree *tree, guint method, H3View path, RouterMatch *out_match,
                  guint64 *out_allowed)
{
    Walk walk;

    *out_allowed = 0;
    if (!begin_walk (&walk, method, path, out_match))
        return FALSE;
    if (walk_tree (&walk, tree->root))
        return TRUE;
    *out_allowed = walk.allowed;
    return FALSE;
}

guint64
route_walk_get_allowed (const RouteTree *tree, H3View path)
{
    RouterMatch match;
    Walk walk;

    if (!begin_walk (&walk, METHOD_NONE, path, &match))
        return 0;
    (void) walk_tree (&walk, tree->root);
    return walk.allowed;
}
