/* SPDX-License-Identifier: MIT
 *
 * Answers made from templates. Any thread that holds the event. Since: 0.1 */

#pragma once

#include <h3/format/template.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * h3_event_send_template: (skip)
 * @event: the exchange
 * @templates: a set that is filled
 * @name: the template
 * @document: (transfer full) (nullable): its data, an object
 *
 * Answers with a page, as text/html where no type was set. What is missing in @document is written
 * as nothing. A page that cannot be made is a 500, whose reason the app's error handler sees. Its
 * twin for bindings is h3_event_send_template_text().
 *
 * Since: 0.1
 */
void h3_event_send_template (H3Event *event, const H3Templates *templates, const char *name,
                             json_t *document);

/**
 * h3_event_send_template_full: (skip)
 * @event: the exchange
 * @templates: a set that is filled
 * @name: the template
 * @data: (nullable): all that h3_templates_render() takes
 *
 * Answers with a page, as h3_event_send_template() does, which tells more.
 *
 * Since: 0.1
 */
void h3_event_send_template_full (H3Event *event, const H3Templates *templates, const char *name,
                                  const H3TemplateData *data);

/**
 * h3_event_send_template_text: (rename-to h3_event_send_template)
 * @event: the exchange
 * @templates: a set that is filled
 * @name: the template
 * @json: (nullable): its data: the text of a JSON object; %NULL: none
 *
 * Answers with a page, as h3_event_send_template() does. A text that is not JSON is a 500, too.
 *
 * Since: 0.1
 */
void h3_event_send_template_text (H3Event *event, const H3Templates *templates, const char *name,
                                  const char *json);

G_END_DECLS
