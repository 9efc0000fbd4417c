/* SPDX-License-Identifier: MIT
 *
 * The keys of a verifier, each with an algorithm. Never changed: a change makes another. Counted;
 * any thread. */

#pragma once

#include "jwt.h"

#include <h3/base/view.h>

G_BEGIN_DECLS

typedef struct {
    H3Key *key; /* ref */
    H3SignatureKind kind;
    gboolean is_of_set; /* it goes when the set is replaced */
} JwtKey;

typedef struct _JwtKeys JwtKeys;

/* (transfer full): those of `old` (nullable), but for the ones of a set where `drops_set`, and room
 * for `n_more`, to be filled before anyone else has it. */
JwtKeys *jwt_keys_new (const JwtKeys *old, gboolean drops_set, guint n_more);
/* (transfer full key) */
void jwt_keys_take (JwtKeys *keys, H3Key *key, H3SignatureKind kind, gboolean is_of_set);

JwtKeys *jwt_keys_ref (JwtKeys *keys);
void jwt_keys_unref (JwtKeys *keys);

guint jwt_keys_get_size (const JwtKeys *keys);

/* Whether `signature` is one of `data`. `id` (nullable) chooses among the keys, as the token's text
 * says and nothing more. FALSE with an error of H3_JWT_ERROR. */
gboolean jwt_keys_verify (const JwtKeys *keys, H3SignatureKind kind, const char *id, H3View data,
                          H3View signature, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JwtKeys, jwt_keys_unref)

G_END_DECLS
