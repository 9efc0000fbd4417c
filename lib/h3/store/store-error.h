/* SPDX-License-Identifier: MIT
 *
 * Why a store did not do what it was asked. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_STORE_ERROR:
 *
 * The domain of the errors of #H3StoreError.
 *
 * Since: 0.1
 */
#define H3_STORE_ERROR (h3_store_error_quark ())

/**
 * h3_store_error_quark:
 *
 * Gives the domain of the errors of #H3StoreError. Any thread.
 *
 * Returns: the quark that is %H3_STORE_ERROR
 *
 * Since: 0.1
 */
GQuark h3_store_error_quark (void);

/**
 * H3StoreError:
 * @H3_STORE_ERROR_UNREACHABLE: there is no connection to the server
 * @H3_STORE_ERROR_TIMEOUT: no answer came in time
 * @H3_STORE_ERROR_BUSY: too much is being asked already, or the server is loading
 * @H3_STORE_ERROR_FULL: no room: the value is larger than may be, or the server's memory is used
 *   up
 * @H3_STORE_ERROR_REFUSED: the server will not: a wrong password, a replica that is not written
 *   to, a cluster's other part
 * @H3_STORE_ERROR_KIND: the key is of another kind: a counter, a bucket, bytes
 * @H3_STORE_ERROR_KEY: the key is empty or too long
 * @H3_STORE_ERROR_PROTOCOL: the server said what cannot be understood
 * @H3_STORE_ERROR_CLOSED: the worker that asked has come to its end
 *
 * Why a store did not do what it was asked.
 *
 * Since: 0.1
 */
typedef enum {
    H3_STORE_ERROR_UNREACHABLE,
    H3_STORE_ERROR_TIMEOUT,
    H3_STORE_ERROR_BUSY,
    H3_STORE_ERROR_FULL,
    H3_STORE_ERROR_REFUSED,
    H3_STORE_ERROR_KIND,
    H3_STORE_ERROR_KEY,
    H3_STORE_ERROR_PROTOCOL,
    H3_STORE_ERROR_CLOSED,
} H3StoreError;

G_END_DECLS
