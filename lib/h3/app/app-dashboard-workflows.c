/* SPDX-License-Identifier: MIT
 *
 * The panel of workflows: what runs, what ran last, and each plan as a graph. */

#include "app-dashboard.h"

#include <h3/workflow/workflows-inside.h>

#include <jansson.h>
#include <stdlib.h>

/* A panel has its bound, and the runs want some of it: of programs with many plans the first are
 * drawn, and none that is larger than what is left. */
#define MAX_GRAPHS      8
#define MAX_GRAPH_BYTES (H3_DASHBOARD_PANEL_MAX / 2)

static void
add_edge (json_t *edges, const json_t *from, const json_t *to)
{
    json_array_append_new (edges, json_pack ("[O, O]", from, to));
}

/* A step stands behind those it depends on, and behind the group it is of. */
static void
add_step (json_t *nodes, json_t *edges, const json_t *step)
{
    json_t *id = json_object_get (step, "id"), *group = json_object_get (step, "group");
    gsize i;
    json_t *before;

    json_array_append_new (nodes, json_pack ("{s:O}", "id", id));
    json_array_foreach (json_object_get (step, "depends_on"), i, before)
        add_edge (edges, before, id);
    if (group != NULL)
        add_edge (edges, group, id);
}

/* Of its last run. (nullable) */
static json_t *
find_state (const json_t *runs, const json_t *name)
{
    gsize i;
    json_t *run;

    json_array_foreach (runs, i, run)
    {
        if (json_equal (json_object_get (run, "workflow"), name))
            return json_object_get (run, "state");
    }
    return NULL;
}

static json_t *
make_graph (const json_t *plan, const json_t *runs)
{
    json_t *name = json_object_get (plan, "name"), *state = find_state (runs, name);
    json_t *nodes = json_array (), *edges = json_array (), *graph;
    gsize i;
    json_t *step;

    json_array_foreach (json_object_get (plan, "steps"), i, step) add_step (nodes, edges, step);
    graph = json_pack ("{s:O, s:o, s:o}", "title", name, "nodes", nodes, "edges", edges);
    if (state != NULL)
        json_object_set (graph, "state", state);
    return graph;
}

static json_t *
make_graphs (const json_t *plans, const json_t *runs)
{
    json_t *graphs = json_array (), *plan;
    gsize left = MAX_GRAPH_BYTES, i;

    json_array_foreach (plans, i, plan)
    {
        json_t *graph = make_graph (plan, runs);
        gsize size = json_dumpb (graph, NULL, 0, JSON_COMPACT);

        if (size > left || json_array_size (graphs) == MAX_GRAPHS) {
            json_decref (graph);
            continue;
        }
        left -= size;
        json_array_append_new (graphs, graph);
    }
    return graphs;
}

static json_t *
make_rows (const json_t *runs)
{
    json_t *rows = json_array ();
    gsize i;
    json_t *run;

    json_array_foreach (runs, i, run)
    {
        json_t *state = json_object_get (run, "state");

        json_array_append_new (
            rows, json_pack ("[O, O, {s:O, s:O}, {s:O, s:s}]", json_object_get (run, "workflow"),
                             json_object_get (run, "id"), "text", state, "state", state, "value",
                             json_object_get (run, "at"), "unit", "moment"));
    }
    return rows;
}

static json_t *
make_values (const json_t *now)
{
    json_t *values = json_pack ("[{s:s, s:O}, {s:s, s:O}, {s:s, s:O}]", "name", "Runs under way",
                                "value", json_object_get (now, "active"), "name", "Runs that wait",
                                "value", json_object_get (now, "waiting"), "name",
                                "Steps under way", "value", json_object_get (now, "steps"));
    const char *state;
    json_t *n;

    json_object_foreach (json_object_get (now, "ended"), state, n)
    {
        if (json_integer_value (n) > 0)
            json_array_append_new (
                values, json_pack ("{s:s, s:O, s:s}", "name", state, "value", n, "state", state));
    }
    return values;
}

static char *
describe_workflows (gpointer user_data)
{
    json_t *now = workflows_describe (user_data);
    json_t *runs = json_object_get (now, "runs"), *store = json_object_get (now, "store");
    json_t *panel;
    char *text, *copy;

    panel = json_pack ("{s:o, s:{s:[s, s, s, s], s:o}, s:o}", "values", make_values (now), "table",
                       "columns", "Workflow", "Run", "State", "At", "rows", make_rows (runs),
                       "graphs", make_graphs (json_object_get (now, "plans"), runs));
    if (json_is_string (store))
        json_object_set (panel, "problem", store);
    text = json_dumps (panel, JSON_COMPACT);
    copy = g_strdup (text);
    free (text);
    json_decref (panel);
    json_decref (now);
    return copy;
}

gboolean
h3_app_dashboard_add_workflows (H3Dashboard *dashboard, H3Workflows *workflows)
{
    g_return_val_if_fail (dashboard != NULL && H3_IS_WORKFLOWS (workflows), FALSE);
    return h3_dashboard_add_panel (dashboard, "workflows", "Workflows", describe_workflows,
                                   g_object_ref (workflows), g_object_unref);
}
