/* SPDX-License-Identifier: MIT */

#include "run-routes-inside.h"

#include "workflows-inside.h"

#include <h3/format/json.h>
#include <h3/http/answer.h>
#include <h3/http/content.h>
#include <h3/http/failure.h>

#define NO_SUCH_RUN "There is no such run."
#define NOT_STARTED "Workflows have not been started, or were stopped."

/* A question of a client's about runs, until it is answered. */
typedef struct {
    H3Event *event;         /* ref */
    H3Workflows *workflows; /* borrowed: outlives the server */
} Question;

static Question *
question_new (H3Event *event, H3Workflows *workflows)
{
    Question *question = g_new (Question, 1);

    question->event = h3_event_defer (event);
    question->workflows = workflows;
    return question;
}

static void
question_free (gpointer data)
{
    Question *question = data;

    h3_event_unref (question->event);
    g_free (question);
}

static void
send_document (H3Event *event, const RunDocument *document)
{
    (void) h3_event_set_cache_control (event, "no-store");
    h3_event_send_data (event, "application/json", document->json, document->length);
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    Question *question = data;

    if (document != NULL)
        send_document (question->event, document);
    else if (error != NULL)
        run_routes_fail_for_now (question->event, error->message);
    else
        h3_event_fail_status (question->event, 404, NO_SUCH_RUN);
    question_free (question);
}

/* `answer` is told how the run is. */
static void
ask_run (H3Event *event, H3Workflows *workflows, RunAnswer answer)
{
    if (workflows_get_store (workflows) == NULL)
        run_routes_fail_for_now (event, NOT_STARTED);
    else
        workflows_ask_run (workflows, h3_event_get_param (event, "id"), answer,
                           question_new (event, workflows), question_free);
}

void
h3_workflows_handle_run (H3Event *event, gpointer workflows)
{
    ask_run (event, workflows, on_document);
}

/* FALSE: it was answered. */
static gboolean
read_filter (H3Event *event, RunFilter *filter)
{
    const char *state = h3_event_get_query (event, "state");
    const char *limit = h3_event_get_query (event, "limit");
    guint64 number = 0;

    filter->workflow = h3_event_get_query (event, "workflow");
    filter->before = h3_event_get_query (event, "before");
    for (gint i = 0; state != NULL && filter->state < 0 && i < N_RUN_STATES; i++)
        if (strcmp (run_state_get_name ((RunState) i), state) == 0)
            filter->state = i;
    if (state != NULL && filter->state < 0) {
        h3_event_fail_status (event, 400,
                              "A run is pending, running, succeeded, failed, cancelled or "
                              "interrupted.");
        return FALSE;
    }
    if (limit != NULL && !g_ascii_string_to_unsigned (limit, 10, 1, 1000, &number, NULL)) {
        h3_event_fail_status (event, 400, "'limit' must be a number from 1 to 1000.");
        return FALSE;
    }
    filter->limit = (guint) number;
    return TRUE;
}

void
h3_workflows_handle_runs (H3Event *event, gpointer workflows)
{
    RunStore *store = workflows_get_store (workflows);
    RunFilter filter = { .state = -1 };

    if (store == NULL)
        run_routes_fail_for_now (event, NOT_STARTED);
    else if (read_filter (event, &filter))
        run_store_ask_runs (store, &filter, on_document, question_new (event, workflows),
                            question_free);
}

/* (transfer full): {"id", "state"} of a run's document. */
static json_t *
summarize (const RunDocument *document)
{
    g_autoptr (json_t) whole = json_loadb (document->json, document->length, 0, NULL);

    return json_pack ("{s:O, s:O}", "id", json_object_get (whole, "id"), "state",
                      json_object_get (whole, "state"));
}

/* How it was before: what has ended is shown, what has not is ended. */
static void
on_document_to_cancel (const RunDocument *document, const GError *error, gpointer data)
{
    Question *question = data;
    g_autoptr (json_t) summary = NULL;
    g_autoptr (GError) failure = NULL;

    if (document == NULL || document->has_ended) {
        on_document (document, error, data);
        return;
    }
    summary = summarize (document);
    if (!h3_workflows_cancel_run (question->workflows,
                                  json_string_value (json_object_get (summary, "id")), &failure)) {
        h3_event_fail_status (question->event,
                              g_error_matches (failure, H3_ERROR, H3_ERROR_NOT_FOUND) ? 404 : 503,
                              failure->message);
    } else {
        h3_event_set_status (question->event, 202);
        h3_event_send_json (question->event, g_steal_pointer (&summary));
    }
    question_free (question);
}

void
h3_workflows_handle_cancel (H3Event *event, gpointer workflows)
{
    ask_run (event, workflows, on_document_to_cancel);
}
