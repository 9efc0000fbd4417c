/* SPDX-License-Identifier: MIT
 *
 * The errors of the world's making: a port in use, a file that is not there, a route that cannot
 * be. Each message names the thing and what to do about it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define H3_ERROR (h3_error_quark ())
GQuark h3_error_quark (void);

/**
 * H3Error:
 * @H3_ERROR_FAILED: the system refused; the message has its reason
 * @H3_ERROR_INVALID: a value, an option, an address or a pattern that cannot be
 * @H3_ERROR_EXISTS: registered or in use already
 * @H3_ERROR_NOT_FOUND: no such thing
 * @H3_ERROR_LIMIT: a bound was reached
 * @H3_ERROR_SYNTAX: a text that does not parse; the message has line and column where they help
 * @H3_ERROR_CLOSED: the peer or the server has gone
 * @H3_ERROR_TIMEOUT: a deadline passed
 * @H3_ERROR_CANCELLED: cancelled
 */
typedef enum {
    H3_ERROR_FAILED,
    H3_ERROR_INVALID,
    H3_ERROR_EXISTS,
    H3_ERROR_NOT_FOUND,
    H3_ERROR_LIMIT,
    H3_ERROR_SYNTAX,
    H3_ERROR_CLOSED,
    H3_ERROR_TIMEOUT,
    H3_ERROR_CANCELLED,
} H3Error;

G_END_DECLS
