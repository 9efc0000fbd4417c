/* SPDX-License-Identifier: MIT
 *
 * HTTP errors as values, and the problem+json (RFC 9457) that a client gets for them. Any thread,
 * but for what takes an event. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3_HTTP_ERROR: (skip)
 *
 * The domain of errors that a client is told, as problem+json (RFC 9457).
 *
 * The code of an error of this domain is a status of 400 to 599 (#H3HttpError has names); its
 * message is shown to the client as `detail`. Errors of all other domains are answered 500 and show
 * nothing. Bindings ask h3_http_error_quark().
 *
 * Since: 0.1
 */
#define H3_HTTP_ERROR (h3_http_error_quark ())

/**
 * h3_http_error_quark:
 *
 * Gives the domain %H3_HTTP_ERROR. Any thread.
 *
 * Returns: the domain
 *
 * Since: 0.1
 */
GQuark h3_http_error_quark (void);

/**
 * H3HttpError:
 * @H3_HTTP_ERROR_BAD_REQUEST: 400, Bad Request
 * @H3_HTTP_ERROR_UNAUTHORIZED: 401, Unauthorized
 * @H3_HTTP_ERROR_PAYMENT_REQUIRED: 402, Payment Required
 * @H3_HTTP_ERROR_FORBIDDEN: 403, Forbidden
 * @H3_HTTP_ERROR_NOT_FOUND: 404, Not Found
 * @H3_HTTP_ERROR_METHOD_NOT_ALLOWED: 405, Method Not Allowed
 * @H3_HTTP_ERROR_NOT_ACCEPTABLE: 406, Not Acceptable
 * @H3_HTTP_ERROR_PROXY_AUTHENTICATION_REQUIRED: 407, Proxy Authentication Required
 * @H3_HTTP_ERROR_REQUEST_TIMEOUT: 408, Request Timeout
 * @H3_HTTP_ERROR_CONFLICT: 409, Conflict
 * @H3_HTTP_ERROR_GONE: 410, Gone
 * @H3_HTTP_ERROR_LENGTH_REQUIRED: 411, Length Required
 * @H3_HTTP_ERROR_PRECONDITION_FAILED: 412, Precondition Failed
 * @H3_HTTP_ERROR_CONTENT_TOO_LARGE: 413, Content Too Large
 * @H3_HTTP_ERROR_URI_TOO_LONG: 414, URI Too Long
 * @H3_HTTP_ERROR_UNSUPPORTED_MEDIA_TYPE: 415, Unsupported Media Type
 * @H3_HTTP_ERROR_RANGE_NOT_SATISFIABLE: 416, Range Not Satisfiable
 * @H3_HTTP_ERROR_EXPECTATION_FAILED: 417, Expectation Failed
 * @H3_HTTP_ERROR_IM_A_TEAPOT: 418, I'm a Teapot
 * @H3_HTTP_ERROR_MISDIRECTED_REQUEST: 421, Misdirected Request
 * @H3_HTTP_ERROR_UNPROCESSABLE_CONTENT: 422, Unprocessable Content
 * @H3_HTTP_ERROR_LOCKED: 423, Locked
 * @H3_HTTP_ERROR_FAILED_DEPENDENCY: 424, Failed Dependency
 * @H3_HTTP_ERROR_TOO_EARLY: 425, Too Early
 * @H3_HTTP_ERROR_UPGRADE_REQUIRED: 426, Upgrade Required
 * @H3_HTTP_ERROR_PRECONDITION_REQUIRED: 428, Precondition Required
 * @H3_HTTP_ERROR_TOO_MANY_REQUESTS: 429, Too Many Requests
 * @H3_HTTP_ERROR_REQUEST_HEADER_FIELDS_TOO_LARGE: 431, Request Header Fields Too Large
 * @H3_HTTP_ERROR_UNAVAILABLE_FOR_LEGAL_REASONS: 451, Unavailable For Legal Reasons
 * @H3_HTTP_ERROR_INTERNAL_SERVER_ERROR: 500, Internal Server Error
 * @H3_HTTP_ERROR_NOT_IMPLEMENTED: 501, Not Implemented
 * @H3_HTTP_ERROR_BAD_GATEWAY: 502, Bad Gateway
 * @H3_HTTP_ERROR_SERVICE_UNAVAILABLE: 503, Service Unavailable
 * @H3_HTTP_ERROR_GATEWAY_TIMEOUT: 504, Gateway Timeout
 * @H3_HTTP_ERROR_HTTP_VERSION_NOT_SUPPORTED: 505, HTTP Version Not Supported
 * @H3_HTTP_ERROR_INSUFFICIENT_STORAGE: 507, Insufficient Storage
 * @H3_HTTP_ERROR_LOOP_DETECTED: 508, Loop Detected
 * @H3_HTTP_ERROR_NETWORK_AUTHENTICATION_REQUIRED: 511, Network Authentication Required
 *
 * The registered statuses that tell of an error, as codes of %H3_HTTP_ERROR. A code may as well be
 * any other number from 400 to 599.
 *
 * Since: 0.1
 */
typedef enum {
    H3_HTTP_ERROR_BAD_REQUEST = 400,
    H3_HTTP_ERROR_UNAUTHORIZED = 401,
    H3_HTTP_ERROR_PAYMENT_REQUIRED = 402,
    H3_HTTP_ERROR_FORBIDDEN = 403,
    H3_HTTP_ERROR_NOT_FOUND = 404,
    H3_HTTP_ERROR_METHOD_NOT_ALLOWED = 405,
    H3_HTTP_ERROR_NOT_ACCEPTABLE = 406,
    H3_HTTP_ERROR_PROXY_AUTHENTICATION_REQUIRED = 407,
    H3_HTTP_ERROR_REQUEST_TIMEOUT = 408,
    H3_HTTP_ERROR_CONFLICT = 409,
    H3_HTTP_ERROR_GONE = 410,
    H3_HTTP_ERROR_LENGTH_REQUIRED = 411,
    H3_HTTP_ERROR_PRECONDITION_FAILED = 412,
    H3_HTTP_ERROR_CONTENT_TOO_LARGE = 413,
    H3_HTTP_ERROR_URI_TOO_LONG = 414,
    H3_HTTP_ERROR_UNSUPPORTED_MEDIA_TYPE = 415,
    H3_HTTP_ERROR_RANGE_NOT_SATISFIABLE = 416,
    H3_HTTP_ERROR_EXPECTATION_FAILED = 417,
    H3_HTTP_ERROR_IM_A_TEAPOT = 418,
    H3_HTTP_ERROR_MISDIRECTED_REQUEST = 421,
    H3_HTTP_ERROR_UNPROCESSABLE_CONTENT = 422,
    H3_HTTP_ERROR_LOCKED = 423,
    H3_HTTP_ERROR_FAILED_DEPENDENCY = 424,
    H3_HTTP_ERROR_TOO_EARLY = 425,
    H3_HTTP_ERROR_UPGRADE_REQUIRED = 426,
    H3_HTTP_ERROR_PRECONDITION_REQUIRED = 428,
    H3_HTTP_ERROR_TOO_MANY_REQUESTS = 429,
    H3_HTTP_ERROR_REQUEST_HEADER_FIELDS_TOO_LARGE = 431,
    H3_HTTP_ERROR_UNAVAILABLE_FOR_LEGAL_REASONS = 451,
    H3_HTTP_ERROR_INTERNAL_SERVER_ERROR = 500,
    H3_HTTP_ERROR_NOT_IMPLEMENTED = 501,
    H3_HTTP_ERROR_BAD_GATEWAY = 502,
    H3_HTTP_ERROR_SERVICE_UNAVAILABLE = 503,
    H3_HTTP_ERROR_GATEWAY_TIMEOUT = 504,
    H3_HTTP_ERROR_HTTP_VERSION_NOT_SUPPORTED = 505,
    H3_HTTP_ERROR_INSUFFICIENT_STORAGE = 507,
    H3_HTTP_ERROR_LOOP_DETECTED = 508,
    H3_HTTP_ERROR_NETWORK_AUTHENTICATION_REQUIRED = 511,
} H3HttpError;

/**
 * h3_http_error_new: (skip)
 * @status: 400 to 599; others are a critical
 * @format: (nullable): of the message that the client is shown, as of printf(); %NULL: none
 * @...: for @format
 *
 * Makes an error for h3_event_fail(). Bindings have h3_event_fail_status(), or an error of their
 * own with the domain h3_http_error_quark(). Any thread.
 *
 * Returns: (transfer full): an error of that status
 *
 * Since: 0.1
 */
GError *h3_http_error_new (guint status, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * h3_http_error_get_status:
 * @error: any error
 *
 * Tells the status that an error is answered with. Any thread.
 *
 * Returns: the code of an error of %H3_HTTP_ERROR; 500 for any other
 *
 * Since: 0.1
 */
guint h3_http_error_get_status (const GError *error);

/**
 * h3_event_fail_status:
 * @event: an event
 * @status: 400 to 599
 * @detail: (nullable): what the client is shown; %NULL: nothing
 *
 * Answers with an error of this status: h3_event_fail() with what h3_http_error_new() makes. Any
 * thread that holds the event.
 *
 * Since: 0.1
 */
void h3_event_fail_status (H3Event *event, guint status, const char *detail);

G_END_DECLS
