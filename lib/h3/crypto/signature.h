/* SPDX-License-Identifier: MIT
 *
 * The ways to sign, under the names that JOSE gives them (RFC 7518 §3.1, RFC 8037). Holds nothing;
 * any thread. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3SignatureKind:
 * @H3_SIGNATURE_HS256: HMAC with SHA-256, by a secret
 * @H3_SIGNATURE_HS384: with SHA-384
 * @H3_SIGNATURE_HS512: with SHA-512
 * @H3_SIGNATURE_RS256: RSA, PKCS #1 v1.5, with SHA-256
 * @H3_SIGNATURE_RS384: with SHA-384
 * @H3_SIGNATURE_RS512: with SHA-512
 * @H3_SIGNATURE_PS256: RSA, PSS with a salt as long as the digest, with SHA-256
 * @H3_SIGNATURE_PS384: with SHA-384
 * @H3_SIGNATURE_PS512: with SHA-512
 * @H3_SIGNATURE_ES256: ECDSA, P-256 with SHA-256, r and s one behind the other
 * @H3_SIGNATURE_ES384: P-384 with SHA-384
 * @H3_SIGNATURE_ES512: P-521 with SHA-512
 * @H3_SIGNATURE_EDDSA: Ed25519
 * @H3_SIGNATURE_ECDSA_SHA256: ECDSA, any of the curves with SHA-256, r and s in DER: outside JOSE
 * @H3_SIGNATURE_ECDSA_SHA384: with SHA-384
 * @H3_SIGNATURE_ECDSA_SHA512: with SHA-512
 *
 * In which way it is signed, by the names that JOSE gives them (RFC 7518 §3.1, RFC 8037).
 *
 * Since: 0.1
 */
typedef enum {
    H3_SIGNATURE_HS256,
    H3_SIGNATURE_HS384,
    H3_SIGNATURE_HS512,
    H3_SIGNATURE_RS256,
    H3_SIGNATURE_RS384,
    H3_SIGNATURE_RS512,
    H3_SIGNATURE_PS256,
    H3_SIGNATURE_PS384,
    H3_SIGNATURE_PS512,
    H3_SIGNATURE_ES256,
    H3_SIGNATURE_ES384,
    H3_SIGNATURE_ES512,
    H3_SIGNATURE_EDDSA,
    H3_SIGNATURE_ECDSA_SHA256,
    H3_SIGNATURE_ECDSA_SHA384,
    H3_SIGNATURE_ECDSA_SHA512,
} H3SignatureKind;

/**
 * h3_signature_get_name:
 * @kind: which way
 *
 * Tells the name of a way to sign. Any thread.
 *
 * Returns: (transfer none): `HS256` … `EdDSA`, or `ECDSA-SHA256` and its like; static
 *
 * Since: 0.1
 */
const char *h3_signature_get_name (H3SignatureKind kind);

/**
 * h3_signature_from_name:
 * @name: (nullable): an `alg` of JOSE, case and all
 * @out_kind: (out): which one it is
 *
 * Finds a way to sign by its name. Any thread.
 *
 * Returns: %FALSE, with @out_kind untouched, where it is none, as `none` is none; the three kinds
 *   in DER have no name in JOSE
 *
 * Since: 0.1
 */
gboolean h3_signature_from_name (const char *name, H3SignatureKind *out_kind);

G_END_DECLS
