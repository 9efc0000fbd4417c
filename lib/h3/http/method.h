/* SPDX-License-Identifier: MIT
 *
 * Request methods as numbers, resolved once a request. Any thread. Since: 0.1 */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3Method:
 * @H3_METHOD_OTHER: a token that is none of the others: its name tells
 * @H3_METHOD_GET: GET (RFC 9110 §9.3.1)
 * @H3_METHOD_HEAD: HEAD (RFC 9110 §9.3.2)
 * @H3_METHOD_POST: POST (RFC 9110 §9.3.3)
 * @H3_METHOD_PUT: PUT (RFC 9110 §9.3.4)
 * @H3_METHOD_DELETE: DELETE (RFC 9110 §9.3.5)
 * @H3_METHOD_PATCH: PATCH (RFC 5789)
 * @H3_METHOD_OPTIONS: OPTIONS (RFC 9110 §9.3.7)
 * @H3_METHOD_QUERY: QUERY (the draft of that name): a GET with a body
 * @H3_METHOD_CONNECT: CONNECT (RFC 9110 §9.3.6)
 * @H3_METHOD_TRACE: TRACE (RFC 9110 §9.3.8)
 *
 * The methods of RFC 9110 §9, RFC 5789 and the QUERY draft.
 *
 * Since: 0.1
 */
typedef enum {
    H3_METHOD_OTHER,
    H3_METHOD_GET,
    H3_METHOD_HEAD,
    H3_METHOD_POST,
    H3_METHOD_PUT,
    H3_METHOD_DELETE,
    H3_METHOD_PATCH,
    H3_METHOD_OPTIONS,
    H3_METHOD_QUERY,
    H3_METHOD_CONNECT,
    H3_METHOD_TRACE,
} H3Method;

/**
 * H3_N_METHODS: (skip)
 *
 * How many values #H3Method has.
 *
 * Since: 0.1
 */
#define H3_N_METHODS (H3_METHOD_TRACE + 1)

/**
 * h3_method_from_view: (skip)
 * @name: of a method; case matters (RFC 9110 §9.1)
 *
 * Does what h3_method_from_string() does, which is the twin for bindings, with a view.
 *
 * Returns: the method; %H3_METHOD_OTHER for any other text
 *
 * Since: 0.1
 */
H3Method h3_method_from_view (H3View name);

/**
 * h3_method_from_string:
 * @name: of a method; case matters (RFC 9110 §9.1)
 *
 * Finds the method of this name. Any thread.
 *
 * Returns: the method; %H3_METHOD_OTHER for any other text
 *
 * Since: 0.1
 */
H3Method h3_method_from_string (const char *name);

/**
 * h3_method_to_string:
 * @method: a method
 *
 * Tells the name of a method. Any thread.
 *
 * Returns: (transfer none) (nullable): its name, which lives as long as the program; %NULL for
 *   %H3_METHOD_OTHER
 *
 * Since: 0.1
 */
const char *h3_method_to_string (H3Method method);

G_END_DECLS
