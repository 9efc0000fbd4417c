/* SPDX-License-Identifier: MIT
 *
 * Keys as texts and bytes: PEM (RFC 7468), DER, JSON Web Keys (RFC 7517, 7518, 8037). What is
 * written is the public half, unless the function's name has "private" in it. Any thread. Errors
 * are H3_ERROR_SYNTAX where the text cannot be read, H3_ERROR_INVALID where what it says is no key
 * that can be: too short, off its curve, two halves that do not belong together. Since: 0.1 */

#pragma once

#include <h3/crypto/key.h>

G_BEGIN_DECLS

/* jansson's; include <h3/format/json.h> to use it. */
typedef struct json_t json_t;

/* What is read of a text. */
#define H3_KEY_MAX_TEXT 65536

/**
 * h3_key_new_from_pem:
 * @pem: a text in which the first key is taken, be it PKCS #8, encrypted PKCS #8, RSA's or EC's
 *   traditional form, or a public key; certificates and parameters are passed over
 * @passphrase: (nullable): for one that is encrypted
 *
 * Returns: (transfer full) (nullable): NULL with @error set; H3_ERROR_NOT_FOUND where there is none
 */
H3Key *h3_key_new_from_pem (const char *pem, const char *passphrase, GError **error);

/* As h3_key_new_from_pem () of a file; the errors name it. `path` is a name of the system's. */
H3Key *h3_key_new_from_file (const char *path, const char *passphrase, GError **error);

/**
 * h3_key_new_from_der:
 * @der: PKCS #8, a traditional private key or a SubjectPublicKeyInfo, not encrypted, and no byte
 * more
 *
 * Returns: (transfer full) (nullable): NULL with @error set
 */
H3Key *h3_key_new_from_der (GBytes *der, GError **error);

/* Returns: (transfer full) (nullable): a SubjectPublicKeyInfo; NULL with `error` set, as for a
 * secret. */
char *h3_key_to_pem (H3Key *key, GError **error);
GBytes *h3_key_to_der (H3Key *key, GError **error);

/**
 * h3_key_to_private_pem:
 * @passphrase: (nullable): to encrypt it with (AES-256); not empty
 *
 * Returns: (transfer full) (nullable): PKCS #8; wipe it before you free it. NULL with @error set
 */
char *h3_key_to_private_pem (H3Key *key, const char *passphrase, GError **error);
/* Returns: (transfer full) (nullable): PKCS #8, wiped with its last reference. */
GBytes *h3_key_to_private_der (H3Key *key, GError **error);

/**
 * h3_key_new_from_jwk: (skip)
 * @jwk: one key, of "oct", "RSA", "EC" or "OKP"
 *
 * `kid` becomes its name. `use`, `key_ops` and `alg` restrict it, and an `alg` that does not fit
 * it, or that is not for signing, is an error. Numbers have no byte more than they need,
 * coordinates all (RFC 7518 §6.2.1.2, §2). What else stands there is not looked at.
 *
 * Returns: (transfer full) (nullable): NULL with @error set, which names the member
 */
H3Key *h3_key_new_from_jwk (const json_t *jwk, GError **error);
/* The same, of a text. */
H3Key *h3_key_new_from_jwk_text (const char *text, GError **error);

/* Returns: (transfer full) (nullable): with `kid`, `alg` and `use` where the key has them; NULL
 * with `error` set, as for a secret. */
json_t *h3_key_to_jwk (H3Key *key, GError **error);
/* Returns: (transfer full) (nullable): jansson does not wipe what it frees. */
json_t *h3_key_to_private_jwk (H3Key *key, GError **error);

/* Returns: (transfer full) (nullable): SHA-256 of what makes the key (RFC 7638), in base64url: a
 * name for it. NULL with `error` set. */
char *h3_key_dup_thumbprint (H3Key *key, GError **error);

G_END_DECLS
