/* SPDX-License-Identifier: MIT
 *
 * How long the parts of an answer took, told to the client as Server-Timing (W3C), which browsers
 * show beside what they measured themselves. Whoever may read the answer reads it: tell nothing
 * that an outsider should not know. Any thread that holds the event. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * h3_event_add_timing:
 * @event: the exchange, whose head has not left
 * @name: a token, such as "db"; may be given several times
 * @milliseconds: finite and not negative; or negative: the metric has no duration ("cache-miss")
 * @description: (nullable): for people: ASCII without controls
 *
 * Adds a metric to Server-Timing of the answer. It stays when an error takes the answer's place.
 * Whoever may read the answer reads it. Any thread that holds the event.
 *
 * Returns: %FALSE, with a critical and nothing added, for a name, a number or a description that
 *   must not be sent
 *
 * Since: 0.1
 */
gboolean h3_event_add_timing (H3Event *event, const char *name, double milliseconds,
                              const char *description);

/**
 * h3_timing_start:
 *
 * Reads the monotonic clock, for h3_event_stop_timing(). Any thread.
 *
 * Returns: the moment, in microseconds
 *
 * Since: 0.1
 */
gint64 h3_timing_start (void);

/**
 * h3_event_stop_timing:
 * @event: the exchange, whose head has not left
 * @name: a token, such as "db"; may be given several times
 * @start: what h3_timing_start() gave
 * @description: (nullable): for people: ASCII without controls
 *
 * Adds a metric that lasted from @start to now, as h3_event_add_timing() does. Any thread that
 * holds the event.
 *
 * Returns: %FALSE as of h3_event_add_timing()
 *
 * Since: 0.1
 */
gboolean h3_event_stop_timing (H3Event *event, const char *name, gint64 start,
                               const char *description);

G_END_DECLS
