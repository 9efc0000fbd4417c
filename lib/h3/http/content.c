/* SPDX-License-Identifier: MIT */

#include "content-private.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/format/mime.h>
#include <h3/http/failure.h>

#include <stdarg.h>

/* As many patterns as h3_event_require_content_type () takes. */
#define MAX_TYPES 16

EventContent *
content_ensure (H3Event *event)
{
    if (event->content == NULL)
        event->content = h3_arena_new0 (event->arena, EventContent);
    return event->content;
}

static const char *
describe (H3QueryError problem)
{
    switch (problem) {
    case H3_QUERY_TOO_MANY:
        return "has too many fields";
    case H3_QUERY_BAD_ESCAPE:
        return "has a malformed escape";
    default:
        return "has a control or is not UTF-8";
    }
}

static EventContent *
ensure_query (H3Event *event)
{
    EventContent *content = content_ensure (event);

    if (!content->has_query) {
        const H3Request *request = &event->request;
        H3View text = H3_VIEW_EMPTY;

        if (request->query != 0)
            text = h3_view (request->base + request->query, request->query_length);
        content->has_query = TRUE;
        content->query = h3_query_parse (event->arena, text, (guint) event->limits->query_fields,
                                         &content->query_problem);
    }
    return content;
}

const H3Query *
h3_event_get_query_table (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure_query (event)->query;
}

const char *
h3_event_get_query (H3Event *event, const char *name)
{
    const H3Query *query;

    g_return_val_if_fail (event != NULL && name != NULL, NULL);
    if (event->request.query == 0)
        return NULL;
    query = ensure_query (event)->query;
    return query != NULL ? h3_query_get (query, name) : NULL;
}

const char *const *
h3_event_get_query_values (H3Event *event, const char *name)
{
    static const char *const none[] = { NULL };
    const H3Query *query;

    g_return_val_if_fail (event != NULL && name != NULL, none);
    query = ensure_query (event)->query;
    if (query == NULL || h3_query_get (query, name) == NULL)
        return none;
    return (const char *const *) h3_query_get_all (query, name, event->arena);
}

gboolean
h3_event_parse_query (H3Event *event, GError **error)
{
    EventContent *content;

    g_return_val_if_fail (event != NULL, FALSE);
    content = ensure_query (event);
    if (content->query != NULL)
        return TRUE;
    g_propagate_error (error,
                       h3_http_error_new (400, "The query %s.", describe (content->query_problem)));
    return FALSE;
}

GError *
content_find_fault (H3Event *event)
{
    GError *error = NULL;

    if (event->request.query != 0 && !h3_event_parse_query (event, &error))
        return error;
    if (event->trusted != NULL && content_is_client_disputed (event))
        return h3_http_error_new (400, "Two proxies tell of different clients.");
    return NULL;
}

/* (nullable) (transfer full): why the request's body is of none of the types. */
static GError *
check_type (const H3Event *event, const char *const *types)
{
    H3View field = request_known (&event->request, KNOWN_CONTENT_TYPE);
    H3MediaType type;

    if (field.data == NULL)
        return h3_http_error_new (400, "A Content-Type is missing.");
    if (!h3_media_type_parse (field, &type))
        return h3_http_error_new (400, "The Content-Type is no media type.");
    for (; *types != NULL; types++) {
        if (h3_media_type_matches (&type, *types))
            return NULL;
    }
    return h3_http_error_new (415, "This media type is not taken here.");
}

gboolean
h3_event_require_content_types (H3Event *event, const char *const *types)
{
    GError *error;

    g_return_val_if_fail (event != NULL && types != NULL, FALSE);
    error = check_type (event, types);
    if (error != NULL)
        h3_event_fail (event, error);
    return error == NULL;
}

gboolean
h3_event_require_content_type (H3Event *event, const char *first, ...)
{
    const char *types[MAX_TYPES + 1] = { first };
    const char *type = first;
    va_list arguments;

    g_return_val_if_fail (event != NULL && first != NULL, FALSE);
    va_start (arguments, first);
    for (guint n = 1; type != NULL && n < MAX_TYPES; n++)
        types[n] = type = va_arg (arguments, const char *);
    va_end (arguments);
    return h3_event_require_content_types (event, types);
}

/* The whole body, of one of the types, and not empty. FALSE with an error. */
static gboolean
take_body (H3Event *event, const char *const *types, H3View *out_body, GError **error)
{
    GBytes *body = event->request.body;
    GError *problem = check_type (event, types);

    if (problem != NULL) {
        g_propagate_error (error, problem);
        return FALSE;
    }
    if (body == NULL && event->request.has_body) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "this route streams its body, which cannot be parsed as a whole");
        return FALSE;
    }
    *out_body = H3_VIEW_EMPTY;
    if (body != NULL)
        out_body->data = g_bytes_get_data (body, &out_body->length);
    if (out_body->data == NULL)
        out_body->data = "";
    return TRUE;
}

json_t *
h3_event_parse_json (H3Event *event, GError **error)
{
    static const char *const types[] = { "application/json", "*/*+json", NULL };
    g_autoptr (GError) problem = NULL;
    H3View body;
    json_t *document;

    g_return_val_if_fail (event != NULL, NULL);
    if (!take_body (event, types, &body, error))
        return NULL;
    document = h3_json_parse (body, (guint) event->limits->json_depth, &problem);
    if (document == NULL)
        g_propagate_error (error,
                           h3_http_error_new (400, "The body is no JSON: %s.", problem->message));
    return document;
}

char *
h3_event_parse_json_text (H3Event *event, GError **error)
{
    g_autoptr (json_t) document = h3_event_parse_json (event, error);
    const char *data;
    gsize length;

    if (document == NULL)
        return NULL;
    data = g_bytes_get_data (event->request.body, &length);
    return g_strndup (data, length);
}

const H3Query *
h3_event_parse_form (H3Event *event, GError **error)
{
    static const char *const types[] = { "application/x-www-form-urlencoded", NULL };
    EventContent *content;
    H3QueryError problem;
    H3View body;

    g_return_val_if_fail (event != NULL, NULL);
    content = content_ensure (event);
    if (content->form != NULL)
        return content->form;
    if (!take_body (event, types, &body, error))
        return NULL;
    content->form =
        h3_query_parse (event->arena, body, (guint) event->limits->query_fields, &problem);
    if (content->form == NULL)
        g_propagate_error (error, h3_http_error_new (400, "The form %s.", describe (problem)));
    return content->form;
}

const char *
h3_event_get_form_field (H3Event *event, const char *name)
{
    const H3Query *form;

    g_return_val_if_fail (event != NULL && name != NULL, NULL);
    form = h3_event_parse_form (event, NULL);
    return form != NULL ? h3_query_get (form, name) : NULL;
}
