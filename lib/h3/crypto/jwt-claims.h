/* SPDX-License-Identifier: MIT
 *
 * What the claims of a token must say (RFC 7519 §4.1). Owned by its verifier, frozen when that is
 * used; any thread. */

#pragma once

#include "jwt.h"

G_BEGIN_DECLS

typedef struct {
    char *issuer;         /* owned; NULL: any */
    char *subject;        /* owned; NULL: any */
    GPtrArray *audiences; /* owned: of strings, owned; empty: nobody */
    guint leeway;         /* seconds */
    guint max_age;        /* seconds; 0: any */
    gboolean needs_expiry;
} JwtClaims;

void jwt_claims_init (JwtClaims *claims);
void jwt_claims_clear (JwtClaims *claims);

/* FALSE with an error of H3_JWT_ERROR. `now`: seconds since 1970. */
gboolean jwt_claims_check (const JwtClaims *claims, const json_t *document, gint64 now,
                           GError **error);

G_END_DECLS
