/* SPDX-License-Identifier: MIT
 *
 * The errors of the world's making: a port in use, a file that is not there, a route that cannot
 * be. Each message names the thing and what to do about it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_ERROR:
 *
 * The domain of the errors of #H3Error.
 *
 * Since: 0.1
 */
#define H3_ERROR (h3_error_quark ())

/**
 * h3_error_quark:
 *
 * Gives the domain of the errors of #H3Error. Any thread.
 *
 * Returns: the quark that is %H3_ERROR
 *
 * Since: 0.1
 */
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
 * @H3_ERROR_UNSUPPORTED: the library was built without what this needs; the message says with what
 *   option it is built with it
 *
 * What went wrong where it is the world's fault and not the program's: a port in use, a file that
 * is not there, a route that cannot be. Each message names the thing and what to do about it.
 *
 * Since: 0.1
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
    H3_ERROR_UNSUPPORTED,
} H3Error;

/**
 * H3_CLIENT_ERROR:
 *
 * The domain of the errors of #H3ClientError.
 *
 * Since: 0.1
 */
#define H3_CLIENT_ERROR (h3_client_error_quark ())

/**
 * h3_client_error_quark:
 *
 * Gives the domain of the errors of #H3ClientError. Any thread.
 *
 * Returns: the quark that is %H3_CLIENT_ERROR
 *
 * Since: 0.1
 */
GQuark h3_client_error_quark (void);

/**
 * H3ClientError:
 * @H3_CLIENT_ERROR_INVALID_URL: no URL that can be fetched, or a redirect to none
 * @H3_CLIENT_ERROR_NAME: the host's name has no address
 * @H3_CLIENT_ERROR_CONNECT: no connection: refused, unreachable, or the proxy would not
 * @H3_CLIENT_ERROR_TLS: the server's certificate or its TLS is not good
 * @H3_CLIENT_ERROR_TIMEOUT: a deadline passed; the message says which
 * @H3_CLIENT_ERROR_CANCELLED: cancelled
 * @H3_CLIENT_ERROR_CLOSED: the server ended the connection before its answer was whole
 * @H3_CLIENT_ERROR_PROTOCOL: the server's answer is no HTTP as it must be
 * @H3_CLIENT_ERROR_TOO_MANY_REDIRECTS: more redirects than are followed
 * @H3_CLIENT_ERROR_TOO_LARGE: a body beyond its bound
 * @H3_CLIENT_ERROR_ENCODING: a body that is not in the coding it says, or in one not known
 *
 * Why nothing, or not all, was fetched. (Statuses are no errors.)
 *
 * Since: 0.1
 */
typedef enum {
    H3_CLIENT_ERROR_INVALID_URL,
    H3_CLIENT_ERROR_NAME,
    H3_CLIENT_ERROR_CONNECT,
    H3_CLIENT_ERROR_TLS,
    H3_CLIENT_ERROR_TIMEOUT,
    H3_CLIENT_ERROR_CANCELLED,
    H3_CLIENT_ERROR_CLOSED,
    H3_CLIENT_ERROR_PROTOCOL,
    H3_CLIENT_ERROR_TOO_MANY_REDIRECTS,
    H3_CLIENT_ERROR_TOO_LARGE,
    H3_CLIENT_ERROR_ENCODING,
} H3ClientError;

G_END_DECLS
