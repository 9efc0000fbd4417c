/* SPDX-License-Identifier: MIT
 *
 * Which request this is, and its place in a trace. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

static void
show_trace (H3Event *event, gpointer user_data)
{
    g_autofree char *traceparent = h3_event_dup_traceparent (event);

    demo_send_json (event, json_pack ("{s:s,s:s,s:s,s:s?,s:b,s:s?,s:s}", "request_id",
                                      h3_event_get_request_id (event), "trace_id",
                                      h3_event_get_trace_id (event), "span_id",
                                      h3_event_get_span_id (event), "parent_id",
                                      h3_event_get_parent_span_id (event), "sampled",
                                      h3_event_is_sampled (event), "tracestate",
                                      h3_event_get_tracestate (event), "traceparent", traceparent));
}

void
demo_add_trace (H3App *app)
{
    h3_app_use_for (app,
                    demo_add (app, "GET", "/trace", show_trace, NULL,
                              "The request's id and its place in a trace"),
                    h3_trace_new (H3_TRACE_TELL_REQUEST_ID | H3_TRACE_TELL_TRACE));
}
