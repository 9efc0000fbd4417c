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

/**
 * H3_KEY_MAX_TEXT:
 *
 * The longest text of a key that is read, in bytes.
 *
 * Since: 0.1
 */
#define H3_KEY_MAX_TEXT 65536

/**
 * h3_key_new_from_pem:
 * @pem: a text in which the first key is taken, be it PKCS #8, encrypted PKCS #8, RSA's or EC's
 *   traditional form, or a public key; certificates and parameters are passed over
 * @passphrase: (nullable): for one that is encrypted
 * @error: %H3_ERROR_SYNTAX where it cannot be read, %H3_ERROR_INVALID where it is no key that can
 *   be, or encrypted without @passphrase, %H3_ERROR_NOT_FOUND where there is none, %H3_ERROR_LIMIT
 *   beyond %H3_KEY_MAX_TEXT
 *
 * Reads a key from PEM (RFC 7468). Any thread.
 *
 * Returns: (transfer full) (nullable): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_new_from_pem (const char *pem, const char *passphrase, GError **error);

/**
 * h3_key_new_from_file:
 * @path: (type filename): the file, by a name of the system's
 * @passphrase: (nullable): for a key that is encrypted
 * @error: as for h3_key_new_from_pem(), also %H3_ERROR_NOT_FOUND where there is no such file,
 *   %H3_ERROR_FAILED where it cannot be read; it names the file
 *
 * Reads a key from a file of PEM, as h3_key_new_from_pem() does. Any thread; it waits for the
 * file.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_new_from_file (const char *path, const char *passphrase, GError **error);

/**
 * h3_key_new_from_der:
 * @der: PKCS #8, a traditional private key or a SubjectPublicKeyInfo, not encrypted, and no byte
 *   more
 * @error: %H3_ERROR_SYNTAX where it cannot be read, %H3_ERROR_INVALID where it is no key that can
 *   be, %H3_ERROR_LIMIT beyond %H3_KEY_MAX_TEXT
 *
 * Reads a key from DER. Any thread.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_new_from_der (GBytes *der, GError **error);

/**
 * h3_key_to_pem:
 * @key: a key
 * @error: %H3_ERROR_INVALID for a secret, which has no public half
 *
 * Writes the public half as PEM: a SubjectPublicKeyInfo. Any thread.
 *
 * Returns: (transfer full): the text; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_key_to_pem (H3Key *key, GError **error);

/**
 * h3_key_to_der:
 * @key: a key
 * @error: %H3_ERROR_INVALID for a secret, which has no public half
 *
 * Writes the public half as DER: a SubjectPublicKeyInfo. Any thread.
 *
 * Returns: (transfer full): the bytes; %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *h3_key_to_der (H3Key *key, GError **error);

/**
 * h3_key_to_private_pem:
 * @key: a private key
 * @passphrase: (nullable): to encrypt it with (AES-256); not empty
 * @error: %H3_ERROR_INVALID where it is none, as for a secret, which is written as a JSON Web Key
 *   only
 *
 * Writes a private key as PEM: PKCS #8. Any thread.
 *
 * Returns: (transfer full): the text: wipe it before you free it; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_key_to_private_pem (H3Key *key, const char *passphrase, GError **error);

/**
 * h3_key_to_private_der:
 * @key: a private key
 * @error: %H3_ERROR_INVALID where it is none, as for a secret, which is written as a JSON Web Key
 *   only
 *
 * Writes a private key as DER: PKCS #8, not encrypted. Any thread.
 *
 * Returns: (transfer full): the bytes, wiped with their last reference; %NULL with
 *   @error set
 *
 * Since: 0.1
 */
GBytes *h3_key_to_private_der (H3Key *key, GError **error);

/**
 * h3_key_new_from_jwk: (skip)
 * @jwk: one key, of "oct", "RSA", "EC" or "OKP"
 * @error: %H3_ERROR_INVALID, which names the member
 *
 * Reads a JSON Web Key (RFC 7517, 7518, 8037). Any thread. For bindings there is
 * h3_key_new_from_jwk_text().
 *
 * `kid` becomes its name. `use`, `key_ops` and `alg` restrict it, and an `alg` that does not fit
 * it, or that is not for signing, is an error. Numbers have no byte more than they need,
 * coordinates all (RFC 7518 §6.2.1.2, §2). What else stands there is not looked at.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_new_from_jwk (const json_t *jwk, GError **error);

/**
 * h3_key_new_from_jwk_text:
 * @text: one key as JSON
 * @error: %H3_ERROR_SYNTAX where it cannot be read, %H3_ERROR_INVALID where it is no key that can
 *   be: it names the member; %H3_ERROR_LIMIT beyond %H3_KEY_MAX_TEXT
 *
 * Reads a JSON Web Key from a text, as h3_key_new_from_jwk() does. Any thread.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_new_from_jwk_text (const char *text, GError **error);

/**
 * h3_key_to_jwk: (skip)
 * @key: a key
 * @error: %H3_ERROR_INVALID for a secret, which has no public half
 *
 * Writes the public half as a JSON Web Key (RFC 7517), with `kid`, `alg` and `use` where the key
 * has them. Any thread. For bindings there is h3_key_to_jwk_text().
 *
 * Returns: (transfer full): the document; %NULL with @error set
 *
 * Since: 0.1
 */
json_t *h3_key_to_jwk (H3Key *key, GError **error);

/**
 * h3_key_to_private_jwk: (skip)
 * @key: a secret or a private key
 * @error: %H3_ERROR_INVALID where it is neither
 *
 * Writes a secret or a private key as a JSON Web Key (RFC 7517). Any thread. For bindings there is
 * h3_key_to_private_jwk_text().
 *
 * Returns: (transfer full): the document, which jansson does not wipe when it frees it;
 *   %NULL with @error set
 *
 * Since: 0.1
 */
json_t *h3_key_to_private_jwk (H3Key *key, GError **error);

/**
 * h3_key_to_jwk_text:
 * @key: a key
 * @error: %H3_ERROR_INVALID for a secret, which has no public half
 *
 * Writes the public half as a text of JSON, as h3_key_to_jwk() does. Any thread.
 *
 * Returns: (transfer full): the text; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_key_to_jwk_text (H3Key *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_key_to_private_jwk_text:
 * @key: a secret or a private key
 * @error: %H3_ERROR_INVALID where it is neither
 *
 * Writes a secret or a private key as a text of JSON, as h3_key_to_private_jwk() does. Any thread.
 *
 * Returns: (transfer full): the text: wipe it before you free it; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_key_to_private_jwk_text (H3Key *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_key_dup_thumbprint:
 * @key: a key
 * @error: %H3_ERROR_FAILED where the system's library failed
 *
 * Makes a name for a key: SHA-256 of what makes it (RFC 7638), in base64url. Any thread.
 *
 * Returns: (transfer full): the name; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_key_dup_thumbprint (H3Key *key, GError **error);

G_END_DECLS
