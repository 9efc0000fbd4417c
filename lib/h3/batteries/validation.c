/* SPDX-License-Identifier: MIT */

#include "validation.h"

#include "form.h"

#include <h3/format/json-writer.h>
#include <h3/format/json.h>
#include <h3/format/mime.h>
#include <h3/format/schema-fields.h>
#include <h3/format/schema-inside.h>
#include <h3/http/content.h>
#include <h3/http/event-inside.h>
#include <h3/http/failure-inside.h>

static const char checked_key[] = "h3 validation";

typedef struct {
    H3Schema *params; /* owned, as the others; NULL: not asked for */
    H3Schema *query;
    H3Schema *json;
    H3Schema *form;
    guint status;
    guint max_problems;
    gboolean allow_controls;
} Validation;

/* What of an event has been checked. */
typedef struct {
    json_t *params; /* owned, as the others */
    json_t *query;
    json_t *body;
    const char *errors;   /* borrowed: the arena; NULL: none */
    H3JsonWriter *writer; /* borrowed: the arena; NULL: no problem yet */
    guint n_problems;
} Checked;

static void
free_validation (gpointer data)
{
    Validation *validation = data;

    h3_schema_unref (validation->params);
    h3_schema_unref (validation->query);
    h3_schema_unref (validation->json);
    h3_schema_unref (validation->form);
    g_free (validation);
}

static void
clear_checked (gpointer data)
{
    Checked *checked = data;

    g_clear_pointer (&checked->params, json_decref);
    g_clear_pointer (&checked->query, json_decref);
    g_clear_pointer (&checked->body, json_decref);
}

/* What of several in one chain has been checked already is kept. */
static Checked *
ensure_checked (H3Event *event)
{
    Checked *checked = h3_event_get_data (event, checked_key);

    if (checked == NULL) {
        checked = h3_arena_new0 (event->arena, Checked);
        h3_event_set_data (event, checked_key, checked, clear_checked);
    }
    return checked;
}

static void
write_problems (Checked *checked, H3Arena *arena, const char *part, const GPtrArray *problems)
{
    if (checked->writer == NULL) {
        checked->writer = h3_json_writer_new (arena);
        h3_json_writer_begin_array (checked->writer);
    }
    for (guint i = 0; i < problems->len; i++) {
        const H3SchemaProblem *problem = g_ptr_array_index (problems, i);

        h3_json_writer_begin_object (checked->writer);
        h3_json_writer_set_string (checked->writer, "in", part);
        h3_json_writer_set_string (checked->writer, "pointer", problem->pointer);
        h3_json_writer_set_string (checked->writer, "message", problem->message);
        h3_json_writer_end_object (checked->writer);
    }
    checked->n_problems += problems->len;
}

static void
check (const Validation *validation, H3Event *event, const char *part, const H3Schema *schema,
       const json_t *document)
{
    Checked *checked = ensure_checked (event);
    g_autoptr (GPtrArray) problems = NULL;

    if (checked->n_problems >= validation->max_problems)
        return;
    if (!(validation->allow_controls ? h3_schema_validate : schema_validate_request) (
            schema, document, validation->max_problems - checked->n_problems, &problems))
        write_problems (checked, event->arena, part, problems);
}

static void
check_params (const Validation *validation, H3Event *event)
{
    Checked *checked = ensure_checked (event);
    json_t *object = json_object ();

    for (guint i = 0; i < event->n_params; i++) {
        if (event->params[i].value != NULL)
            schema_fields_add (validation->params, object, event->params[i].name,
                               event->params[i].value);
    }
    g_clear_pointer (&checked->params, json_decref);
    checked->params = object;
    check (validation, event, "path", validation->params, object);
}

typedef struct {
    const H3Schema *schema; /* borrowed: the validation */
    json_t *object;         /* borrowed: what is checked */
} Fields;

static gboolean
add_field (const char *name, const char *value, gpointer user_data)
{
    Fields *fields = user_data;

    schema_fields_add (fields->schema, fields->object, name, value);
    return TRUE;
}

static void
check_query (const Validation *validation, H3Event *event)
{
    Checked *checked = ensure_checked (event);
    const H3Query *query = h3_event_get_query_table (event);
    Fields fields = { validation->query, json_object () };

    if (query != NULL)
        h3_query_foreach (query, add_field, &fields);
    schema_fields_add_defaults (validation->query, fields.object);
    g_clear_pointer (&checked->query, json_decref);
    checked->query = fields.object;
    check (validation, event, "query", validation->query, fields.object);
}

/* (transfer full) (nullable): NULL with `error`. */
static json_t *
read_form (const Validation *validation, H3Event *event, GError **error)
{
    H3Form *form = h3_event_get_form (event, error);
    const char *name, *value;
    json_t *object;

    if (form == NULL)
        return NULL;
    object = json_object ();
    for (guint i = 0; h3_form_get_field_at (form, i, &name, &value); i++)
        schema_fields_add (validation->form, object, name, value);
    schema_fields_add_defaults (validation->form, object);
    return object;
}

static gboolean
is_form (H3Event *event)
{
    H3View field = h3_request_get_header_view (&event->request, H3_VIEW ("Content-Type"));
    H3MediaType type;

    return h3_media_type_parse (field, &type)
           && (h3_media_type_matches (&type, "application/x-www-form-urlencoded")
               || h3_media_type_matches (&type, "multipart/form-data"));
}

/* FALSE with `error`: the body cannot be read. */
static gboolean
check_body (const Validation *validation, H3Event *event, GError **error)
{
    Checked *checked = ensure_checked (event);
    gboolean wants_form = validation->form != NULL && (validation->json == NULL || is_form (event));
    json_t *document =
        wants_form ? read_form (validation, event, error) : h3_event_parse_json (event, error);

    if (document == NULL)
        return FALSE;
    g_clear_pointer (&checked->body, json_decref);
    checked->body = document;
    check (validation, event, "body", wants_form ? validation->form : validation->json, document);
    return TRUE;
}

static void
refuse (const Validation *validation, H3Event *event, Checked *checked)
{
    H3View errors;

    h3_json_writer_end_array (checked->writer);
    errors = h3_json_writer_get_view (checked->writer);
    checked->errors = h3_arena_dup_view (event->arena, errors);
    failure_set_members (
        event, validation->status,
        h3_view_of (h3_arena_printf (event->arena, "\"errors\":%s", checked->errors)));
    h3_event_fail_status (event, validation->status, "The request is not as it must be.");
}

static void
validate (H3Event *event, gpointer user_data)
{
    const Validation *validation = user_data;
    g_autoptr (GError) error = NULL;
    Checked *checked;

    if (validation->params != NULL)
        check_params (validation, event);
    if (validation->query != NULL)
        check_query (validation, event);
    if ((validation->json != NULL || validation->form != NULL)
        && !check_body (validation, event, &error)) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    checked = ensure_checked (event);
    if (checked->n_problems > 0)
        refuse (validation, event, checked);
    else
        h3_event_next (event);
}

void
h3_validation_options_init (H3ValidationOptions *options)
{
    g_return_if_fail (options != NULL);
    *options = (H3ValidationOptions){ .status = 422, .max_problems = 20 };
}

static H3Schema *
ref_schema (H3Schema *schema)
{
    return schema != NULL ? h3_schema_ref (schema) : NULL;
}

H3Middleware *
h3_validation_new (const H3ValidationOptions *options)
{
    Validation *validation;
    H3Middleware *middleware;

    g_return_val_if_fail (options != NULL, NULL);
    g_return_val_if_fail (options->status >= 400 && options->status <= 499, NULL);
    g_return_val_if_fail (options->max_problems > 0, NULL);
    validation = g_new0 (Validation, 1);
    validation->params = ref_schema (options->params);
    validation->query = ref_schema (options->query);
    validation->json = ref_schema (options->json);
    validation->form = ref_schema (options->form);
    validation->status = options->status;
    validation->max_problems = options->max_problems;
    validation->allow_controls = options->allow_controls;
    middleware = h3_middleware_new (validate, validation, free_validation);
    h3_middleware_set_early (middleware, options->json == NULL && options->form == NULL);
    return middleware;
}

/* What was refused is not lent: it is not as it must be. */
static const Checked *
get_checked (H3Event *event)
{
    const Checked *checked = h3_event_get_data (event, checked_key);

    return checked != NULL && checked->n_problems == 0 ? checked : NULL;
}

json_t *
h3_event_get_valid_params (H3Event *event)
{
    const Checked *checked;

    g_return_val_if_fail (event != NULL, NULL);
    checked = get_checked (event);
    return checked != NULL ? checked->params : NULL;
}

json_t *
h3_event_get_valid_query (H3Event *event)
{
    const Checked *checked;

    g_return_val_if_fail (event != NULL, NULL);
    checked = get_checked (event);
    return checked != NULL ? checked->query : NULL;
}

json_t *
h3_event_get_valid_body (H3Event *event)
{
    const Checked *checked;

    g_return_val_if_fail (event != NULL, NULL);
    checked = get_checked (event);
    return checked != NULL ? checked->body : NULL;
}

static char *
to_text (const json_t *document)
{
    return document != NULL ? h3_json_to_text (document, H3_JSON_COMPACT) : NULL;
}

char *
h3_event_dup_valid_params_text (H3Event *event)
{
    return to_text (h3_event_get_valid_params (event));
}

char *
h3_event_dup_valid_query_text (H3Event *event)
{
    return to_text (h3_event_get_valid_query (event));
}

char *
h3_event_dup_valid_body_text (H3Event *event)
{
    return to_text (h3_event_get_valid_body (event));
}

const char *
h3_event_get_validation_errors (H3Event *event)
{
    const Checked *checked;

    g_return_val_if_fail (event != NULL, NULL);
    checked = h3_event_get_data (event, checked_key);
    return checked != NULL ? checked->errors : NULL;
}
