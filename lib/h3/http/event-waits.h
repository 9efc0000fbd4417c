/* SPDX-License-Identifier: MIT
 *
 * What an event does after a time: the waits of h3_event_after (). Its worker only. */

#pragma once

#include <h3/http/event-inside.h>

G_BEGIN_DECLS

/* All are due at the loop's next turn. */
void event_waits_hasten (H3Event *event);

/* h3_event_after () for ever: calls `function` once, never inline, when the cancellable fires. */
void event_wait_for_cancel (H3Event *event, H3Handler function, gpointer user_data,
                            GDestroyNotify destroy);

/* None will ever be due. */
void event_waits_drop (H3Event *event);

G_END_DECLS
