/* SPDX-License-Identifier: MIT
 *
 * What middleware, logs, the client and the proxy see of a request's trace. */

#pragma once

#include <h3/http/trace-context.h>
#include <h3/http/trace-fields.h>

G_BEGIN_DECLS

typedef struct _EventTrace EventTrace;

/* Makes what the event says of itself, unless it was asked for before: a trace that the peer tells
 * of goes on only where the peer is a trusted proxy. Worker only. */
void trace_believe_proxies_only (H3Event *event);

/* What is known without making anything: texts that are absent have no data. Views look into the
 * event and the request. The worker, also while another thread holds the event. */
typedef struct {
    H3View request_id, trace_id, span_id;
    TraceParent told; /* keeps what was read just now */
} KnownTrace;
void trace_get_known (const H3Event *event, KnownTrace *out);

/* For a request to another server on behalf of this one: sets traceparent and tracestate, unless
 * traceparent is there already. By the thread that holds the event. */
void trace_add_fields (H3Event *event, H3Headers *headers);

/* The same for X-Request-Id, for servers that trust us: it replaces what is there, which may be
 * the word of a client. */
void trace_set_request_id (H3Event *event, H3Headers *headers);

G_END_DECLS
