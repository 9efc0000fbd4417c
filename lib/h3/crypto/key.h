/* SPDX-License-Identifier: MIT
 *
 * Keys that sign and verify, encrypt and decrypt: a secret, or a private or public key of RSA, of a
 * curve of NIST or of Ed25519. A key knows what it may be used for, so that a public key is never
 * taken for a secret nor a secret for something else. Keys are counted and never change: any
 * thread, several at a time. What they keep of a secret is wiped. <h3/crypto/key-text.h> reads and
 * writes them. Since: 0.1 */

#pragma once

#include <h3/crypto/digest.h>
#include <h3/crypto/signature.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3KeyKind:
 * @H3_KEY_SECRET: bytes that both sides know
 * @H3_KEY_RSA: RSA, from H3_KEY_MIN_RSA_BITS to H3_KEY_MAX_RSA_BITS
 * @H3_KEY_P256: on the curve P-256
 * @H3_KEY_P384: on P-384
 * @H3_KEY_P521: on P-521
 * @H3_KEY_ED25519: Ed25519
 */
typedef enum {
    H3_KEY_SECRET,
    H3_KEY_RSA,
    H3_KEY_P256,
    H3_KEY_P384,
    H3_KEY_P521,
    H3_KEY_ED25519,
} H3KeyKind;

#define H3_KEY_MIN_RSA_BITS 2048
#define H3_KEY_MAX_RSA_BITS 8192

/* The least and the most that a secret has, in bytes. */
#define H3_KEY_MIN_SECRET 32
#define H3_KEY_MAX_SECRET 65536

/**
 * H3Key:
 *
 * A key.
 */
typedef struct _H3Key H3Key;

#define H3_TYPE_KEY (h3_key_get_type ())
GType h3_key_get_type (void);

/**
 * h3_key_new_secret:
 * @secret: random bytes, copied: at least as many as the digest has that is to be signed with (RFC
 *   7518 §3.2), so with fewer than 48 only HS256 is allowed, with fewer than 64 no HS512
 *
 * Returns: (transfer full) (nullable): NULL with @error set, H3_ERROR_INVALID where there are fewer
 *   than H3_KEY_MIN_SECRET or more than H3_KEY_MAX_SECRET
 */
H3Key *h3_key_new_secret (GBytes *secret, GError **error);

/**
 * h3_key_generate:
 * @bits: of RSA (0: 3072) or of a secret, by eights (0: 512); of the others 0
 *
 * A new key. RSA takes from tenths of a second to many seconds: not on a worker.
 *
 * Returns: (transfer full) (nullable): NULL with @error set
 */
H3Key *h3_key_generate (H3KeyKind kind, guint bits, GError **error);

/* Returns: (transfer full) */
H3Key *h3_key_ref (H3Key *key);
/* (nullable) */
void h3_key_unref (H3Key *key);

/* Returns: (transfer full) (nullable): the half that all may know, with the same name and use; NULL
 * for a secret, which has none. */
H3Key *h3_key_dup_public (H3Key *key);
/* Returns: (transfer full): the same with another name; `id` may be NULL. */
H3Key *h3_key_dup_named (H3Key *key, const char *id);
/* Returns: (transfer full) (nullable): the same for one kind of signature and nothing else; NULL
 * with `error` set, H3_ERROR_INVALID where this key does not allow it. */
H3Key *h3_key_dup_restricted (H3Key *key, H3SignatureKind kind, GError **error);

H3KeyKind h3_key_get_kind (const H3Key *key);
/* Of the modulus, the curve or the secret. */
guint h3_key_get_bits (const H3Key *key);
/* Returns: (transfer none) (nullable): its name, the `kid` of JOSE. */
const char *h3_key_get_id (const H3Key *key);
/* Whether it is a secret or a private key, which sign and decrypt; TRUE for a secret. */
gboolean h3_key_is_private (const H3Key *key);
/* Whether h3_key_sign (), or h3_key_verify (), does this with this key. */
gboolean h3_key_can_sign (const H3Key *key, H3SignatureKind kind);
gboolean h3_key_can_verify (const H3Key *key, H3SignatureKind kind);
/* Whether the public halves are the same, or the secrets. Names do not matter. */
gboolean h3_key_is_equal (const H3Key *a, const H3Key *b);

/**
 * h3_key_sign:
 * @data: (nullable): what is signed; it is digested here
 *
 * Returns: (transfer full) (nullable): the signature. NULL with @error set: H3_ERROR_INVALID where
 *   the key is not private or not for this
 */
GBytes *h3_key_sign (H3Key *key, H3SignatureKind kind, const void *data, gsize length,
                     GError **error);

/* Whether `signature` is one of `data` by this key, or by its private half; FALSE also where the
 * key is not for this. A secret's is compared in a time that tells nothing. */
gboolean h3_key_verify (H3Key *key, H3SignatureKind kind, const void *data, gsize length,
                        const void *signature, gsize signature_length);

/**
 * h3_key_encrypt:
 * @kind: the digest of OAEP (RFC 8017 §7.1) and of its mask; SHA-1 or longer
 * @data: (nullable): at most the bytes of the modulus less twice those of the digest less two
 *
 * For another key's bytes: data is sealed with an H3Cipher.
 *
 * Returns: (transfer full) (nullable): what the private half decrypts. NULL with @error set:
 *   H3_ERROR_INVALID where the key is not RSA, not for this, or too short
 */
GBytes *h3_key_encrypt (H3Key *key, H3DigestKind kind, const void *data, gsize length,
                        GError **error);
/* Returns: (transfer full) (nullable): what was encrypted; wiped with its last reference. */
GBytes *h3_key_decrypt (H3Key *key, H3DigestKind kind, const void *data, gsize length,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Key, h3_key_unref)

G_END_DECLS
