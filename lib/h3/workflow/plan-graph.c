/* SPDX-License-Identifier: MIT */

#include "plan-reading.h"

/* A step has two nodes here, its begin and its end, so that groups fit: a step's begin waits for
 * the ends of what it needs and for its group's begin, a group's end for its children's ends. */
#define BEGIN_OF(step) (2 * (step))
#define END_OF(step)   (2 * (step) + 1)
#define STEP_OF(node)  ((node) / 2)

typedef struct {
    guint to;
    gsize at; /* where it is asked for; NO_PLACE: it follows from the groups */
} Edge;

#define NO_PLACE G_MAXSIZE

/* Each edge may close one; nobody reads more of them. */
#define MAX_RINGS 100

typedef enum { NEW, OPEN, DONE } Mark;

typedef struct {
    PlanReading *reading; /* borrowed */
    GArray **edges;       /* owned; of Edge, each node's */
    Mark *marks;          /* owned; each node's */
    GArray *path;         /* owned; of Stop: the open ones, from the first */
    guint n_rings;
} Graph;

typedef struct {
    guint node;
    guint next; /* of its edges */
    gsize at;   /* of the edge that is being followed */
} Stop;

static void
add_edge (Graph *graph, guint from, guint to, gsize at)
{
    Edge edge = { to, at };

    g_array_append_val (graph->edges[from], edge);
}

static void
fill_in (Graph *graph)
{
    const GArray *steps = graph->reading->steps;
    const GArray *needs = graph->reading->needs;

    for (guint i = 0; i < 2 * steps->len; i++)
        graph->edges[i] = g_array_new (FALSE, FALSE, sizeof (Edge));
    for (guint i = 0; i < steps->len; i++) {
        guint parent = g_array_index (steps, PlanStep, i).parent;

        add_edge (graph, END_OF (i), BEGIN_OF (i), NO_PLACE);
        if (parent != PLAN_NONE) {
            add_edge (graph, BEGIN_OF (i), BEGIN_OF (parent), NO_PLACE);
            add_edge (graph, END_OF (parent), END_OF (i), NO_PLACE);
        }
    }
    for (guint i = 0; i < needs->len; i++) {
        const PlanNeed *need = &g_array_index (needs, PlanNeed, i);

        add_edge (graph, BEGIN_OF (need->step), END_OF (need->on), need->at);
    }
}

/* The ring is the path from `to` on. Each of its steps is named once, as a begin and an end follow
 * one another; it is told where it was closed last by somebody's hand. */
static void
tell_ring (Graph *graph, guint to)
{
    g_autoptr (GString) ring = g_string_new (NULL);
    guint first = graph->path->len, last = PLAN_NONE;
    gsize at = NO_PLACE;

    if (graph->n_rings++ >= MAX_RINGS)
        return;
    while (g_array_index (graph->path, Stop, first - 1).node != to)
        first--;
    for (guint i = first - 1; i < graph->path->len; i++) {
        const Stop *stop = &g_array_index (graph->path, Stop, i);
        guint step = STEP_OF (stop->node);

        if (stop->at != NO_PLACE)
            at = stop->at;
        if (step == last)
            continue;
        g_string_append_printf (ring, "%s%s", last == PLAN_NONE ? "" : " → ",
                                g_array_index (graph->reading->steps, PlanStep, step).id);
        last = step;
    }
    if (last != STEP_OF (to) || !strstr (ring->str, " → "))
        g_string_append_printf (ring, " → %s",
                                g_array_index (graph->reading->steps, PlanStep, STEP_OF (to)).id);
    plan_faults_add (graph->reading->faults, at, "these steps wait for one another: %s", ring->str);
}

static void
open_node (Graph *graph, guint node)
{
    Stop stop = { node, 0, NO_PLACE };

    graph->marks[node] = OPEN;
    g_array_append_val (graph->path, stop);
}

/* Follows one edge more of the last node of the path, or leaves that. */
static void
follow (Graph *graph)
{
    Stop *stop = &g_array_index (graph->path, Stop, graph->path->len - 1);
    const GArray *edges = graph->edges[stop->node];
    const Edge *edge;

    if (stop->next == edges->len) {
        graph->marks[stop->node] = DONE;
        g_array_set_size (graph->path, graph->path->len - 1);
        return;
    }
    edge = &g_array_index (edges, Edge, stop->next++);
    stop->at = edge->at;
    if (graph->marks[edge->to] == NEW)
        open_node (graph, edge->to);
    else if (graph->marks[edge->to] == OPEN)
        tell_ring (graph, edge->to);
}

static void
find_rings (PlanReading *reading)
{
    guint n = 2 * reading->steps->len;
    Graph graph = { reading, g_new (GArray *, n), g_new0 (Mark, n),
                    g_array_new (FALSE, FALSE, sizeof (Stop)), 0 };

    fill_in (&graph);
    for (guint i = 0; i < n; i++) {
        if (graph.marks[i] == NEW)
            open_node (&graph, i);
        while (graph.path->len > 0)
            follow (&graph);
    }
    for (guint i = 0; i < n; i++)
        g_array_unref (graph.edges[i]);
    g_free (graph.edges);
    g_free (graph.marks);
    g_array_unref (graph.path);
}

static gboolean
contains (const guint *indices, guint n, guint index)
{
    for (guint i = 0; i < n; i++)
        if (indices[i] == index)
            return TRUE;
    return FALSE;
}

static void
add_index (guint **indices, guint *n, guint index)
{
    if (contains (*indices, *n, index))
        return;
    *indices = g_renew (guint, *indices, *n + 1);
    (*indices)[(*n)++] = index;
}

void
plan_graph_finish (PlanReading *reading)
{
    find_rings (reading);
    for (guint i = 0; i < reading->needs->len; i++) {
        const PlanNeed *need = &g_array_index (reading->needs, PlanNeed, i);
        PlanStep *step = &g_array_index (reading->steps, PlanStep, need->step);

        add_index (&step->depends_on, &step->n_depends_on, need->on);
    }
    for (guint i = 0; i < reading->steps->len; i++) {
        guint parent = g_array_index (reading->steps, PlanStep, i).parent;
        PlanStep *group;

        if (parent == PLAN_NONE)
            continue;
        group = &g_array_index (reading->steps, PlanStep, parent);
        add_index (&group->children, &group->n_children, i);
    }
}
