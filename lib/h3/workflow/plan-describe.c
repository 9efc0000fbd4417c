/* SPDX-License-Identifier: MIT */

#include "plan-inside.h"

#include <h3/format/json.h>

static json_t *
describe_step (const H3Plan *plan, const PlanStep *step)
{
    static const char *const kinds[] = { "run", "http", "call", "parallel" };
    json_t *depends_on = json_array ();
    json_t *document;

    for (guint i = 0; i < step->n_depends_on; i++)
        json_array_append_new (depends_on, json_string (plan->steps[step->depends_on[i]].id));
    document = json_pack ("{s:s, s:s, s:o}", "id", step->id, "kind", kinds[step->kind],
                          "depends_on", depends_on);
    if (step->parent != PLAN_NONE)
        json_object_set_new (document, "group", json_string (plan->steps[step->parent].id));
    return document;
}

json_t *
plan_describe (const H3Plan *plan)
{
    json_t *steps = json_array ();

    for (guint i = 0; i < plan->n_steps; i++)
        json_array_append_new (steps, describe_step (plan, &plan->steps[i]));
    return json_pack ("{s:s, s:s*, s:{s:b, s:b, s:b}, s:o}", "name", plan->name, "description",
                      plan->description, "trigger", "manual", plan->by_hand, "http", plan->by_http,
                      "schedule", plan->schedules->len > 0, "steps", steps);
}
