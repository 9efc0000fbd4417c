/* SPDX-License-Identifier: MIT */

#include "trace.h"

#include <h3/http/event-inside.h>
#include <h3/http/trace-context-inside.h>
#include <h3/route/chain-inside.h>

#define ALL_FLAGS (H3_TRACE_TELL_REQUEST_ID | H3_TRACE_TELL_TRACE | H3_TRACE_TRUST_PROXIES_ONLY)

static void
note_event (H3Event *event, gpointer user_data)
{
    guint flags = GPOINTER_TO_UINT (user_data);
    H3Response *response = &event->response;
    const char *request_id;

    if ((flags & H3_TRACE_TRUST_PROXIES_ONLY) != 0)
        trace_believe_proxies_only (event);
    request_id = h3_event_get_request_id (event);
    if ((flags & H3_TRACE_TELL_REQUEST_ID) != 0)
        h3_response_set_header_always (response, "X-Request-Id", request_id);
    if ((flags & H3_TRACE_TELL_TRACE) != 0) {
        g_autofree char *trace = h3_event_dup_traceparent (event);

        h3_response_set_header_always (response, "traceresponse", trace);
    }
}

static void
trace_event (H3Event *event, gpointer user_data)
{
    note_event (event, user_data);
    h3_event_next (event);
}

H3Middleware *
h3_trace_new (H3TraceFlags flags)
{
    H3Middleware *middleware;

    g_return_val_if_fail ((flags & ~(guint) ALL_FLAGS) == 0, NULL);
    middleware = h3_middleware_new (trace_event, GUINT_TO_POINTER (flags), NULL);
    middleware_set_unread (middleware, note_event);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}
