/* SPDX-License-Identifier: MIT
 *
 * What a policy says of one request. Of a frozen policy; any thread. */

#pragma once

#include <h3/batteries/cors-origin.h>
#include <h3/batteries/cors.h>
#include <h3/http/headers.h>

G_BEGIN_DECLS

/* Ends its setting up; calling it again changes nothing. FALSE with H3_ERROR_INVALID. */
gboolean cors_policy_freeze (H3CorsPolicy *policy, GError **error);

/* Returns: (transfer none): the fields of answers to requests that come from no page of another
 * origin, or from one that is not allowed. */
H3Headers *cors_policy_get_fields (const H3CorsPolicy *policy);

/* Returns: (transfer full) (nullable): the fields of answers to pages of `origin`; NULL: it is not
 * allowed. */
H3Headers *cors_policy_allow (const H3CorsPolicy *policy, H3Event *event, const Origin *origin);

gboolean cors_policy_allows_method (const H3CorsPolicy *policy, H3View method);
/* `names` is what Access-Control-Request-Headers has; FALSE also where that is no list. */
gboolean cors_policy_allows_fields (const H3CorsPolicy *policy, H3View names);

/* Whether answers differ by Origin, and Vary has to say so. */
gboolean cors_policy_depends_on_origin (const H3CorsPolicy *policy);

/* Sets what an allowed preflight is answered, which asked for `method` and `names`. */
void cors_policy_fill_preflight (const H3CorsPolicy *policy, H3Response *response, H3View method,
                                 H3View names, gboolean asks_private);

G_END_DECLS
