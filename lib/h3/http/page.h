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
 * as nothing. A page that cannot be made is a 500, whose reason the app's error handler sees.
 */
void h3_event_send_template (H3Event *event, const H3Templates *templates, const char *name,
                             json_t *document);

/* (skip) The same with all that h3_templates_render () takes; `data` is (nullable). */
void h3_event_send_template_full (H3Event *event, const H3Templates *templates, const char *name,
                                  const H3TemplateData *data);

G_END_DECLS
