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
    guint32 at;           /* of the segment, behind its slash */
    guint32 end;          /* of the segment */
    guint16 next;
    guint16 n_params;
} Choice;

typedef struct {
    H3View path; /* borrowed: the caller's */
    guint32 at;  /* of the slash in front of the next segment, or the end of the path */
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
            capture (walk, (guint32) walk->path.length, (guint32) walk->path.length);
        walk->match->route = route;
        walk->match->n_params = walk->n_params;
        return TRUE;
    }
    return FALSE;
}

/* Whether `alternative` takes the segment from `at` to `end`; then the walk is behind it. */
static inline gboolean
take (Walk *walk, const TreeAlternative *alternative, guint32 at, guint32 end)
{
    guint32 length = (guint32) walk->path.length;

    if (alternative->kind == PATTERN_REST)
        end = length;
    else if (end == at || (alternative->kind == PATTERN_OPTIONAL && end != length)
             || (alternative->kind == PATTERN_CONSTRAINED
                 && !pattern_segment_fits (alternative->segment,
                                           h3_view (walk->path.data + at, end - at))))
        return FALSE;
    capture (walk, at, end);
    walk->at = end;
    return TRUE;
}

/* Takes the next alternative at `choice` that fits; NULL when none is left. */
static const TreeNode *
take_alternative (Walk *walk, Choice *choice)
{
    while (choice->next < choice->node->n_alternatives) {
        const TreeAlternative *alternative = &choice->node->alternatives[choice->next++];

        walk->n_params = choice->n_params;
        if (take (walk, alternative, choice->at, choice->end))
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

/* On from `node` over the segment from `at` to `end`, which `literal` takes, if it is not NULL, and
 * some of the alternatives may. */
static const TreeNode *
choose (Walk *walk, const TreeNode *node, const TreeNode *literal, guint32 at, guint32 end)
{
    Choice *choice = &walk->choices[walk->n_choices];
    const TreeNode *next = literal;

    *choice = (Choice){ node, at, end, 0, (guint16) walk->n_params };
    if (literal != NULL)
        walk->at = end;
    else
        next = take_alternative (walk, choice);
    walk->n_choices += choice->next < node->n_alternatives;
    return next;
}

/* One segment on from `node`; NULL where nothing fits. A choice is kept only where something else
 * is left to try. */
static inline const TreeNode *
go_on (Walk *walk, const TreeNode *node)
{
    guint32 at = walk->at + 1, end;
    const TreeNode *literal = NULL;

    if (node->n_literals > 0) {
        SegmentKey key = segment_read (walk->path, at);

        literal = tree_node_find_place (node, &key, walk->path.data + at)->next;
        end = at + key.length;
    } else {
        end = (guint32) segment_find_end (walk->path, at);
    }
    if (node->n_alternatives == 0) {
        walk->at = end;
        return literal;
    }
    if (literal == NULL && node->n_alternatives == 1)
        return take (walk, node->alternatives, at, end) ? node->alternatives->next : NULL;
    return choose (walk, node, literal, at, end);
}

/* A node stands for one sequence of patterns and so is entered once at most: the walk is bounded
 * by the size of the tree, whatever the path. */
static gboolean
walk_tree (Walk *walk, const TreeNode *node)
{
    while (node != NULL) {
        if (walk->at < walk->path.length)
            node = go_on (walk, node);
        else if (finish (walk, node))
            return TRUE;
        else
            node = NULL;
        if (node == NULL)
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

/* Begins a walk; FALSE where no route could fit, as none does the target "*". Its choices stay
 * unset until used. */
static gboolean
begin_walk (Walk *walk, guint method, H3View path, RouterMatch *match)
{
    if (path.length > G_MAXINT32 || path.length == 0 || path.data[0] != '/'
        || has_too_many_segments (path))
        return FALSE;
    walk->path = path;
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
