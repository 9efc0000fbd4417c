/* SPDX-License-Identifier: MIT */

#include "run-routes-inside.h"

#include "plan-inside.h"
#include "workflows-inside.h"

#include <h3/format/json.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>

/* When a client is to try again that finds no room. */
#define RETRY_SECONDS "2"

/* A run that a client asked for, until it is kept: who hears of it can ask for it, also behind a
 * crash. */
typedef struct {
    H3Event *event;         /* ref */
    H3Workflows *workflows; /* borrowed: outlives the server */
    char *id;               /* owned */
} Starting;

static void
free_starting (gpointer data)
{
    Starting *starting = data;

    h3_event_unref (starting->event);
    g_free (starting->id);
    g_free (starting);
}

void
h3_workflows_handle_list (H3Event *event, gpointer workflows)
{
    g_auto (GStrv) names = h3_workflows_dup_names (workflows);
    json_t *list = json_array ();

    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr (H3Plan) plan = workflows_get_plan (workflows, names[i]);

        if (plan != NULL)
            json_array_append_new (list, plan_describe (plan));
    }
    h3_event_send_json (event, json_pack ("{s:o}", "workflows", list));
}

void
run_routes_fail_for_now (H3Event *event, const char *detail)
{
    (void) h3_response_set_header_always (h3_event_get_response (event), "Retry-After",
                                          RETRY_SECONDS);
    h3_event_fail_status (event, 503, detail);
}

static void
fail_start (H3Event *event, const GError *error)
{
    if (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND))
        h3_event_fail_status (event, 404, error->message);
    else if (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID))
        h3_event_fail_status (event, 400, error->message);
    else
        run_routes_fail_for_now (event, error->message);
}

/* Its path ends with /NAME/runs; runs are beside the names. */
static char *
dup_location (H3Event *event, const char *id)
{
    const char *path = h3_request_get_path (h3_event_get_request (event));
    gsize tail = strlen (h3_event_get_param (event, "name")) + strlen ("/runs");
    gsize length = strlen (path);

    return g_strdup_printf ("%.*s/runs/%s", (int) (length > tail ? length - tail - 1 : 0), path,
                            id);
}

/* It runs all the same where it cannot be kept, and what is asked of it is answered, as long as
 * this process lives. */
static void
answer_started (Starting *starting)
{
    g_autofree char *location = dup_location (starting->event, starting->id);

    h3_event_set_status (starting->event, 202);
    (void) h3_event_set_header (starting->event, "Location", location);
    h3_event_send_json (starting->event, json_pack ("{s:s, s:s}", "id", starting->id, "state",
                                                    run_state_get_name (RUN_PENDING)));
    free_starting (starting);
}

static void
on_shared (const RunDocument *document, const GError *error, gpointer data)
{
    (void) document;
    (void) error;
    answer_started (data);
}

/* What is shared was told before this question, so its answer comes behind it. */
static void
on_kept (const GError *error, gpointer data)
{
    Starting *starting = data;

    (void) error;
    if (workflows_is_shared (starting->workflows))
        workflows_ask_run (starting->workflows, starting->id, on_shared, starting, free_starting);
    else
        answer_started (starting);
}

/* FALSE: it was answered. */
static gboolean
read_input (H3Event *event, char **out_input)
{
    GError *error = NULL;
    GBytes *body = h3_request_get_body (h3_event_get_request (event));

    *out_input = NULL;
    if (body == NULL || g_bytes_get_size (body) == 0)
        return TRUE;
    *out_input = h3_event_parse_json_text (event, &error);
    if (*out_input == NULL)
        h3_event_fail (event, error);
    return *out_input != NULL;
}

void
h3_workflows_handle_start (H3Event *event, gpointer workflows)
{
    const char *name = h3_event_get_param (event, "name");
    g_autoptr (H3Plan) plan = workflows_get_plan (workflows, name);
    g_autoptr (GError) error = NULL;
    g_autofree char *input = NULL;
    RunStore *store = workflows_get_store (workflows);
    Starting *starting;
    char *id;

    if (plan != NULL && !plan->by_http) {
        h3_event_fail_status (event, 403, "This workflow is not started over HTTP.");
        return;
    }
    if (store == NULL) {
        run_routes_fail_for_now (event, "Workflows have not been started, or were stopped.");
        return;
    }
    if (!read_input (event, &input))
        return;
    id = h3_workflows_start_run (workflows, name, input, &error);
    if (id == NULL) {
        fail_start (event, error);
        return;
    }
    starting = g_new (Starting, 1);
    starting->event = h3_event_defer (event);
    starting->workflows = workflows;
    starting->id = id;
    run_store_ask_kept (store, on_kept, starting, free_starting);
}
