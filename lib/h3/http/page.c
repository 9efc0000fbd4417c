/* SPDX-License-Identifier: MIT */

#include "page.h"

#include <h3/format/json.h>
#include <h3/http/event-flow.h>

void
h3_event_send_template_full (H3Event *event, const H3Templates *templates, const char *name,
                             const H3TemplateData *data)
{
    g_autoptr (GString) page = NULL;
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;

    g_return_if_fail (event != NULL && templates != NULL && name != NULL);
    page = g_string_new (NULL);
    if (!h3_templates_render (templates, name, data, page, &error)) {
        h3_event_fail (event, g_steal_pointer (&error));
        return;
    }
    if (!event_claim (event))
        return;
    bytes = g_string_free_to_bytes (g_steal_pointer (&page));
    response_set_type_literal (&event->response, "text/html; charset=utf-8");
    h3_response_set_body_bytes (&event->response, bytes);
    event_answer (event);
}

void
h3_event_send_template (H3Event *event, const H3Templates *templates, const char *name,
                        json_t *document)
{
    g_autoptr (json_t) owned = document;
    H3TemplateData data = { .document = owned };

    h3_event_send_template_full (event, templates, name, &data);
}

void
h3_event_send_template_text (H3Event *event, const H3Templates *templates, const char *name,
                             const char *json)
{
    g_autoptr (GError) error = NULL;
    json_t *document = NULL;

    g_return_if_fail (event != NULL && templates != NULL && name != NULL);
    if (json != NULL)
        document = h3_json_parse (h3_view_of (json), H3_JSON_MAX_DEPTH, &error);
    if (error != NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        h3_event_send_template (event, templates, name, document);
}
