/* SPDX-License-Identifier: MIT */

#include "run-private.h"

#include <h3/base/error.h>
#include <h3/format/json.h>

#include <string.h>

/* As a shell's $(…): without the line feeds at its end. */
static char *
dup_printed (const RunStep *step, RunStream stream)
{
    const GString *kept = step->kept[stream];
    gsize length = kept != NULL ? kept->len : 0;

    while (length > 0 && kept->str[length - 1] == '\n')
        length--;
    return g_strndup (kept != NULL ? kept->str : "", length);
}

static char *
resolve_output (const Run *run, const PlanPiece *piece)
{
    const RunStep *step = &run->steps[piece->step];

    switch (piece->field) {
    case PLAN_STDOUT:
    case PLAN_BODY:
        return dup_printed (step, RUN_STDOUT);
    case PLAN_STDERR:
        return dup_printed (step, RUN_STDERR);
    case PLAN_EXIT_CODE:
        return g_strdup_printf ("%d", step->exit_code);
    case PLAN_STATUS:
        break;
    }
    return g_strdup_printf ("%d", step->status);
}

static char *
resolve_input (const Run *run, const char *path, GError **error)
{
    const json_t *value = run->input;

    if (value != NULL && path != NULL && path[0] != '\0')
        value = h3_json_get (run->input, path);
    if (value == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "the run's input has no '%s'",
                     path != NULL ? path : "");
        return NULL;
    }
    if (json_is_string (value))
        return g_strndup (json_string_value (value), json_string_length (value));
    return h3_json_to_text (value, H3_JSON_COMPACT);
}

static char *
resolve_environment (const Run *run, const char *name, GError **error)
{
    const char *value = g_environ_getenv (run->context->environment, name);

    if (value == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "the environment has no '%s'", name);
    return g_strdup (value);
}

char *
run_resolve (const PlanPiece *piece, gpointer data, GError **error)
{
    const Run *run = data;

    switch (piece->kind) {
    case PLAN_OUTPUT:
        return resolve_output (run, piece);
    case PLAN_INPUT:
        return resolve_input (run, piece->text, error);
    case PLAN_ENV:
        return resolve_environment (run, piece->text, error);
    case PLAN_LITERAL:
        break;
    }
    return g_strdup (piece->text);
}
