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
 * @H3_KEY_RSA: RSA, from %H3_KEY_MIN_RSA_BITS to %H3_KEY_MAX_RSA_BITS
 * @H3_KEY_P256: on the curve P-256
 * @H3_KEY_P384: on P-384
 * @H3_KEY_P521: on P-521
 * @H3_KEY_ED25519: Ed25519
 *
 * Of what kind a key is.
 *
 * Since: 0.1
 */
typedef enum {
    H3_KEY_SECRET,
    H3_KEY_RSA,
    H3_KEY_P256,
    H3_KEY_P384,
    H3_KEY_P521,
    H3_KEY_ED25519,
} H3KeyKind;

/**
 * H3_KEY_MIN_RSA_BITS:
 *
 * The shortest key of RSA, in bits of its modulus.
 *
 * Since: 0.1
 */
#define H3_KEY_MIN_RSA_BITS 2048

/**
 * H3_KEY_MAX_RSA_BITS:
 *
 * The longest key of RSA, in bits of its modulus.
 *
 * Since: 0.1
 */
#define H3_KEY_MAX_RSA_BITS 8192

/**
 * H3_KEY_MIN_SECRET:
 *
 * The least that a secret has, in bytes.
 *
 * Since: 0.1
 */
#define H3_KEY_MIN_SECRET 32

/**
 * H3_KEY_MAX_SECRET:
 *
 * The most that a secret has, in bytes.
 *
 * Since: 0.1
 */
#define H3_KEY_MAX_SECRET 65536

/**
 * H3Key:
 *
 * A key that signs and verifies, encrypts and decrypts: a secret, or a private or public key of
 * RSA, of a curve of NIST or of Ed25519.
 *
 * It knows what it may be used for, so that a public key is never taken for a secret nor a secret
 * for something else. Boxed, reference-counted, never changed: any thread, several at a time. What
 * it keeps of a secret is wiped.
 *
 * Since: 0.1
 */
typedef struct _H3Key H3Key;

#define H3_TYPE_KEY (h3_key_get_type ())
GType h3_key_get_type (void);

/**
 * h3_key_new_secret:
 * @secret: random bytes, copied: at least as many as the digest has that is to be signed with (RFC
 *   7518 §3.2), so with fewer than 48 only HS256 is allowed, with fewer than 64 no HS512
 * @error: %H3_ERROR_INVALID where there are fewer than %H3_KEY_MIN_SECRET or more than
 *   %H3_KEY_MAX_SECRET
 *
 * Makes a key of bytes that both sides know. Any thread.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_new_secret (GBytes *secret, GError **error);

/**
 * h3_key_generate:
 * @kind: of what kind
 * @bits: of RSA (0: 3072) or of a secret, by eights (0: 512); of the others 0
 * @error: %H3_ERROR_INVALID where there is none of so many bits, %H3_ERROR_FAILED where the system
 *   failed
 *
 * Makes a new key. Any thread. RSA takes from tenths of a second to many seconds: not on a worker.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_generate (H3KeyKind kind, guint bits, GError **error);

/**
 * h3_key_ref:
 * @key: a key
 *
 * Holds the key once more. Any thread.
 *
 * Returns: (transfer full): the key
 *
 * Since: 0.1
 */
H3Key *h3_key_ref (H3Key *key);

/**
 * h3_key_unref:
 * @key: (nullable) (transfer full): a key; %NULL is allowed
 *
 * Lets go of the key, which ends with its last reference. Any thread.
 *
 * Since: 0.1
 */
void h3_key_unref (H3Key *key);

/**
 * h3_key_dup_public:
 * @key: a key
 *
 * Takes the half that all may know, with the same name and use. Any thread.
 *
 * Returns: (transfer full) (nullable): that half; %NULL for a secret, which has none
 *
 * Since: 0.1
 */
H3Key *h3_key_dup_public (H3Key *key);

/**
 * h3_key_dup_named:
 * @key: a key
 * @id: (nullable): its name, copied; %NULL for none
 *
 * Makes the same key with another name. Any thread.
 *
 * Returns: (transfer full): the key
 *
 * Since: 0.1
 */
H3Key *h3_key_dup_named (H3Key *key, const char *id);

/**
 * h3_key_dup_restricted:
 * @key: a key
 * @kind: what it is for
 * @error: %H3_ERROR_INVALID where this key does not allow it
 *
 * Makes the same key for one kind of signature and nothing else. Any thread.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_key_dup_restricted (H3Key *key, H3SignatureKind kind, GError **error);

/**
 * h3_key_get_kind:
 * @key: a key
 *
 * Tells of what kind it is. Any thread.
 *
 * Returns: its kind
 *
 * Since: 0.1
 */
H3KeyKind h3_key_get_kind (const H3Key *key);

/**
 * h3_key_get_bits:
 * @key: a key
 *
 * Tells how long it is. Any thread.
 *
 * Returns: the bits of the modulus, the curve or the secret
 *
 * Since: 0.1
 */
guint h3_key_get_bits (const H3Key *key);

/**
 * h3_key_get_id:
 * @key: a key
 *
 * Tells its name, the `kid` of JOSE. Any thread.
 *
 * Returns: (transfer none) (nullable): the name; %NULL where it has none
 *
 * Since: 0.1
 */
const char *h3_key_get_id (const H3Key *key);

/**
 * h3_key_is_private:
 * @key: a key
 *
 * Tells whether it is a secret or a private key, which sign and decrypt. Any thread.
 *
 * Returns: %TRUE when it is, so for every secret
 *
 * Since: 0.1
 */
gboolean h3_key_is_private (const H3Key *key);

/**
 * h3_key_can_sign:
 * @key: a key
 * @kind: in which way
 *
 * Tells whether h3_key_sign() does this with this key. Any thread.
 *
 * Returns: %TRUE when it does
 *
 * Since: 0.1
 */
gboolean h3_key_can_sign (const H3Key *key, H3SignatureKind kind);

/**
 * h3_key_can_verify:
 * @key: a key
 * @kind: in which way
 *
 * Tells whether h3_key_verify() does this with this key. Any thread.
 *
 * Returns: %TRUE when it does
 *
 * Since: 0.1
 */
gboolean h3_key_can_verify (const H3Key *key, H3SignatureKind kind);

/**
 * h3_key_is_equal:
 * @a: a key
 * @b: another one
 *
 * Tells whether the public halves are the same, or the secrets. Names do not matter. Any thread.
 *
 * Returns: %TRUE when they are
 *
 * Since: 0.1
 */
gboolean h3_key_is_equal (const H3Key *a, const H3Key *b);

/**
 * h3_key_sign:
 * @key: a secret or a private key
 * @kind: in which way
 * @data: (array length=length) (element-type guint8) (nullable): what is signed; it is digested
 *   here
 * @length: its bytes
 * @error: %H3_ERROR_INVALID where the key is not private or not for this, %H3_ERROR_FAILED where
 *   the system's library failed
 *
 * Signs bytes. Any thread.
 *
 * Returns: (transfer full): the signature; %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *h3_key_sign (H3Key *key, H3SignatureKind kind, const void *data, gsize length,
                     GError **error);

/**
 * h3_key_verify:
 * @key: a secret or a key
 * @kind: in which way it must be signed
 * @data: (array length=length) (element-type guint8) (nullable): what is signed
 * @length: its bytes
 * @signature: (array length=signature_length) (element-type guint8) (nullable): what somebody says
 *   is its signature
 * @signature_length: its bytes
 *
 * Tells whether a signature is one of these bytes by this key, or by its private half. A secret's
 * is compared in a time that tells nothing. Any thread.
 *
 * Returns: %TRUE when it is; %FALSE also where the key is not for this
 *
 * Since: 0.1
 */
gboolean h3_key_verify (H3Key *key, H3SignatureKind kind, const void *data, gsize length,
                        const void *signature, gsize signature_length);

/**
 * h3_key_encrypt:
 * @key: a key of RSA
 * @kind: the digest of OAEP (RFC 8017 §7.1) and of its mask; SHA-1 or longer
 * @data: (array length=length) (element-type guint8) (nullable): what is encrypted
 * @length: its bytes: at most those of the modulus less twice those of the digest less two
 * @error: %H3_ERROR_INVALID where the key is not RSA, not for this, or too short; %H3_ERROR_FAILED
 *   where the system's library failed
 *
 * Encrypts a few bytes for who has the private half. Any thread.
 *
 * For another key's bytes: data is sealed with an H3Cipher.
 *
 * Returns: (transfer full): what the private half decrypts; %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *h3_key_encrypt (H3Key *key, H3DigestKind kind, const void *data, gsize length,
                        GError **error);

/**
 * h3_key_decrypt:
 * @key: a private key of RSA
 * @kind: the digest of OAEP with which it was encrypted
 * @data: (array length=length) (element-type guint8) (nullable): what h3_key_encrypt() gave
 * @length: its bytes
 * @error: %H3_ERROR_INVALID where the key is not private, not RSA or not for this, or it does not
 *   decrypt: why is not told, for whoever hears it can find out what was encrypted
 *
 * Decrypts what was encrypted with the public half. Any thread.
 *
 * Returns: (transfer full): what was encrypted, wiped with its last reference; %NULL
 *   with @error set
 *
 * Since: 0.1
 */
GBytes *h3_key_decrypt (H3Key *key, H3DigestKind kind, const void *data, gsize length,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Key, h3_key_unref)

G_END_DECLS
