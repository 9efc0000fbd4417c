/* SPDX-License-Identifier: MIT
 *
 * Has every exchange know its request id and its place in a trace, so that logs have them, and
 * tells clients. docs/tracing.md. Middleware; used by all workers. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3TraceFlags:
 * @H3_TRACE_DEFAULT: what is known is for logs, for handlers, and for requests to other servers
 * @H3_TRACE_TELL_REQUEST_ID: answers have X-Request-Id, those to errors too
 * @H3_TRACE_TELL_TRACE: answers have traceresponse, with the trace and this exchange's span
 * @H3_TRACE_TRUST_PROXIES_ONLY: traceparent and tracestate count only where a trusted proxy sent
 *   them; anybody else's request begins a trace
 *
 * What clients are told of a trace, and believed.
 *
 * Since: 0.1
 */
typedef enum {
    H3_TRACE_DEFAULT = 0,
    H3_TRACE_TELL_REQUEST_ID = 1 << 0,
    H3_TRACE_TELL_TRACE = 1 << 1,
    H3_TRACE_TRUST_PROXIES_ONLY = 1 << 2,
} H3TraceFlags;

/**
 * h3_trace_new:
 * @flags: what clients are told, and believed
 *
 * Has every exchange know its request id and its place in a trace. To be used behind the access log
 * and before all other middleware: whoever asks for the trace before it decides who may tell of
 * one. Used at "/", it tells also who sent a request that could not be read.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_trace_new (H3TraceFlags flags);

G_END_DECLS
