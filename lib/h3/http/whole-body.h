/* SPDX-License-Identifier: MIT
 *
 * A body gathered for handlers that want it whole, once those before them have let the request
 * pass. The event's worker. */

#pragma once

#include <h3/http/event-inside.h>

G_BEGIN_DECLS

/* Reads the body of a request that has one, up to event->body_bound, makes it the request's and
 * runs the rest of the chain. Where that cannot be `on_failed` hears of it, who may look and not
 * answer, and the event fails: 413, 408 and the like. */
void event_gather_body (H3Event *event, H3Handler on_failed, gpointer user_data);

G_END_DECLS
