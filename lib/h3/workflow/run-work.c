/* SPDX-License-Identifier: MIT
 *
 * What each kind of step does: a program, a request, a function. */

#include "process-group.h"
#include "run-private.h"

#include <h3/base/character.h>
#include <h3/base/error.h>
#include <h3/format/json.h>

#include <string.h>

/* --- programs --- */

static void
on_process_output (RunStream stream, const char *text, gsize length, gpointer step)
{
    run_step_print (step, stream, text, length);
}

static void
on_process_end (const StepProcessEnd *end, gpointer data)
{
    RunStep *step = data;
    g_autofree char *error = NULL;

    step->process = NULL;
    step->exit_code = end->exit_code;
    step->signal = end->signal;
    if (end->complaint != NULL)
        error = g_strdup (end->complaint);
    else if (end->signal != 0)
        error = g_strdup_printf ("signal %d ended it (%s)", end->signal, strsignal (end->signal));
    else if (end->exit_code != 0)
        error = g_strdup_printf ("it ended with code %d", end->exit_code);
    run_step_attempt_over (step, error);
}

static const StepProcessListener process_listener = { on_process_output, on_process_end };

/* (transfer full) (nullable) */
static char **
resolve_arguments (RunStep *step, GError **error)
{
    g_auto (GStrv) argv = g_new0 (char *, step->plan->n_argv + 1);

    for (guint i = 0; i < step->plan->n_argv; i++) {
        argv[i] = plan_text_resolve (step->plan->argv[i], run_resolve, step->run, error);
        if (argv[i] == NULL)
            return NULL;
    }
    return g_steal_pointer (&argv);
}

/* (transfer full) (nullable): what the process has, the run's names, and what the plan says. */
static char **
resolve_environment (RunStep *step, GError **error)
{
    g_auto (GStrv) environment = g_strdupv (step->run->context->environment);

    environment = g_environ_setenv (g_steal_pointer (&environment), PROCESS_GROUP_VARIABLE,
                                    step->run->id, TRUE);
    environment =
        g_environ_setenv (g_steal_pointer (&environment), "H3_STEP_ID", step->plan->id, TRUE);
    for (guint i = 0; step->plan->env != NULL && i < step->plan->env->len; i++) {
        const PlanPair *pair = g_ptr_array_index (step->plan->env, i);
        g_autofree char *value = plan_text_resolve (pair->value, run_resolve, step->run, error);

        if (value == NULL)
            return NULL;
        environment = g_environ_setenv (g_steal_pointer (&environment), pair->name, value, TRUE);
    }
    return g_steal_pointer (&environment);
}

static gboolean
begin_program (RunStep *step, GError **error)
{
    g_auto (GStrv) argv = resolve_arguments (step, error);
    g_auto (GStrv) environment = argv != NULL ? resolve_environment (step, error) : NULL;
    g_autofree char *directory = NULL;
    StepProcessOrder order;

    if (environment == NULL)
        return FALSE;
    if (step->plan->directory != NULL) {
        directory = plan_text_resolve (step->plan->directory, run_resolve, step->run, error);
        if (directory == NULL)
            return FALSE;
    }
    order = (StepProcessOrder){ argv, environment, directory };
    step->process =
        step_process_start (step->run->context->loop, &order, &process_listener, step, error);
    if (step->process == NULL)
        return FALSE;
    step->group = step_process_get_group (step->process);
    step->group_start = step_process_get_start (step->process);
    return TRUE;
}

/* --- requests --- */

static void
on_http_output (const char *text, gsize length, gpointer step)
{
    run_step_print (step, RUN_STDOUT, text, length);
}

static void
on_http_end (guint status, const GError *error, gpointer data)
{
    RunStep *step = data;

    step->http = NULL;
    step->status = (int) status;
    run_step_attempt_over (step, error != NULL ? error->message : NULL);
}

static const StepHttpListener http_listener = { on_http_output, on_http_end };

static gboolean
is_method (const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (!character_is (*at, CHARACTER_TOKEN))
            return FALSE;
    }
    return name[0] != '\0' && strcmp (name, "CONNECT") != 0;
}

static gboolean
set_fields (RunStep *step, H3ClientRequest *request, GError **error)
{
    const PlanRequest *plan = step->plan->request;

    for (guint i = 0; plan->headers != NULL && i < plan->headers->len; i++) {
        const PlanPair *pair = g_ptr_array_index (plan->headers, i);
        g_autofree char *value = plan_text_resolve (pair->value, run_resolve, step->run, error);

        if (value == NULL)
            return FALSE;
        if (!h3_client_request_can_set_header (pair->name, value)) {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the field '%s' cannot be sent so",
                         pair->name);
            return FALSE;
        }
        (void) h3_client_request_add_header (request, pair->name, value);
    }
    return TRUE;
}

static gboolean
set_body (RunStep *step, H3ClientRequest *request, GError **error)
{
    const PlanRequest *plan = step->plan->request;
    g_autofree char *text = NULL;
    json_t *document;

    if (plan->body != NULL) {
        text = plan_text_resolve (plan->body, run_resolve, step->run, error);
        if (text != NULL)
            h3_client_request_set_body_text (request, NULL, text);
        return text != NULL;
    }
    if (plan->document == NULL)
        return TRUE;
    document = plan_document_resolve (plan->document, run_resolve, step->run, error);
    if (document != NULL)
        h3_client_request_set_body_json (request, document);
    return document != NULL;
}

/* (transfer full) (nullable) */
static H3ClientRequest *
make_request (RunStep *step, GError **error)
{
    const PlanRequest *plan = step->plan->request;
    g_autofree char *url = plan_text_resolve (plan->url, run_resolve, step->run, error);
    g_autofree char *method = NULL;
    g_autoptr (H3ClientRequest) request = NULL;

    if (url == NULL)
        return NULL;
    if (plan->method != NULL)
        method = plan_text_resolve (plan->method, run_resolve, step->run, error);
    else
        method = g_strdup (plan->body != NULL || plan->document != NULL ? "POST" : "GET");
    if (method == NULL)
        return NULL;
    if (!is_method (method)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "'%s' is no method of a request", method);
        return NULL;
    }
    request = h3_client_request_new (method, url, error);
    if (request == NULL || !set_body (step, request, error) || !set_fields (step, request, error))
        return NULL;
    /* The step's own time holds in place of the client's. */
    if (step->plan->timeout > 0) {
        h3_client_request_set_connect_timeout (request, 0);
        h3_client_request_set_first_byte_timeout (request, 0);
        h3_client_request_set_idle_timeout (request, 0);
    }
    return g_steal_pointer (&request);
}

static gboolean
begin_request (RunStep *step, GError **error)
{
    RunContext *context = step->run->context;
    g_autoptr (H3ClientRequest) request = make_request (step, error);
    StepHttpOrder order = { context->settings, request, step->plan->request };

    if (request == NULL)
        return FALSE;
    step->http = step_http_start (context->loop, &order, &http_listener, step);
    return TRUE;
}

/* --- functions --- */

static void
on_call_output (const char *text, gsize length, gpointer step)
{
    run_step_print (step, RUN_STDOUT, text, length);
}

static void
on_call_end (const GError *error, gpointer data)
{
    RunStep *step = data;

    step->call = NULL;
    run_step_attempt_over (step, error != NULL ? error->message : NULL);
}

static const StepCallListener call_listener = { on_call_output, on_call_end };

static gboolean
begin_call (RunStep *step, GError **error)
{
    RunContext *context = step->run->context;
    g_autoptr (StepFunction) function = context->find_function (step->plan->call, context->data);
    StepCallOrder order = { function, step->run->id,    step->plan->id,        step->attempt,
                            NULL,     step->run->input, step->plan->output_max };

    if (function == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no function '%s'",
                     step->plan->call);
        return FALSE;
    }
    if (step->plan->arguments != NULL) {
        order.arguments =
            plan_document_resolve (step->plan->arguments, run_resolve, step->run, error);
        if (order.arguments == NULL)
            return FALSE;
    }
    step->call = step_call_start (context->loop, context->offload, &order, &call_listener, step);
    return TRUE;
}

gboolean
run_work_begin (RunStep *step, GError **error)
{
    switch (step->plan->kind) {
    case PLAN_RUN:
        return begin_program (step, error);
    case PLAN_HTTP:
        return begin_request (step, error);
    case PLAN_CALL:
        return begin_call (step, error);
    case PLAN_PARALLEL:
        break;
    }
    g_assert_not_reached ();
}

void
run_work_end (RunStep *step)
{
    if (step->process != NULL)
        step_process_end (step->process);
    if (step->http != NULL)
        step_http_end (step->http);
    if (step->call != NULL)
        step_call_end (step->call);
}
