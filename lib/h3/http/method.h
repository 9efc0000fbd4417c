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
 *
 * The methods of RFC 9110 §9, RFC 5789 and the QUERY draft.
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

#define H3_N_METHODS (H3_METHOD_TRACE + 1)

/* %H3_METHOD_OTHER for any other text; case matters (RFC 9110 §9.1). */
H3Method h3_method_from_view (H3View name); /* (skip) */
H3Method h3_method_from_string (const char *name);

/* Returns: (transfer none) (nullable): its name; NULL for %H3_METHOD_OTHER. */
const char *h3_method_to_string (H3Method method);

G_END_DECLS
