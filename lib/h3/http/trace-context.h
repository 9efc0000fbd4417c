/* SPDX-License-Identifier: MIT
 *
 * Which request this is: an id of its own, and its place in a trace that goes through several
 * servers (W3C Trace Context). Made when first asked for, then the same as long as the event; what
 * is lent lives as long. To be asked for by the thread that holds the event, first on its worker:
 * elsewhere it is not known whether the peer is a trusted proxy. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * h3_event_get_request_id:
 * @event: an event
 *
 * Tells the id of the request: the X-Request-Id field where a trusted proxy sent one, a token of at
 * most 128 characters; else 128 random bits, 32 hexadecimal digits.
 *
 * It is made when first asked for, then the same as long as the event: first asked for on the
 * event's worker, for elsewhere it is not known whether the peer is a trusted proxy.
 *
 * Returns: (transfer none): the id, as long as the event
 *
 * Since: 0.1
 */
const char *h3_event_get_request_id (H3Event *event);

/**
 * h3_event_get_trace_id:
 * @event: an event
 *
 * Tells the trace that the exchange is part of (W3C Trace Context): that of the traceparent field,
 * or a new one where the request has none, several, or one that cannot be read. First asked for on
 * the event's worker.
 *
 * Returns: (transfer none): 32 hexadecimal digits, as long as the event
 *
 * Since: 0.1
 */
const char *h3_event_get_trace_id (H3Event *event);

/**
 * h3_event_get_span_id:
 * @event: an event
 *
 * Tells this exchange's own place in the trace. First asked for on the event's worker.
 *
 * Returns: (transfer none): 16 hexadecimal digits, as long as the event
 *
 * Since: 0.1
 */
const char *h3_event_get_span_id (H3Event *event);

/**
 * h3_event_get_parent_span_id:
 * @event: an event
 *
 * Tells the span that asked for this one. First asked for on the event's worker.
 *
 * Returns: (transfer none) (nullable): 16 hexadecimal digits, as long as the event; %NULL: the
 *   trace begins here
 *
 * Since: 0.1
 */
const char *h3_event_get_parent_span_id (H3Event *event);

/**
 * h3_event_is_sampled:
 * @event: an event
 *
 * Tells whether those who take part in the trace record it. First asked for on the event's worker.
 *
 * Returns: what the request says; %FALSE where the trace begins here
 *
 * Since: 0.1
 */
gboolean h3_event_is_sampled (H3Event *event);

/**
 * h3_event_set_sampled:
 * @event: an event
 * @is_sampled: whether those who take part in the trace are to record it
 *
 * Has what goes out from here on say whether the trace is recorded.
 *
 * Since: 0.1
 */
void h3_event_set_sampled (H3Event *event, gboolean is_sampled);

/**
 * h3_event_get_tracestate:
 * @event: an event
 *
 * Tells what others wrote beside the trace. First asked for on the event's worker.
 *
 * Returns: (transfer none) (nullable): at most 512 characters, as long as the event; %NULL where
 *   there is none, or it is malformed
 *
 * Since: 0.1
 */
const char *h3_event_get_tracestate (H3Event *event);

/**
 * h3_event_dup_traceparent:
 * @event: an event
 *
 * Makes traceparent for a request that is sent on behalf of this one: the same trace, our span.
 * h3_event_fetch() adds it, with tracestate, by itself.
 *
 * Returns: (transfer full): the value of the field, to be freed with g_free()
 *
 * Since: 0.1
 */
char *h3_event_dup_traceparent (H3Event *event) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
