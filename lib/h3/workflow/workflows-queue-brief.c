/* SPDX-License-Identifier: MIT
 *
 * What is told of a run of which the store has nothing. */

#include "run-json.h"
#include "workflows-queue.h"

#include <h3/loop/clock.h>

static void
add_steps (GString *json, const H3Plan *plan)
{
    for (guint i = 0; i < plan->n_steps; i++) {
        StepRecord record = { .step = plan->steps[i].id, .exit_code = -1 };

        g_string_append (json, i > 0 ? ",{" : "{");
        run_json_add_step (json, &record);
        run_json_add_text (json, "stdout", "");
        run_json_add_text (json, "stderr", "");
        g_string_append_c (json, '}');
    }
}

GString *
workflows_queue_describe (const RunRecord *record, const H3Plan *plan, RunState state,
                          const char *why)
{
    GString *json = g_string_new ("{");

    run_json_add_text (json, "id", record->id);
    run_json_add_text (json, "workflow", record->workflow);
    run_json_add_text (json, "state", run_state_get_name (state));
    run_json_add_text (json, "error", why);
    run_json_add_time (json, "created", record->at);
    run_json_add_time (json, "started", 0);
    run_json_add_time (json, "ended", run_state_is_end (state) ? clock_get_real () : 0);
    run_json_add_raw (json, "input", record->input);
    run_json_add_raw (json, "steps", "[");
    if (plan != NULL)
        add_steps (json, plan);
    g_string_append (json, "]}");
    return json;
}
